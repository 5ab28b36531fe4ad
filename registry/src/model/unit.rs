//! Units as far as results need them. The register has none: what stands here was stated, until the
//! framework confirms it.

use crate::db::tables::unit;
use crate::db::{Connection, either};
use diesel::prelude::*;
use schema::UnitReference;

/// A stored unit.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = unit, treat_none_as_default_value = false)]
pub struct UnitRow {
    /// The reference.
    pub reference: String,
    /// The title.
    pub title: String,
    /// The level's place.
    pub level: Option<i16>,
    /// The credit.
    pub credit: Option<i32>,
    /// Guided learning, in hours.
    pub guided_learning_hours: Option<i32>,
    /// Whether the framework confirms what stands here.
    pub confirmed: bool,
}

/// The unit of that reference.
///
/// # Errors
/// The engine's error.
pub fn find(connection: &mut Connection, reference: UnitReference) -> QueryResult<Option<UnitRow>> {
    either!(connection, open => unit::table.find(reference.as_str()).get_result(open).optional())
}

/// The units of those references, in no order.
///
/// # Errors
/// The engine's error.
pub fn all(connection: &mut Connection, references: &[&str]) -> QueryResult<Vec<UnitRow>> {
    either!(connection, open => unit::table.filter(unit::reference.eq_any(references)).load(open))
}

/// The references, of those given, that are known.
///
/// # Errors
/// The engine's error.
pub fn known(connection: &mut Connection, references: &[&str]) -> QueryResult<Vec<String>> {
    either!(connection, open => unit::table
        .filter(unit::reference.eq_any(references)).select(unit::reference).load(open))
}

/// Keeps a unit that a result named, where none of that reference is known.
///
/// # Errors
/// The engine's error.
pub fn keep(connection: &mut Connection, row: &UnitRow) -> QueryResult<()> {
    either!(connection, open => diesel::insert_into(unit::table)
        .values(row).on_conflict_do_nothing().execute(open))?;
    Ok(())
}
