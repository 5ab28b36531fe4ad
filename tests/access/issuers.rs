//! Other issuers: keys from a file and from an address, and how they change.

use crate::support::{KeyServer, Registry, TestKey, token};
use chrono::{NaiveDateTime, TimeDelta};
use registry::app::Clock;
use registry::config::Issuer;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, Mutex};

const ISSUER: &str = "https://people.example";

fn claims(now: NaiveDateTime) -> Value {
    let now = now.and_utc().timestamp();
    json!({"iss": ISSUER, "aud": "registry", "sub": "somebody", "exp": now + 86_400, "iat": now, "jti": "one",
        "roles": ["steward"]})
}

fn issuer(jwks: &str, algorithms: &[&str]) -> Issuer {
    Issuer {
        issuer: ISSUER.to_owned(),
        jwks: jwks.to_owned(),
        audience: "registry".to_owned(),
        leeway: 30,
        algorithms: algorithms.iter().map(|&name| name.to_owned()).collect(),
        refresh: 300,
    }
}

fn write(path: &Path, keys: &[Value]) {
    std::fs::write(path, json!({ "keys": keys }).to_string()).unwrap();
}

/// A clock that goes on only when it is told to.
#[derive(Clone)]
struct Told(Arc<Mutex<NaiveDateTime>>);

impl Told {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(chrono::Utc::now().naive_utc())))
    }

    fn now(&self) -> NaiveDateTime {
        *self.0.lock().unwrap()
    }

    fn wait(&self, seconds: i64) {
        *self.0.lock().unwrap() += TimeDelta::seconds(seconds);
    }

    fn clock(&self) -> Clock {
        let told = self.clone();
        Clock::new(move || told.now())
    }
}

const QUERY: &str = "{ receipts { edges { cursor } } }";

#[test]
fn keys_from_a_file_verify_each_algorithm() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    let keys = [
        ("p", TestKey::p256()),
        ("r", TestKey::rsa()),
        ("e", TestKey::ed25519()),
    ];
    let mut jwks: Vec<Value> = keys.iter().map(|(kid, key)| key.jwk(kid)).collect();
    // What is not understood is passed over, as RFC 7517 asks.
    jwks.push(json!({"kty": "of-tomorrow", "kid": "t"}));
    jwks.push(json!({"kty": "oct", "kid": "s", "k": "c2VjcmV0", "alg": "HS256"}));
    let mut encryption = TestKey::p256().jwk("x");
    encryption["use"] = "enc".into();
    jwks.push(encryption);
    write(&path, &jwks);
    let served = Registry::configured(|config| {
        config.tokens.issuers = vec![issuer(path.to_str().unwrap(), &["ES256", "RS256", "EdDSA"])];
    })
    .served();
    let claims = claims(served.registry.app.clock.now());
    for (kid, key) in &keys {
        let answer = served.graphql(Some(&key.token(kid, &claims)), QUERY, Value::Null);
        assert_eq!(answer.status, 200, "{kid}: {}", answer.body);
        // A key of another algorithm than the token says, and no key named where there are several.
        for (other, _) in keys.iter().filter(|(other, _)| other != kid) {
            let answer = served.graphql(Some(&key.token(other, &claims)), QUERY, Value::Null);
            assert_eq!(answer.status, 401, "{kid} as {other}");
        }
        let header = json!({"alg": key.algorithm()});
        let unnamed = token(&header, &claims, |bytes| key.sign(bytes));
        assert_eq!(
            served.graphql(Some(&unnamed), QUERY, Value::Null).status,
            401
        );
    }
    let hmac = token(&json!({"alg": "HS256", "kid": "s"}), &claims, |bytes| {
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"secret");
        aws_lc_rs::hmac::sign(&key, bytes).as_ref().to_vec()
    });
    assert_eq!(served.graphql(Some(&hmac), QUERY, Value::Null).status, 401);
    // The built-in issuer's key is not this issuer's, nor the other way round.
    let own = TestKey::of_registry(&served.registry);
    let kid = served.registry.app.keys.jwks()["keys"][0]["kid"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        served
            .graphql(Some(&own.token(&kid, &claims)), QUERY, Value::Null)
            .status,
        401
    );
    let mut stolen = claims.clone();
    stolen["iss"] = "registry".into();
    assert_eq!(
        served
            .graphql(Some(&keys[2].1.token("e", &stolen)), QUERY, Value::Null)
            .status,
        401
    );
}

#[test]
fn an_issuers_algorithms_are_pinned() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    let (p256, rsa) = (TestKey::p256(), TestKey::rsa());
    write(&path, &[p256.jwk("p"), rsa.jwk("r")]);
    let registry = Registry::configured(|config| {
        config.tokens.issuers = vec![issuer(path.to_str().unwrap(), &["ES256"])];
    });
    let now = registry.app.clock.now();
    registry
        .app
        .issuers
        .verify(&p256.token("p", &claims(now)), now)
        .unwrap();
    registry
        .app
        .issuers
        .verify(&rsa.token("r", &claims(now)), now)
        .unwrap_err();
}

#[test]
fn a_file_without_a_key_or_an_address_without_a_lock_is_a_wrong_configuration() {
    use registry::access::Issuers;
    use registry::config::Tokens;
    let registry = Registry::new();
    let open = |issuers: Vec<Issuer>| {
        let tokens = Tokens {
            issuers,
            ..Tokens::default()
        };
        Issuers::open(&tokens, &registry.app.keys)
            .err()
            .map(|error| error.to_string())
    };
    let path = registry.folder().join("jwks.json");
    let file = || vec![issuer(path.to_str().unwrap(), &["ES256"])];
    assert!(open(file()).unwrap().contains("tokens.issuers.jwks"));
    std::fs::write(&path, "no JSON").unwrap();
    assert!(open(file()).unwrap().contains("tokens.issuers.jwks"));
    write(&path, &[]);
    assert!(open(file()).unwrap().contains("no key that can be used"));
    write(&path, &[TestKey::p256().jwk("p")]);
    assert_eq!(open(file()), None);
    assert!(open([file(), file()].concat()).unwrap().contains("twice"));
    let far = issuer("http://keys.example/jwks.json", &["ES256"]);
    assert!(open(vec![far]).unwrap().contains("https://"));
    // Near by name only.
    for near in [
        "http://127.0.0.1.example/jwks.json",
        "http://localhost.example/",
        "http://localhost@keys.example/",
    ] {
        assert!(open(vec![issuer(near, &["ES256"])]).is_some(), "{near}");
    }
    let mut own = issuer(path.to_str().unwrap(), &["ES256"]);
    own.issuer = "registry".to_owned();
    assert!(open(vec![own]).unwrap().contains("twice"));
}

#[test]
fn keys_from_an_address_rotate() {
    let time = Told::new();
    let (old, new) = (TestKey::p256(), TestKey::p256());
    let server = KeyServer::start(&[old.jwk("old")]);
    let served = Registry::at(time.clock(), |config| {
        config.tokens.issuers = vec![issuer(&server.url, &["ES256"])];
    })
    .served();
    let status = |key: &TestKey, kid: &str| {
        let token = key.token(kid, &claims(time.now()));
        served.graphql(Some(&token), QUERY, Value::Null).status
    };
    assert_eq!(server.asked(), 0, "the registry starts without its issuers");
    assert_eq!(status(&old, "old"), 200);
    assert_eq!(status(&old, "old"), 200);
    assert_eq!(server.asked(), 1);
    // A new key appears. Unknown keys do not make the registry ask without end.
    assert_eq!(status(&new, "new"), 401);
    server.give(&[old.jwk("old"), new.jwk("new")]);
    for _ in 0..3 {
        assert_eq!(status(&new, "new"), 401);
    }
    assert_eq!(server.asked(), 1);
    time.wait(11);
    assert_eq!(status(&new, "new"), 200);
    assert_eq!(status(&old, "old"), 200);
    assert_eq!(server.asked(), 2);
    // The old one goes: it is believed until the keys are asked for again, and not longer.
    server.give(&[new.jwk("new")]);
    assert_eq!(status(&old, "old"), 200);
    time.wait(301);
    assert_eq!(status(&old, "old"), 401);
    assert_eq!(status(&new, "new"), 200);
    assert_eq!(server.asked(), 3);
    // The issuer is down, or talks nonsense: the keys that are known go on.
    server.fall_ill();
    time.wait(301);
    assert_eq!(status(&new, "new"), 200);
    assert_eq!(status(&old, "old"), 401);
    server.give(&[]);
    time.wait(301);
    assert_eq!(status(&new, "new"), 200);
}

#[test]
fn a_key_taken_from_a_file_is_refused_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    let (old, new) = (TestKey::p256(), TestKey::p256());
    write(&path, &[old.jwk("old")]);
    let time = Told::new();
    let served = Registry::at(time.clock(), |config| {
        config.tokens.issuers = vec![issuer(path.to_str().unwrap(), &["ES256"])];
    })
    .served();
    let status = |key: &TestKey, kid: &str| {
        let token = key.token(kid, &claims(time.now()));
        served.graphql(Some(&token), QUERY, Value::Null).status
    };
    assert_eq!(status(&old, "old"), 200);
    write(&path, &[new.jwk("new")]);
    time.wait(11);
    assert_eq!(status(&new, "new"), 200);
    assert_eq!(status(&old, "old"), 401);
    write(&path, &[old.jwk("old")]);
    time.wait(301);
    assert_eq!(status(&new, "new"), 401);
    std::fs::remove_file(&path).unwrap();
    time.wait(301);
    assert_eq!(status(&old, "old"), 200);
}

#[test]
fn everybody_who_comes_first_is_let_in() {
    let key = TestKey::p256();
    let server = KeyServer::start(&[key.jwk("p")]);
    let served = Registry::configured(|config| {
        config.tokens.issuers = vec![issuer(&server.url, &["ES256"])];
    })
    .served();
    let token = key.token("p", &claims(served.registry.app.clock.now()));
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| served.graphql(Some(&token), QUERY, Value::Null).status))
            .collect();
        for status in asked {
            assert_eq!(status.join().unwrap(), 200);
        }
    });
    assert_eq!(server.asked(), 1);
}
