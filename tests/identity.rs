//! Who is whom: merges and splits, cases, and that the order of imports does not matter.

mod disputes;
mod merges;
mod orders;
mod reports;

use crate::support::{Registry, uln};
use serde_json::{Value, json};

/// The identifier of the learner of that ULN, as a steward sees it.
fn learner(registry: &Registry, number: u32) -> String {
    let found = registry.data(
        &registry.steward(),
        "query($uln: String!) { learner(uln: $uln) { id } }",
        json!({"uln": uln(number)}),
    );
    found["learner"]["id"].as_str().unwrap().to_owned()
}

/// Cases that wait: state, both names, and how probable.
fn cases(registry: &Registry) -> Vec<Value> {
    let found = registry.data(
        &registry.steward(),
        "{ matchCases { edges { node { id state probability fields { field comparison weight }
           left { givenName familyName uln } right { givenName familyName uln } } } } }",
        Value::Null,
    );
    let edges = found["matchCases"]["edges"].as_array().unwrap();
    edges.iter().map(|edge| edge["node"].clone()).collect()
}

/// Which results belong to one learner: the sets of results' numbers.
fn people(registry: &Registry) -> Vec<Vec<String>> {
    let hex = match registry.app.db.engine() {
        registry::db::Engine::Sqlite => "hex(s.learner_id)",
        registry::db::Engine::Postgres => "encode(s.learner_id, 'hex')",
    };
    let lines = registry.lines(&format!(
        "SELECT {hex} || ' ' || coalesce(a.result_id, a.subject_code) AS line FROM source s JOIN achievement a ON a.id = s.achievement_id"
    ));
    let mut people: std::collections::BTreeMap<String, Vec<String>> = Default::default();
    for line in lines {
        let (learner, result) = line.split_once(' ').unwrap();
        people
            .entry(learner.to_owned())
            .or_default()
            .push(result.to_owned());
    }
    let mut people: Vec<Vec<String>> = people.into_values().collect();
    for results in &mut people {
        results.sort_unstable();
        results.dedup();
    }
    people.sort_unstable();
    people
}
