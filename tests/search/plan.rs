//! How SQLite goes about a search: it keeps no statistics, takes every table for one of a million rows and every kind for
//! one of ten, and must yet begin with what was typed.

use super::{Entry, load, page, titles};
use crate::support::{Registry, database};
use diesel::prelude::*;
use registry::access::Caller;
use registry::db::Connection;
use registry::error::Error;
use serde_json::{Value, json};

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = diesel::sql_types::Text)]
    detail: String,
}

/// The steps in which SQLite goes about a statement.
fn plan(registry: &Registry, statement: &str) -> Vec<String> {
    let asked = diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}"));
    let steps = registry
        .app
        .db
        .read_blocking(move |connection| match connection {
            Connection::Sqlite(open) => asked.load::<Step>(open).map_err(Error::internal),
            Connection::Postgres(_) => unreachable!(),
        });
    steps.unwrap().into_iter().map(|step| step.detail).collect()
}

/// Whether a step of a plan reads rows that have nothing to do with what was typed: all of a table, or of the index
/// all of a kind.
fn goes_through_all(step: &str, plan: &[String]) -> bool {
    if let Some(table) = step.strip_prefix("SCAN ") {
        // What the statement itself has gathered is read whole.
        let gathered = ["CO-ROUTINE", "MATERIALIZE"].map(|how| format!("{how} {table}"));
        return !plan.iter().any(|step| gathered.contains(step));
    }
    step.contains("(kind=?") && !step.contains("(kind=? AND word")
}

#[test]
fn every_statement_of_a_search_begins_with_what_was_typed() {
    if database::server().is_some() {
        eprintln!("SKIPPED: PostgreSQL keeps statistics");
        return;
    }
    let registry = Registry::new().with_framework();
    titles(
        &registry,
        &[
            "Level 3 Diploma for the Early Years Educator",
            "Level 2 Certificate in Playwork",
            "Award in Playing",
            "Certificate in Educating",
        ],
    );
    // So many that a rank's entries are not sorted.
    let mut care: Vec<Entry<'_>> = (100..1_250)
        .map(|place| Entry::new(place, "Certificate in Care"))
        .collect();
    // A body that owns fewer than have any of the words.
    care.push(Entry {
        body: "RN9002",
        ..Entry::new(1_250, "Certificate in Care")
    });
    assert_eq!(load(&registry, &care).rejected, 0);
    let units = "query Q($search: String, $level: [Level!]) {
        units(search: $search, level: $level, first: 3) { edges { node { title } } } }";
    let nobody = Caller::nobody();
    let mut statements = Vec::new();
    for search in [
        "care",
        "cre",
        "care certificate",
        "certificte cae",
        "educator playwork",
        "edcuator palywork",
        "play",
        "zzzzz zzzzzz",
        "bacordenist corgramarhol denfilquiros filjunkelulm graholverwes holistyorzan istjunathba junkelbacor \
         kellomdenfil lommargrahol marnoristjun norpralomkel",
        "level 3 early years",
    ] {
        for filter in [
            json!({}),
            json!({"level": ["L3", "L4"], "on": "2019-01-01"}),
            json!({"body": "RN9001"}),
            json!({"body": "RN9002"}),
            json!({"sector": ["Play"], "level": ["L3"]}),
        ] {
            let mut asked = filter;
            asked["search"] = json!(search);
            asked["first"] = json!(3);
            let first = || page(&registry, asked.clone());
            let (first, heard) = registry.watched(first);
            statements.extend(heard);
            asked["after"] = first["pageInfo"]["endCursor"].clone();
            if asked["after"] != Value::Null {
                statements.extend(registry.watched(|| page(&registry, asked.clone())).1);
            }
            let ask = || registry.data(&nobody, units, asked.clone());
            statements.extend(registry.watched(ask).1);
        }
    }
    statements.retain(|one| one.contains("search_"));
    statements.sort();
    statements.dedup();
    let mut steps = String::new();
    for statement in statements {
        let plan = plan(&registry, &statement);
        for step in &plan {
            assert!(
                !goes_through_all(step, &plan),
                "{step}: {statement}\n{plan:#?}"
            );
            steps.push_str(step);
        }
    }
    // Nearly the word, its beginning, an entry that has one word by another, and what a body owns.
    for step in [
        "(deletion=?)",
        "(kind=? AND word>? AND word<?)",
        "(kind=? AND word=? AND key=?)",
        "(body=?)",
    ] {
        assert!(steps.contains(step), "{step}");
    }
}
