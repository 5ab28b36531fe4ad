//! The way of a result file: what it makes of a record, and that nothing is lost, doubled or half done.

use crate::support::{Registry, Row, csv, learning_events, push_of_body, uln};
use proptest::prelude::*;
use registry::action::import::{Mode, Origin, Progress, Silent, Submitted, run, submit};
use registry::model::import_job::JobRow;
use serde_json::{Value, json};
use std::sync::atomic::AtomicBool;

fn rows() -> Vec<Row> {
    vec![
        Row::award(1, "R-1"),
        Row::award(2, "R-2").with("grade", "Merit"),
        Row::award(1, "R-3")
            .with("unit_reference", "L/601/1693")
            .with("title", "Child development")
            .with("credit", "4"),
        Row::award(3, "R-4").with("status", "provisional"),
    ]
}

#[test]
fn the_same_results_again_change_nothing_however_they_come() {
    let registry = Registry::new();
    let first = registry.push_csv("RN5217", &csv(&rows()));
    assert_eq!(
        (first.counts.records, first.counts.created),
        (4, 4),
        "{first:?}"
    );
    let before = [1, 2, 3].map(|learner| registry.record(&uln(learner)));
    let mut reordered = rows();
    reordered.reverse();
    let halves = rows();
    for file in [
        csv(&rows()),
        csv(&reordered),
        csv(&halves[..2]),
        csv(&halves[2..]),
    ] {
        let again = registry.push_csv("RN5217", &file);
        assert_eq!(again.counts.unchanged, again.counts.records, "{again:?}");
        assert_eq!(again.state, "DONE");
    }
    assert_eq!(
        before,
        [1, 2, 3].map(|learner| registry.record(&uln(learner)))
    );
}

#[test]
fn namesakes_without_a_number_are_not_made_again_by_the_same_content() {
    let registry = Registry::new();
    let namesake = Row::award(2, "R-2")
        .with("family_name", "Inventedb")
        .with("date_of_birth", "1971-04-02");
    registry.push_csv("RN5217", &csv(&[Row::award(1, "R-1"), namesake]));
    let of_neither = Row::award(1, "").without("uln").without("result_id");
    let first = registry.push_csv("RN5217", &csv(std::slice::from_ref(&of_neither)));
    assert_eq!((first.counts.created, registry.count("learner")), (1, 3));
    for _ in 0..2 {
        let again = registry.push_csv("RN5217", &csv(std::slice::from_ref(&of_neither)));
        assert_eq!(again.counts.unchanged, 1, "{again:?}");
        assert_eq!(
            (registry.count("learner"), registry.count("achievement")),
            (3, 3)
        );
    }
}

#[test]
fn the_same_file_pushed_by_command_and_by_address_is_one() {
    let served = Registry::new().served();
    served.registry.push_csv("RN5217", &csv(&rows()));
    let token = served
        .registry
        .token(registry::access::Role::AwardingBody, None, Some("RN5217"));
    let bearer = format!("Bearer {token}");
    let pushed = served.request(
        "POST",
        "/imports/csv",
        &[("Authorization", &bearer)],
        &csv(&rows()),
    );
    assert_eq!(pushed.status, 202, "{}", pushed.body);
    let job = served.ended(&token, pushed.header("location"));
    assert_eq!(job["counts"]["unchanged"], 4, "{job}");
    assert_eq!(job["counts"]["created"], 0);
}

#[test]
fn a_corrected_date_is_an_update_of_the_same_award() {
    let registry = Registry::new();
    registry.push_csv("RN5217", &csv(&[Row::award(1, "R-1")]));
    let corrected = registry.push_csv(
        "RN5217",
        &csv(&[Row::award(1, "R-1").with("awarded_on", "2015-07-01")]),
    );
    assert_eq!(
        (corrected.counts.updated, corrected.counts.created),
        (1, 0),
        "{corrected:?}"
    );
    let record = registry.record(&uln(1));
    assert_eq!(record.len(), 1);
    assert_eq!(record[0]["awardedOn"], "2015-07-01");
    let history = registry.data(
        &registry.practitioner(&uln(1)),
        "{ me { achievements { edges { node { sources { kind } history { awardedOn knownUntil } } } } } }",
        Value::Null,
    );
    let node = &history["me"]["achievements"]["edges"][0]["node"];
    assert_eq!(node["sources"].as_array().unwrap().len(), 2);
    assert_eq!(node["history"][0]["awardedOn"], "2015-06-30");
    assert!(node["history"][0]["knownUntil"].is_string());
    assert_eq!(node["history"][1]["awardedOn"], "2015-07-01");
}

#[test]
fn the_five_verbs_are_counted_each() {
    let registry = Registry::new();
    let award = Row::award(1, "R-1")
        .with("status", "provisional")
        .with("action_date", "2015-07-01");
    registry.push_csv("RN5217", &csv(std::slice::from_ref(&award)));
    let steps = [
        ("update", "2015-07-02", "grade", "Merit"),
        ("promote", "2015-07-03", "grade", "Merit"),
        ("withdraw", "2015-07-04", "action_reason", "Malpractice"),
        ("reinstate", "2015-07-05", "action_reason", "Appeal upheld"),
    ];
    let mut seen = Vec::new();
    for (verb, day, column, value) in steps {
        let row = award
            .clone()
            .without("status")
            .with("action", verb)
            .with("action_date", day)
            .with(column, value);
        let counts = registry.push_csv("RN5217", &csv(&[row])).counts;
        seen.push((
            counts.updated,
            counts.promoted,
            counts.withdrawn,
            counts.reinstated,
        ));
    }
    assert_eq!(
        seen,
        [(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)]
    );
    let data = registry.data(
        &registry.practitioner(&uln(1)),
        "{ me { achievements { edges { node { status grade history { status reason trueFrom } } } }
           then: achievements(asOf: \"2015-07-04\") { edges { node { status } } } } }",
        Value::Null,
    );
    assert_eq!(
        data["me"]["achievements"]["edges"][0]["node"]["status"],
        "FINAL"
    );
    assert_eq!(
        data["me"]["then"]["edges"][0]["node"]["status"],
        "WITHDRAWN"
    );
    let history = &data["me"]["achievements"]["edges"][0]["node"]["history"];
    assert_eq!(
        history[3],
        json!({"status": "WITHDRAWN", "reason": "Malpractice", "trueFrom": "2015-07-04"})
    );
}

#[test]
fn a_rejected_record_stops_nobody_in_partial_and_everybody_in_atomic_mode() {
    let mut file = rows();
    file.insert(1, Row::award(9, "R-9").with("uln", "1234567890"));
    let registry = Registry::new();
    let origin = Origin::Body(schema::RecognitionNumber::parse("RN5217").unwrap());
    let atomic = registry
        .push_as("csv", origin.clone(), &csv(&file), Mode::Atomic, false)
        .unwrap();
    assert_eq!(
        (atomic.state.as_str(), atomic.counts.rejected),
        ("FAILED", 1)
    );
    assert_eq!(atomic.error.unwrap().code, "import-rejected");
    assert!(
        registry.ask(
            &registry.practitioner(&uln(1)),
            "{ me { id } }",
            Value::Null
        )["data"]["me"]
            .is_null()
    );
    let partial = registry
        .push_as("csv", origin, &csv(&file), Mode::Partial, false)
        .unwrap();
    assert_eq!(
        (
            partial.state.as_str(),
            partial.counts.created,
            partial.counts.rejected
        ),
        ("DONE_WITH_ISSUES", 4, 1)
    );
    let issue = partial
        .issues
        .iter()
        .find(|issue| issue.severity == "ERROR")
        .unwrap();
    assert_eq!((issue.code.as_str(), issue.row), ("uln-invalid", Some(3)));
    assert!(
        !serde_json::to_string(&partial)
            .unwrap()
            .contains("1234567890"),
        "personal data in a report"
    );
}

#[test]
fn another_bodys_results_are_refused() {
    let registry = Registry::new().with_register();
    let named = registry.push_csv(
        "RN5156",
        &csv(&[Row::award(1, "R-1").with("awarding_body", "RN5217")]),
    );
    let owned = registry.push_csv("RN5156", &csv(&[Row::award(1, "R-1")]));
    for report in [named, owned] {
        assert_eq!(
            (report.counts.created, report.counts.rejected),
            (0, 1),
            "{report:?}"
        );
        assert_eq!(report.issues[0].code, "body-mismatch");
    }
}

#[test]
fn what_the_register_does_not_know_is_kept_and_marked() {
    let registry = Registry::new();
    let report = registry.push_csv("RN5217", &csv(&[Row::award(1, "R-1")]));
    let codes: Vec<&str> = report
        .issues
        .iter()
        .map(|issue| issue.code.as_str())
        .collect();
    assert_eq!(codes, ["awarding-body-unknown", "qualification-unknown"]);
    let data = registry.data(
        &registry.practitioner(&uln(1)),
        "{ me { achievements { edges { node { awardingBody { recognitionNumber recognised }
           subject { ... on Qualification { number registered } } } } } } }",
        Value::Null,
    );
    let node = &data["me"]["achievements"]["edges"][0]["node"];
    assert_eq!(
        node["awardingBody"],
        json!({"recognitionNumber": "RN5217", "recognised": false})
    );
    assert_eq!(
        node["subject"],
        json!({"number": "500/9170/0", "registered": false})
    );
    // The register comes later, and the award is one of its qualification without another push.
    let registry = registry.with_register();
    let record = registry.record(&uln(1));
    assert_eq!(
        record[0]["title"],
        "Level 3 Diploma for the Children and Young People's Workforce (QCF)"
    );
    assert_eq!(record[0]["credit"], 65);
}

#[test]
fn what_the_register_says_wins_and_the_difference_is_shown() {
    let registry = Registry::new().with_register();
    registry.push_csv(
        "RN5217",
        &csv(&[Row::award(1, "R-1")
            .with("level", "Level 2")
            .with("credit", "60")]),
    );
    let data = registry.data(
        &registry.practitioner(&uln(1)),
        "{ me { achievements { edges { node { level credit conflicts { field registerSays sourceSays code } } } } } }",
        Value::Null,
    );
    let node = &data["me"]["achievements"]["edges"][0]["node"];
    assert_eq!(
        (&node["level"], &node["credit"]),
        (&json!("L3"), &json!(65))
    );
    let credit = json!({"field": "credit", "registerSays": "65", "sourceSays": "60", "code": "credit-differs"});
    assert!(
        node["conflicts"].as_array().unwrap().contains(&credit),
        "{node}"
    );
}

#[test]
fn a_person_is_found_again_by_number_or_by_exactly_equal_names_and_birth_date() {
    let registry = Registry::new();
    let known = Row::award(1, "R-1");
    let unnumbered = known
        .clone()
        .without("uln")
        .with("result_id", "R-2")
        .with("awarded_on", "2016-01-01");
    let shouting = unnumbered
        .clone()
        .with("family_name", "INVENTEDB")
        .with("result_id", "R-3")
        .with("awarded_on", "2017-01-01");
    let other = unnumbered
        .clone()
        .with("family_name", "Invented")
        .with("result_id", "R-4");
    registry.push_csv("RN5217", &csv(&[unnumbered, known, shouting, other]));
    assert_eq!(registry.record(&uln(1)).len(), 3);
}

#[test]
fn a_number_that_disagrees_in_its_facts_takes_nobody_over() {
    let registry = Registry::new();
    registry.push_csv("RN5217", &csv(&[Row::award(1, "R-1")]));
    let stranger = Row::award(1, "R-2")
        .with("given_name", "Zed")
        .with("family_name", "Stranger")
        .with("date_of_birth", "1950-01-01");
    let report = registry.push_csv("RN5217", &csv(&[stranger]));
    assert_eq!(report.counts.created, 1);
    assert_eq!(
        registry.record(&uln(1)).len(),
        1,
        "the number's holder got a stranger's award"
    );
    // The body is not told that somebody else was known; a steward is.
    assert_eq!(report.counts.needs_person, 0);
    let job = json!({"id": report.id});
    let query =
        "query($id: ID!) { importJob(id: $id) { state issues { edges { node { code } } } } }";
    let told = registry
        .data(&registry.body("RN5217"), query, job.clone())
        .to_string();
    let steward = registry.data(&registry.steward(), query, job).to_string();
    assert!(
        !told.contains("uln-held-by-another") && steward.contains("uln-held-by-another"),
        "{told} {steward}"
    );
}

#[test]
fn two_learners_who_turn_out_to_be_one_become_one() {
    let registry = Registry::new();
    // Known by name only; known by number only; then a record that has both.
    registry.push_csv("RN5217", &csv(&[Row::award(1, "R-1").without("uln")]));
    registry.push(
        "lrs",
        Origin::Operator,
        &learning_events(&uln(1), &[("71", "500/8887/7", "2012-07-01", "Pass")]),
    );
    let before = registry.data(
        &registry.practitioner(&uln(1)),
        "{ me { id } }",
        Value::Null,
    );
    assert_eq!(registry.record(&uln(1)).len(), 1);
    registry.push_csv(
        "RN5217",
        &csv(&[Row::award(1, "R-2").with("unit_reference", "L/601/1693")]),
    );
    assert_eq!(registry.record(&uln(1)).len(), 3);
    let after = registry.data(
        &registry.practitioner(&uln(1)),
        "{ me { id } }",
        Value::Null,
    );
    let old = registry.data(
        &registry.practitioner(before["me"]["id"].as_str().unwrap()),
        "{ me { id achievements { totalCount } } }",
        Value::Null,
    );
    assert_eq!(
        old["me"]["id"], after["me"]["id"],
        "an old identifier answers with the new one"
    );
    assert_eq!(old["me"]["achievements"]["totalCount"], 3);
}

#[test]
fn a_result_number_that_is_another_learners_is_refused() {
    let registry = Registry::new();
    let report = registry.push_csv(
        "RN5217",
        &csv(&[Row::award(1, "R-1"), Row::award(2, "R-1")]),
    );
    assert_eq!(
        (report.counts.created, report.counts.rejected),
        (1, 1),
        "{report:?}"
    );
    assert!(
        report
            .issues
            .iter()
            .any(|issue| issue.code == "result-of-another-learner")
    );
}

#[test]
fn without_its_library_an_import_says_which_adapter_is_missing_and_where_it_looked() {
    let empty = tempfile::tempdir().unwrap();
    let path = empty.path().to_path_buf();
    let registry = Registry::configured(|config| config.adapters.directories = vec![path]);
    let report = registry.push("csv", Origin::Operator, b"x");
    let error = report.error.unwrap();
    assert_eq!(error.code, "adapter-not-found");
    assert!(
        error.message.contains("csv") && error.message.contains(empty.path().to_str().unwrap()),
        "{error:?}"
    );
}

#[test]
fn a_good_import_follows_every_way_in_which_an_adapter_fails() {
    for (how, code) in [
        ("panic-in-run", "adapter-panicked"),
        ("segfault", "adapter-crashed"),
        ("open", "adapter-sandbox-violation"),
        ("connect", "adapter-sandbox-violation"),
        ("memory-bomb", "adapter-out-of-memory"),
        ("endless-loop", "adapter-stalled"),
    ] {
        let registry = Registry::configured(|config| {
            config.adapters.silence = 1;
            let table = figment::value::Dict::from([("how".to_owned(), how.into())]);
            config
                .adapters
                .tables
                .insert("misbehaving".to_owned(), table.into());
        });
        let failed = registry.push("misbehaving", Origin::Operator, b"one\ntwo\n");
        assert_eq!(
            (failed.state.as_str(), failed.error.unwrap().code.as_str()),
            ("FAILED", code),
            "{how}"
        );
        let good = registry.push_csv("RN5217", &csv(&rows()));
        assert_eq!(good.counts.created, 4, "after {how}");
        let spool = registry.app.config.data_dir.join("spool");
        assert_eq!(
            std::fs::read_dir(spool).unwrap().count(),
            0,
            "{how} left its file behind"
        );
    }
}

#[test]
fn an_import_that_was_killed_goes_on_and_ends_as_if_nothing_had_happened() {
    /// Dies, as a killed process would, at the given step.
    struct Killed(bool);
    impl Progress for Killed {
        fn reading(&self, job: &JobRow) {
            assert!(self.0 || job.records < 1000, "killed while reading");
        }
        fn merging(&self, _job: &JobRow, done: i64, _all: i64) {
            assert!(done < 2, "killed while merging");
        }
    }
    let many: Vec<Row> = (0..3000)
        .map(|number| Row::award(number, &format!("R-{number}")))
        .collect();
    for while_merging in [false, true] {
        let registry = Registry::new();
        let place = || {
            let push = push_of_body(&registry.app, "RN5217", &csv(&many));
            submit(&registry.app, &push).unwrap()
        };
        let Submitted::New(job) = place() else {
            panic!("the first push is a new job")
        };
        let app = registry.app.clone();
        let died = std::thread::spawn(move || {
            run(
                &app,
                job.id,
                &Killed(while_merging),
                &AtomicBool::new(false),
            )
        })
        .join();
        assert!(died.is_err(), "the import was not killed");
        let Submitted::Resumed(job) = place() else {
            panic!("the same file again goes on")
        };
        let done = run(&registry.app, job.id, &Silent, &AtomicBool::new(false)).unwrap();
        assert_eq!((done.records, done.created, done.rejected), (3000, 3000, 0));
        let again = registry.push_csv("RN5217", &csv(&many));
        assert_eq!(again.counts.unchanged, 3000);
    }
}

#[test]
fn an_import_is_run_by_one_at_a_time() {
    use std::sync::Mutex;
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

    /// Waits in the middle of reading.
    struct Held(Mutex<Option<SyncSender<()>>>, Mutex<Receiver<()>>);
    impl Progress for Held {
        fn reading(&self, _job: &JobRow) {
            if let Some(entered) = self.0.lock().unwrap().take() {
                entered.send(()).unwrap();
                self.1.lock().unwrap().recv().unwrap();
            }
        }
        fn merging(&self, _job: &JobRow, _done: i64, _all: i64) {}
    }
    let registry = Registry::new();
    let push = push_of_body(&registry.app, "RN5217", &csv(&rows()));
    let Submitted::New(job) = submit(&registry.app, &push).unwrap() else {
        panic!("the job was there before");
    };
    let (entered, enters) = sync_channel(0);
    let (go, wait) = sync_channel(0);
    let held = Held(Mutex::new(Some(entered)), Mutex::new(wait));
    let never = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| run(&registry.app, job.id, &held, &never).unwrap());
        enters.recv().unwrap();
        let refused = run(&registry.app, job.id, &Silent, &never).unwrap_err();
        assert_eq!(refused.code(), schema::Code::StateConflict);
        go.send(()).unwrap();
        assert_eq!(first.join().unwrap().created, 4);
    });
    // One that has ended is told as it ended.
    let ended = run(&registry.app, job.id, &Silent, &never).unwrap();
    assert_eq!((ended.state.as_str(), ended.created), ("done", 4));
}

/// Files with mistakes, corrections, withdrawals and repetitions.
fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (
        0_u32..4,
        0_u32..6,
        0_usize..6,
        prop::bool::ANY,
        prop::option::of(1_u32..28),
    )
        .prop_map(|(learner, result, verb, broken, day)| {
            let verb = [
                "create",
                "create",
                "update",
                "promote",
                "withdraw",
                "reinstate",
            ][verb];
            let mut row = Row::award(learner, &format!("R-{learner}-{result}"))
                .with("action", verb)
                .with("grade", if result % 2 == 0 { "Pass" } else { "Merit" })
                .with(
                    "status",
                    if result % 3 == 0 {
                        "provisional"
                    } else {
                        "final"
                    },
                );
            if let Some(day) = day {
                row = row.with("action_date", format!("2015-08-{day:02}"));
            }
            if broken && result == 5 {
                row.with("awarded_on", "no day")
            } else {
                row
            }
        });
    prop::collection::vec(row, 1..12)
}

#[test]
fn the_counts_of_a_dry_run_are_those_of_the_real_one() {
    let registry = Registry::new();
    let body = Origin::Body(schema::RecognitionNumber::parse("RN5217").unwrap());
    let config = ProptestConfig {
        cases: 12,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    // One database for all cases: each file meets what the ones before it left.
    runner
        .run(&any_rows(), |rows| {
            let file = csv(&rows);
            let state = || {
                (0..4)
                    .map(|learner| registry.record_or_none(&uln(learner)))
                    .collect::<Vec<_>>()
            };
            let before = state();
            let dry = registry
                .push_as("csv", body.clone(), &file, Mode::Partial, true)
                .unwrap();
            prop_assert_eq!(before, state(), "a dry run changed something");
            let real = registry
                .push_as("csv", body.clone(), &file, Mode::Partial, false)
                .unwrap();
            prop_assert_eq!(dry.counts, real.counts);
            let again = registry
                .push_as("csv", body.clone(), &file, Mode::Partial, false)
                .unwrap();
            prop_assert_eq!(
                again.counts.unchanged + again.counts.rejected,
                again.counts.records
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn people_with_numbers_are_not_looked_up_by_their_names() {
    let registry = Registry::new();
    let file = |first: u32| {
        let rows: Vec<Row> = (first..first + 3)
            .map(|number| {
                Row::award(number, &format!("R-{number}"))
                    .with("given_name", "Not")
                    .with("family_name", "Known")
                    .with("date_of_birth", "1970-01-01")
            })
            .collect();
        csv(&rows)
    };
    registry.push_csv("RN5217", &file(1));
    let by_name = |statements: &[String]| {
        let reads = statements.iter().filter(|sql| {
            sql.starts_with("SELECT")
                && sql.contains("learner_name")
                && sql.contains("name_key")
                && sql.contains("WHERE")
                && !sql.contains("learner_id\" IN")
                && !sql.contains("learner_id\" = ANY")
                && !sql.contains("`learner_id` IN")
        });
        reads.count()
    };
    let (report, statements) = registry.watched(|| registry.push_csv("RN5217", &file(10)));
    assert_eq!(report.counts.created, 3);
    assert_eq!(by_name(&statements), 0, "{statements:#?}");
    // Who has no number is.
    let row = Row::award(20, "R-20").without("uln");
    let (report, statements) = registry.watched(|| registry.push_csv("RN5217", &csv(&[row])));
    assert_eq!(report.counts.created, 1);
    assert_eq!(by_name(&statements), 1, "{statements:#?}");
}
