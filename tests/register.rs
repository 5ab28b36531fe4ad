//! What a push says otherwise than the register.

use crate::support::{Registry, Row, csv};
use registry::action::import::{Origin, Report};
use serde_json::{Value, json};

/// The qualification's other title in the register, another body's, and one without a last day.
const QUALIFICATIONS: &str = "Qualification Number,Qualification Title,Owner Organisation Recognition Number,Owner Organisation Name,\
Qualification Level,Qualification Type,Total Credits,Qualification Status,Operational Start Date,Operational End Date,Certification End Date,\
Total Qualification Time,Guided Learning Hours,Owner Organisation Acronym,Qualification Sub Level,EQF Level\n\
601/7898/X,An invented certificate,RN5156,NCFE,Level 2,RQF,20,Available to learners,2012-01-01,,,200,150,NCFE,None,Level 3\n\
600/1234/2,An ended certificate in play work,RN5217,City and Guilds of London Institute,Level 2,RQF,20,No longer awarded,2012-01-01,2014-01-01,,200,150,City & Guilds,None,Level 3\n";

fn registry() -> Registry {
    use registry::action::catalogue::{Format, import};
    let registry = Registry::new().with_register();
    let more = QUALIFICATIONS.as_bytes();
    import(&registry.app.db, Format::OfqualQualifications, more).unwrap();
    registry
}

fn warnings(report: &Report) -> Vec<(&str, Option<i64>)> {
    let issues = report.issues.iter();
    issues
        .map(|issue| {
            assert_eq!(issue.severity, "WARNING");
            (issue.code.as_str(), issue.row)
        })
        .collect()
}

#[test]
fn what_a_body_states_otherwise_is_said_once_a_qualification() {
    let registry = registry();
    let award = |number: u32| Row::award(number, &format!("R-{number}"));
    let report = registry.push_csv(
        "RN5217",
        &csv(&[
            award(1).with("level", "Level 3").with("credit", "65"),
            award(2).with("level", "Level 2").with("credit", "60"),
            award(3).with("level", "Level 4").with("credit", "61"),
            award(4).with("title", "Level 2 Award in Paediatric First Aid"),
            award(5).with("title", "Dip. Children & Young Peoples Workforce"),
            award(6)
                .with("title", "Diploma ar gyfer y Gweithlu Plant")
                .with("language", "Welsh"),
            award(7).with("awarded_on", "2018-01-31"),
            award(8).with("awarded_on", "2019-01-31"),
        ]),
    );
    assert_eq!(
        warnings(&report),
        [
            ("level-differs", Some(3)),
            ("credit-differs", Some(3)),
            ("title-differs", Some(5)),
            // A day is each award's own.
            ("outside-register-dates", Some(8)),
            ("outside-register-dates", Some(9)),
        ]
    );
    assert_eq!((report.state.as_str(), report.counts.created), ("DONE", 8));
    for issue in &report.issues {
        let code = schema::Code::parse(&issue.code).unwrap();
        for language in [schema::Language::English, schema::Language::Welsh] {
            assert!(code.message(language).contains(match language {
                schema::Language::English => "register",
                schema::Language::Welsh => "gofrestr",
            }));
        }
    }
}

#[test]
fn a_withdrawn_qualification_and_a_unit_of_anothers_are_said() {
    let registry = registry();
    let of = |number: u32, qualification: &str| {
        Row::award(number, &format!("R-{number}"))
            .with("qualification_number", qualification)
            .with("title", "An ended certificate in play work")
    };
    let unit = |number: u32, whole: &str| {
        of(number, whole)
            .with("unit_reference", "L/601/1693")
            .with("title", "Understand child and young person development")
    };
    let report = registry.push_csv(
        "RN5217",
        &csv(&[
            of(1, "600/1234/2").without("awarded_on"),
            of(2, "600/1234/2"),
            of(3, "600/1234/2").with("action", "withdraw"),
            unit(4, "500/9170/0"),
            unit(5, "601/7898/X"),
        ]),
    );
    let found = warnings(&report);
    let said = |code: &str| {
        let rows = found.iter().filter(|(said, _)| *said == code);
        rows.map(|(_, row)| row.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(said("qualification-withdrawn"), [2], "{found:?}");
    assert_eq!(said("part-of-anothers"), [6], "{found:?}");
}

#[test]
fn a_transcript_that_names_another_body_is_warned_of_and_shown_so() {
    let registry = registry();
    let report = registry.push(
        "csv",
        Origin::Operator,
        &csv(&[Row::award(1, "R-1")
            .with("awarding_body", "RN5156")
            .with("title", "Level 2 Award in Paediatric First Aid")]),
    );
    assert_eq!(
        warnings(&report),
        [
            ("awarding-body-differs", Some(2)),
            ("title-differs", Some(2))
        ]
    );
    let data = registry.data(
        &registry.practitioner(&crate::support::uln(1)),
        "{ me { achievements { edges { node { conflicts { field registerSays sourceSays code } } } } } }",
        Value::Null,
    );
    let conflicts = &data["me"]["achievements"]["edges"][0]["node"]["conflicts"];
    assert_eq!(
        *conflicts,
        json!([
            {"field": "awardingBody", "registerSays": "RN5217", "sourceSays": "RN5156", "code": "awarding-body-differs"},
            {"field": "title", "registerSays": "Level 3 Diploma for the Children and Young People's Workforce (QCF)",
             "sourceSays": "Level 2 Award in Paediatric First Aid", "code": "title-differs"},
        ])
    );
}
