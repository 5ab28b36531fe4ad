//! The adapter `csv`: learner-level results as a table. It reads the registry's own published columns (they
//! are ours; no standard has them), or a body's own columns by the mapping that the configuration has for
//! that body. The README beside this crate lists columns and keys.
//!
//! The way of a row: `text` decodes, `scan` splits, `layout` knows what a column means, `row` makes
//! the record.

pub mod column;
mod config;
mod date;
mod layout;
mod records;
mod row;
mod scan;
#[cfg(test)]
mod tests;
mod text;

use config::Mapping;
use records::{Next, Records};
use row::Row;
use sdk::{Adapter, Input, Issue, Output, Position, Stop};
use text::Text;

/// The adapter.
#[derive(Debug)]
pub struct LearnerResults {
    mapping: Mapping,
}

sdk::export_adapter!(LearnerResults);

impl Adapter for LearnerResults {
    const NAME: &'static str = "csv";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const FORMATS: &'static str = "text/csv";

    fn new(config: &str) -> Result<Self, Stop> {
        Ok(Self {
            mapping: Mapping::read(config)?,
        })
    }

    fn run(&mut self, input: &mut Input<'_>, output: &mut Output<'_>) -> Result<(), Stop> {
        let mut records = Records::new(Text::new(input, self.mapping.encoding));
        let Some(headings) = layout::read(&mut records, &self.mapping, output)? else {
            return Err(Stop::new(
                "file-empty",
                "The file is empty: it has not even a heading line.",
            ));
        };
        let mut row = Row::new(&headings, &self.mapping);
        loop {
            let next = records.next()?;
            let place = Position::row(records.row());
            let issue = match next {
                Next::End => return Ok(()),
                Next::Broken(fault) => Issue::error(fault.code(), fault.message(), place),
                Next::Record if records.width() != headings.len() => Issue::error(
                    "csv-row-length",
                    format!(
                        "The row has {} cells and the heading line {}.",
                        records.width(),
                        headings.len()
                    ),
                    place,
                ),
                Next::Record if records.holds_nul() => {
                    Issue::error("csv-nul", "The row holds a NUL byte.", place)
                }
                Next::Record => match row.record(records.row(), records.cells()) {
                    Ok(record) => {
                        output.record(record)?;
                        continue;
                    }
                    Err(row::SeveralSubjects) => Issue::error(
                        "csv-several-subjects",
                        "The row speaks of several awards: a qualification or unit, a professional status, a registration. Give each its own row.",
                        place,
                    ),
                },
            };
            output.issue(&issue)?;
        }
    }
}
