//! `registry framework …`: the same questions about everybody.

use crate::support::seeded::Seeded;
use crate::support::{Registry, Row, command, csv, uln};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

fn run(registry: &Registry, arguments: &[&str]) -> Output {
    let url = registry.app.config.database_url();
    command(registry.folder(), &url, arguments)
        .output()
        .unwrap()
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stdout)))
}

/// The rows of a table, each by its heading, by learner.
fn table(path: &Path) -> BTreeMap<String, Vec<BTreeMap<String, String>>> {
    let mut found: BTreeMap<String, Vec<BTreeMap<String, String>>> = BTreeMap::new();
    let mut order = Vec::new();
    for row in csv::Reader::from_path(path).unwrap().deserialize() {
        let mut row: BTreeMap<String, String> = row.unwrap();
        let learner = row.remove("learner").unwrap();
        order.push(learner.clone());
        found.entry(learner).or_default().push(row);
    }
    assert!(
        order.is_sorted(),
        "people come in the order of their identifiers"
    );
    found
}

fn row(cells: &[(&str, &str)]) -> BTreeMap<String, String> {
    let cells = cells.iter();
    cells
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// People enough for several pages; every second holds a unit of the diploma, every third is registered.
fn filled(people: u32) -> Registry {
    let registry = Registry::new().with_register().with_framework();
    let mut rows = Vec::new();
    for learner in 1..=people {
        // Their names alone tell nobody apart, and each has a number.
        let mut award = Row::award(learner, &format!("R{learner}"));
        if learner % 2 == 0 {
            award = award
                .with("unit_reference", "L/601/1693")
                .with("title", "Understand child and young person development");
        } else {
            award = Row::elsewhere(learner, &format!("R{learner}"));
        }
        if learner % 3 == 0 {
            rows.push(
                Row::award(learner, &format!("O{learner}"))
                    .without("qualification_number")
                    .without("grade")
                    .with("title", "An entry")
                    .with("register", "Ofsted")
                    .with("registration_state", "current"),
            );
        }
        rows.push(award);
    }
    registry.push_csv("RN5217", &csv(&rows));
    registry
}

fn id(registry: &Registry, learner: u32) -> String {
    let me = registry.data(
        &registry.practitioner(&uln(learner)),
        "{ me { id } }",
        Value::Null,
    );
    me["me"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn everybody_is_asked_what_one_is_asked() {
    let registry = filled(1_203);
    let out = registry.folder().join("out.csv");
    let path = out.to_str().unwrap();
    let ended = run(
        &registry,
        &[
            "--json",
            "framework",
            "nearest",
            "--first",
            "2",
            "--out",
            path,
        ],
    );
    assert_eq!(ended.status.code(), Some(0));
    let told = document(&ended);
    assert_eq!(
        (&told["learners"], &told["rows"]),
        (&json!(1_203), &json!(1_203))
    );
    let near = table(&out);
    assert_eq!(near.len(), 1_203);
    for learner in [1, 2, 600, 1_203] {
        let id = id(&registry, learner);
        let query = format!(
            "{{ learner(id: \"{id}\") {{ nearest(first: 1) {{ qualification {{ number }} creditsRemaining }} }} }}"
        );
        let one = registry.data(&registry.steward(), &query, Value::Null);
        let one = &one["learner"]["nearest"][0];
        let remaining = one["creditsRemaining"].to_string();
        assert_eq!(remaining, if learner % 2 == 0 { "61" } else { "65" });
        let expected = row(&[
            ("place", "1"),
            (
                "qualification",
                one["qualification"]["number"].as_str().unwrap(),
            ),
            ("credits_remaining", &remaining),
            ("decided", "yes"),
        ]);
        assert_eq!(near[&id], [expected], "learner {learner}");
    }

    let ended = run(
        &registry,
        &[
            "framework",
            "standing",
            "--role",
            "childminder",
            "--out",
            path,
        ],
    );
    assert_eq!(
        ended.status.code(),
        Some(0),
        "it takes the place of the table before"
    );
    let standing = table(&out);
    let of = |meets, met, missing| {
        [row(&[
            ("role", "childminder"),
            ("meets", meets),
            ("met", met),
            ("missing", missing),
        ])]
    };
    assert_eq!(
        standing[&id(&registry, 3)],
        of("UNDETERMINED", "childminder-1", "childminder-2")
    );
    assert_eq!(
        standing[&id(&registry, 4)],
        of("NO", "", "childminder-1|childminder-2")
    );

    let ended = run(&registry, &["framework", "counts-in-ratio", "--out", path]);
    assert_eq!(ended.status.code(), Some(0));
    let ratio = table(&out);
    assert_eq!(ratio.len(), 1_203);
    let outcome = |learner| ratio[&id(&registry, learner)][0]["outcome"].clone();
    // A certificate without a level could be on the list; a unit cannot.
    assert_eq!(outcome(2), "NO");
    assert_eq!(ratio[&id(&registry, 2)][0]["counts_at"], "0");
    // Nobody's name is in any table.
    assert!(!std::fs::read_to_string(&out).unwrap().contains("Invented"));
}

#[test]
fn an_earlier_day_is_answered_by_the_records_as_they_stood() {
    let registry = filled(12);
    let out = registry.folder().join("out.csv");
    let path = out.to_str().unwrap();
    let asked = [
        "framework",
        "standing",
        "--role",
        "childminder",
        "--out",
        path,
        "--on",
    ];
    let meets = |day: &str| {
        let ended = run(&registry, &[asked.as_slice(), &[day]].concat());
        assert_eq!(ended.status.code(), Some(0));
        table(&out)[&id(&registry, 3)][0]["meets"].clone()
    };
    assert_eq!(meets("2015-06-29"), "NO", "the day before the award");
    assert_eq!(meets("2015-06-30"), "UNDETERMINED");
}

#[test]
fn what_cannot_be_asked_changes_no_file_and_says_so() {
    let registry = filled(1);
    let out = registry.folder().join("out.csv");
    std::fs::write(&out, "kept").unwrap();
    let path = out.to_str().unwrap();
    let nowhere = registry.folder().join("nowhere").join("out.csv");
    let nowhere = nowhere.to_str().unwrap();
    for (arguments, code) in [
        (
            vec!["standing", "--role", "astronaut", "--out", path],
            "role-unknown",
        ),
        (
            vec!["nearest", "--sector", "space", "--out", path],
            "sector-unknown",
        ),
        (vec!["counts-in-ratio", "--out", nowhere], "internal"),
    ] {
        let arguments = [&["--json", "framework"], arguments.as_slice()].concat();
        let ended = run(&registry, &arguments);
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}");
        assert_eq!(document(&ended)["error"]["code"], code);
    }
    for arguments in [
        vec!["standing", "--out", path],
        vec!["nearest", "--first", "0", "--out", path],
        vec!["counts-in-ratio", "--on", "yesterday", "--out", path],
    ] {
        let ended = run(&registry, &[&["framework"], arguments.as_slice()].concat());
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}");
    }
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "kept");
    let left: Vec<_> = std::fs::read_dir(registry.folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(".tmp"))
        .collect();
    assert_eq!(left, [""; 0], "no half a table is left");
}

#[test]
fn a_command_that_is_killed_leaves_what_was_there_and_nothing_else() {
    let registry = filled(1_203);
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.csv");
    let path = out.to_str().unwrap();
    let url = registry.app.config.database_url();
    let asked = [
        "framework",
        "standing",
        "--role",
        "childminder",
        "--out",
        path,
    ];
    let began = std::time::Instant::now();
    assert_eq!(run(&registry, &asked).status.code(), Some(0));
    let took = began.elapsed();
    let whole = std::fs::read_to_string(&out).unwrap();
    let seed = std::env::var("REGISTRY_TEST_SEED").ok();
    let seed = seed.map_or_else(rand::random, |text| text.parse().unwrap());
    let mut seeded = Seeded(seed);
    let mut met = 0;
    for turn in 0..8 {
        std::fs::write(&out, "kept").unwrap();
        let mut child = command(registry.folder(), &url, &asked);
        let mut child = child.stdout(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(took.mul_f64(seeded.part()));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            met += 1;
        }
        child.wait().unwrap();
        let now = std::fs::read_to_string(&out).unwrap();
        assert!(now == "kept" || now == whole, "seed {seed}, turn {turn}");
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            // Complete it has another name for a moment; nothing else is ever left.
            let path = entry.unwrap().path();
            let complete = path == out || std::fs::read_to_string(&path).unwrap() == whole;
            assert!(complete, "seed {seed}, turn {turn}: {path:?}");
        }
    }
    eprintln!("{met} kills met a command of {took:.1?}");
}
