//! What becomes of each member.

use super::{BADGE, badge, read, record, said, stop};
use serde_json::{Value, json};

const ACHIEVEMENT: &str = "/credentialSubject/achievement";

fn with(name: &str, value: &Value) -> Vec<u8> {
    badge(&[(&format!("{ACHIEVEMENT}/{name}"), value.clone())])
}

#[test]
fn a_badge_becomes_a_record() {
    let one = said(read(badge(&[
        ("/awardedDate", json!("2024-01-15T23:00:00-08:00")),
        ("/validUntil", json!("2027-02-01T00:00:00Z")),
        (
            "/credentialSubject/activityStartDate",
            json!("2023-09-01T00:00:00Z"),
        ),
        ("/credentialSubject/creditsEarned", json!(12)),
        (
            "/credentialSubject/result",
            json!([{"type": ["Result"], "value": "Merit"}]),
        ),
        ("/credentialSubject/licenseNumber", json!("L-1")),
    ])));
    let day = |day: Option<schema::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    assert_eq!(
        one.person.uln.map(|uln| uln.to_string()).as_deref(),
        Some("9276308686")
    );
    assert_eq!(one.title.as_deref(), Some("Play"));
    assert_eq!(
        one.subject.key(),
        "unidentified:https://body.example/achievements/play"
    );
    assert_eq!(one.body.name.as_deref(), Some("Invented Body"));
    assert_eq!(
        one.record_id.as_deref(),
        Some("urn:uuid:00000000-0000-4000-8000-000000000099")
    );
    assert_eq!(
        [
            one.awarded_on,
            one.started_on,
            one.valid_from,
            one.valid_until
        ]
        .map(day),
        ["2024-01-15", "2023-09-01", "2024-02-01", "2027-02-01"]
    );
    assert_eq!(one.grade.as_ref().map(schema::Grade::as_str), Some("Merit"));
    assert_eq!(one.credit.map(schema::Credit::value), Some(12));
    assert_eq!(one.registration_number.as_deref(), Some("L-1"));
    assert_eq!(one.status, Some(schema::AwardStatus::Final));
}

#[test]
fn without_a_day_of_award_the_first_day_of_validity_is_it() {
    for changes in [
        vec![],
        vec![
            ("/validFrom", Value::Null),
            ("/issuanceDate", json!("2024-02-01T00:00:00Z")),
        ],
    ] {
        let one = record(read(badge(&changes)));
        assert_eq!(
            (one.awarded_on.as_str(), one.valid_from.as_str()),
            ("2024-02-01", "2024-02-01")
        );
    }
}

#[test]
fn regulated_numbers_are_found_where_they_are_named() {
    let qualification = "qualification:601/7898/X";
    for (name, value, key) in [
        ("humanCode", json!("601/7898/X"), qualification),
        ("humanCode", json!("L/601/1693"), "unit:L/601/1693"),
        (
            "otherIdentifier",
            json!([{"type": "IdentifierEntry", "identifier": "6017898X", "identifierType": "ext:QualificationNumber"}]),
            qualification,
        ),
        (
            "alignment",
            json!({"type": ["Alignment"], "targetCode": "6017898X", "targetFramework": "Ofqual", "targetName": "x", "targetUrl": "https://x.example"}),
            qualification,
        ),
        (
            "humanCode",
            json!("6017898X"),
            "unidentified:https://body.example/achievements/play",
        ),
        (
            "otherIdentifier",
            json!([{"identifier": "6017898X", "identifierType": "identifier"}]),
            "unidentified:https://body.example/achievements/play",
        ),
    ] {
        assert_eq!(
            said(read(with(name, &value))).subject.key(),
            key,
            "{name} {value}"
        );
    }
    let two = json!([{"targetCode": "601/7898/X"}, {"targetCode": "500/9170/0"}]);
    let outcome = read(with("alignment", &two));
    assert_eq!(outcome.codes(), ["alignment-ambiguous"]);
    assert!(matches!(
        said(outcome).subject,
        schema::Subject::Unidentified(_)
    ));
}

#[test]
fn the_frameworks_level_is_taken_and_no_other() {
    for (framework, level) in [("RQF", Some(schema::Level::L3)), ("EQF", None)] {
        let alignment = json!([{"targetCode": "Level 3", "targetFramework": framework}]);
        assert_eq!(said(read(with("alignment", &alignment))).level, level);
    }
}

#[test]
fn languages_are_english_then_welsh() {
    for (name, title) in [
        (json!({"cy": "Chwarae", "en": "Play well"}), "Play well"),
        (
            json!([{"@value": "Lek", "@language": "no"}, {"@value": "Chwarae", "@language": "cy"}]),
            "Chwarae",
        ),
    ] {
        assert_eq!(
            said(read(with("name", &name))).title.as_deref(),
            Some(title)
        );
    }
}

/// What is hashed is nobody's name, number or mail.
#[test]
fn a_hashed_identity_says_nothing_of_the_person() {
    let hashed = json!([
        {"type": "IdentityObject", "identityHash": "sha256$00", "identityType": "name", "hashed": true, "salt": "s"},
        {"type": "IdentityObject", "identityHash": "sha256$01", "identityType": "ext:uln", "hashed": true, "salt": "s"},
    ]);
    let outcome = read(badge(&[
        ("/credentialSubject/identifier", hashed),
        ("/credentialSubject/id", json!("did:example:holder")),
    ]));
    let one = record(outcome);
    let person = one.person.clone().unwrap_or_default();
    assert_eq!(person.uln + &person.given_name + &person.family_name, "");
    assert_eq!(person.reference, "did:example:holder");
    let today = schema::Date::from_ymd_opt(2026, 6, 1).unwrap_or_default();
    let alone = schema::check(&one, today, schema::PersonKnown::FromRecord);
    assert_eq!(
        alone.err().map(|one| one.code),
        Some(schema::Code::LearnerNotIdentified)
    );
}

#[test]
fn what_is_no_award_is_left_out_and_told_of_at_its_place() {
    for (pointer, value, code, place) in [
        (
            "/credentialSubject/achievement",
            Value::Null,
            "subject-missing",
            "/credentialSubject/achievement",
        ),
        (
            "/credentialSubject",
            json!([{}, {}]),
            "subject-not-one",
            "/credentialSubject",
        ),
        (
            "/credentialSubject/result",
            json!({"status": "Failed"}),
            "result-not-completed",
            "/credentialSubject/result",
        ),
        (
            "/credentialSubject/result",
            json!([{"status": "InProgress"}]),
            "result-not-completed",
            "/credentialSubject/result",
        ),
    ] {
        let outcome = read(badge(&[(pointer, value)]));
        assert_eq!((stop(&outcome), outcome.records.len()), ("", 0));
        let issues: Vec<_> = outcome
            .issues
            .iter()
            .map(|one| (one.code.as_str(), one.position.path.as_str()))
            .collect();
        assert_eq!(issues, [(code, place)]);
    }
}

#[test]
fn an_odd_credit_is_kept_in_the_sources_words_only() {
    for (stated, credit, codes) in [
        (json!(3), "3", vec![]),
        (json!(3.0), "3", vec![]),
        (json!(0), "0", vec![]),
        (json!(2.5), "", vec!["credit-not-whole"]),
        (json!(-1), "", vec!["credit-not-whole"]),
        (json!(90000), "", vec!["credit-not-whole"]),
    ] {
        let outcome = read(badge(&[("/credentialSubject/creditsEarned", stated)]));
        assert_eq!(outcome.codes(), codes);
        let one = record(outcome);
        assert_eq!(one.credit, credit);
        assert!(
            one.stated
                .iter()
                .any(|field| field.name == "credentialSubject.creditsEarned")
        );
    }
}

#[test]
fn other_credentials_are_refused() {
    for (kind, part) in [
        ("ClrCredential", "adapter clr"),
        ("EndorsementCredential", "type"),
        ("OtherCredential", "type"),
    ] {
        let outcome = read(badge(&[("/type", json!(["VerifiableCredential", kind]))]));
        assert_eq!(
            (stop(&outcome), outcome.records.len()),
            ("not-an-open-badge", 0)
        );
        let message = outcome.stop.map(|stop| stop.message).unwrap_or_default();
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(
        stop(&read(badge(&[("/issuer", Value::Null)]))),
        "not-a-credential"
    );
}

#[test]
fn the_sources_own_words_have_a_name_each() {
    let one = record(read(BADGE));
    let mut names: Vec<_> = one.stated.iter().map(|field| field.name.as_str()).collect();
    assert!(names.contains(&"credentialSubject.achievement.humanCode"));
    assert!(
        !names
            .iter()
            .any(|name| name.contains("proof") || name.contains("@context"))
    );
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}
