//! What the tests of figures share.

use crate::support::{Registry, Row, codes, csv, uln};
use registry::access::{Caller, Role};
use registry::action::employment::Kind;
use serde_json::{Value, json};
use std::fmt::Write as _;

pub(super) const ASK: &str =
    "query($by: [WorkforceDimension!]!, $on: Date) { workforce(by: $by, snapshot: $on) {
    snapshot suppressed rounding rows { keys people needed provision } } }";

pub(super) const DAY: &str = "2026-06-01";

/// A registry with the register and the framework.
pub(super) fn empty() -> Registry {
    Registry::new().with_register().with_framework()
}

/// Somebody's post.
pub(super) struct Post {
    pub(super) person: u32,
    pub(super) role: &'static str,
    pub(super) area: &'static str,
    pub(super) from: &'static str,
    pub(super) to: &'static str,
}

/// A post that goes on.
pub(super) fn post(person: u32, role: &'static str, area: &'static str) -> Post {
    Post {
        person,
        role,
        area,
        from: "2025-09-01",
        to: "",
    }
}

/// Posts of so many people, from a number on.
pub(super) fn posts(
    people: std::ops::Range<u32>,
    role: &'static str,
    area: &'static str,
) -> Vec<Post> {
    people.map(|person| post(person, role, area)).collect()
}

/// Loads posts.
pub(super) fn hold(registry: &Registry, posts: &[Post]) {
    let mut text = "uln,employer,role,area,from,to,stated_by\n".to_owned();
    for post in posts {
        let Post {
            person,
            role,
            area,
            from,
            to,
        } = post;
        let uln = uln(*person);
        writeln!(text, "{uln},little-acorns,{role},{area},{from},{to},us").unwrap();
    }
    let imported = registry.employment(Kind::Held, &text).unwrap();
    assert_eq!(imported.faults, Vec::new());
}

/// Loads people with an award each: the diploma of level 3.
pub(super) fn people(registry: &Registry, people: std::ops::Range<u32>) {
    let rows: Vec<Row> = people
        .map(|number| Row::award(number, &format!("R{number}")))
        .collect();
    registry.push_csv("RN5217", &csv(&rows));
}

pub(super) fn statistician(registry: &Registry) -> Caller {
    registry.caller(Role::Statistician, None, None)
}

/// What is answered to a statistician who asks for a table of the latest snapshot.
pub(super) fn answer(registry: &Registry, by: &[&str], on: Option<&str>) -> Value {
    registry.ask(&statistician(registry), ASK, json!({"by": by, "on": on}))
}

/// The table.
pub(super) fn table(registry: &Registry, by: &[&str]) -> Value {
    let answer = answer(registry, by, None);
    assert_eq!(codes(&answer), [""; 0], "{answer}");
    answer["data"]["workforce"].clone()
}

/// Its rows in short: keys, and how many people.
pub(super) fn counts(registry: &Registry, by: &[&str]) -> Vec<(String, Option<u64>)> {
    let table = table(registry, by);
    let rows = table["rows"].as_array().unwrap().iter();
    rows.map(|row| {
        let keys = row["keys"].as_array().unwrap().iter();
        let keys: Vec<&str> = keys.map(|key| key.as_str().unwrap()).collect();
        (keys.join(" "), row["people"].as_u64())
    })
    .collect()
}

/// The same as they are expected.
pub(super) fn are(rows: &[(&str, Option<u64>)]) -> Vec<(String, Option<u64>)> {
    rows.iter()
        .map(|(keys, people)| ((*keys).to_owned(), *people))
        .collect()
}
