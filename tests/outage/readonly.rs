//! A database that can be read and takes no changes, as a copy after a failover, or a file on a disk that was
//! made read-only.

use super::{ME, VERIFY, asked, body, practitioner, push, unavailable, verified};
use crate::support::{Registry, Served, codes, csv};
use registry::db::{Connection, Engine, Purpose};
use serde_json::{Value, json};

fn is_told(served: &Served) {
    let practitioner = practitioner(served);
    assert_eq!(
        asked(served, Some(&practitioner), ME).0,
        "",
        "reading goes on"
    );
    let qualification = "{ qualification(number: \"500/9170/0\") { title } }";
    assert_eq!(asked(served, None, qualification).0, "");
    let answer = served.graphql(None, VERIFY, Value::Null).json();
    assert_eq!(codes(&answer), ["unavailable"], "{answer}");
    assert_eq!(answer["data"], Value::Null, "no answer without its receipt");
    let words = answer["errors"][0]["message"].as_str().unwrap();
    assert!(words.contains("takes no changes"), "{words}");
}

#[test]
fn a_database_that_takes_no_changes_is_read_and_says_so() {
    let registry = Registry::new().with_register();
    registry.push_csv("RN5217", &csv(&[verified()]));
    let url = registry.app.config.database_url();
    let served = registry.served();
    let token = body(&served.registry);
    match Engine::of(&url).unwrap() {
        Engine::Postgres => {
            let mut operator = Connection::open(&url, Purpose::Write).unwrap();
            let name = url.rsplit('/').next().unwrap();
            let mut fail_over = |to: &str| {
                operator
                    .batch(&format!("ALTER DATABASE {name} {to}"))
                    .unwrap();
                operator
                    .batch(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                         WHERE datname = current_database() AND pid <> pg_backend_pid()",
                    )
                    .unwrap();
            };
            fail_over("SET default_transaction_read_only = on");
            // What the ended sessions cost is another test's.
            super::until("reading", || {
                asked(&served, Some(&practitioner(&served)), ME)
                    .0
                    .is_empty()
            });
            super::until("told of", || {
                let answer = served.graphql(None, VERIFY, Value::Null).json();
                answer["errors"][0]["message"]
                    .as_str()
                    .unwrap()
                    .contains("takes no changes")
            });
            for _ in 0..3 {
                is_told(&served);
            }
            let ready = served.get("/readyz", None);
            assert_eq!(
                (ready.status, ready.json()),
                (
                    503,
                    json!({"status": "not-ready", "database": true, "writable": false, "schema": true, "adapters": true})
                )
            );
            let pushed = push(&served, &csv(&[verified()]), "read-only");
            assert_eq!(
                (pushed.status, &pushed.json()["code"]),
                (503, &unavailable())
            );
            fail_over("RESET default_transaction_read_only");
        }
        Engine::Sqlite => {
            // The engine's own refusal, on the writing connection. The next change begins with a new one.
            let app = served.registry.app.clone();
            app.db
                .write_blocking(|connection| Ok(connection.batch("PRAGMA query_only = ON")?))
                .unwrap();
            is_told(&served);
        }
    }
    super::until("writable", || served.get("/readyz", None).status == 200);
    assert_eq!(asked(&served, None, VERIFY).0, "");
    let pushed = push(&served, &csv(&super::many(3)), "after");
    let job = served.ended(&token, pushed.header("location"));
    assert_eq!(job["state"], "DONE", "{job}");
    super::until("emptied its spool", || {
        super::spooled(&served.registry.app.config.data_dir) == 0
    });
}
