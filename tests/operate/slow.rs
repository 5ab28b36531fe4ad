//! Slow statements are told without what was asked.

use crate::support::Registry;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Double, Text};
use registry::db::{Connection, Hearing, Purpose};
use std::io::Write;
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What the log says while something is done.
fn logged(work: impl FnOnce()) -> String {
    let kept = Kept::default();
    let writer = kept.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, work);
    let bytes = kept.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

/// A statement that takes a while, with a name bound to it and a number of somebody's written into it.
fn dawdle(connection: &mut Connection, name: &str) {
    let done = match connection {
        Connection::Postgres(open) => {
            diesel::sql_query("SELECT pg_sleep($1) WHERE $2 <> '1000000042' AND 1234567890 > 0")
                .bind::<Double, _>(0.15)
                .bind::<Text, _>(name)
                .execute(open)
        }
        Connection::Sqlite(open) => diesel::sql_query(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) \
             SELECT count(*) FROM n WHERE ? <> '1000000042' AND 1234567890 > 0",
        )
        .bind::<BigInt, _>(1_500_000_i64)
        .bind::<Text, _>(name)
        .execute(open),
    };
    done.unwrap();
}

#[test]
fn a_slow_statement_is_logged_with_its_text_and_without_a_value() {
    let registry = Registry::new();
    let mut connection =
        Connection::open(&registry.app.config.database_url(), Purpose::Read).unwrap();
    connection.heard_by(&Hearing::slower_than(50));
    let log = logged(|| {
        connection.batch("SELECT 1").unwrap();
        dawdle(&mut connection, "Inventedb");
    });
    let events: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events.len(), 1, "only the slow one: {log}");
    let event = &events[0]["fields"];
    assert_eq!(
        (&event["message"], &event["failed"]),
        (&"slow statement".into(), &false.into())
    );
    assert!(event["duration_ms"].as_u64().unwrap() >= 50, "{event}");
    let statement = event["statement"].as_str().unwrap();
    assert!(statement.contains("<> ? AND ? > ?"), "{statement}");
    for value in ["Inventedb", "1000000042", "1234567890", "1500000", "0.15"] {
        assert!(!log.contains(value), "{value} in {log}");
    }
    connection.heard_by(&Hearing::slower_than(0));
    assert_eq!(logged(|| dawdle(&mut connection, "Inventedb")), "");
}
