//! What an import told again: it is remembered, with its place, and becomes that import's when the first is taken
//! back.

use super::{Import, Trial, record, stayed, undone};
use crate::support::{Registry, Row, csv, push_of_body, uln};
use registry::action::import::undo::undo;
use registry::action::import::{Mode, Origin, Push, Silent, Submitted, run, submit};
use registry::db::Id;
use schema::{Code, RecognitionNumber};
use serde_json::{Value, json};
use std::sync::atomic::AtomicBool;

/// The records as their files had them, place and all.
const RECORDS: &str = "SELECT HEX || '|' || j.digest AS line FROM source s JOIN import_job j ON j.id = s.job_id ORDER BY 1";

fn records(registry: &Registry) -> Vec<String> {
    let hex = match registry.app.db.engine() {
        registry::db::Engine::Sqlite => "lower(hex(s.record))",
        registry::db::Engine::Postgres => "encode(s.record, 'hex')",
    };
    registry.lines(&RECORDS.replace("HEX", hex))
}

fn rows() -> Vec<Row> {
    (0..4)
        .map(|number| Row::award(number, &format!("R-{number}")))
        .collect()
}

#[test]
fn a_statement_becomes_that_of_the_next_import_that_told_it_with_its_place() {
    let mut reversed = rows();
    reversed.reverse();
    let body = |rows: Vec<Row>| Import::Body("RN5217", rows);
    let imports = [body(rows()), body(reversed), body(rows()[1..3].to_vec())];
    let trial = Trial::of(&imports);
    assert_eq!(trial.registry.count("source_again"), 6);
    for (number, left) in [(0, 2), (1, 0), (2, 0)] {
        trial.undo(number);
        assert_eq!(trial.registry.count("source_again"), left);
        let mut others = imports.to_vec();
        others[..=number].fill(Import::None);
        let expected = Trial::of(&others);
        assert_eq!(
            trial.record(),
            expected.record(),
            "without the first {number}"
        );
        assert_eq!(records(&trial.registry), records(&expected.registry));
    }
}

#[test]
fn one_that_was_taken_back_is_no_other_that_told_it() {
    let body = || Import::Body("RN5217", rows());
    let trial = Trial::of(&[body(), body(), body()]);
    trial.undo(1);
    assert_eq!(trial.registry.count("source_again"), 4);
    trial.undo(0);
    assert_eq!(
        (
            trial.registry.count("source"),
            trial.registry.count("source_again")
        ),
        (4, 0)
    );
    trial.undo(2);
    assert_eq!(trial.registry.count("learner"), 0);
}

#[test]
fn a_record_that_stands_in_a_file_twice_is_told_again_once() {
    let mut twice = rows();
    twice.extend(rows());
    let body = |rows| Import::Body("RN5217", rows);
    let trial = Trial::of(&[body(twice.clone()), body(twice)]);
    assert_eq!(trial.registry.count("source_again"), 4);
    trial.undo(0);
    assert_eq!(
        trial.record(),
        Trial::of(&[Import::None, body(rows())]).record()
    );
}

#[test]
fn what_is_taken_back_of_one_of_two_who_were_merged_leaves_the_other_whole() {
    let one =
        |number: u32| Import::Body("RN5217", vec![Row::award(number, &format!("R-{number}"))]);
    let trial = Trial::of(&[one(1), one(2)]);
    let registry = &trial.registry;
    let id = |number: u32| {
        let asked = json!({"uln": uln(number)});
        let query = "query($uln: String!) { learner(uln: $uln) { id } }";
        registry.data(&registry.steward(), query, asked)["learner"]["id"].clone()
    };
    let merge = "mutation($keep: ID!, $merge: ID!) { mergeLearners(keep: $keep, merge: $merge, reason: \"One\") { id } }";
    let asked = json!({"keep": id(1), "merge": id(2)});
    registry.data(&registry.steward(), merge, asked);
    assert_eq!(registry.record(&uln(2)).len(), 2);
    trial.undo(1);
    assert_eq!(registry.record(&uln(1)).len(), 1);
    assert_eq!(
        id(2),
        Value::Null,
        "nobody is known by that number any more"
    );
    assert_eq!(registry.count("source"), 1);
}

/// Pushes a file under a key; answers the job.
fn keyed(registry: &Registry, key: Option<&str>) -> Submitted {
    let push = Push {
        idempotency_key: key.map(str::to_owned),
        ..push_of_body(&registry.app, "RN5217", &csv(&rows()))
    };
    submit(&registry.app, &push).unwrap()
}

#[test]
fn the_key_of_an_import_that_was_taken_back_answers_it_and_without_one_the_file_is_a_new_import() {
    let registry = Registry::new();
    let Submitted::New(job) = keyed(&registry, Some("a key")) else {
        panic!("the key was not used before");
    };
    let id = job.id;
    run(&registry.app, id, &Silent, &AtomicBool::new(false)).unwrap();
    let before = record(&registry);
    let (report, _) = undone(&registry, &id.show("import"));
    assert_eq!((report.counts.records, report.counts.created), (4, 4));
    let Submitted::Known(known) = keyed(&registry, Some("a key")) else {
        panic!("the key is that import's");
    };
    assert_eq!((known.id, known.state.as_str()), (id, "undone"));
    assert!(known.ended_at.is_some());
    let Submitted::New(new) = keyed(&registry, None) else {
        panic!("without a key it is another import");
    };
    let done = run(&registry.app, new.id, &Silent, &AtomicBool::new(false)).unwrap();
    assert_eq!(done.created, 4);
    // Known from another time, and nothing else.
    let names = |lines: &[String]| {
        lines
            .iter()
            .filter(|line| !line.starts_with("told") && !line.starts_with("alias"))
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&record(&registry)), names(&before));
}

#[test]
fn what_kept_nothing_or_has_not_ended_is_refused_and_nothing_changes() {
    let registry = Registry::new();
    let done = registry.push_csv("RN5217", &csv(&rows()));
    let body = Origin::Body(RecognitionNumber::parse("RN5217").unwrap());
    let dry = registry
        .push_as("csv", body.clone(), &csv(&rows()), Mode::Partial, true)
        .unwrap();
    let wrong = csv(&[Row::award(9, "R-9").with("uln", "1")]);
    let failed = registry
        .push_as("csv", body, &wrong, Mode::Atomic, false)
        .unwrap();
    let Submitted::New(waiting) = keyed(&registry, Some("waits")) else {
        panic!("the key was not used before");
    };
    let before = record(&registry);
    for (id, code) in [
        (dry.id, Code::StateConflict),
        (failed.id, Code::StateConflict),
        (waiting.id.show("import"), Code::StateConflict),
        (Id::new().show("import"), Code::NotFound),
    ] {
        let refused = undo(&registry.app, Id::read("import", &id).unwrap(), &()).unwrap_err();
        assert_eq!(refused.code(), code);
    }
    assert_eq!(record(&registry), before);
    assert_eq!(registry.count("import_undoing"), 0);
    let (report, left) = undone(&registry, &done.id);
    assert_eq!((left, stayed(&report).len()), (0, 0));
    let (again, _) = undone(&registry, &done.id);
    assert_eq!((again.counts, again.issues), (done.counts, report.issues));
}

#[test]
fn an_award_that_the_body_itself_changed_stays() {
    let trial = Trial::of(&[Import::Body("RN5217", rows())]);
    let registry = &trial.registry;
    let me = registry.data(
        &registry.practitioner(&crate::support::uln(2)),
        "{ me { achievements { edges { node { id } } } } }",
        serde_json::Value::Null,
    );
    let id = me["me"]["achievements"]["edges"][0]["node"]["id"]
        .as_str()
        .unwrap();
    let withdraw = format!(
        "mutation {{ withdrawAchievement(id: \"{id}\", reason: \"An error\") {{ status }} }}"
    );
    registry.data(&registry.body("RN5217"), &withdraw, serde_json::Value::Null);
    let (report, left) = trial.undo(0);
    assert_eq!(
        (left, stayed(&report).into_iter().collect::<Vec<_>>()),
        (1, vec![2])
    );
    let record = registry.record(&crate::support::uln(2));
    assert_eq!(record[0]["status"], "WITHDRAWN");
    assert_eq!(registry.count("achievement"), 1);
}

#[test]
fn beside_an_import_that_tells_the_same_everything_becomes_that_ones() {
    let many: Vec<Row> = (0..1200)
        .map(|number| Row::award(number, &format!("R-{number}")))
        .collect();
    let trial = Trial::of(&[Import::Body("RN5217", many.clone())]);
    let registry = &trial.registry;
    std::thread::scope(|scope| {
        let told = scope.spawn(|| registry.push_csv("RN5217", &csv(&many)));
        let (report, left) = trial.undo(0);
        assert_eq!((left, stayed(&report).len()), (0, 0));
        let told = told.join().unwrap();
        assert_eq!((told.state.as_str(), told.counts.records), ("DONE", 1200));
    });
    // Whichever came first to a learner: it is as if the second alone had been there.
    let expected = Trial::of(&[Import::None, Import::Body("RN5217", many)]);
    assert_eq!(trial.record(), expected.record());
    assert_eq!(registry.count("source_again"), 0);
}
