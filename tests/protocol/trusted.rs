//! Trusted documents (GraphQL over HTTP, appendix "Persisted Documents", draft), and the form in which
//! clients of automatic persisted queries name them.

use super::client::Socket;
use crate::support::{Registry, Served, codes};
use registry::access::Role;
use registry::config::Config;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::Path;

const LEVEL: &str = "query Level($n: String!) { qualification(number: $n) { level } }\n";
const TWO: &str =
    "query A { __typename } mutation B { withdrawAchievement(id: \"x\", reason: \"y\") { id } }";

fn digest(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn id(text: &str) -> String {
    format!("sha256:{}", digest(text))
}

/// A registry that trusts two documents: one of a folder, one of a file.
fn trusting(folder: &Path, only: bool) -> Served {
    std::fs::write(folder.join("level.graphql"), LEVEL).unwrap();
    std::fs::write(folder.join("README.md"), "no document").unwrap();
    let manifest = folder.join("documents.json");
    std::fs::write(&manifest, json!({id(TWO): TWO}).to_string()).unwrap();
    let directory = folder.to_path_buf();
    Registry::configured(|config| {
        let trusted = &mut config.graphql.trusted_documents;
        trusted.directory = Some(directory);
        trusted.file = Some(manifest);
        trusted.only = only;
    })
    .with_register()
    .served()
}

fn post(served: &Served, body: Value) -> (u16, Value) {
    let headers = [
        ("Content-Type", "application/json"),
        ("Accept", "application/graphql-response+json"),
    ];
    let body = body.to_string();
    let answer = served.request("POST", "/graphql", &headers, body.as_bytes());
    (answer.status, answer.json())
}

/// "Persisted Document Request": by POST, by GET and over a socket.
#[test]
fn a_document_is_named_instead_of_sent() {
    let folder = tempfile::tempdir().unwrap();
    for only in [false, true] {
        let served = trusting(folder.path(), only);
        let level = json!({"data": {"qualification": {"level": "L3"}}});
        let variables = json!({"n": "500/9170/0"});
        let hash = json!({"persistedQuery": {"version": 1, "sha256Hash": digest(LEVEL)}});
        for body in [
            json!({"documentId": id(LEVEL), "variables": variables}),
            json!({"documentId": id(LEVEL), "variables": variables, "operationName": "Level"}),
            json!({"documentId": id(LEVEL), "query": LEVEL, "variables": variables}),
            json!({"extensions": hash, "variables": variables}),
            json!({"extensions": hash, "query": LEVEL, "variables": variables}),
            json!({"extensions": hash, "documentId": id(LEVEL), "variables": variables}),
        ] {
            for _ in 0..2 {
                assert_eq!(post(&served, body.clone()), (200, level.clone()), "{body}");
            }
        }
        let variables = "%7B%22n%22%3A%22500%2F9170%2F0%22%7D";
        let address = format!("/graphql?documentId={}&variables={variables}", id(LEVEL));
        assert_eq!(served.get(&address, None).json(), level);
        let hash = format!(
            "%7B%22persistedQuery%22%3A%7B%22version%22%3A1%2C%22sha256Hash%22%3A%22{}%22%7D%7D",
            digest(LEVEL)
        );
        let address = format!("/graphql?extensions={hash}&variables={variables}");
        assert_eq!(served.get(&address, None).json(), level);
        let mut socket = Socket::introduced(&served, None);
        let payload = json!({"documentId": id(LEVEL), "variables": {"n": "500/9170/0"}});
        socket.subscribe("1", payload);
        assert_eq!(socket.said()["payload"], level);
        assert_eq!(socket.said()["type"], "complete");
        // "GET": a mutation is a 405 there, a query of the same document is not.
        let named = |name: &str| format!("/graphql?documentId={}&operationName={name}", id(TWO));
        assert_eq!(served.get(&named("A"), None).status, 200);
        let refused = served.get(&named("B"), None);
        assert_eq!((refused.status, refused.header("allow")), (405, "POST"));
        // The limits and rights are those of any document.
        let (status, told) = post(
            &served,
            json!({"documentId": id(TWO), "operationName": "B", "extensions": {"cost": true}}),
        );
        assert_eq!((status, codes(&told)), (294, vec!["not-found".to_owned()]));
        assert_eq!(told["extensions"]["cost"]["asked"], 2);
    }
}

/// "Persisted Document Response": one that is not known is a single error, in the words that clients of
/// automatic persisted queries wait for; nothing is learned from what a client sends.
#[test]
fn a_document_that_is_not_known_is_not_learned() {
    let folder = tempfile::tempdir().unwrap();
    let served = trusting(folder.path(), false);
    let other = "{ other: __typename }";
    let hash = |digest: String| json!({"persistedQuery": {"version": 1, "sha256Hash": digest}});
    for _ in 0..2 {
        for body in [
            json!({"documentId": id(other)}),
            json!({"extensions": hash(digest(other))}),
        ] {
            let (status, told) = post(&served, body);
            assert_eq!(
                (status, codes(&told)),
                (404, vec!["document-unknown".to_owned()])
            );
            assert_eq!(told["errors"].as_array().unwrap().len(), 1);
            assert_eq!(told["errors"][0]["message"], "PersistedQueryNotFound");
            assert!(told.get("data").is_none());
        }
        let sent = json!({"query": other, "extensions": hash(digest(other))});
        assert_eq!(
            post(&served, sent),
            (200, json!({"data": {"other": "Query"}}))
        );
    }
    for body in [
        json!({"documentId": ""}),
        json!({"documentId": "sha256:"}),
        json!({"documentId": digest(LEVEL)}),
        json!({"documentId": id(LEVEL).to_uppercase()}),
        json!({"documentId": format!("{}0", id(LEVEL))}),
        json!({"documentId": format!("md5:{}", digest(LEVEL))}),
        json!({"documentId": "../../etc/passwd"}),
        json!({"documentId": id(LEVEL), "query": other}),
        json!({"documentId": id(LEVEL), "extensions": hash(digest(TWO))}),
        json!({"query": other, "extensions": hash(digest(LEVEL))}),
        json!({"extensions": hash("x".repeat(64))}),
        json!({"extensions": {"persistedQuery": 7}}),
        json!({"extensions": {"persistedQuery": {}}}),
        json!({"extensions": {"persistedQuery": {"version": 2, "sha256Hash": digest(LEVEL)}}}),
    ] {
        let (status, told) = post(&served, body.clone());
        assert_eq!(
            (status, codes(&told)),
            (422, vec!["request-invalid".to_owned()]),
            "{body}"
        );
    }
    // Without any trusted documents it is the same.
    let none = Registry::new().served();
    let (status, told) = post(&none, json!({"documentId": id(LEVEL)}));
    assert_eq!(
        (status, codes(&told)),
        (404, vec!["document-unknown".to_owned()])
    );
}

#[test]
fn where_only_trusted_documents_run_no_other_does() {
    let folder = tempfile::tempdir().unwrap();
    let served = trusting(folder.path(), true);
    let steward = served.registry.token(Role::Steward, None, None);
    let other = "{ __typename }";
    for query in [other, "{", LEVEL, "{ __schema { types { name } } }"] {
        let (status, told) = post(&served, json!({"query": query}));
        assert_eq!(
            (status, codes(&told)),
            (403, vec!["document-not-trusted".to_owned()]),
            "{query}"
        );
        let told = served.graphql(Some(&steward), query, Value::Null).json();
        assert_eq!(codes(&told), ["document-not-trusted"]);
    }
    let hash = json!({"persistedQuery": {"version": 1, "sha256Hash": digest(other)}});
    let (status, told) = post(&served, json!({"query": other, "extensions": hash}));
    assert_eq!(
        (status, codes(&told)),
        (404, vec!["document-unknown".to_owned()])
    );
    let answer = served.get("/graphql?query=%7B__typename%7D", None);
    assert_eq!(codes(&answer.json()), ["document-not-trusted"]);
    let mut socket = Socket::introduced(&served, Some(&steward));
    socket.subscribe("1", json!({"query": other}));
    let error = socket.said();
    assert_eq!(
        error["payload"][0]["extensions"]["code"],
        "document-not-trusted"
    );
}

/// Each document is read and validated when the registry starts; one that cannot be used is a configuration
/// error that names its file and what is wrong.
#[test]
fn a_document_that_cannot_be_used_stops_the_start() {
    let open = |change: &dyn Fn(&mut Config)| {
        let registry = Registry::configured(change);
        let opened = registry::graphql::Documents::open(&registry.app);
        opened.map(|_| ()).map_err(|error| error.to_string())
    };
    for (text, words) in [
        ("{", "cannot be read"),
        ("{ nothing }", "nothing"),
        ("query A { __typename } query B { nothing }", "nothing"),
        ("fragment f on Query { me { id } }", "operation"),
        ("query {\n  qualification { id } }", "line 2"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("good.graphql"), LEVEL).unwrap();
        std::fs::write(folder.path().join("bad.graphql"), text).unwrap();
        let refused = open(&|config| {
            config.graphql.trusted_documents.directory = Some(folder.path().to_path_buf());
        });
        let refused = refused.unwrap_err();
        assert!(
            refused.contains("graphql.trusted_documents.directory"),
            "{refused}"
        );
        assert!(
            refused.contains("bad.graphql") && refused.contains(words),
            "{refused}"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("documents.json");
    for (text, words) in [
        ("[]".to_owned(), "no JSON object"),
        ("{".to_owned(), "no JSON object"),
        (json!({id(TWO): LEVEL}).to_string(), "is not the SHA-256"),
        (
            json!({id("{ nothing }"): "{ nothing }"}).to_string(),
            "nothing",
        ),
    ] {
        std::fs::write(&manifest, text).unwrap();
        let refused = open(&|config| {
            config.graphql.trusted_documents.file = Some(manifest.clone());
        });
        let refused = refused.unwrap_err();
        assert!(
            refused.contains("graphql.trusted_documents.file"),
            "{refused}"
        );
        assert!(
            refused.contains("documents.json") && refused.contains(words),
            "{refused}"
        );
    }
    let missing = open(&|config| {
        config.graphql.trusted_documents.directory = Some(folder.path().join("nowhere"));
    });
    assert!(missing.unwrap_err().contains("nowhere"));
}
