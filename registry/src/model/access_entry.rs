//! The access ledger: who looked at whose data.

use crate::db::tables::access_entry;
use crate::db::{Appended, Connection, Id, either, insert_few};
use crate::error::Error;
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A look.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = access_entry, treat_none_as_default_value = false)]
pub struct AccessRow {
    /// Its identifier.
    pub id: Id,
    /// Whose data; none where nobody was found.
    pub learner_id: Option<Id>,
    /// When.
    pub at: NaiveDateTime,
    /// Who looked.
    pub by_whom: String,
    /// In which role.
    pub role: String,
    /// At what.
    pub what: String,
    /// Why, as stated.
    pub purpose: Option<String>,
    /// By which way.
    pub via: String,
}

/// Stores a look.
///
/// # Errors
/// The engine's error.
pub fn insert(connection: &mut Connection, row: &AccessRow) -> QueryResult<()> {
    insert_all(connection, &[row])
}

/// Stores looks.
///
/// # Errors
/// The engine's error.
pub fn insert_all(connection: &mut Connection, rows: &[&AccessRow]) -> QueryResult<()> {
    insert_few!(connection, access_entry::table, rows)
}

/// Stores the looks of one answer, in one statement however many people it is about.
///
/// # Errors
/// The engine's error.
pub fn insert_together(connection: &mut Connection, rows: &[AccessRow]) -> QueryResult<()> {
    // SQLite takes 32766 values in a statement.
    for rows in rows.chunks(4000) {
        either!(&mut *connection, open => diesel::insert_into(access_entry::table)
            .values(rows).execute(open))?;
    }
    Ok(())
}

impl Appended for AccessRow {
    fn append(connection: &mut Connection, rows: &[&Self]) -> Result<(), Error> {
        Ok(insert_all(connection, rows)?)
    }
}

/// The looks at a learner's data before the one of identifier `before`, at most `limit`, the newest first: those at
/// whoever was merged into them too.
///
/// # Errors
/// The engine's error.
pub fn of_learner(
    connection: &mut Connection,
    learner: Id,
    before: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<AccessRow>> {
    let before = before.unwrap_or_else(|| Id::from_bytes([0xff; 16]));
    let mut learners = vec![learner];
    learners.extend(
        super::learner::members(connection, &[learner])?
            .into_iter()
            .map(|(id, _)| id),
    );
    either!(connection, open => access_entry::table
        .filter(access_entry::learner_id.eq_any(learners).and(access_entry::id.lt(before)))
        .order(access_entry::id.desc()).limit(limit).load(open))
}

/// Notes the looks at one learner since that time as looks at another too.
///
/// # Errors
/// The engine's error.
pub fn copy(
    connection: &mut Connection,
    from: Id,
    to: Id,
    since: NaiveDateTime,
) -> QueryResult<()> {
    let rows: Vec<AccessRow> = either!(&mut *connection, open => access_entry::table
        .filter(access_entry::learner_id.eq(from).and(access_entry::at.ge(since)))
        .order(access_entry::id).load(open))?;
    let copied: Vec<AccessRow> = rows
        .into_iter()
        .map(|row| AccessRow {
            id: Id::new(),
            learner_id: Some(to),
            ..row
        })
        .collect();
    let copied: Vec<&AccessRow> = copied.iter().collect();
    insert_all(connection, &copied)
}
