//! The database locked by somebody else for longer than anybody should wait.

use super::{ME, VERIFY, asked, body, many, postgres, practitioner, push, sqlite, until, verified};
use crate::support::{Registry, Served, csv};
use registry::db::{Connection, Purpose};
use std::time::Duration;

fn served() -> Served {
    let registry = Registry::new().with_register();
    registry.push_csv("RN5217", &csv(&[verified()]));
    registry.served()
}

fn beside(served: &Served) -> Connection {
    let url = served.registry.app.config.database_url();
    Connection::open(&url, Purpose::Write).unwrap()
}

#[test]
fn a_file_that_another_process_holds_is_waited_for_and_then_told_of() {
    if !sqlite("a locked file") {
        return;
    }
    let served = served();
    let mut other = beside(&served);
    let practitioner = practitioner(&served);
    let pushed = push(&served, &csv(&many(50)), "before");
    other.batch("BEGIN IMMEDIATE").unwrap();
    std::thread::scope(|scope| {
        let writes = [
            scope.spawn(|| asked(&served, None, VERIFY)),
            scope.spawn(|| {
                let answer = push(&served, &csv(&many(1)), "locked");
                assert_eq!((answer.status, answer.header("retry-after")), (503, "2"));
                (
                    answer.json()["code"].as_str().unwrap().to_owned(),
                    Duration::ZERO,
                )
            }),
        ];
        for _ in 0..20 {
            assert_eq!(
                asked(&served, Some(&practitioner), ME).0,
                "",
                "reading goes on"
            );
        }
        for write in writes {
            let (code, took) = write.join().unwrap();
            assert_eq!(code, "unavailable");
            assert!(took < Duration::from_secs(20), "{took:?}");
        }
    });
    other.batch("ROLLBACK").unwrap();
    assert_eq!(asked(&served, None, VERIFY).0, "");
    let job = served.ended(&body(&served.registry), pushed.header("location"));
    let count = |what: &str| job["counts"][what].as_i64().unwrap();
    // What was answered as unavailable may have been stored in the end, and have gone first.
    assert_eq!(
        (&job["state"], count("created") + count("unchanged")),
        (&"DONE".into(), 50),
        "the import went on"
    );
    assert_eq!(push(&served, &csv(&many(1)), "locked").status, 202);
    until("emptied its spool", || {
        super::spooled(&served.registry.app.config.data_dir) == 0
    });
}

#[test]
fn a_table_that_another_session_locks_is_waited_for_and_then_told_of() {
    if postgres("a locked table").is_none() {
        return;
    }
    let served = served();
    let mut other = beside(&served);
    let practitioner = practitioner(&served);
    other
        .batch("BEGIN; LOCK TABLE receipt IN ACCESS EXCLUSIVE MODE")
        .unwrap();
    let (code, took) = asked(&served, None, VERIFY);
    assert_eq!(code, "unavailable");
    assert!(took < Duration::from_secs(12), "{took:?}");
    assert_eq!(
        asked(&served, Some(&practitioner), ME).0,
        "",
        "reading goes on"
    );
    other.batch("ROLLBACK").unwrap();
    assert_eq!(asked(&served, None, VERIFY).0, "");
    other
        .batch("BEGIN; LOCK TABLE learner IN ACCESS EXCLUSIVE MODE")
        .unwrap();
    let (code, took) = asked(&served, Some(&practitioner), ME);
    assert_eq!(code, "unavailable");
    assert!(took < Duration::from_secs(12), "{took:?}");
    let pushed = push(&served, &csv(&many(50)), "locked");
    assert_eq!(pushed.status, 202, "{}", pushed.body);
    other.batch("ROLLBACK").unwrap();
    let job = served.ended(&body(&served.registry), pushed.header("location"));
    assert_eq!(
        (&job["state"], &job["counts"]["created"]),
        (&"DONE".into(), &50.into())
    );
    assert_eq!(asked(&served, Some(&practitioner), ME).0, "");
}
