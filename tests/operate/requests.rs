//! Every request has a name, by which its lines in the log are found, and leaves one line of its own.

use super::process::Process;
use crate::support::{Registry, Row, csv, uln};
use registry::access::Role;
use registry::db::{Connection, Purpose};
use serde_json::{Value, json};

const VERIFY: &str = "query ($i: VerifyInput!) { verify(input: $i) { outcome receipt { id } } }";

#[test]
fn a_request_is_called_what_the_client_calls_it_or_gets_a_name() {
    let served = Registry::new().served();
    let named = |headers: &[(&str, &str)]| {
        let answer = served.request("GET", "/nothing", headers, b"");
        let name = answer.header("x-request-id").to_owned();
        assert_eq!(
            answer.json()["instance"],
            format!("urn:iqf-registry:request:{name}")
        );
        name
    };
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    assert_eq!(named(&[("X-Request-Id", "my-request-1")]), "my-request-1");
    assert_eq!(
        named(&[("traceparent", parent)]),
        "0af7651916cd43dd8448eb211c80319c"
    );
    assert_eq!(
        named(&[("X-Request-Id", "my-request-1"), ("traceparent", parent)]),
        "my-request-1"
    );
    let long = "a".repeat(65);
    let mut made = Vec::new();
    for wrong in [
        "1234567890",
        "a b c d e f g",
        "<script>alert",
        long.as_str(),
    ] {
        let name = named(&[("X-Request-Id", wrong)]);
        assert!(name.len() == 32 && name != wrong, "{name}");
        made.push(name);
    }
    made.push(named(&[]));
    made.sort();
    made.dedup();
    assert_eq!(made.len(), 5, "every name is another");
    assert_eq!(
        served.get("/healthz", None).header("x-request-id").len(),
        32
    );
}

#[test]
fn the_access_log_has_one_line_a_request_and_nothing_of_anybody() {
    let registry = Registry::new().with_register();
    registry.push_csv("RN5217", &csv(&[Row::award(1, "R-1")]));
    let number = uln(1);
    let practitioner = registry.token(Role::Practitioner, Some(&number), None);
    let process = Process::serve(registry, &[]);
    let bearer = format!("Bearer {practitioner}");
    let body = json!({"query": "query Mine { me { givenName } }"}).to_string();
    let asked = process.served.request(
        "POST",
        "/graphql",
        &[
            ("Authorization", &bearer),
            ("Content-Type", "application/json"),
            ("X-Request-Id", "who-am-i-1"),
        ],
        body.as_bytes(),
    );
    assert_eq!(asked.json()["data"]["me"]["givenName"], "Ada");
    let of = |name: &'static str| {
        move |event: &Value| {
            event["target"] == "registry::access" && event["span"]["request_id"] == name
        }
    };
    let event = process.log.event(of("who-am-i-1"));
    assert_eq!(
        (&event["method"], &event["route"], &event["status"]),
        (&json!("POST"), &json!("/graphql"), &json!(200))
    );
    assert_eq!(
        (&event["role"], &event["kind"], &event["bytes"]),
        (
            &json!("practitioner"),
            &json!("token"),
            &json!(asked.body.len())
        )
    );
    assert!(event["duration_us"].is_u64(), "{event}");
    // A path and a query that a client filled with somebody's data.
    let secret = format!("/imports/{number}/issues?after={number}&name=Inventedb");
    process
        .served
        .request("GET", &secret, &[("X-Request-Id", "look-there-1")], b"");
    let event = process.log.event(of("look-there-1"));
    assert_eq!(event["route"], "/imports/{id}/issues");
    assert_eq!(
        (&event["role"], &event["kind"]),
        (&json!("none"), &json!("nobody"))
    );
    process.served.request(
        "GET",
        "/healthz",
        &[
            ("X-Request-Id", "with-a-bad-token"),
            ("Authorization", "Bearer x"),
        ],
        b"",
    );
    process.served.request(
        "GET",
        "/nothing",
        &[
            ("X-Request-Id", "with-a-bad-token-2"),
            ("Authorization", "Bearer x"),
        ],
        b"",
    );
    assert_eq!(
        process.log.event(of("with-a-bad-token-2"))["kind"],
        "refused"
    );
    let (status, log) = process.stop();
    assert!(status.success(), "{status}");
    let log = log.all().join("\n");
    for secret in [
        number.as_str(),
        "Invented",
        "Ada",
        "of-the-test",
        "1971-04-02",
        "query Mine",
    ] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[test]
fn an_internal_error_is_found_in_the_log_by_the_request_and_by_its_own_name() {
    let registry = Registry::new().with_register();
    let url = registry.app.config.database_url();
    let process = Process::serve(registry, &[]);
    Connection::open(&url, Purpose::Write)
        .unwrap()
        .batch("ALTER TABLE receipt RENAME TO receipt_gone")
        .unwrap();
    let input =
        json!({"certificateNumber": "C-1", "familyName": "Nobody", "dateOfBirth": "1980-01-01"});
    let body = json!({"query": VERIFY, "variables": {"i": input}}).to_string();
    let answer = process.served.request(
        "POST",
        "/graphql",
        &[
            ("Content-Type", "application/json"),
            ("X-Request-Id", "breaks-inside-1"),
        ],
        body.as_bytes(),
    );
    let told = answer.json()["errors"][0]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(!told.contains("receipt"), "{told}");
    let event = process.log.event(|event| {
        event["message"] == "internal error" && event["span"]["request_id"] == "breaks-inside-1"
    });
    let id = event["error_id"].as_str().unwrap();
    assert!(told.contains(id), "{told} {event}");
    assert!(
        event["cause"].as_str().unwrap().contains("receipt"),
        "{event}"
    );
}
