//! Generated sets go through the real adapters into a real registry, and what comes of them is what was foretold.

use crate::support::Registry;
use diesel::prelude::*;
use registry::action::catalogue::{Format, import};
use registry::action::import::{Origin, Report};
use registry::db::{Connection, tables};
use schema::RecognitionNumber;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn generate(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_registry"));
    command.env_clear().arg("generate").args(arguments);
    command.stdin(Stdio::null());
    command
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A set on disk, with its manifest.
struct Set {
    folder: tempfile::TempDir,
    manifest: Value,
}

impl Set {
    fn of(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("set");
        let output = generate(arguments)
            .arg("--json")
            .arg("--out")
            .arg(&out)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", words(&output));
        let manifest: Value = serde_json::from_slice(&output.stdout).unwrap();
        let kept = std::fs::read_to_string(out.join("manifest.json")).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&kept).unwrap(), manifest);
        Self { folder, manifest }
    }

    fn open(&self, path: &str) -> File {
        File::open(self.folder.path().join("set").join(path)).unwrap()
    }

    fn rows(&self, path: &str) -> Vec<HashMap<String, String>> {
        csv::Reader::from_reader(self.open(path))
            .deserialize()
            .map(Result::unwrap)
            .collect()
    }

    fn files(&self) -> Vec<Value> {
        self.manifest["files"].as_array().unwrap().clone()
    }

    /// A registry with the set's register.
    fn registry(&self) -> Registry {
        let registry = Registry::new();
        for file in self.manifest["catalogue"].as_array().unwrap() {
            let format = match file["format"].as_str().unwrap() {
                "ofqual-organisations" => Format::OfqualOrganisations,
                _ => Format::OfqualQualifications,
            };
            let path = file["path"].as_str().unwrap();
            let imported = import(&registry.app.db, format, self.open(path)).unwrap();
            assert_eq!(imported.issues, [], "{path}");
            assert_eq!(json!(imported.new_or_changed), file["rows"], "{path}");
        }
        registry
    }

    /// The files that an entry of the manifest is of: one, or those of a folder.
    fn paths(&self, file: &Value) -> Vec<String> {
        let path = file["path"].as_str().unwrap();
        let Some(documents) = file.get("documents") else {
            return vec![path.to_owned()];
        };
        let folder = self.folder.path().join("set").join(path);
        let names = std::fs::read_dir(folder).unwrap().map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            format!("{path}/{name}")
        });
        let mut paths: Vec<String> = names.collect();
        paths.sort();
        assert_eq!(json!(paths.len()), *documents);
        paths
    }

    /// Imports what an entry of the manifest is of; what became of each file.
    fn push(&self, registry: &Registry, file: &Value) -> Vec<(String, Report)> {
        let push = |path: String| {
            let report = self.push_one(registry, file, &path);
            (path, report)
        };
        self.paths(file).into_iter().map(push).collect()
    }

    fn push_one(&self, registry: &Registry, file: &Value, path: &str) -> Report {
        let origin = match file["awardingBody"].as_str() {
            Some(body) => Origin::Body(RecognitionNumber::parse(body).unwrap()),
            None => Origin::Operator,
        };
        let opened = self.open(path);
        let adapter = file["adapter"].as_str().unwrap();
        registry.push_reader(adapter, origin, opened).unwrap()
    }
}

/// Asserts that the import of a file, or of a folder of them, did what the manifest says.
fn assert_foretold(reports: &[(String, Report)], file: &Value) {
    let path = file["path"].as_str().unwrap();
    for (path, report) in reports {
        assert!(report.error.is_none(), "{path}: {:?}", report.error);
    }
    for (name, expected) in file["expected"].as_object().unwrap() {
        if name != "rejectedByCode" {
            let counts = reports.iter().map(|(_, report)| json!(report.counts));
            let sum: u64 = counts.map(|counts| counts[name].as_u64().unwrap()).sum();
            assert_eq!(json!(sum), *expected, "{path}: {name}");
        }
    }
}

/// How many learners and awards there are.
fn ends(registry: &Registry) -> (i64, i64) {
    registry
        .app
        .db
        .read_blocking(|connection| {
            let (learners, awards) = (
                tables::learner::table
                    .filter(tables::learner::merged_into.is_null())
                    .count(),
                tables::achievement::table
                    .filter(tables::achievement::replaced_by.is_null())
                    .count(),
            );
            Ok(match connection {
                Connection::Sqlite(open) => (learners.get_result(open)?, awards.get_result(open)?),
                Connection::Postgres(open) => {
                    (learners.get_result(open)?, awards.get_result(open)?)
                }
            })
        })
        .unwrap()
}

#[test]
fn every_row_of_a_set_with_mistakes_becomes_what_was_foretold() {
    let set = Set::of(&[
        "--learners",
        "300",
        "--seed",
        "42",
        "--mistakes",
        "4",
        "--documents",
        "0.08",
        "--rate",
        "impossible-birth-date=0.02",
        "--rate",
        "date-form=0.2",
    ]);
    let registry = set.registry();
    // Of a table the rejected rows are known; of a document how many of its awards are, and why.
    let place = |row: i64, path: &str| if path.ends_with(".csv") { row } else { 0 };
    let mut rejected: BTreeMap<String, Vec<(i64, String)>> = BTreeMap::new();
    for row in set.rows("truth/rows.csv") {
        if row["expected"] == "rejected" {
            let place = place(row["row"].parse().unwrap(), &row["file"]);
            let of_file = rejected.entry(row["file"].clone()).or_default();
            of_file.push((place, row["code"].clone()));
        }
    }
    let (mut codes, mut adapters) = (BTreeSet::new(), BTreeSet::new());
    for file in set.files() {
        let reports = set.push(&registry, &file);
        assert_foretold(&reports, &file);
        for (path, report) in reports {
            let errors = report.issues.iter().filter(|one| one.severity == "ERROR");
            let mut found: Vec<(i64, String)> = errors
                .map(|one| (place(one.row.unwrap_or_default(), &path), one.code.clone()))
                .collect();
            codes.extend(found.iter().map(|(_, code)| code.clone()));
            let mut expected = rejected.remove(&path).unwrap_or_default();
            expected.sort();
            found.sort();
            assert_eq!(found, expected, "{path}");
            if !found.is_empty() {
                adapters.insert(file["adapter"].as_str().unwrap().to_owned());
            }
        }
    }
    assert_eq!(rejected, BTreeMap::new());
    assert_eq!(adapters.len(), 4, "{adapters:?}");
    assert_eq!(codes.len(), 4, "{codes:?}");
    assert_eq!(set.manifest["expected"]["exactMatching"], Value::Null);
}

#[test]
fn a_set_without_mistakes_becomes_the_truth_award_by_award() {
    let set = Set::of(&[
        "--learners",
        "300",
        "--mistakes",
        "0",
        "--look-alikes",
        "0.5",
        "--documents",
        "0.04",
    ]);
    let registry = set.registry();
    // Which source comes first makes no difference.
    let mut files = set.files();
    files.rotate_right(2);
    for (path, report) in files.iter().flat_map(|file| set.push(&registry, file)) {
        assert!(report.error.is_none(), "{path}: {:?}", report.error);
        assert_eq!(report.counts.rejected, 0, "{path}");
        assert_eq!(report.counts.needs_person, 0, "{path}");
        assert_eq!(report.issue_count, 0, "{path}: {:?}", report.issues);
    }
    let foretold = &set.manifest["expected"]["exactMatching"];
    assert_eq!(
        ends(&registry),
        (
            foretold["learners"].as_i64().unwrap(),
            foretold["awards"].as_i64().unwrap()
        )
    );
    let mut truth: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for row in set.rows("truth/awards.csv") {
        let upper = |text: &str| text.to_uppercase().replace('-', "_");
        truth.entry(row["uln"].clone()).or_default().push(json!({
            "subject": row["subject"],
            "awardedOn": row["awarded_on"],
            "status": upper(&row["status"]),
            "grade": row["grade"],
            "route": upper(&row["route"]),
            "standing": upper(&row["standing"]),
            "body": row["awarding_body"],
            "certificate": row["certificate_number"],
        }));
    }
    assert_eq!(truth.len(), 300);
    for (uln, mut expected) in truth {
        let mut found: Vec<Value> = registry
            .record(&uln)
            .iter()
            .map(|node| {
                let subject = &node["subject"];
                json!({
                    "subject": subject.get("number").or(subject.get("reference")).unwrap(),
                    "awardedOn": node["awardedOn"],
                    "status": node["status"],
                    "grade": node["grade"],
                    "route": node["route"],
                    "standing": node["standing"],
                    "body": node["awardingBody"]["recognitionNumber"],
                    "certificate": node["certificateNumber"].as_str().unwrap_or_default(),
                })
            })
            .collect();
        found.sort_by_key(ToString::to_string);
        expected.sort_by_key(ToString::to_string);
        assert_eq!(found, expected, "{uln}");
    }
}

#[test]
fn files_in_the_order_of_the_manifest_count_as_foretold_and_again_change_nothing() {
    let set = Set::of(&["--learners", "120", "--seed", "9", "--mistakes", "0"]);
    let registry = set.registry();
    for file in set.files() {
        assert_foretold(&set.push(&registry, &file), &file);
    }
    for file in set.files() {
        for (path, report) in set.push(&registry, &file) {
            assert!(report.counts.records > 0, "{path}");
            assert_eq!(report.counts.unchanged, report.counts.records, "{path}");
        }
    }
}

#[test]
fn nothing_of_somebody_elses_is_touched_and_a_set_is_replaced_only_by_force() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("set");
    let out = out.to_str().unwrap();
    let run = |more: &[&str]| {
        let mut arguments = vec!["--learners", "5", "--out", out];
        arguments.extend(more);
        generate(&arguments).output().unwrap()
    };
    assert!(run(&[]).status.success());
    let first = std::fs::read(Path::new(out).join("truth/rows.csv")).unwrap();
    let again = run(&["--seed", "2"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(words(&again).contains("--force"), "{}", words(&again));
    assert!(run(&["--seed", "2", "--force"]).status.success());
    let second = std::fs::read(Path::new(out).join("truth/rows.csv")).unwrap();
    assert_ne!(first, second);
    assert!(run(&["--force"]).status.success());
    assert_eq!(
        std::fs::read(Path::new(out).join("truth/rows.csv")).unwrap(),
        first
    );
    // A folder of somebody's own.
    let own = folder.path().join("own");
    std::fs::create_dir_all(own.join("csv")).unwrap();
    std::fs::write(own.join("csv/precious.csv"), "1").unwrap();
    let refused = generate(&["--learners", "5", "--force", "--out", own.to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(std::fs::read(own.join("csv/precious.csv")).unwrap(), b"1");
    assert_eq!(std::fs::read_dir(&own).unwrap().count(), 1);
    // A file where a folder belongs.
    let file = own.join("csv/precious.csv");
    let refused = generate(&["--learners", "5", "--out", file.to_str().unwrap()]).output();
    assert_eq!(refused.unwrap().status.code(), Some(2));
}

#[test]
fn a_set_whose_making_was_killed_has_no_manifest_and_can_be_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("set");
    let name = out.to_str().unwrap();
    let mut child = generate(&["--learners", "50000000", "--out", name])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = || std::fs::metadata(out.join("truth/rows.csv")).is_ok_and(|file| file.len() > 0);
    for _ in 0..2000 {
        if begun() {
            break;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(begun());
    assert!(!out.join("manifest.json").exists());
    assert!(out.join("SYNTHETIC.txt").exists());
    let again = generate(&["--learners", "3", "--out", name, "--force"]).output();
    assert!(again.unwrap().status.success());
    assert!(out.join("manifest.json").exists());
}

#[test]
fn what_cannot_be_asked_for_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("set");
    let out = out.to_str().unwrap();
    for (arguments, says) in [
        (vec!["--learners", "0"], "0"),
        (vec!["--learners", "100000001"], "100000000"),
        (vec!["--learners", "5", "--mistakes", "NaN"], "from 0"),
        (vec!["--learners", "5", "--mistakes=-1"], "from 0"),
        (
            vec!["--learners", "5", "--look-alikes", "1.5"],
            "from 0 to 1",
        ),
        (vec!["--learners", "5", "--rate", "typos=0.1"], "nickname"),
        (
            vec!["--learners", "5", "--rate", "nickname"],
            "MISTAKE=SHARE",
        ),
        (
            vec!["--learners", "5", "--rate", "nickname=2"],
            "from 0 to 1",
        ),
    ] {
        let output = generate(&arguments).args(["--out", out]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let words = words(&output);
        assert!(words.contains(says), "{arguments:?}: {words}");
        assert!(!Path::new(out).exists(), "{arguments:?}");
    }
}

#[test]
fn one_mistake_can_be_asked_for_alone() {
    let set = Set::of(&[
        "--learners",
        "50",
        "--mistakes",
        "0",
        "--rate",
        "missing-uln=1",
    ]);
    let rows = set.rows("truth/rows.csv");
    let made: BTreeSet<&str> = rows.iter().map(|row| row["mistakes"].as_str()).collect();
    assert_eq!(made, BTreeSet::from(["", "missing-uln"]));
    for row in rows {
        let of_body = ["csv/", "presented/"];
        let made = of_body.iter().any(|folder| row["file"].starts_with(folder));
        assert_eq!(row["mistakes"].is_empty(), !made);
    }
}
