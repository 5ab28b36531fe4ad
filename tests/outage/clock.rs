//! Clocks that are put back, and clocks far ahead.

use super::verified;
use crate::support::{Hands, Registry, codes, csv, uln};
use chrono::{NaiveDateTime, TimeDelta};
use registry::access::Role;
use registry::db::Id;
use serde_json::{Value, json};
use std::collections::HashSet;

const HISTORY: &str = "{ me { achievements(first: 3) { edges { node { id grade status certificateNumber history { grade status knownFrom knownUntil } } } } } }";

fn award(registry: &Registry) -> Value {
    let data = registry.data(&registry.practitioner(&uln(1)), HISTORY, Value::Null);
    data["me"]["achievements"]["edges"][0]["node"].clone()
}

fn time(value: &Value) -> NaiveDateTime {
    let text = value.as_str().unwrap();
    chrono::DateTime::parse_from_rfc3339(text)
        .unwrap()
        .naive_utc()
}

/// Each version ends when the next begins, and none before it began.
fn orderly(award: &Value) {
    let history = award["history"].as_array().unwrap();
    for pair in history.windows(2) {
        assert_eq!(pair[0]["knownUntil"], pair[1]["knownFrom"], "{history:?}");
        assert!(
            time(&pair[0]["knownFrom"]) <= time(&pair[0]["knownUntil"]),
            "{history:?}"
        );
    }
    assert!(
        history.last().unwrap()["knownUntil"].is_null(),
        "{history:?}"
    );
    assert_eq!(history.last().unwrap()["grade"], award["grade"]);
    assert_eq!(history.last().unwrap()["status"], award["status"]);
}

fn told(registry: &Registry, mutation: &str) {
    let body = registry.body("RN5217");
    let answer = registry.ask(
        &body,
        &format!("mutation {{ {mutation} {{ id }} }}"),
        Value::Null,
    );
    assert_eq!(codes(&answer), [""; 0], "{mutation}: {answer}");
}

#[test]
fn what_is_stated_later_counts_later_whatever_the_clock_says() {
    for steps in [
        [0, 0, 0, 0],
        [-1, -1, -1, -1],
        [-86_400, 3600, -1_000_000, 5],
        [5_000_000_000, -5_000_000_000, 60, -60],
    ] {
        let hands = Hands::at("2026-05-01");
        let registry = Registry::at(hands.clock(), |_| ()).with_register();
        registry.push_csv("RN5217", &csv(&[verified()]));
        let id = award(&registry)["id"].as_str().unwrap().to_owned();
        let correct = |grade: &str| {
            format!(
                "correctAchievement(id: \"{id}\", input: {{grade: \"{grade}\", reason: \"An error\"}})"
            )
        };
        let change = |verb: &str| format!("{verb}Achievement(id: \"{id}\", reason: \"An error\")");
        let statements = [
            (correct("Merit"), "Merit", "FINAL"),
            (change("withdraw"), "Merit", "WITHDRAWN"),
            (change("reinstate"), "Merit", "FINAL"),
            (correct("Distinction"), "Distinction", "FINAL"),
        ];
        for (step, (statement, grade, status)) in steps.into_iter().zip(statements) {
            hands.put(TimeDelta::seconds(step));
            told(&registry, &statement);
            let now = award(&registry);
            assert_eq!(
                (&now["grade"], &now["status"]),
                (&json!(grade), &json!(status)),
                "{steps:?}: {statement}"
            );
            orderly(&now);
        }
        assert_eq!(award(&registry)["history"].as_array().unwrap().len(), 5);
        assert_eq!(registry.count("log_leaf"), 5, "a leaf for each change");
        let answer = registry.data(&registry.employer(), super::VERIFY, Value::Null);
        assert_eq!(answer["verify"]["outcome"], "VALID", "{steps:?}");
    }
}

#[test]
fn an_import_that_waited_or_came_by_a_slow_clock_keeps_the_history_in_order() {
    for step in [-3_600, -86_400, 86_400] {
        let hands = Hands::at("2026-05-01");
        let registry = Registry::at(hands.clock(), |_| ()).with_register();
        registry.push_csv("RN5217", &csv(&[verified()]));
        let id = award(&registry)["id"].as_str().unwrap().to_owned();
        told(
            &registry,
            &format!(
                "correctAchievement(id: \"{id}\", input: {{grade: \"Merit\", reason: \"An error\"}})"
            ),
        );
        hands.put(TimeDelta::seconds(step));
        let update = verified()
            .with("action", "update")
            .with("grade", "Distinction")
            .with("action_date", "2026-05-02");
        registry.push_csv("RN5217", &csv(&[update]));
        let now = award(&registry);
        assert_eq!(
            now["grade"], "Distinction",
            "by the body's own day, not by the clock"
        );
        orderly(&now);
    }
}

#[test]
fn tokens_and_receipts_go_by_the_clock_as_it_stands() {
    let hands = Hands::at("2026-05-01");
    let served = Registry::at(hands.clock(), |_| ()).with_register().served();
    let registry = &served.registry;
    registry.push_csv("RN5217", &csv(&[verified()]));
    let token = registry.token(Role::Employer, None, None);
    let receipts = "{ receipts { edges { node { checkedAt outcome } } } }";
    let status = || {
        let answer = served.graphql(Some(&token), receipts, Value::Null);
        let code = answer.json()["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        (answer.status, code)
    };
    for (step, code) in [
        (0, ""),
        (86_400, "token-expired"),
        (-86_400 - 7_200, "unauthenticated"),
        (7_200, ""),
    ] {
        hands.put(TimeDelta::seconds(step));
        let expected = if code.is_empty() { 200 } else { 401 };
        assert_eq!(
            status(),
            (expected, code.to_owned()),
            "after {step} seconds"
        );
    }
    for step in [0, -1_000_000, 5_000_000_000, -4_999_000_000] {
        hands.put(TimeDelta::seconds(step));
        let answer = registry.data(&registry.employer(), "{ verify(input: {certificateNumber: \"C1\", familyName: \"Inventedb\", dateOfBirth: \"1971-04-02\"}) { outcome checkedAt receipt { checkedAt } } }", Value::Null);
        assert_eq!(answer["verify"]["outcome"], "VALID");
        assert_eq!(time(&answer["verify"]["checkedAt"]), hands.now());
        assert_eq!(
            answer["verify"]["receipt"]["checkedAt"],
            answer["verify"]["checkedAt"]
        );
    }
}

#[test]
fn identifiers_do_not_meet() {
    let made: Vec<Vec<Id>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| (0..20_000).map(|_| Id::new()).collect()))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let all: HashSet<Id> = made.iter().flatten().copied().collect();
    assert_eq!(all.len(), 80_000);
    // Of one thread each comes after the one before, so that pages by identifier are pages by time.
    assert!(made.iter().all(|made| made.is_sorted()));
}
