//! Mappings of bodies' own columns.

use super::{HEADING, fixture, grades, read, stop};

#[test]
fn a_wrong_key_is_named_with_what_is_allowed() {
    for (config, named) in [
        ("delimeter = ','", &["delimeter", "mappings"][..]),
        (
            "[mappings.RN5133]\ndelimeter = ','",
            &["delimeter", "delimiter"],
        ),
        (
            "[mappings.RN5133]\ndelimiter = ':'",
            &["mappings.RN5133.delimiter", "semicolon"],
        ),
        (
            "[mappings.RN5133]\nencoding = 'latin'",
            &["mappings.RN5133.encoding", "windows-1252"],
        ),
        (
            "[mappings.RN5133]\ndate_format = '%d/%m'",
            &["mappings.RN5133.date_format", "%d/%m/%Y"],
        ),
        (
            "[mappings.RN5133.columns]\nA = 'ulm'",
            &["mappings.RN5133.columns", "ulm", "stated", "uln"],
        ),
        (
            "[mappings.RN5133.columns]\n'A b' = 'uln'\na_b = 'grade'",
            &["mappings.RN5133.columns", "twice"],
        ),
        (
            "[mappings.RN5133.values.grad]\nP = 'Pass'",
            &["mappings.RN5133.values", "grad", "grade"],
        ),
        (
            "[mappings.RN5133.constants]\nstate = 'final'",
            &["mappings.RN5133.constants", "state", "status"],
        ),
        (
            "[mappings.Pearson]",
            &["mappings.Pearson", "RN5133", "default"],
        ),
        ("[mappings", &["Configuration"]),
    ] {
        let outcome = read(config, HEADING);
        assert_eq!(stop(&outcome), "config-invalid", "{config}");
        let message = outcome.stop.map(|stop| stop.message).unwrap_or_default();
        assert!(message.len() <= 500, "{} bytes: {message}", message.len());
        for name in named {
            assert!(message.contains(name), "{name} in {message}");
        }
    }
}

#[test]
fn a_bodys_own_columns_are_mapped() {
    let config = String::from_utf8(fixture("csv/mapped-body.toml")).unwrap_or_default();
    let outcome = read(&config, fixture("csv/mapped-body.csv"));
    assert_eq!((&outcome.stop, outcome.codes()), (&None, vec![]));
    let found: Vec<_> = outcome
        .records
        .iter()
        .map(|record| {
            let person = record.person.clone().unwrap_or_default();
            let body = record.body.clone().unwrap_or_default();
            [
                person.given_name,
                person.date_of_birth,
                record.awarded_on.clone(),
                record.grade.clone(),
                record.status.clone(),
                body.recognition_number,
            ]
        })
        .collect();
    assert_eq!(
        found,
        [
            [
                "Rowan",
                "1994-05-17",
                "2014-07-18",
                "Pass",
                "final",
                "RN5133"
            ],
            [
                "Siân",
                "1996-01-23",
                "2016-03-11",
                "Distinction",
                "final",
                "RN5133"
            ],
            ["Zoë", "1990-02-05", "2015-10-09", "Pass", "final", "RN5133"],
        ]
    );
    let stated = outcome.records.first().map(|record| record.stated.clone());
    let outcome_cell = stated
        .unwrap_or_default()
        .into_iter()
        .find(|field| field.name == "Outcome");
    assert_eq!(
        outcome_cell.unwrap_or_default().value,
        "P",
        "the body's own word"
    );
}

#[test]
fn another_bodys_mapping_is_not_used() {
    let config = "[import]\nawarding_body = 'RN5217'\n[mappings.RN5133.columns]\nA = 'uln'\n";
    let outcome = read(config, "uln,title,awarding_body\n1,x,\n2,x,RN5156\n");
    let bodies: Vec<_> = outcome
        .records
        .into_iter()
        .map(|record| record.body.unwrap_or_default().recognition_number)
        .collect();
    assert_eq!(
        bodies,
        ["RN5217", "RN5156"],
        "what the row says comes first"
    );
}

#[test]
fn a_mapped_column_that_the_file_lacks_is_told_of() {
    let config = "[mappings.default.columns]\nA = 'uln'\nB = 'title'\nC = 'grade'\n";
    let outcome = read(config, "A,B,grade\n1,x,Pass\n");
    assert_eq!(
        outcome.codes(),
        ["csv-column-unknown", "csv-column-missing"]
    );
    assert_eq!(grades(&outcome), [(2, "")]);
}
