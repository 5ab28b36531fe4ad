//! Every fault of a document has its check and its code.

use crate::support::{
    DID, all_is_well, at, award, badge, holder, issuer, judge, judge_at, now, record_of, sealed,
    sealed_by, text, token, token_by,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use credential::{CheckName, Judgement, NoLists, Outcome};
use schema::Code;
use serde_json::{Value, json};

fn told(judgement: &Judgement, name: CheckName) -> (Outcome, Code, &str) {
    let check = judgement.check(name).unwrap();
    (check.result, check.code, check.place.as_str())
}

/// Every value of a signed badge that is changed is found out.
#[test]
fn whatever_is_changed_is_no_longer_what_was_signed() {
    let whole = Value::Object(sealed(&badge()));
    let mut places = Vec::new();
    pointers(&whole, String::new(), &mut places);
    let mut tried = 0;
    for place in places {
        if place.starts_with("/proof") || place.starts_with("/@context") {
            continue;
        }
        let mut changed = whole.clone();
        let value = changed.pointer_mut(&place).unwrap();
        *value = match &*value {
            Value::String(text) => json!(format!("{text}x")),
            Value::Number(_) => json!(9999),
            Value::Bool(flag) => json!(!*flag),
            _ => continue,
        };
        let judgement = judge(&changed.to_string(), &all_is_well);
        let failed = judgement
            .checks
            .iter()
            .any(|check| check.result == Outcome::Failed);
        assert!(failed, "{place} {judgement:?}");
        assert!(judgement.own.is_empty());
        tried += 1;
    }
    assert!(tried > 40, "{tried}");
}

fn pointers(value: &Value, at: String, all: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| {
            let name = name.replace('~', "~0").replace('/', "~1");
            pointers(member, format!("{at}/{name}"), all);
        }),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(number, item)| pointers(item, format!("{at}/{number}"), all)),
        _ => all.push(at),
    }
}

#[test]
fn expired_and_not_yet_are_told_by_the_dates_that_say_so() {
    let mut award = award();
    award.valid_until = schema::parse_date("2026-05-31").ok();
    let expired = credential::open_badge(&award, &holder(), &issuer(), now());
    for (document, place) in [
        (text(&sealed(&expired)), "/validUntil"),
        (token(&expired), "/validUntil"),
    ] {
        assert_eq!(
            told(&judge(&document, &all_is_well), CheckName::Validity),
            (Outcome::Failed, Code::CredentialExpired, place)
        );
    }
    let document = text(&sealed(&badge()));
    let early = judge_at(&document, &NoLists, at("2026-01-14T23:54:59Z"));
    assert_eq!(
        told(&early, CheckName::Validity),
        (Outcome::Failed, Code::CredentialNotYet, "/validFrom")
    );
    let skewed = judge_at(&document, &NoLists, at("2026-01-14T23:55:00Z"));
    assert_eq!(told(&skewed, CheckName::Validity).0, Outcome::Passed);
    // A proof from the future, beyond what clocks may differ.
    let ahead = sealed_by(1, DID, &badge(), at("2026-06-01T12:05:01Z"));
    assert_eq!(
        told(&judge(&text(&ahead), &NoLists), CheckName::Proof),
        (Outcome::Failed, Code::ProofNotYet, "/proof/created")
    );
}

#[test]
fn what_a_standard_asks_for_is_told_by_its_place() {
    let whole = Value::Object(badge());
    for (place, value, wrong) in [
        ("/validFrom", Value::Null, "/validFrom"),
        ("/validFrom", json!("2026-01-15"), "/validFrom"),
        ("/id", Value::Null, "/id"),
        (
            "/type",
            json!(["VerifiableCredential", "OtherCredential"]),
            "/type",
        ),
        (
            "/credentialSubject/achievement",
            Value::Null,
            "/credentialSubject/achievement",
        ),
        (
            "/credentialSubject/achievement/criteria",
            Value::Null,
            "/credentialSubject/achievement/criteria",
        ),
        (
            "/credentialSubject/achievement/name",
            Value::Null,
            "/credentialSubject/achievement/name",
        ),
        (
            "/credentialSubject/achievement/achievementType",
            json!("Medal"),
            "/credentialSubject/achievement/achievementType",
        ),
        (
            "/credentialSubject/achievement/alignment/0/targetUrl",
            Value::Null,
            "/credentialSubject/achievement/alignment/0/targetUrl",
        ),
        (
            "/credentialSubject/type",
            json!(["Subject"]),
            "/credentialSubject/type",
        ),
        (
            "/credentialSubject/creditsEarned",
            json!("65"),
            "/credentialSubject/creditsEarned",
        ),
        (
            "/credentialSubject/identifier/0/hashed",
            json!("no"),
            "/credentialSubject/identifier/0/hashed",
        ),
        (
            "/credentialSubject/identifier/0/colour",
            json!("red"),
            "/credentialSubject/identifier/0/colour",
        ),
        ("/issuer/type", json!("Organisation"), "/issuer/type"),
        (
            "/credentialStatus/type",
            Value::Null,
            "/credentialStatus/type",
        ),
        (
            "/@context",
            json!([
                "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
                "https://www.w3.org/ns/credentials/v2"
            ]),
            "/@context",
        ),
        (
            "/@context",
            json!(["https://www.w3.org/ns/credentials/v2"]),
            "/@context",
        ),
    ] {
        let mut changed = whole.clone();
        let (parent, name) = place.rsplit_once('/').unwrap();
        let parent = changed
            .pointer_mut(parent)
            .unwrap()
            .as_object_mut()
            .unwrap();
        if value.is_null() {
            parent.remove(name);
        } else {
            parent.insert(name.to_owned(), value);
        }
        let judgement = judge(&changed.to_string(), &NoLists);
        assert_eq!(
            told(&judgement, CheckName::Schema),
            (Outcome::Failed, Code::SchemaInvalid, wrong),
            "{place}"
        );
    }
    assert_eq!(
        told(&judge(&whole.to_string(), &NoLists), CheckName::Schema).1,
        Code::SchemaValid
    );
}

#[test]
fn a_record_is_as_good_as_the_worst_in_it() {
    let mut inner = sealed(&badge());
    inner["credentialSubject"]["result"][0]["value"] = json!("Distinction");
    let record = sealed(&record_of(&[sealed(&badge()), inner]));
    let judgement = judge(&text(&record), &all_is_well);
    assert_eq!(
        told(&judgement, CheckName::Proof),
        (
            Outcome::Failed,
            Code::ProofMismatch,
            "/credentialSubject/verifiableCredential/1/proof"
        )
    );
    // The other one and the record itself are proved.
    assert_eq!(judgement.own.len(), 2);
}

#[test]
fn terms_contexts_and_members_that_hide_something() {
    let with = |name: &str, value: Value| {
        let mut badge = sealed(&badge());
        badge.insert(name.to_owned(), value);
        text(&badge)
    };
    assert_eq!(
        told(
            &judge(&with("colour", json!("red")), &NoLists),
            CheckName::Proof
        ),
        (Outcome::Failed, Code::TermUndefined, "/colour")
    );
    let other = json!([
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "https://example.org/mine"
    ]);
    assert_eq!(
        told(&judge(&with("@context", other), &NoLists), CheckName::Proof),
        (Outcome::NotChecked, Code::ContextUnknown, "/@context/2")
    );
    let inline = json!([
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        {"colour": "https://example.org/colour"}
    ]);
    assert_eq!(
        told(
            &judge(&with("@context", inline), &NoLists),
            CheckName::Proof
        ),
        (Outcome::NotChecked, Code::ContextInline, "/@context/2")
    );
    let twice = text(&sealed(&badge())).replacen(
        "\"validFrom\":",
        "\"validFrom\": \"2020-01-01T00:00:00Z\", \"validFrom\":",
        1,
    );
    assert_eq!(
        told(&judge(&twice, &NoLists), CheckName::Schema),
        (Outcome::Failed, Code::MemberTwice, "/validFrom")
    );
}

#[test]
fn documents_that_are_large_or_costly_are_not_judged_rather_than_believed() {
    let mut large = badge();
    large["credentialSubject"]["narrative"] = "a".repeat(1_000_000).into();
    let judgement = judge(&text(&sealed(&large)), &all_is_well);
    assert_eq!(told(&judgement, CheckName::Proof).0, Outcome::Passed);
    large["credentialSubject"]["narrative"] = "a".repeat(3_000_000).into();
    assert_eq!(
        told(&judge(&text(&large), &NoLists), CheckName::Schema),
        (Outcome::NotChecked, Code::TooLarge, "")
    );
    let mut nodes = sealed(&badge());
    let alignment =
        json!({"type": ["Alignment"], "targetName": "a", "targetUrl": "https://example.org"});
    nodes["credentialSubject"]["achievement"]["alignment"] = vec![alignment; 10_000].into();
    assert_eq!(
        told(&judge(&text(&nodes), &NoLists), CheckName::Proof),
        (Outcome::NotChecked, Code::ProofTooCostly, "")
    );
}

#[test]
fn algorithms_and_keys_cannot_be_confused() {
    let whole = token(&badge());
    let (signed, signature) = whole.rsplit_once('.').unwrap();
    let payload = signed.split('.').nth(1).unwrap();
    let with = |header: Value| {
        format!(
            "{}.{payload}.{signature}",
            URL_SAFE_NO_PAD.encode(header.to_string())
        )
    };
    let kid = format!("{DID}#one");
    for algorithm in ["none", "None", "HS256", "ES256", "RS256"] {
        let judgement = judge(&with(json!({"alg": algorithm, "kid": kid})), &NoLists);
        assert_eq!(
            told(&judgement, CheckName::Proof),
            (Outcome::Failed, Code::AlgorithmRefused, "header/alg"),
            "{algorithm}"
        );
    }
    // The stranger's key, under our name, and under their own.
    let forged = token_by(3, &kid, &badge());
    assert_eq!(
        told(&judge(&forged, &NoLists), CheckName::Proof).1,
        Code::ProofMismatch
    );
    let did = credential::did_key(&crate::support::public(3));
    let theirs = token_by(
        3,
        &credential::method_of(&did, &crate::support::public(3)),
        &badge(),
    );
    let judgement = judge(&theirs, &NoLists);
    assert_eq!(
        told(&judgement, CheckName::Issuer),
        (Outcome::Failed, Code::IssuerMismatch, "/issuer")
    );
    assert!(judgement.own.is_empty());
}

#[test]
fn a_presentation_is_judged_by_what_it_holds() {
    let mut wrong = sealed(&badge());
    wrong["name"] = json!("Another");
    let presentation = credential::presentation(&[sealed(&badge()), wrong]);
    let judgement = judge(&text(&presentation), &all_is_well);
    assert_eq!(
        told(&judgement, CheckName::Proof),
        (
            Outcome::Failed,
            Code::ProofMismatch,
            "/verifiableCredential/1/proof"
        )
    );
    let enveloped = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [{
            "@context": "https://www.w3.org/ns/credentials/v2",
            "type": "EnvelopedVerifiableCredential",
            "id": format!("data:application/vc+jwt,{}", token(&badge())),
        }],
    });
    let judgement = judge(&enveloped.to_string(), &all_is_well);
    assert_eq!(
        told(&judgement, CheckName::Proof).0,
        Outcome::Passed,
        "{judgement:?}"
    );
    let mut signed = presentation;
    signed.insert("proof".into(), json!({"type": "DataIntegrityProof"}));
    let judgement = judge(&text(&signed), &all_is_well);
    assert_eq!(
        told(&judgement, CheckName::Schema),
        (Outcome::NotChecked, Code::ProofUnsupported, "/proof")
    );
    let empty = json!({"type": ["VerifiablePresentation"], "verifiableCredential": []});
    assert_eq!(
        told(&judge(&empty.to_string(), &NoLists), CheckName::Schema).1,
        Code::NotACredential
    );
}

#[test]
fn what_is_no_document_is_none() {
    for (text, code) in [
        ("", Code::DocumentUnreadable),
        ("hello", Code::DocumentUnreadable),
        ("{}", Code::NotACredential),
        ("[]", Code::DocumentUnreadable),
        ("ey.ey.ey", Code::CredentialTokenUnreadable),
    ] {
        let judgement = judge(text, &NoLists);
        assert_eq!(told(&judgement, CheckName::Schema).1, code, "{text}");
        assert_eq!(told(&judgement, CheckName::Proof).0, Outcome::NotChecked);
    }
}
