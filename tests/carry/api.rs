//! The VC API for conformance suites, over HTTP: what is issued, what verifies, and each fault with its code.

mod issue;
mod present;
mod verify;

use crate::support::{Answer, Process, Registry, Served, command, database};
use serde_json::{Value, json};

const NEWER: &str = "https://www.w3.org/ns/credentials/v2";
const OLDER: &str = "https://www.w3.org/2018/credentials/v1";
const EXAMPLES: &str = "https://www.w3.org/ns/credentials/examples/v2";

fn served() -> Served {
    Registry::configured(|config| config.credentials.conformance = true).served()
}

fn post(served: &Served, path: &str, body: &Value) -> Answer {
    let headers = [("Content-Type", "application/json")];
    served.request("POST", path, &headers, body.to_string().as_bytes())
}

fn issue(served: &Served, credential: &Value) -> Answer {
    post(
        served,
        "/credentials/issue",
        &json!({ "credential": credential }),
    )
}

/// 200, or 400 with the first code.
fn verify(served: &Served, credential: &Value, options: &Value) -> (u16, String) {
    let body = json!({"verifiableCredential": credential, "options": options});
    said(&post(served, "/credentials/verify", &body))
}

fn present(served: &Served, presentation: &Value, options: &Value) -> (u16, String) {
    let body = json!({"verifiablePresentation": presentation, "options": options});
    said(&post(served, "/presentations/verify", &body))
}

fn said(answer: &Answer) -> (u16, String) {
    let body = answer.json();
    assert_eq!(body["verified"], answer.status == 200, "{body}");
    let code = body["problemDetails"][0]["code"]
        .as_str()
        .unwrap_or_default();
    (answer.status, code.to_owned())
}

fn changed(document: &Value, change: impl FnOnce(&mut Value)) -> Value {
    let mut changed = document.clone();
    change(&mut changed);
    changed
}

#[test]
fn it_is_served_where_it_is_asked_for_and_only_on_this_machine() {
    let without = Registry::configured(|_| ()).served();
    for path in [
        "/credentials/issue",
        "/credentials/verify",
        "/presentations/verify",
    ] {
        let answer = post(&without, path, &json!({}));
        assert!(
            [404, 405].contains(&answer.status),
            "{path} {}",
            answer.status
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let url = database::fresh(folder.path());
    for (listen, proxies, served) in [
        ("0.0.0.0:0", "[]", false),
        ("127.0.0.1:0", "[\"10.0.0.1\"]", false),
        ("registry.example:0", "[]", false),
        ("127.0.0.1:0", "[]", true),
        ("localhost:0", "[]", true),
    ] {
        let mut command = command(
            folder.path(),
            &url,
            &["--json", "serve", "--listen", listen],
        );
        command
            .env("REGISTRY_CREDENTIALS__CONFORMANCE", "true")
            .env("REGISTRY_SERVER__TRUSTED_PROXIES", proxies);
        if !served {
            let output = command.output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{listen}");
            continue;
        }
        let process = Process::start(folder.path(), command);
        let body = br#"{"credential": {}}"#;
        let answer = process.request(
            "POST",
            "/credentials/issue",
            &[("Content-Type", "application/json")],
            body,
        );
        assert_eq!(answer.status, 400, "{}", answer.body);
        assert!(process.log().contains("whatever is asked for is signed"));
        process.stop();
    }
    database::drop_database(&url);
}
