//! The database: whether it is there, can be written, has room, and has this version's schema.

use super::{Findings, folder};
use crate::app::Clock;
use crate::config::{Config, covered};
use crate::db::{Connection, Engine, inspect, steps};
use chrono::NaiveDateTime;
use rustix::fs::Access;
use std::path::Path;
use std::time::Instant;

/// A journal that is longer was not taken into the database in a while, in bytes.
const LONG_JOURNAL: u64 = 1 << 30;
/// The oldest PostgreSQL that its makers still look after.
const OLDEST: u32 = 14;

/// What the database says of time.
#[derive(Default)]
pub(super) struct Times {
    /// Its clock, and this machine's when it was asked.
    pub(super) clock: Option<(NaiveDateTime, NaiveDateTime)>,
    /// The newest time that the registry wrote.
    pub(super) newest: Option<NaiveDateTime>,
}

pub(super) fn look(config: &Config, clock: &Clock, findings: &mut Findings) -> Times {
    let url = config.database_url();
    let shown = covered(&url);
    if let Some(path) = inspect::file_of(&url) {
        if !path.is_file() {
            findings.fault(
                "database",
                format!("{} is not there", path.display()),
                "Run `registry migrate`, or name another with database.",
            );
            return Times::default();
        }
        file(&path, findings);
    }
    let mut connection = match inspect::open(&url) {
        Ok(connection) => connection,
        Err(_) => {
            findings.fault(
                "database",
                format!("{shown} cannot be reached; the lines above have the engine's words"),
                "Start it, and see that address, user and password are right.",
            );
            return Times::default();
        }
    };
    match inspect::version(&mut connection) {
        Ok(version) => {
            let major = version
                .strip_prefix("PostgreSQL ")
                .and_then(|number| number.split('.').next()?.parse::<u32>().ok());
            if major.is_some_and(|major| major < OLDEST) {
                findings.warning(
                    "database",
                    format!("{version} at {shown} is no longer looked after by its makers"),
                    "Go to a newer version of PostgreSQL.",
                );
            } else {
                findings.ok("database", format!("{version} at {shown}"));
            }
        }
        Err(error) => {
            findings.fault(
                "database",
                format!("{shown} does not answer: {error}"),
                "See that the file is a database, and the engine's own log.",
            );
            return Times::default();
        }
    }
    if let Ok(Some(bytes)) = inspect::bytes(&mut connection) {
        findings.ok("database", format!("takes {} MiB", bytes >> 20));
    }
    let current = schema(&mut connection, findings);
    let engine = Engine::of(&url);
    if matches!(engine, Ok(Engine::Postgres)) {
        match inspect::may_write(&mut connection) {
            Ok(true) => findings.ok("database", "can be written"),
            Ok(false) => findings.fault(
                "database",
                "cannot be written: it is a standby, reads only, or this user has no right to its tables",
                "Name the primary server, or grant INSERT, UPDATE and DELETE on its tables.",
            ),
            Err(error) => findings.fault(
                "database",
                format!("does not say whether it can be written: {error}"),
                "See the engine's own log.",
            ),
        }
    }
    let mut times = Times::default();
    if let Ok(Some(theirs)) = inspect::time(&mut connection) {
        times.clock = Some((theirs, clock.now()));
    }
    if current {
        times.newest = inspect::newest(&mut connection).ok().flatten();
        let began = Instant::now();
        // A look at an index: what a busy disk or a busy server makes of it is what requests wait for.
        let _ = inspect::newest(&mut connection);
        let took = began.elapsed();
        if took.as_millis() > 250 {
            findings.warning(
                "database",
                format!("took {} ms to find one row by its key", took.as_millis()),
                "See how busy it is, and how far away.",
            );
        }
    }
    times
}

fn file(path: &Path, findings: &mut Findings) {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let writable = |path: &Path| rustix::fs::access(path, Access::WRITE_OK).is_ok();
    if writable(path) && writable(folder) {
        findings.ok("database", format!("{} can be written", path.display()));
    } else {
        findings.fault(
            "database",
            format!("{} or its folder cannot be written", path.display()),
            "Give both to the user that the registry runs as.",
        );
    }
    folder::space("database", folder, findings);
    let journal = std::fs::metadata(inspect::beside(path, "-wal")).map_or(0, |one| one.len());
    if journal > LONG_JOURNAL {
        findings.warning(
            "database",
            format!("the journal beside it has {} MiB", journal >> 20),
            "Something reads for a very long time, or a process was killed; it is taken in when the registry starts.",
        );
    }
}

/// Compares the schema; whether it is this version's.
fn schema(connection: &mut Connection, findings: &mut Findings) -> bool {
    let version = env!("CARGO_PKG_VERSION");
    match steps(connection) {
        Ok(steps) if !steps.unknown.is_empty() => findings.fault(
            "schema",
            format!(
                "is a newer version's: this program ({version}) does not know {}",
                steps.unknown.join(", ")
            ),
            "Use the program that made these steps, or a newer one; going back needs a copy from before.",
        ),
        Ok(steps) if !steps.missing.is_empty() => findings.fault(
            "schema",
            format!("lacks {}", steps.missing.join(", ")),
            "Make a copy of the database, and run `registry migrate`.",
        ),
        Ok(_) => {
            findings.ok("schema", format!("is that of version {version}"));
            return true;
        }
        Err(_) => findings.fault(
            "schema",
            "cannot be read; the lines above have the engine's words",
            "See that the database is the registry's.",
        ),
    }
    false
}
