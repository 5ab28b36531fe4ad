//! Importing an extract: read row by row, written a chunk at a time. A kill leaves whole chunks, and
//! importing again completes them.

use super::column::{Headings, Row};
use super::owner::Owners;
use super::qualification::Registered;
use super::report::{Imported, Rejection};
use super::{organisation, qualification};
use crate::db::{Bulk, Connection, Db};
use crate::error::Error;
use crate::model;
use crate::model::awarding_body::BodyRow;
use crate::model::qualification::{QualificationRow, TitleRow};
use csv::{ByteRecord, StringRecord};
use schema::Code;
use std::collections::{BTreeSet, HashMap};
use std::io::Read;

/// How many rows share a transaction: others wait for the one writer no longer than one chunk takes.
const CHUNK: usize = 500;

/// The extracts that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Ofqual's register of awarding organisations (Organisations.csv)
    OfqualOrganisations,
    /// Ofqual's register of qualifications (Qualifications.csv), or its downloads of a search or comparison
    OfqualQualifications,
    /// The Department for Education's list of early-years qualifications; files named together are one list, each
    /// going over those before it
    DfeEarlyYears,
}

/// Imports an extract; blocks until all of it is committed.
///
/// # Errors
/// [`Code::FileEmpty`]; [`Code::InputInvalid`] naming the headings that the file lacks, or saying why it cannot be
/// read; the database's failure. What was written before a failure stays written.
pub fn import(db: &Db, format: Format, file: impl Read) -> Result<Imported, Error> {
    if format == Format::DfeEarlyYears {
        let mut reports = super::import_early_years(db, [("the list".to_owned(), file)])?;
        return reports.pop().ok_or_else(|| Error::internal("no report"));
    }
    let mut extract = Extract::open(file)?;
    let mut bulk = db.bulk()?;
    let mut report = Imported::default();
    match format {
        Format::DfeEarlyYears => {}
        Format::OfqualOrganisations => {
            let layout = organisation::Layout::find(&extract.headings)?;
            extract.each_chunk(
                layout.last,
                &mut report,
                |row, place, report| layout.body(row, place, report),
                |rows, _| write(&mut bulk, rows, store_bodies),
            )?;
            report.owners_completed = write(&mut bulk, (), |connection, ()| complete(connection))?;
        }
        Format::OfqualQualifications => {
            let layout = qualification::Layout::find(&extract.headings)?;
            if layout.titles_only() {
                extract.each_chunk(
                    layout.last,
                    &mut report,
                    |row, _, _| layout.title(row),
                    |rows, _| write(&mut bulk, rows, store_titles),
                )?;
                report.titles = report.rows - report.rejected;
            } else {
                let owners = write(&mut bulk, (), |connection, ()| Owners::load(connection))?;
                let mut numbers = BTreeSet::new();
                extract.each_chunk(
                    layout.last,
                    &mut report,
                    |row, place, report| layout.qualification(row, &owners, place, report),
                    |rows: Vec<Registered>, report| {
                        let unresolved = rows.iter().filter(|one| one.row.body.is_none()).count();
                        report.owners_unresolved += count(unresolved);
                        numbers.extend(rows.iter().map(|one| one.row.number.clone()));
                        write(&mut bulk, rows, store_qualifications)
                    },
                )?;
                let conflicts = write(&mut bulk, numbers, |connection, numbers| {
                    super::conflicts(connection, Some(&numbers))
                })?;
                report.disagree(conflicts);
            }
        }
    }
    Ok(report)
}

/// Runs `work` on `input` in one transaction.
fn write<I: Send + 'static, T: Send + 'static>(
    bulk: &mut Bulk,
    input: I,
    work: fn(&mut Connection, I) -> Result<T, Error>,
) -> Result<T, Error> {
    bulk.transaction(move |connection| work(connection, input))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the rows travel to the writing thread"
)]
fn store_bodies(connection: &mut Connection, rows: Vec<BodyRow>) -> Result<u64, Error> {
    let mut changed = 0;
    for row in &rows {
        changed += u64::from(model::awarding_body::register(connection, row)?);
    }
    Ok(changed)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the rows travel to the writing thread"
)]
fn store_qualifications(connection: &mut Connection, all: Vec<Registered>) -> Result<u64, Error> {
    let rows: Vec<&QualificationRow> = all.iter().map(|one| &one.row).collect();
    let mut changed: BTreeSet<String> = model::qualification::register_all(connection, &rows)?
        .into_iter()
        .map(str::to_owned)
        .collect();
    let sectors = all.iter().filter_map(|one| {
        let sectors = one.sectors.clone()?;
        Some((one.row.number.as_str(), sectors))
    });
    changed.extend(model::qualification_sector::state_all(
        connection,
        "register",
        &sectors.collect(),
    )?);
    Ok(count(changed.len()))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the rows travel to the writing thread"
)]
fn store_titles(connection: &mut Connection, rows: Vec<TitleRow>) -> Result<u64, Error> {
    let mut changed = 0;
    for row in &rows {
        changed += u64::from(model::qualification::keep_title(connection, row)?);
    }
    Ok(changed)
}

/// Gives the qualifications that came before their owners did to them, so that the order in which the two
/// extracts are imported does not matter.
fn complete(connection: &mut Connection) -> Result<u64, Error> {
    // Whoever imports qualifications meanwhile would wait for these rows, and these for theirs; or write back that
    // nobody owns what was given to its owner here.
    model::search::begin(connection)?;
    let owners = Owners::load(connection)?;
    let mut completed = 0;
    for name in model::qualification::unresolved_owners(connection)? {
        if let Some(number) = owners.named(&name) {
            completed += count(model::qualification::resolve_owner(
                connection, &name, number,
            )?);
        }
    }
    Ok(completed)
}

/// What tells the rows of one extract from each other.
pub(super) trait Keyed {
    /// The key.
    fn key(&self) -> String;

    /// What becomes of a row whose key an earlier row of the same extract had. The earlier one counts:
    /// were it the later, importing the extract again would change every such row twice.
    fn repeated(&self, earlier: u64) -> Option<Rejection> {
        Some(Rejection::new(
            Code::InputInvalid,
            format!("{} stands in row {earlier} already.", self.key()),
        ))
    }
}

impl Keyed for BodyRow {
    fn key(&self) -> String {
        self.recognition_number.clone()
    }
}

impl Keyed for Registered {
    fn key(&self) -> String {
        self.row.number.clone()
    }
}

impl Keyed for TitleRow {
    fn key(&self) -> String {
        [
            self.title.as_str(),
            &self.body_name,
            &self.level_stated,
            &self.kind,
        ]
        .join("\u{1f}")
    }

    /// Different qualifications bear the same title; without numbers nothing tells them apart.
    fn repeated(&self, _: u64) -> Option<Rejection> {
        None
    }
}

/// An extract whose headings were read.
pub(super) struct Extract<R> {
    reader: csv::Reader<R>,
    pub(super) headings: Headings,
    columns: usize,
}

impl<R: Read> Extract<R> {
    /// Reads the headings.
    pub(super) fn open(file: R) -> Result<Self, Error> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(file);
        let mut record = ByteRecord::new();
        if !reader
            .read_byte_record(&mut record)
            .map_err(|error| unreadable(&error))?
        {
            return Err(Error::from(Code::FileEmpty));
        }
        let record = StringRecord::from_byte_record(record).map_err(|_| {
            Error::with(
                Code::InputInvalid,
                "The file's first row is not UTF-8. Save the file as CSV in UTF-8.",
            )
        })?;
        Ok(Self {
            reader,
            headings: Headings::read(&record),
            columns: record.len(),
        })
    }

    /// Builds the rows and hands them to `store` in chunks; `store` answers how many were new or changed.
    pub(super) fn each_chunk<T: Keyed>(
        &mut self,
        last: usize,
        report: &mut Imported,
        build: impl Fn(&Row<'_>, u64, &mut Imported) -> Result<T, Rejection>,
        mut store: impl FnMut(Vec<T>, &mut Imported) -> Result<u64, Error>,
    ) -> Result<(), Error> {
        let mut seen: HashMap<String, u64> = HashMap::new();
        let mut chunk = Vec::with_capacity(CHUNK);
        let mut bytes = ByteRecord::new();
        let mut place = 1;
        loop {
            let more = self
                .reader
                .read_byte_record(&mut bytes)
                .map_err(|error| unreadable(&error))?;
            if chunk.len() == CHUNK || !more {
                let rows = count(chunk.len());
                let changed = if chunk.is_empty() {
                    0
                } else {
                    store(
                        std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK)),
                        report,
                    )?
                };
                report.new_or_changed += changed;
                report.unchanged += rows.saturating_sub(changed);
            }
            if !more {
                return Ok(());
            }
            place += 1;
            let Ok(record) = StringRecord::from_byte_record(bytes.clone()) else {
                report.rows += 1;
                report.reject(
                    place,
                    Rejection::new(Code::RecordUnreadable, "The row is not UTF-8."),
                );
                continue;
            };
            let row = Row(&record);
            if row.is_blank() {
                continue;
            }
            report.rows += 1;
            let built = row
                .check_shape(self.columns, last)
                .and_then(|()| build(&row, place, report));
            match built {
                Err(rejection) => report.reject(place, rejection),
                Ok(row) => match seen.get(&row.key()) {
                    None => {
                        seen.insert(row.key(), place);
                        chunk.push(row);
                    }
                    Some(earlier) => match row.repeated(*earlier) {
                        Some(rejection) => report.reject(place, rejection),
                        None => report.unchanged += 1,
                    },
                },
            }
        }
    }
}

/// Rows of any length and bytes of any kind are taken, so that it is the reading that failed.
fn unreadable(error: &csv::Error) -> Error {
    let words = match error.kind() {
        csv::ErrorKind::Io(cause) => format!("The file cannot be read: {cause}."),
        _ => "The file cannot be read.".to_owned(),
    };
    Error::with(Code::InputInvalid, words)
}

pub(super) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
