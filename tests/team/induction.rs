//! How the people of a team were inducted, by their own record: told where they share it, and of whom they are now.

use super::support::*;
use crate::support::{Registry, Row, csv, uln};
use registry::access::Caller;
use serde_json::{Value, json};

const RECORD: &str = "mutation($i: DevelopmentInput!) { recordDevelopment(input: $i) { id } }";

fn record(registry: &Registry, caller: &Caller, kind: &str, title: &str, on: &str) {
    let input = json!({"i": {"kind": kind, "title": title, "hours": 7.5, "on": on}});
    registry.data(caller, RECORD, input);
}

/// What the employer sees of each member's inductions.
fn seen(registry: &Registry, team: &str) -> Vec<Value> {
    let query = "query($id: ID!) { team(id: $id) { members(first: 9) { edges { node { sharing induction { kind title hours on evidence { id } } } } } } }";
    let data = registry.data(&registry.employer(), query, json!({"id": team}));
    members(&data["team"])
        .iter()
        .map(|member| member["induction"].clone())
        .collect()
}

#[test]
fn an_induction_is_told_to_a_team_where_it_is_shared_by_name_and_nothing_else_of_the_development_record()
 {
    let registry = filled();
    registry.push_csv("RN5217", &csv(&[Row::award(3, "R9")]));
    let team = team(&registry, Some("group"));
    for number in [1, 2] {
        let own = registry.practitioner(&uln(number));
        record(
            &registry,
            &own,
            "Induction",
            "First days in the toddler room",
            "2026-01-05",
        );
        record(
            &registry,
            &own,
            "induction",
            "Moving to the baby room",
            "2026-03-02",
        );
        record(&registry, &own, "cpd", "A course", "2026-02-01");
    }
    let named = ["givenName", "induction"];
    let (first, share) = shared(&registry, &uln(1), Some(&named));
    // Whoever names no fields shares their awards and their names.
    let (second, _) = shared(&registry, &uln(2), None);
    // Who shares it and recorded none.
    let (third, _) = shared(&registry, &uln(3), Some(&named));
    for token in [&first, &second, &third] {
        added(&registry, &team, token, "learning-mentor");
    }
    let told = |title: &str, on: &str| json!({"kind": "induction", "title": title, "hours": 7.5, "on": on, "evidence": []});
    let newest = told("Moving to the baby room", "2026-03-02");
    let oldest = told("First days in the toddler room", "2026-01-05");
    assert_eq!(
        seen(&registry, &team),
        [json!([newest, oldest]), json!([]), json!([])]
    );

    // As whom it was recorded makes no difference once two are found to be one.
    let [keep, gone] = [3, 1].map(|number| registry.learner_or_made(&uln(number)).show("learner"));
    let merge = "mutation($keep: ID!, $gone: ID!) { mergeLearners(keep: $keep, merge: $gone, reason: \"One person\") { id } }";
    registry.data(
        &registry.steward(),
        merge,
        json!({"keep": keep, "gone": gone}),
    );
    let both = json!([newest, oldest]);
    assert_eq!(
        seen(&registry, &team),
        [both.clone(), json!([]), both.clone()]
    );

    // Who shares no longer is told of nothing.
    let revoke = "mutation($id: ID!) { revokeShare(id: $id) { id } }";
    registry.data(
        &registry.practitioner(&uln(1)),
        revoke,
        json!({"id": share}),
    );
    assert_eq!(seen(&registry, &team), [json!([]), json!([]), both]);
}
