//! One row of the register's extracts of qualifications, with numbers or with titles only.

use super::column::{Column, Headings, Row, excerpt};
use super::organisation::date;
use super::owner::Owners;
use super::report::{Imported, Rejection};
use super::value;
use crate::error::Error;
use crate::model::qualification::{QualificationRow, TitleRow};
use schema::{CheckResult, Code, Credit, Level, QualificationNumber, RecognitionNumber};
use std::collections::BTreeSet;

/// The columns that every dialect with numbers has and the registry keeps: an extract without one would
/// empty what is known.
const ESSENTIAL: [&str; 12] = [
    "Qualification Number",
    "Qualification Title",
    "Owner Organisation Name",
    "Qualification Level",
    "Qualification Type",
    "Qualification Status",
    "Total Credits",
    "Total Qualification Time",
    "Guided Learning Hours",
    "Operational Start Date",
    "Operational End Date",
    "Certification End Date",
];

const ESSENTIAL_OF_TITLES: [&str; 4] = [
    "Qualification Title",
    "Owner Organisation Name",
    "Qualification Level",
    "Qualification Type",
];

const DIALECTS: &str = "Known are Ofqual's Qualifications.csv (Offered In England, Offered In Northern \
     Ireland), the download of a comparison (Offered In), and the download of a search, which has titles \
     without Qualification Number and needs only Qualification Title, Owner Organisation Name, Qualification \
     Level and Qualification Type.";

/// A qualification as a row of the register states it.
pub(super) struct Registered {
    pub(super) row: QualificationRow,
    /// The subject areas to which it belongs, in the register's words; none where the extract lacks the column.
    pub(super) sectors: Option<BTreeSet<String>>,
}

/// Where the columns stand in one extract.
pub(super) struct Layout {
    number: Column,
    title: Column,
    owner_number: Column,
    owner_name: Column,
    owner_acronym: Column,
    level: Column,
    sub_level: Column,
    eqf_level: Column,
    kind: Column,
    status: Column,
    sector: Column,
    total_credit: Column,
    total_qualification_time: Column,
    guided_learning_hours: Column,
    operational_from: Column,
    operational_until: Column,
    certification_until: Column,
    pub(super) last: usize,
}

impl Layout {
    /// Finds the columns.
    ///
    /// # Errors
    /// As [`Headings::require`].
    pub(super) fn find(headings: &Headings) -> Result<Self, Error> {
        let number = headings.find("Qualification Number");
        let essential: &[&str] = match number {
            Some(_) => &ESSENTIAL,
            None => &ESSENTIAL_OF_TITLES,
        };
        Ok(Self {
            last: headings.require(essential, DIALECTS)?,
            number,
            title: headings.find("Qualification Title"),
            owner_number: headings.find("Owner Organisation Recognition Number"),
            owner_name: headings.find("Owner Organisation Name"),
            owner_acronym: headings.find("Owner Organisation Acronym"),
            level: headings.find("Qualification Level"),
            sub_level: headings.find("Qualification Sub Level"),
            eqf_level: headings.find("EQF Level"),
            kind: headings.find("Qualification Type"),
            status: headings.find("Qualification Status"),
            sector: headings.find("Qualification SSA"),
            total_credit: headings.find("Total Credits"),
            total_qualification_time: headings.find("Total Qualification Time"),
            guided_learning_hours: headings.find("Guided Learning Hours"),
            operational_from: headings.find("Operational Start Date"),
            operational_until: headings.find("Operational End Date"),
            certification_until: headings.find("Certification End Date"),
        })
    }

    /// Whether the extract has titles without numbers.
    pub(super) fn titles_only(&self) -> bool {
        self.number.is_none()
    }

    /// The title that a row without a number tells of.
    ///
    /// # Errors
    /// Why the row cannot be taken.
    pub(super) fn title(&self, row: &Row<'_>) -> Result<TitleRow, Rejection> {
        Ok(TitleRow {
            title: row.essential(self.title, "Qualification Title")?,
            body_name: row.text(self.owner_name)?.unwrap_or_default(),
            level_stated: row.text(self.level)?.unwrap_or_default(),
            kind: row.text(self.kind)?.unwrap_or_default(),
            acronym: row.text(self.owner_acronym)?,
            status: row.text(self.status)?,
        })
    }

    /// The qualification that a row tells of.
    ///
    /// # Errors
    /// Why the row cannot be taken.
    pub(super) fn qualification(
        &self,
        row: &Row<'_>,
        owners: &Owners,
        place: u64,
        report: &mut Imported,
    ) -> Result<Registered, Rejection> {
        let number = self.read_number(row, place, report)?;
        let title = row.essential(self.title, "Qualification Title")?;
        // The acronym stands in for a missing name, and else says nothing more: were it used beside the
        // name, an owner found before the organisations came would differ from one found after.
        let body_name = row.text(self.owner_name)?.or(row.text(self.owner_acronym)?);
        let body = self
            .read_owner(row, place, report)?
            .or_else(|| owners.named(body_name.as_deref()?));
        let (level, level_stated) = self.read_level(row, place, report)?;
        let mut qualification = QualificationRow::unregistered(number, Some(&title));
        qualification.registered = true;
        qualification.body = body.map(|body| body.to_string());
        qualification.body_name = body_name;
        qualification.level = level.map(Level::place);
        qualification.level_stated = level_stated;
        qualification.kind = row.text(self.kind)?;
        qualification.status = row.text(self.status)?;
        let mut read = |column, heading| date(row, column, heading, place, report);
        qualification.operational_from = read(self.operational_from, "Operational Start Date")?;
        qualification.operational_until = read(self.operational_until, "Operational End Date")?;
        qualification.certification_until =
            read(self.certification_until, "Certification End Date")?;
        // No credit is told as 0, credit that nobody told as a blank; the two are kept apart.
        qualification.total_credit = Number {
            heading: "Total Credits",
            code: Code::CreditInvalid,
            read: |text| Credit::parse(text).map(|credit| i32::from(credit.value())),
        }
        .of(row, self.total_credit, place, report)?;
        qualification.total_qualification_time = Number {
            heading: "Total Qualification Time",
            code: Code::InputInvalid,
            read: value::hours,
        }
        .of(row, self.total_qualification_time, place, report)?;
        qualification.guided_learning_hours = Number {
            heading: "Guided Learning Hours",
            code: Code::InputInvalid,
            read: value::hours,
        }
        .of(row, self.guided_learning_hours, place, report)?;
        qualification.eqf_level = Number {
            heading: "EQF Level",
            code: Code::LevelUnknown,
            read: value::eqf_level,
        }
        .of(row, self.eqf_level, place, report)?;
        let stated = row.text(self.sector)?.unwrap_or_default();
        let sectors = stated.split('|').map(str::trim);
        let sectors = sectors
            .filter(|sector| !sector.is_empty())
            .map(str::to_owned);
        Ok(Registered {
            row: qualification,
            sectors: self.sector.map(|_| sectors.collect()),
        })
    }

    fn read_number(
        &self,
        row: &Row<'_>,
        place: u64,
        report: &mut Imported,
    ) -> Result<QualificationNumber, Rejection> {
        let stated = row.essential(self.number, "Qualification Number")?;
        let number = QualificationNumber::parse(&stated).map_err(|_| {
            Rejection::new(
                Code::SubjectNotRecognised,
                format!("{} is no qualification number.", excerpt(&stated)),
            )
        })?;
        if QualificationNumber::suffix_in(&stated) {
            report.warn(
                place,
                Code::QualificationNumberSuffix,
                format!("{} is taken as {number}.", excerpt(&stated)),
            );
        }
        if number.check() == CheckResult::DoesNotFit {
            report.warn(
                place,
                Code::QualificationNumberCheck,
                format!("The check character of {number} does not fit."),
            );
        }
        Ok(number)
    }

    /// The owner's recognition number, where the extract gives it.
    fn read_owner(
        &self,
        row: &Row<'_>,
        place: u64,
        report: &mut Imported,
    ) -> Result<Option<RecognitionNumber>, Rejection> {
        let Some(stated) = row.text(self.owner_number)? else {
            return Ok(None);
        };
        let number = RecognitionNumber::parse(&stated).ok();
        if number.is_none() {
            report.warn(
                place,
                Code::BodyInvalid,
                format!("{} is no recognition number.", excerpt(&stated)),
            );
        }
        Ok(number)
    }

    fn read_level(
        &self,
        row: &Row<'_>,
        place: u64,
        report: &mut Imported,
    ) -> Result<(Option<Level>, Option<String>), Rejection> {
        let Some(stated) = row.text(self.level)? else {
            return Ok((None, None));
        };
        let read = value::level(&stated, row.text(self.sub_level)?.as_deref());
        if !read.known {
            report.warn(
                place,
                Code::LevelUnknown,
                format!("{} is no level of the framework.", excerpt(&stated)),
            );
        }
        Ok((read.level, Some(read.words)))
    }
}

/// How a column of numbers is read. One that cannot be read is noted and left empty.
struct Number<T> {
    heading: &'static str,
    code: Code,
    read: fn(&str) -> Option<T>,
}

impl<T> Number<T> {
    fn of(
        &self,
        row: &Row<'_>,
        column: Column,
        place: u64,
        report: &mut Imported,
    ) -> Result<Option<T>, Rejection> {
        let Some(stated) = row.text(column)? else {
            return Ok(None);
        };
        let read = (self.read)(&stated);
        if read.is_none() {
            report.warn(
                place,
                self.code,
                format!("{}: {} cannot be read.", self.heading, excerpt(&stated)),
            );
        }
        Ok(read)
    }
}
