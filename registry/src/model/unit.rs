//! Units as far as results and searches need them. The register has none: what stands here was stated by
//! results, until the framework says it.

use super::search::{self, Entry, Kind};
use crate::db::tables::{achievement, unit};
use crate::db::{Connection, either, in_parts};
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

/// How many values stand in one statement at the most.
const AT_ONCE: usize = 10_000;

/// A stored unit.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = unit, treat_none_as_null = true, treat_none_as_default_value = false)]
#[diesel(primary_key(reference))]
pub struct UnitRow {
    /// The reference; of a unit of the framework that has none, its key there.
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

impl UnitRow {
    /// As it is searched for. Whoever writes titles or levels tells the index: [`search::change`].
    #[must_use]
    pub fn entry(&self) -> Entry<'_> {
        Entry {
            key: &self.reference,
            title: &self.title,
            level: self.level,
        }
    }
}

/// The unit of that reference or key.
///
/// # Errors
/// The engine's error.
pub fn find(connection: &mut Connection, reference: &str) -> QueryResult<Option<UnitRow>> {
    either!(connection, open => unit::table.find(reference).get_result(open).optional())
}

/// Stores what the framework says of units, whatever was said of them before; answers how many were new or
/// different.
///
/// # Errors
/// The engine's error.
pub fn confirm_all(connection: &mut Connection, rows: &[UnitRow]) -> QueryResult<u64> {
    search::begin(connection)?;
    let mut changed = 0;
    for rows in rows.chunks(AT_ONCE) {
        let references: Vec<&str> = rows.iter().map(|row| row.reference.as_str()).collect();
        let before: Vec<UnitRow> = either!(&mut *connection, open => unit::table
            .filter(unit::reference.eq_any(&references)).load(open))?;
        let before: HashMap<&str, &UnitRow> = before
            .iter()
            .map(|row| (row.reference.as_str(), row))
            .collect();
        for row in rows {
            if before.get(row.reference.as_str()) == Some(&row) {
                continue;
            }
            either!(&mut *connection, open => diesel::insert_into(unit::table).values(row)
                .on_conflict(unit::reference).do_update().set(row).execute(open))?;
            changed += 1;
        }
        let was: Vec<Entry<'_>> = before.values().map(|row| row.entry()).collect();
        let is: Vec<Entry<'_>> = rows.iter().map(UnitRow::entry).collect();
        search::change(connection, Kind::Unit, &was, &is)?;
    }
    Ok(changed)
}

/// Forgets units that the framework has no more. Of those that results name the rows stay, without the
/// framework's word for them.
///
/// # Errors
/// The engine's error.
pub fn release(connection: &mut Connection, references: &[&str]) -> QueryResult<()> {
    search::begin(connection)?;
    for references in references.chunks(AT_ONCE) {
        let named: Vec<String> = either!(&mut *connection, open => achievement::table
            .filter(achievement::subject_kind.eq("unit"))
            .filter(achievement::subject_code.eq_any(references))
            .select(achievement::subject_code).distinct().load(open))?;
        let named: HashSet<&str> = named.iter().map(String::as_str).collect();
        let (named, unnamed): (Vec<&str>, Vec<&str>) = references
            .iter()
            .copied()
            .partition(|reference| named.contains(reference));
        either!(&mut *connection, open => diesel::update(unit::table
            .filter(unit::reference.eq_any(named))).set(unit::confirmed.eq(false)).execute(open))?;
        let gone = all(connection, &unnamed)?;
        let gone: Vec<Entry<'_>> = gone.iter().map(UnitRow::entry).collect();
        search::change(connection, Kind::Unit, &gone, &[])?;
        either!(&mut *connection, open => diesel::delete(unit::table
            .filter(unit::reference.eq_any(unnamed))).execute(open))?;
    }
    Ok(())
}

/// The units of those references, in no order.
///
/// # Errors
/// The engine's error.
pub fn all(connection: &mut Connection, references: &[&str]) -> QueryResult<Vec<UnitRow>> {
    in_parts(
        references,
        |references| either!(&mut *connection, open => unit::table.filter(unit::reference.eq_any(references)).load(open)),
    )
}

/// The references, of those given, that are known.
///
/// # Errors
/// The engine's error.
pub fn known(connection: &mut Connection, references: &[&str]) -> QueryResult<Vec<String>> {
    either!(connection, open => unit::table
        .filter(unit::reference.eq_any(references)).select(unit::reference).load(open))
}

/// Keeps units that results named, where none of their references are known.
///
/// # Errors
/// The engine's error.
pub fn keep_all(connection: &mut Connection, rows: &[UnitRow]) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    search::begin(connection)?;
    let mut kept = Vec::new();
    for row in rows {
        let new = either!(&mut *connection, open => diesel::insert_into(unit::table)
            .values(row).on_conflict_do_nothing().execute(open))?;
        kept.extend((new > 0).then(|| row.entry()));
    }
    search::change(connection, Kind::Unit, &[], &kept)
}
