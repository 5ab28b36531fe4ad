//! The whole way of a result file, beside the bare database writing the same rows.
//!
//! The registry is the release program, typed as an operator types it. Its rival reads what the registry wrote
//! and writes just that to an empty database: on PostgreSQL with `COPY` from files of the server's own into
//! temporary tables and an upsert from there, on SQLite with prepared inserts in one transaction.

use crate::cost::Meter;
use crate::fill::Server;
use crate::program::{self, Folder};
use crate::reads::{median, postmaster};
use crate::{Failure, results, say};
use clap::Args;
use registry::db::{Connection, Purpose, migrate};
use registry::model::{achievement, learner, log_leaf, source};
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

/// The tables of the record in the order in which their rows refer to each other.
const TABLES: [&str; 8] = [
    "learner",
    "learner_alias",
    "learner_name",
    "learner_key",
    "achievement",
    "achievement_version",
    "log_leaf",
    "source",
];

#[derive(Args)]
pub(crate) struct Import {
    #[command(flatten)]
    server: Server,
    /// How many results the file has
    #[arg(long, default_value_t = 200_000)]
    rows: u32,
    /// How often each is measured
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Only this engine: sqlite or postgres
    #[arg(long)]
    only: Option<String>,
}

/// What one run took.
#[derive(Clone, Copy)]
struct Run {
    time: Duration,
    client: Duration,
    server: Duration,
}

impl Import {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let folder = Folder::new()?;
        // The database server writes files into it too.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777))?;
        let file = folder.path().join("results.csv");
        results::write(&file, self.rows)?;
        say(&format!(
            "{} results, {} bytes",
            self.rows,
            fs::metadata(&file)?.len()
        ));
        let mut out = std::io::stdout().lock();
        writeln!(
            out,
            "| engine | way | seconds | results/s | CPU µs a result: program + server | of the bare rows' speed |"
        )?;
        writeln!(out, "|---|---|---|---|---|---|")?;
        for engine in ["sqlite", "postgres"] {
            if self.only.as_deref().is_some_and(|only| only != engine) {
                continue;
            }
            let mut runs = Vec::new();
            for round in 0..self.rounds {
                let pair = if engine == "sqlite" {
                    self.sqlite(folder.path(), &file)?
                } else {
                    self.postgres(folder.path(), &file)?
                };
                say(&format!(
                    "{engine}, round {}: {:.2?} and bare {:.2?}",
                    round + 1,
                    pair.0.time,
                    pair.1.time
                ));
                runs.push(pair);
            }
            let ratio = median(
                runs.iter()
                    .map(|(own, bare)| bare.time.as_secs_f64() / own.time.as_secs_f64()),
            );
            for (way, of) in [("registry import", 0), ("the rows alone", 1)] {
                let each =
                    |pick: fn(&Run) -> Duration| {
                        median(runs.iter().map(|(own, bare)| {
                            pick(if of == 0 { own } else { bare }).as_secs_f64()
                        }))
                    };
                let seconds = each(|run| run.time);
                let cpu = |pick| each(pick) * 1e6 / f64::from(self.rows);
                writeln!(
                    out,
                    "| {engine} | {way} | {seconds:.2} | {:.0} | {:.0} + {:.0} | {:.2} |",
                    f64::from(self.rows) / seconds,
                    cpu(|run| run.client),
                    cpu(|run| run.server),
                    if of == 0 { ratio } else { 1.0 },
                )?;
            }
        }
        Ok(())
    }

    fn sqlite(&self, folder: &Path, file: &Path) -> Result<(Run, Run), Failure> {
        let (own, bare) = (folder.join("own.db"), folder.join("bare.db"));
        for path in [&own, &bare] {
            for end in ["", "-wal", "-shm"] {
                let _ = fs::remove_file(format!("{}{end}", path.display()));
            }
        }
        let url = |path: &Path| format!("sqlite://{}", path.display());
        migrate(&mut Connection::open(&url(&own), Purpose::Write)?)?;
        let run = timed(Meter::default(), || import(&url(&own), folder, file))?;
        let mut from = Connection::open(&url(&own), Purpose::Read)?;
        let rows = Rows::load(&mut from)?;
        rows.count(self.rows)?;
        let mut to = Connection::open(&url(&bare), Purpose::Write)?;
        migrate(&mut to)?;
        to.batch("PRAGMA cache_size = -262144")?;
        let alone = timed(
            Meter::default(),
            || Ok(to.transaction(|to| rows.write(to))?),
        )?;
        Ok((run, alone))
    }

    fn postgres(&self, folder: &Path, file: &Path) -> Result<(Run, Run), Failure> {
        let (own, bare) = (
            self.server.make("registry_bench_own")?,
            self.server.make("registry_bench_bare")?,
        );
        let meter = Meter::database(postmaster(&own)?);
        migrate(&mut Connection::open(&own, Purpose::Write)?)?;
        let run = timed(meter, || import(&own, folder, file))?;
        let mut from = Connection::open(&own, Purpose::Write)?;
        let path = |table: &str| folder.join(format!("{table}.rows"));
        for table in TABLES {
            from.batch(&format!(
                "COPY {table} TO '{}' (FORMAT binary)",
                path(table).display()
            ))?;
        }
        let mut to = Connection::open(&bare, Purpose::Write)?;
        migrate(&mut to)?;
        let alone = timed(meter, || {
            Ok(to.transaction::<(), registry::error::Error>(|to| {
                for table in TABLES {
                    to.batch(&format!(
                        "CREATE TEMP TABLE new_{table} (LIKE {table}) ON COMMIT DROP; COPY new_{table} FROM '{}' (FORMAT binary); \
                         INSERT INTO {table} SELECT * FROM new_{table} ON CONFLICT DO NOTHING",
                        path(table).display()
                    ))?;
                }
                Ok(())
            })?)
        })?;
        drop((from, to));
        self.server.drop("registry_bench_own")?;
        self.server.drop("registry_bench_bare")?;
        Ok((run, alone))
    }
}

/// Everything that an import wrote to the record.
struct Rows {
    learners: Vec<learner::LearnerRow>,
    aliases: Vec<learner::AliasRow>,
    names: Vec<learner::NameRow>,
    keys: Vec<learner::KeyRow>,
    achievements: Vec<achievement::AchievementRow>,
    versions: Vec<achievement::VersionRow>,
    leaves: Vec<log_leaf::LeafRow>,
    sources: Vec<source::SourceRow>,
}

impl Rows {
    fn load(from: &mut Connection) -> Result<Self, Failure> {
        use diesel::prelude::*;
        use registry::db::tables;
        let registry::db::Connection::Sqlite(from) = from else {
            return Err("only SQLite's rows are read so".into());
        };
        Ok(Self {
            learners: tables::learner::table.load(from)?,
            aliases: tables::learner_alias::table.load(from)?,
            names: tables::learner_name::table.load(from)?,
            keys: tables::learner_key::table.load(from)?,
            achievements: tables::achievement::table.load(from)?,
            versions: tables::achievement_version::table.load(from)?,
            leaves: tables::log_leaf::table.load(from)?,
            sources: tables::source::table.load(from)?,
        })
    }

    fn count(&self, rows: u32) -> Result<(), Failure> {
        if self.sources.len() == usize::try_from(rows)?
            && self.achievements.len() == self.sources.len()
        {
            Ok(())
        } else {
            Err("the import did not make one award of each result".into())
        }
    }

    fn write(self, to: &mut Connection) -> Result<(), registry::error::Error> {
        learner::insert_all(to, self.learners, self.aliases, self.names)?;
        learner::rekey(to, &[], self.keys)?;
        achievement::insert_all(to, self.achievements, self.versions)?;
        log_leaf::insert_all(to, self.leaves)?;
        Ok(source::insert_all(to, self.sources)?)
    }
}

fn timed(meter: Meter, work: impl FnOnce() -> Result<(), Failure>) -> Result<Run, Failure> {
    let (before, began) = (meter.now()?, Instant::now());
    work()?;
    let (time, after) = (began.elapsed(), meter.now()?);
    Ok(Run {
        time,
        client: after.client - before.client,
        // Processes of the server that ended are counted by their parent, a little later.
        server: after.server.saturating_sub(before.server),
    })
}

/// Runs the release program that lies beside this one.
fn import(database: &str, folder: &Path, file: &Path) -> Result<(), Failure> {
    let data = folder.join("data");
    let _ = fs::remove_dir_all(&data);
    let output = program::command(&program::program(None)?, folder)
        .args(["--database", database, "--data-dir"])
        .arg(data)
        .args([
            "--json",
            "import",
            "--adapter",
            "csv",
            "--awarding-body",
            results::BODY,
        ])
        .arg(file)
        .output()?;
    match output.status.code() {
        Some(0 | 3) => Ok(()),
        _ => Err(String::from_utf8_lossy(&output.stderr).into_owned().into()),
    }
}
