//! Every address answers, in the language asked for, with the headers that keep browsers from guessing; and
//! no error or log repeats what was asked.

use crate::support::{Registry, Row, Served, built, csv, uln};
use registry::access::Role;
use serde_json::{Value, json};
use std::fs::Permissions;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

const READ: [&str; 4] = [
    "/healthz",
    "/readyz",
    "/.well-known/jwks.json",
    "/graphql?query=%7B__typename%7D",
];

#[test]
fn the_registry_says_that_it_is_alive_and_able() {
    let served = Registry::new().served();
    assert_eq!(
        served.get("/healthz", None).json(),
        json!({"status": "alive"})
    );
    let ready = served.get("/readyz", None);
    assert_eq!(
        (ready.status, ready.json()),
        (
            200,
            json!({"status": "ready", "database": true, "writable": true, "schema": true, "adapters": true})
        )
    );
    let jwks = served.get("/.well-known/jwks.json", None);
    assert_eq!(jwks.header("content-type"), "application/jwk-set+json");
    assert_eq!(jwks.json(), served.registry.app.keys.jwks());
    assert!(jwks.json()["keys"][0].get("d").is_none(), "no private key");
    let empty = tempfile::tempdir().unwrap();
    let path = empty.path().to_path_buf();
    let unable = Registry::configured(|config| config.adapters.directories = vec![path]).served();
    let ready = unable.get("/readyz", None);
    assert_eq!(
        (ready.status, &ready.json()["adapters"]),
        (503, &json!(false))
    );
    for path in READ {
        let head = served.request("HEAD", path, &[], b"");
        assert_eq!((head.status, head.body.as_str()), (200, ""), "{path}");
    }
}

/// Each look starts a process for each library: there is one at a time, and its answer holds for a while.
#[test]
fn many_who_ask_whether_it_is_ready_start_one_look() {
    let folder = tempfile::tempdir().unwrap();
    let (worker, started) = (folder.path().join("worker"), folder.path().join("started"));
    let script = format!("#!/bin/sh\necho one >> {}\n", started.display());
    std::fs::write(&worker, script).unwrap();
    std::fs::set_permissions(&worker, Permissions::from_mode(0o700)).unwrap();
    let library = built().join("libadapter_csv.so");
    std::fs::copy(library, folder.path().join("libadapter_csv.so")).unwrap();
    let served = Registry::configured(|config| {
        config.adapters.directories = vec![folder.path().to_owned()];
        config.adapters.worker = Some(worker);
    })
    .served();
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| {
                let ready = served.get("/readyz", None);
                assert_eq!(ready.json()["adapters"], false, "{}", ready.body);
            });
        }
    });
    let looks = std::fs::read_to_string(started).unwrap().lines().count();
    assert!(
        (1..=3).contains(&looks),
        "{looks} looks for twelve who asked"
    );
}

#[test]
fn an_address_that_is_none_and_a_method_that_is_not_taken_are_problems() {
    let served = Registry::new().served();
    for path in [
        "/",
        "/nothing",
        "/graphql/",
        "/imports",
        "/imports/",
        "/imports/a/b",
        "/healthz/x",
        "/../etc/passwd",
        "/%00",
        "/graphql%3Fquery=x",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let answer = served.request(method, path, &[], b"");
            assert_eq!(answer.status, 404, "{method} {path}: {}", answer.body);
            problem(&answer, 404, "not-found");
        }
    }
    for (path, allow) in [
        ("/healthz", "GET, HEAD"),
        ("/readyz", "GET, HEAD"),
        ("/metrics", "GET, HEAD"),
        ("/.well-known/jwks.json", "GET, HEAD"),
        ("/imports/csv", "GET, HEAD, POST"),
        ("/imports/x/issues", "GET, HEAD"),
        ("/graphql", "GET, HEAD, POST"),
    ] {
        let answer = served.request("PUT", path, &[], b"");
        problem(&answer, 405, "method-not-allowed");
        assert_eq!(answer.header("allow"), allow, "{path}");
    }
}

fn problem(answer: &crate::support::Answer, status: u16, code: &str) {
    let body = answer.json();
    assert_eq!(answer.status, status, "{body}");
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(body["type"], format!("urn:iqf-registry:problem:{code}"));
    assert_eq!(
        (&body["code"], &body["status"]),
        (&json!(code), &json!(status))
    );
    for member in ["title", "detail"] {
        assert!(!body[member].as_str().unwrap().is_empty(), "{body}");
    }
}

#[test]
fn every_answer_has_the_headers_that_protect_it() {
    let served = Registry::new().served();
    for path in READ
        .into_iter()
        .chain(["/nothing", "/imports/x", "/graphql", "/metrics"])
    {
        let answer = served.get(path, None);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        let kept = if path.ends_with("jwks.json") {
            "public, max-age=300"
        } else {
            "no-store"
        };
        assert_eq!(answer.header("cache-control"), kept, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        assert_eq!(answer.header("server"), "", "{path}");
    }
}

#[test]
fn errors_speak_welsh_to_those_who_ask() {
    let served = Registry::new().served();
    for (accept, tag) in [
        ("cy", "cy"),
        ("cy-GB", "cy"),
        ("CY", "cy"),
        ("cy, en", "cy"),
        ("en;q=0.5, cy;q=0.9", "cy"),
        ("fr, cy;q=0.3", "cy"),
        ("en", "en"),
        ("en, cy", "en"),
        ("cy;q=0.3, en;q=0.8", "en"),
        ("cy;q=0", "en"),
        ("fr", "en"),
        ("", "en"),
        ("*", "en"),
        ("cymru", "en"),
        ("cy;q=x", "en"),
    ] {
        let headers = [("Accept-Language", accept)];
        let answer = served.request("GET", "/imports/x", &headers, b"");
        assert_eq!(answer.header("content-language"), tag, "{accept}");
        let welsh = schema::Code::Unauthenticated.message(schema::Language::Welsh);
        assert_eq!(
            answer.json()["title"] == welsh,
            tag == "cy",
            "{accept}: {}",
            answer.body
        );
        let headers = [
            ("Accept-Language", accept),
            ("Content-Type", "application/json"),
        ];
        let answer = served.request(
            "POST",
            "/graphql",
            &headers,
            b"{\"query\": \"{ me { id } }\"}",
        );
        assert_eq!(answer.header("content-language"), tag, "{accept}");
        assert_eq!(
            answer.json()["errors"][0]["message"] == welsh,
            tag == "cy",
            "{accept}: {}",
            answer.body
        );
        let answer = served.request("PUT", "/healthz", &[("Accept-Language", accept)], b"");
        assert_eq!(answer.header("content-language"), tag, "{accept}");
    }
}

/// What the registry says in its log while it is asked for people, refused and broken.
#[test]
fn no_log_repeats_what_was_asked() {
    let registry = Registry::new().with_register();
    registry.push_csv(
        "RN5217",
        &csv(&[Row::award(1, "R1").with("certificate_number", "CERT77")]),
    );
    let token = registry.token(Role::Steward, None, None);
    let body = registry.token(Role::AwardingBody, None, Some("RN5217"));
    let config = registry.app.config.clone();
    let mut child = Command::new(env!("CARGO_BIN_EXE_registry"))
        .args(["serve", "--listen", "127.0.0.1:0", "--json"])
        .current_dir(registry.folder())
        .env_remove("REGISTRY_TEST_DATABASE")
        .env("REGISTRY_DATABASE", config.database_url())
        .env("REGISTRY_DATA_DIR", &config.data_dir)
        .env("REGISTRY_LOG__LEVEL", "trace")
        .env(
            "REGISTRY_ADAPTERS__DIRECTORIES",
            format!("[{:?}]", config.adapters.directories[0]),
        )
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = child.stderr.take().unwrap();
    let log = std::thread::spawn(move || {
        let mut text = Vec::new();
        BufReader::new(log).read_to_end(&mut text).unwrap();
        String::from_utf8_lossy(&text).into_owned()
    });
    let mut first = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut first).unwrap();
    let said: Value = serde_json::from_str(&first).unwrap();
    let url = said["url"].as_str().unwrap_or_else(|| panic!("{said}"));
    let url = url.to_owned();
    let served = Served {
        registry,
        url,
        queue: None,
    };
    let number = uln(1);
    let asked = format!("{{ learner(uln: \"{number}\") {{ familyName }} }}");
    assert_eq!(
        served.graphql(Some(&token), &asked, Value::Null).json()["data"]["learner"]["familyName"],
        "Inventedb"
    );
    served.graphql(Some("wrong.token.SECRET77"), &asked, Value::Null);
    served.graphql(None, &format!("{{ learner(uln: \"{number}\""), Value::Null);
    served.graphql(None, "{ verify(input: {certificateNumber: \"CERT77\", familyName: \"Inventedb\", dateOfBirth: \"1971-04-02\"}) { outcome } }", Value::Null);
    served.get(
        &format!("/graphql?query=%7Blearner(uln:%22{number}%22)%7Bid%7D%7D"),
        Some(&token),
    );
    served.get(
        &format!("/nothing/{number}?familyName=Inventedb&uln={number}"),
        None,
    );
    served.get(
        &format!("/imports/{number}?dateOfBirth=1971-04-02"),
        Some(&token),
    );
    let bearer = format!("Bearer {body}");
    let file = csv(&[
        Row::award(1, "R2").with("awarded_on", "2199-01-01"),
        Row::award(2, "R3"),
    ]);
    let pushed = served.request("POST", "/imports/csv", &[("Authorization", &bearer)], &file);
    assert_eq!(pushed.status, 202, "{}", pushed.body);
    served.ended(&body, pushed.header("location"));
    let metrics = served.get("/metrics", None);
    assert_eq!(metrics.status, 200);
    assert!(
        metrics.body.contains("registry_http_requests_total"),
        "{}",
        metrics.body
    );
    assert!(
        metrics.body.contains("registry_imports_total"),
        "{}",
        metrics.body
    );
    let stop = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(stop.success() && child.wait().unwrap().success());
    let log = log.join().unwrap();
    assert!(
        log.contains("serving") && log.contains("import ended"),
        "{log}"
    );
    for secret in [
        number.as_str(),
        "Inventedb",
        "Inventedc",
        "1971-04-02",
        "CERT77",
        "SECRET77",
        token.as_str(),
    ] {
        let told: Vec<&str> = log.lines().filter(|line| line.contains(secret)).collect();
        assert!(told.is_empty(), "{secret}: {told:#?}");
        assert!(!metrics.body.contains(secret), "{secret}: {}", metrics.body);
    }
}
