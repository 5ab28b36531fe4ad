//! Every member of a signed credential changed in turn.

use crate::fixtures::{json, verify_value};
use proof::Outcome;
use schema::Code;
use serde_json::{Value, json};

/// The pointers of all values within.
fn pointers(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| {
            let place = format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
            found.push(place.clone());
            pointers(member, &place, found);
        }),
        Value::Array(items) => items.iter().enumerate().for_each(|(number, item)| {
            let place = format!("{place}/{number}");
            found.push(place.clone());
            pointers(item, &place, found);
        }),
        _ => {}
    }
}

/// The value made another.
fn other(value: &Value) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix("20") {
            Some(rest) if text.contains('T') => json!(format!("19{rest}")),
            _ if text.contains(':') => json!(format!("{text}x")),
            _ => json!(format!("{text} x")),
        },
        Value::Number(number) => json!(number.as_f64().unwrap() + 1.5),
        Value::Bool(flag) => json!(!flag),
        Value::Array(_) | Value::Object(_) | Value::Null => json!({"id": "urn:tampered"}),
    }
}

/// Not signed, as the crate's documentation says: contexts are fixed by what they mean, and `verificationMethod` of a
/// key that is not known leaves the proof unchecked.
fn may_go_unchecked(place: &str) -> bool {
    place.contains("/@context") || place.contains("/proof")
}

#[test]
fn a_changed_member_never_verifies() {
    for name in [
        "open-badge-v2.json",
        "rich.json",
        "open-badge-v1.json",
        "open-badge-2020.json",
        "body-badge.json",
    ] {
        let badge = json(name);
        let mut places = Vec::new();
        pointers(&badge, "", &mut places);
        assert!(places.len() > 30);
        for place in places {
            for (how, replacement) in [
                ("other", None),
                ("null", Some(Value::Null)),
                ("empty", Some(json!([]))),
            ] {
                let mut tampered = badge.clone();
                let value = tampered.pointer_mut(&place).unwrap();
                let replacement = replacement.unwrap_or_else(|| other(value));
                *value = replacement;
                let Ok(document) = crate::fixtures::read(tampered.to_string().as_bytes()) else {
                    continue;
                };
                let proof = document
                    .verify(&crate::fixtures::keys(), crate::fixtures::now())
                    .proof;
                if may_go_unchecked(&place) {
                    assert_ne!(
                        proof.outcome,
                        Outcome::Passed,
                        "{name} {place} {how} {proof:?}"
                    );
                } else {
                    assert_eq!(
                        proof.outcome,
                        Outcome::Failed,
                        "{name} {place} {how} {proof:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_removed_or_added_member_never_verifies() {
    let badge = json("rich.json");
    let mut places = Vec::new();
    pointers(&badge, "", &mut places);
    for place in places {
        let (parent, name) = place.rsplit_once('/').unwrap();
        let mut tampered = badge.clone();
        match tampered.pointer_mut(parent).unwrap() {
            Value::Object(members) => drop(members.remove(name)),
            Value::Array(items) => drop(items.remove(name.parse().unwrap())),
            _ => continue,
        }
        if let Ok(document) = crate::fixtures::read(tampered.to_string().as_bytes()) {
            let proof = document
                .verify(&crate::fixtures::keys(), crate::fixtures::now())
                .proof;
            // The extensions' context defines nothing that this badge's meaning would change without … but its schema's type.
            assert_ne!(proof.outcome, Outcome::Passed, "{place} {proof:?}");
        }
    }
    for (place, value) in [
        ("/evidence/0", json!({"narrative": "more"})),
        ("/credentialSubject", json!({"licenseNumber": "1"})),
        (
            "",
            json!({"image": {"id": "https://body.example/i.png", "type": "Image"}}),
        ),
        ("/issuer", json!({"url": "https://body.example"})),
    ] {
        let mut tampered = badge.clone();
        let target = tampered
            .pointer_mut(place)
            .unwrap()
            .as_object_mut()
            .unwrap();
        target.extend(value.as_object().unwrap().clone());
        assert_eq!(
            verify_value(&tampered).proof.code,
            Code::ProofMismatch,
            "{place}"
        );
    }
}

#[test]
fn bytes_of_the_text_count() {
    let text = json("open-badge-v2.json").to_string();
    for position in (0..text.len()).step_by(3) {
        let mut tampered = text.clone().into_bytes();
        tampered[position] = if tampered[position] == b'x' {
            b'y'
        } else {
            b'x'
        };
        if let Ok(document) = crate::fixtures::read(&tampered) {
            let proof = document
                .verify(&crate::fixtures::keys(), crate::fixtures::now())
                .proof;
            assert_ne!(proof.outcome, Outcome::Passed, "{position}");
        }
    }
}

#[test]
fn what_is_not_signed_may_change() {
    let badge = json("open-badge-v2.json");
    let mut reordered = badge.clone();
    reordered["type"] = json!(["OpenBadgeCredential", "VerifiableCredential"]);
    reordered["evidence"] = json!([]);
    reordered["image"] = Value::Null;
    assert_eq!(verify_value(&reordered).proof.outcome, Outcome::Passed);
}

#[test]
fn the_order_of_contexts_is_held_to_what_it_means() {
    let badge = json("open-badge-v2.json");
    let contexts = badge["@context"].as_array().unwrap();
    let mut reversed = badge.clone();
    reversed["@context"] = contexts.iter().rev().cloned().collect();
    let reversed = verify_value(&reversed).proof;
    assert!(reversed.outcome != Outcome::NotChecked, "{reversed:?}");
    for (contexts, outcome, code) in [
        (json!([contexts[0]]), Outcome::Failed, Code::TermUndefined),
        (json!([contexts[1]]), Outcome::Failed, Code::TermUndefined),
        (
            json!([contexts[0], contexts[1], "https://body.example/context"]),
            Outcome::NotChecked,
            Code::ContextUnknown,
        ),
        (
            json!([contexts[0], contexts[1], {"name": "https://schema.org/description"}]),
            Outcome::NotChecked,
            Code::ContextInline,
        ),
        (
            json!(["https://www.w3.org/2018/credentials/v1", contexts[1]]),
            Outcome::Failed,
            Code::TermUndefined,
        ),
        (json!({}), Outcome::NotChecked, Code::ContextInline),
    ] {
        let mut changed = badge.clone();
        changed["@context"] = contexts.clone();
        let proof = verify_value(&changed).proof;
        assert_eq!((proof.outcome, proof.code), (outcome, code), "{contexts}");
    }
    let mut none = badge.clone();
    none.as_object_mut().unwrap().remove("@context");
    assert_eq!(verify_value(&none).proof.code, Code::ContextUnknown);
}

#[test]
fn a_signed_date_cannot_be_hidden_under_another_name() {
    let mut badge = json("expired.json");
    let until = badge.as_object_mut().unwrap().remove("validUntil").unwrap();
    badge["https://www.w3.org/2018/credentials#validUntil"] =
        json!({"@value": until, "@type": "http://www.w3.org/2001/XMLSchema#dateTime"});
    let proof = verify_value(&badge).proof;
    assert_eq!(
        (proof.outcome, proof.code, proof.place.as_str()),
        (
            Outcome::Failed,
            Code::TermUndefined,
            "/https:~1~1www.w3.org~12018~1credentials#validUntil"
        )
    );
}

/// To JSON-LD a list in a list is one list: what is signed stays the same, and is hidden from who reads the JSON.
#[test]
fn a_list_in_a_list_never_verifies() {
    let badge = json("rich.json");
    let mut tried = 0;
    let mut places = Vec::new();
    pointers(&badge, "", &mut places);
    for place in places {
        if place.starts_with("/@context") || place.starts_with("/proof") {
            continue;
        }
        let mut tampered = badge.clone();
        let value = tampered.pointer_mut(&place).unwrap();
        *value = json!([[value.take()]]);
        if let Ok(document) = crate::fixtures::read(tampered.to_string().as_bytes()) {
            let proof = document
                .verify(&crate::fixtures::keys(), crate::fixtures::now())
                .proof;
            assert_eq!(proof.outcome, Outcome::Failed, "{place} {proof:?}");
            tried += 1;
        }
    }
    assert!(tried > 50, "{tried}");
    let mut tampered = badge.clone();
    let results = tampered["credentialSubject"]["result"].take();
    tampered["credentialSubject"]["result"] = json!([results]);
    let proof = verify_value(&tampered).proof;
    assert_eq!(
        (proof.code, proof.place.as_str()),
        (Code::LinkedDataInvalid, "/credentialSubject/result/0")
    );
}
