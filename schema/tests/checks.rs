//! Every rule of `check`, by table, and what holds for every record.

#![expect(
    clippy::unwrap_used,
    reason = "a test that finds something else than it expects is to fail"
)]

use proptest::prelude::*;
use schema::wire::{self, ResultRecord};
use schema::{
    Checked, Code, Date, PersonKnown, Rejection, Route, Sentinel, Subject, Verb, check, parse_date,
};
use std::collections::BTreeSet;

const ULN: &str = "9276308686";

fn told_on() -> Date {
    parse_date("2026-01-15").unwrap()
}

/// A record with nothing odd about it.
fn sound() -> ResultRecord {
    ResultRecord {
        subject: Some(wire::Subject {
            kind: "qualification".into(),
            code: "601/7898/X".into(),
            title: "Diploma".into(),
            part_of: String::new(),
        }),
        person: Some(wire::Person {
            uln: ULN.into(),
            given_name: "Amira".into(),
            family_name: "Secretname".into(),
            date_of_birth: "1990-02-03".into(),
            postcode: "zz1 9zz".into(),
            reference: "REF-77".into(),
            ..wire::Person::default()
        }),
        body: Some(wire::Body {
            recognition_number: "RN5133".into(),
            ukprn: "10030488".into(),
            name: "Body".into(),
        }),
        registration: Some(wire::Registration::default()),
        awarded_on: "2014-06-27".into(),
        credit: "65".into(),
        level: "Level 3".into(),
        grade: "Pass".into(),
        ..ResultRecord::default()
    }
}

fn changed(change: impl FnOnce(&mut ResultRecord)) -> ResultRecord {
    let mut record = sound();
    change(&mut record);
    record
}

fn read(change: impl FnOnce(&mut ResultRecord)) -> Result<Checked, Rejection> {
    check(&changed(change), told_on(), PersonKnown::FromRecord)
}

type Change = Box<dyn Fn(&mut ResultRecord)>;

fn person(change: impl Fn(&mut wire::Person) + 'static) -> Change {
    Box::new(move |record| change(record.person.get_or_insert_default()))
}

fn subject(change: impl Fn(&mut wire::Subject) + 'static) -> Change {
    Box::new(move |record| change(record.subject.get_or_insert_default()))
}

fn body(change: impl Fn(&mut wire::Body) + 'static) -> Change {
    Box::new(move |record| change(record.body.get_or_insert_default()))
}

fn registration(change: impl Fn(&mut wire::Registration) + 'static) -> Change {
    Box::new(move |record| change(record.registration.get_or_insert_default()))
}

fn record(change: impl Fn(&mut ResultRecord) + 'static) -> Change {
    Box::new(change)
}

#[test]
fn a_sound_record_is_taken_without_a_word() {
    let checked = read(|_| ()).unwrap();
    assert!(checked.notes.is_empty() && checked.sentinels.is_empty());
    let said = checked.statement;
    assert_eq!((said.verb, said.route), (Verb::Create, Route::Award));
    assert_eq!(said.person.postcode.as_deref(), Some("ZZ1 9ZZ"));
}

/// Everything for which a record is refused.
const REJECTIONS: [Code; 16] = [
    Code::UlnInvalid,
    Code::LearnerNotIdentified,
    Code::DateInvalid,
    Code::BirthDateImplausible,
    Code::DatesContradict,
    Code::SubjectMissing,
    Code::SubjectKindUnknown,
    Code::PartOfInvalid,
    Code::BodyInvalid,
    Code::VerbUnknown,
    Code::StatusUnknown,
    Code::RouteUnknown,
    Code::RegistrationStateUnknown,
    Code::CreditInvalid,
    Code::TextInvalid,
    Code::TextTooLong,
];

#[test]
fn rejections_by_table() {
    let long_status = |s: &mut wire::Subject| {
        s.kind = "status".into();
        s.code = "ß".repeat(21);
    };
    let long_register = |s: &mut wire::Subject| {
        s.kind = "registration".into();
        s.code = "x".repeat(81);
    };
    let table: Vec<(Code, &str, Change)> = vec![
        (
            Code::UlnInvalid,
            "person.uln",
            person(|p| p.uln = "9276308687".into()),
        ),
        (
            Code::UlnInvalid,
            "person.uln",
            person(|p| p.uln = "927630868".into()),
        ),
        (
            Code::UlnInvalid,
            "person.linked_ulns",
            person(|p| p.linked_ulns = vec!["1".into()]),
        ),
        (
            Code::LearnerNotIdentified,
            "person",
            record(|r| r.person = None),
        ),
        (
            Code::LearnerNotIdentified,
            "person",
            person(|p| {
                p.uln = "-2".into();
                p.date_of_birth = "2999-12-31".into();
            }),
        ),
        (
            Code::LearnerNotIdentified,
            "person",
            person(|p| {
                p.uln = "9999999999".into();
                p.given_name.clear();
            }),
        ),
        (
            Code::DateInvalid,
            "awarded_on",
            record(|r| r.awarded_on = "27/06/2014".into()),
        ),
        (
            Code::DateInvalid,
            "started_on",
            record(|r| r.started_on = "2014-02-30".into()),
        ),
        (
            Code::DateInvalid,
            "valid_from",
            record(|r| r.valid_from = "soon".into()),
        ),
        (
            Code::DateInvalid,
            "valid_until",
            record(|r| r.valid_until = "2014".into()),
        ),
        (
            Code::DateInvalid,
            "action_date",
            record(|r| r.action_date = "2014-13-01".into()),
        ),
        (
            Code::DateInvalid,
            "person.date_of_birth",
            person(|p| p.date_of_birth = "x".into()),
        ),
        (
            Code::BirthDateImplausible,
            "person.date_of_birth",
            person(|p| p.date_of_birth = "1899-12-31".into()),
        ),
        (
            Code::BirthDateImplausible,
            "person.date_of_birth",
            person(|p| p.date_of_birth = "2026-01-16".into()),
        ),
        (
            Code::DatesContradict,
            "valid_until",
            record(|r| {
                r.valid_from = "2015-01-02".into();
                r.valid_until = "2015-01-01".into();
            }),
        ),
        (
            Code::SubjectMissing,
            "subject",
            record(|r| r.subject = None),
        ),
        (
            Code::SubjectMissing,
            "subject",
            subject(|s| {
                s.code = "-2".into();
                s.title = " ".into();
            }),
        ),
        (
            Code::SubjectKindUnknown,
            "subject.kind",
            subject(|s| s.kind = "badge".into()),
        ),
        (
            Code::PartOfInvalid,
            "subject.part_of",
            subject(|s| s.part_of = "601".into()),
        ),
        (
            Code::BodyInvalid,
            "body.recognition_number",
            body(|b| b.recognition_number = "RN51".into()),
        ),
        (
            Code::VerbUnknown,
            "verb",
            record(|r| r.verb = "delete".into()),
        ),
        (
            Code::StatusUnknown,
            "status",
            record(|r| r.status = "pending".into()),
        ),
        (
            Code::StatusUnknown,
            "status",
            record(|r| r.status = "withdrawn".into()),
        ),
        (
            Code::RouteUnknown,
            "route",
            record(|r| r.route = "luck".into()),
        ),
        (
            Code::RegistrationStateUnknown,
            "registration.state",
            registration(|g| g.state = "odd".into()),
        ),
        (
            Code::CreditInvalid,
            "credit",
            record(|r| r.credit = "2001".into()),
        ),
        (
            Code::CreditInvalid,
            "credit",
            record(|r| r.credit = "1.5".into()),
        ),
        (
            Code::TextInvalid,
            "grade",
            record(|r| r.grade = "Pa\u{0}ss".into()),
        ),
        (
            Code::TextTooLong,
            "grade",
            record(|r| r.grade = "x".repeat(61)),
        ),
        (Code::TextTooLong, "subject.code", subject(long_status)),
        (Code::TextTooLong, "subject.code", subject(long_register)),
    ];
    let mut reached = BTreeSet::new();
    for (code, field, change) in table {
        let found = read(change).unwrap_err();
        assert_eq!(found, Rejection { code, field });
        reached.insert(code);
    }
    assert_eq!(reached, BTreeSet::from(REJECTIONS));
}

/// Everything odd about a record that still counts.
const NOTES: [Code; 6] = [
    Code::AwardDateInFuture,
    Code::SubjectNotRecognised,
    Code::QualificationNumberCheck,
    Code::QualificationNumberSuffix,
    Code::UnitReferenceCheck,
    Code::LevelUnknown,
];

#[test]
fn notes_by_table() {
    let code = |code: &'static str| subject(move |s| s.code = code.into());
    let table: Vec<(Code, &str, Change)> = vec![
        (
            Code::AwardDateInFuture,
            "awarded_on",
            record(|r| r.awarded_on = "2058-07-01".into()),
        ),
        (
            Code::SubjectNotRecognised,
            "subject.code",
            code("Not required"),
        ),
        (
            Code::SubjectNotRecognised,
            "subject.code",
            code("601/78981/X"),
        ),
        (
            Code::QualificationNumberCheck,
            "subject.code",
            code("601/3598/1"),
        ),
        (
            Code::QualificationNumberSuffix,
            "subject.code",
            code("601/2147/6/KNO"),
        ),
        (Code::UnitReferenceCheck, "subject.code", code("T/601/1437")),
        (
            Code::LevelUnknown,
            "level",
            record(|r| r.level = "Level 1/2".into()),
        ),
    ];
    let mut reached = BTreeSet::new();
    for (code, field, change) in table {
        let notes = read(change).unwrap().notes;
        let noted = |note: &schema::Note| note.code == code && note.field == field;
        assert!(notes.iter().any(noted), "{code}: {notes:?}");
        reached.insert(code);
    }
    assert_eq!(reached, BTreeSet::from(NOTES));
}

const SENTINELS: [Sentinel; 8] = [
    Sentinel::TemporaryUln,
    Sentinel::NotAvailable,
    Sentinel::UnknownGrade,
    Sentinel::UnknownOrganisation,
    Sentinel::UnknownBirthDate,
    Sentinel::NullDate,
    Sentinel::FutureDate,
    Sentinel::NoCredit,
];

#[test]
fn sentinels_by_table() {
    let none = Sentinel::NotAvailable;
    let unknown = Sentinel::UnknownOrganisation;
    let unborn = Sentinel::UnknownBirthDate;
    let table: Vec<(&str, Sentinel, Change)> = vec![
        (
            "person.uln",
            Sentinel::TemporaryUln,
            person(|p| p.uln = "9999999999".into()),
        ),
        ("person.uln", none, person(|p| p.uln = "-2".into())),
        (
            "person.reference",
            none,
            person(|p| p.reference = "-2".into()),
        ),
        (
            "person.date_of_birth",
            none,
            person(|p| p.date_of_birth = "-2".into()),
        ),
        (
            "person.date_of_birth",
            unborn,
            person(|p| p.date_of_birth = "2999-12-31T00:00:00".into()),
        ),
        ("record_id", none, record(|r| r.record_id = "-2".into())),
        ("result_id", none, record(|r| r.result_id = "-2".into())),
        (
            "certificate_number",
            none,
            record(|r| r.certificate_number = " -2 ".into()),
        ),
        ("centre", none, record(|r| r.centre = "-2".into())),
        ("credit", none, record(|r| r.credit = "-2".into())),
        (
            "credit",
            Sentinel::NoCredit,
            record(|r| r.credit = "0".into()),
        ),
        ("grade", none, record(|r| r.grade = "-2".into())),
        (
            "grade",
            Sentinel::UnknownGrade,
            record(|r| r.grade = "9999999999".into()),
        ),
        ("body.ukprn", unknown, body(|b| b.ukprn = "UNKNWN".into())),
        ("body.name", unknown, body(|b| b.name = "Unknown".into())),
        (
            "awarded_on",
            Sentinel::NullDate,
            record(|r| r.awarded_on = "null".into()),
        ),
        (
            "awarded_on",
            Sentinel::FutureDate,
            record(|r| r.awarded_on = "2026-01-16".into()),
        ),
        (
            "person.given_name",
            none,
            person(|p| p.given_name = "-2".into()),
        ),
        (
            "person.postcode",
            none,
            person(|p| p.postcode = "-2".into()),
        ),
        (
            "person.linked_ulns",
            none,
            person(|p| p.linked_ulns = vec!["-2".into()]),
        ),
        (
            "person.linked_ulns",
            Sentinel::TemporaryUln,
            person(|p| p.linked_ulns = vec!["9999999999".into()]),
        ),
        ("subject.code", none, subject(|s| s.code = "-2".into())),
        (
            "subject.part_of",
            none,
            subject(|s| s.part_of = "-2".into()),
        ),
        (
            "body.recognition_number",
            none,
            body(|b| b.recognition_number = "-2".into()),
        ),
        ("body.ukprn", none, body(|b| b.ukprn = "-2".into())),
        ("body.name", unknown, body(|b| b.name = "UNKNWN".into())),
        ("level", none, record(|r| r.level = "-2".into())),
        ("language", none, record(|r| r.language = "-2".into())),
        (
            "registration.number",
            none,
            registration(|g| g.number = "-2".into()),
        ),
        ("valid_until", none, record(|r| r.valid_until = "-2".into())),
    ];
    let mut reached = BTreeSet::new();
    for (field, sentinel, change) in table {
        let checked = read(change).unwrap();
        assert_eq!(checked.sentinels, [(field, sentinel)]);
        reached.insert(sentinel);
    }
    assert_eq!(reached, BTreeSet::from(SENTINELS));
}

#[test]
fn a_sentinel_is_never_taken_for_data() {
    let checked = read(|r| {
        r.result_id = "-2".into();
        r.certificate_number = "-2".into();
        r.grade = "9999999999".into();
        r.awarded_on = "2058-07-01".into();
        r.body = Some(wire::Body {
            name: "UNKNWN".into(),
            ukprn: "UNKNWN".into(),
            recognition_number: String::new(),
        });
        let person = r.person.get_or_insert_default();
        person.given_name = "-2".into();
    });
    let said = checked.unwrap().statement;
    assert_eq!((said.result_id, said.certificate_number), (None, None));
    assert_eq!((said.grade, said.awarded_on), (None, None));
    assert_eq!(said.awarded_on_stated.as_deref(), Some("2058-07-01"));
    assert_eq!((said.body.name, said.body.ukprn), (None, None));
    assert_eq!(said.person.given_name, None);
}

#[test]
fn subjects_by_table() {
    let table = [
        ("", "601/7898/x", "qualification:601/7898/X"),
        ("unit", "L6011693", "unit:L/601/1693"),
        ("qualification", "L/601/1693", "unit:L/601/1693"),
        ("", "qts", "status:QTS"),
        ("status", "eyps", "status:EYPS"),
        ("status", "local", "status:LOCAL"),
        (
            "registration",
            "Social Work England",
            "registration:social work england",
        ),
        ("registration", "QTS", "registration:qts"),
        (
            "",
            "Paediatric First Aid",
            "unidentified:paediatric first aid",
        ),
        ("", "", "unidentified:diploma"),
    ];
    for (kind, code, key) in table {
        let checked = read(|r| {
            r.subject = Some(wire::Subject {
                kind: kind.into(),
                code: code.into(),
                title: "Diploma".into(),
                part_of: String::new(),
            });
        });
        let found = checked.unwrap().statement.subject;
        assert_eq!(found.key(), key);
        let (kind, code) = found.parts();
        assert_eq!(Subject::from_parts(kind, code), Some(found.clone()));
    }
}

/// A text's field, the most characters it may have, and how it is set.
type Text = (&'static str, usize, fn(&mut ResultRecord, String));

fn texts() -> [Text; 17] {
    [
        ("person.given_name", 100, |r, t| {
            r.person.get_or_insert_default().given_name = t;
        }),
        ("person.family_name", 100, |r, t| {
            r.person.get_or_insert_default().family_name = t;
        }),
        ("person.postcode", 10, |r, t| {
            r.person.get_or_insert_default().postcode = t;
        }),
        ("person.reference", 128, |r, t| {
            r.person.get_or_insert_default().reference = t;
        }),
        ("subject.code", 128, |r, t| {
            r.subject.get_or_insert_default().code = t;
        }),
        ("subject.title", 500, |r, t| {
            r.subject.get_or_insert_default().title = t;
        }),
        ("body.name", 500, |r, t| {
            r.body.get_or_insert_default().name = t;
        }),
        ("record_id", 128, |r, t| r.record_id = t),
        ("result_id", 128, |r, t| r.result_id = t),
        ("certificate_number", 128, |r, t| r.certificate_number = t),
        ("centre", 128, |r, t| r.centre = t),
        ("action_reason", 500, |r, t| r.action_reason = t),
        ("grade", 60, |r, t| r.grade = t),
        ("level", 100, |r, t| r.level = t),
        ("language", 100, |r, t| r.language = t),
        ("registration.number", 128, |r, t| {
            r.registration.get_or_insert_default().number = t;
        }),
        ("registration.conditions", 500, |r, t| {
            r.registration.get_or_insert_default().conditions = t;
        }),
    ]
}

#[test]
fn texts_keep_to_their_lengths_in_characters() {
    for (field, longest, put) in texts() {
        assert!(read(|r| put(r, "é".repeat(longest))).is_ok(), "{field}");
        let spaced = format!("  {}\u{a0} ", "é".repeat(longest));
        assert!(read(|r| put(r, spaced)).is_ok(), "{field}");
        let found = read(|r| put(r, "é".repeat(longest + 1)));
        let code = Code::TextTooLong;
        assert_eq!(found, Err(Rejection { code, field }));
    }
}

#[test]
fn control_characters_are_refused_and_white_space_is_folded() {
    for (field, _, put) in texts() {
        for control in ['\u{0}', '\u{1b}', '\u{1f}', '\u{7f}', '\u{9b}'] {
            let found = read(|r| put(r, format!("a{control}b")));
            let code = Code::TextInvalid;
            assert_eq!(found, Err(Rejection { code, field }), "{control:?}");
        }
        assert!(read(|r| put(r, "a\t b\r\n".into())).is_ok(), "{field}");
    }
    let said = read(|r| r.centre = " a\t b\r\n".into()).unwrap().statement;
    assert_eq!(said.centre.as_deref(), Some("a b"));
}

#[test]
fn a_person_known_elsewhere_need_not_be_named() {
    let record = changed(|r| r.person = None);
    assert!(check(&record, told_on(), PersonKnown::Elsewhere).is_ok());
    let linked = read(|r| {
        r.person = Some(wire::Person {
            linked_ulns: vec![ULN.into(), String::new()],
            ..wire::Person::default()
        });
    });
    assert_eq!(linked.unwrap().statement.person.linked_ulns.len(), 1);
}

#[test]
fn nothing_that_is_said_of_a_result_shows_the_person() {
    let private = [
        "Amira",
        "Secretname",
        "1990-02-03",
        "zz1 9zz",
        "ZZ1 9ZZ",
        "REF-77",
        ULN,
        "9276308687",
    ];
    let hides = |shown: &str| {
        for word in private {
            assert!(!shown.contains(word), "{word} in {shown}");
        }
    };
    hides(&format!("{:?}", sound()));
    hides(&format!("{:?}", read(|_| ()).unwrap()));
    let stated = wire::StatedField {
        name: "Surname".into(),
        value: "Secretname".into(),
    };
    hides(&format!("{:?}", changed(|r| r.stated = vec![stated])));
    for change in [
        person(|p| p.uln = "9276308687".into()),
        person(|p| p.linked_ulns = vec!["9276308687".into()]),
        person(|p| p.family_name = "Secretname\u{0}".into()),
        person(|p| p.date_of_birth = "1990-02-03x".into()),
        person(|p| p.postcode = "ZZ1 9ZZ ZZ1 9ZZ".into()),
        person(|p| p.reference = "REF-77".repeat(30)),
    ] {
        let found = read(change).unwrap_err();
        let message = found.code.message(schema::Language::English);
        hides(&format!("{found:?} {} {message}", found.code));
    }
    let wrong = schema::Uln::parse("9276308687").unwrap_err();
    hides(&format!("{wrong:?} {wrong}"));
    let wrong = parse_date("1990-02-03x").unwrap_err();
    hides(&format!("{wrong:?} {wrong}"));
}

/// Any text, often one that means something to some field.
fn word() -> impl Strategy<Value = String> {
    let known = [
        "",
        " ",
        "-2",
        "null",
        "9999999999",
        ULN,
        "2999-12-31",
        "2014-06-27",
        "2058-07-01",
        "1899-01-01",
        "601/7898/X",
        "L/601/1693",
        "qts",
        "status",
        "unit",
        "registration",
        "suspended",
        "Level 3",
        "Entry Level",
        "0",
        "65",
        "65536",
        "RN5133",
        "UNKNWN",
    ];
    prop_oneof![
        6 => proptest::sample::select(known.map(str::to_owned).to_vec()),
        1 => "\\PC{0,40}",
        1 => any::<String>(),
    ]
}

/// A sound record of which some fields hold anything.
fn any_record() -> impl Strategy<Value = ResultRecord> {
    let put: [fn(&mut ResultRecord, String); 20] = [
        |r, t| r.verb = t,
        |r, t| r.status = t,
        |r, t| r.route = t,
        |r, t| r.awarded_on = t,
        |r, t| r.started_on = t,
        |r, t| r.valid_from = t,
        |r, t| r.valid_until = t,
        |r, t| r.action_date = t,
        |r, t| r.credit = t,
        |r, t| r.subject.get_or_insert_default().kind = t,
        |r, t| r.subject.get_or_insert_default().part_of = t,
        |r, t| r.person.get_or_insert_default().uln = t,
        |r, t| r.person.get_or_insert_default().linked_ulns.push(t),
        |r, t| r.person.get_or_insert_default().date_of_birth = t,
        |r, t| r.person.get_or_insert_default().gender = t,
        |r, t| r.body.get_or_insert_default().recognition_number = t,
        |r, t| r.body.get_or_insert_default().ukprn = t,
        |r, t| r.registration.get_or_insert_default().state = t,
        |r, _| r.person = None,
        |r, _| r.subject = None,
    ];
    let fields: Vec<_> = texts()
        .map(|(.., put)| put)
        .into_iter()
        .chain(put)
        .collect();
    let change = (proptest::sample::select(fields), word());
    proptest::collection::vec(change, 0..6).prop_map(|changes| {
        changed(|record| {
            for (put, text) in changes {
                put(record, text);
            }
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn no_record_is_too_odd(record in any_record()) {
        let known = check(&record, told_on(), PersonKnown::Elsewhere);
        match check(&record, told_on(), PersonKnown::FromRecord) {
            Err(one) if one.code == Code::LearnerNotIdentified => {}
            named => prop_assert_eq!(&named, &known),
        }
        let codes: Vec<Code> = match known {
            Err(rejection) => vec![rejection.code],
            Ok(checked) => checked.notes.iter().map(|note| note.code).collect(),
        };
        for code in codes {
            prop_assert!(REJECTIONS.contains(&code) || NOTES.contains(&code), "{}", code);
        }
    }

    /// What was taken once is taken again when it is read back, as stored records are.
    #[test]
    fn what_is_stored_stays_readable(record in any_record()) {
        if let Ok(checked) = check(&record, told_on(), PersonKnown::FromRecord) {
            prop_assert_eq!(check(&record, told_on(), PersonKnown::Elsewhere), Ok(checked));
        }
    }
}
