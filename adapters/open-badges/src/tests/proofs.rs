//! What checking a badge's proof says, and what becomes of it.

use super::{BADGE, BADGE_1, OpenBadges, badge, read, record, said};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use schema::ProofResult;
use sdk::harness::run;
use serde_json::{Value, json};

const BODY_KEY: &str = "z6MkvRXNYcE7MMduynWTgeKbDaT1iijDSC8pZqXZc8rHPrf2";
const KEY: &str = "z6Mkon3Necd6NkkyfoGoHxid2znGc59LU3K7mubaRcFbLfLX";
const BODY_BADGE: &[u8] =
    include_bytes!("../../../../registry/proof/tests/fixtures/body-badge.json");

fn checks(file: &[u8]) -> Vec<(String, ProofResult, String)> {
    let proofs = said(read(file)).proofs;
    let checks = proofs.into_iter().flat_map(|proof| proof.checks);
    checks
        .map(|check| (check.name, check.result, check.code))
        .collect()
}

fn check(name: &str, result: ProofResult, code: &str) -> (String, ProofResult, String) {
    (name.to_owned(), result, code.to_owned())
}

#[test]
fn a_did_key_that_is_the_issuer_proves_both() {
    for file in [BADGE, BADGE_1] {
        assert_eq!(
            checks(file),
            [
                check("proof", ProofResult::Passed, "proof-verified"),
                check("issuer", ProofResult::Passed, "issuer-established"),
            ]
        );
    }
    let proofs = said(read(BADGE)).proofs;
    for proof in &proofs {
        assert_eq!(proof.form.as_deref(), Some("data-integrity"));
        assert_eq!(proof.suite.as_deref(), Some("eddsa-rdfc-2022"));
        assert_eq!(proof.key_source.as_deref(), Some("did-key"));
        assert_eq!(proof.controller, Some(format!("did:key:{KEY}")));
    }
    assert_eq!(proofs.len(), 1);
}

#[test]
fn without_a_proof_that_is_said() {
    assert_eq!(
        checks(&badge(&[])),
        [check("proof", ProofResult::NotChecked, "proof-missing")]
    );
}

#[test]
fn what_was_changed_since_it_was_signed_is_refused() {
    let mut changed: Value = serde_json::from_slice(BADGE).unwrap_or_default();
    if let Some(name) = changed.pointer_mut("/credentialSubject/achievement/name") {
        *name = json!("Level 8 Award in Invented First Aid");
    }
    let outcome = read(changed.to_string());
    assert_eq!(
        (outcome.codes(), outcome.records.len()),
        (vec!["proof-mismatch"], 0)
    );
    let places: Vec<_> = outcome
        .issues
        .iter()
        .map(|one| one.position.path.as_str())
        .collect();
    assert_eq!(places, ["/proof"]);
}

#[test]
fn a_configured_key_makes_the_issuer_the_body_it_is() {
    let badge: Value = serde_json::from_slice(BODY_BADGE).unwrap_or_default();
    let text = |pointer: &str| {
        badge
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let (issuer, method) = (text("/issuer/id"), text("/proof/verificationMethod"));
    let config = |key: &str| {
        let document = json!({
            "id": issuer,
            "verificationMethod": [{"id": method, "type": "Multikey", "controller": issuer, "publicKeyMultibase": key}],
            "assertionMethod": [method],
        });
        format!(
            "issuers = [{{ id = '{issuer}', awarding_body = 'RN5217', document = '{document}' }}]"
        )
    };
    let known = record(run::<OpenBadges>(&config(BODY_KEY), BODY_BADGE));
    assert!(
        known
            .proofs
            .iter()
            .all(|proof| proof.key_source == "configured")
    );
    let results = known.proofs.iter().flat_map(|proof| &proof.checks);
    assert!(results.clone().count() == 2 && results.clone().all(|check| check.result == "passed"));
    assert_eq!(known.body.unwrap_or_default().recognition_number, "RN5217");

    let unknown = record(read(BODY_BADGE));
    assert_eq!(unknown.body.unwrap_or_default().recognition_number, "");
    assert!(
        unknown
            .proofs
            .iter()
            .all(|proof| proof.key_source.is_empty())
    );
    let other = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi";
    assert_eq!(
        run::<OpenBadges>(&config(other), BODY_BADGE).codes(),
        ["proof-mismatch"]
    );
}

#[test]
fn baked_pictures_are_read_as_what_is_in_them() {
    for file in [
        include_bytes!("../../../../registry/proof/tests/fixtures/baked.png").as_slice(),
        include_bytes!("../../../../registry/proof/tests/fixtures/baked.svg").as_slice(),
    ] {
        let one = record(read(file));
        let title = one.subject.map(|subject| subject.title).unwrap_or_default();
        assert_eq!(title, "Level 2 Award in Invented First Aid");
        assert_eq!(one.proofs.len(), 1);
    }
}

#[test]
fn tokens_are_read_and_say_what_their_signature_said() {
    // Signed by keys that nobody configured here, by one that the token brings along, and by none of use.
    for (file, source, results) in [
        (
            include_bytes!("../../../../registry/proof/tests/fixtures/badge-es256.jwt").as_slice(),
            "",
            ["not-checked", "not-checked"],
        ),
        (
            include_bytes!("../../../../registry/proof/tests/fixtures/badge-jwk.jwt"),
            "embedded",
            ["passed", "not-checked"],
        ),
        (
            include_bytes!("../../../../registry/proof/tests/fixtures/badge-v1.jwt"),
            "",
            ["not-checked", "not-checked"],
        ),
    ] {
        let proofs = record(read(file)).proofs;
        let found: Vec<_> = proofs
            .iter()
            .map(|proof| (proof.form.as_str(), proof.key_source.as_str()))
            .collect();
        assert_eq!(found, [("jwt", source)]);
        let checks: Vec<_> = proofs
            .iter()
            .flat_map(|proof| &proof.checks)
            .map(|check| check.result.as_str())
            .collect();
        assert_eq!(checks, results);
    }
}

#[test]
fn a_token_that_says_otherwise_than_its_credential_is_refused_where_its_key_is_known() {
    let token =
        include_bytes!("../../../../registry/proof/tests/fixtures/badge-v1-contradicts.jwt");
    let keys = include_str!("../../../../registry/proof/tests/fixtures/key-set.json");
    let config =
        format!("issuers = [{{ id = 'https://body.example/issuers/RN0000', key_set = '{keys}' }}]")
            .replace('\n', "");
    let known = run::<OpenBadges>(&config, token);
    assert_eq!(
        (known.codes(), known.records.len()),
        (vec!["claims-contradict"], 0)
    );
    // Without the key nobody knows whose claims these are: what the credential says is told, unproved.
    let results: Vec<_> = record(read(token))
        .proofs
        .into_iter()
        .flat_map(|proof| proof.checks)
        .map(|check| check.result)
        .collect();
    assert_eq!(results, ["not-checked", "not-checked"]);
}

/// A key that is the fragment of its own address says whether a token was changed.
#[test]
fn a_token_whose_key_stands_in_its_address_is_checked_by_it() {
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header =
        json!({"alg": "EdDSA", "kid": format!("https://body.example/issuers/1#{BODY_KEY}")});
    let mut claims: Value = serde_json::from_slice(&badge(&[])).unwrap_or_default();
    let mut message = format!("{}.{}", encoded(&header), encoded(&claims));
    let signature = SigningKey::from_bytes(&[3; 32])
        .sign(message.as_bytes())
        .to_bytes();
    let signature = URL_SAFE_NO_PAD.encode(signature);
    let token = |message: &str| format!("{message}.{signature}");
    let proofs = record(read(token(&message))).proofs;
    let found: Vec<_> = proofs
        .iter()
        .flat_map(|proof| &proof.checks)
        .map(|check| check.result.as_str())
        .collect();
    assert_eq!(found, ["passed", "not-checked"]);
    assert!(proofs.iter().all(|proof| proof.key_source == "embedded"));
    if let Some(name) = claims.pointer_mut("/credentialSubject/achievement/name") {
        *name = json!("Plaz");
    }
    message = format!("{}.{}", encoded(&header), encoded(&claims));
    let changed = read(token(&message));
    assert_eq!(
        (changed.codes(), changed.records.len()),
        (vec!["proof-mismatch"], 0)
    );
}

/// An issuer that calls itself a body is not made that body by it.
#[test]
fn what_an_issuer_says_of_itself_is_told_as_its_words() {
    let named = json!([{"type": "IdentifierEntry", "identifier": "RN5217", "identifierType": "ext:RecognitionNumber"}]);
    let one = said(read(badge(&[("/issuer/otherIdentifier", named)])));
    assert_eq!(
        one.body
            .recognition_number
            .map(|number| number.to_string())
            .as_deref(),
        Some("RN5217")
    );
    assert!(
        one.proofs
            .iter()
            .flat_map(|proof| &proof.checks)
            .all(|check| check.result != ProofResult::Passed)
    );
}

#[test]
fn an_expired_badge_is_a_fact_of_the_past() {
    let outcome = read(badge(&[("/validUntil", json!("2025-01-01T00:00:00Z"))]));
    assert_eq!(outcome.codes(), ["credential-expired"]);
    assert_eq!(record(outcome).valid_until, "2025-01-01");
}
