//! The writing thread: what one change does wrong is its own misfortune, never that of those beside it.

use crate::support::Registry;
use registry::db::Id;
use registry::error::Error;
use registry::model::access_entry::{AccessRow, insert};
use schema::Code;
use std::sync::mpsc::channel;

fn look(registry: &Registry, what: &str) -> AccessRow {
    AccessRow {
        id: Id::new(),
        learner_id: None,
        at: registry.app.clock.now(),
        by_whom: "a test".to_owned(),
        role: "employer".to_owned(),
        what: what.to_owned(),
        purpose: None,
        via: "test".to_owned(),
    }
}

fn looks(registry: &Registry) -> Vec<String> {
    registry.lines("SELECT what AS line FROM access_entry ORDER BY what")
}

#[test]
fn a_change_that_panics_leaves_no_transaction_open() {
    let registry = Registry::new();
    let (before, after) = (look(&registry, "before"), look(&registry, "after"));
    let failed = registry.app.db.write_blocking::<()>(move |connection| {
        insert(connection, &before)?;
        panic!("in the middle of a change")
    });
    assert!(matches!(failed, Err(Error::Internal { .. })), "{failed:?}");
    let stored = registry
        .app
        .db
        .write_blocking(move |connection| Ok(insert(connection, &after)?));
    assert!(stored.is_ok(), "{stored:?}");
    // Another connection sees what is committed, and nothing else.
    assert_eq!(looks(&registry), ["after"]);
}

#[test]
fn rows_that_cannot_be_stored_fail_alone_among_those_who_came_together() {
    let registry = Registry::new();
    let db = &registry.app.db;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let (go, wait) = channel::<()>();
    let (holds, held_now) = channel::<()>();
    let holding = db.clone();
    let held = std::thread::spawn(move || {
        holding.write_blocking(move |_| {
            holds.send(()).map_err(Error::internal)?;
            wait.recv().map_err(Error::internal)
        })
    });
    held_now.recv().unwrap();
    let mut rows: Vec<AccessRow> = (0..10)
        .map(|number| look(&registry, &format!("look {number}")))
        .collect();
    // One identifier twice: of these two one can be stored.
    rows[7].id = rows[3].id;
    let answers = runtime.block_on(async {
        let all = rows.into_iter().map(|row| db.append(vec![row]));
        let all = futures_util::future::join_all(all);
        let release = async {
            // All are asked for before the thread that they wait for goes on.
            while db.waiting().1 < 10 {
                tokio::task::yield_now().await;
            }
            go.send(()).unwrap();
        };
        futures_util::future::join(all, release).await.0
    });
    held.join().unwrap().unwrap();
    let failed: Vec<usize> = (0..10).filter(|place| answers[*place].is_err()).collect();
    assert!(failed == [3] || failed == [7], "{failed:?}");
    assert_eq!(looks(&registry).len(), 9);
    // And the thread goes on.
    let last = look(&registry, "last");
    runtime.block_on(db.append(vec![last])).unwrap();
    assert_eq!(registry.count("access_entry"), 10);
}

#[test]
fn a_change_that_fails_takes_nobody_with_it() {
    let registry = Registry::new();
    let db = &registry.app.db;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let (go, wait) = channel::<()>();
    let (holds, held_now) = channel::<()>();
    let holding = db.clone();
    let held = std::thread::spawn(move || {
        holding.write_blocking(move |_| {
            holds.send(()).map_err(Error::internal)?;
            wait.recv().map_err(Error::internal)
        })
    });
    held_now.recv().unwrap();
    let changes = (0..6).map(|number| {
        let row = look(&registry, &format!("look {number}"));
        db.write(move |connection| {
            insert(connection, &row)?;
            match number {
                2 => Err(Error::from(Code::NotFound)),
                4 => panic!("in the middle of a change"),
                _ => Ok(()),
            }
        })
    });
    let beside = look(&registry, "look beside");
    let answers = runtime.block_on(async {
        let all = futures_util::future::join_all(changes);
        let rows = db.append(vec![beside]);
        let release = async {
            while db.waiting().1 < 7 {
                tokio::task::yield_now().await;
            }
            go.send(()).unwrap();
        };
        let (answers, stored, ()) = futures_util::future::join3(all, rows, release).await;
        stored.unwrap();
        answers
    });
    held.join().unwrap().unwrap();
    let codes = answers
        .iter()
        .map(|answer| answer.as_ref().err().map(Error::code));
    let codes: Vec<Option<Code>> = codes.collect();
    let (none, panicked) = (Some(Code::NotFound), Some(Code::Internal));
    assert_eq!(codes, [None, None, none, None, panicked, None]);
    assert_eq!(
        looks(&registry),
        ["look 0", "look 1", "look 3", "look 5", "look beside"]
    );
}
