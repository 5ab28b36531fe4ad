//! A body corrects its own awards.

use crate::support::{Hands, Registry, Row, codes, csv, uln};
use chrono::TimeDelta;
use serde_json::{Value, json};

const BODY: &str = "RN5217";

fn award() -> Row {
    Row::award(1, "R1").with("certificate_number", "C1")
}

/// A registry with one award of learner 1, on its clock.
fn filled(rows: &[Row]) -> (Registry, Hands) {
    let hands = Hands::at("2026-05-01");
    let registry = Registry::at(hands.clock(), |_| ()).with_register();
    registry.push_csv(BODY, &csv(rows));
    hands.put(TimeDelta::hours(1));
    (registry, hands)
}

fn award_of(registry: &Registry, learner: u32) -> Value {
    let query = "{ me { achievements(first: 3) { edges { node { id title grade awardedOn certificateNumber status
        history { status grade awardedOn knownFrom knownUntil } sources { adapter stated } conflicts { field } } } } } }";
    let me = registry.data(&registry.practitioner(&uln(learner)), query, Value::Null);
    let edges = me["me"]["achievements"]["edges"].as_array().unwrap();
    assert_eq!(edges.len(), 1, "{edges:?}");
    edges[0]["node"].clone()
}

const CORRECT: &str =
    "mutation($id: ID!, $input: CorrectionInput!) { correctAchievement(id: $id, input: $input) {
    id grade awardedOn certificateNumber status history { grade } sources { adapter } } }";

fn correct(registry: &Registry, id: &Value, input: Value) -> Value {
    registry.ask(
        &registry.body(BODY),
        CORRECT,
        json!({"id": id, "input": input}),
    )
}

#[test]
fn a_correction_is_one_more_statement_and_what_was_said_before_stays() {
    let (registry, _) = filled(&[award()]);
    let before = award_of(&registry, 1);
    let (leaves, looks) = (registry.count("log_leaf"), registry.count("access_entry"));
    let input = json!({"grade": "Merit", "awardedOn": "2015-07-01", "certificateNumber": "C2", "reason": " A wrong  row "});
    let answer = correct(&registry, &before["id"], input);
    assert_eq!(codes(&answer), [""; 0], "{answer}");
    let told = &answer["data"]["correctAchievement"];
    assert_eq!(told["id"], before["id"]);
    assert_eq!(told["grade"], "Merit");
    let after = award_of(&registry, 1);
    assert_eq!(
        (
            &after["grade"],
            &after["awardedOn"],
            &after["certificateNumber"],
            &after["status"]
        ),
        (
            &json!("Merit"),
            &json!("2015-07-01"),
            &json!("C2"),
            &json!("FINAL")
        )
    );
    let history = after["history"].as_array().unwrap();
    assert_eq!(history.len(), 2, "{history:?}");
    assert_eq!(
        (&history[0]["grade"], &history[0]["awardedOn"]),
        (&json!("Pass"), &json!("2015-06-30"))
    );
    assert_eq!(history[0]["knownUntil"], history[1]["knownFrom"]);
    assert!(history[1]["knownUntil"].is_null());
    let sources = after["sources"].as_array().unwrap();
    assert_eq!(sources[0]["adapter"], "registry");
    assert_eq!(
        sources[0]["stated"],
        json!({"grade": "Merit", "awardedOn": "2015-07-01", "certificateNumber": "C2", "reason": "A wrong row"})
    );
    assert_eq!(after["conflicts"], json!([]), "a correction is no conflict");
    assert_eq!(registry.count("log_leaf"), leaves + 1);
    assert_eq!(registry.count("access_entry"), looks + 1);
    // The number that counts verifies, and the one before is nobody's any more.
    for (number, outcome) in [("C2", "VALID"), ("C1", "UNDETERMINED")] {
        let query = format!(
            "{{ verify(input: {{certificateNumber: \"{number}\", familyName: \"Inventedb\", dateOfBirth: \"1971-04-02\"}}) {{ outcome }} }}"
        );
        let answer = registry.data(&registry.employer(), &query, Value::Null);
        assert_eq!(answer["verify"]["outcome"], outcome, "{number}");
    }
    // A withdrawal after it takes the same award, with what was corrected.
    let withdraw = "mutation($id: ID!) { withdrawAchievement(id: $id, reason: \"An error\") { grade status certificateNumber } }";
    let gone = registry.data(&registry.body(BODY), withdraw, json!({"id": before["id"]}));
    assert_eq!(
        gone["withdrawAchievement"],
        json!({"grade": "Merit", "status": "WITHDRAWN", "certificateNumber": "C2"})
    );
}

#[test]
fn an_award_that_is_known_by_little_is_corrected_too() {
    let input = |name: &str, value: &str| json!({name: value, "reason": "An error"});
    for (what, row) in [
        ("no number", Row::award(1, "R1").without("result_id")),
        ("a certificate alone", award().without("result_id")),
        (
            "a unit",
            award()
                .without("qualification_number")
                .with("unit_reference", "J/601/1806"),
        ),
    ] {
        for (name, value) in [
            ("grade", "Merit"),
            ("awardedOn", "2015-07-02"),
            ("certificateNumber", "C7"),
        ] {
            let (registry, _) = filled(std::slice::from_ref(&row));
            let id = award_of(&registry, 1)["id"].clone();
            let answer = correct(&registry, &id, input(name, value));
            if (what, name) == ("a certificate alone", "certificateNumber") {
                // Nothing would say any more which award it was.
                assert_eq!(codes(&answer), ["state-conflict"], "{answer}");
                continue;
            }
            assert_eq!(codes(&answer), [""; 0], "{what}, {name}: {answer}");
            assert_eq!(
                award_of(&registry, 1)[name],
                value,
                "{what}, {name}: {answer}"
            );
        }
    }
}

#[test]
fn the_same_correction_sent_again_is_done_once() {
    let (registry, hands) = filled(&[award()]);
    let id = award_of(&registry, 1)["id"].clone();
    let input = json!({"grade": "Merit", "reason": "A wrong row"});
    let first = correct(&registry, &id, input.clone());
    let (leaves, told) = (registry.count("log_leaf"), registry.count("source"));
    hands.put(TimeDelta::days(2));
    let second = correct(&registry, &id, input);
    assert_eq!(codes(&second), [""; 0], "{second}");
    assert_eq!(first["data"], second["data"]);
    assert_eq!(
        (registry.count("log_leaf"), registry.count("source")),
        (leaves, told)
    );
    // With another reason it is another correction, which changes nothing.
    let other = correct(
        &registry,
        &id,
        json!({"grade": "Merit", "reason": "Another"}),
    );
    assert_eq!(codes(&other), ["state-conflict"]);
    let back = correct(
        &registry,
        &id,
        json!({"grade": "Pass", "reason": "A wrong row"}),
    );
    assert_eq!(codes(&back), [""; 0], "{back}");
    assert_eq!(award_of(&registry, 1)["grade"], "Pass");
}

#[test]
fn what_cannot_be_corrected_says_why_and_changes_nothing() {
    let started = award().with("started_on", "2014-09-01");
    let other = Row::award(2, "R2").with("certificate_number", "C9");
    let twin = Row::award(3, "R3").with("certificate_number", "C3");
    let (registry, _) = filled(&[started, other, twin]);
    let id = award_of(&registry, 1)["id"].clone();
    let unknown = json!(format!("achievement_{}", "0".repeat(32)));
    let before = (registry.count("source"), registry.count("log_leaf"));
    let own = |input: Value| correct(&registry, &id, input);
    let because = |mut input: Value| {
        input["reason"] = "An error".into();
        input
    };
    let refused = [
        ("nothing", "input-invalid", own(because(json!({})))),
        (
            "nulls",
            "input-invalid",
            own(because(json!({"grade": null}))),
        ),
        (
            "an empty grade",
            "input-invalid",
            own(because(json!({"grade": "  "}))),
        ),
        (
            "a grade that is none",
            "input-invalid",
            own(because(json!({"grade": "9999999999"}))),
        ),
        (
            "a number that is none",
            "input-invalid",
            own(because(json!({"certificateNumber": "-2"}))),
        ),
        (
            "an empty reason",
            "input-invalid",
            own(json!({"grade": "Merit", "reason": " \n"})),
        ),
        (
            "a long reason",
            "input-invalid",
            own(json!({"grade": "Merit", "reason": "x".repeat(501)})),
        ),
        (
            "a long grade",
            "text-too-long",
            own(because(json!({"grade": "x".repeat(400)}))),
        ),
        (
            "control characters",
            "text-invalid",
            own(because(json!({"certificateNumber": "C\u{1}2"}))),
        ),
        (
            "a day to come",
            "input-invalid",
            own(because(json!({"awardedOn": "2026-05-02"}))),
        ),
        (
            "before it began",
            "dates-contradict",
            own(because(json!({"awardedOn": "2014-08-31"}))),
        ),
        (
            "no day",
            "query-invalid",
            own(because(json!({"awardedOn": "2015-02-30"}))),
        ),
        (
            "as it is",
            "state-conflict",
            own(because(json!({"grade": "Pass", "awardedOn": "2015-06-30"}))),
        ),
        (
            "another's number",
            "result-of-another-learner",
            own(because(json!({"certificateNumber": "C9"}))),
        ),
        (
            "no award",
            "not-found",
            correct(&registry, &unknown, because(json!({"grade": "Merit"}))),
        ),
        (
            "no identifier",
            "not-found",
            correct(&registry, &json!("x"), because(json!({"grade": "Merit"}))),
        ),
        (
            "another body",
            "not-found",
            registry.ask(
                &registry.body("RN5156"),
                CORRECT,
                json!({"id": id, "input": because(json!({"grade": "Merit"}))}),
            ),
        ),
    ];
    for (what, code, answer) in refused {
        let given = codes(&answer);
        // The engine's own errors get their code from the server.
        let given = given
            .first()
            .map_or("", |given| given.replace("none", "query-invalid").leak());
        assert_eq!(given, code, "{what}: {answer}");
    }
    assert_eq!(
        (registry.count("source"), registry.count("log_leaf")),
        before
    );
    let withdraw =
        "mutation($id: ID!) { withdrawAchievement(id: $id, reason: \"An error\") { id } }";
    registry.data(&registry.body(BODY), withdraw, json!({"id": id}));
    assert_eq!(
        codes(&own(because(json!({"grade": "Merit"})))),
        ["state-conflict"]
    );
    assert_eq!(award_of(&registry, 1)["grade"], "Pass");
}

#[test]
fn an_award_that_the_register_gives_to_another_body_is_not_corrected() {
    let (registry, _) = filled(&[award()]);
    let id = award_of(&registry, 1)["id"].clone();
    let url = registry.app.config.database_url();
    let mut connection =
        registry::db::Connection::open(&url, registry::db::Purpose::Write).unwrap();
    connection
        .batch("UPDATE qualification SET body = 'RN5156'")
        .unwrap();
    let answer = correct(
        &registry,
        &id,
        json!({"grade": "Merit", "reason": "An error"}),
    );
    assert_eq!(codes(&answer), ["body-mismatch"], "{answer}");
}

#[test]
fn a_number_of_another_award_of_the_same_learner_does_not_make_them_one() {
    let (registry, _) = filled(&[
        award().without("result_id"),
        award()
            .without("result_id")
            .with("certificate_number", "C2")
            .with("awarded_on", "2016-01-02"),
    ]);
    let query = "{ me { achievements(first: 3) { edges { node { id certificateNumber } } } } }";
    let awards = |registry: &Registry| {
        registry.data(&registry.practitioner(&uln(1)), query, Value::Null)["me"]["achievements"]
            ["edges"]
            .clone()
    };
    let before = awards(&registry);
    assert_eq!(before.as_array().unwrap().len(), 2);
    let id = &before[0]["node"]["id"];
    let other = &before[1]["node"]["certificateNumber"];
    let answer = correct(
        &registry,
        id,
        json!({"certificateNumber": other, "reason": "An error"}),
    );
    assert_eq!(codes(&answer), ["state-conflict"], "{answer}");
    assert_eq!(awards(&registry), before);
}

#[test]
fn by_the_day_of_the_bodys_action_a_later_push_counts_over_a_correction_or_not() {
    let acted = |day: &str| award().with("action_date", day).with("grade", "Pass");
    for (what, days, push, grade) in [
        ("the very record again", 3, award(), "Merit"),
        ("an earlier action", 3, acted("2026-04-30"), "Merit"),
        ("an action of the same day", 3, acted("2026-05-01"), "Merit"),
        ("a later action", 3, acted("2026-05-02"), "Pass"),
        (
            "another record without a day, on the same day",
            0,
            award().with("centre", "12345"),
            "Merit",
        ),
        (
            "another record without a day, on a later day",
            1,
            award().with("centre", "12345"),
            "Pass",
        ),
        (
            "an update without a day, later on the same day",
            0,
            award().with("action", "update").with("centre", "12345"),
            "Pass",
        ),
    ] {
        let (registry, hands) = filled(&[award()]);
        let id = award_of(&registry, 1)["id"].clone();
        let answer = correct(
            &registry,
            &id,
            json!({"grade": "Merit", "reason": "An error"}),
        );
        assert_eq!(codes(&answer), [""; 0], "{answer}");
        hands.put(TimeDelta::days(days) + TimeDelta::hours(1));
        registry.push_csv(BODY, &csv(&[push]));
        assert_eq!(award_of(&registry, 1)["grade"], grade, "{what}");
    }
}
