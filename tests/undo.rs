//! Taking an import back. What is left is what a registry has that never got it, but for what was changed later: so
//! each trial is held against a registry that got of that import only the records that are listed as having stayed.

mod access;
mod kills;
mod random;
mod tellings;

use crate::support::meaning::meaning;
use crate::support::{Hands, Registry, Row, csv, learning_events, uln};
use chrono::TimeDelta;
use registry::action::import::undo::undo;
use registry::action::import::{Origin, Report, report};
use registry::db::Id;
use schema::Language;
use std::collections::BTreeSet;

/// A registry whose time stands still between imports, a day apart.
struct Trial {
    registry: Registry,
    hands: Hands,
    jobs: Vec<String>,
}

/// An import: of a body's results, or of somebody's learning events.
#[derive(Clone, Debug)]
enum Import {
    Body(&'static str, Vec<Row>),
    Events(Vec<u8>),
    /// None on that day.
    None,
}

impl Trial {
    fn new() -> Self {
        let hands = Hands::at("2016-01-01");
        Self {
            registry: Registry::at(hands.clock(), |_| ()),
            hands,
            jobs: Vec::new(),
        }
    }

    fn of(imports: &[Import]) -> Self {
        let mut trial = Self::new();
        for import in imports {
            trial.import(import);
        }
        trial
    }

    fn import(&mut self, import: &Import) -> Option<Report> {
        let report = match import {
            Import::Body(body, rows) => Some(self.registry.push_csv(body, &csv(rows))),
            Import::Events(file) => Some(self.registry.push("lrs", Origin::Operator, file)),
            Import::None => None,
        };
        self.jobs.push(
            report
                .as_ref()
                .map_or_else(String::new, |report| report.id.clone()),
        );
        self.hands.put(TimeDelta::days(1));
        report
    }

    /// Takes an import back; answers its report, and how many statements stayed.
    fn undo(&self, number: usize) -> (Report, i64) {
        undone(&self.registry, &self.jobs[number])
    }

    /// What the record is: who is known by what, their awards, what was told of them and when; how it became so left
    /// out.
    fn record(&self) -> Vec<String> {
        record(&self.registry)
    }
}

fn undone(registry: &Registry, job: &str) -> (Report, i64) {
    let (job, left) = undo(&registry.app, Id::read("import", job).unwrap(), &()).unwrap();
    let told = report(&registry.app, &job, true, 100_000, Language::English).unwrap();
    assert_eq!(told.state, "UNDONE");
    (told, left)
}

fn record(registry: &Registry) -> Vec<String> {
    let whole = meaning(&registry.app.config.database_url()).unwrap();
    let mut lines = Vec::new();
    for table in ["learner", "name", "source"] {
        lines.extend(whole[table].iter().map(|line| format!("{table} {line}")));
    }
    for line in &whole["achievement"] {
        // The version before the last column, which says whether the award is one still.
        let mut columns: Vec<&str> = line.split('|').collect();
        let is = columns.pop().unwrap();
        columns.pop();
        if is == "1" || is == "true" {
            lines.push(format!("achievement {}", columns.join("|")));
        }
    }
    lines.extend(registry.lines(
        "SELECT 'alias ' || kind || '|' || scope || '|' || value || '|' || given_by || '|' || CAST(known_from AS TEXT)
         AS line FROM learner_alias ORDER BY 1",
    ));
    lines.extend(registry.lines(
        "SELECT 'told ' || s.submitter || '|' || CAST(s.received_at AS TEXT) || '|' || j.adapter || '|' ||
         CAST(j.received_at AS TEXT) || '|' || coalesce(s.result_key, '') AS line
         FROM source s JOIN import_job j ON j.id = s.job_id ORDER BY 1",
    ));
    lines
}

/// The rows of the file that stayed, by the issues of the report.
fn stayed(report: &Report) -> BTreeSet<usize> {
    let issues = report.issues.iter();
    issues
        .filter(|issue| issue.code == "changed-since")
        .map(|issue| {
            assert_eq!(issue.severity, "WARNING");
            // The heading is the first row.
            usize::try_from(issue.row.unwrap()).unwrap() - 2
        })
        .collect()
}

/// The imports with of one only the rows that stayed.
fn reduced(imports: &[Import], number: usize, stay: &BTreeSet<usize>) -> Vec<Import> {
    let mut imports = imports.to_vec();
    imports[number] = match &imports[number] {
        Import::Body(body, rows) if !stay.is_empty() => Import::Body(
            body,
            stay.iter().map(|place| rows[*place].clone()).collect(),
        ),
        _ => Import::None,
    };
    imports
}

/// Everything that can befall a result in three imports, each with a learner of its own.
fn three() -> [Import; 3] {
    let mut files = [Vec::new(), Vec::new(), Vec::new()];
    let mut add = |places: [Option<Row>; 3]| {
        for (file, row) in files.iter_mut().zip(places) {
            file.extend(row);
        }
    };
    let of = |learner: u32| Row::award(learner, &format!("R-{learner}"));
    let dated = |row: Row, verb: &str, day: &str| row.with("action", verb).with("action_date", day);
    // Created by the first, updated by the second, told again by the third.
    add([Some(of(1)), Some(of(1).with("grade", "Merit")), Some(of(1))]);
    // Updated by the second and again by the third.
    add([
        Some(of(2)),
        Some(of(2).with("grade", "Merit")),
        Some(of(2).with("grade", "Distinction")),
    ]);
    // Said the same by the second and the third; by the first and the second; by the first and the third.
    add([None, Some(of(3)), Some(of(3))]);
    add([Some(of(4)), Some(of(4)), None]);
    add([Some(of(5)), None, Some(of(5))]);
    // By one alone.
    add([Some(of(6)), None, None]);
    add([None, Some(of(7)), None]);
    add([None, None, Some(of(8))]);
    // Withdrawn by the second, and reinstated by the third or not.
    let withdrawn = |learner| dated(of(learner), "withdraw", "2016-01-02");
    add([Some(of(9)), Some(withdrawn(9)), None]);
    add([
        Some(of(10)),
        Some(withdrawn(10)),
        Some(dated(of(10), "reinstate", "2016-01-03")),
    ]);
    // A second award, by another number; and two in one import, of which the third changes one.
    add([
        Some(of(11)),
        Some(
            of(11)
                .with("result_id", "S-11")
                .with("awarded_on", "2015-09-01"),
        ),
        None,
    ]);
    add([None, Some(of(12)), Some(of(12).with("grade", "Merit"))]);
    add([
        None,
        Some(
            of(12)
                .with("result_id", "S-12")
                .with("awarded_on", "2015-09-01"),
        ),
        None,
    ]);
    // Only the second knows the number, another name, the body's own reference.
    add([
        Some(of(13).without("uln")),
        Some(
            of(13)
                .with("result_id", "S-13")
                .with("awarded_on", "2015-09-01"),
        ),
        None,
    ]);
    add([
        Some(of(14)),
        Some(
            of(14)
                .with("result_id", "S-14")
                .with("family_name", "Married")
                .with("awarded_on", "2015-09-01"),
        ),
        None,
    ]);
    add([
        Some(of(15)),
        Some(
            of(15)
                .with("result_id", "S-15")
                .with("learner_reference", "L-15")
                .with("awarded_on", "2015-09-01"),
        ),
        Some(
            of(15)
                .with("result_id", "T-15")
                .with("awarded_on", "2015-10-01"),
        ),
    ]);
    // Provisional, promoted, corrected by certificate number.
    add([
        Some(
            of(16)
                .with("status", "provisional")
                .with("certificate_number", "C-16"),
        ),
        Some(dated(of(16).without("status"), "promote", "2016-01-02")),
        Some(dated(
            of(16).with("certificate_number", "C-16"),
            "update",
            "2016-01-03",
        )),
    ]);
    files.map(|rows| Import::Body("RN5217", rows))
}

#[test]
fn each_of_three_imports_taken_back_leaves_what_the_others_told() {
    let imports = three();
    for number in 0..3 {
        let trial = Trial::of(&imports);
        let (report, left) = trial.undo(number);
        let stay = stayed(&report);
        assert_eq!(usize::try_from(left).unwrap(), stay.len());
        let expected = Trial::of(&reduced(&imports, number, &stay));
        assert_eq!(
            trial.record(),
            expected.record(),
            "import {number} taken back"
        );
        let Import::Body(_, rows) = &imports[number] else {
            panic!("a body's import");
        };
        // Of the middle one: what the third changed, and nothing else.
        let kept: Vec<&str> = stay
            .iter()
            .flat_map(|place| &rows[*place].0)
            .filter(|(name, _)| *name == "result_id")
            .map(|(_, value)| value.as_str())
            .collect();
        let expected: &[&str] = match number {
            0 => &["R-2", "R-9", "R-10", "R-16"],
            1 => &["R-2", "R-10", "R-12", "R-16"],
            _ => &[],
        };
        assert_eq!(kept, expected, "import {number} taken back");
    }
}

#[test]
fn taken_back_from_the_last_to_the_first_nothing_is_left() {
    let trial = Trial::of(&three());
    for number in (0..3).rev() {
        let (report, left) = trial.undo(number);
        assert_eq!((left, stayed(&report).len()), (0, 0));
    }
    for table in [
        "learner",
        "learner_alias",
        "learner_name",
        "achievement",
        "achievement_version",
        "source",
        "source_again",
        "import_undoing",
    ] {
        assert_eq!(trial.registry.count(table), 0, "{table}");
    }
    // Each award's removal is a leaf after those of its versions.
    let last = trial.registry.lines(
        "SELECT CAST(max(version) AS TEXT) || ' ' || CAST(count(*) AS TEXT) AS line FROM log_leaf GROUP BY achievement_id",
    );
    assert!(!last.is_empty());
    for line in last {
        let (highest, leaves) = line.split_once(' ').unwrap();
        assert_eq!(
            highest, leaves,
            "a leaf for each version and one for the removal"
        );
    }
}

#[test]
fn what_was_changed_later_goes_too_once_the_change_is_taken_back() {
    let rows =
        |grade: &str| Import::Body("RN5217", vec![Row::award(1, "R-1").with("grade", grade)]);
    let trial = Trial::of(&[rows("Pass"), rows("Merit"), rows("Distinction")]);
    let (first, left) = trial.undo(1);
    assert_eq!(
        (left, first.issue_count, first.counts.updated),
        (1, 3, 1),
        "{first:?}"
    );
    // Again: nothing has changed, and nothing does.
    let (again, left) = trial.undo(1);
    assert_eq!((left, &again.issues), (1, &first.issues));
    assert_eq!(trial.undo(2).1, 0);
    let (gone, left) = trial.undo(1);
    assert_eq!(
        (left, stayed(&gone).len(), gone.counts),
        (0, 0, first.counts)
    );
    assert_eq!(trial.record(), Trial::of(&[rows("Pass")]).record());
}

#[test]
fn learning_events_and_other_bodies_are_left_alone() {
    let events = |id: &str| learning_events(&uln(1), &[(id, "50091700", "2015-06-30", "Merit")]);
    let imports = [
        Import::Body("RN5217", vec![Row::award(1, "R-1"), Row::award(2, "R-2")]),
        Import::Events(events("71")),
        Import::Body(
            "RN5156",
            vec![Row::elsewhere(1, "S-1"), Row::elsewhere(3, "S-3")],
        ),
        Import::Events(events("71")),
    ];
    for number in 0..4 {
        let trial = Trial::of(&imports);
        let (report, left) = trial.undo(number);
        assert_eq!((left, stayed(&report).len()), (0, 0), "import {number}");
        let expected = Trial::of(&reduced(&imports, number, &BTreeSet::new()));
        assert_eq!(trial.record(), expected.record(), "import {number}");
    }
}

#[test]
fn somebody_whose_data_were_looked_at_stays_as_a_row_that_says_nothing() {
    let trial = Trial::of(&[Import::Body(
        "RN5217",
        vec![Row::award(1, "R-1"), Row::award(2, "R-2")],
    )]);
    let registry = &trial.registry;
    let look = format!("{{ learner(uln: \"{}\") {{ id }} }}", uln(1));
    let seen = registry.data(&registry.steward(), &look, serde_json::Value::Null);
    assert!(seen["learner"]["id"].is_string());
    trial.undo(0);
    let rows = registry.lines("SELECT coalesce(given_name, '') || coalesce(family_name, '') || coalesce(family_key, '') ||
        coalesce(CAST(date_of_birth AS TEXT), '') || former_names AS line FROM learner");
    assert_eq!(rows, ["[]"], "of one nothing is known, the other is gone");
    assert_eq!(
        (
            registry.count("learner_name"),
            registry.count("learner_alias")
        ),
        (0, 0)
    );
    let unseen = registry.data(&registry.steward(), &look, serde_json::Value::Null);
    assert!(unseen["learner"].is_null());
}
