//! Documents that are handed in to be verified.

use super::support::{
    ORIGIN, badge, change, code, configured, exported, first, registry, text, verified,
};
use crate::support::{Registry, uln};
use registry::action::credential::{Chosen, Format};
use registry::db::Id;
use serde_json::{Value, json};

#[test]
fn what_the_registry_issued_is_valid_in_every_signed_form() {
    let registry = registry();
    let one = Chosen::These(vec![Id::read("achievement", &first(&registry)).unwrap()]);
    for (chosen, format, several) in [
        (one.clone(), Format::OpenBadges, false),
        (one, Format::VcJwt, false),
        (Chosen::All, Format::OpenBadges, true),
        (Chosen::All, Format::Clr, true),
        (Chosen::All, Format::VcJwt, true),
    ] {
        let document = text(&exported(&registry, chosen, format));
        let found = verified(&registry, &document);
        assert_eq!(found["outcome"], "VALID", "{format:?} {found}");
        let names: Vec<&str> = found["checks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|check| check["name"].as_str().unwrap())
            .collect();
        assert_eq!(
            names,
            [
                "ISSUER",
                "PROOF",
                "SCHEMA",
                "VALIDITY",
                "REVOCATION",
                "STATUS"
            ]
        );
        if several {
            assert_eq!(found["record"]["familyName"], "Inventedb");
            assert_eq!(found["record"]["achievements"].as_array().unwrap().len(), 3);
            assert_eq!(found["record"]["expiresAt"], Value::Null);
        } else {
            assert_eq!(found["achievement"]["grade"], "Pass");
        }
    }
}

/// Withdrawn, reinstated, corrected: nothing has to be issued anew for the document to tell.
#[test]
fn what_becomes_of_the_award_becomes_of_its_document() {
    let registry = registry();
    let badge = badge(&registry);
    let record = text(&exported(&registry, Chosen::All, Format::Clr));
    let judged = |document: &str| {
        let found = verified(&registry, document);
        let (_, revocation) = code(&found, "REVOCATION");
        let (_, status) = code(&found, "STATUS");
        format!(
            "{} {revocation} {status}",
            found["outcome"].as_str().unwrap()
        )
    };
    assert_eq!(judged(&badge), "VALID not-revoked status-final");
    change(
        &registry,
        "withdrawAchievement(id: \"AWARD\", reason: \"An error\") { id }",
    );
    assert_eq!(
        judged(&badge),
        "INVALID credential-suspended status-withdrawn"
    );
    assert_eq!(
        judged(&record),
        "INVALID credential-suspended status-withdrawn"
    );
    change(
        &registry,
        "reinstateAchievement(id: \"AWARD\", reason: \"An error\") { id }",
    );
    assert_eq!(judged(&badge), "VALID not-revoked status-final");
    assert_eq!(judged(&record), "VALID not-revoked status-final");
    change(
        &registry,
        "correctAchievement(id: \"AWARD\", input: {grade: \"Merit\", reason: \"An error\"}) { id }",
    );
    assert_eq!(
        judged(&badge),
        "INVALID credential-suspended credential-superseded"
    );
    assert_eq!(
        judged(&record),
        "INVALID credential-revoked credential-superseded"
    );
}

#[test]
fn every_document_that_is_not_ours_or_no_longer_as_it_was_has_its_code() {
    let registry = registry();
    let badge = badge(&registry);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut changed: Value = serde_json::from_str(&badge).unwrap();
        change(&mut changed);
        changed.to_string()
    };
    let other = configured(|config| config.server.origin = Some("https://other.example".into()));
    for (document, outcome, check, expected) in [
        (
            with(&|badge| badge["name"] = json!("Another")),
            "INVALID",
            "PROOF",
            "proof-mismatch",
        ),
        (
            with(&|badge| badge["colour"] = json!("red")),
            "INVALID",
            "PROOF",
            "term-undefined",
        ),
        (
            with(&|badge| {
                badge.as_object_mut().unwrap().remove("proof");
            }),
            "UNDETERMINED",
            "PROOF",
            "proof-missing",
        ),
        (
            with(&|badge| {
                badge["credentialSubject"]
                    .as_object_mut()
                    .unwrap()
                    .remove("achievement");
            }),
            "INVALID",
            "SCHEMA",
            "schema-invalid",
        ),
        (
            super::support::badge(&other),
            "UNDETERMINED",
            "PROOF",
            "key-unknown",
        ),
        (
            "nothing".to_owned(),
            "INVALID",
            "SCHEMA",
            "document-unreadable",
        ),
        (
            badge.replacen("\"name\":", "\"name\": \"a\", \"name\":", 1),
            "INVALID",
            "SCHEMA",
            "member-twice",
        ),
    ] {
        let found = verified(&registry, &document);
        assert_eq!(found["outcome"], outcome, "{found}");
        assert_eq!(code(&found, check).1, expected, "{found}");
        assert_eq!(found["achievement"], Value::Null, "{found}");
    }
}

/// A registry without an address of its own issues as its key: any other registry can check the proof, and does not know
/// whose key it is, unless it is told.
#[test]
fn an_issuer_is_believed_where_the_configuration_lists_it() {
    let trial = configured(|_| ());
    let document = badge(&trial);
    let issued: Value = serde_json::from_str(&document).unwrap();
    let did = issued["issuer"]["id"].as_str().unwrap().to_owned();
    assert!(did.starts_with("did:key:z6Mk"), "{did}");
    assert_eq!(verified(&trial, &document)["outcome"], "VALID");
    let stranger = verified(&registry(), &document);
    assert_eq!(stranger["outcome"], "UNDETERMINED");
    assert_eq!(code(&stranger, "PROOF"), ("PASSED", "proof-verified"));
    assert_eq!(code(&stranger, "ISSUER"), ("NOT_CHECKED", "issuer-unknown"));
    assert_eq!(
        code(&stranger, "REVOCATION"),
        ("NOT_CHECKED", "not-established")
    );
    let knows = Registry::configured(|config| {
        config.server.origin = Some(ORIGIN.to_owned());
        config
            .sources
            .issuers
            .push(registry::config::CredentialIssuer {
                id: did.clone(),
                ..Default::default()
            });
    });
    let found = verified(&knows, &document);
    assert_eq!(code(&found, "ISSUER"), ("PASSED", "issuer-established"));
    // Its list stands at an address of this machine, where nothing is fetched from.
    assert_eq!(
        code(&found, "REVOCATION"),
        ("NOT_CHECKED", "status-list-unreachable")
    );
    assert_eq!(found["outcome"], "UNDETERMINED");
}

#[test]
fn the_look_is_in_the_ledger_and_the_receipt_keeps_the_document_out() {
    let registry = registry();
    let found = verified(&registry, &badge(&registry));
    let receipt = found["receipt"]["jwt"].as_str().unwrap();
    use base64::Engine as _;
    let claims = receipt.split('.').nth(1).unwrap();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(claims)
        .unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["outcome"], "VALID");
    assert_eq!(claims["achievement"], first(&registry));
    assert!(!claims.to_string().contains("Inventedb"));
    let ledger = registry.data(
        &registry.practitioner(&uln(1)),
        "{ me { accessLedger(first: 10) { edges { node { what via purpose } } } } }",
        Value::Null,
    );
    let rows = ledger["me"]["accessLedger"]["edges"].as_array().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        rows[0]["node"],
        json!({"what": "verification", "via": "document", "purpose": "A post"})
    );
    // One's own look leaves none.
    let query = "query($d: String!) { verify(input: {document: $d}) { outcome } }";
    let own = registry.practitioner(&uln(1));
    let data = registry.data(&own, query, json!({"d": badge(&registry)}));
    assert_eq!(data["verify"]["outcome"], "VALID");
    let again = registry.data(
        &own,
        "{ me { accessLedger(first: 10) { edges { node { what } } } } }",
        Value::Null,
    );
    assert_eq!(
        again["me"]["accessLedger"]["edges"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_document_is_given_alone_and_within_its_limit() {
    let registry = configured(|config| config.graphql.document = 100_000);
    let ask = |input: &str, document: String| {
        let query = format!(
            "query($d: String!) {{ verify(input: {{{input}}}) {{ outcome checks {{ code }} }} }}"
        );
        registry.ask(&registry.employer(), &query, json!({"d": document}))
    };
    for input in [
        "document: $d, shareToken: \"share_1\"",
        "document: $d, familyName: \"a\", dateOfBirth: \"1970-01-01\"",
        "document: $d, asOf: \"2020-01-01\"",
    ] {
        let answer = ask(input, "x".to_owned());
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "input-invalid",
            "{answer}"
        );
    }
    let large = ask("document: $d", "x".repeat(100_000));
    assert_eq!(large["data"]["verify"]["outcome"], "INVALID", "{large}");
    let larger = ask("document: $d", "x".repeat(100_001));
    assert_eq!(
        larger["errors"][0]["extensions"]["limit"], "document",
        "{larger}"
    );
    // As large as that is only a document.
    let token = ask("shareToken: $d", "x".repeat(5_000));
    assert_eq!(token["errors"][0]["extensions"]["limit"], "text", "{token}");
}

/// A million bytes, and a graph of ten thousand nameless nodes: an answer within seconds, and never a pass.
#[test]
fn documents_made_to_be_costly_end_with_their_code() {
    let registry = registry();
    let mut large: Value = serde_json::from_str(&badge(&registry)).unwrap();
    large["credentialSubject"]["narrative"] = json!("a".repeat(1_000_000));
    let found = verified(&registry, &large.to_string());
    assert_eq!(code(&found, "PROOF"), ("FAILED", "proof-mismatch"));
    let mut nodes: Value = serde_json::from_str(&badge(&registry)).unwrap();
    let alignment =
        json!({"type": ["Alignment"], "targetName": "a", "targetUrl": "https://a.example"});
    nodes["credentialSubject"]["achievement"]["alignment"] = json!(vec![alignment; 10_000]);
    let found = verified(&registry, &nodes.to_string());
    assert_eq!(code(&found, "PROOF"), ("NOT_CHECKED", "proof-too-costly"));
    assert_eq!(found["outcome"], "UNDETERMINED");
}
