//! What the tests of shares share.

use crate::support::{Registry, Row, csv, uln};
use registry::access::Caller;
use serde_json::{Value, json};

pub(crate) const VERIFY: &str = "query($i: VerifyInput!) { verify(input: $i) { outcome checks { name result code }
    achievement { title } receipt { id jwt outcome purpose } record { givenName familyName expiresAt achievements {
    title awardingBody level credit awardedOn grade status route standing registerEntry } } } }";

pub(crate) const MAKE: &str = "mutation($i: ShareInput!) { shareRecord(input: $i) {
    id token url fields purpose expiresAt views revokedAt achievements { id grade } } }";

pub(crate) const REVOKE: &str =
    "mutation($id: ID!) { revokeShare(id: $id) { id token url revokedAt views } }";

/// A registry in which learner 1 has two awards.
pub(crate) fn filled(registry: Registry) -> Registry {
    let registry = registry.with_register();
    registry.push_csv(
        "RN5217",
        &csv(&[
            Row::award(1, "R1").with("certificate_number", "C1"),
            Row::award(2, "R2"),
        ]),
    );
    let unit = Row::award(1, "R3")
        .without("qualification_number")
        .with("unit_reference", "L/601/1693")
        .with("title", "An invented unit")
        .with("grade", "Merit");
    registry.push_csv("RN5217", &csv(&[unit]));
    registry
}

/// The achievements of a learner, by identifier: that of the qualification first.
pub(crate) fn awards(registry: &Registry, number: u32) -> Vec<String> {
    let query = "{ me { achievements { edges { node { id } } } } }";
    let me = registry.data(&registry.practitioner(&uln(number)), query, Value::Null);
    let edges = me["me"]["achievements"]["edges"].as_array().unwrap();
    let id = |edge: &Value| edge["node"]["id"].as_str().unwrap().to_owned();
    edges.iter().map(id).collect()
}

/// In so many days.
pub(crate) fn in_days(registry: &Registry, days: i64) -> String {
    let then = registry.app.clock.now() + chrono::TimeDelta::days(days);
    then.and_utc().to_rfc3339()
}

/// Shares achievements of that learner for a week; the share as it was made.
pub(crate) fn share(
    registry: &Registry,
    number: u32,
    awards: &[String],
    fields: Option<&[&str]>,
) -> Value {
    let input = json!({"achievements": awards, "fields": fields, "purpose": "A post", "expiresAt": in_days(registry, 7)});
    let caller = registry.practitioner(&uln(number));
    registry.data(&caller, MAKE, json!({"i": input}))["shareRecord"].clone()
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// What a token gives that caller.
pub(crate) fn look(registry: &Registry, caller: &Caller, token: &Value) -> Value {
    let input = json!({"i": {"shareToken": token, "purpose": "An appointment"}});
    registry.data(caller, VERIFY, input)["verify"].clone()
}

/// The checks of a verification in words.
pub(crate) fn checks(verification: &Value) -> Vec<String> {
    let checks = verification["checks"].as_array().unwrap().iter();
    checks
        .map(|check| {
            format!("{} {} {}", check["name"], check["result"], check["code"]).replace('"', "")
        })
        .collect()
}

/// That a verification says nothing.
pub(crate) fn says_nothing(verification: &Value) {
    assert_eq!(verification["outcome"], "UNDETERMINED", "{verification}");
    assert_eq!(verification["receipt"]["outcome"], "UNDETERMINED");
    assert!(verification["record"].is_null() && verification["achievement"].is_null());
    assert_eq!(
        checks(verification),
        [
            "SHARE NOT_CHECKED not-established",
            "STATUS NOT_CHECKED not-established",
            "REGISTER NOT_CHECKED not-established"
        ]
    );
}

/// The rows of a learner's ledger, the newest first, without their times.
pub(crate) fn ledger(registry: &Registry, number: u32) -> Vec<Value> {
    let query = "{ me { accessLedger { edges { node { by role what purpose via } } } } }";
    let me = registry.data(&registry.practitioner(&uln(number)), query, Value::Null);
    let edges = me["me"]["accessLedger"]["edges"].as_array().unwrap();
    edges.iter().map(|edge| edge["node"].clone()).collect()
}

/// The shares of a learner, the newest first.
pub(crate) fn shares(registry: &Registry, number: u32) -> Vec<Value> {
    let query = "{ me { shares { edges { node { id token url fields views revokedAt achievements { id status } } } } } }";
    let me = registry.data(&registry.practitioner(&uln(number)), query, Value::Null);
    let edges = me["me"]["shares"]["edges"].as_array().unwrap();
    edges.iter().map(|edge| edge["node"].clone()).collect()
}
