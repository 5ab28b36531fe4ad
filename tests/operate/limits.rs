//! How often somebody may ask: headers to the letter, a clock that the test moves, and whom proxies speak for.

use crate::support::{Answer, Hands, Registry, Row, Served, codes, csv};
use chrono::TimeDelta;
use registry::access::Role;
use registry::config::{Config, Network, Rate};
use registry::limits::{Allowance, Limits};
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

const DAY: &str = "2026-11-02";

fn rate(per_minute: u32, burst: u32) -> Rate {
    Rate { per_minute, burst }
}

fn limited(hands: &Hands, change: impl FnOnce(&mut Config)) -> Registry {
    Registry::at(hands.clock(), |config| {
        config.limits.enabled = true;
        change(config);
    })
}

fn headers(answer: &Answer) -> (u16, String, String, String) {
    let header = |name| answer.header(name).to_owned();
    (
        answer.status,
        header("ratelimit-policy"),
        header("ratelimit"),
        header("retry-after"),
    )
}

fn told(status: u16, policy: &str, left: &str, wait: &str) -> (u16, String, String, String) {
    (status, policy.to_owned(), left.to_owned(), wait.to_owned())
}

const JWKS: &str = "/.well-known/jwks.json";

#[test]
fn answers_say_what_is_left_and_when_there_is_more() {
    let hands = Hands::at(DAY);
    let served = limited(&hands, |config| {
        config.limits.anonymous = rate(60, 3);
        config.limits.token = rate(30, 2);
    })
    .served();
    let ask = || headers(&served.get(JWKS, None));
    let policy = "\"anonymous\";q=3;w=3";
    assert_eq!(ask(), told(200, policy, "\"anonymous\";r=2;t=1", ""));
    assert_eq!(ask(), told(200, policy, "\"anonymous\";r=1;t=2", ""));
    assert_eq!(ask(), told(200, policy, "\"anonymous\";r=0;t=3", ""));
    let refused = served.get("/nothing", None);
    assert_eq!(
        headers(&refused),
        told(429, policy, "\"anonymous\";r=0;t=1", "1")
    );
    let problem = refused.json();
    assert_eq!(
        (&problem["code"], &problem["status"], &problem["type"]),
        (
            &json!("rate-limited"),
            &json!(429),
            &json!("urn:iqf-registry:problem:rate-limited")
        )
    );
    assert_eq!(refused.header("content-type"), "application/problem+json");
    // Nothing runs: not a statement to the database.
    let (answer, statements) = served.registry.watched(|| {
        served.graphql(
            None,
            "{ qualification(number: \"500/9170/0\") { title } }",
            Value::Null,
        )
    });
    assert_eq!((answer.status, statements), (429, Vec::new()));
    // Whoever has a token has a limit of their own, and addresses that tell of the registry's health none.
    let token = served.registry.token(Role::Steward, None, None);
    let policy = "\"token\";q=2;w=4";
    assert_eq!(
        headers(&served.get(JWKS, Some(&token))),
        told(200, policy, "\"token\";r=1;t=2", "")
    );
    for path in ["/healthz", "/readyz"] {
        assert_eq!(
            headers(&served.get(path, None)),
            told(200, "", "", ""),
            "{path}"
        );
    }
    // A token that does not hold counts for the address.
    assert_eq!(served.get(JWKS, Some("no.good.token")).status, 429);
    hands.put(TimeDelta::milliseconds(999));
    assert_eq!(ask().0, 429);
    hands.put(TimeDelta::milliseconds(1));
    assert_eq!(ask().0, 200);
    assert_eq!(ask().0, 429);
    hands.put(TimeDelta::milliseconds(60_000));
    assert_eq!(ask().2, "\"anonymous\";r=2;t=1");
    // A clock that was put back by a day locks nobody out for one.
    hands.put(TimeDelta::milliseconds(-86_400_000));
    for _ in 0..3 {
        ask();
    }
    let (_, _, _, wait) = ask();
    assert!(wait.parse::<u32>().unwrap() <= 103, "{wait}");
}

#[test]
fn what_others_say_of_themselves_is_believed_of_proxies_alone() {
    let spoof = |served: &Served, from: &str| {
        served
            .request("GET", JWKS, &[("X-Forwarded-For", from)], b"")
            .status
    };
    let tight = |config: &mut Config| config.limits.anonymous = rate(1, 1);
    let alone = limited(&Hands::at(DAY), tight).served();
    let statuses: Vec<u16> = (1..4)
        .map(|one| spoof(&alone, &format!("203.0.113.{one}")))
        .collect();
    assert_eq!(statuses, [200, 429, 429]);
    let behind = limited(&Hands::at(DAY), |config| {
        tight(config);
        config.server.trusted_proxies = vec![Network::parse("127.0.0.0/8").unwrap()];
    })
    .served();
    let statuses: Vec<u16> = [
        "203.0.113.1",
        "203.0.113.2",
        "203.0.113.1",
        "9.9.9.9, 203.0.113.2",
    ]
    .iter()
    .map(|from| spoof(&behind, from))
    .collect();
    assert_eq!(statuses, [200, 200, 429, 429]);
    // What the client writes into a header that the proxy does not write is not looked at.
    let forged = |one: u8| {
        let headers = [
            ("X-Forwarded-For", "203.0.113.77".to_owned()),
            ("Forwarded", format!("for=198.51.100.{one}")),
        ];
        let headers = headers
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        behind.request("GET", JWKS, &headers, b"").status
    };
    assert_eq!([1, 2, 3].map(forged), [200, 429, 429]);
    // One household is one, whichever of its addresses it takes.
    let statuses: Vec<u16> = ["2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1"]
        .iter()
        .map(|from| spoof(&behind, from))
        .collect();
    assert_eq!(statuses, [200, 429, 200]);
}

/// The limits as they come: how long somebody guesses at one holder's birth date, of forty years of them.
#[test]
fn guessing_takes_as_long_as_it_is_said_to() {
    let limits = registry::config::Limits::default();
    let hours = |rate: Rate| (14_610 - rate.burst) / rate.per_minute / 60;
    assert_eq!(hours(limits.anonymous_verification), 23);
    assert_eq!(hours(limits.verification), 12);
}

/// Of a batch some may be refused; what was answered keeps its status.
#[test]
fn a_batch_of_which_a_part_was_refused_is_answered_in_part() {
    let served = limited(&Hands::at(DAY), |config| {
        config.limits.anonymous_verification = rate(1, 1);
        config.graphql.batch = 3;
    })
    .with_register()
    .served();
    let verify = json!({"query": VERIFY, "variables": {"i": [input("1971-04-02")]}});
    let other = json!({"query": "{ qualification(number: \"500/9170/0\") { level } }"});
    let body = json!([other, verify, verify]).to_string();
    let ask = |accept: &str| {
        let headers = [("Content-Type", "application/json"), ("Accept", accept)];
        served.request("POST", "/graphql", &headers, body.as_bytes())
    };
    for (accept, status) in [
        ("application/json", 200),
        ("application/graphql-response+json", 294),
    ] {
        let answer = ask(accept);
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (status, "60"),
            "{}",
            answer.body
        );
        let told = answer.json();
        assert_eq!(told[0]["data"]["qualification"]["level"], "L3", "{told}");
        assert_eq!(codes(&told[2]), ["rate-limited"], "{told}");
    }
}

const VERIFY: &str = "query ($i: [VerifyInput!]!) { verifyMany(inputs: $i) { outcome } }";

fn input(born: &str) -> Value {
    json!({"certificateNumber": "C-1", "familyName": "Inventedb", "dateOfBirth": born})
}

#[test]
fn whoever_guesses_is_stopped_and_whoever_knows_is_not() {
    let hands = Hands::at(DAY);
    let registry = limited(&hands, |config| {
        config.limits.anonymous_verification = rate(1, 2);
        config.limits.verification = rate(60, 5);
    })
    .with_register();
    registry.push_csv(
        "RN5217",
        &csv(&[Row::award(1, "R-1").with("certificate_number", "C-1")]),
    );
    let served = registry.served();
    let verify = |token: Option<&str>, inputs: Vec<Value>| {
        served.graphql(token, VERIFY, json!({ "i": inputs }))
    };
    let right = input("1971-04-02");
    for _ in 0..5 {
        let answer = verify(None, vec![right.clone(); 3]).json();
        assert_eq!(
            answer["data"]["verifyMany"][2]["outcome"], "VALID",
            "{answer}"
        );
    }
    for day in ["1971-04-01", "1971-04-03"] {
        let answer = verify(None, vec![input(day)]);
        assert_eq!(
            answer.json()["data"]["verifyMany"][0]["outcome"],
            "UNDETERMINED"
        );
    }
    let (answer, statements) = served
        .registry
        .watched(|| verify(None, vec![right.clone()]));
    assert_eq!(
        (answer.status, answer.header("retry-after")),
        (429, "60"),
        "{}",
        answer.body
    );
    assert_eq!(codes(&answer.json()), ["rate-limited"]);
    assert_eq!(statements, Vec::<String>::new(), "nothing was looked up");
    // Everything else is open to the one who guessed wrong.
    let other = served.graphql(None, "{ __typename }", Value::Null);
    assert_eq!(other.status, 200);
    hands.put(TimeDelta::milliseconds(60_000));
    assert_eq!(verify(None, vec![right.clone()]).status, 200);
    // A hundred at once with a token are asked, and must be waited for afterwards.
    let token = served.registry.token(Role::Employer, None, None);
    let many = verify(Some(&token), vec![input("1971-04-01"); 100]);
    assert_eq!((many.status, codes(&many.json())), (200, Vec::new()));
    let after = verify(Some(&token), vec![right]);
    assert_eq!(
        (after.status, after.header("retry-after")),
        (429, "96"),
        "{}",
        after.body
    );
}

#[test]
fn a_body_pushes_so_many_files_a_minute() {
    let served = limited(&Hands::at(DAY), |config| config.limits.push = rate(1, 1)).served();
    let push = |body: &str| {
        let token = served.registry.token(Role::AwardingBody, None, Some(body));
        let bearer = format!("Bearer {token}");
        let answer = served.request(
            "POST",
            "/imports/csv",
            &[("Authorization", &bearer)],
            &csv(&[Row::award(1, "R-1")]),
        );
        (answer.status, answer.header("retry-after").to_owned())
    };
    assert_eq!(push("RN5217").0, 202);
    assert_eq!(push("RN5217"), (429, "60".to_owned()));
    assert_eq!(push("RN5100").0, 202, "another body's are its own");
}

#[test]
fn however_many_ask_only_so_many_are_remembered() {
    let mut config = registry::config::Limits {
        remembered: 1000,
        ..registry::config::Limits::default()
    };
    let hands = Hands::at(DAY);
    let limits = Arc::new(Limits::new(&config, hands.clock()));
    for number in 0..50_000_u32 {
        let address = IpAddr::V4(Ipv4Addr::from_bits(number));
        let decision = Allowance::of(limits.clone(), limits.address(address)).request();
        assert!(decision.unwrap().granted);
    }
    assert!(limits.remembered() <= 2000, "{}", limits.remembered());
    config.enabled = false;
    let limits = Arc::new(Limits::new(&config, hands.clock()));
    let who = limits.subject("issuer", "subject");
    for _ in 0..10_000 {
        assert_eq!(Allowance::of(limits.clone(), who).request(), None);
    }
}
