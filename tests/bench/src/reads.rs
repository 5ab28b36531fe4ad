//! The ways of reading, in turn, round after round: what others do on the machine meanwhile falls on all alike.

use crate::cost::Meter;
use crate::fill::{LEARNERS, Server};
use crate::load::{self, Round, Shape, WORKERS};
use crate::query::{Record, Texts};
use crate::way::{diesel_async, pgbench::Scripts, threads, tokio_postgres};
use crate::{Failure, say};
use clap::Args;
use diesel::prelude::*;
use diesel::sql_types::Text;
use registry::db::{Connection, Db, Purpose};
use std::io::Write;
use std::time::Duration;

#[derive(Args)]
pub(crate) struct Reads {
    #[command(flatten)]
    server: Server,
    /// How often each way is measured
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// For how many seconds each time
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// How many callers there are at a time; pgbench always has eight
    #[arg(long, default_value_t = 32)]
    callers: usize,
    /// Only the ways whose names hold one of these words
    #[arg(long)]
    only: Vec<String>,
}

/// A way of reading: what to print of it, and one round of it.
struct Way<'a> {
    name: &'static str,
    run: Box<dyn Fn() -> Result<Round, Failure> + 'a>,
}

impl Reads {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let url = self.server.database()?;
        let meter = Meter::database(postmaster(&url)?);
        let texts = Texts::new();
        let scripts = Scripts::write(&texts)?;
        let threads = [2, 4, 8].map(|count| Db::open(&url, Some(count)));
        let [two, four, eight] = threads;
        let (two, four, eight) = (two?, four?, eight?);
        same(&url, &four)?;
        let shape = Shape {
            callers: self.callers,
            time: Duration::from_secs(self.seconds),
        };
        let all = ways(&url, &scripts, [&two, &four, &eight], shape, meter);
        let wanted = |way: &Way<'_>| {
            self.only.is_empty() || self.only.iter().any(|word| way.name.contains(word))
        };
        let ways: Vec<_> = all.into_iter().filter(wanted).collect();
        let mut measured: Vec<Vec<Measured>> = ways.iter().map(|_| Vec::new()).collect();
        for round in 1..=self.rounds {
            say(&format!("round {round} of {}", self.rounds));
            for (way, measured) in ways.iter().zip(&mut measured) {
                measured.push(Measured::of(&(way.run)()?));
            }
        }
        let names: Vec<_> = ways.iter().map(|way| way.name).collect();
        report(&names, &measured)
    }
}

fn ways<'a>(
    url: &'a str,
    scripts: &'a Scripts,
    [two, four, eight]: [&Db; 3],
    shape: Shape,
    meter: Meter,
) -> Vec<Way<'a>> {
    let bench = |name, script: &'static str| Way {
        name,
        run: Box::new(move || scripts.run(script, url, shape, meter)),
    };
    let mut ways = vec![
        bench("pgbench, one statement", "whole.sql"),
        bench("pgbench, two statements", "two.sql"),
    ];
    /// A way on the registry's own threads.
    macro_rules! on_threads {
        ($name:literal, $db:expr, $read:path) => {{
            let db = $db.clone();
            ways.push(Way {
                name: $name,
                run: Box::new(move || {
                    let db = db.clone();
                    let open = async move |_| Ok(db.clone());
                    load::run(shape, meter, &open, &async |db: &Db, number| {
                        $read(db, number).await.map(drop)
                    })
                }),
            });
        }};
    }
    on_threads!("2 threads, two statements", two, threads::two);
    on_threads!("4 threads, two statements", four, threads::two);
    on_threads!("8 threads, two statements", eight, threads::two);
    on_threads!("4 threads, one statement", four, threads::whole);
    on_threads!("4 threads, the second alone", four, threads::held_alone);
    on_threads!("4 threads, no statement", four, threads::hop);
    /// A way on connections that callers share, so many over all workers.
    macro_rules! on_pipes {
        ($name:literal, $way:ident, $count:literal, $read:ident) => {
            ways.push(Way {
                name: $name,
                run: Box::new(move || {
                    let url = url.to_owned();
                    let open = async move |worker| $way::Pipes::open(&url, worker, $count).await;
                    load::run(shape, meter, &open, &async |pipes: &$way::Pipes, number| {
                        pipes.$read(number).await.map(drop)
                    })
                }),
            })
        };
    }
    for (name, count) in [
        ("tokio-postgres, 1 connection apart, two statements", 1),
        ("tokio-postgres, 4 connections apart, two statements", 4),
    ] {
        ways.push(Way {
            name,
            run: Box::new(move || {
                let pipes = tokio_postgres::Pipe::apart(url.to_owned(), count)?;
                let open = async move |_| Ok(tokio_postgres::Pipes::shared(pipes.clone()));
                let read =
                    async |pipes: &tokio_postgres::Pipes, number| pipes.two(number).await.map(drop);
                load::run(shape, meter, &open, &read)
            }),
        });
    }
    on_pipes!(
        "tokio-postgres, 2 connections, two statements",
        tokio_postgres,
        2,
        two
    );
    on_pipes!(
        "tokio-postgres, 4 connections, two statements",
        tokio_postgres,
        4,
        two
    );
    on_pipes!(
        "tokio-postgres, 4 connections, one statement",
        tokio_postgres,
        4,
        whole
    );
    on_pipes!(
        "diesel-async, 2 connections, two statements",
        diesel_async,
        2,
        two
    );
    on_pipes!(
        "diesel-async, 4 connections, two statements",
        diesel_async,
        4,
        two
    );
    on_pipes!(
        "diesel-async, 4 connections, one statement",
        diesel_async,
        4,
        whole
    );
    ways
}

/// Every way must read the same.
fn same(url: &str, db: &Db) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async {
        let wire = tokio_postgres::Pipes::open(url, 0, WORKERS).await?;
        let diesel = diesel_async::Pipes::open(url, 0, WORKERS).await?;
        for number in [1, 2, LEARNERS / 2, LEARNERS] {
            let expected: Record = threads::two(db, number).await?;
            if expected.1.len() != 5 || expected.1.iter().any(|held| held.body.is_none()) {
                return Err("the database is not the one that `fill` makes".into());
            }
            let others = [
                threads::whole(db, number).await?,
                wire.two(number).await?,
                wire.whole(number).await?,
                diesel.two(number).await?,
                diesel.whole(number).await?,
            ];
            if others.iter().any(|other| *other != expected) {
                return Err(format!("learner {number} is not read alike by all ways").into());
            }
        }
        Ok(())
    })
}

/// The server's first process, of which the others are children; it must be on this machine.
pub(crate) fn postmaster(url: &str) -> Result<u32, Failure> {
    let mut connection = Connection::open(url, Purpose::Read)?;
    let Connection::Postgres(open) = &mut connection else {
        return Err("the server is not PostgreSQL".into());
    };
    let number: String = diesel::select(diesel::dsl::sql::<Text>(
        "split_part(pg_read_file('postmaster.pid'), E'\\n', 1)",
    ))
    .get_result(open)?;
    Ok(number.trim().parse()?)
}

/// One round in the units of the report.
struct Measured {
    rate: f64,
    half: f64,
    most: f64,
    client: f64,
    server: f64,
}

impl Measured {
    #[expect(clippy::cast_precision_loss, reason = "counts of a few seconds")]
    fn of(round: &Round) -> Self {
        let requests = round.requests.max(1) as f64;
        let quantile = |hundredths: usize| {
            let place = round.latencies.len() * hundredths / 100;
            let micros = round.latencies.get(place).copied().unwrap_or_default();
            f64::from(micros) / 1000.0
        };
        Self {
            rate: requests / round.time.as_secs_f64(),
            half: quantile(50),
            most: quantile(99),
            client: round.client.as_secs_f64() * 1e6 / requests,
            server: round.server.as_secs_f64() * 1e6 / requests,
        }
    }

    fn processor(&self) -> f64 {
        self.client + self.server
    }
}

pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A table of medians over the rounds; the ratios are medians of each round's ratio to its first way.
fn report(names: &[&str], measured: &[Vec<Measured>]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "| way | requests/s | p50/p99 ms | CPU µs: client + server | requests/s, ratio | CPU, ratio |\n|---|---|---|---|---|---|"
    )?;
    let Some(first) = measured.first() else {
        return Err("no way has such a name".into());
    };
    for (name, rounds) in names.iter().zip(measured) {
        let of = |value: fn(&Measured) -> f64| median(rounds.iter().map(value));
        let ratio = |value: fn(&Measured) -> f64| {
            median(
                rounds
                    .iter()
                    .zip(first)
                    .map(|(one, base)| value(one) / value(base)),
            )
        };
        writeln!(
            out,
            "| {name} | {:.0} | {:.1}/{:.1} | {:.0} + {:.0} | {:.2} | {:.2} |",
            of(|one| one.rate),
            of(|one| one.half),
            of(|one| one.most),
            of(|one| one.client),
            of(|one| one.server),
            ratio(|one| one.rate),
            ratio(Measured::processor),
        )?;
    }
    Ok(())
}
