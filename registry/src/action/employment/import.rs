//! Importing a table: read twice, first to see that every row can be taken and then to take them all, in one transaction. So
//! others wait no longer than the taking, nothing is held but a few rows, and a file is taken whole or not at all.

use super::row::{Columns, Person, Said};
use crate::action::framework::Framework;
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::employment::{self, HeldRow, NeededRow, ProvisionRow};
use chrono::NaiveDateTime;
use csv::StringRecord;
use schema::{Code, Language};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// How many rows are looked at together.
const CHUNK: usize = 500;
/// The most faults that are told.
const MOST_FAULTS: usize = 1000;

/// What a file is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Posts that people hold or held
    Held,
    /// Posts that are needed, by role and area
    Needed,
    /// Places to learn, by role and area
    Provision,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The row, the headings being the first.
    pub row: u64,
    /// The column's heading.
    pub column: &'static str,
    /// The stable code.
    pub code: &'static str,
    /// What it means.
    pub message: &'static str,
}

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// The rows beneath the headings.
    pub rows: u64,
    /// Those that say something new; the others say again, or otherwise, what was said of the same before.
    pub new: u64,
    /// What is wrong; where anything is nothing was taken.
    pub faults: Vec<Fault>,
    /// How many more faults there are.
    pub faults_left_out: u64,
}

/// Imports a file; blocks until all of it is committed, or is found to be one of which nothing can be taken.
///
/// # Errors
/// [`Code::FileEmpty`]; [`Code::InputInvalid`] naming the headings that are wrong; the database's failure. Nothing was
/// taken then.
pub fn import(
    app: &App,
    framework: &Arc<Framework>,
    kind: Kind,
    path: &Path,
) -> Result<Imported, Error> {
    let mut imported = Imported::default();
    let mut table = Table::open(kind, path)?;
    while let Some(chunk) = table.chunk()? {
        imported.rows += chunk.len() as u64;
        let rules = framework.clone();
        let looked = app.db.read_blocking(move |connection| {
            let (taken, faults) = look(connection, &rules, chunk)?;
            drop(taken);
            Ok(faults)
        })?;
        for fault in looked {
            if imported.faults.len() < MOST_FAULTS {
                imported.faults.push(fault);
            } else {
                imported.faults_left_out += 1;
            }
        }
    }
    if !imported.faults.is_empty() {
        return Ok(imported);
    }
    let (rules, path, now) = (framework.clone(), path.to_owned(), app.clock.now());
    let new = app.db.bulk()?.transaction(move |connection| {
        let before = total(connection)?;
        let mut table = Table::open(kind, &path)?;
        while let Some(chunk) = table.chunk()? {
            let (taken, faults) = look(connection, &rules, chunk)?;
            if !faults.is_empty() {
                let words =
                    "The file, or whom it names, changed while it was read. Import it again.";
                return Err(Error::with(Code::StateConflict, words));
            }
            store(connection, kind, taken, now)?;
        }
        Ok(total(connection)? - before)
    })?;
    imported.new = u64::try_from(new).unwrap_or_default();
    Ok(imported)
}

fn total(connection: &mut Connection) -> Result<i64, Error> {
    let (held, needed, provision) = employment::count(connection)?;
    Ok(held + needed + provision)
}

/// A row that was read, with its place.
type Read = (u64, Result<Said, super::row::Wrong>);

/// A file whose headings were read.
struct Table {
    reader: csv::Reader<File>,
    columns: Columns,
    width: usize,
    row: u64,
}

impl Table {
    fn open(kind: Kind, path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(|error| {
            Error::with(Code::InputInvalid, format!("{}: {error}", path.display()))
        })?;
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(file);
        let mut headings = StringRecord::new();
        if !read(&mut reader, &mut headings)? {
            return Err(Error::from(Code::FileEmpty));
        }
        let columns = Columns::read(kind, &headings).map_err(|wrong| {
            let words = format!(
                "The file's first row: {}. The columns are {}.",
                wrong.join("; "),
                kind.columns().join(", ")
            );
            Error::with(Code::InputInvalid, words)
        })?;
        Ok(Self {
            reader,
            columns,
            width: headings.len(),
            row: 1,
        })
    }

    /// The next rows; none where there are no more.
    fn chunk(&mut self) -> Result<Option<Vec<Read>>, Error> {
        let mut rows = Vec::new();
        let mut record = StringRecord::new();
        while rows.len() < CHUNK {
            let readable = match read(&mut self.reader, &mut record) {
                Ok(true) => record.len() == self.width,
                Ok(false) => break,
                Err(error) if error.code() == Code::RecordUnreadable => false,
                Err(error) => return Err(error),
            };
            self.row += 1;
            let said = if readable {
                self.columns.said(&record)
            } else {
                Err(("", Code::RecordUnreadable))
            };
            rows.push((self.row, said));
        }
        Ok((!rows.is_empty()).then_some(rows))
    }
}

/// Reads a row; what is no UTF-8 is [`Code::RecordUnreadable`].
fn read(reader: &mut csv::Reader<File>, into: &mut StringRecord) -> Result<bool, Error> {
    reader
        .read_record(into)
        .map_err(|error| match error.kind() {
            csv::ErrorKind::Utf8 { .. } => Error::from(Code::RecordUnreadable),
            _ => Error::internal(error),
        })
}

/// What rows say, with the people they name; and what is wrong with them.
type Looked = (Vec<(Said, Option<Id>)>, Vec<Fault>);

fn look(
    connection: &mut Connection,
    framework: &Framework,
    chunk: Vec<Read>,
) -> Result<Looked, Error> {
    let said = chunk.iter().filter_map(|(_, said)| said.as_ref().ok());
    let people = people(connection, said)?;
    let mut looked = Looked::default();
    for (row, said) in chunk {
        let said = said.and_then(|said| {
            let id = match &said.person {
                Some(person) => {
                    let column = match person {
                        Person::Uln(_) => "uln",
                        Person::Id(_) => "learner",
                    };
                    Some(*people.get(person).ok_or((column, Code::PersonUnknown))?)
                }
                None => None,
            };
            match framework.role_place(&said.role) {
                Some(_) => Ok((said, id)),
                None => Err(("role", Code::RoleUnknown)),
            }
        });
        match said {
            Ok(said) => looked.0.push(said),
            Err((column, code)) => looked.1.push(Fault {
                row,
                column,
                code: code.as_str(),
                message: code.message(Language::English),
            }),
        }
    }
    Ok(looked)
}

/// The learners whom rows name, in two statements.
fn people<'a>(
    connection: &mut Connection,
    said: impl Iterator<Item = &'a Said>,
) -> Result<HashMap<Person, Id>, Error> {
    let named: HashSet<&Person> = said.filter_map(|said| said.person.as_ref()).collect();
    let ulns = named.iter().filter_map(|person| match person {
        Person::Uln(uln) => Some(uln.as_str()),
        Person::Id(_) => None,
    });
    let ids = named.iter().filter_map(|person| match person {
        Person::Id(id) => Some(*id),
        Person::Uln(_) => None,
    });
    let (ulns, ids): (Vec<&str>, Vec<Id>) = (ulns.collect(), ids.collect());
    let by_uln = employment::by_uln(connection, &ulns)?.into_iter();
    let known = employment::known(connection, &ids)?.into_iter();
    let by_uln = by_uln.map(|(uln, id)| (Person::Uln(uln), id));
    Ok(by_uln.chain(known.map(|id| (Person::Id(id), id))).collect())
}

/// Stores rows. Of two that say the same post, the later one counts.
fn store(
    connection: &mut Connection,
    kind: Kind,
    said: Vec<(Said, Option<Id>)>,
    now: NaiveDateTime,
) -> Result<(), Error> {
    let mut last: BTreeMap<_, (Said, Option<Id>)> = BTreeMap::new();
    for (said, id) in said {
        let key = (
            (id, said.employer.clone(), said.setting.clone()),
            (said.role.clone(), said.area.clone(), said.from),
            // Of posts held, who says so is no part of which post it is.
            (kind != Kind::Held).then(|| said.stated_by.clone()),
        );
        last.insert(key, (said, id));
    }
    let said = last.into_values();
    match kind {
        Kind::Held => {
            let rows = said.filter_map(|(said, id)| {
                Some(HeldRow {
                    learner_id: id?,
                    employer: said.employer,
                    setting: said.setting,
                    role: said.role,
                    area: said.area,
                    from_day: said.from,
                    to_day: said.to,
                    stated_by: said.stated_by,
                    imported_at: now,
                })
            });
            employment::hold(connection, &rows.collect::<Vec<_>>())?;
        }
        Kind::Needed => {
            let rows = said.map(|(said, _)| NeededRow {
                role: said.role,
                area: said.area,
                from_day: said.from,
                to_day: said.to,
                posts: said.number,
                stated_by: said.stated_by,
                imported_at: now,
            });
            employment::need(connection, &rows.collect::<Vec<_>>())?;
        }
        Kind::Provision => {
            let rows = said.map(|(said, _)| ProvisionRow {
                role: said.role,
                area: said.area,
                from_day: said.from,
                to_day: said.to,
                places: said.number,
                stated_by: said.stated_by,
                imported_at: now,
            });
            employment::provide(connection, &rows.collect::<Vec<_>>())?;
        }
    }
    Ok(())
}
