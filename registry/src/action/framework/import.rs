//! Importing tables of the framework: all files of one call together, each replacing its table as a whole. They
//! are held against each other and against the tables that stay; anything wrong anywhere, and nothing changes.
//! It is one transaction: killed at any moment, it has happened or not.

use super::Framework;
use super::ask::reference_of;
use super::current::texts;
use super::prepare::areas;
use super::report::{Imported, Issue, TableReport};
use crate::db::{Connection, Db};
use crate::error::Error;
use crate::model::framework_table::{self, TableRow};
use crate::model::qualification_sector;
use crate::model::unit::{self, UnitRow};
use chrono::NaiveDateTime;
use framework::catalogue::{self, Unit};
use framework::shipped::Table;
use schema::{Code, Level};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The largest table, in bytes: it is read as a whole.
pub const LARGEST: usize = 64 << 20;

/// A file of one table.
#[derive(Debug, Clone)]
pub struct TableFile {
    /// What it is called when it is spoken of.
    pub name: String,
    /// What is in it.
    pub content: Vec<u8>,
}

impl TableFile {
    /// The shipped sample, a file a table.
    #[must_use]
    pub fn shipped() -> Vec<Self> {
        let file = |table: &Table| Self {
            name: format!("{}.csv", table.name()),
            content: table.shipped().as_bytes().to_vec(),
        };
        Table::ALL.iter().map(file).collect()
    }
}

/// Imports tables; blocks until they are in force. The same files again change nothing.
///
/// # Errors
/// [`Code::TooLarge`]; the database's failure. What is wrong with the files stands in the answer.
pub fn import(db: &Db, now: NaiveDateTime, files: Vec<TableFile>) -> Result<Imported, Error> {
    if let Some(file) = files.iter().find(|file| file.content.len() > LARGEST) {
        let words = format!("{}: a table may have {LARGEST} bytes at most.", file.name);
        return Err(Error::with(Code::TooLarge, words));
    }
    let mut report = Imported::default();
    let mut rows = Vec::new();
    for file in files {
        let mut told = TableReport {
            file: file.name.clone(),
            ..TableReport::default()
        };
        match recognise(file) {
            Err(issue) => told.note(issue),
            Ok((table, _))
                if report
                    .files
                    .iter()
                    .any(|one| one.table == Some(table.name())) =>
            {
                let words = format!("Another file of this import is the table {}.", table.name());
                told.note(Issue::new(1, Code::InputInvalid, words));
            }
            Ok((table, content)) => {
                told.table = Some(table.name());
                told.rows = count(records(&content).values().sum());
                rows.push(TableRow {
                    name: table.name().to_owned(),
                    version: 0,
                    digest: digest(&content),
                    content,
                    loaded_at: now,
                    replaced_at: None,
                });
            }
        }
        report.files.push(told);
    }
    if report.is_rejected() {
        report.reject();
        return Ok(report);
    }
    db.bulk()?
        .transaction(move |connection| store(connection, report, &rows))
}

/// Which table a file is, and its text.
fn recognise(file: TableFile) -> Result<(Table, String), Issue> {
    let text = String::from_utf8(file.content).map_err(|error| {
        let before = error
            .as_bytes()
            .iter()
            .take(error.utf8_error().valid_up_to());
        let row = 1 + before.filter(|byte| **byte == b'\n').count();
        let words = "The row is not UTF-8. Save the file as CSV in UTF-8.";
        Issue::new(count(row), Code::RecordUnreadable, words)
    })?;
    // Not every database keeps it.
    if let Some(place) = text.find('\0') {
        let row = 1 + text.get(..place).unwrap_or_default().matches('\n').count();
        let words = "The row holds the character of number zero.";
        return Err(Issue::new(count(row), Code::TextInvalid, words));
    }
    let table = Table::recognise(&text).ok_or_else(|| {
        let words =
            "No table of the framework has this heading; see registry/framework/data/README.md.";
        Issue::new(1, Code::InputInvalid, words)
    })?;
    Ok((table, text))
}

fn store(
    connection: &mut Connection,
    mut report: Imported,
    rows: &[TableRow],
) -> Result<Imported, Error> {
    let version = framework_table::claim(connection)? + 1;
    let stored = framework_table::in_force(connection)?;
    let before = texts(&stored);
    let after: HashMap<&str, &str> = before
        .iter()
        .map(|(name, text)| (*name, *text))
        .chain(texts(rows))
        .collect();
    let text = |table: Table| after.get(table.name()).copied().unwrap_or_default();
    let framework = match Framework::of(text) {
        Ok(framework) => framework,
        Err(faults) => {
            report.tell(faults);
            report.reject();
            return Ok(report);
        }
    };
    for (row, file) in rows.iter().zip(&mut report.files) {
        let had = before.get(row.name.as_str()).copied().unwrap_or_default();
        compare(file, had, &row.content);
    }
    let new: Vec<TableRow> = rows
        .iter()
        .filter(|row| {
            let known = stored.iter().find(|stored| stored.name == row.name);
            known.is_none_or(|known| known.digest != row.digest)
        })
        .map(|row| TableRow {
            version,
            ..row.clone()
        })
        .collect();
    // Also where the tables are the same: another version of the program may read more out of them.
    state_sectors(connection, &framework)?;
    if new.is_empty() {
        return Ok(report);
    }
    framework_table::replace(connection, &new, version)?;
    let units = Table::Units.name();
    if new.iter().any(|row| row.name == units) {
        let before = before.get(units).copied().unwrap_or_default();
        // An import that found a unit known tells of it in a moment: the unit must not be forgotten meanwhile.
        connection.merge_alone()?;
        confirm(connection, before, &framework)?;
    }
    Ok(report)
}

/// Counts what of a table is new, stayed, and is gone. A row is the same row wherever it stands.
fn compare(file: &mut TableReport, before: &str, after: &str) {
    let (before, after) = (records(before), records(after));
    let many = |of: &HashMap<String, usize>, row: &str| of.get(row).copied().unwrap_or(0);
    let same: usize = after
        .iter()
        .map(|(row, times)| many(&before, row).min(*times))
        .sum();
    let (before, after): (usize, usize) = (before.values().sum(), after.values().sum());
    file.unchanged = count(same);
    file.new_or_changed = count(after - same);
    file.removed = count(before - same);
}

/// The rows of a text, each with how often it stands there.
fn records(text: &str) -> HashMap<String, usize> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut found = HashMap::new();
    for row in reader.records().filter_map(Result::ok) {
        if row.iter().any(|cell| !cell.trim().is_empty()) {
            // No cell that is typed holds the separator.
            let cells: Vec<&str> = row.iter().collect();
            *found.entry(cells.join("\u{1f}")).or_insert(0) += 1;
        }
    }
    found
}

/// Says to which sectors qualifications belong, to those who search in one. What was said before and is said no longer
/// is taken back.
fn state_sectors(connection: &mut Connection, framework: &Framework) -> Result<(), Error> {
    let areas = areas(framework);
    let sectors: BTreeMap<&str, BTreeSet<String>> = areas
        .iter()
        .map(|(number, sectors)| (number.as_str(), sectors.iter().cloned().collect()))
        .collect();
    qualification_sector::state_whole(connection, "framework", &sectors)?;
    Ok(())
}

/// Gives the units of the framework to those who ask for them by what results and searches know.
fn confirm(connection: &mut Connection, before: &str, framework: &Framework) -> Result<(), Error> {
    let rows: Vec<UnitRow> = framework.units.iter().map(UnitRow::from).collect();
    let now: HashSet<&str> = rows.iter().map(|row| row.reference.as_str()).collect();
    let before: Vec<String> = catalogue::units(before)
        .unwrap_or_default()
        .iter()
        .map(reference_of)
        .collect();
    let gone: Vec<&str> = before
        .iter()
        .map(String::as_str)
        .filter(|reference| !now.contains(reference))
        .collect();
    unit::confirm_all(connection, &rows)?;
    unit::release(connection, &gone)?;
    Ok(())
}

impl From<&Unit> for UnitRow {
    fn from(unit: &Unit) -> Self {
        Self {
            reference: reference_of(unit),
            title: unit.facts.title.clone(),
            level: unit.facts.level.map(Level::place),
            credit: unit.facts.credit.map(i32::from),
            guided_learning_hours: unit.facts.guided_learning_hours.map(i32::from),
            confirmed: unit.confirmed,
        }
    }
}

fn digest(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
