//! What whoever issues ULNs said became of them. A statement is stored once an import that told it.

use crate::db::tables::uln_change;
use crate::db::{Connection, Id, either, insert};
use diesel::prelude::*;
use schema::{Date, UlnChange};

/// SQLite takes 32766 values in a statement.
const AT_ONCE: usize = 30_000;

/// That an import told what became of a ULN.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Queryable, Insertable)]
#[diesel(table_name = uln_change, treat_none_as_default_value = false)]
pub struct ChangeRow {
    /// The number.
    pub uln: String,
    /// See [`schema::UlnAction`].
    pub action: String,
    /// The number that stands for both, or did; empty for one that was deleted.
    pub master: String,
    /// When it was done.
    pub changed_on: Date,
    /// The import.
    pub job_id: Id,
}

impl ChangeRow {
    /// What an import told.
    #[must_use]
    pub fn new(change: &UlnChange, job_id: Id) -> Self {
        Self {
            uln: change.uln.to_string(),
            action: change.action.as_str().to_owned(),
            master: change.master.map(|uln| uln.to_string()).unwrap_or_default(),
            changed_on: change.changed_on,
            job_id,
        }
    }

    /// The numbers that it names.
    pub fn ulns(&self) -> impl Iterator<Item = &str> {
        let named = [self.uln.as_str(), self.master.as_str()].into_iter();
        named.filter(|uln| !uln.is_empty())
    }
}

/// What was said of any of these numbers, in no order.
///
/// # Errors
/// The engine's error.
pub fn of(connection: &mut Connection, ulns: &[&str]) -> QueryResult<Vec<ChangeRow>> {
    let mut found: Vec<ChangeRow> = Vec::new();
    for ulns in ulns.chunks(AT_ONCE) {
        found.extend(either!(&mut *connection, open => uln_change::table
            .filter(uln_change::uln.eq_any(ulns)).load::<ChangeRow>(open))?);
        found.extend(either!(&mut *connection, open => uln_change::table
            .filter(uln_change::master.eq_any(ulns)).load::<ChangeRow>(open))?);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Those of these numbers that were deleted.
///
/// # Errors
/// The engine's error.
pub fn deleted(connection: &mut Connection, ulns: &[&str]) -> QueryResult<Vec<String>> {
    let action = schema::UlnAction::Deleted.as_str();
    let mut found = Vec::new();
    for ulns in ulns.chunks(AT_ONCE) {
        found.extend(either!(&mut *connection, open => uln_change::table
            .filter(uln_change::uln.eq_any(ulns).and(uln_change::action.eq(action)))
            .select(uln_change::uln).distinct().load::<String>(open))?);
    }
    Ok(found)
}

/// Stores what was said.
///
/// # Errors
/// The engine's error.
pub fn insert_all(connection: &mut Connection, rows: Vec<ChangeRow>) -> QueryResult<()> {
    insert!(connection, uln_change::table, rows)
}

/// How much of it this import told.
///
/// # Errors
/// The engine's error.
pub fn count_of_job(connection: &mut Connection, job: Id) -> QueryResult<i64> {
    either!(connection, open => uln_change::table.filter(uln_change::job_id.eq(job)).count().get_result(open))
}

/// Forgets some of what this import told, of at most `limit` numbers; answers what that was.
///
/// # Errors
/// The engine's error.
pub fn forget_of_job(
    connection: &mut Connection,
    job: Id,
    limit: i64,
) -> QueryResult<Vec<ChangeRow>> {
    either!(connection, open => {
        let ulns: Vec<String> = uln_change::table.filter(uln_change::job_id.eq(job))
            .select(uln_change::uln).distinct().order(uln_change::uln).limit(limit).load(open)?;
        let theirs = || uln_change::job_id.eq(job).and(uln_change::uln.eq_any(&ulns));
        let rows: Vec<ChangeRow> = uln_change::table.filter(theirs()).load(open)?;
        diesel::delete(uln_change::table.filter(theirs())).execute(open)?;
        Ok(rows)
    })
}
