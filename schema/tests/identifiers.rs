//! Real numbers of qualifications and units, and test numbers of learners, against the types that hold them.
//! The samples are kept outside this repository: in the directory that `IQF_SAMPLES` names, or in
//! `../shared/samples` beside the workspace. Where there are none the tests say so and pass.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot read its samples is to fail, and one without samples is to say so"
)]

use schema::{CheckResult, QualificationNumber, Uln, UnitReference};
use std::path::{Path, PathBuf};

/// The rows of a file of samples; none where there are no samples.
fn rows(file: &str) -> Vec<csv::StringRecord> {
    let samples = std::env::var_os("IQF_SAMPLES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/samples"),
        PathBuf::from,
    );
    let path = samples.join("identifiers").join(file);
    if !path.exists() {
        eprintln!("SKIPPED: there is no {}; set IQF_SAMPLES", path.display());
        return Vec::new();
    }
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert!(!rows.is_empty(), "{file} holds samples");
    rows
}

fn column(row: &csv::StringRecord, place: usize) -> &str {
    row.get(place).unwrap()
}

/// Columns: ULN, whether it is valid.
#[test]
fn learner_numbers() {
    for row in rows("uln.csv") {
        let valid: bool = column(&row, 1).parse().unwrap();
        // The message names the line only: a real number would have no place in a log.
        let line = row.position().map(csv::Position::line);
        assert_eq!(Uln::parse(column(&row, 0)).is_ok(), valid, "line {line:?}");
    }
}

/// Columns: number, check character by the rule, whether it fits.
#[test]
fn qualification_numbers() {
    for row in rows("qan.csv") {
        let text = column(&row, 0);
        let number = QualificationNumber::parse(text).unwrap();
        assert_eq!(number.as_str(), text);
        let valid: bool = column(&row, 2).parse().unwrap();
        assert_eq!(number.check() == CheckResult::Fits, valid, "{text}");
        let (stem, _) = text.rsplit_once('/').unwrap();
        let expected = format!("{stem}/{}", column(&row, 1));
        let expected = QualificationNumber::parse(&expected).unwrap();
        assert_eq!(expected.check(), CheckResult::Fits, "{expected}");
        let plain = QualificationNumber::parse(&text.replace('/', ""));
        assert_eq!(plain, Ok(number));
    }
}

/// Columns: reference, letter by the rule, whether it fits.
#[test]
fn unit_references() {
    for row in rows("unit_reference.csv") {
        let text = column(&row, 0);
        let reference = UnitReference::parse(text).unwrap();
        assert_eq!(reference.as_str(), text);
        let matches: bool = column(&row, 2).parse().unwrap();
        assert_eq!(reference.check() == CheckResult::Fits, matches, "{text}");
        let expected = format!("{}{}", column(&row, 1), text.get(1..).unwrap());
        let expected = UnitReference::parse(&expected).unwrap();
        assert_eq!(expected.check(), CheckResult::Fits, "{expected}");
    }
}
