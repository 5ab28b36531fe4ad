//! The commands as a user types them: real processes, real exit codes.

use crate::support::{Row, csv, uln};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// A command in a folder of its own, on its own embedded database.
fn registry(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_registry"));
    let built = std::env::current_exe().unwrap();
    command
        .current_dir(folder)
        .env_clear()
        .env(
            "REGISTRY_ADAPTERS__DIRECTORIES",
            format!("[{:?}]", built.parent().unwrap()),
        )
        .args(arguments)
        .stdin(Stdio::null());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    registry(folder, arguments).output().unwrap()
}

fn document(output: &Output) -> Value {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    serde_json::from_str(text.trim()).unwrap_or_else(|error| {
        panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr))
    })
}

/// A demonstration that runs until the value is dropped, with what it printed.
struct Demo(Child, Value);

impl Demo {
    fn start(folder: &Path, more: &[&str]) -> Self {
        let mut arguments = vec!["demo", "--listen", "127.0.0.1:0", "--json"];
        arguments.extend(more);
        let mut child = registry(folder, &arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        Self(child, serde_json::from_str(&line).unwrap())
    }

    fn ask(&self, name: &str) -> String {
        let one = &self.1["queries"][name];
        let body =
            serde_json::json!({"query": one["query"], "variables": one["variables"]}).to_string();
        let url = format!("{}/graphql", self.1["url"].as_str().unwrap());
        let mut request = ureq::post(&url).header("Content-Type", "application/json");
        if let Some(token) = self.1["tokens"][one["role"].as_str().unwrap()].as_str() {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        request
            .send(body)
            .unwrap()
            .body_mut()
            .read_to_string()
            .unwrap()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_demonstration_answers_as_printed_keeps_and_touches_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    // A production database beside it.
    assert!(run(folder.path(), &["migrate"]).status.success());
    let production = folder.path().join("data/registry.db");
    let before = std::fs::read(&production).unwrap();
    let demo = Demo::start(folder.path(), &[]);
    let kept = std::fs::read_to_string(folder.path().join("data/demo/queries.json")).unwrap();
    let printed: Value = serde_json::from_str(&kept).unwrap();
    let names: Vec<String> = printed.as_object().unwrap().keys().cloned().collect();
    assert_eq!(names.len(), 9);
    for name in &names {
        assert_eq!(
            demo.ask(name),
            printed[name]["answer"].as_str().unwrap(),
            "{name}"
        );
        assert!(!demo.ask(name).contains("\"errors\""), "{name}");
    }
    drop(demo);
    let demo = Demo::start(folder.path(), &["--keep"]);
    for name in &names {
        assert_eq!(
            demo.ask(name),
            printed[name]["answer"].as_str().unwrap(),
            "{name} after --keep"
        );
    }
    drop(demo);
    assert_eq!(
        before,
        std::fs::read(&production).unwrap(),
        "the database beside the demonstration was touched"
    );
    let outside = run(folder.path(), &["demo", "--listen", "0.0.0.0:0"]);
    assert_eq!(outside.status.code(), Some(2));
}

#[test]
fn exit_codes_say_what_became_of_an_import() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good.csv");
    let mixed = folder.path().join("mixed.csv");
    std::fs::write(&good, csv(&[Row::award(1, "R-1")])).unwrap();
    std::fs::write(
        &mixed,
        csv(&[Row::award(2, "R-2"), Row::award(3, "R-3").with("uln", "1")]),
    )
    .unwrap();
    let import = |file: &Path, more: &[&str]| {
        let mut arguments = vec![
            "import",
            "--adapter",
            "csv",
            "--awarding-body",
            "RN5217",
            "--json",
            file.to_str().unwrap(),
        ];
        arguments.extend(more);
        run(folder.path(), &arguments)
    };
    let dry = import(&good, &["--dry-run"]);
    let done = import(&good, &[]);
    assert_eq!((dry.status.code(), done.status.code()), (Some(0), Some(0)));
    assert_eq!(document(&dry)["counts"], document(&done)["counts"]);
    assert_eq!(document(&done)["counts"]["created"], 1);
    assert_eq!(document(&import(&good, &[]))["counts"]["unchanged"], 1);
    let partly = import(&mixed, &[]);
    assert_eq!(
        (
            partly.status.code(),
            document(&partly)["issues"][0]["code"].as_str()
        ),
        (Some(3), Some("uln-invalid"))
    );
    let nothing = import(&mixed, &["--mode", "atomic"]);
    assert_eq!(
        (
            nothing.status.code(),
            document(&nothing)["error"]["code"].as_str()
        ),
        (Some(1), Some("import-rejected"))
    );
    let unknown = run(
        folder.path(),
        &["import", "--adapter", "nowhere", good.to_str().unwrap()],
    );
    assert_eq!(unknown.status.code(), Some(2));
    let words = String::from_utf8(unknown.stderr).unwrap();
    assert!(
        words.contains("nowhere") && words.contains("Looked in"),
        "{words}"
    );
    let missing = import(&folder.path().join("missing.csv"), &[]);
    assert_eq!(missing.status.code(), Some(2));
}

#[test]
fn who_reads_no_further_breaks_nothing_and_what_cannot_be_printed_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let read_no_further = registry(folder.path(), &["schema"])
        .stdout(writer)
        .output()
        .unwrap();
    assert!(read_no_further.status.success(), "{read_no_further:?}");
    assert_eq!(String::from_utf8_lossy(&read_no_further.stderr), "");
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let full = registry(folder.path(), &["schema"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(full.status.code(), Some(1), "{full:?}");
    let told = String::from_utf8_lossy(&full.stderr).into_owned();
    assert!(told.starts_with("error: standard output: "), "{told}");
}

#[test]
fn standard_input_is_a_file_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("good.csv");
    std::fs::write(&file, csv(&[Row::award(1, "R-1")])).unwrap();
    let output = registry(
        folder.path(),
        &[
            "import",
            "--adapter",
            "csv",
            "--awarding-body",
            "RN5217",
            "--json",
            "-",
        ],
    )
    .stdin(std::fs::File::open(&file).unwrap())
    .output()
    .unwrap();
    assert_eq!(document(&output)["counts"]["created"], 1);
}

#[test]
fn a_configuration_that_cannot_be_used_names_the_key() {
    let folder = tempfile::tempdir().unwrap();
    for (text, key) in [
        ("listen = 5", "listen"),
        ("[server]\nimport_limit = \"much\"", "server.import_limit"),
        ("database = \"mysql://here\"", "database"),
        ("colour = \"red\"", "colour"),
        (
            "[[tokens.issuers]]\nissuer = \"i\"\njwks = \"missing.json\"\nalgorithms = [\"HS256\"]",
            "tokens.issuers",
        ),
    ] {
        std::fs::write(folder.path().join("registry.toml"), text).unwrap();
        let output = run(folder.path(), &["migrate"]);
        let words = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{words}");
        assert!(words.contains(key), "{words}");
    }
    let missing = run(folder.path(), &["--config", "nowhere.toml", "migrate"]);
    assert_eq!(missing.status.code(), Some(2));
}

#[test]
fn a_newer_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(folder.path(), &["migrate"]).status.success());
    let url = format!(
        "sqlite://{}",
        folder.path().join("data/registry.db").display()
    );
    let mut connection =
        registry::db::Connection::open(&url, registry::db::Purpose::Write).unwrap();
    connection
        .batch("INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000000')")
        .unwrap();
    drop(connection);
    let output = run(folder.path(), &["migrate"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("newer"));
}

#[test]
fn tokens_are_signed_for_roles_that_have_what_they_need() {
    let folder = tempfile::tempdir().unwrap();
    let token = run(
        folder.path(),
        &[
            "token",
            "--role",
            "practitioner",
            "--learner",
            &uln(1),
            "--ttl",
            "30m",
        ],
    );
    assert_eq!(
        String::from_utf8(token.stdout)
            .unwrap()
            .trim()
            .split('.')
            .count(),
        3
    );
    let without = run(folder.path(), &["token", "--role", "awarding_body"]);
    assert_eq!(without.status.code(), Some(2));
    assert!(
        String::from_utf8(without.stderr)
            .unwrap()
            .contains("--awarding-body")
    );
}

#[test]
fn adapters_are_listed_through_the_worker() {
    let folder = tempfile::tempdir().unwrap();
    let listed = document(&run(folder.path(), &["adapters", "--json"]));
    let names: Vec<&str> = listed["adapters"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    assert!(names.contains(&"csv") && names.contains(&"lrs"), "{listed}");
    assert!(
        listed["adapters"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["digest"].as_str().unwrap().len() == 64)
    );
}

#[test]
fn a_library_is_checked_with_a_line_for_each_check_and_an_exit_code_that_says_whether_it_passed() {
    let folder = tempfile::tempdir().unwrap();
    let built = std::env::current_exe().unwrap();
    let library = built.with_file_name("libadapter_misbehaving.so");
    let sample = folder.path().join("sample.txt");
    std::fs::write(&sample, "First title\nSecond title\n").unwrap();
    let check = |more: &[&str]| {
        let mut arguments = vec!["adapters", "check", library.to_str().unwrap()];
        arguments.extend(["--sample", sample.to_str().unwrap(), "--seconds", "1"]);
        arguments.extend(["--huge", "4", "--json"]);
        arguments.extend(more);
        run(folder.path(), &arguments)
    };
    let good = check(&[]);
    let told = document(&good);
    if told["error"]["code"] == "sandbox-unavailable" {
        return;
    }
    assert_eq!(good.status.code(), Some(0), "{told}");
    assert_eq!(
        (&told["name"], &told["failed"]),
        (&"misbehaving".into(), &0.into())
    );
    let said = String::from_utf8(good.stderr).unwrap();
    assert!(said.contains("PASSED  truncated"), "{said}");
    assert!(said.contains("SKIPPED issues        no issue"), "{said}");

    let kept = folder.path().to_str().unwrap();
    let failing = check(&[
        "--options-text",
        "how = 'panics-in-half-a-line'",
        "--keep",
        kept,
    ]);
    let told = document(&failing);
    assert_eq!(failing.status.code(), Some(1), "{told}");
    let lines = told["checks"].as_array().unwrap();
    let line = lines
        .iter()
        .find(|line| line["check"] == "truncated")
        .unwrap();
    assert_eq!(line["result"], "FAILED");
    assert!(
        line["message"].as_str().unwrap().contains("quiet.rs"),
        "{line}"
    );
    assert!(
        line["advice"].as_str().unwrap().contains("unwrap"),
        "{line}"
    );
    let input = std::fs::read(folder.path().join("truncated-input")).unwrap();
    assert!(!input.ends_with(b"\n"), "{input:?}");

    for wrong in [
        vec!["adapters", "check"],
        vec!["adapters", "check", "nowhere.so"],
        vec!["adapters", "check", "nobody"],
        vec![
            "adapters",
            "check",
            library.to_str().unwrap(),
            "--sample",
            "nowhere",
        ],
    ] {
        assert_eq!(
            run(folder.path(), &wrong).status.code(),
            Some(2),
            "{wrong:?}"
        );
    }
}
