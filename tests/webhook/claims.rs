//! Events that wait: who sends which, for how long they are kept, and how many may wait.

use super::delivery;
use crate::support::meaning::lines;
use crate::support::{Hands, Process, Registry, Row, csv, database};
use chrono::{NaiveDateTime, TimeDelta};
use registry::action::webhook::sweep;
use registry::db::{Connection, Id, Purpose};
use registry::model::webhook_delivery::{self, DeliveryRow, State};

/// An event that nobody configured, so that the tests' own servers leave it alone.
fn waiting(url: &str, now: NaiveDateTime) -> DeliveryRow {
    DeliveryRow {
        id: Id::new(),
        awarding_body: "RN5217".to_owned(),
        url: url.to_owned(),
        content: "{}".to_owned(),
        state: State::Waiting.as_str().to_owned(),
        attempts: 0,
        created_at: now,
        due_at: now,
        ended_at: None,
        problem: None,
    }
}

fn stored(registry: &Registry, url: &str) -> DeliveryRow {
    let row = waiting(url, registry.app.clock.now());
    let stored = row.clone();
    let done = registry
        .app
        .db
        .write_blocking(move |connection| Ok(webhook_delivery::insert(connection, &stored)?));
    done.unwrap();
    row
}

#[test]
fn an_event_is_claimed_by_one_server_at_a_time_and_due_again_when_that_one_is_gone() {
    let hands = Hands::at("2026-03-01");
    let registry = Registry::at(hands.clock(), |_| ());
    let url = "https://results.example.org/";
    let row = stored(&registry, url);
    let claim = |until: i64| {
        let (now, until) = (hands.now(), hands.now() + TimeDelta::seconds(until));
        let claimed = registry.app.db.write_blocking(move |connection| {
            Ok(webhook_delivery::claim(
                connection,
                url,
                &["RN5217"],
                now,
                until,
            )?)
        });
        claimed.unwrap()
    };
    let first = claim(30).unwrap();
    assert_eq!((first.id, first.attempts), (row.id, 1));
    assert_eq!(claim(30), None, "it is being sent");
    // The server was killed; its claim ends.
    hands.put(TimeDelta::seconds(31));
    let second = claim(30).unwrap();
    assert_eq!((second.id, second.attempts), (row.id, 2));
    // Should the first one be alive all the same, it puts nothing off that is another's now.
    let (now, later) = (hands.now(), hands.now() + TimeDelta::days(1));
    let put_off = registry.app.db.write_blocking(move |connection| {
        webhook_delivery::put_off(connection, &first, "no answer in time", later)?;
        // Nor is given up what another has delivered, in whichever order they say so.
        for state in [State::GivenUp, State::Delivered, State::GivenUp] {
            let problem = (state == State::GivenUp).then_some("status 503");
            webhook_delivery::end(connection, second.id, state, problem, now)?;
        }
        Ok(())
    });
    put_off.unwrap();
    assert_eq!(delivery(&registry, "delivered"), "delivered 2 ");
    hands.put(TimeDelta::seconds(31));
    assert_eq!(claim(30), None);
    // What no server is configured for any more is given up, and what ended long ago dropped.
    stored(&registry, "https://elsewhere.example.org/");
    hands.put(TimeDelta::days(40));
    sweep(&registry.app).unwrap();
    assert_eq!(delivery(&registry, "given-up"), "given-up 0 ");
    assert_eq!(registry.count("webhook_delivery"), 1);
    hands.put(TimeDelta::days(31));
    sweep(&registry.app).unwrap();
    assert_eq!(registry.count("webhook_delivery"), 0);
}

#[test]
fn servers_that_look_at_the_same_time_take_different_events() {
    let registry = Registry::new();
    if registry.app.db.engine() == registry::db::Engine::Sqlite {
        // One process writes at a time: what one claims another sees.
        return;
    }
    let url = "https://results.example.org/";
    let rows = [stored(&registry, url), stored(&registry, url)];
    let now = registry.app.clock.now() + TimeDelta::seconds(1);
    let until = now + TimeDelta::seconds(30);
    let open = || Connection::open(&registry.app.config.database_url(), Purpose::Write).unwrap();
    let (mut one, mut other) = (open(), open());
    let mut claimed = Vec::new();
    let done: Result<(), registry::error::Error> = one.transaction(|one| {
        claimed.extend(webhook_delivery::claim(one, url, &["RN5217"], now, until)?);
        // The first has not committed; the second does not wait for it.
        other.transaction(|other| {
            claimed.extend(webhook_delivery::claim(
                other,
                url,
                &["RN5217"],
                now,
                until,
            )?);
            assert_eq!(
                webhook_delivery::claim(other, url, &["RN5217"], now, until)?,
                None
            );
            Ok(())
        })
    });
    done.unwrap();
    let mut ids: Vec<Id> = claimed.iter().map(|row| row.id).collect();
    ids.sort();
    assert_eq!(ids, rows.map(|row| row.id));
}

#[test]
fn a_receiver_that_is_away_does_not_fill_the_database() {
    let url = "https://results.example.org/";
    let registry = Registry::configured(|config| {
        config.webhooks = vec![super::webhook(url)];
    })
    .with_register();
    let now = registry.app.clock.now();
    let stored = registry.app.db.write_blocking(move |connection| {
        for _ in 0..9_999 {
            webhook_delivery::insert(connection, &waiting(url, now))?;
        }
        Ok(())
    });
    stored.unwrap();
    let states = |registry: &Registry| {
        registry.lines(
            "SELECT CAST(count(*) AS TEXT) || ' ' || state || ' ' || coalesce(problem, '') AS line
             FROM webhook_delivery GROUP BY state, problem ORDER BY state",
        )
    };
    registry.push_csv("RN5217", &csv(&[Row::award(1, "R1")]));
    assert_eq!(states(&registry), ["10000 waiting "]);
    let report = registry.push_csv("RN5217", &csv(&[Row::award(2, "R2")]));
    assert_eq!(report.state, "DONE", "the import is none the worse for it");
    assert_eq!(
        states(&registry),
        ["1 given-up too many wait", "10000 waiting "]
    );
}

#[test]
fn a_server_that_has_nobody_to_tell_drops_what_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path());
    let mut beside = Connection::open(&database, Purpose::Write).unwrap();
    let now = chrono::Utc::now().naive_utc();
    let of = |days: i64| {
        let at = now - TimeDelta::days(days);
        DeliveryRow {
            state: State::Delivered.as_str().to_owned(),
            ended_at: Some(at),
            ..waiting("https://results.example.org/", at)
        }
    };
    for days in [29, 31] {
        webhook_delivery::insert(&mut beside, &of(days)).unwrap();
    }
    let server = Process::serve(folder.path(), &database);
    let kept = |beside: &mut Connection| {
        lines(
            beside,
            "SELECT CAST(count(*) AS TEXT) AS line FROM webhook_delivery",
        )
    };
    for _ in 0..600 {
        if kept(&mut beside).unwrap() == ["1"] {
            break;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
    assert_eq!(kept(&mut beside).unwrap(), ["1"]);
    server.kill();
    drop(beside);
    database::drop_database(&database);
}
