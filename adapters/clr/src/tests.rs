//! Tests of the adapter as a whole: records of learners in, records and issues out.

mod around;
mod entries;
mod hostile;
mod samples;

use crate::Clr;
use sdk::harness::{Outcome, run};
use serde_json::{Value, json};

/// An invented badge, signed by a `did:key` that is its issuer.
const BADGE: &str = include_str!("../../../registry/proof/tests/fixtures/open-badge-v2.json");

fn read(file: impl AsRef<[u8]>) -> Outcome {
    run::<Clr>("", file.as_ref())
}

fn stop(outcome: &Outcome) -> &str {
    outcome.stop.as_ref().map_or("", |stop| stop.code.as_str())
}

/// A badge within, without a proof: its number is that of the credential and of the achievement.
fn badge(number: u32, code: &str) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": format!("urn:credential:{number}"),
        "type": ["VerifiableCredential", "AchievementCredential"],
        "issuer": {"id": "https://body.example/issuers/1", "type": ["Profile"], "name": "Invented Body"},
        "validFrom": "2024-02-01T10:00:00Z",
        "credentialSubject": {
            "id": "did:example:holder",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": format!("urn:achievement:{number}"), "type": ["Achievement"], "name": format!("Achievement {number}"),
                "humanCode": code, "description": "Invented.", "criteria": {"narrative": "Plays."},
            },
        },
    })
}

/// A learner's record of these, with these associations (type, source, target).
fn record(badges: &[Value], associations: &[(&str, &str, &str)]) -> Value {
    let associations: Vec<Value> = associations
        .iter()
        .map(|(kind, source, target)| json!({"type": "Association", "associationType": kind, "sourceId": source, "targetId": target}))
        .collect();
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "urn:record:1",
        "type": ["VerifiableCredential", "ClrCredential"],
        "issuer": {"id": "https://publisher.example", "type": ["Profile"], "name": "Invented Publisher"},
        "validFrom": "2024-03-01T10:00:00Z",
        "name": "Invented record",
        "credentialSubject": {
            "id": "did:example:holder",
            "type": ["ClrSubject"],
            "identifier": [{"type": "IdentityObject", "identityHash": "9276308686", "identityType": "ext:uln", "hashed": false}],
            "verifiableCredential": badges,
            "association": associations,
        },
    })
}

fn places(outcome: &Outcome) -> Vec<String> {
    let positions = outcome
        .records
        .iter()
        .filter_map(|record| record.position.clone());
    positions.map(|position| position.path).collect()
}

/// What the registry's rules make of the records: each must be accepted.
fn accepted(outcome: &Outcome) -> Vec<schema::Statement> {
    let today = schema::Date::from_ymd_opt(2026, 6, 1).unwrap_or_default();
    let mut accepted = Vec::new();
    for record in &outcome.records {
        match schema::check(record, today, schema::PersonKnown::Elsewhere) {
            Ok(checked) => accepted.push(checked.statement),
            Err(rejection) => assert_eq!(None, Some(rejection), "{:?}", record.position),
        }
    }
    accepted
}
