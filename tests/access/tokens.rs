//! Every way in which a token can be wrong.

use crate::support::{Registry, TestKey, base64, token, uln};
use chrono::NaiveDate;
use registry::access::Role;
use registry::app::Clock;
use serde_json::{Value, json};

/// When these tests run, in seconds since 1970.
const NOW: i64 = 1_777_636_800;

fn at_noon() -> Registry {
    let noon = NaiveDate::from_ymd_opt(2026, 5, 1)
        .unwrap()
        .and_hms_opt(12, 0, 0)
        .unwrap();
    assert_eq!(noon.and_utc().timestamp(), NOW);
    Registry::at(Clock::new(move || noon), |_| ())
}

/// The claims of a good token.
fn good() -> Value {
    json!({"iss": "registry", "aud": "registry", "sub": "somebody", "exp": NOW + 600, "iat": NOW - 5, "jti": "one",
        "roles": ["employer"], "employer": "little-acorns"})
}

/// The same with other values; a null takes a claim away.
fn with(changes: Value) -> Value {
    let mut claims = good();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

const RECEIPTS: &str = "{ receipts { edges { cursor } } }";

#[test]
fn a_token_is_refused_with_its_reasons_code() {
    let served = at_noon().served();
    let registry = &served.registry;
    let key = TestKey::of_registry(registry);
    let kid = registry.app.keys.jwks()["keys"][0]["kid"]
        .as_str()
        .unwrap()
        .to_owned();
    let signed = |changes| format!("Bearer {}", key.token(&kid, &with(changes)));
    let headed = |header: Value| {
        let made = token(&header, &good(), |bytes| key.sign(bytes));
        format!("Bearer {made}")
    };
    let whole = key.token(&kid, &good());
    let (start, signature) = whole.rsplit_once('.').unwrap();
    let public = match &key {
        TestKey::Ed25519(key) => key.verifying_key(),
        _ => unreachable!(),
    };
    let hmac = |secret: &[u8]| {
        let header = json!({"alg": "HS256", "typ": "JWT", "kid": kid});
        let made = token(&header, &good(), |bytes| {
            let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret);
            aws_lc_rs::hmac::sign(&key, bytes).as_ref().to_vec()
        });
        format!("Bearer {made}")
    };
    let receipt = registry.data(
        &registry::access::Caller::nobody(),
        "{ verify(input: {certificateNumber: \"C1\", familyName: \"Nobody\", dateOfBirth: \"1980-01-01\"}) { receipt { jwt } } }",
        Value::Null,
    );
    let receipt = receipt["verify"]["receipt"]["jwt"].as_str().unwrap();
    let other = TestKey::ed25519();
    let refused: Vec<(&str, String)> = vec![
        ("no scheme", whole.clone()),
        ("another scheme", "Basic c29tZWJvZHk6c2VjcmV0".to_owned()),
        ("a scheme alone", "Bearer".to_owned()),
        ("an empty token", "Bearer ".to_owned()),
        ("two tokens", format!("Bearer {whole} {whole}")),
        ("no token at all", "Bearer anything".to_owned()),
        ("two parts", format!("Bearer {start}")),
        ("four parts", format!("Bearer {whole}.{signature}")),
        ("parts of nothing", "Bearer ..".to_owned()),
        ("no signature", format!("Bearer {start}.")),
        (
            "another signature",
            format!("Bearer {start}.{}", base64([7; 64])),
        ),
        (
            "another's signature",
            format!("Bearer {}", other.token(&kid, &good())),
        ),
        (
            "changed claims",
            format!(
                "Bearer {}.{}.{signature}",
                start.split_once('.').unwrap().0,
                base64(with(json!({"roles": ["steward"]})).to_string())
            ),
        ),
        (
            "the algorithm none",
            format!(
                "Bearer {}.{}.",
                base64(json!({"alg": "none", "kid": kid}).to_string()),
                base64(good().to_string())
            ),
        ),
        (
            "the algorithm None with a signature",
            headed(json!({"alg": "None", "kid": kid})),
        ),
        (
            "HS256 with the public key for a secret",
            hmac(public.as_bytes()),
        ),
        (
            "HS256 with the published key for a secret",
            hmac(base64(public.as_bytes()).as_bytes()),
        ),
        (
            "another algorithm's name",
            headed(json!({"alg": "ES256", "kid": kid})),
        ),
        ("no algorithm", headed(json!({"kid": kid}))),
        (
            "an unknown key",
            headed(json!({"alg": "EdDSA", "kid": "another"})),
        ),
        (
            "a header that must be understood",
            headed(json!({"alg": "EdDSA", "kid": kid, "crit": ["b64"], "b64": false})),
        ),
        (
            "its own key",
            format!("Bearer {}", {
                let header = json!({"alg": "EdDSA", "jwk": other.jwk("own")});
                token(&header, &good(), |bytes| other.sign(bytes))
            }),
        ),
        ("a receipt of the registry", format!("Bearer {receipt}")),
        (
            "another kind of token",
            headed(json!({"alg": "EdDSA", "kid": kid, "typ": "verification-receipt+jwt"})),
        ),
        (
            "another issuer",
            signed(json!({"iss": "https://elsewhere.example"})),
        ),
        ("an issuer that is no text", signed(json!({"iss": 7}))),
        ("another audience", signed(json!({"aud": "elsewhere"}))),
        ("other audiences", signed(json!({"aud": ["a", "b"]}))),
        ("no issuer", signed(json!({"iss": null}))),
        ("no audience", signed(json!({"aud": null}))),
        ("no subject", signed(json!({"sub": null}))),
        ("an empty subject", signed(json!({"sub": ""}))),
        ("no time of expiry", signed(json!({"exp": null}))),
        (
            "a time of expiry in words",
            signed(json!({"exp": "2099-01-01"})),
        ),
        ("no time of issue", signed(json!({"iat": null}))),
        ("issued in the future", signed(json!({"iat": NOW + 6}))),
        (
            "a time of issue in words",
            signed(json!({"iat": "yesterday"})),
        ),
        ("no identifier", signed(json!({"jti": null}))),
        ("an empty identifier", signed(json!({"jti": ""}))),
        ("no roles", signed(json!({"roles": null}))),
        (
            "roles that are no list",
            signed(json!({"roles": "employer"})),
        ),
        ("not valid yet", signed(json!({"nbf": NOW + 6}))),
        (
            "not valid yet, by a part of a second",
            signed(json!({"nbf": (NOW + 600) as f64 + 0.5})),
        ),
        (
            "valid from a time in words",
            signed(json!({"nbf": "tomorrow"})),
        ),
        (
            "a recognition number that is none",
            signed(json!({"awarding_body": "City and Guilds"})),
        ),
        (
            "a learner that is none",
            signed(json!({"learner": "somebody"})),
        ),
        (
            "a ULN with a wrong check digit",
            signed(json!({"uln": "1000000001"})),
        ),
        ("a learner that is no text", signed(json!({"learner": 7}))),
        (
            "longer than a token may be",
            signed(json!({"sub": "x".repeat(9000)})),
        ),
    ];
    for (what, header) in refused {
        for query in [
            RECEIPTS,
            "{ qualification(number: \"500/9170/0\") { title } }",
        ] {
            let body = json!({ "query": query }).to_string();
            let answer = served.request(
                "POST",
                "/graphql",
                &[
                    ("Content-Type", "application/json"),
                    ("Authorization", &header),
                ],
                body.as_bytes(),
            );
            assert_eq!(answer.status, 401, "{what}: {}", answer.body);
            assert_eq!(answer.json()["code"], "unauthenticated", "{what}");
            assert_eq!(
                answer.header("content-type"),
                "application/problem+json",
                "{what}"
            );
            assert_eq!(
                answer.header("www-authenticate"),
                "Bearer error=\"invalid_token\"",
                "{what}"
            );
        }
        let answer = served.request(
            "POST",
            "/imports/csv",
            &[("Authorization", &header)],
            b"a\n",
        );
        assert_eq!(answer.status, 401, "{what}: {}", answer.body);
    }
    for (what, expires) in [("just expired", NOW - 5), ("long expired", NOW - 86_400)] {
        let token = key.token(&kid, &with(json!({"exp": expires})));
        let answer = served.graphql(Some(&token), RECEIPTS, Value::Null);
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (401, &json!("token-expired")),
            "{what}"
        );
        assert_eq!(
            answer.header("www-authenticate"),
            "Bearer error=\"invalid_token\""
        );
    }
    // A forged token does not learn that it would have expired.
    let forged = other.token(&kid, &with(json!({"exp": NOW - 60})));
    assert_eq!(
        served.graphql(Some(&forged), RECEIPTS, Value::Null).json()["code"],
        "unauthenticated"
    );
}

#[test]
fn a_token_holds_as_far_as_the_clocks_may_differ() {
    let registry = at_noon();
    let key = TestKey::of_registry(&registry);
    let kid = registry.app.keys.jwks()["keys"][0]["kid"]
        .as_str()
        .unwrap()
        .to_owned();
    for (what, changes) in [
        ("a good one", json!({})),
        ("expired within the leeway", json!({"exp": NOW - 4})),
        ("issued within the leeway", json!({"iat": NOW + 5})),
        ("valid from within the leeway", json!({"nbf": NOW + 5})),
        (
            "several audiences",
            json!({"aud": ["elsewhere", "registry"]}),
        ),
        (
            "times with a part of a second",
            json!({"exp": NOW as f64 + 60.5, "iat": NOW as f64 - 0.5, "nbf": NOW as f64 - 0.5}),
        ),
        (
            "claims that nobody asked for",
            json!({"name": "Ada", "scope": ["a"]}),
        ),
    ] {
        let token = key.token(&kid, &with(changes));
        let caller = registry
            .app
            .issuers
            .verify(&token, registry.app.clock.now());
        let caller = caller.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(
            caller.identity,
            Some(("registry".to_owned(), "somebody".to_owned())),
            "{what}"
        );
        assert_eq!(caller.employer.as_deref(), Some("little-acorns"), "{what}");
    }
    // With one key it need not be named.
    let unnamed = token(&json!({"alg": "EdDSA"}), &good(), |bytes| key.sign(bytes));
    registry
        .app
        .issuers
        .verify(&unnamed, registry.app.clock.now())
        .unwrap();
}

#[test]
fn a_role_without_its_claim_or_name_gives_no_right() {
    let served = at_noon().with_register().served();
    let registry = &served.registry;
    registry.push_csv(
        "RN5217",
        &crate::support::csv(&[crate::support::Row::award(1, "R1")]),
    );
    let key = TestKey::of_registry(registry);
    let kid = registry.app.keys.jwks()["keys"][0]["kid"]
        .as_str()
        .unwrap()
        .to_owned();
    for (what, changes) in [
        ("an employer of nobody", json!({"employer": null})),
        (
            "a body without its number",
            json!({"roles": ["awarding_body"]}),
        ),
        (
            "a practitioner who names nobody",
            json!({"roles": ["practitioner"]}),
        ),
        (
            "an unknown role",
            json!({"roles": ["superuser", "Steward", "STEWARD", " steward", ""]}),
        ),
        ("no role", json!({"roles": []})),
        (
            "a claim without its role",
            json!({"roles": [], "learner": uln(1), "awarding_body": "RN5217"}),
        ),
        (
            "the claim of another role",
            json!({"roles": ["practitioner", "employer"], "employer": null, "awarding_body": "RN5217"}),
        ),
    ] {
        let token = key.token(&kid, &with(changes));
        for (query, code) in [
            ("{ me { id } }", "forbidden"),
            (RECEIPTS, "forbidden"),
            (
                "mutation { withdrawAchievement(id: \"x\", reason: \"y\") { id } }",
                "not-found",
            ),
        ] {
            let answer = served.graphql(Some(&token), query, Value::Null).json();
            let given = answer["errors"][0]["extensions"]["code"].as_str().unwrap();
            assert!(
                given == code || given == "forbidden",
                "{what}: {query}: {answer}"
            );
        }
        let answer = served
            .graphql(
                Some(&token),
                &format!("{{ learner(uln: \"{}\") {{ id }} }}", uln(1)),
                Value::Null,
            )
            .json();
        assert_eq!(answer, json!({"data": {"learner": null}}), "{what}");
        let answer = served.request(
            "POST",
            "/imports/csv",
            &[("Authorization", &format!("Bearer {token}"))],
            b"a\n",
        );
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (403, &json!("forbidden")),
            "{what}"
        );
    }
    // An unknown role takes nothing from a known one.
    let token = key.token(&kid, &with(json!({"roles": ["superuser", "employer"]})));
    assert_eq!(
        served.graphql(Some(&token), RECEIPTS, Value::Null).json()["data"]["receipts"]["edges"],
        json!([])
    );
    assert!(registry.caller(Role::Steward, None, None).is(Role::Steward));
}

#[test]
fn a_learner_may_be_named_by_uln_by_identifier_or_by_the_older_claim() {
    let registry = at_noon().with_register();
    registry.push_csv(
        "RN5217",
        &crate::support::csv(&[crate::support::Row::award(1, "R1")]),
    );
    let me = registry.data(
        &registry.practitioner(&uln(1)),
        "{ me { id } }",
        Value::Null,
    );
    let id = me["me"]["id"].as_str().unwrap();
    let key = TestKey::of_registry(&registry);
    for changes in [
        json!({"learner": uln(1)}),
        json!({"learner": id}),
        json!({"uln": uln(1)}),
    ] {
        let mut claims = with(json!({"roles": ["practitioner"]}));
        claims
            .as_object_mut()
            .unwrap()
            .extend(changes.as_object().unwrap().clone());
        let token = token(&json!({"alg": "EdDSA"}), &claims, |bytes| key.sign(bytes));
        let caller = registry
            .app
            .issuers
            .verify(&token, registry.app.clock.now())
            .unwrap();
        assert_eq!(
            registry.data(&caller, "{ me { id } }", Value::Null)["me"]["id"],
            id,
            "{changes}"
        );
    }
}
