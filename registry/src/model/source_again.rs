//! Which imports told a stored statement again. It is stored once, as the first one told it; without this nobody
//! would know, when that one is taken back, that another said the same.

use crate::db::tables::source_again;
use crate::db::{Connection, Id, either, insert};
use diesel::prelude::*;
use std::collections::BTreeSet;

/// SQLite takes 32766 values in a statement.
const AT_ONCE: usize = 30_000;

/// That an import told a stored statement again.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = source_again, treat_none_as_default_value = false)]
pub struct AgainRow {
    /// The statement.
    pub source_id: Id,
    /// The import.
    pub job_id: Id,
    /// Where in that import's file it stood: an encoded `Position`.
    pub position: Vec<u8>,
}

/// Remembers what imports told again; what is remembered already, and a second time among `rows`, is left out.
///
/// # Errors
/// The engine's error.
pub fn remember(connection: &mut Connection, mut rows: Vec<AgainRow>) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let sources: BTreeSet<Id> = rows.iter().map(|row| row.source_id).collect();
    let sources: Vec<Id> = sources.into_iter().collect();
    let jobs: BTreeSet<Id> = rows.iter().map(|row| row.job_id).collect();
    let jobs: Vec<Id> = jobs.into_iter().collect();
    let mut known: BTreeSet<(Id, Id)> = BTreeSet::new();
    for some in sources.chunks(AT_ONCE - jobs.len().min(1000)) {
        known.extend(either!(&mut *connection, open => source_again::table
            .filter(source_again::source_id.eq_any(some).and(source_again::job_id.eq_any(&jobs)))
            .select((source_again::source_id, source_again::job_id))
            .load::<(Id, Id)>(open))?);
    }
    rows.retain(|row| known.insert((row.source_id, row.job_id)));
    insert!(connection, source_again::table, rows)
}

/// Who told these statements again, in the order of the imports.
///
/// # Errors
/// The engine's error.
pub fn of_sources(connection: &mut Connection, sources: &[Id]) -> QueryResult<Vec<AgainRow>> {
    let mut found: Vec<AgainRow> = Vec::new();
    for some in sources.chunks(AT_ONCE) {
        found.extend(either!(&mut *connection, open => source_again::table
            .filter(source_again::source_id.eq_any(some)).load::<AgainRow>(open))?);
    }
    found.sort_by_key(|row| (row.job_id, row.source_id));
    Ok(found)
}

/// Forgets that an import told a statement again.
///
/// # Errors
/// The engine's error.
pub fn forget(connection: &mut Connection, row: &AgainRow) -> QueryResult<()> {
    either!(connection, open => diesel::delete(source_again::table.find((row.source_id, row.job_id)))
        .execute(open))?;
    Ok(())
}

/// Forgets what an import told again, at most `limit` statements at once; answers how many there were.
///
/// # Errors
/// The engine's error.
pub fn forget_of_job(connection: &mut Connection, job: Id, limit: i64) -> QueryResult<usize> {
    either!(connection, open => {
        let some: Vec<Id> = source_again::table.filter(source_again::job_id.eq(job))
            .select(source_again::source_id).limit(limit).load(open)?;
        diesel::delete(source_again::table
            .filter(source_again::job_id.eq(job).and(source_again::source_id.eq_any(&some)))).execute(open)
    })
}
