//! Merging and splitting.

use super::{cases, learner, people};
use crate::support::{Registry, Row, csv, uln};
use proptest::prelude::*;
use registry::db::{Connection, Purpose, migrate};
use serde_json::{Value, json};

pub(super) const MERGE: &str = "mutation($keep: ID!, $merge: ID!) { mergeLearners(keep: $keep, merge: $merge, reason: \"Shown her passport\") \
                     { id mergedId reason splitAt kept { id } } }";
pub(super) const SPLIT: &str = "mutation($id: ID!) { splitMerge(id: $id, reason: \"It was her sister\") { id splitAt kept { id } } }";
const RESOLVE: &str = "mutation($id: ID!, $decision: MatchDecision!) { resolveMatch(id: $id, decision: $decision, reason: \"Asked them\") { state } }";

/// What the person of that ULN sees of themselves, identifiers aside.
pub(super) fn own(registry: &Registry, number: u32) -> (Value, Vec<Value>) {
    let facts = registry.data(
        &registry.practitioner(&uln(number)),
        "{ me { uln givenName familyName dateOfBirth formerNames } }",
        Value::Null,
    );
    (facts, registry.record(&uln(number)))
}

/// A row that only these tests' rows of a learner say.
pub(super) fn row(learner: u32, kind: u32) -> Row {
    let result = format!("R-{learner}-{kind}");
    match kind {
        // The same award of both, by facts alone: nobody's own number says whose it is.
        0 => Row::award(learner, "").without("result_id"),
        1 => Row::award(learner, &result).with("unit_reference", "L/601/1693"),
        2 => Row::award(learner, "R-shared").with("result_id", result),
        // A correction of the one before.
        3 => Row::award(learner, &format!("R-{learner}-2")).with("grade", "Merit"),
        // Known by name alone.
        4 => Row::award(learner, &result)
            .without("uln")
            .with("awarded_on", "2016-02-01"),
        _ => Row::award(learner, &result)
            .with("family_name", "Marriedname")
            .with("awarded_on", "2017-03-01"),
    }
}

pub(super) fn pushed(registry: &Registry, files: &[Vec<(u32, u32)>]) {
    for file in files {
        let rows: Vec<Row> = file
            .iter()
            .map(|(learner, kind)| row(*learner, *kind))
            .collect();
        registry.push_csv("RN5217", &csv(&rows));
    }
}

/// Two registries that were told the same: something is done in the first, and the second says what it must not change.
pub(super) fn two_alike(told: &[&[Vec<(u32, u32)>]]) -> (Registry, Registry) {
    let both = (Registry::new(), Registry::new());
    for registry in [&both.0, &both.1] {
        for files in told {
            pushed(registry, files);
        }
    }
    both
}

pub(super) fn any_files() -> impl Strategy<Value = Vec<Vec<(u32, u32)>>> {
    prop::collection::vec(prop::collection::vec((1..3_u32, 0..6_u32), 1..4), 0..3)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 12, ..ProptestConfig::default() })]
    #[test]
    fn merged_then_told_more_then_split_each_has_exactly_their_own(before in any_files(), between in any_files(), after in any_files()) {
        let known = vec![vec![(1, 1), (2, 1)]];
        let (registry, control) = two_alike(&[&known, &before]);
        let ids = [learner(&registry, 1), learner(&registry, 2)];
        let awards = [1, 2].map(|number| award_ids(&registry, number));
        let merge = registry.data(&registry.steward(), MERGE, json!({"keep": ids[0], "merge": ids[1]}));
        prop_assert_eq!(&merge["mergeLearners"]["kept"]["id"], &json!(ids[0]));
        prop_assert_eq!(learner(&registry, 2), ids[0].clone(), "an old number answers with the one who is kept");
        pushed(&registry, &between);
        pushed(&control, &between);
        let id = &merge["mergeLearners"]["id"];
        let split = registry.data(&registry.steward(), SPLIT, json!({"id": id}));
        prop_assert!(split["splitMerge"]["splitAt"].is_string());
        pushed(&registry, &after);
        pushed(&control, &after);
        for (number, (id, awards)) in [1, 2].into_iter().zip(ids.iter().zip(awards)) {
            prop_assert_eq!(&learner(&registry, number), id);
            prop_assert_eq!(own(&registry, number), own(&control, number));
            let now = award_ids(&registry, number);
            for award in awards {
                prop_assert!(now.contains(&award), "an award has its own identifier again");
            }
        }
        prop_assert_eq!(people(&registry), people(&control));
    }
}

fn award_ids(registry: &Registry, number: u32) -> Vec<String> {
    let found = registry.data(
        &registry.practitioner(&uln(number)),
        "{ me { achievements { edges { node { id } } } } }",
        Value::Null,
    );
    let edges = found["me"]["achievements"]["edges"].as_array().unwrap();
    let id = |edge: &Value| edge["node"]["id"].as_str().unwrap().to_owned();
    edges.iter().map(id).collect()
}

#[test]
fn while_merged_both_are_one_record_under_every_identifier() {
    let registry = Registry::new();
    pushed(&registry, &[vec![(1, 0), (1, 1), (2, 0), (2, 2)]]);
    let ids = [learner(&registry, 1), learner(&registry, 2)];
    let merge = registry.data(
        &registry.steward(),
        MERGE,
        json!({"keep": ids[1], "merge": ids[0]}),
    );
    assert_eq!(merge["mergeLearners"]["mergedId"], json!(ids[0]));
    for id in &ids {
        let seen = registry.data(
            &registry.practitioner(id),
            "{ me { id achievements { totalCount } } }",
            Value::Null,
        );
        assert_eq!(seen["me"]["id"], json!(ids[1]));
        // What was told of both by facts alone is one award now: the one with a number.
        assert_eq!(seen["me"]["achievements"]["totalCount"], 2);
    }
    let again = registry.ask(
        &registry.steward(),
        MERGE,
        json!({"keep": ids[1], "merge": ids[0]}),
    );
    assert_eq!(again["errors"][0]["extensions"]["code"], "state-conflict");
    // Found by its identifier, and among the learner's merges.
    let id = merge["mergeLearners"]["id"].clone();
    let seen = registry.data(
        &registry.steward(),
        "query($id: ID!, $learner: ID!) { node(id: $id) { ... on Merge { reason } } learner(id: $learner) { merges { id } } }",
        json!({"id": id, "learner": ids[0]}),
    );
    assert_eq!(seen["node"]["reason"], "Shown her passport");
    assert_eq!(seen["learner"]["merges"], json!([{"id": id}]));
    let split = |registry: &Registry| registry.ask(&registry.steward(), SPLIT, json!({"id": id}));
    assert_eq!(split(&registry)["errors"], Value::Null);
    assert_eq!(
        split(&registry)["errors"][0]["extensions"]["code"],
        "state-conflict"
    );
}

#[test]
fn who_looked_at_both_looked_at_each() {
    let registry = Registry::new();
    pushed(&registry, &[vec![(1, 1), (2, 1)]]);
    let ids = [learner(&registry, 1), learner(&registry, 2)];
    let ledger = |id: &String| {
        let seen = registry.data(
            &registry.practitioner(id),
            "{ me { accessLedger { edges { node { what by } } } } }",
            Value::Null,
        );
        let edges = seen["me"]["accessLedger"]["edges"].as_array().unwrap();
        let what = |edge: &Value| edge["node"]["what"].as_str().unwrap().to_owned();
        edges.iter().map(what).collect::<Vec<String>>()
    };
    let before = ids.each_ref().map(ledger);
    let merge = registry.data(
        &registry.steward(),
        MERGE,
        json!({"keep": ids[0], "merge": ids[1]}),
    );
    let together = ledger(&ids[0]);
    // Both were merged, and the one who was kept was shown.
    assert_eq!(
        together.len(),
        before[0].len() + before[1].len() + 3,
        "{together:?}"
    );
    registry.data(
        &registry.steward(),
        SPLIT,
        json!({"id": merge["mergeLearners"]["id"]}),
    );
    let (kept, gone) = (ledger(&ids[0]), ledger(&ids[1]));
    for (now, before) in [(&kept, &before[0]), (&gone, &before[1])] {
        assert!(
            now.contains(&"split".to_owned()) && now.contains(&"merge".to_owned()),
            "{now:?}"
        );
        assert!(now.ends_with(before), "{now:?} {before:?}");
    }
}

#[test]
fn a_case_is_decided_by_a_steward_and_stays_decided() {
    for decision in ["SAME", "DIFFERENT"] {
        let registry = Registry::new();
        // One of two letters of the name differs, and the postcode is not known: alike, and not sure.
        let doubtful = row(1, 4).with("family_name", "Inventadb");
        registry.push_csv("RN5217", &csv(&[row(1, 1), doubtful.clone()]));
        assert_eq!(people(&registry).len(), 2);
        let open = cases(&registry);
        let [case] = open.as_slice() else {
            panic!("{open:?}");
        };
        let odds: f64 = case["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| field["weight"].as_f64().unwrap())
            .sum();
        let probability = case["probability"].as_f64().unwrap();
        assert!(
            (1.0 / (1.0 + (-odds).exp()) - probability).abs() < 0.001,
            "{case}"
        );
        let decide = |decision: &str| {
            registry.ask(
                &registry.steward(),
                RESOLVE,
                json!({"id": case["id"], "decision": decision}),
            )
        };
        assert_eq!(
            decide(decision)["data"]["resolveMatch"]["state"],
            decision.to_lowercase()
        );
        assert_eq!(
            decide(decision)["data"]["resolveMatch"]["state"],
            decision.to_lowercase()
        );
        let other = if decision == "SAME" {
            "DIFFERENT"
        } else {
            "SAME"
        };
        assert_eq!(
            decide(other)["errors"][0]["extensions"]["code"],
            "state-conflict"
        );
        assert_eq!(cases(&registry).len(), 0);
        let expected = if decision == "SAME" { 1 } else { 2 };
        assert_eq!(people(&registry).len(), expected, "{decision}");
        // More of the same changes nothing.
        registry.push_csv(
            "RN5217",
            &csv(&[doubtful.with("grade", "Merit"), row(1, 3)]),
        );
        assert_eq!(
            (people(&registry).len(), cases(&registry).len()),
            (expected, 0)
        );
    }
}

#[test]
fn nobody_but_a_steward_decides() {
    let registry = Registry::new();
    pushed(&registry, &[vec![(1, 1), (2, 1)]]);
    let ids = [learner(&registry, 1), learner(&registry, 2)];
    let others = [
        registry.practitioner(&ids[0]),
        registry.body("RN5217"),
        registry.employer(),
    ];
    for caller in others {
        for (query, variables) in [
            (MERGE, json!({"keep": ids[0], "merge": ids[1]})),
            (
                SPLIT,
                json!({"id": "merge_00000000000000000000000000000000"}),
            ),
            (
                RESOLVE,
                json!({"id": "match_00000000000000000000000000000000", "decision": "SAME"}),
            ),
            ("{ matchCases { edges { cursor } } }", Value::Null),
        ] {
            let answer = registry.ask(&caller, query, variables);
            let code = &answer["errors"][0]["extensions"]["code"];
            assert!(code == "forbidden" || code == "not-found", "{answer}");
        }
    }
    assert_eq!(people(&registry).len(), 2);
}

#[test]
fn an_award_that_was_taken_for_anothers_while_merged_keeps_its_identifier() {
    let registry = Registry::new();
    pushed(
        &registry,
        &[vec![(1, 1), (2, 1)], vec![(2, 2)], vec![(1, 0)]],
    );
    let ids = [learner(&registry, 1), learner(&registry, 2)];
    let awards = [1, 2].map(|number| award_ids(&registry, number));
    let keep = json!({"keep": ids[0], "merge": ids[1]});
    let merge = registry.data(&registry.steward(), MERGE, keep);
    // The result without a number is now that of the second learner's award, until a correction says otherwise.
    assert_eq!(award_ids(&registry, 1).len(), 3);
    pushed(&registry, &[vec![(1, 3)]]);
    assert_eq!(award_ids(&registry, 1).len(), 4);
    registry.data(
        &registry.steward(),
        SPLIT,
        json!({"id": merge["mergeLearners"]["id"]}),
    );
    for (number, before) in [1, 2].into_iter().zip(awards) {
        assert_eq!(award_ids(&registry, number), before);
    }
}

#[test]
fn who_was_merged_before_merges_were_kept_stays_merged() {
    let registry = Registry::new();
    pushed(&registry, &[vec![(1, 1), (2, 1)]]);
    let kept = learner(&registry, 1);
    let mut connection =
        Connection::open(&registry.app.config.database_url(), Purpose::Write).unwrap();
    // As it was stored then: everything moved, and nothing said of it.
    let of = |number| {
        let uln = uln(number);
        format!(
            "(SELECT id FROM learner WHERE id IN (SELECT learner_id FROM learner_alias WHERE value = '{uln}'))"
        )
    };
    let (kept_id, gone_id) = (of(1), of(2));
    let moved = format!(
        "UPDATE achievement SET learner_id = {kept_id} WHERE learner_id = {gone_id};
         UPDATE source SET learner_id = {kept_id} WHERE learner_id = {gone_id};
         UPDATE learner SET merged_into = {kept_id} WHERE id = {gone_id};
         UPDATE learner_alias SET learner_id = {kept_id}, arrived_as = {kept_id} WHERE learner_id = {gone_id};
         DELETE FROM __diesel_schema_migrations WHERE version = '20261122234000'"
    );
    connection.batch(&moved).unwrap();
    migrate(&mut connection).unwrap();
    drop(connection);
    assert_eq!(learner(&registry, 2), kept);
    // Whatever is told of them since is concluded from all that was told of both.
    pushed(&registry, &[vec![(1, 5)], vec![(2, 2)]]);
    assert_eq!(learner(&registry, 2), kept);
    assert_eq!(people(&registry).len(), 1);
    assert_eq!(award_ids(&registry, 1).len(), 4);
}
