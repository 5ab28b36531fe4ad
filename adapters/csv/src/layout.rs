//! The heading line: which delimiter the file uses, and what each column means. It is resolved once.

use crate::column::{Column, fold};
use crate::config::{DELIMITERS, Mapping, Meaning};
use crate::records::{Next, Records};
use sdk::{Issue, Output, Position, Stop};
use std::collections::{HashMap, HashSet};

/// The most columns that a file may have.
const MOST_COLUMNS: usize = 1000;

/// One column of the file.
#[derive(Debug)]
pub(crate) struct Heading {
    /// The heading's own words; `column 7` where there are none.
    pub(crate) name: String,
    /// What it means to the registry.
    pub(crate) column: Option<Column>,
    /// What the body's words in it mean.
    pub(crate) values: HashMap<String, String>,
}

/// Reads the heading line, or nothing where the file has none.
///
/// # Errors
/// A [`Stop`] where the columns do not tell who achieved what, or one of them stands twice.
pub(crate) fn read(
    records: &mut Records<'_, '_>,
    mapping: &Mapping,
    output: &mut Output<'_>,
) -> Result<Option<Vec<Heading>>, Stop> {
    // The first line that is not blank is the heading, whichever delimiter it turns out to use.
    if records.next()? == Next::End {
        return Ok(None);
    }
    let delimiter = match mapping.delimiter {
        Some(delimiter) => delimiter,
        None => detect(records, mapping)?,
    };
    let place = Position::row(records.row());
    if let Next::Broken(fault) = records.again(delimiter)? {
        return Err(Stop::new(
            fault.code(),
            format!("In the heading line: {}", fault.message()),
        )
        .at(place));
    }
    if records.holds_nul() {
        return Err(Stop::new(
            "csv-encoding",
            "The heading line holds NUL bytes. The file may be UTF-16 without a byte order mark: save it as UTF-8, or set encoding = \"utf-16le\" in the body's mapping.",
        )
        .at(place));
    }
    if records.width() > MOST_COLUMNS {
        return Err(Stop::new(
            "csv-too-many-columns",
            format!("The heading line has more than {MOST_COLUMNS} columns."),
        )
        .at(place));
    }
    let meanings = meanings(records, mapping);
    refuse_doubles(&meanings, records.row())?;
    refuse_without_essentials(&meanings, mapping, records.row())?;
    let mut headings = Vec::with_capacity(meanings.len());
    for (index, (name, meaning)) in records.cells().zip(&meanings).enumerate() {
        let column = match meaning {
            Some(Meaning::Column(column)) => Some(*column),
            _ => None,
        };
        headings.push(Heading {
            name: match name.trim() {
                "" => format!("column {}", index + 1),
                name => name.to_owned(),
            },
            column,
            values: column
                .and_then(|column| mapping.values.get(&column))
                .cloned()
                .unwrap_or_default(),
        });
    }
    warn(&headings, &meanings, mapping, records.row(), output)?;
    Ok(Some(headings))
}

/// The delimiter under which most headings are known; among equals the one that divides the line the most.
fn detect(records: &mut Records<'_, '_>, mapping: &Mapping) -> Result<u8, Stop> {
    let mut best = (b',', (0, 0));
    for (delimiter, _) in DELIMITERS {
        if records.again(delimiter)? == Next::Record {
            let known = meanings(records, mapping).iter().flatten().count();
            let score = (known, records.width());
            if score > best.1 {
                best = (delimiter, score);
            }
        }
    }
    Ok(best.0)
}

/// What each column of the record that came last means, were it the heading line.
fn meanings(records: &Records<'_, '_>, mapping: &Mapping) -> Vec<Option<Meaning>> {
    let meaning = |heading: &str| {
        if mapping.columns.is_empty() {
            Column::find(heading).map(Meaning::Column)
        } else {
            mapping.columns.get(&fold(heading)).copied()
        }
    };
    records.cells().take(MOST_COLUMNS).map(meaning).collect()
}

fn refuse_doubles(meanings: &[Option<Meaning>], row: u64) -> Result<(), Stop> {
    let mut seen = HashSet::new();
    for (index, meaning) in meanings.iter().enumerate() {
        if let Some(Meaning::Column(column)) = meaning
            && !seen.insert(*column)
        {
            return Err(Stop::new(
                "csv-column-twice",
                format!(
                    "Two columns are {}. Leave one of them out.",
                    column.as_str()
                ),
            )
            .at(Position::cell(row, u32::try_from(index + 1).unwrap_or(0))));
        }
    }
    Ok(())
}

/// A file whose columns cannot tell who achieved what is refused as a whole. The message quotes no heading:
/// a file without a heading line has a person's data there.
fn refuse_without_essentials(
    meanings: &[Option<Meaning>],
    mapping: &Mapping,
    row: u64,
) -> Result<(), Stop> {
    let has = |column: Column| {
        meanings.contains(&Some(Meaning::Column(column)))
            || mapping
                .constants
                .iter()
                .any(|(stated, _)| *stated == column)
    };
    let learner = has(Column::Uln)
        || (has(Column::GivenName) && has(Column::FamilyName) && has(Column::DateOfBirth));
    let subject = has(Column::QualificationNumber)
        || has(Column::UnitReference)
        || has(Column::ProfessionalStatus)
        || has(Column::Register)
        || has(Column::Title);
    let needed = match (learner, subject) {
        (true, true) => return Ok(()),
        (false, true) => "who the learner is: uln, or given_name, family_name and date_of_birth",
        (true, false) => {
            "what was achieved: qualification_number, unit_reference, professional_status, register or title"
        }
        (false, false) => {
            "who the learner is: uln, or given_name, family_name and date_of_birth; nor what was achieved: qualification_number, unit_reference, professional_status, register or title"
        }
    };
    Err(Stop::new(
        "csv-columns-missing",
        format!(
            "No column of the heading line tells {needed}. Add the columns, or map the body's own in its mapping."
        ),
    )
    .at(Position::row(row)))
}

/// Tells of columns that are not known, and of mapped ones that the file lacks.
fn warn(
    headings: &[Heading],
    meanings: &[Option<Meaning>],
    mapping: &Mapping,
    row: u64,
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    for (index, (heading, meaning)) in headings.iter().zip(meanings).enumerate() {
        if meaning.is_none() {
            let name: String = heading.name.chars().take(80).collect();
            output.issue(&Issue::warning(
                "csv-column-unknown",
                format!(
                    "The column \"{name}\" is not known. It is kept in the body's own words only."
                ),
                Position::cell(row, u32::try_from(index + 1).unwrap_or(0)),
            ))?;
        }
    }
    let mut absent: Vec<&str> = mapping
        .columns
        .values()
        .filter(|meaning| !meanings.contains(&Some(**meaning)))
        .filter_map(|meaning| match meaning {
            Meaning::Column(column) => Some(column.as_str()),
            Meaning::Stated => None,
        })
        .collect();
    absent.sort_unstable();
    absent.dedup();
    if !absent.is_empty() {
        output.issue(&Issue::warning(
            "csv-column-missing",
            format!(
                "The body's mapping has columns that the file lacks: {}.",
                absent.join(" ")
            ),
            Position::row(row),
        ))?;
    }
    Ok(())
}
