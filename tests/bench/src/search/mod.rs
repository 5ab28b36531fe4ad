//! `bench search`: searching 50 000 qualifications by the registry's index, by a scan with `LIKE`, and on PostgreSQL by
//! its own full-text index, round after round, on one connection each: what a search costs the processor, asking side
//! and database together, how long it takes, and how often the title that was meant is among the first twenty.

mod titles;

use crate::cost::Meter;
use crate::fill::Server;
use crate::reads::postmaster;
use crate::seeded::Seeded;
use crate::{Failure, say};
use clap::Args;
use diesel::prelude::*;
use diesel::sql_types::Text;
use registry::action::catalogue::{Asked, Search as Sought};
use registry::db::{Connection, Engine, Purpose, migrate};
use registry::model::qualification::{QualificationRow, register_all};
use schema::{Date, Level, QualificationNumber};
use std::io::Write;
use std::time::{Duration, Instant};
use titles::{Made, made};

const DATABASE: &str = "registry_search";
const FIRST: usize = 20;
/// A day on which nothing is offered, since the trial's qualifications say no day.
const NO_OFFER: Option<Date> = Date::from_ymd_opt(2020, 1, 1);

/// Search generated qualifications by the registry's index, by LIKE, and by PostgreSQL's own full text
#[derive(Args)]
pub(super) struct Search {
    /// How many qualifications there are
    #[arg(long, default_value_t = 50_000)]
    entries: usize,
    /// How often each way is measured
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// For how many seconds each kind of query each time
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// What titles and queries are drawn from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A PostgreSQL server on which the database registry_search is made anew; or sqlite
    #[arg(long, value_name = "URL", default_value = "sqlite")]
    database: String,
}

/// What is asked, and what is meant by it.
struct Query {
    asked: Asked,
    /// The words as a rival gets them.
    words: Vec<String>,
    number: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Three,
    Common,
    Begun,
    Mistyped,
    Level,
    Body,
    Number,
    Nothing,
    Apart,
    Unfit,
    Many,
}

const KINDS: [(Kind, &str); 12] = [
    (Kind::Word, "the rarest word"),
    (Kind::Three, "all words of the title but two"),
    (Kind::Common, "two common words"),
    (Kind::Begun, "two words, the last half typed"),
    (Kind::Mistyped, "two words, a mistake in each"),
    (Kind::Level, "level, size and subject"),
    (Kind::Body, "a common word within a body"),
    (Kind::Number, "half a number"),
    (Kind::Nothing, "two words that nothing has"),
    (Kind::Apart, "two common words, never together"),
    (Kind::Unfit, "a common word, on a day of no offer"),
    (Kind::Many, "as many mistyped words as are taken"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Index,
    Like,
    FullText,
}

/// What came of one way and kind of query.
#[derive(Default)]
struct Measured {
    asked: usize,
    meant: usize,
    cost: Duration,
    took: Vec<Duration>,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = Text)]
    number: String,
}

impl Search {
    pub(super) fn run(self) -> Result<(), Failure> {
        let folder = tempfile::tempdir()?;
        let server = (self.database != "sqlite").then(|| Server {
            server: self.database.clone(),
        });
        let url = match &server {
            None => format!("sqlite://{}", folder.path().join("registry.db").display()),
            Some(server) => server.make(DATABASE)?,
        };
        let engine = Engine::of(&url)?;
        let mut connection = Connection::open(&url, Purpose::Write)?;
        migrate(&mut connection)?;
        let all = self.fill(&mut connection)?;
        let meter = match engine {
            Engine::Sqlite => Meter::default(),
            Engine::Postgres => Meter::database(postmaster(&url)?),
        };
        let ways: &[Way] = match engine {
            Engine::Sqlite => &[Way::Index, Way::Like],
            Engine::Postgres => &[Way::Index, Way::Like, Way::FullText],
        };
        let mut measured: Vec<Vec<Measured>> = KINDS
            .iter()
            .map(|_| ways.iter().map(|_| Measured::default()).collect())
            .collect();
        for round in 1..=self.rounds {
            say(&format!("round {round} of {}", self.rounds));
            for ((kind, _), measured) in KINDS.iter().zip(&mut measured) {
                for (way, measured) in ways.iter().zip(measured) {
                    self.measure(&mut connection, *kind, *way, &all, meter, measured)?;
                }
            }
        }
        drop(connection);
        if let Some(server) = server {
            server.drop(DATABASE)?;
        }
        report(self.entries, ways, &mut measured)
    }

    fn fill(&self, connection: &mut Connection) -> Result<Vec<Made>, Failure> {
        let mut chance = Seeded(self.seed);
        let all: Vec<Made> = (0..self.entries)
            .map(|place| made(place, &mut chance))
            .collect();
        let began = Instant::now();
        for made in all.chunks(500) {
            let rows: Vec<QualificationRow> = made.iter().map(row).collect::<Result<_, _>>()?;
            let rows: Vec<&QualificationRow> = rows.iter().collect();
            connection.transaction(|connection| register_all(connection, &rows).map(drop))?;
        }
        say(&format!(
            "stored with their index in {:.1?}",
            began.elapsed()
        ));
        if matches!(connection, Connection::Postgres(_)) {
            connection.batch(
                "CREATE TABLE title_text AS SELECT number, to_tsvector('english', title) AS words FROM qualification; \
                 CREATE INDEX title_text_words ON title_text USING gin (words); \
                 CREATE UNIQUE INDEX title_text_number ON title_text (number)",
            )?;
            connection.batch("VACUUM (ANALYZE)")?;
        }
        Ok(all)
    }

    fn measure(
        &self,
        connection: &mut Connection,
        kind: Kind,
        way: Way,
        all: &[Made],
        meter: Meter,
        measured: &mut Measured,
    ) -> Result<(), Failure> {
        let mut chance = Seeded(self.seed + 7);
        let (before, began) = (meter.now()?, Instant::now());
        while began.elapsed().as_secs_f64() < self.seconds {
            let place = usize::try_from(chance.next() % all.len() as u64)?;
            let Some(query) = all
                .get(place)
                .and_then(|made| query(kind, made, &mut chance))
            else {
                continue;
            };
            let asked = Instant::now();
            let found = ask(connection, way, &query)?;
            measured.took.push(asked.elapsed());
            measured.asked += 1;
            measured.meant += usize::from(found.contains(&query.number));
        }
        let after = meter.now()?;
        measured.cost += (after.client - before.client) + (after.server - before.server);
        Ok(())
    }
}

fn row(made: &Made) -> Result<QualificationRow, Failure> {
    let number = QualificationNumber::parse(&made.number).map_err(|_| "no number")?;
    let mut row = QualificationRow::unregistered(number, Some(&made.title));
    row.registered = true;
    row.body = Some(made.body.clone());
    row.level = Level::parse(&made.level.to_string()).map(Level::place);
    Ok(row)
}

/// A query of a kind that means a qualification.
fn query(kind: Kind, made: &Made, chance: &mut Seeded) -> Option<Query> {
    let words = schema::words(&made.title);
    let word = |place: usize| words.get(place).cloned();
    // Body, "level", its number, size, "in", subject, and the rare word; where size or subject has two, one later.
    let tail = words.iter().position(|word| word == "in")?;
    let subject = word(tail + 1)?;
    let rare = words
        .iter()
        .skip(tail + 2)
        .find(|word| word.len() > 6)?
        .clone();
    let text = |words: &[&str]| {
        words
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<Vec<_>>()
    };
    let words = match kind {
        Kind::Word => text(&[&rare]),
        Kind::Three => words.iter().skip(2).cloned().collect(),
        Kind::Common => text(&[&word(3)?, &subject]),
        Kind::Begun => text(&[&subject, rare.get(..rare.len() / 2 + 1)?]),
        Kind::Mistyped => vec![mistaken(&subject, chance), mistaken(&rare, chance)],
        Kind::Level => text(&["level", &word(2)?, &word(3)?, &subject]),
        Kind::Body => text(&[&word(3)?]),
        Kind::Number => text(&[made.number.get(..6)?]),
        Kind::Nothing => text(&["xylophonics", "zymurgical"]),
        Kind::Apart => text(&["award", "certificate"]),
        Kind::Unfit => text(&["award"]),
        Kind::Many => {
            let mistyped = (0..22).map(|_| titles::rare(titles::skewed(chance, 6_000)));
            let mistyped: Vec<String> = mistyped.collect();
            mistyped
                .iter()
                .map(|word| mistaken(word, chance))
                .scan(0, |letters, word| {
                    *letters += word.len() + 1;
                    (*letters <= 200).then_some(word)
                })
                .collect()
        }
    };
    Some(Query {
        asked: Asked {
            search: Some(words.join(" ")),
            body: (kind == Kind::Body).then(|| made.body.clone()),
            available_on: (kind == Kind::Unfit).then_some(NO_OFFER).flatten(),
            ..Asked::default()
        },
        words,
        number: made.number.clone(),
    })
}

/// The word with two letters that changed places.
fn mistaken(word: &str, chance: &mut Seeded) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let places = letters.len().saturating_sub(1).max(1);
    let place = usize::try_from(chance.next()).unwrap_or_default() % places;
    if letters.len() > 4 {
        letters.swap(place, place + 1);
    }
    letters.into_iter().collect()
}

fn ask(connection: &mut Connection, way: Way, query: &Query) -> Result<Vec<String>, Failure> {
    let body = query.asked.body.as_ref();
    let day = query.asked.available_on;
    let sql = match way {
        Way::Index => {
            let search = Sought::read(query.asked.clone())?;
            let found = search.qualifications(connection, None, FIRST + 1)?;
            let found = found.into_iter().take(FIRST).map(|(_, row, _)| row.number);
            return Ok(found.collect());
        }
        Way::Like => {
            let words = query.words.iter();
            let column = if query.words.iter().any(|word| word.contains('/')) {
                "number"
            } else {
                "lower(title)"
            };
            let mut all: Vec<String> = words
                .map(|word| format!("{column} LIKE '%{word}%'"))
                .collect();
            all.extend(body.map(|body| format!("body = '{body}'")));
            all.extend(day.map(|day| format!("operational_from <= '{day}'")));
            format!(
                "SELECT number FROM qualification WHERE {} ORDER BY length(title), number LIMIT {FIRST}",
                all.join(" AND ")
            )
        }
        Way::FullText => {
            let within = body.map(|body| format!("body = '{body}'"));
            let within = within.or(day.map(|day| format!("operational_from <= '{day}'")));
            let within = within.map(|within| {
                format!("JOIN qualification q ON q.number = t.number AND q.{within}")
            });
            format!(
                "SELECT t.number AS number FROM title_text t {} WHERE t.words @@ plainto_tsquery('english', '{words}') \
                 ORDER BY ts_rank(t.words, plainto_tsquery('english', '{words}'), 1) DESC, t.number LIMIT {FIRST}",
                within.unwrap_or_default(),
                words = query.words.join(" ")
            )
        }
    };
    let found: Vec<Number> = match connection {
        Connection::Sqlite(open) => diesel::sql_query(sql).load(open)?,
        Connection::Postgres(open) => diesel::sql_query(sql).load(open)?,
    };
    Ok(found.into_iter().map(|one| one.number).collect())
}

fn report(entries: usize, ways: &[Way], measured: &mut [Vec<Measured>]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{entries} qualifications\n")?;
    write!(out, "| query |")?;
    for way in ways {
        let name = match way {
            Way::Index => "index",
            Way::Like => "LIKE",
            Way::FullText => "tsvector",
        };
        write!(out, " {name}: CPU µs | p50/p99 ms | meant |")?;
    }
    writeln!(
        out,
        " CPU to LIKE |{}",
        if ways.len() > 2 { " to tsvector |" } else { "" }
    )?;
    writeln!(out, "|---|{}", "---|".repeat(ways.len() * 4 - 1))?;
    for ((_, name), measured) in KINDS.iter().zip(measured) {
        write!(out, "| {name} |")?;
        let mut costs = Vec::new();
        for one in measured.iter_mut() {
            one.took.sort_unstable();
            let at = |share: f64| {
                let place = (one.took.len() as f64 * share) as usize;
                one.took
                    .get(place.min(one.took.len().saturating_sub(1)))
                    .copied()
                    .unwrap_or_default()
            };
            let asked = one.asked.max(1) as f64;
            let cost = one.cost.as_secs_f64() * 1e6 / asked;
            costs.push(cost);
            let (middle, most) = (at(0.5).as_secs_f64() * 1e3, at(0.99).as_secs_f64() * 1e3);
            let meant = one.meant as f64 * 100.0 / asked;
            write!(out, " {cost:.0} | {middle:.2}/{most:.2} | {meant:.0} % |")?;
        }
        for rival in costs.iter().skip(1) {
            let own = costs.first().copied().unwrap_or_default();
            write!(out, " {:.3} |", own / rival)?;
        }
        writeln!(out)?;
    }
    Ok(())
}
