//! What people did to develop, and how they were inducted.

use crate::db::tables::development_entry;
use crate::db::{Connection, Id, either, in_parts};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use schema::Date;

/// An entry.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable)]
#[diesel(table_name = development_entry, treat_none_as_default_value = false)]
pub struct DevelopmentRow {
    /// Its identifier.
    pub id: Id,
    /// As whom it was recorded.
    pub learner_id: Id,
    /// Its kind, in the person's words: `cpd`, `induction`.
    pub kind: String,
    /// What it was.
    pub title: String,
    /// How long it took, in minutes.
    pub minutes: Option<i32>,
    /// The day, or the last of them.
    pub on_day: Date,
    /// Codes of areas of the Common Core, with bars between them.
    pub areas: String,
    /// Codes of National Occupational Standards, with bars between them.
    pub standards: String,
    /// When it was recorded.
    pub recorded_at: NaiveDateTime,
}

impl DevelopmentRow {
    /// The codes of areas.
    pub fn areas(&self) -> impl Iterator<Item = &str> {
        self.areas.split('|').filter(|code| !code.is_empty())
    }

    /// The codes of standards.
    pub fn standards(&self) -> impl Iterator<Item = &str> {
        self.standards.split('|').filter(|code| !code.is_empty())
    }
}

/// Stores an entry.
///
/// # Errors
/// The engine's error.
pub fn insert(connection: &mut Connection, row: &DevelopmentRow) -> QueryResult<()> {
    either!(connection, open => diesel::insert_into(development_entry::table).values(row).execute(open))?;
    Ok(())
}

/// How many entries these learners recorded.
///
/// # Errors
/// The engine's error.
pub fn count(connection: &mut Connection, learners: &[Id]) -> QueryResult<i64> {
    either!(connection, open => development_entry::table
        .filter(development_entry::learner_id.eq_any(learners)).count().get_result(open))
}

/// The entries that these learners recorded before the one of identifier `before`, the newest first, at most `limit`.
///
/// # Errors
/// The engine's error.
pub fn of_learners(
    connection: &mut Connection,
    learners: &[Id],
    before: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<DevelopmentRow>> {
    let before = before.unwrap_or_else(|| Id::from_bytes([0xff; 16]));
    either!(connection, open => development_entry::table
        .filter(development_entry::learner_id.eq_any(learners).and(development_entry::id.lt(before)))
        .order(development_entry::id.desc()).limit(limit).load(open))
}

/// The entries of that kind that these learners recorded, the newest first.
///
/// # Errors
/// The engine's error.
pub fn of_kind(
    connection: &mut Connection,
    learners: &[Id],
    kind: &str,
) -> QueryResult<Vec<DevelopmentRow>> {
    let mut found: Vec<DevelopmentRow> = in_parts(learners, |learners| {
        either!(&mut *connection, open => development_entry::table
            .filter(development_entry::learner_id.eq_any(learners).and(development_entry::kind.eq(kind)))
            .load(open))
    })?;
    found.sort_unstable_by_key(|row| std::cmp::Reverse((row.on_day, row.id)));
    Ok(found)
}

/// An entry of one of these learners.
///
/// # Errors
/// The engine's error.
pub fn find(
    connection: &mut Connection,
    learners: &[Id],
    id: Id,
) -> QueryResult<Option<DevelopmentRow>> {
    either!(connection, open => development_entry::table
        .filter(development_entry::id.eq(id).and(development_entry::learner_id.eq_any(learners)))
        .get_result(open).optional())
}
