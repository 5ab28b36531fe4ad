//! `registry migrate`.

use super::output::Output;
use crate::config::Config;
use crate::db::{Connection, Purpose, migrate};
use crate::error::Error;
use std::process::ExitCode;

pub(super) fn run(config: &Config, output: &Output) -> Result<ExitCode, Error> {
    let mut connection = Connection::open(&config.database_url(), Purpose::Write)?;
    let migrated = migrate(&mut connection)?;
    match migrated.applied.as_slice() {
        [] => output.line("The database has this version's schema already."),
        applied => output.line(&format!("Applied: {}.", applied.join(", "))),
    }
    output.document(&serde_json::json!({"applied": migrated.applied}))?;
    Ok(ExitCode::SUCCESS)
}
