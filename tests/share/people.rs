//! Shares follow the person: through merges, and never to somebody else.

use super::support::*;
use crate::support::{Registry, Row, csv, uln};
use serde_json::{Value, json};

const MERGE: &str = "mutation($keep: ID!, $merge: ID!) { mergeLearners(keep: $keep, merge: $merge, reason: \"Shown her passport\") { id } }";
const SPLIT: &str =
    "mutation($id: ID!) { splitMerge(id: $id, reason: \"It was her sister\") { id } }";

fn learner(registry: &Registry, number: u32) -> String {
    let me = registry.data(
        &registry.practitioner(&uln(number)),
        "{ me { id } }",
        Value::Null,
    );
    text(&me["me"]["id"])
}

#[test]
fn a_share_follows_its_maker_through_a_merge_and_back() {
    let registry = filled(Registry::new());
    registry.push_csv(
        "RN5217",
        &csv(&[Row::award(4, "R4").with("grade", "Credit")]),
    );
    let (kept, gone) = (learner(&registry, 1), learner(&registry, 4));
    let before = share(&registry, 4, &awards(&registry, 4), None);
    let merge = registry.data(
        &registry.steward(),
        MERGE,
        json!({"keep": kept, "merge": gone}),
    );
    let seen = look(&registry, &registry.employer(), &before["token"]);
    assert_eq!(seen["outcome"], "VALID", "{seen}");
    assert_eq!(seen["record"]["achievements"].as_array().unwrap().len(), 1);
    // Whichever number they sign in with, it is theirs.
    assert_eq!(shares(&registry, 1)[0]["id"], before["id"]);
    assert_eq!(shares(&registry, 4)[0]["id"], before["id"]);
    // What they share together is each one's own again afterwards: nobody shares what is another's.
    let all = awards(&registry, 1);
    assert_eq!(all.len(), 3);
    let both = share(&registry, 1, &all, None);
    registry.data(
        &registry.steward(),
        SPLIT,
        json!({"id": merge["mergeLearners"]["id"]}),
    );
    let seen = look(&registry, &registry.employer(), &both["token"]);
    let grades: Vec<&Value> = seen["record"]["achievements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["grade"])
        .collect();
    assert_eq!(grades, ["Pass", "Merit"], "{seen}");
    assert_eq!(shares(&registry, 4).len(), 1);
    assert_eq!(
        look(&registry, &registry.employer(), &before["token"])["record"]["achievements"][0]["grade"],
        "Credit"
    );
}

#[test]
fn where_nothing_is_theirs_any_more_there_is_nothing() {
    let registry = filled(Registry::new());
    let job = registry.push_csv("RN5217", &csv(&[Row::award(5, "R5")])).id;
    let made = share(&registry, 5, &awards(&registry, 5), None);
    let id = registry::db::Id::read("import", &job).unwrap();
    registry::action::import::undo::undo(&registry.app, id, &()).unwrap();
    says_nothing(&look(&registry, &registry.employer(), &made["token"]));
    // Who made it is known no more either.
    let me = registry.data(
        &registry.practitioner(&uln(5)),
        "{ me { id } }",
        Value::Null,
    );
    assert!(me["me"].is_null());
    assert_eq!(registry.count("share"), 1);
}
