//! Rows of a table: comma-separated, with a header; columns are found by name, so that their order does not matter
//! and a table may have more than are read.
//!
//! A cell that ends in `[N]` was not verified: it reads as empty, since nothing may rest on it.

use chrono::{Days, Months};
use schema::{Date, Level, QualificationNumber, parse_date};
use std::collections::HashMap;

/// What is wrong with a table, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{table}, row {row}{}: {fault}", column.as_ref().map(|name| format!(", column {name}")).unwrap_or_default())]
pub struct RowError {
    /// The table's name.
    pub table: &'static str,
    /// The row as a spreadsheet counts it: the header is 1.
    pub row: usize,
    /// The column.
    pub column: Option<String>,
    /// What is wrong.
    pub fault: Fault,
}

/// What can be wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A column that must be there is not.
    #[error("the column is missing")]
    NoColumn,
    /// A cell that must be filled is not.
    #[error("the cell is empty")]
    Empty,
    /// Not what the column holds.
    #[error("{found:?} is not {expected}")]
    Not {
        /// What stands there.
        found: String,
        /// What should.
        expected: &'static str,
    },
    /// A name that nothing has.
    #[error("{name:?} is not known")]
    Unknown {
        /// The name.
        name: String,
    },
    /// Rows that do not fit each other.
    #[error("{0}")]
    Contradiction(String),
    /// Not a table.
    #[error("this is not a table: {0}")]
    NotATable(String),
}

/// One row.
pub(crate) struct Row<'a> {
    table: &'static str,
    number: usize,
    columns: &'a HashMap<String, usize>,
    cells: &'a csv::StringRecord,
}

/// Reads every row; all faults are told.
pub(crate) fn read<T>(
    table: &'static str,
    text: &str,
    required: &[&str],
    parse: impl Fn(&Row<'_>) -> Result<T, RowError>,
) -> Result<Vec<T>, Vec<RowError>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let not_a_table = |row: usize, error: &csv::Error| RowError {
        table,
        row,
        column: None,
        fault: Fault::NotATable(error.to_string()),
    };
    let columns: HashMap<String, usize> = match reader.headers() {
        Ok(header) => header
            .iter()
            .enumerate()
            .map(|(place, name)| (name.trim().to_owned(), place))
            .collect(),
        Err(error) => return Err(vec![not_a_table(1, &error)]),
    };
    let missing: Vec<RowError> = required
        .iter()
        .filter(|name| !columns.contains_key(**name))
        .map(|name| RowError {
            table,
            row: 1,
            column: Some((*name).to_owned()),
            fault: Fault::NoColumn,
        })
        .collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for (place, cells) in reader.records().enumerate() {
        let number = place + 2;
        match cells {
            Err(error) => faults.push(not_a_table(number, &error)),
            Ok(cells) if cells.iter().all(|cell| cell.trim().is_empty()) => {}
            Ok(cells) => {
                let row = Row {
                    table,
                    number,
                    columns: &columns,
                    cells: &cells,
                };
                match parse(&row) {
                    Ok(value) => rows.push(value),
                    Err(fault) => faults.push(fault),
                }
            }
        }
    }
    if faults.is_empty() {
        Ok(rows)
    } else {
        Err(faults)
    }
}

impl Row<'_> {
    /// What stands in a column; nothing where it is empty, missing or not verified.
    pub(crate) fn text(&self, column: &str) -> &str {
        let cell = self
            .columns
            .get(column)
            .and_then(|place| self.cells.get(*place))
            .map_or("", str::trim);
        if cell.ends_with("[N]") { "" } else { cell }
    }

    pub(crate) fn owned(&self, column: &str) -> Option<String> {
        Some(self.text(column))
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    }

    pub(crate) fn required(&self, column: &str) -> Result<String, RowError> {
        self.owned(column)
            .ok_or_else(|| self.fault(column, Fault::Empty))
    }

    pub(crate) fn number<T: std::str::FromStr>(&self, column: &str) -> Result<Option<T>, RowError> {
        self.parsed(column, "a whole number", |text| text.parse().ok())
    }

    pub(crate) fn level(&self, column: &str) -> Result<Option<Level>, RowError> {
        self.parsed(column, "a level", Level::parse)
    }

    /// A day; of a month or a year its first.
    pub(crate) fn from(&self, column: &str) -> Result<Option<Date>, RowError> {
        self.parsed(column, "a date, a month or a year", |text| {
            Some(span(text)?.0)
        })
    }

    /// A day; of a month or a year its last.
    pub(crate) fn until(&self, column: &str) -> Result<Option<Date>, RowError> {
        self.parsed(column, "a date, a month or a year", |text| {
            Some(span(text)?.1)
        })
    }

    /// Whether `V` stands in a column, or in another word that the row was read in its source.
    pub(crate) fn confirmed(&self, column: &str) -> Result<bool, RowError> {
        Ok(self
            .parsed(column, "V or N", |text| match text {
                "V" => Some(true),
                "N" => Some(false),
                _ => None,
            })?
            .unwrap_or(false))
    }

    pub(crate) fn yes(&self, column: &str) -> Result<Option<bool>, RowError> {
        self.parsed(column, "yes or no", |text| match text {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        })
    }

    /// Parts of a cell, parted by `|`.
    pub(crate) fn list(&self, column: &str) -> Vec<String> {
        self.text(column)
            .split('|')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// The number of a qualification, as it is printed, with obliques; whatever is none stays as it is.
    pub(crate) fn qualification(&self, column: &str) -> Option<String> {
        self.owned(column).map(|number| printed(&number))
    }

    /// Numbers of qualifications, parted by `|`, each as [`Row::qualification`].
    pub(crate) fn qualifications(&self, column: &str) -> Vec<String> {
        self.list(column).iter().map(|one| printed(one)).collect()
    }

    pub(crate) fn parsed<T>(
        &self,
        column: &str,
        expected: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, RowError> {
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        parse(text).map(Some).ok_or_else(|| {
            self.fault(
                column,
                Fault::Not {
                    found: text.to_owned(),
                    expected,
                },
            )
        })
    }

    pub(crate) fn fault(&self, column: &str, fault: Fault) -> RowError {
        RowError {
            table: self.table,
            row: self.number,
            column: Some(column.to_owned()),
            fault,
        }
    }
}

fn printed(number: &str) -> String {
    QualificationNumber::parse(number)
        .map_or_else(|_| number.to_owned(), |number| number.to_string())
}

/// The first and last day of `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.
fn span(text: &str) -> Option<(Date, Date)> {
    let months = match text.len() {
        10 => return parse_date(text).ok().map(|day| (day, day)),
        7 => 1,
        4 => 12,
        _ => return None,
    };
    let first = parse_date(&format!(
        "{text}{}",
        if months == 1 { "-01" } else { "-01-01" }
    ))
    .ok()?;
    let last = first
        .checked_add_months(Months::new(months))?
        .checked_sub_days(Days::new(1))?;
    Some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_name_row_and_column() {
        let table = "code,year\na,2008\nb,two\n,2009\n";
        let found = read("years", table, &["code"], |row| {
            Ok((row.required("code")?, row.from("year")?))
        });
        let faults = found.err().unwrap_or_default();
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "years, row 3, column year: \"two\" is not a date, a month or a year",
                "years, row 4, column code: the cell is empty"
            ]
        );
        let missing = read("years", "year\n2008\n", &["code"], |row| {
            row.required("code")
        });
        let faults = missing.err().unwrap_or_default();
        assert_eq!(
            faults.first().map(ToString::to_string).as_deref(),
            Some("years, row 1, column code: the column is missing")
        );
    }

    #[test]
    fn months_and_years_have_a_first_and_a_last_day() {
        for (text, first, last) in [
            ("2014-08", "2014-08-01", "2014-08-31"),
            ("2006", "2006-01-01", "2006-12-31"),
            ("2014-08-05", "2014-08-05", "2014-08-05"),
        ] {
            let day = |text| parse_date(text).ok();
            assert_eq!(
                span(text).map(|span| (Some(span.0), Some(span.1))),
                Some((day(first), day(last)))
            );
        }
        assert_eq!(span("2014-13"), None);
    }

    #[test]
    fn a_cell_that_was_not_verified_reads_as_empty() {
        let found = read("levels", "level\n4 [N]\n", &["level"], |row| {
            row.level("level")
        });
        assert_eq!(found, Ok(vec![None]));
    }
}
