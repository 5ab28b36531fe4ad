//! Other issuers' keys, fetched from where their `did:web` says, by a real server of documents.

use super::signed::Somebody;
use super::support::{badge, code, registry, verified};
use crate::support::{Hands, Registry, command};
use chrono::TimeDelta;
use credential::multikey;
use registry::config::CredentialIssuer;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A server that answers every request in the same way, until it is told another, and remembers what was asked for.
struct Documents {
    port: u16,
    answer: Arc<Mutex<String>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Documents {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (answer, asked): (Arc<Mutex<String>>, Arc<Mutex<Vec<String>>>) = Default::default();
        let (own_answer, own_asked) = (answer.clone(), asked.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                hear(stream, &own_answer, &own_asked);
            }
        });
        Self {
            port,
            answer,
            asked,
        }
    }

    fn did(&self) -> String {
        format!("did:web:localhost%3A{}", self.port)
    }

    fn says(&self, document: &Value) {
        self.answers("200 OK", &document.to_string());
    }

    fn answers(&self, status: &str, body: &str) {
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        *self.answer.lock().unwrap() = format!("{head}{body}");
    }

    /// What was asked for since it was asked last.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

fn hear(stream: TcpStream, answer: &Mutex<String>, asked: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(&stream).lines();
    if let Some(Ok(line)) = lines.next() {
        asked.lock().unwrap().push(line);
    }
    // The head's end; a client that goes away has none.
    while lines
        .next()
        .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
    {}
    let answer = answer.lock().unwrap().clone();
    let mut stream = stream;
    let _ = stream.write_all(answer.as_bytes());
}

/// The forms in which a key is published.
#[derive(Clone, Copy, Debug)]
enum Form {
    Multikey,
    Jwk,
    Ed25519,
}

fn method(somebody: &Somebody, form: Form) -> Value {
    let key = multikey(&somebody.public());
    let mut method = json!({"id": somebody.method, "controller": somebody.did});
    match form {
        Form::Multikey => {
            method["type"] = json!("Multikey");
            method["publicKeyMultibase"] = json!(key);
        }
        Form::Ed25519 => {
            method["type"] = json!("Ed25519VerificationKey2020");
            method["publicKeyMultibase"] = json!(key);
        }
        Form::Jwk => {
            use base64::Engine as _;
            let x = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(somebody.public());
            method["type"] = json!("JsonWebKey2020");
            method["publicKeyJwk"] = json!({"kty": "OKP", "crv": "Ed25519", "x": x});
        }
    }
    method
}

fn document(somebody: &Somebody, form: Form) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": somebody.did,
        "verificationMethod": [method(somebody, form)],
        "assertionMethod": [somebody.method],
    })
}

/// A badge of somebody else's: one of the registry's own, said by them, without a list to ask.
fn another(somebody: &Somebody) -> String {
    let mut badge: Value = serde_json::from_str(&badge(&registry())).unwrap();
    let members = badge.as_object_mut().unwrap();
    members.remove("proof");
    members.remove("credentialStatus");
    badge["issuer"]["id"] = json!(somebody.did);
    badge["id"] = json!("urn:uuid:00000000-0000-7000-8000-000000000003");
    somebody.signed(&badge, &json!({})).to_string()
}

fn listed(did: &str) -> CredentialIssuer {
    CredentialIssuer {
        id: did.to_owned(),
        private_network: true,
        plain_http: true,
        ..Default::default()
    }
}

/// The time at which the documents were made, and a registry that knows that issuer.
fn knowing(issuers: Vec<CredentialIssuer>) -> (Registry, Hands) {
    let hands = Hands::at("2026-12-01");
    let registry = Registry::at(hands.clock(), |config| {
        config.credentials.list_wait = 2;
        config.sources.issuers = issuers;
    });
    (registry, hands)
}

#[test]
fn a_listed_issuers_document_is_fetched_and_its_keys_count() {
    let documents = Documents::start();
    let somebody = Somebody::known_as(7, &documents.did());
    let badge = another(&somebody);
    for form in [Form::Multikey, Form::Jwk, Form::Ed25519] {
        documents.says(&document(&somebody, form));
        let (registry, _) = knowing(vec![listed(&documents.did())]);
        let found = verified(&registry, &badge);
        assert_eq!(found["outcome"], "VALID", "{form:?} {found}");
        assert_eq!(code(&found, "ISSUER"), ("PASSED", "issuer-established"));
        assert_eq!(documents.asked(), ["GET /.well-known/did.json HTTP/1.1"]);
        let mut tampered: Value = serde_json::from_str(&badge).unwrap();
        tampered["name"] = json!("Another");
        let found = verified(&registry, &tampered.to_string());
        assert_eq!(code(&found, "PROOF"), ("FAILED", "proof-mismatch"));
    }
    // As a token, and below a path.
    let below = Somebody::known_as(7, &format!("{}:issuers:5", documents.did()));
    documents.says(&document(&below, Form::Multikey));
    let (registry, _) = knowing(vec![listed(&below.did)]);
    let mut claims: Value = serde_json::from_str(&another(&below)).unwrap();
    claims.as_object_mut().unwrap().remove("proof");
    let found = verified(&registry, &below.token("JWT", &claims));
    assert_eq!(found["outcome"], "VALID", "{found}");
    assert_eq!(documents.asked(), ["GET /issuers/5/did.json HTTP/1.1"]);
}

#[test]
fn nobody_but_the_listed_is_asked_and_they_not_too_often() {
    let documents = Documents::start();
    let somebody = Somebody::known_as(7, &documents.did());
    documents.says(&document(&somebody, Form::Multikey));
    let badge = another(&somebody);
    let (stranger, _) = knowing(Vec::new());
    let found = verified(&stranger, &badge);
    assert_eq!(code(&found, "PROOF"), ("NOT_CHECKED", "key-unknown"));
    assert_eq!(documents.asked(), Vec::<String>::new());
    // Keys that are configured are the ones that count.
    let configured = CredentialIssuer {
        keys: vec![multikey(&Somebody::new(8).public())],
        ..listed(&documents.did())
    };
    let (registry, _) = knowing(vec![configured]);
    assert_eq!(
        code(&verified(&registry, &badge), "PROOF"),
        ("NOT_CHECKED", "key-unknown")
    );
    assert_eq!(documents.asked(), Vec::<String>::new());

    let (registry, hands) = knowing(vec![listed(&documents.did())]);
    let outcome = || {
        verified(&registry, &badge)["outcome"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        [outcome(), outcome(), outcome()],
        ["VALID", "VALID", "VALID"]
    );
    assert_eq!(documents.asked().len(), 1);
    hands.put(TimeDelta::seconds(299));
    assert_eq!(outcome(), "VALID");
    assert_eq!(documents.asked().len(), 0);
    // The key was taken out meanwhile: what it signed is no longer known to be the issuer's.
    documents.says(&document(
        &Somebody::known_as(9, &documents.did()),
        Form::Multikey,
    ));
    hands.put(TimeDelta::seconds(2));
    let found = verified(&registry, &badge);
    assert_eq!(code(&found, "PROOF"), ("NOT_CHECKED", "key-unknown"));
    assert_eq!(
        (found["outcome"].as_str(), documents.asked().len()),
        (Some("UNDETERMINED"), 1)
    );
    // That it could not be had is remembered, too, for less long.
    documents.answers("503 Service Unavailable", "");
    hands.put(TimeDelta::seconds(301));
    for _ in 0..3 {
        assert_eq!(
            code(&verified(&registry, &badge), "PROOF").1,
            "issuer-keys-unreachable"
        );
    }
    assert_eq!(documents.asked().len(), 1);
    documents.says(&document(&somebody, Form::Multikey));
    hands.put(TimeDelta::seconds(31));
    assert_eq!(outcome(), "VALID");
}

#[test]
fn what_cannot_be_had_or_is_not_the_issuers_is_undetermined() {
    let documents = Documents::start();
    let somebody = Somebody::known_as(7, &documents.did());
    let badge = another(&somebody);
    let good = document(&somebody, Form::Multikey);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut changed = good.clone();
        change(&mut changed);
        changed.to_string()
    };
    let elsewhere = format!(
        "302 Found\r\nLocation: http://localhost:{}/moved",
        documents.port
    );
    let large = with(&|one| one["alsoKnownAs"] = json!(vec!["x".repeat(1000); 300]));
    let twice = good
        .to_string()
        .replacen('{', "{\"id\":\"did:web:other.example\",", 1);
    for (status, body, expected) in [
        ("404 Not Found", good.to_string(), "issuer-keys-unreachable"),
        (
            "500 Internal Server Error",
            good.to_string(),
            "issuer-keys-unreachable",
        ),
        (
            elsewhere.as_str(),
            good.to_string(),
            "issuer-keys-unreachable",
        ),
        ("200 OK", large, "issuer-keys-unreachable"),
        ("200 OK", "<html>".to_owned(), "key-document-invalid"),
        ("200 OK", twice, "key-document-invalid"),
        (
            "200 OK",
            with(&|one| one["id"] = json!("did:web:other.example")),
            "key-document-invalid",
        ),
        (
            "200 OK",
            with(&|one| one["assertionMethod"] = json!([])),
            "key-document-invalid",
        ),
        (
            "200 OK",
            with(&|one| {
                one["authentication"] = one["assertionMethod"].clone();
                one["assertionMethod"] = json!([]);
            }),
            "key-document-invalid",
        ),
        (
            "200 OK",
            with(&|one| {
                one["verificationMethod"][0]["controller"] = json!("did:web:other.example");
            }),
            "key-document-invalid",
        ),
    ] {
        documents.answers(status, &body);
        let (registry, _) = knowing(vec![listed(&documents.did())]);
        let found = verified(&registry, &badge);
        assert_eq!(
            code(&found, "PROOF"),
            ("NOT_CHECKED", expected),
            "{status} {found}"
        );
        assert_eq!(found["outcome"], "UNDETERMINED", "{found}");
        assert_eq!(documents.asked().len(), 1, "{status}");
    }
    // Silence, until it is waited for no more; and nobody there at all.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap();
    let gone_port = gone.local_addr().unwrap().port();
    drop(gone);
    for port in [silent.local_addr().unwrap().port(), gone_port] {
        let nobody = Somebody::known_as(7, &format!("did:web:localhost%3A{port}"));
        let (registry, _) = knowing(vec![listed(&nobody.did)]);
        let found = verified(&registry, &another(&nobody));
        assert_eq!(
            code(&found, "PROOF"),
            ("NOT_CHECKED", "issuer-keys-unreachable")
        );
        assert_eq!(found["outcome"], "UNDETERMINED");
    }
}

/// What leads to this machine or a private network is not gone to, unless the operator says so.
#[test]
fn internal_addresses_are_not_reached_unless_they_are_allowed() {
    let documents = Documents::start();
    let somebody = Somebody::known_as(7, &documents.did());
    documents.says(&document(&somebody, Form::Multikey));
    let badge = another(&somebody);
    let guarded = CredentialIssuer {
        private_network: false,
        ..listed(&documents.did())
    };
    let (registry, _) = knowing(vec![guarded]);
    let found = verified(&registry, &badge);
    assert_eq!(
        code(&found, "PROOF"),
        ("NOT_CHECKED", "issuer-keys-unreachable")
    );
    assert_eq!(documents.asked(), Vec::<String>::new());
    // Encrypted unless that is allowed too: a server that speaks plainly gives no keys.
    let encrypted = CredentialIssuer {
        plain_http: false,
        ..listed(&documents.did())
    };
    let (registry, _) = knowing(vec![encrypted]);
    assert_eq!(
        code(&verified(&registry, &badge), "PROOF").1,
        "issuer-keys-unreachable"
    );
}

#[test]
fn the_command_fetches_too_and_offline_it_never_does() {
    let documents = Documents::start();
    let somebody = Somebody::known_as(7, &documents.did());
    documents.says(&document(&somebody, Form::Multikey));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("badge.json"), another(&somebody)).unwrap();
    let issuer = format!(
        "[[sources.issuers]]\nid = \"{}\"\nprivate_network = true\nplain_http = true\n",
        documents.did()
    );
    std::fs::write(folder.path().join("registry.toml"), issuer).unwrap();
    let verify = |arguments: &[&str]| {
        let mut all = vec!["--json", "verify", "badge.json"];
        all.extend(arguments);
        let output = command(folder.path(), "sqlite://none.db", &all)
            .output()
            .unwrap();
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), told)
    };
    let (exit, told) = verify(&["--offline"]);
    assert_eq!(exit, Some(3), "{told}");
    let checks = told["checks"].as_array().unwrap();
    let proof = checks
        .iter()
        .find(|check| check["name"] == "PROOF")
        .unwrap();
    assert_eq!(proof["code"], "not-asked-offline");
    assert_eq!(documents.asked(), Vec::<String>::new());
    let (exit, told) = verify(&[]);
    assert_eq!(
        (exit, told["outcome"].as_str()),
        (Some(0), Some("VALID")),
        "{told}"
    );
    assert_eq!(documents.asked().len(), 1);
    // A document that was handed over needs nobody to be asked.
    let own = document(&somebody, Form::Multikey).to_string();
    std::fs::write(folder.path().join("did.json"), own).unwrap();
    let (exit, told) = verify(&["--offline", "--issuer", "did.json"]);
    assert_eq!(exit, Some(0), "{told}");
    assert_eq!(documents.asked(), Vec::<String>::new());
}
