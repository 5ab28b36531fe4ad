//! Who said of which import that it is right as it is, however wrong it looks as a whole.

use crate::db::tables::quarantine_waiver;
use crate::db::{Connection, Id, either};
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// Keeps who said so, and when.
///
/// # Errors
/// The engine's error.
pub fn insert(
    connection: &mut Connection,
    job: Id,
    by_whom: &str,
    at: NaiveDateTime,
) -> QueryResult<()> {
    let row = (
        quarantine_waiver::job_id.eq(job),
        quarantine_waiver::by_whom.eq(by_whom),
        quarantine_waiver::at.eq(at),
    );
    either!(connection, open => diesel::insert_into(quarantine_waiver::table).values(row).execute(open))?;
    Ok(())
}

/// Whether somebody said so.
///
/// # Errors
/// The engine's error.
pub fn exists(connection: &mut Connection, job: Id) -> QueryResult<bool> {
    let found: i64 = either!(connection, open => quarantine_waiver::table
        .filter(quarantine_waiver::job_id.eq(job)).count().get_result(open))?;
    Ok(found > 0)
}
