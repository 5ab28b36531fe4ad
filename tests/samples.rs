//! Real files, where their folder is present: the Learning Records Service's test answers.

use crate::support::{Registry, samples};
use registry::action::import::Origin;
use serde_json::Value;

fn push(registry: &Registry, name: &str) -> Option<registry::action::import::Report> {
    let path = samples(&format!("lrs/GetLearnerLearningEvents__{name}.xml"))?;
    Some(registry.push("lrs", Origin::Operator, &std::fs::read(path).unwrap()))
}

#[test]
fn an_exact_match_becomes_a_record_with_every_event_and_its_sentinels_named() {
    let registry = Registry::new();
    let Some(report) = push(&registry, "exact_match_full") else {
        return;
    };
    assert_eq!(
        (
            report.counts.records,
            report.counts.created,
            report.counts.rejected
        ),
        (7, 7, 0),
        "{report:?}"
    );
    let data = registry.data(
        &registry.practitioner("1174112637"),
        "{ me { achievements { totalCount edges { node { title awardedOn awardedOnStated grade standing
           sources { kind position stated } } } } } }",
        Value::Null,
    );
    assert_eq!(data["me"]["achievements"]["totalCount"], 7);
    let nodes: Vec<&Value> = data["me"]["achievements"]["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| &edge["node"])
        .collect();
    assert!(
        nodes.iter().all(|node| node["standing"] == "RECORDED"
            && node["sources"][0]["kind"] == "LEARNING_RECORDS")
    );
    let unknown = nodes
        .iter()
        .find(|node| node["title"] == "GCSE in English Literature")
        .unwrap();
    assert!(unknown["grade"].is_null());
    let stated = &unknown["sources"][0]["stated"];
    assert_eq!(stated["Grade"], "9999999999");
    assert_eq!(stated["sentinels"]["grade"], "unknown-grade");
    assert_eq!(stated["sentinels"]["body.ukprn"], "unknown-organisation");
    let absurd = nodes
        .iter()
        .find(|node| node["awardedOnStated"] == "2058-07-01")
        .unwrap();
    assert!(
        absurd["awardedOn"].is_null(),
        "a day in the future is not believed"
    );
    assert_eq!(
        absurd["sources"][0]["stated"]["sentinels"]["awardedOn"],
        "future-date"
    );
}

#[test]
fn a_linked_learner_is_one_under_both_numbers() {
    let registry = Registry::new();
    let Some(report) = push(&registry, "linked_learner") else {
        return;
    };
    assert_eq!(
        (report.counts.records, report.counts.rejected),
        (18, 0),
        "{report:?}"
    );
    let of = |uln: &str| {
        registry.data(
            &registry.practitioner(uln),
            "{ me { id achievements { totalCount } } }",
            Value::Null,
        )
    };
    assert_eq!(of("6936002314"), of("4444599390"));
    // Five pairs of events tell of the same subject on the same day: each pair is one award with two sources.
    assert_eq!(of("6936002314")["me"]["achievements"]["totalCount"], 13);
}

#[test]
fn who_does_not_share_is_not_shared() {
    let registry = Registry::new();
    let Some(report) = push(&registry, "not_shared") else {
        return;
    };
    assert_eq!(report.state, "FAILED");
    let error = report.error.unwrap();
    assert_eq!(error.code, "not-shared");
    assert!(error.message.contains("WSEC0206"), "{error:?}");
    assert!(
        registry.data(
            &registry.practitioner("1026922983"),
            "{ me { id } }",
            Value::Null
        )["me"]
            .is_null()
    );
}
