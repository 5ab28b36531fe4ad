//! The records of a file one after the other, with the line on which each begins.

use crate::scan::{Cells, Fault, LONGEST_CELL, LONGEST_RECORD, Scan, scan};
use crate::text::Text;
use sdk::{Position, Stop};

/// The records of a text. It holds one of them at a time.
pub(crate) struct Records<'a, 'input> {
    text: Text<'a, 'input>,
    delimiter: u8,
    cells: Cells,
    /// The line on which the record begins that `cells` are of, counted from 1.
    row: u64,
    /// What of the window that record takes, in bytes and lines.
    taken: (usize, u64),
}

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A record; [`Records::cells`] has its cells.
    Record,
    /// A line with a quote out of place. The next record is looked for on the line after it, so that a quote
    /// that is never closed costs its own row and not those below.
    Broken(Fault),
    /// The file is at its end.
    End,
}

impl<'a, 'input> Records<'a, 'input> {
    /// The records of `text`, of which none is read yet.
    pub(crate) fn new(text: Text<'a, 'input>) -> Self {
        Self {
            text,
            delimiter: b',',
            cells: Cells::default(),
            row: 1,
            taken: (0, 0),
        }
    }

    /// The row of the record or broken line that came last.
    pub(crate) fn row(&self) -> u64 {
        self.row
    }

    /// How many cells the record has that came last.
    pub(crate) fn width(&self) -> usize {
        self.cells.len()
    }

    /// The cells of the record that came last.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter(self.text.window())
    }

    /// Whether the record that came last holds a NUL byte.
    pub(crate) fn holds_nul(&self) -> bool {
        let bytes = self.text.window().as_bytes();
        bytes
            .get(..self.taken.0)
            .is_some_and(|record| record.contains(&0))
    }

    /// Goes to the next record that is not blank.
    ///
    /// # Errors
    /// `csv-record-too-long`, or what decoding the text says.
    pub(crate) fn next(&mut self) -> Result<Next, Stop> {
        loop {
            self.pass();
            let next = self.look(self.delimiter)?;
            if let Next::Broken(_) = next {
                self.taken = (self.line_length()?, 1);
            }
            if next != Next::Record || self.cells().any(|cell| !cell.trim().is_empty()) {
                return Ok(next);
            }
        }
    }

    /// Reads the same record again as if `delimiter` divided its cells, and uses it from then on.
    ///
    /// # Errors
    /// As [`Records::next`].
    pub(crate) fn again(&mut self, delimiter: u8) -> Result<Next, Stop> {
        self.delimiter = delimiter;
        self.look(delimiter)
    }

    /// Scans the record with which the window begins.
    fn look(&mut self, delimiter: u8) -> Result<Next, Stop> {
        loop {
            let (window, whole) = (self.text.window(), self.text.ended());
            if whole && window.is_empty() {
                return Ok(Next::End);
            }
            match scan(window, delimiter, whole, &mut self.cells) {
                Scan::Record { bytes, lines } => {
                    self.taken = (bytes, lines);
                    return Ok(Next::Record);
                }
                Scan::Broken(fault) => return Ok(Next::Broken(fault)),
                Scan::TooLong => {
                    return Err(Stop::new(
                        "csv-record-too-long",
                        format!(
                            "A cell is longer than {LONGEST_CELL} bytes or a record longer than {LONGEST_RECORD}. Is the delimiter right, and does each record end with its line?"
                        ),
                    )
                    .at(Position::row(self.row)));
                }
                Scan::Unfinished => self.text.more()?,
            }
        }
    }

    /// Leaves the record that came last behind.
    fn pass(&mut self) {
        let (bytes, lines) = std::mem::take(&mut self.taken);
        self.text.pass(bytes);
        self.row += lines;
    }

    /// How many bytes the line takes with which the window begins. A line that is longer than a record may
    /// be is passed piece by piece, so that it needs no more memory than any other.
    fn line_length(&mut self) -> Result<usize, Stop> {
        let mut seen = 0;
        loop {
            let bytes = self.text.window().as_bytes();
            let rest = bytes.get(seen..).unwrap_or_default();
            match rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
                Some(place) => {
                    let end = seen + place;
                    match (bytes.get(end), bytes.get(end + 1)) {
                        (Some(b'\r'), Some(b'\n')) => return Ok(end + 2),
                        (Some(b'\r'), None) if !self.text.ended() => seen = end,
                        _ => return Ok(end + 1),
                    }
                }
                None if self.text.ended() => return Ok(bytes.len()),
                None => seen = bytes.len(),
            }
            if seen > LONGEST_RECORD {
                self.text.pass(seen);
                seen = 0;
            }
            self.text.more()?;
        }
    }
}
