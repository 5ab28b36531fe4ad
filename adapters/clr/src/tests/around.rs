//! What the records around a credential count for.

use super::{Clr, badge, places, read, record, stop};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use sdk::harness::{Outcome, run};
use serde_json::{Value, json};

/// A badge whose signature says nothing of whom it is about.
const NOBODYS: &str = include_str!("../../../../registry/proof/tests/fixtures/rich.json");
const CLR: &str = include_str!("../../../../registry/proof/tests/fixtures/clr.json");
const BODY: &str = "https://body.example/issuers/RN0000";

/// The keys of the invented body.
fn config() -> String {
    let keys = include_str!("../../../../registry/proof/tests/fixtures/controller-document.json");
    format!("issuers = [{{ id = '{BODY}', document = '{keys}' }}]").replace('\n', "")
}

/// The record as a token of that key.
fn token(record: &Value, seed: u8) -> String {
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({"alg": "EdDSA", "kid": format!("{BODY}#key-1")});
    let message = format!("{}.{}", encoded(&header), encoded(record));
    let signature = SigningKey::from_bytes(&[seed; 32]).sign(message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

/// What was told, but for the fixture's credit of 1.5.
fn told(outcome: &Outcome) -> Vec<&str> {
    let codes = outcome.codes().into_iter();
    codes.filter(|code| *code != "credit-not-whole").collect()
}

fn ulns(outcome: &Outcome) -> Vec<String> {
    let people = outcome.records.iter().map(|record| record.person.clone());
    people
        .map(|person| person.unwrap_or_default().uln)
        .collect()
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// The value with the one at that pointer replaced.
fn with(mut whole: Value, pointer: &str, value: Value) -> Value {
    let slot = whole.pointer_mut(pointer);
    assert!(slot.is_some(), "{pointer}");
    if let Some(slot) = slot {
        *slot = value;
    }
    whole
}

#[test]
fn a_signed_badge_cannot_be_pinned_on_somebody_by_a_record_around_it() {
    let around = with(record(&[value(NOBODYS)], &[]), "/issuer/id", json!(BODY));
    let forged = run::<Clr>("", around.to_string().as_bytes());
    assert_eq!(told(&forged), ["record-not-established"]);
    assert_eq!(ulns(&forged), [""]);
    let person = forged.records.iter().filter_map(|one| one.person.clone());
    assert!(person.into_iter().all(|person| person.reference.is_empty()));
    // A signature by a key that nobody configured is no better.
    let unknown = run::<Clr>("", token(&around, 3).as_bytes());
    assert_eq!(
        (told(&unknown), ulns(&unknown)),
        (vec!["record-not-established"], vec![String::new()])
    );
    // The body's own record says whose it is.
    let established = run::<Clr>(&config(), token(&around, 3).as_bytes());
    assert_eq!(
        (told(&established), ulns(&established)),
        (vec![], vec!["9276308686".to_owned()])
    );
}

/// A record within the record, that has no proof, and what it holds.
fn nested(entry: Value) -> Value {
    let inner = record(&[entry], &[]);
    with(
        value(CLR),
        "/credentialSubject/verifiableCredential",
        json!([inner]),
    )
}

#[test]
fn what_is_unsigned_falls_with_the_nearest_record_that_has_a_proof() {
    // The fixture's record was signed around other credentials.
    let outcome = run::<Clr>(&config(), nested(badge(1, "")).to_string().as_bytes());
    assert_eq!(
        (stop(&outcome), outcome.codes(), outcome.records.len()),
        ("", vec!["proof-mismatch"], 0)
    );
}

#[test]
fn a_record_is_about_one_person() {
    let one = record(&[badge(1, "")], &[]);
    let subject = one.pointer("/credentialSubject").cloned();
    let subject = subject.unwrap_or_default();
    let listed = read(with(one.clone(), "/credentialSubject", json!([subject])).to_string());
    assert_eq!((stop(&listed), listed.codes()), ("", vec![]));
    assert_eq!(
        places(&listed),
        ["/credentialSubject/0/verifiableCredential/0"]
    );
    assert_eq!(ulns(&listed), ["9276308686"]);
    let several = with(one, "/credentialSubject", json!([subject, subject]));
    let outcome = read(several.to_string());
    assert_eq!(
        (stop(&outcome), outcome.records.len()),
        ("subject-not-one", 0)
    );
    let outcome = read(record(&[several, badge(2, "")], &[]).to_string());
    assert_eq!(outcome.codes(), ["subject-not-one"]);
    assert_eq!(
        places(&outcome),
        ["/credentialSubject/verifiableCredential/1"]
    );
}
