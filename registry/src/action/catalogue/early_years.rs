//! The list of early-years qualifications that the Department for Education publishes: a full list, and updates to
//! it that repeat the references of what they change. Files that are imported together are one list, each going
//! over those before it, so that importing them again changes nothing.

use super::column::{Column, Headings, Row, excerpt};
use super::import::{Extract, Keyed};
use super::report::{Imported, Rejection};
use crate::db::Db;
use crate::error::Error;
use crate::model::early_years::{self, EntryRow};
use chrono::{Months, NaiveDateTime};
use schema::{Code, Date, Level, QualificationNumber};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

const ESSENTIAL: [&str; 7] = [
    "Qualification Ref",
    "Qualification Level",
    "From which date",
    "To which date",
    "Qualification Name",
    "Awarding Organisation Title",
    "Qualification Number",
];

const DIALECTS: &str = "Known is the Department for Education's list of early-years qualifications as CSV: \
     Qualification Ref, Qualification Level, From which date, To which date, Qualification Name, Awarding \
     Organisation Title, Qualification Number, Notes/Additional Requirements, AdditionalRequirementQuestions, \
     RatioRequirements.";

/// Where the columns stand.
struct Layout {
    reference: Column,
    level: Column,
    from: Column,
    until: Column,
    title: Column,
    body: Column,
    number: Column,
    notes: Column,
    questions: Column,
    ratio_requirements: Column,
    last: usize,
}

/// An entry, and the row of its file. No two are the same: a later one goes over an earlier.
struct Stated {
    row: EntryRow,
    place: u64,
}

impl Keyed for Stated {
    fn key(&self) -> String {
        self.place.to_string()
    }
}

/// Imports files of the list, each with how it is called when it is spoken of, in their order, in one transaction;
/// answers of each what became of it.
///
/// # Errors
/// Of a file, which is named: [`Code::FileEmpty`]; [`Code::InputInvalid`] naming the headings that it lacks, or saying
/// why it cannot be read. The database's failure. Then nothing was changed.
pub fn import_early_years(
    db: &Db,
    files: impl IntoIterator<Item = (String, impl Read)>,
) -> Result<Vec<Imported>, Error> {
    let (mut entries, mut reports) = (BTreeMap::new(), Vec::new());
    for (number, (name, file)) in files.into_iter().enumerate() {
        let (read, report) = read(file).map_err(|error| error.of_file(&name))?;
        for row in read {
            entries.insert(row.reference.clone(), (number, row));
        }
        reports.push(report);
    }
    let files: BTreeMap<String, usize> = entries
        .iter()
        .map(|(reference, (number, _))| (reference.clone(), *number))
        .collect();
    let numbers: BTreeSet<String> = entries
        .values()
        .filter_map(|(_, row)| row.number.clone())
        .collect();
    let rows: Vec<EntryRow> = entries.into_values().map(|(_, row)| row).collect();
    let (changed, conflicts) = db.bulk()?.transaction(move |connection| {
        let changed = early_years::state_all(connection, rows)?;
        let conflicts = super::conflicts(connection, Some(&numbers))?;
        Ok((changed, conflicts))
    })?;
    for reference in changed {
        let number = files.get(&reference).copied().unwrap_or_default();
        if let Some(report) = reports.get_mut(number) {
            report.new_or_changed += 1;
            report.unchanged = report.unchanged.saturating_sub(1);
        }
    }
    if let Some(last) = reports.last_mut() {
        last.disagree(conflicts);
    }
    Ok(reports)
}

/// The entries of a file, in their order, and what became of its rows.
fn read(file: impl Read) -> Result<(Vec<EntryRow>, Imported), Error> {
    let mut extract = Extract::open(file)?;
    let layout = Layout::find(&extract.headings)?;
    let (mut entries, mut report) = (Vec::new(), Imported::default());
    extract.each_chunk(
        layout.last,
        &mut report,
        |row, place, report| layout.entry(row, place, report),
        |all: Vec<Stated>, _| {
            entries.extend(all.into_iter().map(|one| one.row));
            Ok(0)
        },
    )?;
    Ok((entries, report))
}

impl Layout {
    fn find(headings: &Headings) -> Result<Self, Error> {
        Ok(Self {
            last: headings.require(&ESSENTIAL, DIALECTS)?,
            reference: headings.find("Qualification Ref"),
            level: headings.find("Qualification Level"),
            from: headings.find("From which date"),
            until: headings.find("To which date"),
            title: headings.find("Qualification Name"),
            body: headings.find("Awarding Organisation Title"),
            number: headings.find("Qualification Number"),
            notes: headings.find("Notes/Additional Requirements"),
            questions: headings.find("AdditionalRequirementQuestions"),
            ratio_requirements: headings.find("RatioRequirements"),
        })
    }

    fn entry(&self, row: &Row<'_>, place: u64, report: &mut Imported) -> Result<Stated, Rejection> {
        let reference = row.essential(self.reference, "Qualification Ref")?;
        let stated = row.essential(self.level, "Qualification Level")?;
        let level = Level::parse(&stated).ok_or_else(|| {
            let words = format!("{} is no level of the framework.", excerpt(&stated));
            Rejection::new(Code::LevelUnknown, words)
        })?;
        // An entry whose days cannot be read would count for whoever began at any time.
        let from = month(row.text(self.from)?.as_deref(), "From which date")?;
        let until = month(row.text(self.until)?.as_deref(), "To which date")?;
        let (started_from, started_until) = (from.map(|days| days.0), until.map(|days| days.1));
        if let (Some(from), Some(until)) = (started_from, started_until)
            && until < from
        {
            let words = "The entry ends before it begins.";
            return Err(Rejection::new(Code::DatesContradict, words));
        }
        let row = EntryRow {
            reference,
            version: 0,
            level: level.place(),
            started_from,
            started_until,
            title: row.essential(self.title, "Qualification Name")?,
            body_name: row.text(self.body)?.unwrap_or_default(),
            number: self.number(row, place, report)?,
            notes: row.text(self.notes)?,
            questions: row.text(self.questions)?.unwrap_or_default(),
            ratio_requirements: row.text(self.ratio_requirements)?.unwrap_or_default(),
            loaded_at: NaiveDateTime::default(),
            replaced_at: None,
        };
        Ok(Stated { row, place })
    }

    /// The number in the register; degrees and what came before 2014 have none.
    fn number(
        &self,
        row: &Row<'_>,
        place: u64,
        report: &mut Imported,
    ) -> Result<Option<String>, Rejection> {
        let Some(stated) = row.text(self.number)? else {
            return Ok(None);
        };
        if stated.eq_ignore_ascii_case("not required") {
            return Ok(None);
        }
        let number = QualificationNumber::parse(&stated).ok();
        if number.is_none() {
            let words = format!("{} is no qualification number.", excerpt(&stated));
            report.warn(place, Code::SubjectNotRecognised, words);
        }
        Ok(number.map(|number| number.to_string()))
    }
}

/// The first and last day of a month written `Sep-14`.
fn month(stated: Option<&str>, heading: &str) -> Result<Option<(Date, Date)>, Rejection> {
    let Some(stated) = stated else {
        return Ok(None);
    };
    read_month(stated).map(Some).ok_or_else(|| {
        let words = format!("{heading}: {} is no month such as Sep-14.", excerpt(stated));
        Rejection::new(Code::DateInvalid, words)
    })
}

fn read_month(stated: &str) -> Option<(Date, Date)> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let (month, year) = stated.split_once('-')?;
    let name = month.trim().to_ascii_lowercase();
    let month = MONTHS.iter().position(|known| *known == name)?;
    let year = year.trim();
    if year.len() != 2 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year: i32 = year.parse().ok()?;
    // The list begins in this century; a higher number is a year of the last.
    let year = if year < 70 { 2000 + year } else { 1900 + year };
    let first = Date::from_ymd_opt(year, u32::try_from(month).ok()? + 1, 1)?;
    let last = first.checked_add_months(Months::new(1))?.pred_opt()?;
    Some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_with_both_their_ends() {
        let days = |stated: &str| read_month(stated).map(|(first, last)| format!("{first} {last}"));
        assert_eq!(days("Sep-14").as_deref(), Some("2014-09-01 2014-09-30"));
        assert_eq!(days("Feb-24").as_deref(), Some("2024-02-01 2024-02-29"));
        assert_eq!(days("dec-99").as_deref(), Some("1999-12-01 1999-12-31"));
        for stated in [
            "September 2014",
            "Sept-14",
            "Sep-2014",
            "14-Sep",
            "Sep-1x",
            "-14",
        ] {
            assert_eq!(days(stated), None, "{stated}");
        }
        assert!(month(None, "From").is_ok_and(|days| days.is_none()));
        assert!(month(Some("soon"), "From").is_err());
    }
}
