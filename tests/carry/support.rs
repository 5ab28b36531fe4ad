//! A registry with a person of whom several have told, and what is exported of them.

use crate::support::{Registry, Row, csv, learning_events, uln};
use registry::action::credential::{Chosen, Export, Format, export};
use registry::action::import::Origin;
use registry::config::Config;
use registry::db::Id;
use registry::model::learner::find_by_uln;
use schema::Uln;
use serde_json::{Value, json};

/// By what the registry of these tests is known.
pub(super) const ORIGIN: &str = "https://registry.example";
pub(super) const DID: &str = "did:web:registry.example";

pub(super) fn registry() -> Registry {
    configured(|config| config.server.origin = Some(ORIGIN.to_owned()))
}

/// One where learner 1 has: two awards of RN5217, one that the Learning Records Service told of, one that is provisional, and
/// one that she brought.
pub(super) fn configured(change: impl FnOnce(&mut Config)) -> Registry {
    let registry = Registry::configured(change).with_register();
    let file = csv(&[
        Row::award(1, "R1").with("certificate_number", "C1"),
        Row::elsewhere(1, "R2")
            .with("grade", "Merit")
            .with("route", "rpl"),
        Row::elsewhere(1, "R3")
            .with("qualification_number", "603/1234/5")
            .with("status", "provisional"),
        Row::award(2, "R4"),
    ]);
    registry.push_csv("RN5217", &file);
    let events = [("1", "60178981", "2016-06-30", "Pass")];
    registry.push("lrs", Origin::Operator, &learning_events(&uln(1), &events));
    let own = Origin::Learner(learner(&registry, 1));
    let brought = Row::elsewhere(1, "B1").with("qualification_number", "600/1111/1");
    registry.push("csv", own, &csv(&[brought]));
    registry
}

pub(super) fn learner(registry: &Registry, number: u32) -> Id {
    let number = Uln::parse(&uln(number)).unwrap();
    let found = registry
        .app
        .db
        .read_blocking(move |connection| Ok(find_by_uln(connection, number)?));
    found.unwrap().unwrap().id
}

/// The achievements of learner 1, by title and standing.
pub(super) fn achievements(registry: &Registry) -> Vec<Value> {
    let record = registry.data(
        &registry.practitioner(&uln(1)),
        "{ me { achievements(first: 50) { edges { node { id title standing status grade certificateNumber } } } } }",
        Value::Null,
    );
    let edges = record["me"]["achievements"]["edges"].as_array().unwrap();
    edges.iter().map(|edge| edge["node"].clone()).collect()
}

/// The achievement of certificate C1.
pub(super) fn first(registry: &Registry) -> String {
    let all = achievements(registry);
    let found = all.iter().find(|one| one["certificateNumber"] == "C1");
    found.unwrap()["id"].as_str().unwrap().to_owned()
}

pub(super) fn exported(registry: &Registry, chosen: Chosen, format: Format) -> Export {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let learner = learner(registry, 1);
    let exporting = export(&registry.app, learner, chosen, format, None);
    runtime.block_on(exporting).unwrap()
}

/// One award, as a badge.
pub(super) fn badge(registry: &Registry) -> String {
    let id = Id::read("achievement", &first(registry)).unwrap();
    let export = exported(registry, Chosen::These(vec![id]), Format::OpenBadges);
    String::from_utf8(export.content).unwrap()
}

pub(super) fn text(export: &Export) -> String {
    String::from_utf8(export.content.clone()).unwrap()
}

/// What verifying a document answers, by an employer.
pub(super) fn verified(registry: &Registry, document: &str) -> Value {
    let query = "query($document: String!) { verify(input: {document: $document, purpose: \"A post\"}) {
        outcome checks { name result code } achievement { title grade status } record { familyName expiresAt achievements { title } }
        receipt { jwt } } }";
    let data = registry.data(&registry.employer(), query, json!({"document": document}));
    data["verify"].clone()
}

/// The code of a check.
pub(super) fn code<'a>(verification: &'a Value, name: &str) -> (&'a str, &'a str) {
    let checks = verification["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["name"] == name);
    let check = check.unwrap_or_else(|| panic!("no {name} in {verification}"));
    (
        check["result"].as_str().unwrap(),
        check["code"].as_str().unwrap(),
    )
}

/// A body's change of the award of certificate C1.
pub(super) fn change(registry: &Registry, mutation: &str) {
    let mutation = mutation.replace("AWARD", &first(registry));
    registry.data(
        &registry.body("RN5217"),
        &format!("mutation {{ {mutation} }}"),
        Value::Null,
    );
}
