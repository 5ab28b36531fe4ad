//! `/graphql/ws`: the protocol graphql-transport-ws, its close codes, and the limits of sockets. Each test
//! names the section of the protocol's document that it checks.

use super::client::{Heard, PROTOCOL, Socket, right, upgrade};
use crate::support::{Hands, Process, Registry, Row, Served, csv, uln};
use chrono::TimeDelta;
use registry::access::Role;
use registry::config::Rate;
use registry::db::{Connection, Purpose};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const HELLO: &str = "{ __typename }";

fn hello() -> Value {
    json!({"query": HELLO})
}

/// RFC 6455, section 4.2: what is no upgrade is told what is asked for.
#[test]
fn an_address_of_sockets_takes_upgrades_only() {
    let served = Registry::new().served();
    let plain = served.get("/graphql/ws", None);
    assert_eq!(
        (plain.status, &plain.json()["code"]),
        (426, &json!("upgrade-required"))
    );
    assert_eq!(plain.header("upgrade"), "websocket");
    assert_eq!(plain.header("sec-websocket-version"), "13");
    for wrong in [
        vec![("Upgrade", "websocket"), ("Connection", "Upgrade")],
        vec![
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Version", "12"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ],
        vec![
            ("Upgrade", "h2c"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ],
    ] {
        let (head, _) = upgrade(&served.url, &wrong);
        assert!(head.starts_with("HTTP/1.1 426 "), "{head}");
    }
    let post = served.request("POST", "/graphql/ws", &[], b"{}");
    assert_eq!((post.status, post.header("allow")), (405, "GET"));
}

/// graphql-transport-ws, "Communication": the subprotocol. None or another is closed with 4406.
#[test]
fn the_subprotocol_is_agreed_upon() {
    let served = Registry::new().served();
    let (head, _) = upgrade(&served.url, &right(&[PROTOCOL]));
    let head = head.to_ascii_lowercase();
    assert!(
        head.contains("sec-websocket-protocol: graphql-transport-ws\r\n"),
        "{head}"
    );
    for offered in [
        vec![],
        vec![("Sec-WebSocket-Protocol", "graphql-ws")],
        vec![("Sec-WebSocket-Protocol", "GraphQL-Transport-WS")],
    ] {
        let mut socket = Socket::open(&served.url, &offered);
        let refused = (4406, "Subprotocol not acceptable".to_owned());
        assert_eq!(socket.closed(), refused, "{offered:?}");
    }
    let both = ("Sec-WebSocket-Protocol", "graphql-ws, graphql-transport-ws");
    let mut socket = Socket::open(&served.url, &[both]);
    socket.say(json!({"type": "connection_init"}));
    assert_eq!(socket.said(), json!({"type": "connection_ack"}));
}

/// graphql-transport-ws, "ConnectionInit" and "ConnectionAck": who talks is said in the payload, or in the
/// upgrade's own header by a program; a browser says where it is from, and its header is not looked at.
#[test]
fn who_talks_is_said_in_the_introduction() {
    let registry = Registry::new().with_register();
    registry.push_csv("RN5217", &csv(&[Row::award(1, "R1")]));
    let token = registry.token(Role::Practitioner, Some(&uln(1)), None);
    let served = registry.served();
    let bearer = format!("Bearer {token}");
    let me = json!({"query": "{ me { givenName } }"});
    let known =
        json!({"id": "1", "type": "next", "payload": {"data": {"me": {"givenName": "Ada"}}}});
    let ask = |mut socket: Socket, payload: Value| {
        socket.say(json!({"type": "connection_init", "payload": payload}));
        assert_eq!(socket.said(), json!({"type": "connection_ack"}));
        socket.subscribe("1", me.clone());
        socket.said()
    };
    let plain = || Socket::open(&served.url, &[PROTOCOL]);
    assert_eq!(ask(plain(), json!({"authorization": bearer})), known);
    assert_eq!(ask(plain(), json!({"Authorization": bearer})), known);
    let header = ("Authorization", bearer.as_str());
    let program = Socket::open(&served.url, &[PROTOCOL, header]);
    assert_eq!(ask(program, Value::Null), known);
    let origin = ("Origin", "https://elsewhere.example");
    let cookie = ("Cookie", "token=x");
    let browser = Socket::open(&served.url, &[PROTOCOL, header, origin, cookie]);
    let answer = ask(browser, json!({}));
    assert_eq!(
        answer["payload"]["errors"][0]["extensions"]["code"], "unauthenticated",
        "{answer}"
    );
    let browser = Socket::open(&served.url, &[PROTOCOL, origin]);
    assert_eq!(ask(browser, json!({"authorization": bearer})), known);
    // Nobody in particular may read what everybody may.
    let mut nobody = Socket::introduced(&served, None);
    nobody.subscribe("1", hello());
    assert_eq!(
        nobody.said()["payload"],
        json!({"data": {"__typename": "Query"}})
    );
}

/// graphql-transport-ws, "ConnectionInit": a bad token is 4403 at the introduction, whichever way it came; a
/// second introduction is 4429.
#[test]
fn a_bad_introduction_is_refused() {
    let registry = Registry::new();
    let token = registry.token(Role::Employer, None, None);
    let served = registry.served();
    let broken = format!("Bearer {token}x");
    for payload in [
        json!({"authorization": broken}),
        json!({"authorization": token}),
        json!({"authorization": "Bearer "}),
        json!({"authorization": "Basic eDp5"}),
        json!({"authorization": 7}),
        json!({"authorization": {}}),
    ] {
        let mut socket = Socket::open(&served.url, &[PROTOCOL]);
        socket.say(json!({"type": "connection_init", "payload": payload}));
        let (code, reason) = socket.closed();
        assert_eq!(code, 4403, "{payload}: {reason}");
        assert!(!reason.contains(&token), "{reason}");
    }
    let mut socket = Socket::open(&served.url, &[PROTOCOL, ("Authorization", &broken)]);
    socket.say(json!({"type": "connection_init"}));
    assert_eq!(socket.closed().0, 4403);
    let mut socket = Socket::introduced(&served, Some(&token));
    socket.say(json!({"type": "connection_init"}));
    let refused = (4429, "Too many initialisation requests".to_owned());
    assert_eq!(socket.closed(), refused);
}

/// graphql-transport-ws, "Connection initialisation timeout": 4408.
#[test]
fn an_introduction_that_does_not_come_is_not_waited_for() {
    let served = Registry::configured(|config| config.graphql.sockets.init = 0).served();
    let mut socket = Socket::open(&served.url, &[PROTOCOL]);
    let refused = (4408, "Connection initialisation timeout".to_owned());
    assert_eq!(socket.closed(), refused);
}

/// graphql-transport-ws, "Subscribe": not before the acknowledgement (4401), and not under a name that is in
/// use (4409).
#[test]
fn an_operation_has_its_time_and_its_name() {
    let (served, token, job) = waiting();
    let mut socket = Socket::open(&served.url, &[PROTOCOL]);
    socket.subscribe("1", hello());
    assert_eq!(socket.closed(), (4401, "Unauthorized".to_owned()));
    let mut socket = Socket::introduced(&served, Some(&token));
    let follow =
        json!({"query": format!("subscription {{ importProgress(id: \"{job}\") {{ state }} }}")});
    socket.subscribe("one", follow.clone());
    assert_eq!(socket.said()["type"], "next");
    socket.subscribe("one", hello());
    let refused = (4409, "Subscriber for one already exists".to_owned());
    assert_eq!(socket.closed(), refused);
    // A name is free again once its operation is complete, by either side ("Complete").
    let mut socket = Socket::introduced(&served, Some(&token));
    for _ in 0..3 {
        socket.subscribe("one", hello());
        assert_eq!(socket.said()["type"], "next");
        assert_eq!(socket.said(), json!({"id": "one", "type": "complete"}));
    }
    for _ in 0..3 {
        socket.subscribe("one", follow.clone());
        let next = socket.said();
        assert_eq!(
            next,
            json!({"id": "one", "type": "next", "payload": {"data": {"importProgress": {"state": "QUEUED"}}}})
        );
        socket.say(json!({"id": "one", "type": "complete"}));
    }
    // Nothing more of it comes, and a complete of what is not known is nothing.
    socket.say(json!({"id": "never", "type": "complete"}));
    socket.say(json!({"type": "ping"}));
    assert_eq!(socket.said(), json!({"type": "pong"}));
}

/// graphql-transport-ws, "Next", "Error" and "Complete": queries and mutations answer once and are complete;
/// what never began is an error, and has no complete.
#[test]
fn each_kind_of_operation_is_answered() {
    let registry = Registry::new().with_register();
    registry.push_csv("RN5217", &csv(&[Row::award(1, "R1")]));
    let token = registry.token(Role::AwardingBody, None, Some("RN5217"));
    let practitioner = registry.practitioner(&uln(1));
    let me = "{ me { achievements { edges { node { id } } } } }";
    let data = registry.data(&practitioner, me, Value::Null);
    let id = data["me"]["achievements"]["edges"][0]["node"]["id"].clone();
    let served = registry.served();
    let mut socket = Socket::introduced(&served, Some(&token));
    socket.subscribe(
        "query",
        json!({"query": "query A($n: String!) { qualification(number: $n) { level title } } query B { __typename }",
            "operationName": "A", "variables": {"n": "500/9170/0"}, "extensions": {"cost": true}}),
    );
    let next = socket.said();
    assert_eq!(
        (&next["id"], &next["type"]),
        (&json!("query"), &json!("next"))
    );
    assert_eq!(next["payload"]["data"]["qualification"]["level"], "L3");
    assert_eq!(
        next["payload"]["extensions"]["cost"],
        json!({"asked": 3, "allowed": 5000, "depth": 2})
    );
    assert_eq!(socket.said(), json!({"id": "query", "type": "complete"}));
    socket.subscribe(
        "mutation",
        json!({"query": "mutation ($id: ID!) { withdrawAchievement(id: $id, reason: \"told wrongly\") { status } }",
            "variables": {"id": id}}),
    );
    assert_eq!(
        socket.said()["payload"]["data"],
        json!({"withdrawAchievement": {"status": "WITHDRAWN"}})
    );
    assert_eq!(socket.said(), json!({"id": "mutation", "type": "complete"}));
    // One that ran and failed is a next with its errors.
    socket.subscribe(
        "failed",
        json!({"query": "{ importJobs(first: 1000) { edges { cursor } } }"}),
    );
    let next = socket.said();
    assert_eq!(next["type"], "next", "{next}");
    assert_eq!(
        next["payload"]["errors"][0]["extensions"]["code"],
        "input-invalid"
    );
    assert_eq!(socket.said(), json!({"id": "failed", "type": "complete"}));
    let bomb: String = (0..60)
        .map(|one| {
            format!(
                "fragment f{one} on Subscription {{ ...f{next} ...f{next} }} ",
                next = one + 1
            )
        })
        .collect();
    let bomb = format!(
        "subscription {{ ...f0 }} {bomb} fragment f60 on Subscription {{ importProgress(id: \"x\") {{ id }} }}"
    );
    let post = served.graphql(None, &bomb, Value::Null).json();
    assert_eq!(post["errors"][0]["extensions"]["code"], "query-invalid");
    for (query, code) in [
        ("{", "query-unreadable"),
        ("{ nothing }", "query-invalid"),
        ("{ qualification { id } }", "query-invalid"),
        (
            "query A { __typename } query B { __typename }",
            "query-invalid",
        ),
        (
            "subscription { importProgress(id: \"x\") { id } }",
            "not-found",
        ),
        (
            "subscription { a: importProgress(id: \"x\") { id } b: importProgress(id: \"x\") { id } }",
            "query-invalid",
        ),
        ("subscription { __typename }", "query-invalid"),
        (
            "subscription { importProgress(id: \"x\") @skip(if: true) { id } }",
            "query-invalid",
        ),
        ("subscription { importProgress { id } }", "query-invalid"),
        // A circle, and a chain that doubles at each step: 2^60 spreads written out.
        (
            "subscription { ...A ...A } fragment A on Subscription { ...A ...A }",
            "query-invalid",
        ),
        (bomb.as_str(), "query-too-complex"),
        (
            "subscription { importProgress(id: \"x\") { nothing } }",
            "query-invalid",
        ),
    ] {
        socket.subscribe("refused", json!({"query": query}));
        let error = socket.said();
        assert_eq!(
            (&error["id"], &error["type"]),
            (&json!("refused"), &json!("error")),
            "{query}: {error}"
        );
        assert_eq!(
            error["payload"][0]["extensions"]["code"], code,
            "{query}: {error}"
        );
        assert!(!error["payload"][0]["message"].as_str().unwrap().is_empty());
    }
    socket.say(json!({"type": "ping"}));
    assert_eq!(socket.said(), json!({"type": "pong"}), "no complete came");
}

/// What is done on a socket is found in the log: by the upgrade's name, and a number for each that was done.
#[test]
fn what_an_operation_leaves_in_the_log_has_a_name() {
    let registry = Registry::new().with_register();
    let url = registry.app.config.database_url();
    let process = Process::serve(registry.folder(), &url);
    Connection::open(&url, Purpose::Write)
        .unwrap()
        .batch("ALTER TABLE receipt RENAME TO receipt_gone")
        .unwrap();
    let name = ("X-Request-Id", "socket-of-mine");
    let mut socket = Socket::open(&process.url, &[PROTOCOL, name]);
    socket.say(json!({"type": "connection_init"}));
    assert_eq!(socket.said(), json!({"type": "connection_ack"}));
    socket.subscribe("1", hello());
    assert_eq!(socket.said()["type"], "next");
    assert_eq!(socket.said()["type"], "complete");
    let input = json!({"certificateNumber": "x", "familyName": "A", "dateOfBirth": "1980-01-01"});
    let verify = "query ($i: VerifyInput!) { verify(input: $i) { outcome } }";
    socket.subscribe("2", json!({"query": verify, "variables": {"i": input}}));
    let told = socket.said();
    let told = told["payload"]["errors"][0]["message"].as_str().unwrap();
    let log = std::fs::read_to_string(registry.folder().join("log.txt")).unwrap();
    let event = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find(|event| event["message"] == "internal error")
        .unwrap_or_else(|| panic!("{told}\n{log}"));
    // The introduction was the first that was done.
    assert_eq!(event["span"]["request_id"], "socket-of-mine-3", "{event}");
    assert!(told.contains(event["error_id"].as_str().unwrap()), "{told}");
}

/// graphql-transport-ws, "Ping" and "Pong": either side may ask at any time, also before the introduction.
#[test]
fn a_ping_is_answered_at_any_time() {
    let served = Registry::configured(|config| config.graphql.sockets.ping = 1).served();
    let mut socket = Socket::open(&served.url, &[PROTOCOL]);
    socket.say(json!({"type": "ping", "payload": {"at": 7}}));
    assert_eq!(socket.said(), json!({"type": "pong", "payload": {"at": 7}}));
    socket.say(json!({"type": "pong"}));
    socket.say(json!({"type": "connection_init"}));
    assert_eq!(socket.said(), json!({"type": "connection_ack"}));
    // The server asks a silent client (RFC 6455, section 5.5.2).
    assert_eq!(socket.hear(), Heard::Ping);
}

/// graphql-transport-ws, "Invalid message": 4400 at once.
#[test]
fn a_message_that_is_none_closes_the_socket() {
    let served = Registry::new().served();
    let deep = format!("{{\"type\": {}", "{\"a\":".repeat(1000));
    for wrong in [
        "",
        "nothing",
        "{",
        "null",
        "7",
        "\"ping\"",
        "[]",
        "[\"ping\"]",
        "{}",
        "{\"type\": 7}",
        "{\"type\": null}",
        "{\"type\": \"\"}",
        "{\"type\": \"Ping\"}",
        "{\"type\": \"connection_ack\"}",
        "{\"type\": \"next\", \"id\": \"1\", \"payload\": {}}",
        "{\"type\": \"start\", \"id\": \"1\", \"payload\": {\"query\": \"{ __typename }\"}}",
        "{\"type\": \"ping\", \"type\": \"pong\"}",
        "{\"type\": \"ping\", \"payload\": 7}",
        "{\"type\": \"ping\"} {\"type\": \"ping\"}",
        "{\"type\": \"complete\"}",
        "{\"type\": \"complete\", \"id\": 7}",
        "{\"type\": \"subscribe\"}",
        "{\"type\": \"subscribe\", \"id\": \"1\"}",
        "{\"type\": \"subscribe\", \"id\": \"\", \"payload\": {\"query\": \"{ __typename }\"}}",
        "{\"type\": \"subscribe\", \"payload\": {\"query\": \"{ __typename }\"}}",
        "{\"type\": \"subscribe\", \"id\": \"1\", \"payload\": {}}",
        "{\"type\": \"subscribe\", \"id\": \"1\", \"payload\": \"{ __typename }\"}",
        "{\"type\": \"subscribe\", \"id\": \"1\", \"payload\": {\"query\": 7}}",
        "{\"type\": \"subscribe\", \"id\": \"1\", \"payload\": {\"query\": \"{ __typename }\", \"variables\": 7}}",
        "{\"type\": \"subscribe\", \"id\": \"1\", \"payload\": {\"query\": \"{ __typename }\", \"operationName\": 7}}",
        "\u{feff}{\"type\": \"ping\"}",
        &deep,
    ] {
        let mut socket = Socket::introduced(&served, None);
        socket.0.send(tungstenite::Message::text(wrong)).unwrap();
        let (code, reason) = socket.closed();
        assert_eq!(code, 4400, "{wrong}: {reason}");
        assert!(reason.starts_with("Invalid message: "), "{reason}");
    }
    let mut socket = Socket::introduced(&served, None);
    let bytes = hello().to_string().into_bytes();
    socket.0.send(tungstenite::Message::binary(bytes)).unwrap();
    assert_eq!(socket.closed().0, 4400);
}

/// RFC 6455, section 7.4.1: 1009 for what is too large, 1000 for a goodbye.
#[test]
fn a_message_that_is_too_large_closes_the_socket() {
    let served = Registry::configured(|config| config.graphql.body = 2000).served();
    let mut socket = Socket::introduced(&served, None);
    let query = |length: usize| json!({"query": format!("{HELLO} #{}", "x".repeat(length))});
    socket.subscribe("1", query(1000));
    assert_eq!(socket.said()["type"], "next");
    assert_eq!(socket.said()["type"], "complete");
    socket.subscribe("1", query(3000));
    assert_eq!(socket.closed().0, 1009);
    let mut socket = Socket::introduced(&served, None);
    socket.0.close(None).unwrap();
    assert_eq!(socket.closed().0, 1000);
}

/// Operations at once, and sockets in all: what is too much is refused, and what was there goes on.
#[test]
fn operations_and_sockets_are_counted() {
    let (served, token, job) = {
        let (registry, job) = registry_with_a_waiting_job(|config| {
            config.graphql.sockets.operations = 2;
            config.graphql.sockets.at_once = 2;
        });
        let token = registry.token(Role::Steward, None, None);
        (registry.served(), token, job)
    };
    let mut socket = Socket::introduced(&served, Some(&token));
    let follow =
        json!({"query": format!("subscription {{ importProgress(id: \"{job}\") {{ state }} }}")});
    for id in ["1", "2"] {
        socket.subscribe(id, follow.clone());
        assert_eq!(socket.said()["type"], "next");
    }
    socket.subscribe("3", hello());
    let error = socket.said();
    assert_eq!(
        (&error["type"], &error["payload"][0]["extensions"]["code"]),
        (&json!("error"), &json!("too-many"))
    );
    socket.say(json!({"id": "1", "type": "complete"}));
    socket.subscribe("3", hello());
    assert_eq!(socket.said()["type"], "next");
    let other = Socket::introduced(&served, None);
    let (head, _) = upgrade(&served.url, &right(&[PROTOCOL]));
    assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
    drop(other);
    free_seat(&served);
}

/// Waits until a socket can be opened.
fn free_seat(served: &Served) {
    let began = Instant::now();
    loop {
        let (head, _) = upgrade(&served.url, &right(&[PROTOCOL]));
        if head.starts_with("HTTP/1.1 101 ") {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "{head}");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// A socket on which nothing is heard is closed with 4499, which clients of the protocol use for one that
/// froze.
#[test]
fn a_dead_socket_is_ended() {
    let served = Registry::configured(|config| {
        config.graphql.sockets.silence = 1;
        config.graphql.sockets.at_once = 1;
    });
    let served = served.served();
    let mut socket = Socket::introduced(&served, None);
    assert_eq!(socket.closed().0, 4499);
    free_seat(&served);
}

/// A client that does not read what it asked for: what waits for it is bounded, and then it is ended.
#[test]
fn a_client_that_does_not_read_is_ended() {
    let served = Registry::configured(|config| {
        config.graphql.sockets.reader = 1;
        config.graphql.sockets.at_once = 1;
        config.graphql.sockets.operations = 100_000;
    });
    let served = served.served();
    let mut socket = Socket::introduced(&served, None);
    let large = json!({"query": "{ __schema { types { name description fields { name description args { name description } } enumValues { name description } } } }"});
    socket.subscribe("0", large.clone());
    let size = socket.said().to_string().len();
    assert_eq!(socket.said()["type"], "complete");
    // Hundreds of megabytes, none of which is read. The server stops to read too, so that writing fails or
    // waits: for that there is an end.
    let stream = socket.0.get_ref().try_clone().unwrap();
    stream
        .set_write_timeout(Some(Duration::from_secs(1)))
        .unwrap();
    let (mut asked, began) = (0, Instant::now());
    while asked < 20_000 && began.elapsed() < Duration::from_secs(20) {
        let message = json!({"id": format!("n{asked}"), "type": "subscribe", "payload": large});
        if socket
            .0
            .send(tungstenite::Message::text(message.to_string()))
            .is_err()
        {
            break;
        }
        asked += 1;
    }
    free_seat(&served);
    let mut rest = stream;
    rest.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let (mut read, mut bytes) = (0, vec![0; 1 << 16]);
    while let Ok(length) = rest.read(&mut bytes) {
        if length == 0 {
            break;
        }
        read += length;
    }
    // What the systems' own buffers hold and a few dozen answers.
    let bound = (16 << 20) + 100 * size;
    assert!(
        read < bound,
        "{read} of {} bytes were waiting",
        asked * size
    );
    assert!(asked * size > 2 * bound, "{asked} answers of {size} bytes");
}

/// A token that ends while a socket is open: 4403, as at the introduction, since clients of the protocol
/// then come again with a new one.
#[test]
fn a_token_that_ends_ends_the_socket() {
    let hands = Hands::at("2026-11-02");
    let registry = Registry::at(hands.clock(), |_| ());
    let token = registry.token(Role::Employer, None, None);
    let served = registry.served();
    let (mut idle, mut asking) = (
        Socket::introduced(&served, Some(&token)),
        Socket::introduced(&served, Some(&token)),
    );
    let mut nobody = Socket::introduced(&served, None);
    // Valid for 600 seconds, and 5 for clocks that differ.
    hands.put(TimeDelta::seconds(600));
    asking.subscribe("1", hello());
    assert_eq!(asking.said()["type"], "next");
    assert_eq!(asking.said()["type"], "complete");
    hands.put(TimeDelta::seconds(6));
    let ended = (4403, "Forbidden: the token has expired".to_owned());
    assert_eq!(idle.closed(), ended);
    assert_eq!(asking.closed(), ended);
    nobody.subscribe("1", hello());
    assert_eq!(nobody.said()["type"], "next");
}

/// The limits on how often somebody may ask hold on sockets too: an operation is a request, and
/// verifications that establish nothing are counted with those over HTTP. (The registry's own rule.)
#[test]
fn limits_hold_on_sockets_too() {
    const WRONG: &str = "{ verify(input: {certificateNumber: \"C-none\", familyName: \"Nobody\", dateOfBirth: \"1990-01-01\"}) { outcome } }";
    let hands = Hands::at("2026-11-02");
    let rate = |burst| Rate {
        per_minute: 1,
        burst,
    };
    let served = Registry::at(hands.clock(), |config| {
        config.limits.enabled = true;
        config.limits.token = rate(2);
        config.limits.anonymous_verification = rate(2);
    })
    .served();
    let token = served.registry.token(Role::Employer, None, None);
    let mut socket = Socket::introduced(&served, Some(&token));
    for id in ["1", "2"] {
        socket.subscribe(id, hello());
        assert_eq!(socket.said()["type"], "next");
        assert_eq!(socket.said()["type"], "complete");
    }
    socket.subscribe("3", hello());
    let refused = socket.said();
    assert_eq!(
        (
            &refused["type"],
            &refused["payload"][0]["extensions"]["code"]
        ),
        (&json!("error"), &json!("rate-limited")),
        "{refused}"
    );
    assert_eq!(
        served.get("/.well-known/jwks.json", Some(&token)).status,
        429
    );
    let mut nobody = Socket::introduced(&served, None);
    let mut told = Vec::new();
    for id in ["1", "2", "3"] {
        nobody.subscribe(id, json!({"query": WRONG}));
        let answer = nobody.said();
        let errors = &answer["payload"]["errors"];
        told.push(errors[0]["extensions"]["code"].clone());
        assert_eq!(nobody.said()["type"], "complete");
    }
    assert_eq!(told, [Value::Null, Value::Null, json!("rate-limited")]);
    let over_http = served.graphql(None, WRONG, Value::Null);
    assert_eq!(over_http.status, 429, "{}", over_http.body);
}

/// A server that stops says so: 1001 (RFC 6455, section 7.4.1).
#[test]
fn a_server_that_stops_says_goodbye() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_registry"))
        .args(["serve", "--listen", "127.0.0.1:0", "--json"])
        .current_dir(folder.path())
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    let told: Value = serde_json::from_str(&line).unwrap();
    let mut socket = Socket::open(told["url"].as_str().unwrap(), &[PROTOCOL]);
    socket.say(json!({"type": "connection_init"}));
    assert_eq!(socket.said(), json!({"type": "connection_ack"}));
    let began = Instant::now();
    let killed = Command::new("kill")
        .args(["-TERM", &server.id().to_string()])
        .status();
    assert!(killed.unwrap().success());
    assert_eq!(socket.closed(), (1001, "The server stops".to_owned()));
    assert!(server.wait().unwrap().success());
    assert!(
        began.elapsed() < Duration::from_secs(8),
        "the server did not wait for the socket"
    );
}

/// A registry with an import that waits, as one of another process would, and its identifier.
fn registry_with_a_waiting_job(
    change: impl FnOnce(&mut registry::config::Config),
) -> (Registry, String) {
    let registry = Registry::configured(change);
    let job = super::progress::waiting_job(&registry, "RN5217");
    let id = job.id.show("import");
    super::progress::store(&registry, job);
    (registry, id)
}

fn waiting() -> (Served, String, String) {
    let (registry, job) = registry_with_a_waiting_job(|_| ());
    let token = registry.token(Role::Steward, None, None);
    (registry.served(), token, job)
}
