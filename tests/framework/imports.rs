//! `registry catalogue import --format framework`, as an operator types it.

use crate::support::meaning::lines;
use crate::support::{Registry, Row, command, csv, database};
use ::framework::shipped::Table;
use registry::db::{Connection, Purpose};
use serde_json::{Value, json};
use std::path::Path;

/// A database of its own, and a folder for files.
pub(super) struct Desk {
    pub(super) folder: tempfile::TempDir,
    pub(super) database: String,
}

impl Desk {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = database::fresh(folder.path());
        Self { folder, database }
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    fn put(&self, files: &[(&str, String)]) {
        for (name, text) in files {
            std::fs::write(self.path().join(name), text).unwrap();
        }
    }

    /// Imports files of the folder; exit code and document.
    fn import(&self, files: &[&str]) -> (i32, Value) {
        let mut arguments = vec!["--json", "catalogue", "import", "--format", "framework"];
        arguments.extend(files);
        let output = command(self.path(), &self.database, &arguments)
            .output()
            .unwrap();
        let document = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            let log = std::fs::read_to_string(self.path().join("log.txt")).unwrap();
            panic!("{error}: {log}")
        });
        (output.status.code().unwrap(), document)
    }

    pub(super) fn lines(&self, sql: &str) -> Vec<String> {
        let mut connection = Connection::open(&self.database, Purpose::Read).unwrap();
        lines(&mut connection, sql).unwrap()
    }

    /// Every text of every table, with its version; the version in force; the units.
    pub(super) fn state(&self) -> Vec<String> {
        let mut state = self.lines(
            "SELECT name || ' ' || CAST(version AS TEXT) || ' ' || digest || CASE WHEN replaced_at IS NULL THEN '' ELSE ' replaced' END AS line
             FROM framework_table ORDER BY name, version",
        );
        state.extend(self.lines("SELECT CAST(version AS TEXT) AS line FROM framework_version"));
        state.extend(
            self.lines("SELECT reference || ' ' || title AS line FROM unit ORDER BY reference"),
        );
        state
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        database::drop_database(&self.database);
    }
}

/// The sum of a count over all files.
fn sum(document: &Value, count: &str) -> u64 {
    let files = document["files"].as_array().unwrap().iter();
    files.map(|file| file[count].as_u64().unwrap()).sum()
}

fn shipped(table: Table) -> String {
    table.shipped().to_owned()
}

#[test]
fn the_shipped_framework_is_loaded_once_however_often_it_is_imported() {
    let desk = Desk::new();
    let (code, first) = desk.import(&[]);
    assert_eq!(code, 0, "{first}");
    assert_eq!(first["files"].as_array().unwrap().len(), Table::ALL.len());
    assert_eq!(sum(&first, "rows"), sum(&first, "newOrChanged"));
    assert!(sum(&first, "rows") > 400);
    let state = desk.state();
    let (code, again) = desk.import(&[]);
    assert_eq!(code, 0, "{again}");
    assert_eq!(sum(&again, "newOrChanged") + sum(&again, "removed"), 0);
    assert_eq!(sum(&again, "unchanged"), sum(&first, "rows"));
    assert_eq!(desk.state(), state);
    let units = desk.lines("SELECT title || ', ' || CAST(credit AS TEXT) || ', ' || CAST(guided_learning_hours AS TEXT) AS line
        FROM unit WHERE reference = 'L/601/1693' AND level = 5 AND confirmed");
    assert_eq!(
        units,
        ["Understand child and young person development, 4, 30"]
    );
}

#[test]
fn a_table_is_replaced_as_a_whole_and_its_earlier_text_is_kept() {
    let desk = Desk::new();
    desk.import(&[]);
    let changed = shipped(Table::Ksf).replace("C1,Core,Communication", "C1,Core,Another title");
    desk.put(&[
        ("any-name.csv", changed),
        ("levels.csv", shipped(Table::Levels)),
    ]);
    let (code, document) = desk.import(&["any-name.csv", "levels.csv"]);
    assert_eq!(code, 0, "{document}");
    let file = &document["files"][0];
    assert_eq!(
        (&file["file"], &file["table"]),
        (&json!("any-name.csv"), &json!("ksf"))
    );
    let counts = ["rows", "newOrChanged", "unchanged", "removed", "rejected"];
    let counts =
        |place: usize| counts.map(|count| document["files"][place][count].as_u64().unwrap());
    assert_eq!(counts(0), [12, 1, 11, 1, 0]);
    assert_eq!(counts(1), [11, 0, 11, 0, 0]);
    let kept = desk.lines(
        "SELECT name || ' ' || CAST(version AS TEXT) || CASE WHEN replaced_at IS NULL THEN ' in force' ELSE '' END AS line
         FROM framework_table WHERE name IN ('ksf', 'levels') ORDER BY name, version",
    );
    assert_eq!(kept, ["ksf 1", "ksf 2 in force", "levels 1 in force"]);
    // The same bytes again, from wherever.
    let (_, again) = desk.import(&["any-name.csv"]);
    assert_eq!(again["files"][0]["unchanged"], 12);
    assert_eq!(
        desk.lines("SELECT CAST(version AS TEXT) AS line FROM framework_version"),
        ["2"]
    );
}

#[test]
fn some_of_the_tables_are_enough() {
    let desk = Desk::new();
    for (name, table) in [("s.csv", Table::Sectors), ("r.csv", Table::Roles)] {
        desk.put(&[(name, format!("\u{feff}{}", shipped(table)))]);
        let (code, document) = desk.import(&[name]);
        assert_eq!(code, 0, "{document}");
        assert_eq!(document["files"][0]["table"], table.name());
    }
}

#[test]
fn one_fault_rejects_the_whole_command_and_its_place_is_told() {
    let desk = Desk::new();
    desk.import(&[]);
    let state = desk.state();
    let level = shipped(Table::Units).replacen(",3,3,10,", ",nine,3,10,", 1);
    let sector = shipped(Table::Roles).replacen(",early-years,", ",no-sector,", 1);
    let twice = format!("{}C1,Core,Again,V,somewhere\n", shipped(Table::Ksf));
    let changed = shipped(Table::Standards).replacen("Support effective", "Support", 1);
    for (name, text, place) in [
        (
            "units",
            level,
            json!({"table": "units", "row": 2, "column": "level"}),
        ),
        (
            "roles",
            sector,
            json!({"table": "roles", "row": 2, "column": "sector"}),
        ),
        (
            "ksf",
            twice,
            json!({"table": "ksf", "row": 14, "column": "code"}),
        ),
    ] {
        // What is right in the other file is not taken either.
        desk.put(&[("faulty.csv", text), ("right.csv", changed.clone())]);
        let (code, document) = desk.import(&["right.csv", "faulty.csv"]);
        assert_eq!(code, 3, "{name}: {document}");
        let (right, faulty) = (&document["files"][0], &document["files"][1]);
        assert_eq!(faulty["issueCount"], 1, "{document}");
        let issue = &faulty["issues"][0];
        for field in ["table", "row", "column"] {
            assert_eq!(issue[field], place[field], "{name}: {issue}");
        }
        assert_eq!(issue["code"], "input-invalid");
        for file in [right, faulty] {
            assert_eq!(file["rejected"], file["rows"]);
            assert_eq!(file["newOrChanged"], 0);
        }
        assert_eq!(desk.state(), state, "{name}");
    }
    let arguments = ["catalogue", "import", "--format", "framework", "faulty.csv"];
    let output = command(desk.path(), &desk.database, &arguments).output();
    let said = String::from_utf8(output.unwrap().stdout).unwrap();
    assert!(
        said.contains("ksf, row 14, column code [input-invalid]"),
        "{said}"
    );
    assert!(said.ends_with("Nothing was changed.\n"), "{said}");
}

#[test]
fn tables_that_are_loaded_must_still_fit() {
    let desk = Desk::new();
    desk.import(&[]);
    let state = desk.state();
    let fewer: String = shipped(Table::Sectors)
        .lines()
        .filter(|line| !line.starts_with("justice,"))
        .map(|line| format!("{line}\n"))
        .collect();
    desk.put(&[("sectors.csv", fewer)]);
    let (code, document) = desk.import(&["sectors.csv"]);
    assert_eq!(code, 3, "{document}");
    let issues = document["issues"].as_array().unwrap();
    assert!(!issues.is_empty(), "{document}");
    for issue in issues {
        assert_eq!(
            (&issue["table"], &issue["column"]),
            (&json!("roles"), &json!("sector"))
        );
    }
    assert_eq!(desk.state(), state);
}

#[test]
fn a_file_that_is_no_table_is_told_for_what_it_is() {
    let desk = Desk::new();
    let ksf = shipped(Table::Ksf);
    std::fs::write(
        desk.path().join("bytes.csv"),
        b"code,group,name,verified,source\nC1,Core,\xff,V,x\n",
    )
    .unwrap();
    desk.put(&[
        ("unknown.csv", "a,b\n1,2\n".to_owned()),
        ("empty.csv", String::new()),
        (
            "nothing.csv",
            ksf.replace("Communication", "Commu\0nication"),
        ),
        ("one.csv", ksf.clone()),
        ("two.csv", ksf),
    ]);
    for (files, row, code) in [
        (vec!["unknown.csv"], 1, "input-invalid"),
        (vec!["empty.csv"], 1, "input-invalid"),
        (vec!["bytes.csv"], 2, "record-unreadable"),
        (vec!["nothing.csv"], 2, "text-invalid"),
        (vec!["one.csv", "two.csv"], 1, "input-invalid"),
    ] {
        let (exit, document) = desk.import(&files);
        assert_eq!(exit, 3, "{document}");
        let last = document["files"].as_array().unwrap().last().unwrap();
        let issue = &last["issues"][0];
        assert_eq!(
            (&issue["row"], &issue["code"]),
            (&json!(row), &json!(code)),
            "{document}"
        );
    }
    let (exit, document) = desk.import(&["missing.csv"]);
    assert_eq!(
        (exit, &document["error"]["code"]),
        (2, &json!("input-invalid"))
    );
    assert_eq!(desk.state(), ["0"]);
    let status = command(
        desk.path(),
        &desk.database,
        &["catalogue", "import", "--format", "ofqual-organisations"],
    )
    .status();
    assert_eq!(status.unwrap().code(), Some(2));
}

fn two_units(registry: &Registry) -> Vec<String> {
    registry.lines(
        "SELECT reference || ' ' || title || CASE WHEN confirmed THEN ' confirmed' ELSE '' END AS line
         FROM unit WHERE reference IN ('L/601/1693', 'R/601/1436') ORDER BY reference",
    )
}

#[test]
fn units_that_results_name_stay_when_the_framework_has_them_no_more() {
    let registry = Registry::new();
    // Stated by a result before the framework comes.
    let award = |number: u32, reference: &str| {
        Row::award(number, &format!("R{number}"))
            .with("unit_reference", reference)
            .with("title", "As a result states it")
            .without("qualification_number")
    };
    registry.push_csv("RN5217", &csv(&[award(1, "L/601/1693")]));
    assert_eq!(two_units(&registry), ["L/601/1693 As a result states it"]);
    let registry = registry.with_framework();
    let duty = "R/601/1436 Principles for implementing duty of care in health, social care or children's and young people's settings confirmed";
    let known = "L/601/1693 Understand child and young person development";
    assert_eq!(
        two_units(&registry),
        [format!("{known} confirmed"), duty.to_owned()]
    );
    // Rules go with the units they name.
    let heading = |table: Table| {
        let line = table.shipped().lines().next().unwrap();
        registry::action::framework::TableFile {
            name: table.name().to_owned(),
            content: format!("{line}\n").into_bytes(),
        }
    };
    let tables = [Table::Units, Table::Structures, Table::Groups];
    let imported = registry::action::framework::import(
        &registry.app.db,
        registry.app.clock.now(),
        tables.map(heading).to_vec(),
    );
    assert!(!imported.unwrap().is_rejected());
    assert_eq!(two_units(&registry), [known]);
    assert_eq!(registry.count("unit"), 1);
}
