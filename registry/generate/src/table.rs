//! Files of rows, in a body's own manner.

use crate::catalogue::Body;
use crate::folder::{BUFFER, Counted, Folder};
use crate::manifest::{Counts, Outcome, ResultFile};
use csv::{Terminator, Writer, WriterBuilder};
use std::io::{self, Write};

/// The columns that the adapter `csv` publishes, as far as they are filled here.
pub(crate) const COLUMNS: [&str; 26] = [
    "uln",
    "given_name",
    "family_name",
    "date_of_birth",
    "gender",
    "postcode",
    "learner_reference",
    "qualification_number",
    "unit_reference",
    "title",
    "awarding_body",
    "result_id",
    "certificate_number",
    "centre",
    "started_on",
    "awarded_on",
    "grade",
    "level",
    "credit",
    "language",
    "route",
    "status",
    "action",
    "action_date",
    "action_reason",
    "awarding_body_name",
];

/// The cells of one row, in the order of [`COLUMNS`].
pub(crate) type Cells<'a> = [&'a str; COLUMNS.len()];

/// How a file is written.
#[derive(Clone, Copy)]
pub(crate) struct Manner {
    pub(crate) delimiter: u8,
    pub(crate) day_first: bool,
    pub(crate) carriage_return: bool,
}

impl Manner {
    /// The registry's own.
    pub(crate) const PLAIN: Self = Self {
        delimiter: b',',
        day_first: false,
        carriage_return: false,
    };

    pub(crate) fn of(body: &Body) -> Self {
        Self {
            delimiter: body.delimiter,
            day_first: body.day_first,
            carriage_return: body.carriage_return,
        }
    }
}

/// Rows without an outcome: the register and the truth.
pub(crate) struct Rows {
    writer: Writer<Counted>,
    /// Rows with the headings.
    pub(crate) rows: u64,
}

impl Rows {
    pub(crate) fn create(folder: &mut dyn Folder, path: &str, manner: Manner) -> io::Result<Self> {
        let terminator = if manner.carriage_return {
            Terminator::CRLF
        } else {
            Terminator::Any(b'\n')
        };
        let writer = WriterBuilder::new()
            .delimiter(manner.delimiter)
            .terminator(terminator)
            .buffer_capacity(BUFFER)
            .from_writer(Counted::create(folder, path)?);
        Ok(Self { writer, rows: 0 })
    }

    /// Adds a row; answers on which line it stands.
    pub(crate) fn add<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> io::Result<u64> {
        self.writer.write_record(cells)?;
        self.rows += 1;
        Ok(self.rows)
    }

    /// Writes what is left; answers how many bytes there are.
    pub(crate) fn finish(self) -> io::Result<u64> {
        let mut inner = self
            .writer
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)?;
        inner.flush()?;
        Ok(inner.bytes)
    }
}

/// A file of results for the adapter `csv`.
pub(crate) struct Table {
    rows: Rows,
    pub(crate) path: String,
    awarding_body: Option<String>,
    counts: Counts,
}

impl Table {
    pub(crate) fn create(
        folder: &mut dyn Folder,
        path: String,
        manner: Manner,
        awarding_body: Option<String>,
    ) -> io::Result<Self> {
        let mut rows = Rows::create(folder, &path, manner)?;
        rows.add(COLUMNS)?;
        Ok(Self {
            rows,
            path,
            awarding_body,
            counts: Counts::default(),
        })
    }

    /// Adds a row; answers on which line it stands.
    pub(crate) fn add(&mut self, cells: &Cells<'_>, outcome: Outcome) -> io::Result<u64> {
        self.counts.count(outcome);
        self.rows.add(cells.iter().copied())
    }

    pub(crate) fn finish(self) -> io::Result<ResultFile> {
        Ok(ResultFile {
            path: self.path,
            documents: None,
            adapter: "csv",
            awarding_body: self.awarding_body,
            bytes: self.rows.finish()?,
            expected: self.counts,
        })
    }
}
