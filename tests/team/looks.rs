//! Looks at a team: in the ledger of each who shares, and in as many statements however many there are.

use super::changes::refuse;
use super::support::*;
use crate::share::support::{ledger, shares};
use crate::support::{Registry, Row, codes, csv, uln};
use registry::db::Id;
use serde_json::{Value, json};

/// A team of so many, each with an award.
fn team_of(registry: &Registry, people: std::ops::Range<u32>) -> String {
    let team = team(registry, Some("group"));
    for number in people {
        let (token, _) = shared(registry, &uln(number), None);
        let variables =
            json!({"team": team, "token": token, "role": "learning-mentor", "from": "2026-01-01"});
        let add = "mutation($team: ID!, $token: String!, $role: String!, $from: Date!) { addTeamMember(team: $team, shareToken: $token, role: $role, from: $from) { id } }";
        registry.data(&registry.employer(), add, variables);
    }
    team
}

fn people(registry: &Registry, people: std::ops::Range<u32>) {
    let rows: Vec<Row> = people
        .map(|number| {
            let row = Row::award(number, &format!("R{number}"));
            row.without("qualification_number")
                .with("unit_reference", "L/601/1693")
        })
        .collect();
    registry.push_csv("RN5217", &csv(&rows));
}

#[test]
fn a_look_is_one_row_for_each_who_shares_and_none_where_nothing_is_told() {
    let registry = filled();
    let team = team_of(&registry, 1..3);
    let after_adding = ledger(&registry, 1);
    assert_eq!(after_adding.len(), 1, "{after_adding:?}");
    let employer = registry.employer();
    let ask = |query: &str| registry.data(&employer, query, Value::Null);
    ask("{ teams { edges { node { id name setting } } } }");
    ask(&format!("{{ team(id: \"{team}\") {{ name }} }}"));
    assert_eq!(
        (ledger(&registry, 1).len(), ledger(&registry, 2).len()),
        (1, 1)
    );
    // However much is asked in one answer.
    seen(&registry, &team);
    assert_eq!(
        (ledger(&registry, 1).len(), ledger(&registry, 2).len()),
        (2, 2)
    );
    let row = &ledger(&registry, 1)[0];
    let via = row["via"].as_str().unwrap();
    assert!(via.starts_with("share_"), "{row}");
    assert_eq!(
        *row,
        json!({"by": "little-acorns (employer-of-the-test)", "role": "employer", "what": "team", "purpose": null, "via": via})
    );
    // Whoever shared sees how often it was looked at: when she was added, and now.
    assert_eq!(shares(&registry, 1)[0]["views"], ledger(&registry, 1).len());
    // Those on the page, and nobody else.
    ask(&format!(
        "{{ team(id: \"{team}\") {{ members(first: 1) {{ edges {{ node {{ id }} }} pageInfo {{ hasNextPage }} }} }} }}"
    ));
    assert_eq!(
        (ledger(&registry, 1).len(), ledger(&registry, 2).len()),
        (3, 2)
    );
    ask("{ teams { edges { node { members(first: 5) { edges { node { givenName } } } } } } }");
    assert_eq!(
        (ledger(&registry, 1).len(), ledger(&registry, 2).len()),
        (4, 3)
    );
    // Who shares no longer is told of nothing.
    let revoke = "mutation($id: ID!) { revokeShare(id: $id) { id } }";
    registry.data(&registry.practitioner(&uln(1)), revoke, json!({"id": via}));
    seen(&registry, &team);
    assert_eq!(
        (ledger(&registry, 1).len(), ledger(&registry, 2).len()),
        (4, 4)
    );
}

#[test]
fn without_its_rows_there_is_no_answer() {
    let registry = filled();
    let team = team_of(&registry, 1..3);
    refuse(&registry, "access_entry");
    let gaps = format!("{{ team(id: \"{team}\") {{ gaps {{ missingFor {{ givenName }} }} }} }}");
    for query in [
        format!("{{ team(id: \"{team}\") {{ {MEMBERS} }} }}"),
        format!("{{ node(id: \"{team}\") {{ ... on Team {{ {MEMBERS} }} }} }}"),
        gaps,
        format!("{{ team(id: \"{team}\") {{ plan {{ credit }} }} }}"),
    ] {
        let answer = registry.ask(&registry.employer(), &query, Value::Null);
        assert!(!codes(&answer).is_empty(), "{query}: {answer}");
        assert!(!answer.to_string().contains("Invented"), "{answer}");
    }
}

/// Whether a statement reads. On PostgreSQL what is counted is locked first, which answers nothing.
fn is_read(sql: &str) -> bool {
    sql.trim_start().starts_with("SELECT") && !sql.contains("FOR NO KEY UPDATE")
}

#[test]
fn fifty_take_as_many_statements_as_two() {
    let registry = Registry::new().with_register().with_framework();
    people(&registry, 1..53);
    let small = team_of(&registry, 1..3);
    let large = team_of(&registry, 3..53);
    let statements = |team: &str, many: usize| {
        let (told, statements) = registry.watched(|| seen(&registry, team));
        assert_eq!(members(&told).len(), many);
        assert_eq!(told["plan"].as_array().unwrap().len(), many);
        let notes = statements.iter().filter(|sql| sql.contains("access_entry"));
        assert_eq!(notes.count(), 1, "{statements:#?}");
        // The team, its members, clearances, shared achievements and records; the framework's version.
        let reads = statements.iter().filter(|sql| is_read(sql));
        assert!(reads.count() <= 7, "{statements:#?}");
        statements.len()
    };
    let two = statements(&small, 2);
    let fifty = statements(&large, 50);
    assert_eq!(two, fifty);
    // And several teams together as many as one.
    let query = format!(
        "{{ teams(first: 3) {{ edges {{ node {{ {} }} }} }} }}",
        MEMBERS.replace("members {", "members(first: 5) {")
    );
    let (_, both) = registry.watched(|| registry.data(&registry.employer(), &query, Value::Null));
    let reads = both.iter().filter(|sql| is_read(sql));
    assert!(reads.count() <= 7, "{both:#?}");
}

/// A hundred teams of five hundred are more than SQLite takes in one statement.
#[test]
fn as_many_shares_are_looked_at_as_teams_can_have() {
    use registry::model::share;
    let registry = filled();
    team_of(&registry, 1..2);
    let ids: Vec<Id> = (0..50_000).map(|_| Id::new()).collect();
    let db = &registry.app.db;
    let several = ids.clone();
    let found =
        db.read_blocking(move |connection| Ok(share::achievements_of(connection, &several)?));
    assert_eq!(found.unwrap(), Vec::new());
    let views = shares(&registry, 1)[0]["views"].clone();
    db.write_blocking(move |connection| Ok(share::viewed_together(connection, &ids)?))
        .unwrap();
    assert_eq!(shares(&registry, 1)[0]["views"], views);
}
