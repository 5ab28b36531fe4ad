//! What the tests of teams share.

use crate::share::support::{awards, in_days, text};
use crate::support::{Registry, codes, uln};
use registry::access::Caller;
use serde_json::{Value, json};

pub(super) const MEMBERS: &str = "members { edges { node { id sharing givenName familyName from to role { code }
    standing { meets met { text } missing { text rule } } clearance { kind reference seenBy seenOn } } } }";

/// Everything that can be asked of a team.
pub(super) fn everything() -> String {
    format!(
        "query($id: ID!) {{ team(id: $id) {{ id name setting {MEMBERS} gaps {{ requirement {{ rule text }} missingFor {{ id }} }}
         plan {{ member {{ id }} units {{ reference }} credit }}
         inRatio(children: [{{fromMonths: 24, toMonths: 36, children: 5}}], on: \"2026-06-01\") {{ outcome explanation {{ text }} }} }} }}"
    )
}

/// Makes a team of little-acorns.
pub(super) fn team(registry: &Registry, setting: Option<&str>) -> String {
    let make = "mutation($i: TeamInput!) { createTeam(input: $i) { id name setting } }";
    let input = json!({"i": {"name": "After school", "setting": setting}});
    let made = registry.data(&registry.employer(), make, input)["createTeam"].clone();
    assert_eq!(made["name"], "After school");
    text(&made["id"])
}

/// The token of a share of all that somebody has, and the share.
pub(super) fn shared(registry: &Registry, uln: &str, fields: Option<&[&str]>) -> (String, String) {
    let caller = registry.practitioner(uln);
    let query = "{ me { achievements { edges { node { id } } } } }";
    let me = registry.data(&caller, query, Value::Null);
    let edges = me["me"]["achievements"]["edges"].as_array().unwrap();
    let ids: Vec<&Value> = edges.iter().map(|edge| &edge["node"]["id"]).collect();
    let input = json!({"achievements": ids, "fields": fields, "expiresAt": in_days(registry, 30)});
    let make = "mutation($i: ShareInput!) { shareRecord(input: $i) { id token } }";
    let made = registry.data(&caller, make, json!({"i": input}))["shareRecord"].clone();
    (text(&made["token"]), text(&made["id"]))
}

pub(super) const ADD: &str = "mutation($team: ID!, $token: String!, $role: String!, $from: Date!) {
    addTeamMember(team: $team, shareToken: $token, role: $role, from: $from) { id members { edges { node { id from } } } } }";

/// Adds the owner of a token; the answer.
pub(super) fn add(
    registry: &Registry,
    caller: &Caller,
    team: &str,
    token: &str,
    role: &str,
) -> Value {
    let variables = json!({"team": team, "token": token, "role": role, "from": "2026-01-01"});
    registry.ask(caller, ADD, variables)
}

/// Adds the owner of a token, which must succeed; the identifier of the newest member.
pub(super) fn added(registry: &Registry, team: &str, token: &str, role: &str) -> String {
    let answer = add(registry, &registry.employer(), team, token, role);
    assert_eq!(codes(&answer), [""; 0], "{answer}");
    let edges = answer["data"]["addTeamMember"]["members"]["edges"].clone();
    text(&edges.as_array().unwrap().last().unwrap()["node"]["id"])
}

/// A team as its employer sees it.
pub(super) fn seen(registry: &Registry, team: &str) -> Value {
    let data = registry.data(&registry.employer(), &everything(), json!({"id": team}));
    data["team"].clone()
}

/// The members of a team as they were seen.
pub(super) fn members(team: &Value) -> Vec<Value> {
    let edges = team["members"]["edges"].as_array().unwrap();
    edges.iter().map(|edge| edge["node"].clone()).collect()
}

/// An employer of another organisation.
pub(super) fn other_employer(registry: &Registry) -> Caller {
    let mut other = registry.employer();
    other.employer = Some("tall-oaks".to_owned());
    other
}

/// A registry with the framework in which learners 1 and 2 have an award each.
pub(super) fn filled() -> Registry {
    let registry = crate::share::support::filled(Registry::new().with_framework());
    assert_eq!(awards(&registry, 2).len(), 1);
    assert_eq!(uln(1).len(), 10);
    registry
}
