//! Tests of the adapter as a whole: documents in, records and issues out.

mod batches;
mod events;
mod hostile;
mod reports;

use crate::LearningRecords;
use sdk::ResultRecord;
use sdk::harness::{Outcome, run};

fn read(config: &str, file: impl AsRef<[u8]>) -> Outcome {
    run::<LearningRecords>(config, file.as_ref())
}

fn stop(outcome: &Outcome) -> &str {
    outcome.stop.as_ref().map_or("", |stop| stop.code.as_str())
}

fn path(record: &ResultRecord) -> &str {
    record
        .position
        .as_ref()
        .map_or("", |position| position.path.as_str())
}

fn fixture(path: &str) -> Vec<u8> {
    let path = format!("{}/../../tests/fixtures/{path}", env!("CARGO_MANIFEST_DIR"));
    let file = std::fs::read(&path);
    assert!(file.is_ok(), "{path}: {file:?}");
    file.unwrap_or_default()
}

/// A sample of the service's answers, which is not ours to publish; none where it is not at hand.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn sample(name: &str) -> Option<Vec<u8>> {
    let samples = std::env::var("IQF_SAMPLES")
        .unwrap_or_else(|_| format!("{}/../../../shared/samples", env!("CARGO_MANIFEST_DIR")));
    let path = format!("{samples}/lrs/{name}");
    let file = std::fs::read(&path).ok();
    if file.is_none() {
        eprintln!("SKIPPED: the sample {path} is not here; set IQF_SAMPLES.");
    }
    file
}

/// What the registry's rules make of the records: each must be accepted.
fn accepted(outcome: &Outcome) -> Vec<schema::Checked> {
    let today = schema::Date::from_ymd_opt(2024, 1, 1).unwrap_or_default();
    let mut accepted = Vec::new();
    for record in &outcome.records {
        match schema::check(record, today, schema::PersonKnown::FromRecord) {
            Ok(checked) => accepted.push(checked),
            Err(rejection) => assert_eq!(None, Some(rejection), "{}", path(record)),
        }
    }
    accepted
}
