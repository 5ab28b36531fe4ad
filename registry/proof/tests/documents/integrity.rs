//! `eddsa-rdfc-2022` and the suite before it.

use crate::fixtures::{BODY, bytes, json, keys, now, read, verify, verify_value};
use proof::{Container, KeyRing, KeySource, Outcome, ProofForm, PublicKey};
use schema::Code;
use serde_json::{Value, json};

#[test]
fn what_others_signed_verifies() {
    for name in [
        "open-badge-v2",
        "open-badge-v1",
        "open-badge-2020",
        "single-context-order",
        "rich",
        "number-whole",
        "number-small",
    ] {
        let verification = verify(&bytes(&format!("{name}.json")));
        assert_eq!(
            (verification.proof.outcome, verification.proof.code),
            (Outcome::Passed, Code::ProofVerified),
            "{name}: {verification:?}"
        );
        assert_eq!(verification.issuer.code, Code::IssuerEstablished, "{name}");
        assert_eq!(
            verification.validity.code,
            Code::CredentialCurrent,
            "{name}"
        );
        assert!(
            verification.established_issuer(KeySource::DidKey).is_some(),
            "{name}"
        );
        assert_eq!(
            verification.established_issuer(KeySource::Configured),
            None,
            "{name}"
        );
    }
}

#[test]
fn a_configured_key_establishes_the_body() {
    let verification = verify(&bytes("body-badge.json"));
    assert_eq!(
        verification.established_issuer(KeySource::Configured),
        Some(BODY)
    );
    assert_eq!(verification.proofs.len(), 1);
    assert_eq!(
        verification.proofs[0].form,
        ProofForm::DataIntegrity("eddsa-rdfc-2022".into())
    );
    assert_eq!(
        verification.proofs[0].method.as_deref(),
        Some("https://body.example/issuers/RN0000#key-1")
    );
}

#[test]
fn an_unknown_key_is_not_checked_and_a_wrong_one_fails() {
    let document = read(&bytes("body-badge.json")).unwrap();
    let unknown = document.verify(&KeyRing::new(), now());
    assert_eq!(
        (unknown.proof.outcome, unknown.proof.code),
        (Outcome::NotChecked, Code::KeyUnknown)
    );
    assert_eq!(unknown.proof.place, "/proof/verificationMethod");
    assert_eq!(unknown.issuer.outcome, Outcome::NotChecked);
    let other =
        PublicKey::from_multikey("z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi").unwrap();
    let mut wrong = KeyRing::new();
    wrong.add(BODY, "https://body.example/issuers/RN0000#key-1", other);
    let wrong = document.verify(&wrong, now());
    assert_eq!(
        (wrong.proof.outcome, wrong.proof.code),
        (Outcome::Failed, Code::ProofMismatch)
    );
    assert_eq!(wrong.established_issuer(KeySource::Configured), None);
}

#[test]
fn an_rsa_key_is_no_key_for_eddsa() {
    let rsa = json("key-set.json")["keys"][2].clone();
    let mut ring = KeyRing::new();
    ring.add(
        BODY,
        "https://body.example/issuers/RN0000#key-1",
        PublicKey::from_jwk(&rsa).unwrap(),
    );
    let verification = read(&bytes("body-badge.json"))
        .unwrap()
        .verify(&ring, now());
    assert_eq!(
        (verification.proof.outcome, verification.proof.code),
        (Outcome::Failed, Code::AlgorithmRefused)
    );
}

#[test]
fn dates_purpose_and_issuer_are_judged() {
    for (name, proof, issuer, validity) in [
        (
            "expired",
            Code::ProofVerified,
            Code::IssuerEstablished,
            Code::CredentialExpired,
        ),
        (
            "not-yet",
            Code::ProofVerified,
            Code::IssuerEstablished,
            Code::CredentialNotYet,
        ),
        (
            "other-purpose",
            Code::ProofPurposeWrong,
            Code::IssuerNotEstablished,
            Code::CredentialCurrent,
        ),
        (
            "proof-expires",
            Code::ProofExpired,
            Code::IssuerNotEstablished,
            Code::CredentialCurrent,
        ),
        (
            "issuer-of-another",
            Code::ProofVerified,
            Code::IssuerMismatch,
            Code::CredentialCurrent,
        ),
    ] {
        let verification = verify(&bytes(&format!("{name}.json")));
        assert_eq!(
            (
                verification.proof.code,
                verification.issuer.code,
                verification.validity.code
            ),
            (proof, issuer, validity),
            "{name}"
        );
        assert_eq!(
            verification.established_issuer(KeySource::DidKey).is_some(),
            issuer == Code::IssuerEstablished,
            "{name}"
        );
    }
    let early = chrono::DateTime::parse_from_rfc3339("2026-01-01T12:00:00Z")
        .unwrap()
        .to_utc();
    let early = read(&bytes("open-badge-v2.json"))
        .unwrap()
        .verify(&keys(), early);
    assert_eq!(
        (early.proof.outcome, early.proof.code),
        (Outcome::Failed, Code::ProofNotYet)
    );
}

#[test]
fn revoked_and_expired_keys_do_not_count() {
    let key = json("controller-document.json");
    for (name, time, code) in [
        ("revoked", "2026-05-01T00:00:00Z", Code::KeyNoLongerValid),
        ("revoked", "2026-07-01T00:00:00Z", Code::ProofVerified),
        ("expires", "2026-01-01T00:00:00Z", Code::KeyNoLongerValid),
        ("expires", "2026-02-01T00:00:00Z", Code::ProofVerified),
    ] {
        let mut document = key.clone();
        document["verificationMethod"][0][name] = json!(time);
        let mut ring = KeyRing::new();
        ring.add_controller_document(&document).unwrap();
        let verification = read(&bytes("body-badge.json"))
            .unwrap()
            .verify(&ring, now());
        assert_eq!(verification.proof.code, code, "{name} {time}");
    }
}

#[test]
fn every_proof_of_a_set_has_its_own_result() {
    let set = json("proof-set.json");
    let verification = verify_value(&set);
    assert_eq!(verification.proof.outcome, Outcome::Passed);
    assert_eq!(verification.issuer.outcome, Outcome::Passed);
    let outcomes: Vec<_> = verification
        .proofs
        .iter()
        .map(|proof| (proof.proof.outcome, proof.issuer.outcome))
        .collect();
    assert_eq!(
        outcomes,
        [
            (Outcome::Passed, Outcome::Passed),
            (Outcome::Passed, Outcome::Failed)
        ]
    );

    // One that is wrong makes the whole wrong; one of an unknown kind does not.
    let mut wrong = set.clone();
    wrong["proof"][1]["proofValue"] = wrong["proof"][0]["proofValue"].clone();
    let verification = verify_value(&wrong);
    assert_eq!(
        (
            verification.proof.outcome,
            verification.proof.place.as_str()
        ),
        (Outcome::Failed, "/proof/1")
    );
    assert_eq!(verification.proofs[0].proof.outcome, Outcome::Passed);
    let mut unknown = set.clone();
    unknown["proof"][1]["cryptosuite"] = json!("ecdsa-sd-2023");
    let verification = verify_value(&unknown);
    assert_eq!(verification.proof.outcome, Outcome::Passed);
    assert_eq!(
        (
            verification.proofs[1].proof.outcome,
            verification.proofs[1].proof.code
        ),
        (Outcome::NotChecked, Code::ProofUnsupported)
    );

    let mut many = set;
    many["proof"] = Value::Array(vec![many["proof"][0].clone(); 1000]);
    let verification = verify_value(&many);
    assert_eq!(verification.proofs.len(), 17);
    assert_eq!(verification.proofs[16].proof.code, Code::ProofTooCostly);
}

#[test]
fn a_proof_that_is_not_there_or_not_known_is_not_checked() {
    let mut badge = json("open-badge-v2.json");
    badge["proof"]["previousProof"] = json!("urn:uuid:a");
    // The one before it is missing.
    let chained = verify_value(&badge).proof;
    assert_eq!(
        (chained.outcome, chained.code, chained.place.as_str()),
        (
            Outcome::Failed,
            Code::ProofMalformed,
            "/proof/previousProof"
        )
    );
    badge.as_object_mut().unwrap().remove("proof");
    let verification = verify_value(&badge);
    assert_eq!(
        (verification.proof.outcome, verification.proof.code),
        (Outcome::NotChecked, Code::ProofMissing)
    );
    for (change, code) in [
        (json!("text"), Code::ProofMalformed),
        (json!({}), Code::ProofMalformed),
        (json!({"type": "DataIntegrityProof"}), Code::ProofMalformed),
        (
            json!({"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"}),
            Code::ProofMalformed,
        ),
        (
            json!({"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022"}),
            Code::ProofUnsupported,
        ),
        (
            json!({"type": "BbsBlsSignature2020"}),
            Code::ProofUnsupported,
        ),
        (json!([]), Code::ProofMissing),
    ] {
        badge["proof"] = change.clone();
        assert_eq!(verify_value(&badge).proof.code, code, "{change}");
    }
}

#[test]
fn baked_images_hold_what_was_baked() {
    let png = read(&bytes("baked.png")).unwrap();
    assert_eq!(png.container(), Container::Png);
    assert_eq!(
        png.credential(),
        json("open-badge-v2.json").as_object().unwrap()
    );
    assert_eq!(png.verify(&keys(), now()).proof.outcome, Outcome::Passed);
    let svg = read(&bytes("baked.svg")).unwrap();
    assert_eq!((svg.container(), svg.is_token()), (Container::Svg, true));
    assert_eq!(
        svg.verify(&keys(), now())
            .established_issuer(KeySource::Configured),
        Some(BODY)
    );
}

#[test]
fn issuing_and_checking_hash_alike() {
    let badge = json("open-badge-v2.json");
    let mut proof = badge["proof"].as_object().unwrap().clone();
    let value = proof.remove("proofValue").unwrap();
    let input = proof::signing_input(
        badge.as_object().unwrap(),
        &proof,
        &proof::Limits::default(),
    )
    .unwrap();
    let key = badge["issuer"]["id"]
        .as_str()
        .unwrap()
        .trim_start_matches("did:key:");
    let PublicKey::Ed25519(key) = PublicKey::from_multikey(key).unwrap() else {
        panic!("not Ed25519")
    };
    let signature = bs58::decode(value.as_str().unwrap().trim_start_matches('z'))
        .into_vec()
        .unwrap();
    let key = ed25519_dalek::VerifyingKey::from_bytes(&key).unwrap();
    key.verify_strict(
        &input,
        &ed25519_dalek::Signature::from_slice(&signature).unwrap(),
    )
    .unwrap();
}
