//! Pushing a file and following what becomes of it.

use crate::support::{Answer, Registry, Row, Served, csv};
use registry::access::{NewToken, Role, mint};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

pub(super) fn served() -> (Served, String) {
    served_with(|_| ())
}

pub(super) fn served_with(change: impl FnOnce(&mut registry::config::Config)) -> (Served, String) {
    let registry = Registry::configured(change).with_register();
    let token = registry.token(Role::AwardingBody, None, Some("RN5217"));
    (registry.served(), token)
}

pub(super) fn push(
    served: &Served,
    token: &str,
    path: &str,
    headers: &[(&str, &str)],
    file: &[u8],
) -> Answer {
    let bearer = format!("Bearer {token}");
    let mut all = vec![("Authorization", bearer.as_str())];
    all.extend(headers);
    served.request("POST", path, &all, file)
}

/// The token of somebody else, of another body.
pub(super) fn another_body(served: &Served) -> String {
    let app = &served.registry.app;
    let new = NewToken {
        role: Role::AwardingBody,
        learner: None,
        awarding_body: Some(schema::RecognitionNumber::parse("RN5156").unwrap()),
        employer: None,
        subject: "somebody-else".to_owned(),
        valid_for: Duration::from_secs(600),
    };
    let issuer = &app.config.tokens.builtin_name;
    mint(&app.keys, issuer, &new, app.clock.now()).unwrap()
}

pub(super) fn spooled(served: &Served) -> usize {
    let spool = served.registry.app.config.data_dir.join("spool");
    std::fs::read_dir(spool).map_or(0, Iterator::count)
}

pub(super) fn one() -> Vec<u8> {
    csv(&[Row::award(1, "R1")])
}

pub(super) fn code(answer: &Answer) -> (u16, String) {
    (
        answer.status,
        answer.json()["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
    )
}

#[test]
fn a_push_is_accepted_and_ends() {
    let (served, token) = served();
    let answer = push(
        &served,
        &token,
        "/imports/csv",
        &[("Content-Type", "text/csv")],
        &one(),
    );
    assert_eq!(answer.status, 202, "{}", answer.body);
    let location = answer.header("location").to_owned();
    assert_eq!(
        location,
        format!("/imports/{}", answer.json()["id"].as_str().unwrap())
    );
    let job = served.ended(&token, &location);
    assert_eq!(
        (&job["state"], &job["counts"]["created"]),
        (&json!("DONE"), &json!(1)),
        "{job}"
    );
    let digest: String = Sha256::digest(one())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(job["digest"], digest.as_str());
    assert_eq!(
        (&job["adapter"], &job["awardingBody"]),
        (&json!("csv"), &json!("RN5217"))
    );
    assert_eq!(spooled(&served), 0, "nothing of the file stays");
    // Another body, and whoever bears no token, do not learn that there is such an import.
    let other = another_body(&served);
    for path in [location.clone(), format!("{location}/issues")] {
        assert_eq!(
            code(&served.get(&path, Some(&other))),
            (404, "not-found".to_owned())
        );
        assert_eq!(
            code(&served.get(&path, None)),
            (401, "unauthenticated".to_owned())
        );
        assert_eq!(served.get(&path, Some(&token)).status, 200);
    }
    for wrong in ["x", "import_x", "learner_01a2005e357a72d49f4c079e64becd94"] {
        assert_eq!(
            code(&served.get(&format!("/imports/{wrong}"), Some(&token))),
            (404, "not-found".to_owned())
        );
    }
}

#[test]
fn an_idempotency_key_is_its_callers_own() {
    let (served, token) = served();
    let key = [("Idempotency-Key", "of monday")];
    let first = push(&served, &token, "/imports/csv", &key, &one());
    assert_eq!(first.status, 202, "{}", first.body);
    let job = served.ended(&token, first.header("location"));
    let again = push(&served, &token, "/imports/csv", &key, &one());
    assert_eq!(
        (again.status, again.header("location")),
        (202, first.header("location"))
    );
    assert_eq!(again.json()["id"], job["id"]);
    let conflict = (409, "idempotency-conflict".to_owned());
    assert_eq!(
        code(&push(
            &served,
            &token,
            "/imports/csv",
            &key,
            &csv(&[Row::award(2, "R2")])
        )),
        conflict
    );
    assert_eq!(
        code(&push(
            &served,
            &token,
            "/imports/csv?dryRun=true",
            &key,
            &one()
        )),
        conflict
    );
    assert_eq!(
        code(&push(
            &served,
            &token,
            "/imports/csv?mode=atomic",
            &key,
            &one()
        )),
        conflict
    );
    assert_eq!(
        code(&push(&served, &token, "/imports/lrs", &key, &one())),
        conflict
    );
    // Another caller's key of that name is another key.
    let other = another_body(&served);
    let answer = push(
        &served,
        &other,
        "/imports/csv",
        &key,
        &csv(&[Row::elsewhere(2, "S1")]),
    );
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert_ne!(answer.json()["id"], job["id"]);
    // Without a key, or with another one, the same file is another import.
    for headers in [&[][..], &[("Idempotency-Key", "of tuesday")]] {
        let answer = push(&served, &token, "/imports/csv", headers, &one());
        assert_ne!(answer.json()["id"], job["id"]);
        let ended = served.ended(&token, answer.header("location"));
        assert_eq!(ended["counts"]["unchanged"], 1, "{ended}");
    }
    for wrong in ["", &"x".repeat(256)] {
        let answer = push(
            &served,
            &token,
            "/imports/csv",
            &[("Idempotency-Key", wrong)],
            &one(),
        );
        assert_eq!(code(&answer), (400, "input-invalid".to_owned()), "{wrong}");
    }
    served.ended(
        &other,
        &format!("/imports/{}", answer.json()["id"].as_str().unwrap()),
    );
    assert_eq!(spooled(&served), 0);
}

#[test]
fn the_same_key_sent_at_once_is_one_import() {
    let (served, token) = served();
    let key = [("Idempotency-Key", "of monday")];
    let ids: Vec<Value> = std::thread::scope(|scope| {
        let pushes: Vec<_> = (0..6)
            .map(|_| {
                scope.spawn(|| {
                    push(&served, &token, "/imports/csv", &key, &one()).json()["id"].clone()
                })
            })
            .collect();
        pushes
            .into_iter()
            .map(|push| push.join().unwrap())
            .collect()
    });
    assert!(
        ids.iter().all(|id| id.is_string() && *id == ids[0]),
        "{ids:?}"
    );
    let job = served.ended(&token, &format!("/imports/{}", ids[0].as_str().unwrap()));
    assert_eq!(job["counts"]["created"], 1, "{job}");
}

#[test]
fn what_follows_the_question_mark_is_known_or_refused() {
    let (served, token) = served();
    for (query, mode, dry_run) in [
        ("", "PARTIAL", false),
        ("?mode=partial", "PARTIAL", false),
        ("?mode=atomic", "ATOMIC", false),
        ("?mode=ATOMIC&dryRun=false", "ATOMIC", false),
        ("?dryRun=true", "PARTIAL", true),
        ("?dryRun=true&mode=atomic", "ATOMIC", true),
        ("?despite=quarantine", "PARTIAL", false),
    ] {
        let answer = push(
            &served,
            &token,
            &format!("/imports/csv{query}"),
            &[],
            &one(),
        );
        assert_eq!(answer.status, 202, "{query}: {}", answer.body);
        let id = answer.json()["id"].as_str().unwrap().to_owned();
        let asked = format!("{{ importJob(id: \"{id}\") {{ mode dryRun }} }}");
        let job = served.graphql(Some(&token), &asked, Value::Null).json();
        assert_eq!(
            job["data"]["importJob"],
            json!({"mode": mode, "dryRun": dry_run}),
            "{query}"
        );
        served.ended(&token, answer.header("location"));
    }
    for query in [
        "?mode=some",
        "?mode=",
        "?dryRun=perhaps",
        "?dryRun=1",
        "?dryRun",
        "?dryrun=true",
        "?adapter=csv",
        "?despite=everything",
        "?despite=",
        "?mode=atomic&mode=partial",
        "?awardingBody=RN5156",
    ] {
        let answer = push(
            &served,
            &token,
            &format!("/imports/csv{query}"),
            &[],
            &one(),
        );
        assert_eq!(code(&answer), (400, "bad-request".to_owned()), "{query}");
    }
    assert_eq!(spooled(&served), 0);
}

#[test]
fn a_push_that_cannot_be_taken_says_why_and_leaves_nothing() {
    let (served, token) = served_with(|config| config.server.import_limit = 1000);
    let large = vec![b'x'; 1001];
    for (what, path, file, status, expected) in [
        ("an empty file", "/imports/csv", &b""[..], 400, "file-empty"),
        (
            "an unknown adapter",
            "/imports/nothing",
            b"x",
            404,
            "adapter-not-found",
        ),
        (
            "an adapter that is a path",
            "/imports/..%2Fcsv",
            b"x",
            404,
            "adapter-not-found",
        ),
        (
            "a file that is too large",
            "/imports/csv",
            &large,
            413,
            "too-large",
        ),
    ] {
        let answer = push(&served, &token, path, &[("Content-Type", "text/csv")], file);
        assert_eq!(
            code(&answer),
            (status, expected.to_owned()),
            "{what}: {}",
            answer.body
        );
        assert!(!answer.body.contains("/tmp"), "{what}: {}", answer.body);
        assert_eq!(spooled(&served), 0, "{what}");
    }
    // Without a length announced the limit holds as well.
    let answer = raw(
        &served,
        &token,
        "Transfer-Encoding: chunked\r\n",
        |stream| {
            for _ in 0..3 {
                let _ = write!(stream, "190\r\n{}\r\n", "x".repeat(400));
            }
            let _ = write!(stream, "0\r\n\r\n");
        },
    );
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("1000 bytes"), "{answer}");
    gone(&served);
}

/// A push written by hand; what the registry answers.
fn raw(served: &Served, token: &str, headers: &str, send: impl FnOnce(&mut TcpStream)) -> String {
    let address = served.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    write!(stream, "POST /imports/csv HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n{headers}\r\n").unwrap();
    send(&mut stream);
    let mut answer = Vec::new();
    let mut bytes = [0; 4096];
    while let Ok(length) = stream.read(&mut bytes) {
        answer.extend_from_slice(&bytes[..length]);
        let text = String::from_utf8_lossy(&answer);
        if length == 0 || text.contains("\r\n\r\n{") && text.ends_with('}') {
            break;
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// Waits until the spool is empty.
fn gone(served: &Served) {
    for _ in 0..200 {
        if spooled(served) == 0 {
            return;
        }
        std::thread::park_timeout(Duration::from_millis(50));
    }
    panic!("a spooled file was left");
}

#[test]
fn silence_ends_a_push() {
    let (served, token) = served_with(|config| config.server.push_silence = 1);
    let answer = raw(&served, &token, "Content-Length: 100\r\n", |stream| {
        stream.write_all(b"uln,").unwrap();
    });
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("\"too-slow\""), "{answer}");
    gone(&served);
    // So is a GraphQL request that does not go on.
    let address = served.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    write!(stream, "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{").unwrap();
    let mut bytes = [0; 64];
    let length = stream.read(&mut bytes).unwrap();
    assert!(
        bytes[..length].starts_with(b"HTTP/1.1 408 "),
        "{:?}",
        String::from_utf8_lossy(&bytes[..length])
    );
}

#[test]
fn a_client_that_goes_away_leaves_nothing() {
    let (served, token) = served();
    for headers in [
        "Content-Length: 100000\r\n",
        "Transfer-Encoding: chunked\r\n",
    ] {
        raw(&served, &token, headers, |stream| {
            let _ = stream.write_all(b"64\r\nuln,given_name");
            let _ = stream.shutdown(Shutdown::Both);
        });
        gone(&served);
    }
    let jobs =
        served.registry.app.db.read_blocking(|connection| {
            Ok(registry::model::import_job::unfinished(connection, "")?)
        });
    assert_eq!(jobs.unwrap().len(), 0);
    assert_eq!(served.get("/healthz", None).status, 200);
}

#[test]
fn issues_are_told_as_json_or_csv_in_either_language_without_the_person() {
    let (served, token) = served();
    let file = csv(&[
        Row::award(1, "R1").with("date_of_birth", "2199-01-01"),
        Row::award(2, "R2"),
        Row::award(3, "R3").with("awarded_on", "=HYPERLINK(\"http://x\")"),
    ]);
    let location = push(&served, &token, "/imports/csv", &[], &file)
        .header("location")
        .to_owned();
    let job = served.ended(&token, &location);
    assert_eq!(job["state"], "DONE_WITH_ISSUES", "{job}");
    let issues = format!("{location}/issues");
    let json = served.get(&issues, Some(&token));
    let listed = json.json()["issues"].as_array().unwrap().clone();
    assert!(
        !listed.is_empty() && job["issues"] == Value::Array(listed.clone()),
        "{job}"
    );
    let bearer = format!("Bearer {token}");
    let ask = |headers: &[(&str, &str)]| {
        let mut all = vec![("Authorization", bearer.as_str())];
        all.extend(headers);
        served.request("GET", &issues, &all, b"")
    };
    let table = ask(&[("Accept", "text/csv")]);
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        table.body.lines().next(),
        Some("severity,code,message,row,column,path,offset")
    );
    assert_eq!(
        table.body.lines().count(),
        listed.len() + 1,
        "{}",
        table.body
    );
    let welsh = ask(&[("Accept-Language", "cy")]);
    assert_eq!(welsh.header("content-language"), "cy");
    assert_ne!(welsh.json()["issues"][0]["message"], listed[0]["message"]);
    for fact in [
        "Invented",
        "Ada",
        "2199",
        "HYPERLINK",
        &crate::support::uln(1),
    ] {
        assert!(
            !json.body.contains(fact) && !table.body.contains(fact),
            "{fact}: {} {}",
            json.body,
            table.body
        );
    }
    let last = format!("{issues}?after=100000");
    assert_eq!(served.get(&last, Some(&token)).json()["issues"], json!([]));
    for wrong in [
        "?after=x",
        "?before=1",
        "?limit=0",
        "?limit=10001",
        "?limit=x",
    ] {
        assert_eq!(
            code(&served.get(&format!("{issues}{wrong}"), Some(&token))),
            (400, "bad-request".to_owned())
        );
    }
}
