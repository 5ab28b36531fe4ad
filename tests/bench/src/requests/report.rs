//! Rounds of all ways in turn, and the table of what came out.

use crate::load::Round;
use crate::reads::median;
use crate::{Failure, say};
use std::io::Write;

/// A way of answering: what to print of it, what it is held against, and one round of it.
pub(crate) struct Way<'a> {
    pub(crate) name: &'static str,
    /// The way whose rate it is divided by; itself for one that nothing is held against.
    pub(crate) base: &'static str,
    /// Whether the asking process does the work itself.
    pub(crate) itself: bool,
    pub(crate) run: Box<dyn Fn() -> Result<Round, Failure> + 'a>,
}

/// One round in the units of the report.
pub(crate) struct Measured {
    pub(crate) rate: f64,
    pub(crate) half: f64,
    pub(crate) most: f64,
    client: f64,
    program: f64,
    server: f64,
}

impl Measured {
    #[expect(clippy::cast_precision_loss, reason = "counts of a few seconds")]
    fn of(round: &Round, itself: bool) -> Self {
        let requests = round.requests.max(1) as f64;
        let micros = |spent: std::time::Duration| spent.as_secs_f64() * 1e6 / requests;
        let (client, program) = if itself {
            (0.0, micros(round.client))
        } else {
            (micros(round.client), micros(round.program))
        };
        Self {
            rate: requests / round.time.as_secs_f64(),
            half: quantile(&round.latencies, 500),
            most: quantile(&round.latencies, 990),
            client,
            program,
            server: micros(round.server),
        }
    }

    /// What answering costs: the program and the database, without whoever asks.
    pub(crate) fn processor(&self) -> f64 {
        self.program + self.server
    }
}

/// So many thousandths of sorted microseconds, in milliseconds.
pub(crate) fn quantile(sorted: &[u32], thousandths: usize) -> f64 {
    let place = (sorted.len() * thousandths / 1000).min(sorted.len().saturating_sub(1));
    let micros = sorted.get(place).copied().unwrap_or_default();
    f64::from(micros) / 1000.0
}

/// What came out of all rounds.
pub(crate) struct Results<'a> {
    ways: &'a [Way<'a>],
    rounds: Vec<Vec<Measured>>,
}

impl<'a> Results<'a> {
    /// Measures each way once a round.
    pub(crate) fn of(ways: &'a [Way<'a>], rounds: usize) -> Result<Self, Failure> {
        let mut all: Vec<Vec<Measured>> = ways.iter().map(|_| Vec::new()).collect();
        for round in 1..=rounds {
            say(&format!("round {round} of {rounds}"));
            for (way, measured) in ways.iter().zip(&mut all) {
                let one = (way.run)().map_err(|error| format!("{}: {error}", way.name))?;
                let one = Measured::of(&one, way.itself);
                say(&format!(
                    "  {}: {:.0}/s, p99 {:.1} ms",
                    way.name, one.rate, one.most
                ));
                measured.push(one);
            }
        }
        Ok(Self { ways, rounds: all })
    }

    fn rounds(&self, name: &str) -> Option<&[Measured]> {
        let place = self.ways.iter().position(|way| way.name == name)?;
        self.rounds.get(place).map(Vec::as_slice)
    }

    /// The median of a value over the rounds of a way; none where it was not measured.
    pub(crate) fn median(&self, name: &str, value: fn(&Measured) -> f64) -> Option<f64> {
        Some(median(self.rounds(name)?.iter().map(value)))
    }

    /// The median of each round's ratio of one way to another.
    pub(crate) fn ratio(&self, name: &str, base: &str, value: fn(&Measured) -> f64) -> Option<f64> {
        let rounds = self.rounds(name)?.iter().zip(self.rounds(base)?);
        Some(median(rounds.map(|(one, base)| value(one) / value(base))))
    }

    /// The table of all ways.
    pub(crate) fn print(&self) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        writeln!(
            out,
            "| way | requests/s | p50/p99 ms | CPU µs: program + database (asking) | to | requests/s, ratio | CPU, ratio |\n|---|---|---|---|---|---|---|"
        )?;
        for way in self.ways {
            let of = |value: fn(&Measured) -> f64| self.median(way.name, value).unwrap_or(f64::NAN);
            let ratio = |value: fn(&Measured) -> f64| match self.ratio(way.name, way.base, value) {
                Some(ratio) if way.base != way.name => format!("{ratio:.2}"),
                _ => String::new(),
            };
            let base = if way.base == way.name { "" } else { way.base };
            writeln!(
                out,
                "| {} | {:.0} | {:.1}/{:.1} | {:.0} + {:.0} ({:.0}) | {base} | {} | {} |",
                way.name,
                of(|one| one.rate),
                of(|one| one.half),
                of(|one| one.most),
                of(|one| one.program),
                of(|one| one.server),
                of(|one| one.client),
                ratio(|one| one.rate),
                ratio(Measured::processor),
            )?;
        }
        Ok(())
    }
}
