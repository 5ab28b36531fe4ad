//! Credentials as JWTs.

use crate::fixtures::{BODY, bytes, json, keys, now, read, verify};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use proof::{KeyRing, KeySource, Outcome, ProofForm, Verification};
use schema::Code;
use serde_json::{Value, json};

fn text(name: &str) -> String {
    String::from_utf8(bytes(name)).unwrap()
}

fn judged(token: &str) -> Verification {
    verify(token.as_bytes())
}

/// The token with its header or payload changed, the signature kept.
fn changed(token: &str, part: usize, change: impl Fn(&mut Value)) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let mut value: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&parts[part]).unwrap()).unwrap();
    change(&mut value);
    parts[part] = URL_SAFE_NO_PAD.encode(value.to_string());
    parts.join(".")
}

#[test]
fn what_jose_signed_verifies_by_all_three_algorithms() {
    for (name, algorithm) in [
        ("badge-eddsa", "EdDSA"),
        ("badge-es256", "ES256"),
        ("badge-rs256", "RS256"),
        ("badge-short-kid", "EdDSA"),
        ("badge-no-kid", "ES256"),
        ("badge-jwk", "RS256"),
        ("badge-v1", "RS256"),
    ] {
        let verification = judged(&text(&format!("{name}.jwt")));
        assert_eq!(
            verification.proof.code,
            Code::ProofVerified,
            "{name} {verification:?}"
        );
        assert_eq!(
            verification.established_issuer(KeySource::Configured),
            Some(BODY),
            "{name}"
        );
        assert_eq!(
            verification.proofs[0].form,
            ProofForm::Jwt(algorithm.into()),
            "{name}"
        );
        assert_eq!(
            verification.validity.code,
            Code::CredentialCurrent,
            "{name}"
        );
    }
}

#[test]
fn a_did_key_on_p256_verifies_what_it_signed_and_nothing_else() {
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let pair = EcdsaKeyPair::generate(algorithm).unwrap();
    let point = pair.public_key().as_ref();
    // SEC 1, section 2.3.3; the multicodec of such a key is 0x1200.
    let compressed = [&[0x80, 0x24, 2 | (point[64] & 1)], &point[1..33]].concat();
    let name = format!("z{}", bs58::encode(compressed).into_string());
    let did = format!("did:key:{name}");
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let token = |kid: &str, algorithm: &str| {
        let mut claims = json("open-badge-v2.json");
        claims.as_object_mut().unwrap().remove("proof");
        claims["issuer"]["id"] = json!(did);
        let header = json!({"alg": algorithm, "typ": "vc+jwt", "kid": kid});
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature = pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    };
    let verify = |token: &str| {
        let document = read(token.as_bytes()).unwrap();
        document.verify(&KeyRing::new(), now())
    };
    let method = format!("{did}#{name}");
    let verification = verify(&token(&method, "ES256"));
    assert_eq!(verification.proof.code, Code::ProofVerified);
    let issuer = verification.established_issuer(KeySource::DidKey);
    assert_eq!(issuer, Some(did.as_str()));
    let changed = changed(&token(&method, "ES256"), 1, |claims| {
        claims["name"] = json!("Another");
    });
    assert_eq!(verify(&changed).proof.code, Code::ProofMismatch);
    let confused = verify(&token(&method, "EdDSA"));
    assert_eq!(confused.proof.code, Code::AlgorithmRefused);
}

#[test]
fn an_embedded_key_proves_no_identity() {
    let document = read(&bytes("badge-jwk.jwt")).unwrap();
    let verification = document.verify(&KeyRing::new(), now());
    assert_eq!(verification.proof.outcome, Outcome::Passed);
    assert_eq!(
        (verification.issuer.outcome, verification.issuer.code),
        (Outcome::NotChecked, Code::IssuerNotEstablished)
    );
    assert_eq!(verification.proofs[0].key_source, Some(KeySource::Embedded));
    for source in [
        KeySource::Configured,
        KeySource::DidKey,
        KeySource::Embedded,
    ] {
        assert_eq!(verification.established_issuer(source), None);
    }
    for name in ["badge-eddsa.jwt", "badge-no-kid.jwt"] {
        let verification = read(&bytes(name)).unwrap().verify(&KeyRing::new(), now());
        assert_eq!(
            (verification.proof.outcome, verification.proof.code),
            (Outcome::NotChecked, Code::KeyUnknown)
        );
    }
}

#[test]
fn what_is_wrong_is_told() {
    for (name, outcome, code, place) in [
        (
            "badge-v1-contradicts",
            Outcome::Failed,
            Code::ClaimsContradict,
            "claims/jti",
        ),
        (
            "badge-other-issuer",
            Outcome::Failed,
            Code::ClaimsContradict,
            "claims/iss",
        ),
        (
            "badge-crit",
            Outcome::Failed,
            Code::ProofMalformed,
            "header/crit",
        ),
        (
            "badge-ps256",
            Outcome::NotChecked,
            Code::ProofUnsupported,
            "header/alg",
        ),
    ] {
        let verification = judged(&text(&format!("{name}.jwt")));
        let proof = &verification.proof;
        assert_eq!(
            (proof.outcome, proof.code, proof.place.as_str()),
            (outcome, code, place),
            "{name}"
        );
    }
    let expired = judged(&text("badge-expired.jwt"));
    assert_eq!(expired.proof.outcome, Outcome::Passed);
    assert_eq!(
        (expired.validity.code, expired.validity.place.as_str()),
        (Code::CredentialExpired, "claims/exp")
    );
}

#[test]
fn every_other_algorithm_is_refused() {
    let token = text("badge-rs256.jwt");
    for algorithm in [
        json!("none"),
        json!("None"),
        json!("HS256"),
        json!("HS512"),
        json!("ES256"),
        json!("EdDSA"),
        json!(""),
        json!(7),
        json!(null),
    ] {
        let verification = judged(&changed(&token, 0, |header| {
            header["alg"] = algorithm.clone();
        }));
        assert_eq!(
            (verification.proof.outcome, verification.proof.code),
            (Outcome::Failed, Code::AlgorithmRefused),
            "{algorithm}"
        );
    }
    let unsigned = changed(&token, 0, |header| header["alg"] = json!("none"));
    let unsigned = format!("{}.", unsigned.rsplit_once('.').unwrap().0);
    assert_eq!(judged(&unsigned).proof.outcome, Outcome::Failed);
}

#[test]
fn a_key_set_with_other_keys_does_not_verify() {
    let mut set = json("key-set.json");
    set["keys"][2]["alg"] = json!("PS256");
    let mut ring = KeyRing::new();
    assert_eq!(ring.add_key_set(BODY, &set), Ok(2));
    let verification = read(&bytes("badge-rs256.jwt"))
        .unwrap()
        .verify(&ring, now());
    assert_eq!(verification.proof.code, Code::KeyUnknown);
}

#[test]
fn claims_are_members_of_the_credential() {
    let document = read(&bytes("badge-v1.jwt")).unwrap();
    assert!(document.is_token());
    let credential = document.credential();
    assert_eq!(credential["issuanceDate"], "2026-01-01T00:00:00Z");
    assert_eq!(credential["expirationDate"], "2100-01-01T00:00:00Z");
    assert_eq!(
        credential["id"],
        "urn:uuid:00000000-0000-4000-8000-000000000001"
    );
    let newer = read(&bytes("badge-eddsa.jwt")).unwrap();
    assert!(
        ["iss", "sub", "jti", "nbf"]
            .iter()
            .all(|claim| !newer.credential().contains_key(*claim))
    );
}

#[test]
fn tokens_of_another_shape_are_faults() {
    let token = text("badge-eddsa.jwt");
    let parts: Vec<&str> = token.split('.').collect();
    let (header, payload, signature) = (parts[0], parts[1], parts[2]);
    let encoded = |text: &str| URL_SAFE_NO_PAD.encode(text);
    for (wrong, code) in [
        (
            format!("{header}.{payload}"),
            Code::CredentialTokenUnreadable,
        ),
        (
            format!("{header}.{payload}.{signature}.{signature}"),
            Code::CredentialTokenUnreadable,
        ),
        (
            format!("{header}.{payload}.{signature}="),
            Code::CredentialTokenUnreadable,
        ),
        (
            format!("{header}.{payload}.{signature}~"),
            Code::CredentialTokenUnreadable,
        ),
        (
            format!("{header}.!.{signature}"),
            Code::CredentialTokenUnreadable,
        ),
        (
            format!("{header}.{}.{signature}", encoded("[]")),
            Code::CredentialTokenUnreadable,
        ),
        (
            format!("{header}.{}.{signature}", encoded("{}")),
            Code::NotACredential,
        ),
        (
            format!(
                "{header}.{}.{signature}",
                encoded(r#"{"iss":"a","iss":"b"}"#)
            ),
            Code::MemberTwice,
        ),
        (
            format!(
                "{header}.{}.{signature}",
                encoded(r#"{"vc":{},"@context":[]}"#)
            ),
            Code::NotACredential,
        ),
        (
            format!(
                "{}.{payload}.{signature}",
                encoded(r#"{"alg":"EdDSA","alg":"none"}"#)
            ),
            Code::MemberTwice,
        ),
    ] {
        assert_eq!(read(wrong.as_bytes()).unwrap_err().code, code, "{wrong}");
    }
}

#[test]
fn every_claim_and_every_bit_of_the_signature_counts() {
    for name in [
        "badge-eddsa.jwt",
        "badge-es256.jwt",
        "badge-rs256.jwt",
        "badge-v1.jwt",
    ] {
        let token = text(name);
        let payload = URL_SAFE_NO_PAD
            .decode(token.split('.').nth(1).unwrap())
            .unwrap();
        let claims: Value = serde_json::from_slice(&payload).unwrap();
        for claim in claims.as_object().unwrap().keys() {
            let tampered = changed(&token, 1, |claims| claims[claim] = json!("tampered"));
            if let Ok(document) = read(tampered.as_bytes()) {
                let outcome = document.verify(&keys(), now()).proof.outcome;
                assert_eq!(outcome, Outcome::Failed, "{name} {claim}");
            }
        }
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        for bit in (0..signature.len() * 8).step_by(5) {
            let mut signature = signature.clone();
            signature[bit / 8] ^= 1 << (bit % 8);
            let tampered = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(&signature));
            assert_eq!(
                judged(&tampered).proof.code,
                Code::ProofMismatch,
                "{name} {bit}"
            );
        }
    }
}

/// A token signed by the key of this seed, which the header names or brings along.
fn signed(seed: u8, header: &Value, claims: &Value) -> String {
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", encoded(header), encoded(claims));
    let key = SigningKey::from_bytes(&[seed; 32]);
    let signature = key.sign(message.as_bytes()).to_bytes();
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// A signed badge that names nobody could be made anybody's by a token around it, whose claims become members.
#[test]
fn a_proof_within_a_token_counts_only_where_the_issuer_signed_the_claims() {
    let badge = json("rich.json");
    let issuer = badge["issuer"]["id"].clone();
    let method = badge["proof"]["verificationMethod"].clone();
    let claims = json!({"iss": issuer, "sub": "did:example:somebody-else", "exp": 4_102_444_800_u64, "vc": badge});
    let public = |seed: u8| {
        let key = SigningKey::from_bytes(&[seed; 32]).verifying_key();
        json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(key.as_bytes())})
    };
    let other =
        json!({"alg": "EdDSA", "kid": "did:key:z6MknGc3ocHs3zdPiJbnaaqDi58NGb4pk1Sp9WxWufuXSdxf"});
    for (token, outcome) in [
        (
            signed(9, &json!({"alg": "EdDSA", "kid": "unheard-of"}), &claims),
            Outcome::NotChecked,
        ),
        (
            signed(9, &json!({"alg": "PS256"}), &claims),
            Outcome::NotChecked,
        ),
        (
            signed(9, &json!({"alg": "EdDSA", "jwk": public(9)}), &claims),
            Outcome::Passed,
        ),
        (signed(9, &json!({"alg": "none"}), &claims), Outcome::Failed),
        (signed(9, &other, &claims), Outcome::Failed),
    ] {
        let document = read(token.as_bytes()).unwrap();
        let subject = &document.credential()["credentialSubject"];
        assert_eq!(subject["id"], "did:example:somebody-else");
        let verification = document.verify(&keys(), now());
        assert_eq!(verification.proof.outcome, outcome, "{verification:?}");
        for source in [
            KeySource::Configured,
            KeySource::DidKey,
            KeySource::Embedded,
        ] {
            assert_eq!(verification.established_issuer(source), None);
        }
        let within = &verification.proofs[1];
        assert_eq!(within.proof.outcome, Outcome::NotChecked);
        assert_eq!(within.proof.place, "/proof");
    }
    // The issuer's own token around it.
    let token = signed(1, &json!({"alg": "EdDSA", "kid": method}), &claims);
    let verification = judged(&token);
    assert_eq!(verification.proof.outcome, Outcome::Passed);
    assert!(
        verification
            .proofs
            .iter()
            .all(|proof| proof.proof.outcome == Outcome::Passed)
    );
    assert_eq!(
        verification.established_issuer(KeySource::DidKey),
        issuer.as_str()
    );
}

/// Whoever looks further must know by which key a token failed.
#[test]
fn the_one_key_that_was_tried_is_told_also_where_it_failed() {
    let token = changed(&text("badge-eddsa.jwt"), 1, |claims| {
        claims["name"] = json!("Another");
    });
    let verification = judged(&token);
    assert_eq!(verification.proof.code, Code::ProofMismatch);
    assert_eq!(
        verification.proofs[0].key_source,
        Some(KeySource::Configured)
    );
    let several = judged(&changed(&text("badge-no-kid.jwt"), 1, |claims| {
        claims["name"] = json!("Another");
    }));
    assert_eq!(several.proof.code, Code::ProofMismatch);
    assert_eq!(several.proofs[0].key_source, None);
}
