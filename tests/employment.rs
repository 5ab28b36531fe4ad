//! Posts held, posts needed, places to learn: documented tables, taken whole or not at all, and the same however often.

use crate::support::{Registry, Row, command, csv, uln};
use registry::action::employment::{Imported, Kind};
use registry::error::Error;
use schema::Code;
use serde_json::Value;
use std::path::PathBuf;

const HELD: &str = "uln,learner,employer,setting,role,area,from,to,stated_by\n";

struct Filled {
    registry: Registry,
}

impl Filled {
    fn new() -> Self {
        let registry = Registry::new().with_register().with_framework();
        registry.push_csv("RN5217", &csv(&[Row::award(1, "R1"), Row::award(2, "R2")]));
        Self { registry }
    }

    fn file(&self, text: &[u8]) -> PathBuf {
        let path = self.registry.folder().join("posts.csv");
        std::fs::write(&path, text).unwrap();
        path
    }

    fn import(&self, kind: Kind, text: &str) -> Result<Imported, Error> {
        self.registry.employment(kind, text)
    }

    fn learner(&self, number: u32) -> String {
        let caller = self.registry.practitioner(&uln(number));
        let me = self.registry.data(&caller, "{ me { id } }", Value::Null);
        me["me"]["id"].as_str().unwrap().to_owned()
    }
}

fn faults(imported: &Imported) -> Vec<(u64, &str, &str)> {
    let each = imported.faults.iter();
    each.map(|one| (one.row, one.column, one.code)).collect()
}

#[test]
fn posts_are_kept_with_whose_word_it_is_and_the_same_again_changes_nothing() {
    let filled = Filled::new();
    let text = format!(
        "{HELD}{},,little-acorns,Main street,playworker,E06000001,2025-09-01,,little-acorns\n,{},little-acorns,,ta-l3,E06000001,2025-09-01,2026-03-31,the council\n",
        uln(1),
        filled.learner(2)
    );
    let first = filled.import(Kind::Held, &text).unwrap();
    assert_eq!((first.rows, first.new, faults(&first)), (2, 2, Vec::new()));
    let rows = "SELECT employer || '|' || setting || '|' || role || '|' || area || '|' || CAST(from_day AS TEXT) || '|' || coalesce(CAST(to_day AS TEXT), '') || '|' || stated_by AS line FROM post_held ORDER BY role";
    let kept = filled.registry.lines(rows);
    assert_eq!(
        kept,
        [
            "little-acorns|Main street|playworker|E06000001|2025-09-01||little-acorns",
            "little-acorns||ta-l3|E06000001|2025-09-01|2026-03-31|the council"
        ]
    );
    let again = filled.import(Kind::Held, &text).unwrap();
    assert_eq!((again.rows, again.new), (2, 0));
    assert_eq!(filled.registry.lines(rows), kept);
    // Somebody left: the same post, said otherwise.
    let left = text.replace("2025-09-01,,", "2025-09-01,2026-05-31,");
    assert_eq!(filled.import(Kind::Held, &left).unwrap().new, 0);
    assert!(filled.registry.lines(rows)[0].contains("2026-05-31"));
}

#[test]
fn a_file_with_a_fault_is_not_taken_and_each_is_named_by_row_and_column() {
    let filled = Filled::new();
    let (known, unknown) = (uln(1), uln(900));
    let rest = "acorns,,playworker,E1,2025-09-01,,us";
    let text = format!(
        "{HELD}{known},,{rest}\n{unknown},,{rest}\n123,,{rest}\n,,{rest}\n{known},,acorns,,wizard,E1,2025-09-01,,us\n{known},,acorns,,playworker,E1,2025-09-01,2025-08-31,us\n{known},,short\n,learner_{},{rest}\n",
        "0".repeat(32)
    );
    let imported = filled.import(Kind::Held, &text).unwrap();
    assert_eq!(
        faults(&imported),
        [
            (3, "uln", "person-unknown"),
            (4, "uln", "uln-invalid"),
            (5, "uln", "learner-not-identified"),
            (6, "role", "role-unknown"),
            (7, "to", "dates-contradict"),
            (8, "", "record-unreadable"),
            (9, "learner", "person-unknown"),
        ]
    );
    assert_eq!((imported.rows, imported.new), (8, 0));
    assert_eq!(filled.registry.count("post_held"), 0, "nothing was taken");
    assert!(
        imported
            .faults
            .iter()
            .all(|fault| !fault.message.contains(&known) && fault.message.ends_with('.'))
    );
}

#[test]
fn needs_and_provision_are_numbers_by_role_area_and_day() {
    let filled = Filled::new();
    let needed = "area,role,posts,from,stated_by\nE1,hlta,12,2026-01-01,the council\nE1,hlta,14,2027-01-01,the council\n";
    assert_eq!(filled.import(Kind::Needed, needed).unwrap().new, 2);
    let changed = needed.replace("12", "13");
    assert_eq!(filled.import(Kind::Needed, &changed).unwrap().new, 0);
    let posts = "SELECT CAST(posts AS TEXT) AS line FROM post_needed ORDER BY from_day";
    assert_eq!(filled.registry.lines(posts), ["13", "14"]);
    let provision =
        "role,area,places,from,to,stated_by\nhlta,E1,30,2026-01-01,2026-12-31,a college\n";
    assert_eq!(filled.import(Kind::Provision, provision).unwrap().new, 1);
    let wrong = filled
        .import(Kind::Provision, &provision.replace("30", "many"))
        .unwrap();
    assert_eq!(faults(&wrong), [(2, "places", "number-invalid")]);
}

#[test]
fn a_file_that_cannot_be_read_is_refused_with_what_its_headings_lack() {
    let filled = Filled::new();
    let code = |kind, text: &str| {
        filled
            .import(kind, text)
            .map_err(|error| (error.code(), error.to_string()))
    };
    assert_eq!(code(Kind::Needed, "").unwrap_err().0, Code::FileEmpty);
    let (refused, words) = code(Kind::Needed, "role,area,posts\n").unwrap_err();
    assert_eq!(refused, Code::InputInvalid);
    assert!(
        words.contains("from is missing") && words.contains("stated_by"),
        "{words}"
    );
}

#[test]
fn thousands_are_taken_in_one_piece() {
    let filled = Filled::new();
    let mut text = "role,area,from,posts,stated_by\n".to_owned();
    for number in 0..2500 {
        text.push_str(&format!("hlta,E{number},2026-01-01,{number},us\n"));
    }
    let wrong = format!("{text}hlta,E1,2026-13-01,1,us\n");
    let refused = filled.import(Kind::Needed, &wrong).unwrap();
    assert_eq!(faults(&refused), [(2502, "from", "date-invalid")]);
    assert_eq!(filled.registry.count("post_needed"), 0);
    assert_eq!(filled.import(Kind::Needed, &text).unwrap().new, 2500);
    let many: String = text.replace("2026-01-01", "never");
    let refused = filled.import(Kind::Needed, &many).unwrap();
    assert_eq!(
        (refused.faults.len(), refused.faults_left_out),
        (1000, 1500)
    );
}

#[test]
fn the_command_says_what_became_of_each_file() {
    let filled = Filled::new();
    let run = |text: &str| {
        let path = filled.file(text.as_bytes());
        let arguments = [
            "employment",
            "import",
            "--kind",
            "needed",
            "--json",
            path.to_str().unwrap(),
        ];
        let url = filled.registry.app.config.database_url();
        let mut command = command(filled.registry.folder(), &url, &arguments);
        let done = command.output().unwrap();
        let said = String::from_utf8(done.stdout).unwrap();
        let document: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
        (done.status.code(), document["files"][0].clone())
    };
    let good = "role,area,from,posts,stated_by\nhlta,E1,2026-01-01,1,us\n";
    let (code, said) = run(good);
    assert_eq!(
        (code, &said["rows"], &said["new"]),
        (Some(0), &1.into(), &1.into())
    );
    let (code, said) = run(&good.replace("hlta", "wizard"));
    assert_eq!(code, Some(1), "failed, nothing changed");
    assert_eq!(said["faults"][0]["code"], "role-unknown");
}
