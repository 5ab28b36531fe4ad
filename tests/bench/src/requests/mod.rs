//! Whole requests, over HTTP, to the program as it is released; beside them what the design holds them against.

mod asked;
pub(crate) mod during;
mod http;
mod report;
mod service;
pub(crate) mod size;
mod sqlite;
pub(crate) mod start;
mod target;

use crate::cost::Meter;
use crate::fill::{LEARNERS, Server};
use crate::load::{self, Shape};
use crate::program::{self, Folder};
use crate::query::Texts;
use crate::reads::postmaster;
use crate::way::pgbench::Scripts;
use crate::{Failure, say};
use asked::{Asked, Lines};
use clap::Args;
use report::{Results, Way};
use service::{Postgraphile, Registry};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

const PGBENCH_JOIN: &str = "pgbench, the join of `me`";
const ME_POSTGRES: &str = "**`me`, PostgreSQL**";
const POSTGRAPHILE: &str = "PostGraphile 4, one process";
const POSTGRAPHILE_TWO: &str = "PostGraphile 4, two processes";
const STATIC: &str = "static JSON, SQLite's server";
const ME_SQLITE: &str = "**`me`, SQLite**";
const PGBENCH_VERIFY: &str = "pgbench, join and two rows a transaction";
const VERIFY_POSTGRES: &str = "**`verify`, PostgreSQL**";
const THREADS_VERIFY: &str = "SQLite, a commit a request, 8 threads";
const THREAD_VERIFY: &str = "SQLite, a commit a request, 1 thread";
const VERIFY_SQLITE: &str = "**`verify`, SQLite**";

/// How many retired keys make the published ones as long as the answer to `me`.
const RETIRED: usize = 16;
/// How many answers are compared byte by byte before anything is measured.
const COMPARED: u32 = 200;
/// How many certificates are verified, in turn.
const CERTIFICATES: u32 = 20_000;

#[derive(Args)]
pub(crate) struct Requests {
    #[command(flatten)]
    server: Server,
    /// The SQLite database that `fill` made
    #[arg(long, default_value = "sqlite://target/bench/registry.db")]
    sqlite: String,
    /// The released program [default: `registry` beside this one]
    #[arg(long)]
    registry: Option<PathBuf>,
    /// How often each way is measured
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// For how many seconds each time
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// How many connections ask at a time; pgbench always has eight
    #[arg(long, default_value_t = 32)]
    callers: usize,
    /// How many people ask, each with a token of their own
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=200_000))]
    bearers: u32,
    /// Only the ways whose names hold one of these words
    #[arg(long)]
    only: Vec<String>,
}

/// What runs while the ways are measured.
struct Running {
    postgres: Registry,
    sqlite: Registry,
    one: Postgraphile,
    two: Postgraphile,
    scripts: Scripts,
}

/// What is asked of each.
struct Questions {
    me_postgres: Arc<Asked>,
    me_sqlite: Arc<Asked>,
    one: Arc<Asked>,
    two: Arc<Asked>,
    keys: Arc<Asked>,
    verify_postgres: Arc<Asked>,
    verify_sqlite: Arc<Asked>,
}

impl Requests {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let url = self.server.database()?;
        let sqlite = absolute(&self.sqlite)?;
        let program = program::program(self.registry.as_deref())?;
        let folder = Folder::new()?;
        Postgraphile::prepare(&url)?;
        let running = Running {
            postgres: Registry::start(&program, &url, &folder.below("postgres")?, RETIRED)?,
            sqlite: Registry::start(&program, &sqlite, &folder.below("sqlite")?, RETIRED)?,
            one: Postgraphile::start(&url, &folder.below("one")?, 0)?,
            two: Postgraphile::start(&url, &folder.below("two")?, 2)?,
            scripts: Scripts::write(&Texts::new())?,
        };
        say("signing tokens");
        let questions = self.questions(&running)?;
        compare(&questions)?;
        let shape = Shape {
            callers: self.callers,
            time: Duration::from_secs(self.seconds),
        };
        let all = ways(&url, &sqlite, &running, &questions, shape)?;
        let wanted = |way: &Way<'_>| {
            self.only.is_empty() || self.only.iter().any(|word| way.name.contains(word))
        };
        let ways: Vec<_> = all.into_iter().filter(wanted).collect();
        let results = Results::of(&ways, self.rounds)?;
        results.print()?;
        target::print(&results)
    }

    fn questions(&self, running: &Running) -> Result<Questions, Failure> {
        let (postgres, sqlite) = (&running.postgres, &running.sqlite);
        Ok(Questions {
            me_postgres: Asked::me(postgres.address, &postgres.data_dir, self.bearers)?,
            me_sqlite: Asked::me(sqlite.address, &sqlite.data_dir, self.bearers)?,
            one: Asked::postgraphile(running.one.address, self.bearers),
            two: Asked::postgraphile(running.two.address, self.bearers),
            keys: Asked::keys(sqlite.address),
            verify_postgres: Asked::verify(postgres.address, &postgres.data_dir, CERTIFICATES)?,
            verify_sqlite: Asked::verify(sqlite.address, &sqlite.data_dir, CERTIFICATES)?,
        })
    }
}

/// All ways, in the order in which they are measured.
fn ways<'a>(
    url: &'a str,
    sqlite: &'a str,
    running: &'a Running,
    questions: &Questions,
    shape: Shape,
) -> Result<Vec<Way<'a>>, Failure> {
    let database = Some(postmaster(url)?);
    let bench = |name, script: &'static str| Way {
        name,
        base: name,
        itself: false,
        run: Box::new(move || {
            let meter = Meter {
                database,
                program: None,
            };
            running.scripts.run(script, url, shape, meter)
        }),
    };
    let over_http = |name, base, asked: &Arc<Asked>, database, program| {
        let asked = asked.clone();
        let meter = Meter {
            database,
            program: Some(program),
        };
        Way {
            name,
            base,
            itself: false,
            run: Box::new(move || {
                let asked = asked.clone();
                let open = async move |_| Ok(Lines::new(asked.clone()));
                load::run(shape, meter, &open, &async |lines: &Lines, number| {
                    lines.ask(number).await
                })
            }),
        }
    };
    let threads = |name, count| Way {
        name,
        base: THREADS_VERIFY,
        itself: true,
        run: Box::new(move || sqlite::run(sqlite, count, shape)),
    };
    let (postgres, embedded) = (running.postgres.id(), running.sqlite.id());
    let (one, two) = (running.one.id(), running.two.id());
    let asks = questions;
    Ok(vec![
        bench(PGBENCH_JOIN, "whole.sql"),
        over_http(
            ME_POSTGRES,
            PGBENCH_JOIN,
            &asks.me_postgres,
            database,
            postgres,
        ),
        over_http(POSTGRAPHILE, PGBENCH_JOIN, &asks.one, database, one),
        over_http(POSTGRAPHILE_TWO, PGBENCH_JOIN, &asks.two, database, two),
        over_http(STATIC, STATIC, &asks.keys, None, embedded),
        over_http(ME_SQLITE, STATIC, &asks.me_sqlite, None, embedded),
        bench(PGBENCH_VERIFY, "verify.sql"),
        over_http(
            VERIFY_POSTGRES,
            PGBENCH_VERIFY,
            &asks.verify_postgres,
            database,
            postgres,
        ),
        threads(THREADS_VERIFY, 8),
        threads(THREAD_VERIFY, 1),
        over_http(
            VERIFY_SQLITE,
            THREADS_VERIFY,
            &asks.verify_sqlite,
            None,
            embedded,
        ),
    ])
}

/// The same bytes must come from both engines and both rivals, and as many from the published keys, within a key's.
fn compare(questions: &Questions) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let all = [
            ("the registry on SQLite", &questions.me_sqlite),
            ("PostGraphile", &questions.one),
            ("PostGraphile with two processes", &questions.two),
        ];
        let mut first = http::Connection::open(questions.me_postgres.address()).await?;
        for (name, other) in all {
            let mut second = http::Connection::open(other.address()).await?;
            for number in 0..COMPARED {
                let number = number * (LEARNERS / COMPARED);
                let expected = questions.me_postgres.answer(&mut first, number).await?;
                let found = other.answer(&mut second, number).await?;
                if found != expected {
                    let (expected, found) = (
                        String::from_utf8_lossy(&expected).into_owned(),
                        String::from_utf8_lossy(&found).into_owned(),
                    );
                    return Err(
                        format!("{name} answers otherwise:\n{found}\nand not\n{expected}").into(),
                    );
                }
            }
        }
        let mut connection = http::Connection::open(questions.keys.address()).await?;
        questions.keys.ask(&mut connection, 0).await?;
        let (me, keys) = (questions.me_postgres.mean(), questions.keys.mean());
        say(&format!(
            "equal answers; {me:.0} bytes on average, the published keys {keys:.0}"
        ));
        if (me - keys).abs() > 100.0 {
            return Err("the published keys are not as long as the answers to `me`".into());
        }
        Ok(())
    })
}

/// An address of SQLite that means the same in every folder.
fn absolute(url: &str) -> Result<String, Failure> {
    let path = url
        .strip_prefix("sqlite://")
        .ok_or("--sqlite is no sqlite://PATH")?;
    let path = std::path::absolute(path)?;
    if !path.is_file() {
        return Err(format!(
            "{} is missing: `fill --server {url}` makes it",
            path.display()
        )
        .into());
    }
    Ok(format!("sqlite://{}", path.display()))
}
