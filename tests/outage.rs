//! Outages and the worst day: the database gone and back, locked, read-only; disks that are full; clocks that
//! are wrong; a power cut in the middle of an import. Each has its own code and words, nothing is lost and
//! nothing is half done, and good work goes on afterwards without a restart.

mod clock;
mod full;
mod gone;
mod kills;
mod locked;
mod proxy;
mod readonly;
mod traces;
mod writer;

use crate::support::{Registry, Row, Served, codes, uln};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// The server where the suite runs on PostgreSQL; said loudly where it does not.
fn postgres(what: &str) -> Option<String> {
    let server = crate::support::database::server();
    if server.is_none() {
        eprintln!("SKIPPED: {what}: it is about PostgreSQL; set REGISTRY_TEST_DATABASE");
    }
    server
}

/// Whether the suite runs on SQLite; said loudly where it does not.
fn sqlite(what: &str) -> bool {
    let sqlite = crate::support::database::server().is_none();
    if !sqlite {
        eprintln!("SKIPPED: {what}: it is about SQLite; unset REGISTRY_TEST_DATABASE");
    }
    sqlite
}

/// So many awards of invented people of the body RN5217.
fn many(count: u32) -> Vec<Row> {
    let rows = 0..count;
    rows.map(|number| Row::award(number, &format!("R-{number}")))
        .collect()
}

const ME: &str = "{ me { givenName } }";
const VERIFY: &str = "{ verify(input: {certificateNumber: \"C1\", familyName: \"Inventedb\", dateOfBirth: \"1971-04-02\"}) { outcome } }";

/// The award that [`VERIFY`] asks for.
fn verified() -> Row {
    Row::award(1, "R1").with("certificate_number", "C1")
}

fn practitioner(served: &Served) -> String {
    let own = uln(1);
    let registry = &served.registry;
    registry.token(registry::access::Role::Practitioner, Some(&own), None)
}

fn body(registry: &Registry) -> String {
    registry.token(registry::access::Role::AwardingBody, None, Some("RN5217"))
}

/// The code of a GraphQL answer's error, empty where it has none; and how long it took.
fn asked(served: &Served, token: Option<&str>, query: &str) -> (String, Duration) {
    let began = Instant::now();
    let answer = served.graphql(token, query, Value::Null);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let codes = codes(&answer.json());
    (codes.first().cloned().unwrap_or_default(), began.elapsed())
}

fn push(served: &Served, file: &[u8], key: &str) -> crate::support::Answer {
    let bearer = format!("Bearer {}", body(&served.registry));
    let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", key)];
    served.request("POST", "/imports/csv", &headers, file)
}

/// Waits for what must become so, by looking again and again.
fn until(what: &str, mut so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !so() {
        assert!(began.elapsed() < Duration::from_secs(120), "never {what}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// Files in the spool, named or not.
fn spooled(data_dir: &std::path::Path) -> usize {
    std::fs::read_dir(data_dir.join("spool")).map_or(0, Iterator::count)
}

/// The one word that every outage has.
fn unavailable() -> Value {
    json!("unavailable")
}
