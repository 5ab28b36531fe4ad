//! The framework's tables as texts, each kept whole with every text it had before, and the number of the state
//! that is in force. What they mean is read by `action/framework`.

use crate::db::tables::{framework_table, framework_version};
use crate::db::{Connection, either};
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// The one row of `framework_version`.
const ONLY: i16 = 1;

/// A table's text.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = framework_table, treat_none_as_default_value = false)]
pub struct TableRow {
    /// The table's name; see [`framework::shipped::Table`].
    pub name: String,
    /// The version with which the text came into force.
    pub version: i64,
    /// SHA-256 of the text.
    pub digest: String,
    /// The text.
    pub content: String,
    /// When it was imported.
    pub loaded_at: NaiveDateTime,
    /// When another took its place.
    pub replaced_at: Option<NaiveDateTime>,
}

/// The number of the state that is in force; 0 where nothing was ever imported.
///
/// # Errors
/// The engine's error.
pub fn version(connection: &mut Connection) -> QueryResult<i64> {
    either!(connection, open => framework_version::table.find(ONLY)
        .select(framework_version::version).get_result(open))
}

/// [`version`], kept from changing until the transaction ends.
///
/// # Errors
/// The engine's error.
pub fn claim(connection: &mut Connection) -> QueryResult<i64> {
    either!(&mut *connection, open => diesel::update(framework_version::table.find(ONLY))
        .set(framework_version::version.eq(framework_version::version)).execute(open))?;
    version(connection)
}

/// The texts in force, in no order: one statement, and so of one state.
///
/// # Errors
/// The engine's error.
pub fn in_force(connection: &mut Connection) -> QueryResult<Vec<TableRow>> {
    either!(connection, open => framework_table::table
        .filter(framework_table::replaced_at.is_null()).load(open))
}

/// Puts texts in the place of those in force, under a version of their own that is in force from then on.
///
/// # Errors
/// The engine's error.
pub fn replace(connection: &mut Connection, rows: &[TableRow], version: i64) -> QueryResult<()> {
    for row in rows {
        let before = framework_table::table
            .filter(framework_table::name.eq(&row.name))
            .filter(framework_table::replaced_at.is_null());
        either!(&mut *connection, open => diesel::update(before)
            .set(framework_table::replaced_at.eq(row.loaded_at)).execute(open))?;
        either!(&mut *connection, open => diesel::insert_into(framework_table::table)
            .values(row).execute(open))?;
    }
    either!(connection, open => diesel::update(framework_version::table.find(ONLY))
        .set(framework_version::version.eq(version)).execute(open))?;
    Ok(())
}
