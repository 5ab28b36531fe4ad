//! Comprehensive learner records: each credential within is judged for itself.

use crate::fixtures::{BODY, bytes, json, read, verify_value};
use proof::{KeySource, Outcome, Verification};
use schema::Code;
use serde_json::json;

fn places(verification: &Verification) -> Vec<(&str, Outcome)> {
    verification
        .nested
        .iter()
        .map(|inner| (inner.place.as_str(), inner.proof.outcome))
        .collect()
}

const FIRST: &str = "/credentialSubject/verifiableCredential/0";
const SECOND: &str = "/credentialSubject/verifiableCredential/1";

#[test]
fn all_of_a_record_verifies() {
    for name in ["clr.json", "clr-with-token.json"] {
        let verification = verify_value(&json(name));
        assert_eq!(
            verification.proof.code,
            Code::ProofVerified,
            "{name} {verification:?}"
        );
        assert_eq!(
            verification.established_issuer(KeySource::Configured),
            Some(BODY)
        );
        assert_eq!(
            places(&verification),
            [(FIRST, Outcome::Passed), (SECOND, Outcome::Passed)],
            "{name}"
        );
    }
    let document = read(&bytes("clr-with-token.json")).unwrap();
    let found: Vec<_> = document
        .credentials()
        .map(|credential| (credential.place, credential.members["name"].clone()))
        .collect();
    assert_eq!(
        found,
        [
            ("", json!("Invented record")),
            (FIRST, json!("Invented badge")),
            (SECOND, json!("Invented badge"))
        ]
    );
}

#[test]
fn a_change_within_breaks_that_credential_and_the_record_around_it() {
    let mut record = json("clr.json");
    record.pointer_mut(SECOND).unwrap()["name"] = json!("Another badge");
    let verification = verify_value(&record);
    assert_eq!(verification.proof.code, Code::ProofMismatch);
    assert_eq!(
        places(&verification),
        [(FIRST, Outcome::Passed), (SECOND, Outcome::Failed)]
    );
    assert_eq!(
        verification.nested[1].proof.place,
        format!("{SECOND}/proof")
    );
}

#[test]
fn a_token_within_that_is_broken_is_that_credentials_fault() {
    let mut record = json("clr-with-token.json");
    for broken in ["", "ey.ey.ey", "not a token", "eyJhbGciOiJub25lIn0.e30."] {
        *record.pointer_mut(FIRST).unwrap() = json!(broken);
        let document = read(record.to_string().as_bytes()).unwrap();
        assert_eq!(document.credentials().count(), 2);
        let verification = verify_value(&record);
        assert_eq!(
            places(&verification),
            [(FIRST, Outcome::Failed), (SECOND, Outcome::Passed)],
            "{broken}"
        );
    }
}

#[test]
fn the_proof_of_one_credential_is_none_of_another() {
    let mut record = json("clr.json");
    let proof = record.pointer(FIRST).unwrap()["proof"].clone();
    record.pointer_mut(SECOND).unwrap()["proof"] = proof.clone();
    record["proof"] = proof;
    let verification = verify_value(&record);
    assert_eq!(verification.proof.outcome, Outcome::Failed);
    assert_eq!(
        places(&verification),
        [(FIRST, Outcome::Passed), (SECOND, Outcome::Failed)]
    );
}

#[test]
fn more_credentials_than_are_read_are_refused() {
    let mut record = json("clr.json");
    let inner = record.pointer(FIRST).unwrap().clone();
    record["credentialSubject"]["verifiableCredential"] =
        json!(vec![json!({"type": "VerifiableCredential"}); 501]);
    assert_eq!(
        read(record.to_string().as_bytes()).unwrap_err().code,
        Code::DocumentTooComplex
    );
    // As many as are read cost no more together than one may.
    record["credentialSubject"]["verifiableCredential"] = json!(vec![inner; 400]);
    let started = std::time::Instant::now();
    let verification = verify_value(&record);
    assert_eq!(verification.nested.len(), 400);
    assert!(
        started.elapsed() < std::time::Duration::from_secs(60),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn what_is_said_within_cannot_be_shown_as_the_outer_ones_subject() {
    let mut record = json("clr.json");
    let subject = record["credentialSubject"].clone();
    let within = record.pointer(FIRST).unwrap()["credentialSubject"].clone();
    record["credentialSubject"] = json!([within, subject]);
    let verification = verify_value(&record);
    assert_eq!(
        (verification.proof.outcome, verification.proof.code),
        (Outcome::Failed, Code::LinkedDataInvalid)
    );
    assert_eq!(verification.proof.place, "/credentialSubject/1");
}
