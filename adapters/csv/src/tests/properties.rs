//! What holds of every file: nothing panics, and what a writer of CSV writes comes back.

use super::{HEADING, read};
use encoding_rs::WINDOWS_1252;
use proptest::prelude::*;

/// How a file may be written.
#[derive(Debug, Clone, Copy)]
enum Written {
    Utf8,
    Utf8Bom,
    Utf16Le,
    Utf16Be,
    Windows1252,
}

impl Written {
    fn bytes(self, text: &str) -> Vec<u8> {
        let marked = format!("\u{feff}{text}");
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf8Bom => marked.into_bytes(),
            Self::Utf16Le => marked.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Utf16Be => marked.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Self::Windows1252 => WINDOWS_1252.encode(text).0.into_owned(),
        }
    }
}

fn written() -> impl Strategy<Value = Written> {
    prop_oneof![
        Just(Written::Utf8),
        Just(Written::Utf8Bom),
        Just(Written::Utf16Le),
        Just(Written::Utf16Be),
        Just(Written::Windows1252),
    ]
}

/// A cell with whatever makes a table hard, of characters that windows-1252 has.
fn cell() -> impl Strategy<Value = String> {
    "[a-z0-9 ,;|\t\"\r\né’€/-]{0,12}"
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), known in any::<bool>()) {
        let mut file = if known { HEADING.as_bytes().to_vec() } else { Vec::new() };
        file.extend(bytes);
        let _ = read("", &file);
        let _ = read("[mappings.default]\nencoding = 'utf-16le'", &file);
    }

    #[test]
    fn no_text_makes_it_panic_and_no_row_is_lost_silently(rows in "[a1,\"\r\n]{0,200}") {
        let outcome = read("", format!("{HEADING}{rows}"));
        prop_assert_eq!(&outcome.stop, &None);
        let blank = |line: &str| line.trim_matches([',', '"', ' ']).is_empty();
        let told = outcome.records.len() + outcome.issues.len();
        prop_assert!(told > 0 || rows.split(['\r', '\n']).all(blank), "{rows:?}");
    }

    #[test]
    fn what_a_csv_writer_writes_comes_back(
        rows in proptest::collection::vec(proptest::collection::vec(cell(), 4), 1..8),
        order in Just(["uln", "Title", "given name", "GRADE"]).prop_shuffle(),
        delimiter in prop_oneof![Just(b','), Just(b';'), Just(b'\t'), Just(b'|')],
        always_quoted in any::<bool>(),
        written in written(),
    ) {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .quote_style(if always_quoted { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary })
            .from_writer(Vec::new());
        let mut written_rows = Vec::new();
        prop_assert!(writer.write_record(order).is_ok());
        for row in &rows {
            prop_assert!(writer.write_record(row).is_ok());
            if row.iter().any(|cell| !cell.trim().is_empty()) {
                written_rows.push(row);
            }
        }
        let text = writer.into_inner().map(String::from_utf8);
        let Ok(Ok(text)) = text else { return Err(TestCaseError::fail("the writer failed")) };
        let config = match written {
            Written::Windows1252 => "[mappings.default]\nencoding = 'windows-1252'",
            _ => "",
        };
        let outcome = read(config, written.bytes(&text));
        prop_assert_eq!(&outcome.stop, &None);
        prop_assert_eq!(outcome.codes(), Vec::<&str>::new());
        prop_assert_eq!(outcome.records.len(), written_rows.len());
        for (record, row) in outcome.records.iter().zip(written_rows) {
            let stated: Vec<_> = record.stated.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect();
            let cells: Vec<_> = order.iter().copied().zip(row.iter().map(String::as_str)).filter(|(_, cell)| !cell.trim().is_empty()).collect();
            prop_assert_eq!(stated, cells);
            let grade = order.iter().position(|name| *name == "GRADE").and_then(|place| row.get(place)).map(|cell| cell.trim());
            prop_assert_eq!(Some(record.grade.as_str()), grade);
        }
    }
}
