//! Claims: one at a time, by the database's clock, taken over when they ran out, and whose turn it is.

use super::{Held, another, many, states, stored};
use crate::support::{Registry, Row, csv};
use registry::action::import::{Queue, Silent, run};
use schema::Code;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Lets all claims run out.
pub(super) fn run_out(registry: &Registry) {
    let done = registry.app.db.write_blocking(|connection| {
        Ok(connection.batch("UPDATE import_claim SET claimed_until = '2001-01-01 00:00:00'")?)
    });
    done.unwrap();
}

fn shared() -> Registry {
    Registry::configured(|config| {
        config.server.spool = Some(config.data_dir.with_file_name("shared"));
    })
}

#[test]
fn a_job_whose_claim_ran_out_is_gone_on_with_and_its_first_runner_changes_nothing_any_more() {
    for at in ["reading", "merging"] {
        let registry = shared();
        let other = another(&registry, "other", true);
        let job = stored(&registry.app, "RN5217", "csv", false, &many("R", 4500));
        let (held, enters, go) = Held::at(at);
        let never = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let first = scope.spawn(|| run(&registry.app, job.id, &held, &never));
            enters.recv().unwrap();
            // While it gives signs of life nobody else gets the job, whatever other clocks say.
            let refused = run(&other, job.id, &Silent, &never).unwrap_err();
            assert_eq!(refused.code(), Code::StateConflict, "{at}");
            run_out(&registry);
            let taken = run(&other, job.id, &Silent, &never).unwrap();
            assert_eq!((taken.state.as_str(), taken.records), ("done", 4500));
            assert_eq!(taken.created, 4500, "{at}");
            go.send(()).unwrap();
            let told = first.join().unwrap().unwrap();
            assert_eq!(told, taken, "the first runner tells how it ended");
        });
        assert_eq!(registry.count("source"), 4500, "{at}");
        assert_eq!(registry.count("import_claim"), 0);
        assert_eq!(registry.count("staged_batch"), 0);
    }
}

#[test]
fn what_is_merged_needs_no_file_and_what_is_read_does() {
    let registry = Registry::new();
    let other = another(&registry, "other", false);
    let never = AtomicBool::new(false);
    let reads = stored(&registry.app, "RN5217", "csv", false, &many("Q", 3));
    let job = stored(&registry.app, "RN5217", "csv", false, &many("R", 4500));
    // A server that is asked to stop gives the job back at once.
    let (held, enters, go) = Held::at("merging");
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| run(&registry.app, job.id, &held, &stop));
        enters.recv().unwrap();
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        go.send(()).unwrap();
        // It may have been about to end when it heard.
        let stopped = first.join().unwrap();
        assert_eq!(stopped.unwrap_err().code(), Code::Unavailable);
    });
    let queue = Queue::start(&other).unwrap();
    until("merged", || states(&registry) == ["queued", "done"]);
    queue.stop();
    assert_eq!(registry.count("source"), 4500);
    let read = run(&registry.app, reads.id, &Silent, &never).unwrap();
    assert_eq!(read.records, 3);
}

#[test]
fn a_body_with_many_files_does_not_keep_others_waiting() {
    let registry = Registry::configured(|config| config.server.imports_at_once = 1);
    let mut names = Vec::new();
    for (body, count) in [("RN5217", 10), ("RN5156", 2), ("RN5300", 1)] {
        for number in 0..count {
            let file = csv(&[Row::award(number, &format!("{body}-{number}")).with("body", body)]);
            let id = stored(&registry.app, body, "csv", false, &file).id;
            names.push((id.to_string(), body));
        }
    }
    let queue = Queue::start(&registry.app).unwrap();
    until("all ended", || {
        states(&registry)
            .iter()
            .all(|state| state.starts_with("done") || state == "failed")
    });
    queue.stop();
    let hex = match registry.app.db.engine() {
        registry::db::Engine::Sqlite => "lower(hex(id))",
        registry::db::Engine::Postgres => "encode(id, 'hex')",
    };
    let order = registry.lines(&format!(
        "SELECT {hex} AS line FROM import_job ORDER BY started_at, id"
    ));
    let bodies: Vec<&str> = order
        .iter()
        .map(|id| names.iter().find(|(name, _)| name == id).unwrap().1)
        .collect();
    let rest = ["RN5217"; 8];
    let mut expected = vec!["RN5217", "RN5156", "RN5300", "RN5217", "RN5156"];
    expected.extend(rest);
    assert_eq!(bodies, expected);
    // And of one body's the oldest comes first.
    let own: Vec<&String> = order
        .iter()
        .filter(|id| {
            names
                .iter()
                .any(|(name, body)| name == *id && *body == "RN5217")
        })
        .collect();
    assert!(own.is_sorted(), "{own:?}");
}

#[test]
fn jobs_that_wait_are_counted() {
    let registry = Registry::configured(|config| {
        config.server.imports_at_once = 1;
        config.adapters.silence = 600;
        let table = [("how".to_owned(), "until-cancelled".into())];
        let table = figment::value::Dict::from(table);
        let tables = &mut config.adapters.tables;
        tables.insert("misbehaving".to_owned(), table.into());
    });
    let elsewhere = another(&registry, "other", false);
    for number in 0..4 {
        let file = format!("one\n{number}\n");
        stored(
            &registry.app,
            "RN5217",
            "misbehaving",
            false,
            file.as_bytes(),
        );
    }
    // One that lies in another server's spool is none that this one could run.
    stored(&elsewhere, "RN5217", "csv", false, &many("R", 1));
    let queue = Queue::start(&registry.app).unwrap();
    until("counted", || queue.waiting() == 3);
    queue.stop();
    assert_eq!(
        registry
            .lines("SELECT 'one' AS line FROM import_job WHERE state = 'reading'")
            .len(),
        1
    );
}

pub(super) fn until(what: &str, mut so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !so() {
        assert!(began.elapsed() < Duration::from_secs(90), "never {what}");
        std::thread::park_timeout(Duration::from_millis(10));
    }
}
