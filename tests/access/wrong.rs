//! More ways in which a token can be wrong: its bytes, its keys, its issuer's keys, its times, where it stands
//! in the request. All are told alike; and nothing of a token is logged.

use crate::support::{
    Hands, KeyServer, Process, Registry, Served, TestKey, base64, database, token,
};
use registry::access::Role;
use registry::config::Issuer;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

/// When these tests run, in seconds since 1970: noon of 1 May 2026.
const NOW: i64 = 1_777_636_800;
const RECEIPTS: &str = "{ receipts { edges { cursor } } }";

fn claims(issuer: &str) -> Value {
    json!({"iss": issuer, "aud": "registry", "sub": "somebody", "exp": NOW + 600, "iat": NOW - 5, "jti": "one",
        "roles": ["employer"], "employer": "little-acorns"})
}

fn issuer(name: &str, jwks: &str, algorithms: &[&str]) -> Issuer {
    Issuer {
        issuer: name.to_owned(),
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

fn served(issuers: Vec<Issuer>) -> Served {
    let hands = Hands::at("2026-05-01");
    assert_eq!(hands.now().and_utc().timestamp(), NOW);
    Registry::at(hands.clock(), |config| config.tokens.issuers = issuers).served()
}

/// What every wrong token is told.
fn refused(served: &Served, what: &str, header: &str) {
    let answer = served.request(
        "POST",
        "/graphql",
        &[
            ("Content-Type", "application/json"),
            ("Authorization", header),
        ],
        json!({"query": RECEIPTS}).to_string().as_bytes(),
    );
    assert_eq!(answer.status, 401, "{what}: {}", answer.body);
    let mut told = answer.json();
    // The name of the request, which is in the log.
    assert!(
        told["instance"]
            .as_str()
            .unwrap()
            .starts_with("urn:iqf-registry:request:")
    );
    told.as_object_mut().unwrap().remove("instance");
    assert_eq!(
        told,
        json!({"type": "urn:iqf-registry:problem:unauthenticated", "title": "A valid bearer token is needed.",
            "status": 401, "detail": "A valid bearer token is needed.", "code": "unauthenticated"}),
        "{what}"
    );
    assert_eq!(
        answer.header("www-authenticate"),
        "Bearer error=\"invalid_token\"",
        "{what}"
    );
}

fn own_key(registry: &Registry) -> (TestKey, String) {
    let kid = registry.app.keys.jwks()["keys"][0]["kid"].clone();
    (
        TestKey::of_registry(registry),
        kid.as_str().unwrap().to_owned(),
    )
}

#[test]
fn a_header_of_a_token_moves_nothing() {
    let served = served(Vec::new());
    let (key, kid) = own_key(&served.registry);
    let other = TestKey::ed25519();
    let server = KeyServer::start(&[other.jwk(&kid)]);
    let good = claims("registry");
    let signed = |header: Value, key: &TestKey| {
        format!("Bearer {}", token(&header, &good, |bytes| key.sign(bytes)))
    };
    let long = "k".repeat(5000);
    for (what, header) in [
        (
            "jku",
            json!({"alg": "EdDSA", "kid": kid, "jku": server.url}),
        ),
        (
            "x5u",
            json!({"alg": "EdDSA", "kid": kid, "x5u": server.url}),
        ),
        (
            "jwk",
            json!({"alg": "EdDSA", "kid": kid, "jwk": other.jwk(&kid)}),
        ),
        (
            "a jwk without a kid",
            json!({"alg": "EdDSA", "jwk": other.jwk("x")}),
        ),
        (
            "a path",
            json!({"alg": "EdDSA", "kid": "../../keys/signing.pem"}),
        ),
        (
            "an empty device",
            json!({"alg": "EdDSA", "kid": "/dev/null"}),
        ),
        (
            "an injection",
            json!({"alg": "EdDSA", "kid": "x' OR '1'='1"}),
        ),
        ("a huge kid", json!({"alg": "EdDSA", "kid": long})),
        ("a kid that is a number", json!({"alg": "EdDSA", "kid": 7})),
        (
            "crit of a known header",
            json!({"alg": "EdDSA", "kid": kid, "crit": ["kid"]}),
        ),
        (
            "an empty crit",
            json!({"alg": "EdDSA", "kid": kid, "crit": []}),
        ),
        ("alg in lower case", json!({"alg": "eddsa", "kid": kid})),
        ("alg nOnE", json!({"alg": "nOnE", "kid": kid})),
        ("a list of algs", json!({"alg": ["EdDSA"], "kid": kid})),
        (
            "compressed",
            json!({"alg": "EdDSA", "kid": kid, "zip": "DEF", "enc": "A128GCM"}),
        ),
    ] {
        // Signed by another's key, as whoever hands in a key of their own would; and by the right one where
        // the header alone is wrong.
        refused(&served, what, &signed(header.clone(), &other));
        if !["jku", "x5u", "jwk", "compressed"].contains(&what) && !what.starts_with("a jwk") {
            refused(&served, what, &signed(header, &key));
        }
    }
    assert_eq!(server.asked(), 0, "no address out of a token is asked");
}

#[test]
fn a_token_that_is_no_token_is_refused() {
    let served = served(Vec::new());
    let (key, kid) = own_key(&served.registry);
    let good = key.token(&kid, &claims("registry"));
    let parts: Vec<&str> = good.split('.').collect();
    let [header, payload, signature] = parts.as_slice() else {
        unreachable!()
    };
    let raw = |claims: &str| {
        let start = format!("{header}.{}", base64(claims));
        let signature = base64(key.sign(start.as_bytes()));
        format!("Bearer {start}.{signature}")
    };
    let text = claims("registry").to_string();
    let twice = |member: &str| raw(&text.replacen('{', &format!("{{{member},"), 1));
    for (what, token) in [
        ("five parts", format!("Bearer {good}.{payload}.{signature}")),
        (
            "an encrypted one",
            format!(
                "Bearer {}.AAAA.AAAA.AAAA.AAAA",
                base64(json!({"alg": "RSA-OAEP", "enc": "A256GCM", "cty": "JWT"}).to_string())
            ),
        ),
        ("cut off", format!("Bearer {}", &good[..good.len() - 3])),
        (
            "cut off in the claims",
            format!("Bearer {header}.{}", &payload[..20]),
        ),
        ("padded", format!("Bearer {header}.{payload}.{signature}==")),
        (
            "spaces inside",
            format!("Bearer {header}. {payload}.{signature}"),
        ),
        (
            "a tab inside",
            format!("Bearer {header}.\t{payload}.{signature}"),
        ),
        ("quoted", format!("Bearer \"{good}\"")),
        ("a scheme before the scheme", format!("Token Bearer {good}")),
        (
            "a comma and another",
            format!("Bearer {good}, Bearer {good}"),
        ),
        (
            "standard base64",
            format!("Bearer {header}.{payload}.{}", "++//".repeat(21)),
        ),
        (
            "a longer signature",
            format!("Bearer {header}.{payload}.{signature}AAAA"),
        ),
        ("sub twice", twice("\"sub\": \"another\"")),
        ("iss twice", twice("\"iss\": \"registry\"")),
        ("aud twice", twice("\"aud\": \"elsewhere\"")),
        ("exp twice", twice("\"exp\": 1")),
        ("roles twice", twice("\"roles\": [\"steward\"]")),
        (
            "learner twice",
            twice("\"learner\": \"7000000001\", \"learner\": \"7000000001\""),
        ),
        ("no object", raw("[]")),
        ("a text", raw("\"registry\"")),
        ("null", raw("null")),
        ("nothing", raw("")),
        ("two objects", raw(&format!("{text}{text}"))),
        (
            "a number beyond numbers",
            raw(&text.replace(&(NOW + 600).to_string(), "1e999")),
        ),
        (
            "not a number",
            raw(&text.replace(&(NOW + 600).to_string(), "NaN")),
        ),
        (
            "deep",
            raw(&format!(
                "{{\"iss\": \"registry\", \"x\": {}{}}}",
                "[".repeat(500),
                "]".repeat(500)
            )),
        ),
    ] {
        refused(&served, what, &token);
    }
    // Bytes that are no UTF-8: in the claims, and in the header of the request itself.
    let start = format!(
        "{header}.{}",
        base64(b"{\"iss\": \"registry\", \"sub\": \"\xff\xfe\"}")
    );
    let signature = base64(key.sign(start.as_bytes()));
    refused(&served, "no UTF-8", &format!("Bearer {start}.{signature}"));
    let told = raw_request(&served, b"Authorization: Bearer \xff\xfe\xfd\r\n");
    assert!(told.starts_with("HTTP/1.1 401"), "{told}");
    // The scheme is a word without case, and more than one space may follow it.
    for header in [format!("bearer {good}"), format!("BEARER   {good} ")] {
        let told = raw_request(&served, format!("Authorization: {header}\r\n").as_bytes());
        assert!(told.starts_with("HTTP/1.1 200"), "{header}: {told}");
    }
}

/// A request for the caller's receipts with those header lines, as they are.
fn raw_request(served: &Served, headers: &[u8]) -> String {
    let address = served.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let body = json!({"query": RECEIPTS}).to_string();
    let length = body.len();
    write!(
        stream,
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n"
    )
    .unwrap();
    stream.write_all(headers).unwrap();
    write!(stream, "\r\n{body}").unwrap();
    let mut told = Vec::new();
    stream.read_to_end(&mut told).unwrap();
    String::from_utf8_lossy(&told).into_owned()
}

#[test]
fn a_token_stands_once_and_in_its_header_only() {
    let served = served(Vec::new());
    let (key, kid) = own_key(&served.registry);
    let good = key.token(&kid, &claims("registry"));
    let line = format!("Authorization: Bearer {good}\r\n");
    let once = raw_request(&served, line.as_bytes());
    assert!(once.starts_with("HTTP/1.1 200"), "{once}");
    for second in [
        line.as_str(),
        "Authorization: Bearer anything\r\n",
        "Authorization: Basic eA==\r\n",
    ] {
        for both in [format!("{line}{second}"), format!("{second}{line}")] {
            let told = raw_request(&served, both.as_bytes());
            assert!(told.starts_with("HTTP/1.1 401"), "{told}");
            assert!(told.contains("invalid_token"), "{told}");
        }
    }
    // Neither in the address nor in the body nor in a cookie: the request is one without a token.
    let query = "query=%7Breceipts%7Bedges%7Bcursor%7D%7D%7D";
    for (path, headers) in [
        (format!("/graphql?access_token={good}&{query}"), vec![]),
        (
            format!("/graphql?{query}"),
            vec![("Cookie", format!("access_token={good}"))],
        ),
        (
            format!("/graphql?{query}"),
            vec![("X-Authorization", format!("Bearer {good}"))],
        ),
        (
            format!("/graphql?{query}"),
            vec![("Proxy-Authorization", format!("Bearer {good}"))],
        ),
    ] {
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let answer = served.request("GET", &path, &headers, b"");
        assert_eq!(
            answer.json()["errors"][0]["extensions"]["code"],
            "unauthenticated",
            "{}",
            answer.body
        );
    }
    let push = served.request(
        "POST",
        &format!("/imports/csv?access_token={good}"),
        &[],
        b"a\n",
    );
    assert_eq!(
        (push.status, push.header("www-authenticate")),
        (401, "Bearer")
    );
}

#[test]
fn times_and_claims_out_of_reach_are_refused() {
    let served = served(Vec::new());
    let (key, kid) = own_key(&served.registry);
    let with = |name: &str, value: Value| {
        let mut claims = claims("registry");
        claims[name] = value;
        format!("Bearer {}", key.token(&kid, &claims))
    };
    for (name, value) in [
        ("exp", json!(u64::MAX)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(1e300)),
        ("exp", json!(253_402_300_800_i64)),
        ("exp", json!(-1)),
        ("exp", json!(i64::MIN)),
        ("exp", json!(-1e300)),
        ("exp", json!(true)),
        ("exp", json!([NOW + 600])),
        ("exp", json!((NOW + 600).to_string())),
        ("iat", json!(u64::MAX)),
        ("iat", json!(-1)),
        ("iat", json!(NOW + 600)),
        ("iat", json!({})),
        ("nbf", json!(i64::MAX)),
        ("nbf", json!(-1)),
        ("nbf", json!(false)),
        ("nbf", json!(NOW + 6)),
        ("aud", json!([])),
        ("aud", json!([["registry"]])),
        ("aud", json!({"registry": true})),
        ("aud", json!("Registry")),
        ("aud", json!("registry ")),
        ("iss", json!(["registry"])),
        ("iss", json!("registry/")),
        ("iss", json!("Registry")),
        ("sub", json!(7)),
        ("jti", json!(7)),
        ("roles", json!({"employer": true})),
        ("roles", json!([["employer"]])),
        ("roles", json!([7])),
        ("roles", json!("steward")),
        ("employer", json!(7)),
        ("awarding_body", json!("RN52178")),
        ("awarding_body", json!("")),
        ("awarding_body", json!(["RN5217"])),
        ("learner", json!("learner_1")),
        ("learner", json!("")),
        ("learner", json!("' OR 1=1")),
        ("uln", json!("-2")),
        ("uln", json!(7_000_000_001_u64)),
    ] {
        refused(&served, &format!("{name}: {value}"), &with(name, value));
    }
    // Many roles that nobody knows give nothing and cost nothing.
    let many: Vec<String> = (0..300).map(|number| format!("role-{number}")).collect();
    let token = with("roles", json!(many));
    let answer = served.graphql(token.strip_prefix("Bearer "), RECEIPTS, Value::Null);
    assert_eq!(
        answer.json()["errors"][0]["extensions"]["code"],
        "forbidden"
    );
    // At the edges of the leeway of five seconds.
    for (name, at, status) in [
        ("exp", NOW - 4, 200),
        ("exp", NOW - 5, 401),
        ("nbf", NOW + 5, 200),
        ("nbf", NOW + 6, 401),
        ("iat", NOW + 5, 200),
        ("iat", NOW + 6, 401),
        ("iat", 0, 200),
        ("nbf", 0, 200),
        ("exp", 253_402_300_799, 200),
    ] {
        let token = with(name, json!(at));
        let answer = served.graphql(token.strip_prefix("Bearer "), RECEIPTS, Value::Null);
        assert_eq!(answer.status, status, "{name}: {at}");
    }
}

/// What becomes of a signature.
type Change<'a> = Box<dyn Fn(&[u8]) -> Vec<u8> + 'a>;

/// The order of the group of P-256.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6,
    0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

fn order_less(value: &[u8]) -> Vec<u8> {
    let mut borrow = 0;
    let mut less = vec![0; 32];
    for place in (0..32).rev() {
        let left = i32::from(ORDER[place]) - i32::from(value[place]) - borrow;
        borrow = i32::from(left < 0);
        less[place] = u8::try_from(left.rem_euclid(256)).unwrap();
    }
    less
}

fn der(raw: &[u8]) -> Vec<u8> {
    let integer = |bytes: &[u8]| {
        let mut value: Vec<u8> = bytes
            .iter()
            .copied()
            .skip_while(|byte| *byte == 0)
            .collect();
        if value[0] & 0x80 != 0 {
            value.insert(0, 0);
        }
        [vec![2, u8::try_from(value.len()).unwrap()], value].concat()
    };
    let inside = [integer(&raw[..32]), integer(&raw[32..])].concat();
    [vec![0x30, u8::try_from(inside.len()).unwrap()], inside].concat()
}

#[test]
fn signatures_are_what_their_algorithm_says_and_nothing_else() {
    const ISSUER: &str = "https://curves.example";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    let (key, ed) = (TestKey::p256(), TestKey::ed25519());
    write(&path, &[key.jwk("p"), ed.jwk("e")]);
    let served = served(vec![issuer(
        ISSUER,
        path.to_str().unwrap(),
        &["ES256", "EdDSA"],
    )]);
    let signed = |alg: &str, kid: &str, change: &dyn Fn(&[u8]) -> Vec<u8>| {
        let header = json!({"alg": alg, "typ": "JWT", "kid": kid});
        format!(
            "Bearer {}",
            token(&header, &claims(ISSUER), |bytes| change(bytes))
        )
    };
    let good = |bytes: &[u8]| key.sign(bytes);
    let zeros = [0; 64];
    let cases: Vec<(&str, Change<'_>)> = vec![
        ("DER", Box::new(|bytes| der(&good(bytes)))),
        ("zero", Box::new(|_| zeros.to_vec())),
        (
            "r of zero",
            Box::new(|bytes| [&zeros[..32], &good(bytes)[32..]].concat()),
        ),
        (
            "s of zero",
            Box::new(|bytes| [&good(bytes)[..32], &zeros[..32]].concat()),
        ),
        (
            "r and s of the order",
            Box::new(|_| [ORDER, ORDER].concat()),
        ),
        (
            "s beyond the order",
            Box::new(|bytes| [&good(bytes)[..32], &[0xff; 32]].concat()),
        ),
        (
            "one byte less",
            Box::new(|bytes| good(bytes)[..63].to_vec()),
        ),
        (
            "one byte more",
            Box::new(|bytes| [good(bytes), vec![0]].concat()),
        ),
        (
            "r and s changed about",
            Box::new(|bytes| [&good(bytes)[32..], &good(bytes)[..32]].concat()),
        ),
        ("none", Box::new(|_| Vec::new())),
    ];
    for (what, change) in cases {
        refused(&served, what, &signed("ES256", "p", &*change));
    }
    refused(
        &served,
        "Ed25519 by the other key",
        &signed("EdDSA", "e", &good),
    );
    refused(
        &served,
        "ES256 by the other key",
        &signed("ES256", "p", &|bytes| ed.sign(bytes)),
    );
    refused(
        &served,
        "each by the other's name",
        &signed("ES256", "e", &good),
    );
    // With s or with the order less s a signature says the same (FIPS 186 allows both, and issuers give
    // both): whoever bears it is the same either way, and nothing hangs on a token's bytes.
    let mirrored = signed("ES256", "p", &|bytes| {
        let raw = good(bytes);
        [raw[..32].to_vec(), order_less(&raw[32..])].concat()
    });
    let now = served.registry.app.clock.now();
    let plain = signed("ES256", "p", &good);
    let verify = |header: &str| {
        served
            .registry
            .app
            .issuers
            .verify(header.strip_prefix("Bearer ").unwrap(), now)
    };
    assert_eq!(verify(&mirrored).unwrap(), verify(&plain).unwrap());
}

const SMALL_MODULUS: &str = "sY-zlWquvyBW1AmRsW0cYDMxYLMmF82XenFmMoncVnuVB4jljDWDU3gB-LR9tR2jxF-SnAxpAXJ_cmwERVH0ZOOYuK_Pw9sTDNihpnHAqiX6FnFQT68LUcOrjzqlcWUqX-eQKhknRHAojIe_IrJmJJabPgHP2muO9c9WhMbQrXk";
/// Signed with RS256 by a key of 1024 bits, whose private half was thrown away.
const BY_A_SMALL_KEY: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InNtYWxsIn0.eyJpc3MiOiJodHRwczovL3dyb25nLmV4YW1wbGUiLCJhdWQiOiJyZWdpc3RyeSIsInN1YiI6InNvbWVib2R5IiwiZXhwIjoxNzc3NjM3NDAwLCJpYXQiOjE3Nzc2MzY3OTUsImp0aSI6Im9uZSIsInJvbGVzIjpbImVtcGxveWVyIl0sImVtcGxveWVyIjoibGl0dGxlLWFjb3JucyJ9.RzcxMT7Xi9Jw-AhrEhheMvyH-fniwT-4VSDdffQaFNgfHxBxp7UJlAbwX-rJlMbeokEHVBKkDot8GWjiDbskZ7TASAivjpyBet_5NUum9HaGq93gga4FPPuVm8JVi8ezbQAfxr4chPCj3Oe6bjyuCgEjhQwDYH0lsV06jfGFIMo";

#[test]
fn keys_that_prove_nothing_are_not_taken() {
    const ISSUER: &str = "https://wrong.example";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    let good = TestKey::p256();
    let mut one = [0; 32];
    one[0] = 1;
    let rsa = TestKey::rsa();
    let mut exponent_one = rsa.jwk("one");
    exponent_one["e"] = base64([1]).into();
    let keys = [
        good.jwk("good"),
        json!({"kty": "RSA", "kid": "small", "alg": "RS256", "n": SMALL_MODULUS, "e": "AQAB"}),
        exponent_one,
        // Points of small order: the neutral one, and that of order two.
        json!({"kty": "OKP", "crv": "Ed25519", "kid": "neutral", "x": base64(one)}),
        json!({"kty": "OKP", "crv": "Ed25519", "kid": "null", "x": base64([0; 32])}),
        json!({"kty": "EC", "crv": "P-384", "kid": "other-curve", "x": base64([7; 48]), "y": base64([7; 48])}),
        json!({"kty": "EC", "crv": "P-256", "kid": "off-curve", "x": base64([7; 32]), "y": base64([7; 32])}),
        json!({"kty": "OKP", "crv": "X25519", "kid": "exchange", "x": base64([9; 32])}),
        json!({"kty": "oct", "kid": "secret", "k": base64("secret")}),
    ];
    write(&path, &keys);
    let served = served(vec![issuer(
        ISSUER,
        path.to_str().unwrap(),
        &["ES256", "RS256", "EdDSA"],
    )]);
    let now = served.registry.app.clock.now();
    served
        .registry
        .app
        .issuers
        .verify(&good.token("good", &claims(ISSUER)), now)
        .unwrap();
    refused(
        &served,
        "a small RSA key",
        &format!("Bearer {BY_A_SMALL_KEY}"),
    );
    let with = |alg: &str, kid: &str, signature: Vec<u8>| {
        let header = json!({"alg": alg, "typ": "JWT", "kid": kid});
        format!("Bearer {}", token(&header, &claims(ISSUER), |_| signature))
    };
    // Under a key of small order the neutral point with nothing is a signature of anything.
    let anything = [one, [0; 32]].concat();
    for kid in ["neutral", "null", "exchange"] {
        refused(&served, kid, &with("EdDSA", kid, anything.clone()));
        refused(&served, kid, &with("EdDSA", kid, vec![0; 64]));
    }
    for kid in ["other-curve", "off-curve"] {
        refused(&served, kid, &with("ES256", kid, vec![1; 64]));
    }
    let hash = |bytes: &[u8]| {
        // What an exponent of one makes of a signature: itself.
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
        let prefix = [
            0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x01, 0x05, 0x00, 0x04, 0x20,
        ];
        let end = [&[0][..], &prefix, digest.as_ref()].concat();
        [vec![0, 1], vec![0xff; 256 - 2 - end.len()], end].concat()
    };
    let header = json!({"alg": "RS256", "typ": "JWT", "kid": "one"});
    let forged = token(&header, &claims(ISSUER), hash);
    refused(&served, "an exponent of one", &format!("Bearer {forged}"));
    let secret = |bytes: &[u8]| {
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"secret");
        aws_lc_rs::hmac::sign(&key, bytes).as_ref().to_vec()
    };
    let header = json!({"alg": "HS256", "typ": "JWT", "kid": "secret"});
    refused(
        &served,
        "a secret",
        &format!("Bearer {}", token(&header, &claims(ISSUER), secret)),
    );
}

#[test]
fn two_issuers_may_use_one_key_identifier_and_stay_two() {
    let folder = tempfile::tempdir().unwrap();
    let keys: Vec<(&str, TestKey)> = vec![
        ("https://one.example", TestKey::p256()),
        ("https://two.example", TestKey::p256()),
    ];
    let mut issuers = Vec::new();
    for (place, (name, key)) in keys.iter().enumerate() {
        let path = folder.path().join(format!("{place}.json"));
        write(&path, &[key.jwk("same")]);
        issuers.push(issuer(name, path.to_str().unwrap(), &["ES256"]));
    }
    let served = served(issuers);
    for (name, key) in &keys {
        for (other, _) in &keys {
            let token = key.token("same", &claims(other));
            if name == other {
                let answer = served.graphql(Some(&token), RECEIPTS, Value::Null);
                assert_eq!(answer.status, 200, "{}", answer.body);
            } else {
                refused(&served, other, &format!("Bearer {token}"));
            }
        }
    }
}

/// An address that answers each request as `answer` does.
fn address(answer: impl Fn(&mut TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/jwks.json", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut bytes = [0; 2048];
            let _ = stream.read(&mut bytes);
            answer(&mut stream);
        }
    });
    url
}

#[test]
fn keys_that_come_too_late_too_large_or_from_elsewhere_are_not_taken() {
    let key = TestKey::p256();
    let set = json!({"keys": [key.jwk("k")]}).to_string();
    let good = KeyServer::start(&[key.jwk("k")]);
    let there = good.url.clone();
    let redirecting = address(move |stream| {
        let _ = write!(
            stream,
            "HTTP/1.1 302 Found\r\nLocation: {there}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
    });
    let huge_set = set.replacen(
        '{',
        &format!("{{\"padding\": \"{}\",", "x".repeat(300 * 1024)),
        1,
    );
    let huge = address(move |stream| {
        let _ = write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{huge_set}",
            huge_set.len()
        );
    });
    let slow = address(move |stream| {
        // The beginning of an answer, and then nothing until the other side has had enough.
        let _ = write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{{",
            set.len()
        );
        let _ = stream.read(&mut [0; 16]);
    });
    for (what, url) in [("redirecting", redirecting), ("huge", huge), ("slow", slow)] {
        let name = format!("https://{what}.example");
        let served = served(vec![issuer(&name, &url, &["ES256"])]);
        let began = std::time::Instant::now();
        refused(
            &served,
            what,
            &format!("Bearer {}", key.token("k", &claims(&name))),
        );
        assert!(
            began.elapsed().as_secs() < 10,
            "{what}: {:?}",
            began.elapsed()
        );
    }
    assert_eq!(good.asked(), 0, "a redirection is not followed");
}

#[test]
fn nothing_of_a_token_is_logged() {
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path());
    let server = Process::serve(folder.path(), &database);
    let good = server.token(Role::Employer, None, None);
    let parts: Vec<String> = good.split('.').map(str::to_owned).collect();
    let forged = format!("{}.{}.{}", parts[0], parts[1], base64([7; 64]));
    let changed = format!(
        "{}.{}.{}",
        parts[0],
        base64(json!({"iss": "registry", "sub": "Marked-Name"}).to_string()),
        parts[2]
    );
    for (token, status) in [(&good, 200), (&forged, 401), (&changed, 401)] {
        let answer = server.graphql(Some(token), RECEIPTS);
        assert_eq!(answer.status, status, "{}", answer.body);
        for part in token.split('.') {
            assert!(!answer.body.contains(part), "{}", answer.body);
        }
    }
    let log = server.log();
    assert!(log.contains("token refused"), "the log was on: {log}");
    let said = [
        parts.as_slice(),
        &[
            base64([7; 64]),
            "Marked-Name".to_owned(),
            "little-acorns".to_owned(),
        ],
    ]
    .concat();
    for part in said {
        assert!(!log.contains(&part), "{part}: {log}");
    }
    drop(server);
    database::drop_database(&database);
}
