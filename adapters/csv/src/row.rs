//! One row made a result record. The record is filled anew for each row, so that its texts keep their memory.

use crate::column::Column;
use crate::config::Mapping;
use crate::date::write_date;
use crate::layout::Heading;
use sdk::{Position, ResultRecord, StatedField};

/// What makes records of rows.
pub(crate) struct Row<'a> {
    headings: &'a [Heading],
    mapping: &'a Mapping,
    /// The columns that a row can fill.
    used: Vec<Column>,
    record: ResultRecord,
    /// Stated fields that this row does not need and the next may.
    spare: Vec<StatedField>,
    subjects: Subjects,
}

/// What the row may be a result of; at most one of them, but a unit and its qualification.
#[derive(Default)]
struct Subjects {
    qualification: String,
    unit: String,
    status: String,
    register: String,
}

/// The row speaks of several awards at once.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SeveralSubjects;

impl<'a> Row<'a> {
    /// A row of a file with those columns.
    pub(crate) fn new(headings: &'a [Heading], mapping: &'a Mapping) -> Self {
        let mut used: Vec<Column> = headings
            .iter()
            .filter_map(|heading| heading.column)
            .collect();
        used.extend(mapping.constants.iter().map(|(column, _)| *column));
        used.sort_unstable();
        used.dedup();
        Self {
            headings,
            mapping,
            used,
            record: ResultRecord::default(),
            spare: Vec::new(),
            subjects: Subjects::default(),
        }
    }

    /// The record of the row with those cells, as many as there are headings.
    ///
    /// # Errors
    /// [`SeveralSubjects`] where one row speaks of several awards.
    pub(crate) fn record<'cell>(
        &mut self,
        row: u64,
        cells: impl Iterator<Item = &'cell str>,
    ) -> Result<&ResultRecord, SeveralSubjects> {
        self.clear();
        self.record.position = Some(Position::row(row));
        let (headings, mapping) = (self.headings, self.mapping);
        for (heading, cell) in headings.iter().zip(cells) {
            let value = cell.trim();
            if value.is_empty() {
                continue;
            }
            self.state(&heading.name, cell);
            if let Some(column) = heading.column {
                let value = heading.values.get(value).map_or(value, String::as_str);
                self.write(column, value);
            }
        }
        for (column, value) in &mapping.constants {
            if self.place(*column).is_empty() {
                self.write(*column, value);
            }
        }
        self.choose_subject()?;
        Ok(&self.record)
    }

    fn clear(&mut self) {
        for index in 0..self.used.len() {
            if let Some(column) = self.used.get(index).copied() {
                self.place(column).clear();
            }
        }
        self.spare.append(&mut self.record.stated);
    }

    /// Keeps a cell in the body's own words.
    fn state(&mut self, name: &str, value: &str) {
        let mut field = self.spare.pop().unwrap_or_default();
        field.name.clear();
        field.name.push_str(name);
        field.value.clear();
        field.value.push_str(value);
        self.record.stated.push(field);
    }

    fn write(&mut self, column: Column, value: &str) {
        let format = self.mapping.date_format.as_ref();
        let place = self.place(column);
        if column.is_date() {
            write_date(value, format, place);
        } else {
            place.push_str(value);
        }
    }

    /// Decides what the record is of. `-2` is Ofqual's word for "not available" and so no subject.
    fn choose_subject(&mut self) -> Result<(), SeveralSubjects> {
        let given = |code: &String| !code.is_empty() && code != "-2";
        let Subjects {
            qualification,
            unit,
            status,
            register,
        } = &self.subjects;
        let academic = given(qualification) || given(unit);
        if [academic, given(status), given(register)]
            .iter()
            .filter(|given| **given)
            .count()
            > 1
        {
            return Err(SeveralSubjects);
        }
        let (kind, code, part_of) = if given(unit) {
            let part_of = if given(qualification) {
                qualification.as_str()
            } else {
                ""
            };
            ("unit", unit.as_str(), part_of)
        } else if given(status) {
            ("status", status.as_str(), "")
        } else if given(register) {
            ("registration", register.as_str(), "")
        } else if qualification.is_empty() {
            ("", "", "")
        } else {
            ("qualification", qualification.as_str(), "")
        };
        let subject = self.record.subject.get_or_insert_default();
        for (place, text) in [
            (&mut subject.kind, kind),
            (&mut subject.code, code),
            (&mut subject.part_of, part_of),
        ] {
            place.clear();
            place.push_str(text);
        }
        Ok(())
    }

    /// Where the value of a column belongs.
    fn place(&mut self, column: Column) -> &mut String {
        let record = &mut self.record;
        match column {
            Column::Uln => &mut record.person.get_or_insert_default().uln,
            Column::GivenName => &mut record.person.get_or_insert_default().given_name,
            Column::FamilyName => &mut record.person.get_or_insert_default().family_name,
            Column::DateOfBirth => &mut record.person.get_or_insert_default().date_of_birth,
            Column::Gender => &mut record.person.get_or_insert_default().gender,
            Column::Postcode => &mut record.person.get_or_insert_default().postcode,
            Column::LearnerReference => &mut record.person.get_or_insert_default().reference,
            Column::QualificationNumber => &mut self.subjects.qualification,
            Column::UnitReference => &mut self.subjects.unit,
            Column::ProfessionalStatus => &mut self.subjects.status,
            Column::Register => &mut self.subjects.register,
            Column::RegistrationNumber => &mut record.registration.get_or_insert_default().number,
            Column::RegistrationConditions => {
                &mut record.registration.get_or_insert_default().conditions
            }
            Column::RegistrationState => &mut record.registration.get_or_insert_default().state,
            Column::Title => &mut record.subject.get_or_insert_default().title,
            Column::AwardingBody => &mut record.body.get_or_insert_default().recognition_number,
            Column::AwardingBodyName => &mut record.body.get_or_insert_default().name,
            Column::ResultId => &mut record.result_id,
            Column::CertificateNumber => &mut record.certificate_number,
            Column::Centre => &mut record.centre,
            Column::AwardedOn => &mut record.awarded_on,
            Column::StartedOn => &mut record.started_on,
            Column::ValidFrom => &mut record.valid_from,
            Column::ValidUntil => &mut record.valid_until,
            Column::Grade => &mut record.grade,
            Column::Level => &mut record.level,
            Column::Credit => &mut record.credit,
            Column::Status => &mut record.status,
            Column::Action => &mut record.verb,
            Column::ActionDate => &mut record.action_date,
            Column::ActionReason => &mut record.action_reason,
            Column::Route => &mut record.route,
            Column::Language => &mut record.language,
        }
    }
}
