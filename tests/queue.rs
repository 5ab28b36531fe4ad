//! The queue of imports: whose turn it is, who runs a job, what becomes of it when that one is gone, and
//! cancelling it.

mod cancel;
mod claims;
mod servers;

use crate::support::{Registry, Row, csv, push_of};
use registry::action::import::{Origin, Progress, Push, Submitted, submit};
use registry::app::{App, Clock};
use registry::model::import_job::JobRow;
use schema::RecognitionNumber;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// So many awards of invented people.
fn many(prefix: &str, count: u32) -> Vec<u8> {
    let rows: Vec<Row> = (0..count)
        .map(|number| Row::award(number, &format!("{prefix}-{number}")))
        .collect();
    csv(&rows)
}

/// Stores a job of a file, and runs nothing.
pub(crate) fn stored(app: &App, body: &str, adapter: &str, dry_run: bool, file: &[u8]) -> JobRow {
    let origin = Origin::Body(RecognitionNumber::parse(body).unwrap());
    let push = Push {
        caller: "somebody else".to_owned(),
        dry_run,
        ..push_of(app, origin, adapter, file).unwrap()
    };
    match submit(app, &push).unwrap() {
        Submitted::New(job) => job,
        other => panic!("{other:?}"),
    }
}

/// Another server on the database of a registry; its clock stands somewhere else.
fn another(registry: &Registry, name: &str, shared_spool: bool) -> Arc<App> {
    let mut config = registry.app.config.clone();
    config.data_dir = registry.folder().join(name);
    if !shared_spool {
        config.server.spool = None;
    }
    let long_ago = chrono::DateTime::from_timestamp(1_000_000_000, 0).unwrap();
    App::open(config, Clock::new(move || long_ago.naive_utc())).unwrap()
}

/// Stops a run at its first step of one kind, says so, and waits until it is told to go on.
struct Held {
    at: &'static str,
    entered: Mutex<Option<Sender<()>>>,
    go: Mutex<Receiver<()>>,
}

impl Held {
    fn at(at: &'static str) -> (Self, Receiver<()>, Sender<()>) {
        let (entered, enters) = channel();
        let (go, wait) = channel();
        let held = Self {
            at,
            entered: Mutex::new(Some(entered)),
            go: Mutex::new(wait),
        };
        (held, enters, go)
    }

    fn step(&self, at: &str) {
        if at == self.at
            && let Some(entered) = self.entered.lock().unwrap().take()
        {
            entered.send(()).unwrap();
            let _ = self.go.lock().unwrap().recv();
        }
    }
}

impl Progress for Held {
    fn reading(&self, _job: &JobRow) {
        self.step("reading");
    }
    fn merging(&self, _job: &JobRow, _done: i64, _all: i64) {
        self.step("merging");
    }
}

/// The states of all jobs, the oldest first.
fn states(registry: &Registry) -> Vec<String> {
    registry.lines("SELECT state AS line FROM import_job ORDER BY id")
}
