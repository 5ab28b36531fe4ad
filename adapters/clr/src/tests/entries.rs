//! What becomes of each credential within.

use super::{BADGE, accepted, badge, places, read, record, stop};
use schema::ProofResult;
use serde_json::{Value, json};

const ENTRY: &str = "/credentialSubject/verifiableCredential";

#[test]
fn each_credential_is_a_record_with_what_is_said_of_the_person() {
    let outcome = read(record(&[badge(1, "601/7898/X"), badge(2, "L/601/1693")], &[]).to_string());
    assert_eq!((stop(&outcome), outcome.codes()), ("", vec![]));
    assert_eq!(
        places(&outcome),
        [format!("{ENTRY}/0"), format!("{ENTRY}/1")]
    );
    let said = accepted(&outcome);
    let keys: Vec<String> = said.iter().map(|one| one.subject.key()).collect();
    assert_eq!(keys, ["qualification:601/7898/X", "unit:L/601/1693"]);
    for one in &said {
        assert_eq!(
            one.person.uln.map(|uln| uln.to_string()).as_deref(),
            Some("9276308686")
        );
        assert_eq!(one.body.name.as_deref(), Some("Invented Body"));
        assert_eq!(one.part_of, None);
    }
}

#[test]
fn one_bad_credential_never_stops_the_good_ones() {
    let mut changed: Value = serde_json::from_str(BADGE).unwrap_or_default();
    if let Some(name) = changed.pointer_mut("/credentialSubject/achievement/name") {
        *name = json!("Another award");
    }
    let signed: Value = serde_json::from_str(BADGE).unwrap_or_default();
    let mut empty = badge(4, "");
    if let Some(subject) = empty
        .pointer_mut("/credentialSubject")
        .and_then(Value::as_object_mut)
    {
        subject.remove("achievement");
    }
    let mut other = badge(5, "");
    if let Some(kind) = other.pointer_mut("/type") {
        *kind = json!(["VerifiableCredential", "OtherCredential"]);
    }
    let entries = [
        changed,
        signed,
        json!("eyJ.no.token"),
        empty,
        other,
        badge(6, ""),
    ];
    let outcome = read(record(&entries, &[]).to_string());
    assert_eq!(
        places(&outcome),
        [format!("{ENTRY}/1"), format!("{ENTRY}/5")]
    );
    let issues: Vec<_> = outcome
        .issues
        .iter()
        .filter(|one| one.severity == sdk::Severity::Error)
        .map(|one| (one.code.as_str(), one.position.path.clone()))
        .collect();
    assert_eq!(
        issues,
        [
            ("proof-mismatch", format!("{ENTRY}/0/proof")),
            ("credential-token-unreadable", format!("{ENTRY}/2")),
            (
                "subject-missing",
                format!("{ENTRY}/3/credentialSubject/achievement")
            ),
            ("not-an-open-badge", format!("{ENTRY}/4/type")),
        ]
    );
}

#[test]
fn each_proof_is_checked_for_itself() {
    let signed: Value = serde_json::from_str(BADGE).unwrap_or_default();
    let outcome = read(record(&[signed, badge(2, "")], &[]).to_string());
    let found: Vec<Vec<(Option<String>, ProofResult, String)>> = accepted(&outcome)
        .into_iter()
        .map(|one| {
            let checks = one.proofs.into_iter().flat_map(|proof| {
                let path = proof.path;
                proof
                    .checks
                    .into_iter()
                    .map(move |check| (path.clone(), check))
            });
            checks
                .filter(|(_, check)| check.name == "proof")
                .map(|(path, check)| (path, check.result, check.code))
                .collect()
        })
        .collect();
    let of = |place: Option<&str>, result, code: &str| {
        (
            place.map(|place| format!("{ENTRY}/{place}")),
            result,
            code.to_owned(),
        )
    };
    assert_eq!(
        found,
        [
            [
                of(Some("0"), ProofResult::Passed, "proof-verified"),
                of(None, ProofResult::NotChecked, "proof-missing")
            ],
            [
                of(Some("1"), ProofResult::NotChecked, "proof-missing"),
                of(None, ProofResult::NotChecked, "proof-missing")
            ],
        ]
    );
    // Who the signed one is about is not who the record is about: nothing is taken over from there.
    assert_eq!(outcome.codes(), ["subject-differs"]);
    let ulns: Vec<bool> = accepted(&outcome)
        .iter()
        .map(|one| one.person.uln.is_some())
        .collect();
    assert_eq!(ulns, [false, true]);
}

#[test]
fn associations_make_units_parts_of_qualifications() {
    let badges = [badge(1, "601/7898/X"), badge(2, "L/601/1693"), badge(3, "")];
    let (one, two, three) = (
        "urn:achievement:1",
        "urn:achievement:2",
        "urn:achievement:3",
    );
    let nothing = ["", "", ""];
    let both = ["", "601/7898/X", "601/7898/X"];
    let second = ["", "601/7898/X", ""];
    for (associations, expected) in [
        (vec![("isParentOf", one, two)], second),
        (vec![("isChildOf", two, one)], second),
        (vec![("isPartOf", two, one)], second),
        (
            vec![("isPartOf", "urn:credential:2", "urn:credential:1")],
            second,
        ),
        (
            vec![("isParentOf", one, two), ("isPartOf", three, two)],
            both,
        ),
        (
            vec![
                ("isPeerOf", one, two),
                ("exactMatchOf", two, one),
                ("precedes", one, two),
            ],
            nothing,
        ),
        (
            vec![
                ("isParentOf", one, one),
                ("isParentOf", two, three),
                ("isParentOf", three, two),
            ],
            nothing,
        ),
        (
            vec![("isPartOf", two, "urn:nowhere"), ("isPartOf", "", one)],
            nothing,
        ),
        (vec![("isPartOf", one, two), ("isPartOf", two, one)], second),
    ] {
        let outcome = read(record(&badges, &associations).to_string());
        let found: Vec<String> = accepted(&outcome)
            .into_iter()
            .map(|one| {
                one.part_of
                    .map(|number| number.to_string())
                    .unwrap_or_default()
            })
            .collect();
        assert_eq!(found, expected, "{associations:?}");
    }
    let outcome = read(record(&badges, &[("isParentOf", one, two)]).to_string());
    let whole = |at: usize| {
        outcome
            .records
            .get(at)
            .and_then(|one| one.stated.iter().find(|field| field.name == "isPartOf"))
    };
    assert_eq!(
        whole(1).map(|field| field.value.as_str()),
        Some("Achievement 1")
    );
    assert_eq!(whole(2), None);
}

/// What a record lists beside its credentials is nobody's award; it may be what an award is a part of.
#[test]
fn a_described_achievement_is_a_whole_and_no_award() {
    let mut file = record(
        &[badge(2, "L/601/1693")],
        &[("isParentOf", "urn:achievement:9", "urn:achievement:2")],
    );
    if let Some(subject) = file
        .pointer_mut("/credentialSubject")
        .and_then(Value::as_object_mut)
    {
        let described = json!([{"id": "urn:achievement:9", "type": ["Achievement"], "name": "Diploma", "humanCode": "601/7898/X", "description": "x", "criteria": {"narrative": "x"}}]);
        subject.insert("achievement".into(), described);
    }
    let said = accepted(&read(file.to_string()));
    let parts: Vec<_> = said
        .iter()
        .map(|one| one.part_of.map(|number| number.to_string()))
        .collect();
    assert_eq!(parts, [Some("601/7898/X".to_owned())]);
}

#[test]
fn other_credentials_are_refused_and_an_empty_record_is_told_of() {
    assert_eq!(stop(&read(BADGE)), "not-a-clr");
    assert_eq!(stop(&read("text")), "document-unreadable");
    let outcome = read(record(&[], &[]).to_string());
    assert_eq!(
        (stop(&outcome), outcome.codes()),
        ("", vec!["record-empty"])
    );
}

/// Endorsements are credentials too, and hang on others: they say nothing that was achieved.
#[test]
fn endorsements_are_no_entries() {
    let mut endorsed = badge(1, "");
    let endorsement = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "urn:endorsement:1", "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": "https://other.example", "type": ["Profile"], "name": "Other"}, "validFrom": "2024-02-01T10:00:00Z",
        "credentialSubject": {"id": "urn:credential:1", "type": ["EndorsementSubject"], "endorsementComment": "Good."},
    });
    if let Some(members) = endorsed.as_object_mut() {
        members.insert("endorsement".into(), json!([endorsement]));
    }
    let outcome = read(record(&[endorsed], &[]).to_string());
    assert_eq!((outcome.codes(), outcome.records.len()), (vec![], 1));
}

#[test]
fn a_signed_record_of_signed_credentials_and_tokens_is_read() {
    for (file, records) in [
        (
            include_str!("../../../../registry/proof/tests/fixtures/clr.json"),
            2,
        ),
        (
            include_str!("../../../../registry/proof/tests/fixtures/clr-with-token.json"),
            2,
        ),
    ] {
        let outcome = read(file);
        assert_eq!(
            (stop(&outcome), outcome.records.len()),
            ("", records),
            "{:?}",
            outcome.issues
        );
        assert!(outcome.records.iter().all(|one| one.proofs.len() >= 2));
    }
}
