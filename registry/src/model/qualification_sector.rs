//! To which sectors qualifications belong: the register's subject areas, and whoever else has a word for it. Sectors
//! are folded, so that they are found however they are written.

use crate::db::tables::qualification_sector;
use crate::db::{Connection, either, in_parts};
use diesel::prelude::*;
use schema::words;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Queryable, Insertable)]
#[diesel(table_name = qualification_sector, treat_none_as_default_value = false)]
struct SectorRow {
    number: String,
    source: String,
    sector: String,
}

/// A sector as it is compared.
#[must_use]
pub fn folded(sector: &str) -> String {
    words(sector).join(" ")
}

/// Stores to which sectors a source says that these qualifications belong, in place of what it said of them before;
/// answers of which that was different.
///
/// # Errors
/// The engine's error.
pub fn state_all(
    connection: &mut Connection,
    source: &str,
    sectors: &BTreeMap<&str, BTreeSet<String>>,
) -> QueryResult<BTreeSet<String>> {
    let numbers: Vec<&str> = sectors.keys().copied().collect();
    let before: Vec<SectorRow> = in_parts(&numbers, |numbers| {
        either!(&mut *connection, open => qualification_sector::table
        .filter(qualification_sector::source.eq(source))
        .filter(qualification_sector::number.eq_any(numbers)).load(open))
    })?;
    replace(connection, source, before, sectors)
}

/// The same of everything that the source says: of other qualifications it says nothing any more.
///
/// # Errors
/// The engine's error.
pub fn state_whole(
    connection: &mut Connection,
    source: &str,
    sectors: &BTreeMap<&str, BTreeSet<String>>,
) -> QueryResult<BTreeSet<String>> {
    let before: Vec<SectorRow> = either!(&mut *connection, open => qualification_sector::table
        .filter(qualification_sector::source.eq(source)).load(open))?;
    replace(connection, source, before, sectors)
}

fn replace(
    connection: &mut Connection,
    source: &str,
    before: Vec<SectorRow>,
    sectors: &BTreeMap<&str, BTreeSet<String>>,
) -> QueryResult<BTreeSet<String>> {
    let before: BTreeSet<SectorRow> = before.into_iter().collect();
    let rows = sectors.iter().flat_map(|(number, sectors)| {
        sectors.iter().map(|sector| SectorRow {
            number: (*number).to_owned(),
            source: source.to_owned(),
            sector: folded(sector),
        })
    });
    let after: BTreeSet<SectorRow> = rows.collect();
    let mut changed = BTreeSet::new();
    for row in before.difference(&after) {
        let key = (&row.number, &row.source, &row.sector);
        either!(&mut *connection, open => diesel::delete(qualification_sector::table.find(key)).execute(open))?;
        changed.insert(row.number.clone());
    }
    for row in after.difference(&before) {
        either!(&mut *connection, open => diesel::insert_into(qualification_sector::table)
            .values(row).on_conflict_do_nothing().execute(open))?;
        changed.insert(row.number.clone());
    }
    Ok(changed)
}
