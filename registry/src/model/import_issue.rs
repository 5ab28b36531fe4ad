//! What was noticed about the records of an import, each with its place.

use crate::db::tables::import_issue;
use crate::db::{Connection, Id, either, insert};
use diesel::prelude::*;

/// A stored issue.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = import_issue, treat_none_as_default_value = false)]
pub struct IssueRow {
    /// The job.
    pub job_id: Id,
    /// Counted from 0.
    pub ordinal: i64,
    /// `error` or `warning`.
    pub severity: String,
    /// The stable code: one of the registry's, or an adapter's own.
    pub code: String,
    /// An adapter's own words; the registry's come from the table of codes.
    pub message: Option<String>,
    /// The line of the file.
    pub row_number: Option<i64>,
    /// The column of the line.
    pub column_number: Option<i32>,
    /// The path in a document, or the field.
    pub path: Option<String>,
    /// The byte in the file.
    pub byte_offset: Option<i64>,
    /// Whether it says something of people known from elsewhere, which a body's own report must not.
    pub restricted: bool,
}

/// Stores issues.
///
/// # Errors
/// The engine's error.
pub fn insert_all(connection: &mut Connection, rows: Vec<IssueRow>) -> QueryResult<()> {
    insert!(connection, import_issue::table, rows)
}

/// A job's issues after the one of number `after`, at most `limit`, in order.
///
/// # Errors
/// The engine's error.
pub fn of_job(
    connection: &mut Connection,
    job: Id,
    restricted_too: bool,
    after: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<IssueRow>> {
    either!(connection, open => import_issue::table
        .filter(import_issue::job_id.eq(job)
            .and(import_issue::ordinal.gt(after.unwrap_or(-1)))
            .and(import_issue::restricted.eq(false).or(import_issue::restricted.eq(restricted_too))))
        .order(import_issue::ordinal).limit(limit).load(open))
}

/// How many issues a job has.
///
/// # Errors
/// The engine's error.
pub fn count(connection: &mut Connection, job: Id, restricted_too: bool) -> QueryResult<i64> {
    either!(connection, open => import_issue::table
        .filter(import_issue::job_id.eq(job)
            .and(import_issue::restricted.eq(false).or(import_issue::restricted.eq(restricted_too))))
        .count().get_result(open))
}

/// Drops the issues from number `from` on: those of work that is done again.
///
/// # Errors
/// The engine's error.
pub fn forget(connection: &mut Connection, job: Id, from: i64) -> QueryResult<()> {
    either!(connection, open => diesel::delete(import_issue::table
        .filter(import_issue::job_id.eq(job).and(import_issue::ordinal.ge(from)))).execute(open))?;
    Ok(())
}

/// The number of a job's first issue of that code.
///
/// # Errors
/// The engine's error.
pub fn first_of(connection: &mut Connection, job: Id, code: &str) -> QueryResult<Option<i64>> {
    either!(connection, open => import_issue::table
        .filter(import_issue::job_id.eq(job).and(import_issue::code.eq(code)))
        .select(diesel::dsl::min(import_issue::ordinal)).get_result(open))
}
