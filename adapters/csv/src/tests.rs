//! Tests of the adapter as a whole: files in, records and issues out.

mod mapping;
mod properties;

use crate::LearnerResults;
use crate::column::Column;
use sdk::harness::{Outcome, run};
use sdk::{Position, ResultRecord};

const HEADING: &str = "uln,title,grade\n";

fn read(config: &str, file: impl AsRef<[u8]>) -> Outcome {
    run::<LearnerResults>(config, file.as_ref())
}

/// The grades of the records with their rows: short, and different in each row of these tests.
fn grades(outcome: &Outcome) -> Vec<(u64, &str)> {
    outcome
        .records
        .iter()
        .map(|record| (row(record), record.grade.as_str()))
        .collect()
}

fn row(record: &ResultRecord) -> u64 {
    record.position.as_ref().map_or(0, |position| position.row)
}

fn stop(outcome: &Outcome) -> &str {
    outcome.stop.as_ref().map_or("", |stop| stop.code.as_str())
}

fn fixture(path: &str) -> Vec<u8> {
    let path = format!("{}/../../tests/fixtures/{path}", env!("CARGO_MANIFEST_DIR"));
    let file = std::fs::read(&path);
    assert!(file.is_ok(), "{path}: {file:?}");
    file.unwrap_or_default()
}

#[test]
fn every_column_reaches_its_field() {
    let heading: Vec<&str> = Column::ALL.iter().map(|column| column.as_str()).collect();
    let value = |column: &Column| match column {
        column if column.is_date() => "14/06/2024",
        // A row is of one award only; the other two kinds have tests of their own.
        Column::ProfessionalStatus | Column::Register => "",
        column => column.as_str(),
    };
    let cells: Vec<&str> = Column::ALL.iter().map(value).collect();
    let outcome = read("", format!("{}\n{}\n", heading.join(","), cells.join(",")));
    assert_eq!((outcome.stop, outcome.issues), (None, vec![]));
    let record = outcome.records.first().cloned().unwrap_or_default();
    let person = record.person.unwrap_or_default();
    let subject = record.subject.unwrap_or_default();
    let body = record.body.unwrap_or_default();
    let registration = record.registration.unwrap_or_default();
    for (field, expected) in [
        (person.uln, "uln"),
        (person.given_name, "given_name"),
        (person.family_name, "family_name"),
        (person.date_of_birth, "2024-06-14"),
        (person.gender, "gender"),
        (person.postcode, "postcode"),
        (person.reference, "learner_reference"),
        (subject.kind, "unit"),
        (subject.code, "unit_reference"),
        (subject.part_of, "qualification_number"),
        (subject.title, "title"),
        (registration.number, "registration_number"),
        (registration.conditions, "registration_conditions"),
        (registration.state, "registration_state"),
        (body.recognition_number, "awarding_body"),
        (body.name, "awarding_body_name"),
        (record.result_id, "result_id"),
        (record.certificate_number, "certificate_number"),
        (record.centre, "centre"),
        (record.awarded_on, "2024-06-14"),
        (record.started_on, "2024-06-14"),
        (record.valid_from, "2024-06-14"),
        (record.valid_until, "2024-06-14"),
        (record.grade, "grade"),
        (record.level, "level"),
        (record.credit, "credit"),
        (record.status, "status"),
        (record.verb, "action"),
        (record.action_date, "2024-06-14"),
        (record.action_reason, "action_reason"),
        (record.route, "route"),
        (record.language, "language"),
    ] {
        assert_eq!(field, expected);
    }
    let stated: Vec<(&str, &str)> = record
        .stated
        .iter()
        .map(|field| (field.name.as_str(), field.value.as_str()))
        .collect();
    let cells: Vec<(&str, &str)> = heading
        .into_iter()
        .zip(cells)
        .filter(|(_, cell)| !cell.is_empty())
        .collect();
    assert_eq!(stated, cells, "the cells in the body's own words");
}

#[test]
fn the_subject_is_what_the_row_says() {
    let heading = "uln,qualification_number,unit_reference,professional_status,register,title";
    for (cells, kind, code, part_of) in [
        ("500/9170/0,,,,", "qualification", "500/9170/0", ""),
        ("500/9170/0,-2,,,", "qualification", "500/9170/0", ""),
        (
            "500/9170/0,L/601/1693,,,",
            "unit",
            "L/601/1693",
            "500/9170/0",
        ),
        ("-2,L/601/1693,,,", "unit", "L/601/1693", ""),
        (",,EYTS,,", "status", "EYTS", ""),
        (
            ",,,Social Work England,",
            "registration",
            "Social Work England",
            "",
        ),
        (",,,,First Aid", "", "", ""),
        ("-2,,,,First Aid", "qualification", "-2", ""),
    ] {
        let outcome = read("", format!("{heading}\n9276308686,{cells}\n"));
        let record = outcome.records.first().cloned().unwrap_or_default();
        let subject = record.subject.unwrap_or_default();
        let found = (
            subject.kind.as_str(),
            subject.code.as_str(),
            subject.part_of.as_str(),
        );
        assert_eq!(found, (kind, code, part_of), "{cells}");
    }
    let outcome = read("", format!("{heading}\n1,500/9170/0,,QTS,,\n1,,,QTS,,\n"));
    assert_eq!(outcome.codes(), ["csv-several-subjects"]);
    assert_eq!(outcome.records.len(), 1);
}

#[test]
fn sentinels_pass_as_they_stand() {
    let file = "uln,date_of_birth,awarded_on,grade,title\n9999999999,2999-12-31,null,9999999999,x\n-2,-2,0,-2,x\n";
    let found: Vec<_> = read("", file)
        .records
        .into_iter()
        .map(|record| {
            let person = record.person.unwrap_or_default();
            [
                person.uln,
                person.date_of_birth,
                record.awarded_on,
                record.grade,
            ]
        })
        .collect();
    assert_eq!(
        found,
        [
            ["9999999999", "2999-12-31", "null", "9999999999"],
            ["-2", "-2", "0", "-2"]
        ]
    );
}

#[test]
fn a_row_that_cannot_be_read_costs_only_itself() {
    let long = "x,y\n".repeat(30_000);
    for (rows, codes, good) in [
        (
            "1,a,A\n2,b\n3,c,C\n",
            &["csv-row-length"][..],
            &[(2, "A"), (4, "C")][..],
        ),
        (
            "1,a,A\n2,b,B,\n3,c,C\n",
            &["csv-row-length"],
            &[(2, "A"), (4, "C")],
        ),
        ("1,a\"b,A\n2,b,B\n", &["csv-quote-stray"], &[(3, "B")]),
        ("1,\"a\"b,A\n2,b,B\n", &["csv-quote-stray"], &[(3, "B")]),
        ("1,\"a,A\n2,b,B\n", &["csv-quote-unclosed"], &[(3, "B")]),
        ("1,\"a,A\n2,\"b\",B\n", &["csv-quote-stray"], &[(3, "B")]),
        ("1,a,\0\n2,b,B\n", &["csv-nul"], &[(3, "B")]),
        ("1,a,\"A", &["csv-quote-unclosed"], &[]),
        (
            "1,a,A\r\r\n\n , \n,,\n\"2\",\"b\r\nb\",B\r3,c,C",
            &[],
            &[(2, "A"), (7, "B"), (9, "C")],
        ),
    ] {
        let outcome = read("", format!("{HEADING}{rows}"));
        assert_eq!(outcome.codes(), codes, "{rows:?}");
        assert_eq!(grades(&outcome), good, "{rows:?}");
        assert_eq!(outcome.stop, None, "{rows:?}");
    }
    let outcome = read("", format!("{HEADING}1,\"a,A\n2,b,B\n{long}3,c,C\n"));
    assert_eq!(outcome.codes().first(), Some(&"csv-quote-unclosed"));
    assert_eq!(grades(&outcome), [(3, "B"), (30_004, "C")]);
}

#[test]
fn a_file_that_cannot_be_read_is_refused_for_its_reason() {
    let wide = "x,".repeat(1_001);
    let long = format!("{HEADING}1,{},A\n", "x".repeat(70_000));
    for (file, code) in [
        ("", "file-empty"),
        ("\u{feff}", "file-empty"),
        ("\n\r\n  \n", "file-empty"),
        ("given_name,title\n", "csv-columns-missing"),
        ("uln,grade\n", "csv-columns-missing"),
        ("9276308686,Ada,Example\n", "csv-columns-missing"),
        ("uln,ULN,title\n", "csv-column-twice"),
        ("uln,\"title\n1,2\n", "csv-quote-unclosed"),
        ("u\0l\0n\0", "csv-encoding"),
        (&wide, "csv-too-many-columns"),
        (&long, "csv-record-too-long"),
    ] {
        let outcome = read("", file);
        assert_eq!(stop(&outcome), code, "{:?}", &file.get(..20));
        assert!(outcome.records.is_empty(), "{code}");
    }
    for heading in [HEADING, "given_name,family_name,date_of_birth,register"] {
        let outcome = read("", heading);
        assert_eq!((outcome.stop, outcome.issues.len()), (None, 0), "{heading}");
    }
}

#[test]
fn a_message_quotes_no_heading_before_it_is_known_to_be_one() {
    let outcome = read("", "9276308686,Ada,Example\n9276308686,Ada,Example\n");
    let message = outcome.stop.map(|stop| stop.message).unwrap_or_default();
    assert!(
        !message.contains("Ada") && message.contains("uln"),
        "{message}"
    );
}

#[test]
fn unknown_columns_are_kept_and_told_of_once() {
    let outcome = read("", "uln,title,Shoe size,\n1,x,38,y\n2,x,39,\n");
    assert_eq!(
        outcome.codes(),
        ["csv-column-unknown", "csv-column-unknown"]
    );
    let places: Vec<_> = outcome.issues.iter().map(|issue| &issue.position).collect();
    assert_eq!(places, [&Position::cell(1, 3), &Position::cell(1, 4)]);
    let stated: Vec<_> = outcome
        .records
        .iter()
        .flat_map(|record| &record.stated)
        .skip(2)
        .take(2)
        .map(|field| (field.name.as_str(), field.value.as_str()))
        .collect();
    assert_eq!(stated, [("Shoe size", "38"), ("column 4", "y")]);
}

#[test]
fn the_delimiter_is_told_from_the_heading_line() {
    for file in [
        "uln;title;grade\n1;a,b,c,d,e;A\n",
        "uln\ttitle\tgrade\n1\ta,b;c|d\tA\n",
        "uln|title|grade\n1|a,b;c|A\n",
        "\"uln\";\"title, and more, of it\";title;grade\n1;x;a;A\n",
    ] {
        assert_eq!(grades(&read("", file)), [(2, "A")], "{file:?}");
    }
}

#[test]
fn bytes_that_are_not_utf8_are_refused_with_their_place() {
    let mut file = HEADING.as_bytes().to_vec();
    file.extend_from_slice(b"1,Si\xe2n,A\n");
    let outcome = read("", &file);
    assert_eq!(stop(&outcome), "csv-encoding");
    let at = outcome.stop.and_then(|stop| stop.position.byte());
    assert_eq!(at, Some(HEADING.len() as u64 + 4));

    let configured = read("[mappings.default]\nencoding = 'windows-1252'", &file);
    assert_eq!(grades(&configured), [(2, "A")]);
    let subject = configured
        .records
        .first()
        .and_then(|record| record.subject.clone());
    assert_eq!(subject.unwrap_or_default().title, "Siân");
}

#[test]
fn the_demo_file_is_accepted_by_the_registrys_rules() {
    let outcome = read("", fixture("../../registry/demo/awarding-body.csv"));
    assert_eq!((&outcome.stop, outcome.codes()), (&None, vec![]));
    let today = schema::Date::from_ymd_opt(2024, 1, 1).unwrap_or_default();
    let mut verbs = Vec::new();
    for record in &outcome.records {
        let checked = schema::check(record, today, schema::PersonKnown::FromRecord);
        let notes = checked.as_ref().map(|checked| checked.notes.clone());
        assert_eq!(notes, Ok(vec![]), "row {}", row(record));
        verbs.extend(checked.map(|checked| checked.statement.verb));
    }
    assert_eq!(verbs.len(), 12);
    assert!(verbs.contains(&schema::Verb::Withdraw));
    assert!(
        outcome
            .records
            .iter()
            .any(|record| record.status == "provisional")
    );
}
