//! Reports of ULNs that were merged, unmerged and deleted.

use super::merges::{MERGE, SPLIT, any_files, own, pushed, row, two_alike};
use super::{cases, learner, people};
use crate::support::{Registry, Row, csv, learning_events, uln, uln_report};
use proptest::prelude::*;
use registry::action::import::undo::undo;
use registry::action::import::{Mode, Origin, Report};
use registry::db::Id;
use schema::RecognitionNumber;
use serde_json::{Value, json};

/// What became of a learner's number: the kind, the number, the one that stands for both, the day.
type Change = (&'static str, u32, u32, &'static str);

fn file(changes: &[Change]) -> Vec<u8> {
    let numbered = |(kind, one, master, day): &Change| {
        let master = if *master == 0 {
            String::new()
        } else {
            uln(*master)
        };
        (*kind, uln(*one), master, *day)
    };
    let changes: Vec<_> = changes.iter().map(numbered).collect();
    let changes: Vec<(&str, &str, &str, &str)> = changes
        .iter()
        .map(|(kind, one, master, day)| (*kind, one.as_str(), master.as_str(), *day))
        .collect();
    uln_report(&changes)
}

fn told(registry: &Registry, changes: &[Change]) -> Report {
    registry.push("lrs", Origin::Operator, &file(changes))
}

fn codes(report: &Report) -> Vec<&str> {
    report
        .issues
        .iter()
        .map(|issue| issue.code.as_str())
        .collect()
}

fn taken_back(registry: &Registry, report: &Report) {
    let id = Id::read("import", &report.id).unwrap();
    let (_, left) = undo(&registry.app, id, &()).unwrap();
    assert_eq!(left, 0);
}

/// The identifier of the learner of that ULN as a steward sees it, and the ULN that they show.
fn found(registry: &Registry, number: u32) -> Value {
    let query = "query($uln: String!) { learner(uln: $uln) { id uln } }";
    registry.data(&registry.steward(), query, json!({"uln": uln(number)}))["learner"].clone()
}

/// What people see of themselves.
type Answers = Vec<(Value, Vec<Value>)>;

/// What the people of these numbers see of themselves, identifiers aside.
fn answers(registry: &Registry) -> Answers {
    let own = |number| match found(registry, number).is_null() {
        true => (Value::Null, Vec::new()),
        false => own(registry, number),
    };
    (1..5).map(own).collect()
}

const MERGED: Change = ("merged", 2, 1, "2015-03-04");
const UNMERGED: Change = ("unmerged", 2, 1, "2015-05-06");
const DELETED: Change = ("deleted", 2, 0, "2015-07-08");

#[test]
fn two_merged_numbers_are_one_learner_who_shows_the_one_in_use() {
    let registry = Registry::new();
    // The number that is given up was known first.
    pushed(&registry, &[vec![(2, 0), (2, 1)], vec![(1, 0), (1, 2)]]);
    let ids = [learner(&registry, 1), learner(&registry, 2)];
    let report = told(&registry, &[MERGED]);
    assert_eq!((report.counts.created, report.counts.records), (1, 1));
    assert_eq!(codes(&report), [""; 0]);
    for number in [1, 2] {
        assert_eq!(
            found(&registry, number),
            json!({"id": ids[0], "uln": uln(1)})
        );
        let seen = registry.data(
            &registry.practitioner(&uln(number)),
            "{ me { id uln achievements { totalCount } } }",
            Value::Null,
        );
        assert_eq!(
            seen["me"],
            json!({"id": ids[0], "uln": uln(1), "achievements": {"totalCount": 2}})
        );
    }
    // By its old identifier too; and a steward sees why.
    let seen = registry.data(
        &registry.steward(),
        "query($id: ID!) { learner(id: $id) { id merges { reason splitAt } } }",
        json!({"id": ids[1]}),
    );
    let merges = json!([{"reason": "uln-report", "splitAt": null}]);
    assert_eq!(seen["learner"], json!({"id": ids[0], "merges": merges}));
    // A later result for the number that was given up.
    registry.push_csv("RN5217", &csv(&[row(2, 5)]));
    assert_eq!(people(&registry).len(), 1);
    assert_eq!(cases(&registry).len(), 0);
}

#[test]
fn a_report_twice_changes_nothing() {
    let registry = Registry::new();
    pushed(&registry, &[vec![(2, 0), (2, 1), (1, 0), (1, 2)]]);
    let changes = [MERGED, ("deleted", 3, 0, "2015-01-01")];
    told(&registry, &changes);
    let rows = |registry: &Registry| {
        [
            "learner_merge",
            "learner_alias",
            "log_leaf",
            "achievement_version",
            "source",
        ]
        .map(|table| registry.count(table))
    };
    let before = (rows(&registry), answers(&registry));
    // Another file of the same words.
    let mut again = file(&changes);
    again.extend(b"\n");
    let report = registry.push("lrs", Origin::Operator, &again);
    assert_eq!((report.counts.created, report.counts.unchanged), (0, 2));
    assert_eq!((rows(&registry), answers(&registry)), before);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 12, ..ProptestConfig::default() })]
    #[test]
    fn merged_then_told_more_then_unmerged_each_has_exactly_their_own(before in any_files(), between in any_files(), after in any_files(), undone in any::<bool>()) {
        let known = vec![vec![(1, 1), (2, 1)]];
        let (registry, control) = two_alike(&[&known, &before]);
        let ids = [learner(&registry, 1), learner(&registry, 2)];
        let merged = told(&registry, &[MERGED]);
        prop_assert_eq!(learner(&registry, 2), ids[0].clone());
        pushed(&registry, &between);
        pushed(&control, &between);
        if undone {
            taken_back(&registry, &merged);
        } else {
            told(&registry, &[UNMERGED]);
        }
        pushed(&registry, &after);
        pushed(&control, &after);
        for (number, id) in [1, 2].into_iter().zip(&ids) {
            prop_assert_eq!(&learner(&registry, number), id);
            prop_assert_eq!(own(&registry, number), own(&control, number));
        }
        prop_assert_eq!(people(&registry), people(&control));
    }
}

#[test]
fn a_report_of_numbers_that_nobody_told_of_is_remembered() {
    let registry = Registry::new();
    let report = told(&registry, &[MERGED]);
    assert_eq!(codes(&report), ["uln-not-known"]);
    assert_eq!((report.state.as_str(), report.counts.created), ("DONE", 1));
    assert_eq!(registry.count("learner"), 0);
    // A result for the number that was given up: the one in use finds it.
    registry.push_csv("RN5217", &csv(&[row(2, 1)]));
    let retired = found(&registry, 2);
    assert_eq!(retired["uln"], json!(uln(1)));
    assert_eq!(found(&registry, 1), retired);
    assert_eq!(registry.record(&uln(1)).len(), 1);
    // One for the number in use: both are one, and the merge is undone when the report is.
    registry.push_csv("RN5217", &csv(&[row(1, 1), row(1, 2)]));
    assert_eq!(people(&registry).len(), 1);
    assert_eq!(found(&registry, 1), found(&registry, 2));
    taken_back(&registry, &report);
    assert_eq!(people(&registry).len(), 2);
    assert_eq!(found(&registry, 2)["uln"], json!(uln(2)));
    assert_eq!(registry.record(&uln(1)).len(), 2);
    assert_eq!(registry.record(&uln(2)).len(), 1);
}

#[test]
fn who_is_one_by_way_of_a_number_that_nobody_told_of() {
    let registry = Registry::new();
    let later = ("merged", 1, 3, "2016-01-01");
    told(&registry, &[later, MERGED]);
    pushed(&registry, &[vec![(2, 1)]]);
    registry.push_csv("RN5217", &csv(&[Row::award(3, "R-3")]));
    assert_eq!(people(&registry).len(), 1);
    let one = json!({"id": learner(&registry, 3), "uln": uln(3)});
    assert_eq!(
        [1, 2, 3].map(|number| found(&registry, number)),
        [one.clone(), one.clone(), one]
    );
}

#[test]
fn a_deleted_number_finds_nobody_and_the_record_stays() {
    let registry = Registry::new();
    pushed(&registry, &[vec![(2, 0), (2, 1)]]);
    let id = learner(&registry, 2);
    told(&registry, &[DELETED]);
    assert_eq!(found(&registry, 2), Value::Null);
    let by_id = || {
        let query = "{ me { uln achievements { totalCount } } }";
        registry.data(&registry.practitioner(&id), query, Value::Null)["me"].clone()
    };
    assert_eq!(
        by_id(),
        json!({"uln": null, "achievements": {"totalCount": 2}})
    );
    // What is told under it later stands with the rest, and somebody should look.
    let report = registry.push("csv", Origin::Operator, &csv(&[row(2, 5)]));
    assert_eq!(codes(&report)[0], "uln-deleted");
    let own = registry.push_csv("RN5217", &csv(&[row(2, 2)]));
    assert!(
        own.issues
            .iter()
            .all(|issue| issue.code != "uln-deleted" || own.counts.needs_person == 0)
    );
    assert_eq!(people(&registry).len(), 1);
    // Nobody's number is theirs: who is exactly like them, with a number, is the same person.
    let same = Row::award(2, "R-9").with("uln", uln(4));
    registry.push_csv("RN5217", &csv(&[same]));
    assert_eq!(people(&registry).len(), 1);
    assert_eq!(by_id()["uln"], json!(uln(4)));
}

#[test]
fn a_report_that_is_taken_back_leaves_what_another_one_said_too() {
    for first in [true, false] {
        let registry = Registry::new();
        pushed(&registry, &[vec![(1, 0), (1, 2), (2, 1), (3, 1)]]);
        let before = answers(&registry);
        let three = ("merged", 3, 1, "2015-03-04");
        let reports = [
            told(&registry, &[MERGED, three]),
            told(&registry, &[MERGED, DELETED]),
        ];
        let (goes, stays) = if first { (0, 1) } else { (1, 0) };
        taken_back(&registry, &reports[goes]);
        assert_eq!(found(&registry, 1)["uln"], json!(uln(1)));
        let together = people(&registry).len();
        assert_eq!(together, if first { 2 } else { 1 });
        assert_eq!(
            found(&registry, 2).is_null(),
            first,
            "deleted by the second alone"
        );
        taken_back(&registry, &reports[stays]);
        assert_eq!(answers(&registry), before);
        assert_eq!(people(&registry).len(), 3);
        assert_eq!(registry.count("uln_change"), 0);
    }
}

#[test]
fn results_that_are_taken_back_leave_a_report_that_works_when_they_come_again() {
    let registry = Registry::new();
    pushed(&registry, &[vec![(1, 1), (1, 2)]]);
    let own = |registry: &Registry| registry.push_csv("RN5156", &csv(&[row(2, 1), row(2, 4)]));
    told(&registry, &[MERGED]);
    let alone = answers(&registry);
    let results = own(&registry);
    let together = answers(&registry);
    assert_eq!(
        (people(&registry).len(), found(&registry, 2)),
        (1, found(&registry, 1))
    );
    taken_back(&registry, &results);
    assert_eq!(answers(&registry), alone);
    let again = Row::award(2, "x").with("result_id", "another file");
    registry.push_csv("RN5156", &csv(&[row(2, 1), row(2, 4), again.clone()]));
    assert_eq!(people(&registry).len(), 1);
    assert_ne!(answers(&registry), alone);
    assert_eq!(together.len(), 4);
}

/// An answer of the service that says of the numbers of both learners that they are one person's.
fn linking() -> Vec<u8> {
    let events = learning_events(&uln(1), &[("71", "500/9170/0", "2015-06-30", "Merit")]);
    let events = String::from_utf8(events).unwrap();
    let events = events.replace("WSRC0004", "WSRC0022").replace(
        &format!("<IncomingULN>{}", uln(1)),
        &format!("<IncomingULN>{}", uln(2)),
    );
    events.into_bytes()
}

#[test]
fn a_body_links_nobodys_numbers() {
    let registry = Registry::new();
    pushed(&registry, &[vec![(1, 1), (2, 1)]]);
    let body = Origin::Body(RecognitionNumber::parse("RN5156").unwrap());
    let report = registry.push("lrs", body, &linking());
    assert_eq!(report.counts.created, 1);
    assert_eq!(people(&registry).len(), 2);
    // Nor by what is stored of it, once a dispute is concluded anew or it is taken back.
    pushed(&registry, &[vec![(1, 5), (2, 5)]]);
    assert_eq!(people(&registry).len(), 2);
    taken_back(&registry, &report);
    assert_eq!(people(&registry).len(), 2);
}

#[test]
fn what_the_service_linked_it_may_find_to_be_two() {
    let linked = |registry: &Registry| registry.push("lrs", Origin::Operator, &linking());
    for report_first in [false, true] {
        let registry = Registry::new();
        pushed(&registry, &[vec![(1, 1), (2, 1)]]);
        let report = report_first.then(|| told(&registry, &[UNMERGED]));
        linked(&registry);
        let report = report.unwrap_or_else(|| {
            assert_eq!(people(&registry).len(), 1);
            told(&registry, &[UNMERGED])
        });
        assert_eq!(people(&registry).len(), 2, "{report_first}");
        taken_back(&registry, &report);
        assert_eq!(people(&registry).len(), 1, "{report_first}");
    }
}

#[test]
fn each_number_of_a_person_ties_her_whichever_is_spoken_of() {
    let registry = Registry::new();
    pushed(&registry, &[vec![(1, 1)]]);
    // Both numbers are hers; then two others are found to be hers as well, each by another one of hers.
    registry.push("lrs", Origin::Operator, &linking());
    pushed(&registry, &[vec![(3, 1)], vec![(4, 1)]]);
    told(&registry, &[("merged", 2, 3, "2015-01-01")]);
    assert_eq!(people(&registry).len(), 2);
    let second = told(&registry, &[("merged", 1, 4, "2015-02-02")]);
    assert_eq!(people(&registry).len(), 1);
    // Nor does what is taken back of one number loosen what follows from the other.
    taken_back(&registry, &second);
    assert_eq!(people(&registry).len(), 2);
    assert_eq!(learner(&registry, 1), learner(&registry, 3));
    let more = registry.push_csv("RN5217", &csv(&[row(1, 5)]));
    taken_back(&registry, &more);
    assert_eq!(learner(&registry, 1), learner(&registry, 3));
}

#[test]
fn what_a_steward_took_back_stays_so() {
    let registry = Registry::new();
    pushed(&registry, &[vec![(1, 1), (2, 1)]]);
    told(&registry, &[MERGED]);
    let query = "query($id: ID!) { learner(id: $id) { merges { id } } }";
    let id = learner(&registry, 1);
    let seen = registry.data(&registry.steward(), query, json!({"id": id}));
    let merge = seen["learner"]["merges"][0]["id"].clone();
    registry.data(&registry.steward(), SPLIT, json!({"id": merge}));
    assert_eq!(people(&registry).len(), 2);
    told(&registry, &[MERGED, ("merged", 3, 1, "2016-01-01")]);
    pushed(&registry, &[vec![(1, 2), (2, 5)]]);
    assert_eq!(people(&registry).len(), 2);
    // And what a steward joined is not parted by a report.
    let keep = json!({"keep": learner(&registry, 1), "merge": learner(&registry, 2)});
    registry.data(&registry.steward(), MERGE, keep);
    told(&registry, &[UNMERGED]);
    assert_eq!(people(&registry).len(), 1);
}

#[test]
fn who_looked_at_both_looked_at_each() {
    let registry = Registry::new();
    pushed(&registry, &[vec![(1, 1), (2, 1)]]);
    told(&registry, &[MERGED]);
    found(&registry, 1);
    told(&registry, &[UNMERGED]);
    for number in [1, 2] {
        let seen = registry.data(
            &registry.practitioner(&uln(number)),
            "{ me { accessLedger { edges { node { what } } } } }",
            Value::Null,
        );
        let edges = seen["me"]["accessLedger"]["edges"].as_array().unwrap();
        assert_eq!(edges.len(), 1, "{number}: {edges:?}");
    }
}

#[test]
fn only_the_issuers_word_counts() {
    let registry = Registry::new();
    pushed(&registry, &[vec![(1, 1), (2, 1)]]);
    let body = Origin::Body(RecognitionNumber::parse("RN5217").unwrap());
    let own = Origin::Learner(registry.learner_or_made(&uln(1)));
    for origin in [body, own] {
        let report = registry.push("lrs", origin, &file(&[MERGED, DELETED]));
        assert_eq!(codes(&report), ["uln-change-not-issuers"; 2]);
        assert_eq!((report.counts.rejected, report.counts.created), (2, 0));
    }
    assert_eq!(
        (people(&registry).len(), registry.count("uln_change")),
        (2, 0)
    );
    // A dry run counts the same and changes nothing.
    let push = |dry_run| {
        let mode = Mode::Partial;
        let file = file(&[MERGED, ("merged", 3, 3, "2015-01-01")]);
        let pushed = registry.push_as("lrs", Origin::Operator, &file, mode, dry_run);
        let report = pushed.unwrap();
        (report.counts, codes(&report).join(" "))
    };
    let dry = push(true);
    assert_eq!(people(&registry).len(), 2);
    assert_eq!(push(false), dry);
    assert_eq!(dry.1, "uln-change-invalid");
    assert_eq!(people(&registry).len(), 1);
}

/// Something that may be imported.
#[derive(Clone, Debug)]
enum File {
    Results(Vec<(u32, u32)>),
    Report(Vec<Change>),
}

fn any_change() -> impl Strategy<Value = Change> {
    let days = vec!["2015-01-01", "2015-02-02", "2015-03-03"];
    let kinds = prop::sample::select(vec!["merged", "merged", "unmerged", "deleted"]);
    (kinds, 1..5_u32, 1..4_u32, prop::sample::select(days)).prop_map(|(kind, one, step, day)| {
        match kind {
            "deleted" => (kind, one, 0, day),
            _ => (kind, one, (one - 1 + step) % 4 + 1, day),
        }
    })
}

fn any_file() -> impl Strategy<Value = File> {
    // Each number's rows say the same of the person.
    let results = prop::collection::vec((1..5_u32, 1..3_u32), 1..4).prop_map(File::Results);
    let report = prop::collection::vec(any_change(), 1..3).prop_map(File::Report);
    prop_oneof![results, report]
}

fn became(files: &[File]) -> (Vec<Vec<String>>, Answers) {
    let registry = Registry::new();
    for file in files {
        match file {
            File::Results(rows) => {
                // Of two of one day nobody could say which is the later but by which came first.
                let rows = rows.iter().map(|(learner, kind)| {
                    row(*learner, *kind).with("action_date", format!("2016-0{learner}-0{kind}"))
                });
                registry.push_csv("RN5217", &csv(&rows.collect::<Vec<Row>>()));
            }
            File::Report(changes) => drop(told(&registry, changes)),
        }
    }
    (people(&registry), answers(&registry))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, max_shrink_iters: 16, ..ProptestConfig::default() })]
    #[test]
    fn reports_and_results_in_any_order_give_the_same_people((files, shuffled) in
        prop::collection::vec(any_file(), 2..7).prop_flat_map(|files| (Just(files.clone()), Just(files).prop_shuffle()))) {
        prop_assert_eq!(became(&files), became(&shuffled));
    }
}
