//! The data model's rules, each broken once.

use super::*;
use serde_json::json;

fn credential() -> Value {
    json!({
        "@context": [NEWER],
        "type": ["VerifiableCredential"],
        "issuer": "did:example:issuer",
        "credentialSubject": {"id": "did:example:subject"},
    })
}

fn with(change: &Value) -> Map<String, Value> {
    let mut credential = credential().as_object().cloned().unwrap_or_default();
    for (name, value) in change.as_object().into_iter().flatten() {
        if value.is_null() {
            credential.remove(name);
        } else {
            credential.insert(name.clone(), value.clone());
        }
    }
    credential
}

#[test]
fn what_the_data_model_allows_is_taken() {
    let digest = json!({"id": "https://a.example/1", "digestSRI": "sha384-x"});
    for change in [
        json!({}),
        json!({"@context": [NEWER, "https://a.example/v1", {"Term": "https://a.example/#Term"}]}),
        json!({"type": "VerifiableCredential"}),
        json!({"type": ["Another", "VerifiableCredential"], "id": "urn:uuid:1"}),
        json!({"issuer": {"id": "https://a.example", "name": {"@value": "A", "@language": "en"}, "logo": "x"}}),
        json!({"name": [{"@value": "A", "@language": "en"}, {"@value": "B", "@language": "cy", "@direction": "ltr"}]}),
        json!({"credentialSubject": [{"a": 1}, {"b": 2}]}),
        json!({"validFrom": "2020-01-01T00:00:00-08:00", "validUntil": "2020-01-01T08:00:00Z"}),
        json!({"validFrom": "2020-01-01T00:00:00.000123Z"}),
        json!({"evidence": [{"type": "A"}, {"type": ["B"], "id": "urn:b"}]}),
        json!({"credentialSchema": {"id": "https://a.example/s", "type": "JsonSchema"}}),
        json!({"relatedResource": [digest, {"id": "https://a.example/2", "digestMultibase": "uE"}]}),
        json!({"credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": "0", "statusListCredential": "https://a.example/l"}}),
        json!({"@context": [OLDER], "issuanceDate": "2020-01-01T00:00:00Z"}),
    ] {
        assert_eq!(conforms(&with(&change)), Ok(()), "{change}");
    }
}

#[test]
fn what_the_data_model_forbids_is_named_by_its_place() {
    let twice = json!({"id": "https://a.example/1", "digestSRI": "sha384-x"});
    for (change, place) in [
        (json!({"@context": null}), "/@context"),
        (json!({"@context": NEWER}), "/@context"),
        (json!({"@context": []}), "/@context/0"),
        (
            json!({"@context": ["https://a.example/v1", NEWER]}),
            "/@context/0",
        ),
        (json!({"@context": [NEWER, 7]}), "/@context/1"),
        (json!({"@context": [NEWER, "https ://a"]}), "/@context/1"),
        (json!({"type": null}), "/type"),
        (json!({"type": []}), "/type"),
        (json!({"type": ["Another"]}), "/type"),
        (json!({"type": ["VerifiableCredential", 1]}), "/type"),
        (json!({"id": "no address"}), "/id"),
        (json!({"id": ["urn:a", "urn:b"]}), "/id"),
        (json!({"issuer": null}), "/issuer"),
        (json!({"issuer": "somebody"}), "/issuer"),
        (json!({"issuer": ["did:example:a"]}), "/issuer"),
        (json!({"issuer": {"name": "A"}}), "/issuer/id"),
        (json!({"issuer": {"id": "somebody"}}), "/issuer/id"),
        (
            json!({"issuer": {"id": "urn:a", "name": {"@value": "A", "url": "x"}}}),
            "/issuer/name",
        ),
        (json!({"name": 1}), "/name"),
        (json!({"description": {"@language": "en"}}), "/description"),
        (json!({"credentialSubject": null}), "/credentialSubject"),
        (json!({"credentialSubject": []}), "/credentialSubject"),
        (json!({"credentialSubject": {}}), "/credentialSubject"),
        (
            json!({"credentialSubject": "did:example:a"}),
            "/credentialSubject",
        ),
        (
            json!({"credentialSubject": [{"a": 1}, {}]}),
            "/credentialSubject/1",
        ),
        (
            json!({"credentialSubject": {"id": ["urn:a"]}}),
            "/credentialSubject/id",
        ),
        (json!({"validFrom": "2020-01-01"}), "/validFrom"),
        (json!({"validFrom": "2020-01-01T00:00:00"}), "/validFrom"),
        (json!({"validFrom": "2020-01-01t00:00:00z"}), "/validFrom"),
        (json!({"validUntil": 5}), "/validUntil"),
        (
            json!({"validFrom": "2020-01-02T00:00:00Z", "validUntil": "2020-01-01T00:00:00Z"}),
            "/validUntil",
        ),
        (
            json!({"credentialStatus": {"id": "urn:a"}}),
            "/credentialStatus/type",
        ),
        (
            json!({"credentialStatus": {"type": 2}}),
            "/credentialStatus/type",
        ),
        (
            json!({"credentialStatus": {"type": "A", "id": "x"}}),
            "/credentialStatus/id",
        ),
        (
            json!({"credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": "-1", "statusListCredential": "https://a.example/l"}}),
            "/credentialStatus/statusListIndex",
        ),
        (
            json!({"termsOfUse": [{"type": "A"}, {}]}),
            "/termsOfUse/1/type",
        ),
        (json!({"evidence": "x"}), "/evidence"),
        (json!({"evidence": [{"id": "urn:a"}]}), "/evidence/0/type"),
        (
            json!({"refreshService": {"id": "urn:a"}}),
            "/refreshService/type",
        ),
        (
            json!({"credentialSchema": {"id": "urn:a"}}),
            "/credentialSchema/type",
        ),
        (
            json!({"credentialSchema": {"type": "A"}}),
            "/credentialSchema/id",
        ),
        (
            json!({"credentialSchema": {"type": "A", "id": 7}}),
            "/credentialSchema/id",
        ),
        (
            json!({"relatedResource": ["https://a.example"]}),
            "/relatedResource/0",
        ),
        (
            json!({"relatedResource": {"digestSRI": "x"}}),
            "/relatedResource/id",
        ),
        (
            json!({"relatedResource": {"id": "urn:a"}}),
            "/relatedResource",
        ),
        (
            json!({"relatedResource": [twice, twice]}),
            "/relatedResource/1/id",
        ),
        (json!({"proof": [{"created": "x"}]}), "/proof/0/type"),
        (json!({"@context": [OLDER]}), "/issuanceDate"),
    ] {
        let found = conforms(&with(&change)).err().map(|fault| fault.place);
        assert_eq!(found.as_deref(), Some(place), "{change}");
    }
}

#[test]
fn a_presentation_holds_credentials_and_envelopes_and_nothing_else() {
    let presented = |held: Value| {
        let presentation = json!({"@context": [NEWER], "type": ["VerifiablePresentation"],
            "holder": "did:example:a", "verifiableCredential": held});
        let members = presentation.as_object().cloned().unwrap_or_default();
        conforms_presentation(&members)
            .err()
            .map(|fault| fault.place)
    };
    let envelope = |context: Value, id: &str| json!({"@context": context, "type": "EnvelopedVerifiableCredential", "id": id});
    let token = "data:application/vc+jwt,ey";
    assert_eq!(
        presented(json!([credential(), envelope(json!(NEWER), token)])),
        None
    );
    assert_eq!(presented(credential()), None);
    for (held, place) in [
        (json!(["ey.ey.x"]), "/verifiableCredential/0"),
        (json!([7]), "/verifiableCredential/0"),
        (json!([{"type": "Another"}]), "/verifiableCredential/0/type"),
        (
            json!([envelope(json!([]), token)]),
            "/verifiableCredential/0/@context",
        ),
        (
            json!([envelope(json!(NEWER), "ey")]),
            "/verifiableCredential/0/id",
        ),
    ] {
        assert_eq!(presented(held.clone()).as_deref(), Some(place), "{held}");
    }
}
