//! PostgreSQL gone and back: cut off, refusing, silent, its sessions ended, and the answer of a commit lost.

use super::proxy::Proxy;
use super::{
    ME, VERIFY, asked, body, many, postgres, practitioner, push, spooled, unavailable, until,
    verified,
};
use crate::support::meaning::{difference, meaning};
use crate::support::{Registry, Row, Served, csv};
use registry::db::{Connection, Purpose};
use serde_json::Value;
use std::time::{Duration, Instant};

/// A registry that reaches its database by a way that can be cut, and the database's own address.
fn reached() -> (Served, Proxy, String) {
    let mut made = None;
    let registry = Registry::configured(|config| {
        let own = config.database_url();
        let (proxy, address) = Proxy::to(&own);
        config.database = Some(address);
        made = Some((proxy, own));
    })
    .with_register();
    let (proxy, own) = made.unwrap();
    registry.push_csv("RN5217", &csv(&[verified()]));
    (registry.served(), proxy, own)
}

/// Everything works at the first try.
fn works(served: &Served, key: &str) {
    let practitioner = practitioner(served);
    assert_eq!(asked(served, Some(&practitioner), ME).0, "");
    assert_eq!(asked(served, None, VERIFY).0, "");
    assert_eq!(served.get("/readyz", None).status, 200);
    let pushed = push(served, &csv(&[Row::award(7, key)]), key);
    assert_eq!(pushed.status, 202, "{}", pushed.body);
    let job = served.ended(&body(&served.registry), pushed.header("location"));
    assert_eq!(job["state"], "DONE", "{job}");
}

#[test]
fn a_database_that_is_gone_is_told_of_at_once_and_used_again_when_it_is_back() {
    if postgres("a database gone and back").is_none() {
        return;
    }
    let (served, proxy, _) = reached();
    works(&served, "before");
    let practitioner = practitioner(&served);
    for round in 0..2 {
        proxy.close();
        for (token, query) in [(Some(practitioner.as_str()), ME), (None, VERIFY)] {
            let (code, took) = asked(&served, token, query);
            assert_eq!(code, "unavailable", "{query}");
            assert!(took < Duration::from_secs(7), "{query}: {took:?}");
        }
        let pushed = push(&served, &csv(&[Row::award(8, "R8")]), "away");
        assert_eq!(
            (pushed.status, &pushed.json()["code"]),
            (503, &unavailable())
        );
        assert_eq!(pushed.header("retry-after"), "2");
        for secret in ["127.0.0.1", "postgres", "libpq", "connection to server"] {
            assert!(!pushed.body.contains(secret), "{}", pushed.body);
        }
        let ready = served.get("/readyz", None);
        assert_eq!(
            (ready.status, &ready.json()["database"]),
            (503, &Value::Bool(false))
        );
        assert_eq!(served.get("/healthz", None).status, 200);
        proxy.open();
        works(&served, &format!("after {round}"));
    }
    until("emptied its spool", || {
        spooled(&served.registry.app.config.data_dir) == 0
    });
}

#[test]
fn a_database_that_takes_questions_and_never_answers_holds_nobody_for_long() {
    if postgres("a silent database").is_none() {
        return;
    }
    let (served, proxy, _) = reached();
    let practitioner = practitioner(&served);
    proxy.freeze();
    let began = Instant::now();
    std::thread::scope(|scope| {
        for turn in 0..8 {
            let (served, practitioner) = (&served, &practitioner);
            scope.spawn(move || {
                let (code, took) = match turn {
                    0..5 => asked(served, Some(practitioner), ME),
                    5..7 => asked(served, None, VERIFY),
                    _ => {
                        let pushed = push(served, &csv(&[Row::award(8, "R8")]), "silent");
                        let code = pushed.json()["code"].as_str().unwrap().to_owned();
                        (code, began.elapsed())
                    }
                };
                assert_eq!(code, "unavailable");
                assert!(took < Duration::from_secs(25), "{took:?}");
            });
        }
    });
    // The connections stay frozen; new ones are made, and the registry goes on by itself.
    until("read again", || {
        asked(&served, Some(&practitioner), ME).0.is_empty()
    });
    until("verified again", || {
        asked(&served, None, VERIFY).0.is_empty()
    });
    works(&served, "after");
    assert!(
        began.elapsed() < Duration::from_secs(60),
        "{:?}",
        began.elapsed()
    );
    // What was pushed in silence was told to be unavailable, and is not there.
    proxy.cut();
    works(&served, "after the cut");
}

#[test]
fn sessions_that_an_operator_ends_cost_one_answer_each_way_at_most() {
    if postgres("sessions ended by an operator").is_none() {
        return;
    }
    let (served, _, own) = reached();
    let practitioner = practitioner(&served);
    let mut operator = Connection::open(&own, Purpose::Write).unwrap();
    for _ in 0..3 {
        operator
            .batch("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
            .unwrap();
        for (token, query) in [(Some(practitioner.as_str()), ME), (None, VERIFY)] {
            let told: Vec<String> = (0..12).map(|_| asked(&served, token, query).0).collect();
            let failed: Vec<&String> = told.iter().filter(|code| !code.is_empty()).collect();
            assert!(failed.len() <= 1, "{query}: {told:?}");
            assert!(failed.iter().all(|code| *code == "unavailable"), "{told:?}");
        }
    }
}

/// What the database means where nobody disturbed the same pushes.
fn undisturbed(file: &[u8]) -> std::collections::BTreeMap<&'static str, Vec<String>> {
    let (served, _, own) = reached();
    let pushed = push(&served, file, "the file");
    let job = served.ended(&body(&served.registry), pushed.header("location"));
    assert_eq!(job["state"], "DONE", "{job}");
    meaning(&own).unwrap()
}

#[test]
fn an_import_goes_on_through_outages_to_the_same_record() {
    if postgres("an import through outages").is_none() {
        return;
    }
    // Enough for several steps of merging.
    let file = csv(&many(6500));
    let expected = undisturbed(&file);
    for moment in ["reading", "merging", "commits"] {
        let (served, proxy, own) = reached();
        let mut beside = Connection::open(&own, Purpose::Read).unwrap();
        let mut stands = |sql: &str| {
            let sql = format!(
                "SELECT 'yes' AS line FROM import_job WHERE idempotency_key = 'the file' AND {sql}"
            );
            !crate::support::meaning::lines(&mut beside, &sql)
                .unwrap()
                .is_empty()
        };
        let pushed = push(&served, &file, "the file");
        assert_eq!(pushed.status, 202, "{}", pushed.body);
        match moment {
            "reading" => {
                until("reading", || stands("state = 'reading' AND records > 0"));
                proxy.close();
                std::thread::park_timeout(Duration::from_millis(700));
                proxy.open();
            }
            "merging" => {
                until("merging", || {
                    stands("state = 'merging' AND merged_batches > 0")
                });
                proxy.close();
                std::thread::park_timeout(Duration::from_millis(700));
                proxy.open();
                until("on", || stands("state = 'done' OR merged_batches > 1"));
                proxy.cut();
            }
            _ => {
                until("merging", || stands("state = 'merging'"));
                proxy.lose_commits(3);
                until("lost", || proxy.lost() >= 2 || stands("state = 'done'"));
                assert!(proxy.lost() > 0, "no answer got lost");
            }
        }
        until("done", || stands("state = 'done'"));
        let difference = difference(&expected, &meaning(&own).unwrap());
        assert_eq!(difference, None, "cut while {moment}");
        until("emptied its spool", || {
            spooled(&served.registry.app.config.data_dir) == 0
        });
        // What ended sessions cost is another test's.
        let practitioner = practitioner(&served);
        until("read", || {
            asked(&served, Some(&practitioner), ME).0.is_empty()
        });
        until("verified", || asked(&served, None, VERIFY).0.is_empty());
        works(&served, "after");
    }
}

#[test]
fn a_commit_whose_answer_got_lost_is_neither_lost_nor_done_twice() {
    if postgres("the answer of a commit lost").is_none() {
        return;
    }
    let (served, proxy, own) = reached();
    let file = csv(&[Row::award(5, "R5")]);
    proxy.lose_commits(1);
    let first = push(&served, &file, "once");
    assert_eq!((first.status, &first.json()["code"]), (503, &unavailable()));
    assert_eq!(proxy.lost(), 1);
    // Typed again by the client it is the job that was stored.
    let again = push(&served, &file, "once");
    assert_eq!(again.status, 202, "{}", again.body);
    let job = served.ended(&body(&served.registry), again.header("location"));
    assert_eq!(
        (&job["state"], &job["counts"]["created"]),
        (&"DONE".into(), &1.into())
    );
    let mut beside = Connection::open(&own, Purpose::Read).unwrap();
    let mut count = |sql: &str| {
        crate::support::meaning::lines(&mut beside, sql)
            .unwrap()
            .len()
    };
    assert_eq!(
        count("SELECT 'one' AS line FROM import_job WHERE idempotency_key = 'once'"),
        1
    );
    // And a correction.
    let registry = &served.registry;
    let bearer = body(registry);
    let me = registry.data(
        &registry.practitioner(&crate::support::uln(5)),
        "{ me { achievements { edges { node { id } } } } }",
        Value::Null,
    );
    let id = me["me"]["achievements"]["edges"][0]["node"]["id"]
        .as_str()
        .unwrap();
    let correct = format!(
        "mutation {{ correctAchievement(id: \"{id}\", input: {{grade: \"Merit\", reason: \"An error\"}}) {{ grade }} }}"
    );
    proxy.lose_commits(1);
    assert_eq!(asked(&served, Some(&bearer), &correct).0, "unavailable");
    assert_eq!(proxy.lost(), 1);
    assert_eq!(asked(&served, Some(&bearer), &correct).0, "");
    assert_eq!(
        count("SELECT 'one' AS line FROM source WHERE adapter = 'registry'"),
        1
    );
    assert_eq!(
        count(
            "SELECT 'one' AS line FROM achievement_version v JOIN achievement a ON a.id = v.achievement_id WHERE a.result_id = 'R5'"
        ),
        2
    );
}
