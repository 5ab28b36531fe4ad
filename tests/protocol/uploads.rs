//! Files inside GraphQL, by the multipart request convention.

use crate::support::{Answer, Hands, Registry, Row, Served, csv, multipart};
use registry::access::Role;
use registry::config::Rate;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

const START: &str = "mutation ($file: Upload!, $key: String, $dry: Boolean) {
    startImport(adapter: \"csv\", file: $file, idempotencyKey: $key, dryRun: $dry) { id state digest dryRun } }";

fn send(served: &Served, token: &str, kind: &str, body: &[u8], with: bool) -> Answer {
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("Content-Type", kind), ("Authorization", bearer.as_str())];
    if with {
        headers.push(("GraphQL-Require-Preflight", "1"));
    }
    served.request("POST", "/graphql", &headers, body)
}

fn served() -> (Served, String) {
    let registry = Registry::configured(|config| {
        config.graphql.body = 4000;
        config.server.import_limit = 20_000;
    });
    let registry = registry.with_register();
    let token = registry.token(Role::AwardingBody, None, Some("RN5217"));
    (registry.served(), token)
}

fn spooled(served: &Served) -> usize {
    let spool = served.registry.app.config.data_dir.join("spool");
    std::fs::read_dir(spool).map_or(0, Iterator::count)
}

#[test]
fn a_file_is_imported_and_its_key_holds() {
    let (served, token) = served();
    let file = csv(&[Row::award(1, "R1")]);
    let (kind, body) = multipart(START, json!({"key": "one"}), &file);
    let answer = send(&served, &token, &kind, &body, false);
    assert_eq!(
        (answer.status, &answer.json()["code"]),
        (403, &json!("preflight-missing"))
    );
    let answer = send(&served, &token, &kind, &body, true).json();
    let job = &answer["data"]["startImport"];
    let id = job["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{answer}"))
        .to_owned();
    let ended = served.ended(&token, &format!("/imports/{id}"));
    assert_eq!(
        (&ended["state"], &ended["counts"]["created"]),
        (&json!("DONE"), &json!(1)),
        "{ended}"
    );
    let again = send(&served, &token, &kind, &body, true).json();
    assert_eq!(again["data"]["startImport"]["id"], id.as_str(), "{again}");
    let (kind, other) = multipart(START, json!({"key": "one"}), &csv(&[Row::award(2, "R2")]));
    let conflict = send(&served, &token, &kind, &other, true).json();
    assert_eq!(
        conflict["errors"][0]["extensions"]["code"], "idempotency-conflict",
        "{conflict}"
    );
    // The same key over the push address is the same import.
    let bearer = format!("Bearer {token}");
    let pushed = served.request(
        "POST",
        "/imports/csv",
        &[("Authorization", &bearer), ("Idempotency-Key", "one")],
        &file,
    );
    assert_eq!(pushed.json()["id"], id.as_str(), "{}", pushed.body);
    assert_eq!(spooled(&served), 0);
}

#[test]
fn a_form_that_is_not_of_the_convention_is_refused() {
    let (served, token) = served();
    let file = csv(&[Row::award(1, "R1")]);
    let (kind, whole) = multipart(START, json!({}), &file);
    let whole = String::from_utf8(whole).unwrap();
    let map = "{\"0\":[\"variables.file\"]}";
    let operations = json!({"query": START, "variables": {"file": null}}).to_string();
    let batch = format!("[{operations}]");
    for (what, kind, body, status, code) in [
        (
            "no boundary",
            "multipart/form-data",
            whole.clone(),
            400,
            "bad-request",
        ),
        (
            "another boundary",
            "multipart/form-data; boundary=other",
            whole.clone(),
            400,
            "bad-request",
        ),
        (
            "cut off",
            &*kind,
            whole[..whole.len() - 40].to_owned(),
            400,
            "bad-request",
        ),
        (
            "no end",
            &*kind,
            whole.replace("--edge--", ""),
            400,
            "bad-request",
        ),
        ("nothing", &*kind, String::new(), 400, "bad-request"),
        (
            "no operations",
            &*kind,
            whole.replace("\"operations\"", "\"other\""),
            400,
            "bad-request",
        ),
        (
            "no map",
            &*kind,
            whole.replace("\"map\"", "\"other\""),
            400,
            "bad-request",
        ),
        (
            "a map of nothing",
            &*kind,
            whole.replace(map, "[]"),
            400,
            "bad-request",
        ),
        (
            "a file that the map does not name",
            &*kind,
            whole.replace(map, "{}"),
            400,
            "bad-request",
        ),
        (
            "a file that is not sent",
            &*kind,
            whole.replace(
                map,
                "{\"0\":[\"variables.file\"],\"1\":[\"variables.other\"]}",
            ),
            400,
            "bad-request",
        ),
        (
            "a file in two places",
            &*kind,
            whole.replace(map, "{\"0\":[\"variables.file\",\"variables.other\"]}"),
            400,
            "bad-request",
        ),
        (
            "operations that are no JSON",
            &*kind,
            whole.replace(&operations, "{"),
            400,
            "bad-request",
        ),
        (
            "a batch",
            &*kind,
            whole.replace(&operations, &batch),
            422,
            "request-invalid",
        ),
        (
            "operations that are too large",
            &*kind,
            whole.replace("startImport", &format!("{}startImport", " ".repeat(5000))),
            413,
            "too-large",
        ),
        (
            "a map that is too large",
            &*kind,
            whole.replace(map, &format!("{}{map}", " ".repeat(5000))),
            413,
            "too-large",
        ),
        (
            "a file that is too large",
            &*kind,
            whole.replace("500/9170/0", &"9".repeat(21_000)),
            413,
            "too-large",
        ),
        (
            "an empty body",
            &*kind,
            "--edge--\r\n".to_owned(),
            400,
            "bad-request",
        ),
    ] {
        let answer = send(&served, &token, kind, body.as_bytes(), true);
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (status, &json!(code)),
            "{what}: {}",
            answer.body
        );
        assert_eq!(spooled(&served), 0, "{what}");
    }
    // More than one file: refused before the first of them comes.
    let two = "{\"0\":[\"variables.file\"],\"1\":[\"variables.other\"]}";
    let answer = send(
        &served,
        &token,
        &kind,
        whole.replace(map, two).as_bytes(),
        true,
    )
    .json();
    let detail = answer["detail"].as_str().unwrap();
    assert!(detail.contains("more than one file"), "{detail}");
    // A map that points to where no file belongs, and a file that is not sent as one.
    let astray = whole.replace(map, "{\"0\":[\"variables.nothing\"]}");
    let answer = send(&served, &token, &kind, astray.as_bytes(), true).json();
    assert_eq!(
        answer["errors"][0]["extensions"]["code"], "query-invalid",
        "{answer}"
    );
    for file in [
        Value::Null,
        json!("#__graphql_file__:0"),
        json!("#__graphql_file__:7"),
        json!("text"),
    ] {
        let answer = served
            .graphql(Some(&token), START, json!({ "file": file }))
            .json();
        assert!(
            answer["errors"][0]["extensions"]["code"].is_string(),
            "{answer}"
        );
        assert!(
            answer.get("data").is_none() || answer["data"].is_null(),
            "{answer}"
        );
    }
    let empty = multipart(START, json!({}), b"");
    let answer = send(&served, &token, &empty.0, &empty.1, true).json();
    assert_eq!(
        answer["errors"][0]["extensions"]["code"], "file-empty",
        "{answer}"
    );
    assert_eq!(spooled(&served), 0);
}

#[test]
fn a_file_that_is_one_too_many_is_refused_before_it_comes() {
    let registry = Registry::at(Hands::at("2026-11-02").clock(), |config| {
        config.limits.enabled = true;
        config.limits.push = Rate {
            per_minute: 1,
            burst: 2,
        };
    });
    let registry = registry.with_register();
    let token = registry.token(Role::AwardingBody, None, Some("RN5217"));
    let served = registry.served();
    for number in ["R1", "R2"] {
        let (kind, body) = multipart(START, json!({}), &csv(&[Row::award(1, number)]));
        let answer = send(&served, &token, &kind, &body, true);
        assert_eq!(answer.status, 200, "each file counts once: {}", answer.body);
    }
    let address = served.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    // Nothing of the body is sent.
    write!(
        stream,
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nGraphQL-Require-Preflight: 1\r\n\
         Content-Type: multipart/form-data; boundary=edge\r\nContent-Length: 1000000\r\n\r\n"
    )
    .unwrap();
    let mut bytes = [0; 4096];
    let length = stream.read(&mut bytes).unwrap();
    let answer = String::from_utf8_lossy(&bytes[..length]).to_ascii_lowercase();
    assert!(answer.starts_with("http/1.1 429 "), "{answer}");
    assert!(answer.contains("retry-after: 60\r\n"), "{answer}");
}
