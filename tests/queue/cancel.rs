//! Cancelling: in each state, by whom it may be done, from whatever server, and what is left of it.

use super::claims::{run_out, until};
use super::{Held, another, many, states, stored};
use crate::protocol::Socket;
use crate::support::{Registry, Row, codes, csv, database, uln};
use registry::access::Caller;
use registry::access::Role;
use registry::action::import::{Origin, Queue, Silent, run};
use registry::config::Config;
use registry::db::{Connection, Id, Purpose};
use serde_json::{Value, json};
use std::sync::atomic::AtomicBool;

const CANCEL: &str = "mutation ($id: ID!) { cancelImport(id: $id) { id state error { code } } }";

fn cancel(registry: &Registry, caller: &Caller, id: Id) -> Value {
    registry.ask(caller, CANCEL, json!({"id": id.show("import")}))
}

fn state(answer: &Value) -> &str {
    answer["data"]["cancelImport"]["state"]
        .as_str()
        .unwrap_or_else(|| panic!("{answer}"))
}

/// An adapter that goes on until it is told to end.
fn endless(config: &mut Config) {
    config.adapters.silence = 600;
    config.server.imports_at_once = 1;
    let table = [("how".to_owned(), "until-cancelled".into())];
    let table = figment::value::Dict::from(table);
    let tables = &mut config.adapters.tables;
    tables.insert("misbehaving".to_owned(), table.into());
}

fn spooled(config: &Config) -> usize {
    std::fs::read_dir(config.spool()).map_or(0, Iterator::count)
}

fn nothing_left(registry: &Registry) {
    for table in ["source", "learner", "staged_batch", "import_claim"] {
        assert_eq!(registry.count(table), 0, "{table}");
    }
}

#[test]
fn an_import_that_waits_is_cancelled_and_leaves_nothing() {
    let registry = Registry::new();
    let body = registry.body("RN5217");
    let job = stored(&registry.app, "RN5217", "csv", false, &many("R", 3));
    let answer = cancel(&registry, &body, job.id);
    assert_eq!(state(&answer), "CANCELLED");
    assert_eq!(
        answer["data"]["cancelImport"]["error"]["code"],
        "import-cancelled"
    );
    nothing_left(&registry);
    assert_eq!(spooled(&registry.app.config), 0);
    // A second time there is nothing left to cancel.
    assert_eq!(codes(&cancel(&registry, &body, job.id)), ["state-conflict"]);
    let never = AtomicBool::new(false);
    let told = run(&registry.app, job.id, &Silent, &never).unwrap();
    assert_eq!(told.state, "cancelled", "and nobody runs it any more");
    // One whose file lies in another server's spool: that server drops it.
    let other = another(&registry, "other", false);
    let job = stored(&other, "RN5217", "csv", false, &many("R", 3));
    assert_eq!(
        state(&cancel(&registry, &registry.steward(), job.id)),
        "CANCELLED"
    );
    assert_eq!(spooled(&other.config), 1);
    Queue::start(&other).unwrap().stop();
    assert_eq!(spooled(&other.config), 0);
    nothing_left(&registry);
}

#[test]
fn an_import_that_is_read_is_cancelled_its_worker_ended_and_watchers_told() {
    let registry = Registry::configured(endless);
    let token = registry.token(Role::AwardingBody, None, Some("RN5217"));
    let served = registry.served();
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str())];
    let pushed = served.request("POST", "/imports/misbehaving", &headers, b"one\n");
    let id = pushed.json()["id"].as_str().unwrap().to_owned();
    until("reading", || states(&served.registry) == ["reading"]);
    let mut socket = Socket::introduced(&served, Some(&token));
    let follow = "subscription ($id: ID!) { importProgress(id: $id) { state } }";
    socket.subscribe("p", json!({"query": follow, "variables": {"id": id}}));
    let heard = |message: &Value| message["payload"]["data"]["importProgress"]["state"].clone();
    assert_eq!(heard(&socket.said()), "READING");
    let answer = served.graphql(Some(&token), CANCEL, json!({"id": id}));
    assert_eq!(state(&answer.json()), "CANCELLED");
    assert_eq!(heard(&socket.said()), "CANCELLED");
    assert_eq!(socket.said(), json!({"id": "p", "type": "complete"}));
    // The only place is free again, and so the worker gone: its runner waits for that.
    let next = served.request(
        "POST",
        "/imports/csv",
        &headers,
        &csv(&[Row::award(1, "R1")]),
    );
    let done = served.ended(&token, next.header("location"));
    assert_eq!(done["state"], "DONE", "{done}");
    assert_eq!(spooled(&served.registry.app.config), 0);
    assert_eq!(served.registry.count("staged_batch"), 0);
}

#[test]
fn an_import_that_another_server_reads_is_cancelled() {
    let registry = Registry::configured(endless);
    let other = another(&registry, "other", false);
    let job = stored(&other, "RN5217", "misbehaving", false, b"one\n");
    let never = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let runs = scope.spawn(|| run(&other, job.id, &Silent, &never).unwrap());
        until("reading", || states(&registry) == ["reading"]);
        let answer = cancel(&registry, &registry.body("RN5217"), job.id);
        assert_eq!(state(&answer), "CANCELLED");
        // The adapter goes on until it is told to end.
        assert_eq!(runs.join().unwrap().state, "cancelled");
    });
    nothing_left(&registry);
}

#[test]
fn what_is_merged_in_one_transaction_is_cancelled_by_taking_it_back() {
    let registry = Registry::new();
    let token = registry.token(Role::AwardingBody, None, Some("RN5217"));
    let served = registry.served();
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str())];
    let pushed = served.request(
        "POST",
        "/imports/csv?mode=atomic",
        &headers,
        &many("R", 12_000),
    );
    let id = pushed.json()["id"].as_str().unwrap().to_owned();
    until("merging", || states(&served.registry) == ["merging"]);
    let answer = served.graphql(Some(&token), CANCEL, json!({"id": id}));
    assert_eq!(state(&answer.json()), "CANCELLED");
    nothing_left(&served.registry);
    assert_eq!(spooled(&served.registry.app.config), 0);
}

#[test]
fn one_that_another_server_merges_in_one_transaction_ends_as_soon_as_its_step_does() {
    if database::server().is_none() {
        eprintln!("SKIPPED: another server's transaction: it is about PostgreSQL");
        return;
    }
    let registry = Registry::new();
    let other = another(&registry, "other", false);
    let job = stored(&other, "RN5217", "csv", true, &many("R", 3));
    let url = registry.app.config.database_url();
    let mut beside = Connection::open(&url, Purpose::Write).unwrap();
    // Another import is being merged, and does not end.
    beside.batch("SELECT pg_advisory_lock(720392)").unwrap();
    let never = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let runs = scope.spawn(|| run(&other, job.id, &Silent, &never).unwrap());
        until("merging", || states(&registry) == ["merging"]);
        until("waiting for its turn", || {
            let waiting =
                "SELECT 'one' AS line FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
            !registry.lines(waiting).is_empty()
        });
        // In the middle of a step the claim can be renewed, and even where it ran out nobody takes the job.
        run_out(&registry);
        let refused = run(&registry.app, job.id, &Silent, &never).unwrap_err();
        assert_eq!(refused.code(), schema::Code::StateConflict);
        let asks = scope.spawn(|| cancel(&registry, &registry.body("RN5217"), job.id));
        until("asked", || {
            let asked = "SELECT 'one' AS line FROM import_claim WHERE cancel_asked";
            !registry.lines(asked).is_empty()
        });
        let answer = asks.join().unwrap();
        assert_eq!(state(&answer), "MERGING", "its step has not ended");
        beside.batch("SELECT pg_advisory_unlock(720392)").unwrap();
        assert_eq!(runs.join().unwrap().state, "cancelled");
    });
    nothing_left(&registry);
}

#[test]
fn what_counts_already_is_not_cancelled() {
    let registry = Registry::new();
    let job = stored(&registry.app, "RN5217", "csv", false, &many("R", 4500));
    let (held, enters, go) = Held::at("merging");
    let never = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let runs = scope.spawn(|| run(&registry.app, job.id, &held, &never).unwrap());
        enters.recv().unwrap();
        for caller in [registry.body("RN5217"), registry.steward()] {
            let refused = cancel(&registry, &caller, job.id);
            assert_eq!(codes(&refused), ["state-conflict"]);
            let words = refused["errors"][0]["message"].as_str().unwrap();
            assert!(words.contains("undo it"), "{words}");
        }
        go.send(()).unwrap();
        assert_eq!(runs.join().unwrap().state, "done");
    });
    assert_eq!(registry.count("source"), 4500);
    let refused = cancel(&registry, &registry.steward(), job.id);
    assert_eq!(codes(&refused), ["state-conflict"]);
}

#[test]
fn an_import_is_cancelled_by_those_whose_it_is_and_by_stewards() {
    let registry = Registry::new();
    registry.push_csv("RN5217", &csv(&[Row::award(1, "R1")]));
    let job = stored(&registry.app, "RN5156", "csv", false, &many("S", 1));
    for (caller, code) in [
        (Caller::nobody(), "unauthenticated"),
        (registry.body("RN5217"), "not-found"),
        (registry.practitioner(&uln(1)), "not-found"),
        (registry.employer(), "not-found"),
    ] {
        assert_eq!(codes(&cancel(&registry, &caller, job.id)), [code]);
    }
    let unknown = cancel(&registry, &registry.body("RN5217"), Id::new());
    assert_eq!(codes(&unknown), ["not-found"]);
    assert_eq!(states(&registry), ["done", "queued"], "nobody changed it");
    assert_eq!(
        state(&cancel(&registry, &registry.body("RN5156"), job.id)),
        "CANCELLED"
    );
    let job = stored(&registry.app, "RN5156", "csv", false, &many("S", 1));
    assert_eq!(
        state(&cancel(&registry, &registry.steward(), job.id)),
        "CANCELLED"
    );
    // A person what they brought themselves, and nobody else's.
    let person = registry.practitioner(&uln(1));
    let learner = registry.learner_or_made(&uln(1));
    let mut job = stored(&registry.app, "RN5156", "csv", false, &many("S", 1));
    job.caller = person.pushing_key();
    job.awarding_body = None;
    job.learner_id = Some(learner);
    job.submitter = Origin::Learner(learner).submitter("csv", &registry.app.config);
    let (id, own) = (job.id, job);
    let changed = registry.app.db.write_blocking(move |connection| {
        Ok(registry::model::import_job::update(connection, &own)?)
    });
    changed.unwrap();
    let mut stranger = registry.practitioner(&uln(2));
    stranger.identity = Some(("registry".to_owned(), "somebody else".to_owned()));
    let refused = cancel(&registry, &stranger, id);
    assert_eq!(codes(&refused), ["not-found"]);
    assert_eq!(state(&cancel(&registry, &person, id)), "CANCELLED");
}
