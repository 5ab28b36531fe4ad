//! One row of the register's extract of organisations. Addresses, e-mail and telephone numbers stand in
//! some dialects; nothing here reads them.

use super::column::{Column, Headings, Row, excerpt};
use super::report::{Imported, Rejection};
use super::value;
use crate::error::Error;
use crate::model::awarding_body::BodyRow;
use schema::{Code, Date, RecognitionNumber, fold_name};

/// The columns that every dialect has and the registry keeps: an extract without one would empty what is
/// known.
const ESSENTIAL: [&str; 7] = [
    "Recognition Number",
    "Name",
    "Legal Name",
    "Acronym",
    "Ofqual Status",
    "Ofqual Recognised From",
    "Ofqual Recognised To",
];

const DIALECTS: &str = "Known are Ofqual's Organisations.csv and its shorter form without addresses; both \
     have Recognition Number, Name, Legal Name, Acronym, Ofqual Status, Ofqual Recognised From and Ofqual \
     Recognised To.";

/// Where the columns stand in one extract.
pub(super) struct Layout {
    number: Column,
    name: Column,
    legal_name: Column,
    acronym: Column,
    status: Column,
    recognised_from: Column,
    recognised_until: Column,
    pub(super) last: usize,
}

impl Layout {
    /// Finds the columns.
    ///
    /// # Errors
    /// As [`Headings::require`].
    pub(super) fn find(headings: &Headings) -> Result<Self, Error> {
        Ok(Self {
            last: headings.require(&ESSENTIAL, DIALECTS)?,
            number: headings.find("Recognition Number"),
            name: headings.find("Name"),
            legal_name: headings.find("Legal Name"),
            acronym: headings.find("Acronym"),
            status: headings.find("Ofqual Status"),
            recognised_from: headings.find("Ofqual Recognised From"),
            recognised_until: headings.find("Ofqual Recognised To"),
        })
    }

    /// The body that a row tells of.
    ///
    /// # Errors
    /// Why the row cannot be taken.
    pub(super) fn body(
        &self,
        row: &Row<'_>,
        place: u64,
        report: &mut Imported,
    ) -> Result<BodyRow, Rejection> {
        let stated = row.essential(self.number, "Recognition Number")?;
        let number = RecognitionNumber::parse(&stated).map_err(|_| {
            Rejection::new(
                Code::BodyInvalid,
                format!("{} is no recognition number.", excerpt(&stated)),
            )
        })?;
        let name = row.essential(self.name, "Name")?;
        Ok(BodyRow {
            recognition_number: number.to_string(),
            name_key: fold_name(&name),
            name,
            legal_name: row.text(self.legal_name)?,
            acronym: row.text(self.acronym)?,
            status: row.text(self.status)?,
            recognised_from: date(row, self.recognised_from, "Recognised From", place, report)?,
            recognised_until: date(row, self.recognised_until, "Recognised To", place, report)?,
            registered: true,
        })
    }
}

/// The date of a column; one that cannot be read is noted and left empty.
pub(super) fn date(
    row: &Row<'_>,
    column: Column,
    heading: &str,
    place: u64,
    report: &mut Imported,
) -> Result<Option<Date>, Rejection> {
    let Some(stated) = row.text(column)? else {
        return Ok(None);
    };
    let read = value::date(&stated).ok();
    if read.is_none() {
        report.warn(
            place,
            Code::DateInvalid,
            format!("{heading}: {} is no date.", excerpt(&stated)),
        );
    }
    Ok(read)
}
