//! The Department for Education's list of early-years qualifications: every entry as it ever stood.

use crate::db::tables::{early_years_entry, early_years_list};
use crate::db::{Connection, either, insert};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use schema::Date;
use std::collections::HashMap;

/// How many values stand in one statement at the most.
const AT_ONCE: usize = 10_000;

/// An entry of the list.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = early_years_entry, treat_none_as_default_value = false)]
pub struct EntryRow {
    /// Its reference, `EYQ-` and a number.
    pub reference: String,
    /// The version of the list with which it came to say so.
    pub version: i64,
    /// The level's place.
    pub level: i16,
    /// The first day of the months in which it must have been begun.
    pub started_from: Option<Date>,
    /// The last day of them.
    pub started_until: Option<Date>,
    /// The title.
    pub title: String,
    /// The awarding organisation in the list's words.
    pub body_name: String,
    /// The number in the register.
    pub number: Option<String>,
    /// What must be known of it besides, in words.
    pub notes: Option<String>,
    /// Identifiers of questions about it, parted by colons.
    pub questions: String,
    /// Identifiers of what ratios require, parted by colons.
    pub ratio_requirements: String,
    /// When it was loaded.
    pub loaded_at: NaiveDateTime,
    /// When it came to say something else.
    pub replaced_at: Option<NaiveDateTime>,
}

impl EntryRow {
    /// Whether both say the same, whenever they came to say it.
    #[must_use]
    pub fn says(&self, other: &Self) -> bool {
        let timeless = |row: &Self| Self {
            version: 0,
            loaded_at: NaiveDateTime::default(),
            replaced_at: None,
            ..row.clone()
        };
        timeless(self) == timeless(other)
    }
}

/// The version of the list that is in force; 0 where none was loaded.
///
/// # Errors
/// The engine's error.
pub fn version(connection: &mut Connection) -> QueryResult<i64> {
    either!(connection, open => early_years_list::table.select(early_years_list::version).first(open))
}

/// Every entry that is in force, by reference.
///
/// # Errors
/// The engine's error.
pub fn in_force(connection: &mut Connection) -> QueryResult<Vec<EntryRow>> {
    either!(connection, open => early_years_entry::table
        .filter(early_years_entry::replaced_at.is_null())
        .order(early_years_entry::reference).load(open))
}

/// Stores what the list says of these entries, each once, under one new version where any of it is new; answers the
/// references of those that are. Entries of which nothing is said stay as they are.
///
/// # Errors
/// The engine's error.
pub fn state_all(connection: &mut Connection, rows: Vec<EntryRow>) -> QueryResult<Vec<String>> {
    // Whoever else imports waits for this row.
    either!(&mut *connection, open => diesel::update(early_years_list::table)
        .set(early_years_list::version.eq(early_years_list::version + 0)).execute(open))?;
    let before: HashMap<String, EntryRow> = in_force(connection)?
        .into_iter()
        .map(|row| (row.reference.clone(), row))
        .collect();
    let mut news: Vec<EntryRow> = rows
        .into_iter()
        .filter(|row| !before.get(&row.reference).is_some_and(|old| old.says(row)))
        .collect();
    if news.is_empty() {
        return Ok(Vec::new());
    }
    let (next, now) = (version(connection)? + 1, connection.clock()?);
    either!(&mut *connection, open => diesel::update(early_years_list::table)
        .set(early_years_list::version.eq(next)).execute(open))?;
    let references: Vec<String> = news.iter().map(|row| row.reference.clone()).collect();
    for references in references.chunks(AT_ONCE) {
        either!(&mut *connection, open => diesel::update(early_years_entry::table
            .filter(early_years_entry::replaced_at.is_null())
            .filter(early_years_entry::reference.eq_any(references)))
            .set(early_years_entry::replaced_at.eq(now)).execute(open))?;
    }
    for row in &mut news {
        row.version = next;
        row.loaded_at = now;
    }
    insert!(connection, early_years_entry::table, news)?;
    Ok(references)
}
