//! What can be done with teams, and by whom.

use super::support::*;
use crate::share::support::{REVOKE, awards, share, text};
use crate::support::{Registry, codes, uln};
use registry::access::{Caller, Role};
use registry::db::{Connection, Engine, Id, Purpose};
use serde_json::{Value, json};

#[test]
fn only_somebody_who_shared_is_added_and_a_token_that_gives_nothing_is_as_none() {
    let registry = filled();
    let team = team(&registry, None);
    let made = share(&registry, 1, &awards(&registry, 1), None);
    let revoked = text(&made["token"]);
    registry.data(
        &registry.practitioner(&uln(1)),
        REVOKE,
        json!({"id": made["id"]}),
    );
    let employer = registry.employer();
    // The first who asks has the framework read.
    add(&registry, &employer, &team, "AAAA", "playworker");
    let ask =
        |token: &str| registry.watched(|| add(&registry, &employer, &team, token, "playworker"));
    let (taken_back, by) = ask(&revoked);
    assert_eq!(codes(&taken_back), ["not-established"], "{taken_back}");
    let (unknown, by_unknown) = ask("AAAA");
    assert_eq!((taken_back, by), (unknown, by_unknown));
    assert_eq!(registry.count("team_member"), 0);
    let (token, _) = shared(&registry, &uln(1), None);
    let answer = add(&registry, &employer, &team, &token, "wizard");
    assert_eq!(codes(&answer), ["role-unknown"]);
    added(&registry, &team, &token, "playworker");
    // The same again is the same.
    added(&registry, &team, &token, "playworker");
    assert_eq!(registry.count("team_member"), 1);
}

#[test]
fn a_team_is_its_employers_alone_and_anothers_is_as_none() {
    let registry = filled();
    let team = team(&registry, None);
    let (token, _) = shared(&registry, &uln(1), None);
    let member = added(&registry, &team, &token, "playworker");
    let other = other_employer(&registry);
    let none = |kind: &str| Id::new().show(kind);
    let clear = |team: &str, member: &str| {
        format!(
            "mutation {{ recordClearance(team: \"{team}\", member: \"{member}\", input: {{kind: \"DBS\", seenOn: \"2026-01-02\"}}) {{ id }} }}"
        )
    };
    let remove = |team: &str, member: &str| {
        format!(
            "mutation {{ removeTeamMember(team: \"{team}\", member: \"{member}\", to: \"2026-02-01\") {{ id }} }}"
        )
    };
    let add = |team: &str| {
        format!(
            "mutation {{ addTeamMember(team: \"{team}\", shareToken: \"{token}\", role: \"playworker\", from: \"2026-01-01\") {{ id }} }}"
        )
    };
    for (there, not_there) in [
        (
            format!("{{ team(id: \"{team}\") {{ id name {MEMBERS} }} }}"),
            format!(
                "{{ team(id: \"{}\") {{ id name {MEMBERS} }} }}",
                none("team")
            ),
        ),
        (
            format!("{{ node(id: \"{team}\") {{ id }} }}"),
            format!("{{ node(id: \"{}\") {{ id }} }}", none("team")),
        ),
        (add(&team), add(&none("team"))),
        (clear(&team, &member), clear(&none("team"), &member)),
        (remove(&team, &member), remove(&none("team"), &member)),
    ] {
        let mut callers = vec![Caller::nobody(), other.clone()];
        let roles = Role::ALL.into_iter().filter(|role| *role != Role::Employer);
        callers.extend(roles.map(|role| {
            let own = uln(2);
            let learner = (role == Role::Practitioner).then_some(own.as_str());
            let body = (role == Role::AwardingBody).then_some("RN5156");
            registry.caller(role, learner, body)
        }));
        for caller in callers {
            let ask = |query: &str| {
                let (mut answer, by) =
                    registry.watched(|| registry.ask(&caller, query, Value::Null));
                for error in answer["errors"].as_array_mut().into_iter().flatten() {
                    error["locations"] = Value::Null;
                }
                (answer, by)
            };
            let (one, other) = (ask(&there), ask(&not_there));
            assert_eq!(one, other, "{caller:?}: {there}");
            let told = one.0.to_string();
            assert!(
                !told.contains("After school") && !told.contains("Invented"),
                "{told}"
            );
        }
    }
    let listed = registry.data(&other, "{ teams { edges { node { id } } } }", Value::Null);
    assert_eq!(listed["teams"]["edges"], json!([]));
    // A member of one team is none of another.
    let second = super::support::team(&registry, None);
    let answer = registry.ask(&registry.employer(), &remove(&second, &member), Value::Null);
    assert_eq!(codes(&answer), ["not-found"]);
}

#[test]
fn a_clearance_says_that_a_check_was_seen_and_nothing_of_it() {
    let registry = filled();
    let team = team(&registry, None);
    let (token, _) = shared(&registry, &uln(1), None);
    let member = added(&registry, &team, &token, "playworker");
    let clear = "mutation($t: ID!, $m: ID!, $i: ClearanceInput!) { recordClearance(team: $t, member: $m, input: $i) { members { edges { node { clearance { kind reference seenBy seenOn } } } } } }";
    let ask = |input: Value| {
        registry.ask(
            &registry.employer(),
            clear,
            json!({"t": team, "m": member, "i": input}),
        )
    };
    let first =
        ask(json!({"kind": "enhanced DBS", "reference": "001234567890", "seenOn": "2026-01-02"}));
    assert_eq!(
        first["data"]["recordClearance"]["members"]["edges"][0]["node"]["clearance"],
        json!({"kind": "enhanced DBS", "reference": "001234567890", "seenBy": "little-acorns (employer-of-the-test)", "seenOn": "2026-01-02"})
    );
    let newer = ask(json!({"kind": "DBS", "seenOn": "2026-03-04"}));
    assert_eq!(
        newer["data"]["recordClearance"]["members"]["edges"][0]["node"]["clearance"]["seenOn"],
        "2026-03-04"
    );
    for wrong in [
        json!({"kind": "DBS", "reference": "a caution in 2009", "seenOn": "2026-03-04"}),
        json!({"kind": "DBS: a caution", "seenOn": "2026-03-04"}),
        json!({"kind": "DBS", "seenOn": "2999-03-04"}),
    ] {
        assert_eq!(codes(&ask(wrong.clone())), ["input-invalid"], "{wrong}");
    }
    assert_eq!(registry.count("clearance"), 2);
}

#[test]
fn somebody_leaves_on_a_day_and_counts_until_then() {
    let registry = filled();
    let team = team(&registry, None);
    let (token, _) = shared(&registry, &uln(1), None);
    let member = added(&registry, &team, &token, "learning-mentor");
    let remove = |to: &str| {
        let query = "mutation($t: ID!, $m: ID!, $to: Date!) { removeTeamMember(team: $t, member: $m, to: $to) { members { edges { node { to } } } gaps { requirement { rule } } } }";
        registry.ask(
            &registry.employer(),
            query,
            json!({"t": team, "m": member, "to": to}),
        )
    };
    assert_eq!(codes(&remove("2025-12-31")), ["dates-contradict"]);
    let gone = remove("2026-01-31");
    let gone = &gone["data"]["removeTeamMember"];
    assert_eq!(gone["members"]["edges"][0]["node"]["to"], "2026-01-31");
    assert_eq!(gone["gaps"], json!([]), "who has left is missing nothing");
    // Who comes back has a place of their own.
    let variables =
        json!({"team": team, "token": token, "role": "learning-mentor", "from": "2026-03-01"});
    let back = registry.data(&registry.employer(), ADD, variables);
    assert_eq!(
        back["addTeamMember"]["members"]["edges"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn a_team_has_a_name_in_words() {
    let registry = filled();
    let make = "mutation($i: TeamInput!) { createTeam(input: $i) { id name } }";
    for (input, code) in [
        (json!({"name": "  "}), "input-invalid"),
        (json!({"name": "a".repeat(201)}), "input-invalid"),
        (json!({"name": "a\u{7}b"}), "text-invalid"),
    ] {
        let answer = registry.ask(&registry.employer(), make, json!({"i": input}));
        assert_eq!(codes(&answer), [code], "{answer}");
    }
    let answer = registry.ask(&registry.steward(), make, json!({"i": {"name": "A"}}));
    assert_eq!(codes(&answer), ["forbidden"]);
    assert_eq!(registry.count("team"), 0);
}

#[test]
fn nothing_is_half_done() {
    let registry = filled();
    let team = team(&registry, None);
    let own = awards(&registry, 1);
    let (token, _) = shared(&registry, &uln(1), None);
    let shares = registry.count("share");
    refuse(&registry, "share_achievement");
    let input =
        json!({"achievements": own, "expiresAt": crate::share::support::in_days(&registry, 7)});
    let answer = registry.ask(
        &registry.practitioner(&uln(1)),
        crate::share::support::MAKE,
        json!({"i": input}),
    );
    assert!(
        !codes(&answer).is_empty() && !answer.to_string().contains("check/"),
        "{answer}"
    );
    assert_eq!(registry.count("share"), shares);
    refuse(&registry, "access_entry");
    let answer = add(&registry, &registry.employer(), &team, &token, "playworker");
    assert!(!codes(&answer).is_empty(), "{answer}");
    assert_eq!(registry.count("team_member"), 0);
}

/// From now on that table takes no row, as if the disk had failed there.
pub(crate) fn refuse(registry: &Registry, table: &str) {
    let url = registry.app.config.database_url();
    let mut connection = Connection::open(&url, Purpose::Write).unwrap();
    let sql = match Engine::of(&url).unwrap() {
        Engine::Sqlite => format!(
            "CREATE TRIGGER refused_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'refused'); END"
        ),
        Engine::Postgres => {
            format!("ALTER TABLE {table} ADD CONSTRAINT refused_{table} CHECK (false) NOT VALID")
        }
    };
    connection.batch(&sql).unwrap();
}
