//! Each rejection, note and sentinel, and each kind of subject.

use crate::{Change, body, person, read, record, registration, subject};
use schema::wire;
use schema::{Code, ProofResult, Rejection, Route, Sentinel, Subject, Verb};
use std::collections::BTreeSet;

#[test]
fn a_sound_record_is_taken_without_a_word() {
    let checked = read(|_| ()).unwrap();
    assert!(checked.notes.is_empty() && checked.sentinels.is_empty());
    let said = checked.statement;
    assert_eq!((said.verb, said.route), (Verb::Create, Route::Award));
    assert_eq!(said.person.postcode.as_deref(), Some("ZZ1 9ZZ"));
}

/// Everything for which a record is refused.
pub(crate) const REJECTIONS: [Code; 17] = [
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
    Code::ProofInvalid,
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
    let proof = |change: fn(&mut wire::Proof)| {
        let mut proof = proof();
        change(&mut proof);
        record(move |r| r.proofs = vec![proof.clone()])
    };
    let table: Vec<(Code, &str, Change)> = vec![
        (
            Code::ProofInvalid,
            "proofs",
            proof(|p| p.form = "Data Integrity".into()),
        ),
        (
            Code::ProofInvalid,
            "proofs",
            proof(|p| p.method = "did:key:z\u{7}".into()),
        ),
        (
            Code::ProofInvalid,
            "proofs",
            proof(|p| p.controller = "x".repeat(1001)),
        ),
        (
            Code::ProofInvalid,
            "proofs",
            proof(|p| p.checks.iter_mut().for_each(|c| c.name.clear())),
        ),
        (
            Code::ProofInvalid,
            "proofs",
            proof(|p| p.checks.iter_mut().for_each(|c| c.result = "ok".into())),
        ),
        (
            Code::ProofInvalid,
            "proofs",
            proof(|p| p.checks.iter_mut().for_each(|c| c.code = "x".repeat(65))),
        ),
        (
            Code::ProofInvalid,
            "proofs",
            proof(|p| p.checks.resize(33, wire::ProofCheck::default())),
        ),
        (
            Code::ProofInvalid,
            "proofs",
            record(|r| r.proofs = vec![wire::Proof::default(); 33]),
        ),
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

/// A proof as an adapter tells of it.
fn proof() -> wire::Proof {
    wire::Proof {
        path: "/credentialSubject/verifiableCredential/0".into(),
        form: "data-integrity".into(),
        suite: "eddsa-rdfc-2022".into(),
        method: "did:key:z6Mkj#z6Mkj".into(),
        controller: "did:key:z6Mkj".into(),
        key_source: "did-key".into(),
        checks: vec![wire::ProofCheck {
            name: "proof".into(),
            result: "passed".into(),
            code: "proof-holds".into(),
        }],
    }
}

#[test]
fn what_a_proof_said_comes_through() {
    let none = wire::Proof::default();
    let said = read(|r| r.proofs = vec![proof(), none]).unwrap().statement;
    let [first, second] = said.proofs.as_slice() else {
        unreachable!("two proofs were stated");
    };
    assert_eq!(first.form.as_deref(), Some("data-integrity"));
    assert_eq!(first.controller.as_deref(), Some("did:key:z6Mkj"));
    let results: Vec<ProofResult> = first.checks.iter().map(|check| check.result).collect();
    assert_eq!(results, [ProofResult::Passed]);
    assert_eq!((&second.form, second.checks.len()), (&None, 0));
    for result in ProofResult::ALL {
        assert_eq!(ProofResult::parse(result.as_str()), Some(result));
    }
}

/// Everything odd about a record that still counts.
pub(crate) const NOTES: [Code; 6] = [
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
