//! What is issued, in both forms, and what is refused with its place.

use super::{EXAMPLES, NEWER, OLDER, changed, issue, post, served, verify};
use crate::carry::signed::Somebody;
use serde_json::{Value, json};

#[test]
fn a_credential_is_issued_in_both_forms_and_verifies() {
    let served = served();
    let did = served.registry.app.trial.as_ref().unwrap().did().to_owned();
    // The registry's own key signs nothing here.
    assert!(
        !served
            .registry
            .app
            .issuing
            .document()
            .to_string()
            .contains(&did[8..])
    );
    let credential = json!({
        "@context": [NEWER, EXAMPLES, {"Local": "https://a.example/#Local"}],
        "id": "urn:uuid:00000000-0000-7000-8000-000000000001",
        "type": ["VerifiableCredential", "Local", "https://a.example/#Other"],
        "issuer": {"id": did, "name": {"@value": "Invented", "@language": "en", "@direction": "ltr"}, "logo": "x"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": [{"id": "did:example:subject"}, {"alumniOf": "Invented"}],
        "evidence": [{"type": "Local"}],
    });
    let answer = issue(&served, &credential);
    assert_eq!(answer.status, 201, "{}", answer.body);
    let issued = answer.json()["verifiableCredential"].clone();
    assert_eq!(
        changed(&issued, |one| {
            one.as_object_mut().unwrap().remove("proof");
        }),
        credential
    );
    assert_eq!(verify(&served, &issued, &json!({})), (200, String::new()));
    for (at, value) in [
        ("/credentialSubject/1/alumniOf", json!("Another")),
        ("/issuer/name/@value", json!("Another")),
        ("/@context/2/Local", json!("https://a.example/#Another")),
        ("/proof/created", json!("2020-01-01T00:00:00Z")),
    ] {
        let tampered = changed(&issued, |one| *one.pointer_mut(at).unwrap() = value);
        let (status, code) = verify(&served, &tampered, &json!({}));
        assert_eq!((status, code.as_str()), (400, "proof-mismatch"), "{at}");
    }
    // In an envelope, and bare.
    let options = json!({"mediaType": "application/vc+jwt", "bare": true});
    let body = json!({"credential": credential, "options": options});
    let enveloped = post(&served, "/credentials/issue", &body);
    assert_eq!(enveloped.status, 201, "{}", enveloped.body);
    let enveloped = enveloped.json();
    assert_eq!(enveloped["type"], "EnvelopedVerifiableCredential");
    assert_eq!(
        verify(&served, &enveloped, &json!({})),
        (200, String::new())
    );
    for (tampered, code) in [
        (
            changed(&enveloped, |one| one["@context"] = json!([])),
            "schema-invalid",
        ),
        (
            changed(&enveloped, |one| one["@context"] = json!(EXAMPLES)),
            "schema-invalid",
        ),
        (
            changed(&enveloped, |one| {
                one["type"] = json!("VerifiableCredential");
            }),
            "schema-invalid",
        ),
        (
            changed(&enveloped, |one| {
                one.as_object_mut().unwrap().remove("type");
            }),
            "schema-invalid",
        ),
        (
            changed(&enveloped, |one| {
                let token = one["id"]
                    .as_str()
                    .unwrap()
                    .split(',')
                    .next_back()
                    .unwrap()
                    .to_owned();
                one["id"] = json!(token);
            }),
            "schema-invalid",
        ),
        (
            changed(&enveloped, |one| {
                let id = one["id"].as_str().unwrap();
                let (rest, signature) = id.rsplit_once('.').unwrap();
                let first = if signature.starts_with('A') { "B" } else { "A" };
                one["id"] = json!(format!("{rest}.{first}{}", &signature[1..]));
            }),
            "proof-mismatch",
        ),
    ] {
        let (status, found) = verify(&served, &tampered, &json!({}));
        assert_eq!((status, found.as_str()), (400, code), "{tampered}");
    }
    // Of the older data model, to which the context of the proof is added.
    let older = json!({"@context": [OLDER], "type": ["VerifiableCredential"], "issuer": did,
        "issuanceDate": "2026-01-01T00:00:00Z", "credentialSubject": {"id": "did:example:subject"}});
    let answer = issue(&served, &older).json()["verifiableCredential"].clone();
    assert_eq!(
        answer["@context"][1],
        "https://w3id.org/security/data-integrity/v2"
    );
    assert_eq!(verify(&served, &answer, &json!({})), (200, String::new()));
}

#[test]
fn what_may_not_be_issued_is_refused_with_its_place() {
    let served = served();
    let somebody = Somebody::new(7);
    let with = |change: &dyn Fn(&mut Value)| changed(&somebody.credential(), change);
    for (credential, code, place) in [
        (
            with(&|one| one["@context"] = json!([EXAMPLES, NEWER])),
            "schema-invalid",
            "/credential/@context/0",
        ),
        (
            with(&|one| one["credentialSubject"] = json!({})),
            "schema-invalid",
            "/credential/credentialSubject",
        ),
        (
            with(&|one| one["validFrom"] = json!("soon")),
            "credential-dates-invalid",
            "/credential/validFrom",
        ),
        (
            with(&|one| one["evidence"] = json!({"id": "urn:a"})),
            "schema-invalid",
            "/credential/evidence/type",
        ),
        (
            with(&|one| one["@context"] = json!([NEWER, "https://a.example/v1"])),
            "context-unknown",
            "/credential/@context/1",
        ),
        (
            with(&|one| one["type"] = json!(["VerifiableCredential", "Unmapped"])),
            "term-undefined",
            "/credential/type/1",
        ),
        (
            with(&|one| one["credentialSubject"]["unmapped"] = json!(1)),
            "term-undefined",
            "/credential/credentialSubject/unmapped",
        ),
        (
            with(&|one| {
                one["@context"] = json!([NEWER, {"@vocab": null}]);
                one["type"] = json!(["VerifiableCredential", "Unmapped"]);
            }),
            "term-undefined",
            "/credential/type/1",
        ),
        (
            with(&|one| {
                one["@context"] = json!([NEWER, {"Bad": "https ://no-address#Bad"}]);
                one["type"] = json!(["VerifiableCredential", "Bad"]);
            }),
            "linked-data-invalid",
            "/credential",
        ),
        (
            with(&|one| {
                one["@context"] =
                    json!([NEWER, {"VerifiableCredential": "https://a.example/#Another"}]);
            }),
            "linked-data-invalid",
            "/credential",
        ),
        (
            with(
                &|one| one["@context"] = json!([NEWER, {"@protected": true, "A": "https://a.example/#A"}, {"A": "https://a.example/#B"}]),
            ),
            "linked-data-invalid",
            "/credential",
        ),
        (
            with(&|one| one["@context"] = json!([NEWER, {"hidden": null}])),
            "context-inline",
            "/credential/@context/1",
        ),
        (
            with(&|one| one["@context"] = json!([NEWER, {"@import": EXAMPLES}])),
            "context-inline",
            "/credential/@context/1",
        ),
    ] {
        let answer = issue(&served, &credential);
        assert_eq!(answer.status, 400, "{credential} {}", answer.body);
        let problem = &answer.json()["problemDetails"][0];
        assert_eq!(
            (problem["code"].as_str(), problem["detail"].as_str()),
            (Some(code), Some(place)),
            "{credential}"
        );
        assert!(problem["type"].as_str().unwrap().starts_with("https://"));
    }
    for (body, place) in [
        (json!({}), "/credential"),
        (json!({"credential": []}), "/credential"),
        (
            json!({"credential": somebody.credential(), "options": 1}),
            "/options",
        ),
        (
            json!({"credential": somebody.credential(), "options": {"mediaType": "text/plain"}}),
            "/options/mediaType",
        ),
        (json!([]), ""),
    ] {
        let answer = post(&served, "/credentials/issue", &body);
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.json()["errors"][0]["detail"], place, "{body}");
    }
    let twice = br#"{"credential": {"id": "urn:a", "id": "urn:b"}}"#;
    let answer = served.request(
        "POST",
        "/credentials/issue",
        &[("Content-Type", "application/json")],
        twice,
    );
    assert_eq!(
        (answer.status, answer.json()["errors"][0]["code"].as_str()),
        (400, Some("member-twice"))
    );
    let other = served.request("PUT", "/credentials/issue", &[], b"{}");
    assert_eq!((other.status, other.header("allow")), (405, "POST"));
}
