//! Splits text into records and cells after RFC 4180, and says where a file departs from it.
//!
//! It is written here, and not taken from a crate, because the crates that read CSV forgive: a quote out of
//! place changes what a cell holds, and one that is never closed swallows the rest of the file.

use std::ops::Range;

/// The longest cell, in bytes of UTF-8, quotes included.
pub(crate) const LONGEST_CELL: usize = 64 * 1024;
/// The longest record, in bytes of UTF-8.
pub(crate) const LONGEST_RECORD: usize = 256 * 1024;

/// Where the cells of one record are. It is filled anew for each record, so that none needs an allocation.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    cells: Vec<Cell>,
    /// The cells in which a doubled quote stands for one, written out.
    written_out: String,
}

#[derive(Debug)]
enum Cell {
    /// A range of the text.
    AsItStands(Range<usize>),
    /// A range of `written_out`.
    WrittenOut(Range<usize>),
}

impl Cells {
    /// How many cells there are.
    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    /// The cells of the record that was scanned from `text`.
    pub(crate) fn iter<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        self.cells.iter().map(move |cell| {
            match cell {
                Cell::AsItStands(range) => text.get(range.clone()),
                Cell::WrittenOut(range) => self.written_out.get(range.clone()),
            }
            .unwrap_or_default()
        })
    }
}

/// What stands at the beginning of a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Scan {
    /// A record.
    Record {
        /// How many bytes it takes, its line end included.
        bytes: usize,
        /// How many lines it takes.
        lines: u64,
    },
    /// A quote is out of place.
    Broken(Fault),
    /// The record or a cell of it is too long.
    TooLong,
    /// The record is longer than the text, which is not yet the whole of it.
    Unfinished,
}

/// How a quote can be out of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A quote within a cell that does not begin with one.
    Stray,
    /// Something other than a delimiter or a line end after the closing quote.
    AfterClosing,
    /// A quote that is not closed before the end of the file, or within the longest cell.
    Unclosed,
}

impl Fault {
    /// The stable code of the issue.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Stray | Self::AfterClosing => "csv-quote-stray",
            Self::Unclosed => "csv-quote-unclosed",
        }
    }

    /// What is wrong and what to do.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Stray => {
                "A quote stands within a cell that does not begin with one. Put the whole cell in quotes and double the quote."
            }
            Self::AfterClosing => {
                "Something follows the closing quote of a cell. Double a quote that belongs to the cell; a quote of a row above may also not be closed."
            }
            Self::Unclosed => "A cell begins with a quote that is not closed.",
        }
    }
}

/// Scans the record with which `text` begins into `cells`. `whole` says that nothing follows the text.
pub(crate) fn scan(text: &str, delimiter: u8, whole: bool, cells: &mut Cells) -> Scan {
    let bytes = text.as_bytes();
    cells.cells.clear();
    cells.written_out.clear();
    let (mut at, mut lines) = (0, 1);
    loop {
        let begin = at;
        let end = if bytes.get(at) == Some(&b'"') {
            match quoted(text, at, whole, cells) {
                Ok(quoted) => {
                    lines += quoted.line_ends;
                    quoted.end
                }
                Err(scan) => return scan,
            }
        } else {
            let end = find(bytes, at, |byte| {
                byte == delimiter || matches!(byte, b'\n' | b'\r' | b'"')
            });
            cells.cells.push(Cell::AsItStands(at..end));
            end
        };
        if end - begin > LONGEST_CELL || end > LONGEST_RECORD {
            return Scan::TooLong;
        }
        match bytes.get(end) {
            Some(byte) if *byte == delimiter => at = end + 1,
            Some(b'\n') => {
                return Scan::Record {
                    bytes: end + 1,
                    lines,
                };
            }
            Some(b'\r') => {
                return match bytes.get(end + 1) {
                    Some(b'\n') => Scan::Record {
                        bytes: end + 2,
                        lines,
                    },
                    None if !whole => Scan::Unfinished,
                    _ => Scan::Record {
                        bytes: end + 1,
                        lines,
                    },
                };
            }
            Some(_) if bytes.get(begin) == Some(&b'"') => return Scan::Broken(Fault::AfterClosing),
            Some(_) => return Scan::Broken(Fault::Stray),
            None if whole => return Scan::Record { bytes: end, lines },
            None => return Scan::Unfinished,
        }
    }
}

struct Quoted {
    /// The place after the closing quote.
    end: usize,
    line_ends: u64,
}

/// Scans the quoted cell at `begin` and adds it to `cells`.
fn quoted(text: &str, begin: usize, whole: bool, cells: &mut Cells) -> Result<Quoted, Scan> {
    let bytes = text.as_bytes();
    let written_from = cells.written_out.len();
    let mut piece = begin + 1;
    loop {
        let quote = find(bytes, piece, |byte| byte == b'"');
        if quote - begin > LONGEST_CELL {
            return Err(too_long_or_unclosed(bytes, begin));
        }
        match (bytes.get(quote), bytes.get(quote + 1)) {
            (Some(_), Some(b'"')) => {
                cells
                    .written_out
                    .push_str(text.get(piece..=quote).unwrap_or_default());
                piece = quote + 2;
            }
            (Some(_), None) if !whole => return Err(Scan::Unfinished),
            (Some(_), _) => {
                if piece == begin + 1 {
                    cells.cells.push(Cell::AsItStands(piece..quote));
                } else {
                    cells
                        .written_out
                        .push_str(text.get(piece..quote).unwrap_or_default());
                    let written = written_from..cells.written_out.len();
                    cells.cells.push(Cell::WrittenOut(written));
                }
                let inside = bytes.get(begin..quote).unwrap_or_default();
                return Ok(Quoted {
                    end: quote + 1,
                    line_ends: line_ends(inside),
                });
            }
            (None, _) if whole => return Err(Scan::Broken(Fault::Unclosed)),
            (None, _) => return Err(Scan::Unfinished),
        }
    }
}

/// A quoted cell that goes on for too long over several lines has most likely lost its closing quote; on one
/// line it is simply too long.
fn too_long_or_unclosed(bytes: &[u8], begin: usize) -> Scan {
    let limit = bytes.len().min(begin + LONGEST_CELL);
    if line_ends(bytes.get(begin..limit).unwrap_or_default()) > 0 {
        Scan::Broken(Fault::Unclosed)
    } else {
        Scan::TooLong
    }
}

/// How many lines end in `bytes`, where CR, LF and CRLF each end one.
fn line_ends(bytes: &[u8]) -> u64 {
    let mut count = 0;
    let mut before = 0;
    for byte in bytes {
        if *byte == b'\r' || (*byte == b'\n' && before != b'\r') {
            count += 1;
        }
        before = *byte;
    }
    count
}

/// The place of the first byte from `from` on that `wanted` accepts, or the end.
fn find(bytes: &[u8], from: usize, wanted: impl Fn(u8) -> bool) -> usize {
    bytes
        .get(from..)
        .and_then(|rest| rest.iter().position(|byte| wanted(*byte)))
        .map_or(bytes.len(), |place| from + place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells_of(text: &str) -> (Scan, Vec<String>) {
        let mut cells = Cells::default();
        let scan = scan(text, b',', true, &mut cells);
        let found = cells.iter(text).map(str::to_owned).collect();
        (scan, found)
    }

    #[test]
    fn a_record_ends_with_its_line() {
        for (text, bytes, lines, cells) in [
            ("a,b\nc", 4, 1, &["a", "b"][..]),
            ("a,b\r\nc", 5, 1, &["a", "b"]),
            ("a,b\rc", 4, 1, &["a", "b"]),
            ("a,b", 3, 1, &["a", "b"]),
            ("a,\n", 3, 1, &["a", ""]),
            ("\n", 1, 1, &[""]),
            ("\"a,b\",c\n", 8, 1, &["a,b", "c"]),
            ("\"a\r\nb\",\"c\rd\"\n", 13, 3, &["a\r\nb", "c\rd"]),
            ("\"say \"\"no\"\"\",\"\"\n", 16, 1, &["say \"no\"", ""]),
            ("\"\"\"\"\n", 5, 1, &["\""]),
        ] {
            let (scan, found) = cells_of(text);
            assert_eq!(scan, Scan::Record { bytes, lines }, "{text:?}");
            assert_eq!(found, cells, "{text:?}");
        }
    }

    #[test]
    fn a_quote_out_of_place_is_told_apart() {
        for (text, fault) in [
            ("a\"b,c\n", Fault::Stray),
            (" \"a\",c\n", Fault::Stray),
            ("\"a\"b,c\n", Fault::AfterClosing),
            ("\"a,b\nc,\"d\"\n", Fault::AfterClosing),
            ("a,\"b\nc,d\n", Fault::Unclosed),
        ] {
            assert_eq!(cells_of(text).0, Scan::Broken(fault), "{text:?}");
        }
    }

    #[test]
    fn half_a_record_waits_for_the_rest() {
        let mut cells = Cells::default();
        for text in ["", "a,b", "a,b\r", "\"a", "\"a\"", "\"a\"\""] {
            assert_eq!(
                scan(text, b',', false, &mut cells),
                Scan::Unfinished,
                "{text:?}"
            );
        }
    }

    #[test]
    fn length_is_bounded() {
        let long = "x".repeat(LONGEST_CELL + 1);
        assert_eq!(cells_of(&long).0, Scan::TooLong);
        assert_eq!(cells_of(&format!("\"{long}\"")).0, Scan::TooLong);
        assert_eq!(
            cells_of(&format!("\"a\n{long}\"")).0,
            Scan::Broken(Fault::Unclosed)
        );
        assert_eq!(cells_of(&"x,".repeat(LONGEST_RECORD)).0, Scan::TooLong);
    }
}
