//! Tests of the adapter as a whole: files in, records and issues out.

mod credentials;
mod hostile;
mod proofs;
mod samples;

use crate::OpenBadges;
use sdk::ResultRecord;
use sdk::harness::{Outcome, run};
use serde_json::{Value, json};

/// An invented badge, signed by a `did:key` that is its issuer; of VC 2.0, and of VC 1.1.
const BADGE: &[u8] = include_bytes!("../../../registry/proof/tests/fixtures/open-badge-v2.json");
const BADGE_1: &[u8] = include_bytes!("../../../registry/proof/tests/fixtures/open-badge-v1.json");

fn read(file: impl AsRef<[u8]>) -> Outcome {
    run::<OpenBadges>("", file.as_ref())
}

fn stop(outcome: &Outcome) -> &str {
    outcome.stop.as_ref().map_or("", |stop| stop.code.as_str())
}

/// An invented badge without a proof, changed at these pointers; null takes a member away.
fn badge(changes: &[(&str, Value)]) -> Vec<u8> {
    let mut badge = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "urn:uuid:00000000-0000-4000-8000-000000000099",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "issuer": {"id": "https://body.example/issuers/1", "type": ["Profile"], "name": "Invented Body"},
        "validFrom": "2024-02-01T10:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{"type": "IdentityObject", "identityHash": "9276308686", "identityType": "ext:uln", "hashed": false}],
            "achievement": {
                "id": "https://body.example/achievements/play", "type": ["Achievement"], "name": "Play",
                "description": "Invented.", "criteria": {"narrative": "Plays."},
            },
        },
    });
    for (pointer, value) in changes {
        let (above, name) = pointer.rsplit_once('/').unwrap_or_default();
        if let Some(members) = badge.pointer_mut(above).and_then(Value::as_object_mut) {
            if value.is_null() {
                members.remove(name);
            } else {
                members.insert(name.to_owned(), value.clone());
            }
        }
    }
    badge.to_string().into_bytes()
}

/// The one record of a badge.
fn record(outcome: Outcome) -> ResultRecord {
    assert_eq!(
        (outcome.stop.map(|stop| stop.code), outcome.records.len()),
        (None, 1)
    );
    outcome.records.into_iter().next().unwrap_or_default()
}

/// What the registry's rules make of a badge, which must be accepted.
fn said(outcome: Outcome) -> schema::Statement {
    let today = schema::Date::from_ymd_opt(2026, 6, 1).unwrap_or_default();
    let checked = schema::check(&record(outcome), today, schema::PersonKnown::Elsewhere);
    assert_eq!(checked.as_ref().err(), None);
    match checked {
        Ok(checked) => checked.statement,
        Err(rejection) => unreachable!("{rejection:?}"),
    }
}
