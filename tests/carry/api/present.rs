//! Presentations: their challenge, their verifier, what is in them, and envelopes around them.

use super::{EXAMPLES, NEWER, changed, issue, post, present, served};
use crate::carry::signed::Somebody;
use serde_json::{Value, json};

#[test]
fn a_presentation_answers_its_challenge_for_its_verifier() {
    let served = served();
    let (issuer, holder) = (Somebody::new(7), Somebody::new(8));
    let credential = issuer.signed(&issuer.credential(), &json!({}));
    let issued = issue(
        &served,
        &changed(&issuer.credential(), |one| {
            one["issuer"] = json!(served.registry.app.trial.as_ref().unwrap().did());
        }),
    );
    let token = issuer.token(
        "vc+jwt",
        &changed(&issuer.credential(), |one| {
            one["iss"] = one["issuer"].clone();
        }),
    );
    let enveloped = json!({"@context": NEWER, "type": "EnvelopedVerifiableCredential", "id": format!("data:application/vc+jwt,{token}")});
    let plain = json!({
        "@context": [NEWER],
        "id": "urn:uuid:00000000-0000-7000-8000-000000000002",
        "type": ["VerifiablePresentation"],
        "holder": holder.did,
        "verifiableCredential": [credential, issued.json()["verifiableCredential"], enveloped],
    });
    let answer =
        json!({"proofPurpose": "authentication", "challenge": "123", "domain": "a.example"});
    let good = holder.signed(&plain, &answer);
    let asked = json!({"challenge": "123", "domain": "a.example"});
    assert_eq!(present(&served, &good, &asked), (200, String::new()));
    let body = post(
        &served,
        "/presentations/verify",
        &json!({"verifiablePresentation": good, "options": asked}),
    )
    .json();
    assert_eq!(
        body["credentialResults"],
        json!([{"verified": true}, {"verified": true}, {"verified": true}])
    );
    assert_eq!(present(&served, &good, &json!({})).0, 200);
    let asserted = holder.signed(&plain, &json!({}));
    assert_eq!(present(&served, &asserted, &json!({})).0, 200);
    for (options, code) in [
        (json!({"challenge": "124"}), "challenge-wrong"),
        (json!({"domain": "b.example"}), "domain-wrong"),
        (
            json!({"challenge": "123", "domain": "b.example"}),
            "domain-wrong",
        ),
        (
            json!({"expectedProofPurpose": "assertionMethod"}),
            "proof-purpose-wrong",
        ),
    ] {
        assert_eq!(present(&served, &good, &options).1, code, "{options}");
    }
    // Whoever asked for an answer takes no assertion for one.
    assert_eq!(
        present(&served, &asserted, &json!({"challenge": "123"})).1,
        "proof-purpose-wrong"
    );
    let anothers = changed(&plain, |one| one["holder"] = json!(issuer.did));
    for (document, code) in [
        (
            changed(&good, |one| one["id"] = json!("urn:uuid:3")),
            "proof-mismatch",
        ),
        (
            changed(&good, |one| {
                one.as_object_mut().unwrap().remove("proof");
            }),
            "proof-missing",
        ),
        (
            changed(&good, |one| {
                one.as_object_mut().unwrap().remove("type");
            }),
            "not-a-presentation",
        ),
        (
            changed(&good, |one| one["type"] = json!(["Another"])),
            "not-a-presentation",
        ),
        (
            changed(&good, |one| one["@context"] = json!([EXAMPLES, NEWER])),
            "schema-invalid",
        ),
        (
            changed(&good, |one| {
                one.as_object_mut().unwrap().remove("@context");
            }),
            "schema-invalid",
        ),
        (
            changed(&good, |one| one["verifiableCredential"][0] = json!("a.b.c")),
            "schema-invalid",
        ),
        (holder.signed(&anothers, &answer), "issuer-mismatch"),
        (
            json!({"type": ["NonconformingDocument"]}),
            "not-a-presentation",
        ),
    ] {
        assert_eq!(present(&served, &document, &asked).1, code, "{document}");
    }
    // A credential in it that was changed before the holder signed.
    for (at, value, code) in [
        (
            "/verifiableCredential/0/name",
            json!("Another"),
            "proof-mismatch",
        ),
        (
            "/verifiableCredential/2/id",
            json!("data:application/vc+jwt,ey.ey.x"),
            "credential-token-unreadable",
        ),
    ] {
        let mut tampered = plain.clone();
        let (object, member) = at.rsplit_once('/').unwrap();
        tampered.pointer_mut(object).unwrap()[member] = value;
        let found = present(&served, &holder.signed(&tampered, &answer), &asked);
        assert_eq!(found.1, code, "{at}");
    }
    // The same as a token, in an envelope.
    let claims = changed(&plain, |one| {
        one["iss"] = json!(holder.did);
        one["nonce"] = json!("123");
        one["aud"] = json!("a.example");
    });
    let envelope = |claims: &Value| {
        let token = holder.token("vp+jwt", claims);
        json!({"@context": [NEWER], "type": "EnvelopedVerifiablePresentation", "id": format!("data:application/vp+jwt,{token}")})
    };
    let wrapped = envelope(&claims);
    assert_eq!(present(&served, &wrapped, &asked), (200, String::new()));
    let older = json!({"iss": holder.did, "nonce": "123", "aud": "a.example",
        "vp": {"@context": [NEWER], "type": ["VerifiablePresentation"], "verifiableCredential": [enveloped]}});
    assert_eq!(
        present(&served, &envelope(&older), &asked),
        (200, String::new())
    );
    for (document, code) in [
        (
            envelope(&changed(&claims, |one| one["nonce"] = json!("124"))),
            "challenge-wrong",
        ),
        (
            envelope(&changed(&claims, |one| one["aud"] = json!("b.example"))),
            "domain-wrong",
        ),
        (
            envelope(&changed(&claims, |one| one["iss"] = json!(issuer.did))),
            "claims-contradict",
        ),
        (
            envelope(&changed(&claims, |one| one["exp"] = json!(1))),
            "credential-expired",
        ),
        (
            changed(&wrapped, |one| one["@context"] = json!([])),
            "schema-invalid",
        ),
        (
            changed(&wrapped, |one| one["@context"] = json!([EXAMPLES])),
            "schema-invalid",
        ),
        (
            changed(&wrapped, |one| {
                one["type"] = json!(["VerifiablePresentation"]);
            }),
            "proof-missing",
        ),
        (
            changed(&wrapped, |one| {
                let token = one["id"]
                    .as_str()
                    .unwrap()
                    .split(',')
                    .next_back()
                    .unwrap()
                    .to_owned();
                one["id"] = json!(token);
            }),
            "not-a-presentation",
        ),
    ] {
        assert_eq!(present(&served, &document, &asked).1, code, "{document}");
    }
}
