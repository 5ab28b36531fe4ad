//! What verifies, and each fault of a proof with its code.

use super::{changed, post, served, verify};
use crate::carry::signed::Somebody;
use serde_json::{Value, json};

#[test]
fn each_fault_of_a_proof_has_its_code() {
    let served = served();
    let somebody = Somebody::new(7);
    let plain = somebody.credential();
    let sign = |members: Value| somebody.signed(&plain, &members);
    let good = sign(json!({}));
    let with = |change: &dyn Fn(&mut Value)| changed(&good, |one| change(&mut one["proof"]));
    let drop = |name: &'static str| {
        with(&|proof| {
            proof.as_object_mut().unwrap().remove(name);
        })
    };
    assert_eq!(verify(&served, &good, &json!({})), (200, String::new()));
    let value = good["proof"]["proofValue"].as_str().unwrap().to_owned();
    let longer = {
        let mut bytes = bs58::decode(&value[1..]).into_vec().unwrap();
        bytes.extend([1; 32]);
        format!("z{}", bs58::encode(bytes).into_string())
    };
    for (document, code) in [
        (plain.clone(), "proof-missing"),
        (
            changed(&good, |one| one["proof"] = Value::Null),
            "schema-invalid",
        ),
        (
            changed(&good, |one| one["proof"] = json!([])),
            "proof-missing",
        ),
        (drop("type"), "schema-invalid"),
        (drop("cryptosuite"), "proof-malformed"),
        (drop("proofValue"), "proof-malformed"),
        (drop("verificationMethod"), "proof-malformed"),
        (drop("proofPurpose"), "proof-purpose-wrong"),
        (
            with(&|proof| proof["type"] = json!("UnknownProofType")),
            "proof-unsupported",
        ),
        (
            with(&|proof| proof["cryptosuite"] = json!("eddsa-jcs-2022")),
            "proof-unsupported",
        ),
        (
            with(&|proof| proof["proofValue"] = Value::Null),
            "proof-malformed",
        ),
        (
            with(&|proof| proof["proofValue"] = json!(value[1..])),
            "proof-malformed",
        ),
        (
            with(&|proof| proof["proofValue"] = json!(format!("u{}", &value[1..]))),
            "proof-malformed",
        ),
        (
            with(&|proof| proof["proofValue"] = json!(longer)),
            "proof-malformed",
        ),
        (
            with(&|proof| proof["verificationMethod"] = json!("did:key:invalidVm")),
            "key-unknown",
        ),
        (
            with(&|proof| {
                proof["verificationMethod"] =
                    json!(format!("{}#{}", somebody.did, &Somebody::new(8).did[8..]));
            }),
            "key-unknown",
        ),
        (
            with(&|proof| proof["verificationMethod"] = json!(Somebody::new(8).method)),
            "proof-mismatch",
        ),
        (
            sign(json!({"proofPurpose": "authentication"})),
            "proof-purpose-wrong",
        ),
        (
            with(&|proof| proof["created"] = json!("yesterday")),
            "proof-malformed",
        ),
        (
            with(&|proof| proof["expires"] = json!(7)),
            "proof-malformed",
        ),
        (
            sign(json!({"expires": "2026-01-02T00:00:00Z"})),
            "proof-expired",
        ),
        (
            sign(json!({"created": "2126-01-02T00:00:00Z"})),
            "proof-not-yet-valid",
        ),
        (
            changed(&good, |one| one["name"] = json!("Another")),
            "proof-mismatch",
        ),
        (
            changed(&good, |one| {
                one["credentialSubject"]["undefinedTerm"] = json!("x");
            }),
            "term-undefined",
        ),
        (
            changed(&good, |one| {
                one["type"] = json!(["VerifiableCredential", "UndefinedType"]);
            }),
            "term-undefined",
        ),
    ] {
        let found = verify(&served, &document, &json!({"checks": ["proof"]}));
        assert_eq!(found, (400, code.to_owned()), "{document}");
    }
    // A time without a zone was never one of XML Schema's; one that the proof does not have is none that is missed.
    assert_eq!(
        verify(&served, &sign(json!({"created": null})), &json!({})).0,
        200
    );
    // What is expected beside.
    let bound = sign(json!({"challenge": "c", "domain": "a.example"}));
    for (options, expected) in [
        (json!({"expectedProofPurpose": "assertionMethod"}), ""),
        (
            json!({"expectedProofPurpose": "authentication"}),
            "proof-purpose-wrong",
        ),
        (json!({"challenge": "c", "domain": "a.example"}), ""),
        (json!({"challenge": "d"}), "challenge-wrong"),
        (json!({"domain": "b.example"}), "domain-wrong"),
        (
            json!({"domain": ["a.example", "b.example"]}),
            "domain-wrong",
        ),
        (json!({"domain": 7}), "request-invalid"),
    ] {
        let found = verify(&served, &bound, &options).1;
        assert_eq!(found, expected, "{options}");
    }
}

#[test]
fn whose_word_it_is_and_when_counts_unless_the_proof_alone_is_asked_for() {
    let served = served();
    let (one, other) = (Somebody::new(7), Somebody::new(8));
    let proof = json!({"checks": ["proof"]});
    let anothers = one.signed(&other.credential(), &json!({}));
    assert_eq!(verify(&served, &anothers, &json!({})).1, "issuer-mismatch");
    assert_eq!(verify(&served, &anothers, &proof).0, 200);
    let late = changed(&one.credential(), |one| {
        one["validUntil"] = json!("2020-01-01T00:00:00Z");
    });
    let late = one.signed(&late, &json!({}));
    assert_eq!(verify(&served, &late, &json!({})).1, "credential-expired");
    assert_eq!(verify(&served, &late, &proof).0, 200);
    // What never held is refused whatever is asked.
    let never = changed(&one.credential(), |one| {
        one["validFrom"] = json!("2026-01-01T00:00:00Z");
        one["validUntil"] = json!("2025-01-01T00:00:00Z");
    });
    let never = one.signed(&never, &json!({}));
    assert_eq!(
        verify(&served, &never, &proof).1,
        "credential-dates-invalid"
    );
    // A list that cannot be had leaves nothing verified.
    let listed = changed(&one.credential(), |one| {
        one["credentialStatus"] = json!({"type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": "7", "statusListCredential": "https://127.0.0.1:1/list"});
    });
    let listed = one.signed(&listed, &json!({}));
    assert_eq!(
        verify(&served, &listed, &json!({})).1,
        "status-list-unreachable"
    );
    assert_eq!(
        verify(
            &served,
            &listed,
            &json!({"checks": ["proof", "credentialStatus"]})
        )
        .0,
        400
    );
    assert_eq!(verify(&served, &listed, &proof).0, 200);
    assert_eq!(
        verify(&served, &json!({"type": ["NonconformingDocument"]}), &proof).1,
        "schema-invalid"
    );
    let body = post(&served, "/credentials/verify", &json!({}));
    assert_eq!(
        (body.status, body.json()["errors"][0]["code"].as_str()),
        (400, Some("request-invalid"))
    );
}

#[test]
fn proofs_stand_in_sets_and_chains() {
    let served = served();
    let (one, other) = (Somebody::new(7), Somebody::new(8));
    let proof = json!({"checks": ["proof"]});
    let plain = one.credential();
    let first = one.proof(&plain, &json!({"id": "urn:uuid:1"}));
    let second = other.proof(&plain, &json!({"id": "urn:uuid:2"}));
    let with = |proofs: Value| changed(&plain, |one| one["proof"] = proofs);
    let set = with(json!([first, second]));
    assert_eq!(verify(&served, &set, &json!({})).0, 200);
    let broken = changed(&set, |one| {
        one["proof"][1]["created"] = json!("2026-01-02T00:00:00Z");
    });
    assert_eq!(verify(&served, &broken, &proof).1, "proof-mismatch");
    let chained = |previous: Value, over: Value| {
        other.proof_after(&plain, &over, &json!({"previousProof": previous}))
    };
    let link = chained(json!("urn:uuid:1"), json!([first]));
    assert_eq!(
        verify(&served, &with(json!([first, link])), &proof),
        (200, String::new())
    );
    let link_of_two = chained(json!(["urn:uuid:1", "urn:uuid:2"]), json!([first, second]));
    assert_eq!(
        verify(&served, &with(json!([first, second, link_of_two])), &proof).0,
        200
    );
    let uncovering = other.proof(&plain, &json!({"previousProof": "urn:uuid:1"}));
    let numbered = changed(&link, |one| one["previousProof"] = json!(1));
    let changed_first = changed(&first, |one| one["created"] = json!("2026-01-02T00:00:00Z"));
    for (proofs, code) in [
        (json!([link]), "proof-malformed"),
        (json!([second, link]), "proof-malformed"),
        (json!([first, numbered]), "proof-malformed"),
        (json!([first, uncovering]), "proof-mismatch"),
        (json!([changed_first, link]), "proof-mismatch"),
        (json!([first, link_of_two]), "proof-malformed"),
    ] {
        assert_eq!(
            verify(&served, &with(proofs.clone()), &proof).1,
            code,
            "{proofs}"
        );
    }
}
