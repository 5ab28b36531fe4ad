//! The European Learning Model, held against the structure of its samples.

use crate::support::{award, holder, issuer, now, samples};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The members that objects of each type have.
fn shapes(value: &Value, found: &mut BTreeMap<String, BTreeSet<String>>) {
    match value {
        Value::Object(members) => {
            if let Some(kind) = members.get("type") {
                let of_kind = found.entry(kind.to_string()).or_default();
                of_kind.extend(members.keys().cloned());
            }
            members.values().for_each(|member| shapes(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| shapes(item, found)),
        _ => {}
    }
}

fn made() -> Value {
    let id = "https://registry.example/credentials/credential_5";
    Value::Object(credential::learning_model(
        id,
        &[award()],
        &holder(),
        &issuer(),
        now(),
    ))
}

#[test]
fn every_thing_has_an_identifier_a_type_and_its_words_by_language() {
    fn walk(value: &Value, place: &str) {
        match value {
            Value::Object(members) if members.contains_key("type") => {
                assert!(
                    members["id"].as_str().is_some_and(|id| id.contains(':')),
                    "{place}"
                );
                members
                    .iter()
                    .for_each(|(name, one)| walk(one, &format!("{place}/{name}")));
            }
            Value::Object(members) => {
                let languages: Vec<&String> = members.keys().collect();
                assert_eq!(languages, ["en"], "{place}");
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, place)),
            Value::Null => panic!("{place} is null"),
            _ => {}
        }
    }
    let document = made();
    walk(&document, "");
    let claim = &document["credentialSubject"]["hasClaim"][0];
    assert_eq!(claim["provenBy"]["grade"]["noteLiteral"]["en"], "Pass");
    assert_eq!(claim["specifiedBy"]["creditPoint"]["point"], "65");
    assert_eq!(
        claim["awardedBy"]["awardingBody"]["legalName"]["en"],
        "City & Guilds"
    );
}

/// What the samples have of a type that we write too, we write with members that the samples or the model know.
#[test]
fn its_structure_is_that_of_the_samples() {
    let Some(bytes) = samples("elm/Sample-CertOfPart-unsigned.jsonld") else {
        return;
    };
    let sample: Value = serde_json::from_slice(&bytes).unwrap();
    let (mut theirs, mut ours) = (BTreeMap::new(), BTreeMap::new());
    shapes(&sample, &mut theirs);
    shapes(&made(), &mut ours);
    assert_eq!(made()["@context"], sample["@context"]);
    assert_eq!(made()["type"], sample["type"]);
    assert_eq!(made()["credentialProfiles"], sample["credentialProfiles"]);
    // Members of the model that the one sample has no occasion for.
    let known = ["awardingDate", "identifier", "issued", "description"];
    let mut compared = 0;
    for (kind, members) in &ours {
        let Some(sample) = theirs.get(kind) else {
            continue;
        };
        for member in members {
            assert!(
                sample.contains(member) || known.contains(&member.as_str()),
                "{kind} has {member}"
            );
        }
        compared += 1;
    }
    assert!(compared >= 10, "{:?}", ours.keys());
    // The samples' own document has these at its root.
    for member in [
        "credentialProfiles",
        "displayParameter",
        "credentialSchema",
        "issuer",
        "validFrom",
    ] {
        assert!(made().get(member).is_some(), "{member}");
    }
}
