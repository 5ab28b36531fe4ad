//! Who may take an import back, and how it is asked for: by GraphQL and on the command line.

use super::record;
use crate::support::{Registry, Row, codes, command, csv, database};
use registry::access::Role;
use registry::action::import::{Mode, Origin};
use schema::RecognitionNumber;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Output;

const UNDO: &str =
    "mutation($id: ID!) { undoImport(id: $id) { id state endedAt counts { records created }
    issues { totalCount edges { node { severity code row message } } } } }";

fn rows() -> Vec<Row> {
    (0..3)
        .map(|number| Row::award(number, &format!("R-{number}")))
        .collect()
}

#[test]
fn a_body_takes_its_own_import_back_and_hears_what_stays() {
    let served = Registry::new().served();
    let registry = &served.registry;
    let first = registry.push_csv("RN5217", &csv(&rows()));
    let changed = [Row::award(1, "R-1").with("grade", "Merit")];
    let later = registry.push_csv("RN5217", &csv(&changed));
    let token = registry.token(Role::AwardingBody, None, Some("RN5217"));
    let ask = |id: &str| {
        let answer = served.graphql(Some(&token), UNDO, json!({"id": id})).json();
        assert_eq!(codes(&answer), [""; 0], "{answer}");
        answer["data"]["undoImport"].clone()
    };
    let told = ask(&first.id);
    assert_eq!(told["state"], "UNDONE");
    assert_eq!(told["counts"], json!({"records": 3, "created": 3}));
    assert!(told["endedAt"].is_string());
    let issues = told["issues"]["edges"].as_array().unwrap();
    let stays: Vec<&Value> = issues
        .iter()
        .filter(|edge| edge["node"]["code"] == "changed-since")
        .collect();
    assert_eq!(stays.len(), 1);
    assert_eq!(
        (&stays[0]["node"]["row"], &stays[0]["node"]["severity"]),
        (&json!(3), &json!("WARNING"))
    );
    assert_eq!(registry.count("learner"), 1);
    assert_eq!(ask(&first.id), told, "twice is as once");
    assert_eq!(ask(&later.id)["state"], "UNDONE");
    assert_eq!(
        ask(&first.id)["issues"]["totalCount"],
        json!(issues.len() - 1)
    );
    assert_eq!(registry.count("learner"), 0);
}

#[test]
fn nobody_else_takes_it_back_but_a_steward() {
    let served = Registry::new().served();
    let registry = &served.registry;
    let job = registry.push_csv("RN5217", &csv(&rows())).id;
    let before = record(registry);
    let own = crate::support::uln(1);
    let unknown = format!("import_{}", "0".repeat(32));
    for (token, code) in [
        (None, "unauthenticated"),
        (
            Some(registry.token(Role::Practitioner, Some(&own), None)),
            "forbidden",
        ),
        (
            Some(registry.token(Role::Employer, None, None)),
            "forbidden",
        ),
        (
            Some(registry.token(Role::Assessor, None, None)),
            "forbidden",
        ),
        (
            Some(registry.token(Role::AwardingBody, None, Some("RN5156"))),
            "not-found",
        ),
    ] {
        let ask = |id: &str| {
            served
                .graphql(token.as_deref(), UNDO, json!({"id": id}))
                .json()
        };
        let (one, two, three) = (ask(&job), ask(&unknown), ask("no identifier"));
        assert_eq!(codes(&one), [code]);
        assert_eq!((&one, &one), (&two, &three), "another's is told of as none");
    }
    assert_eq!(record(registry), before);
    let steward = registry.token(Role::Steward, None, None);
    let answer = served
        .graphql(Some(&steward), UNDO, json!({"id": job}))
        .json();
    assert_eq!(answer["data"]["undoImport"]["state"], "UNDONE", "{answer}");
    assert_eq!(registry.count("learner"), 0);
}

#[test]
fn what_cannot_be_taken_back_is_told_by_its_code() {
    let served = Registry::new().served();
    let registry = &served.registry;
    let body = Origin::Body(RecognitionNumber::parse("RN5217").unwrap());
    let dry = registry
        .push_as("csv", body, &csv(&rows()), Mode::Partial, true)
        .unwrap();
    let token = registry.token(Role::AwardingBody, None, Some("RN5217"));
    let answer = served
        .graphql(Some(&token), UNDO, json!({"id": dry.id}))
        .json();
    assert_eq!(codes(&answer), ["state-conflict"]);
}

fn run(folder: &Path, database: &str, arguments: &[&str]) -> Output {
    command(folder, database, arguments)
        .stderr(std::process::Stdio::piped())
        .output()
        .unwrap()
}

fn document(output: &Output) -> Value {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    serde_json::from_str(text.trim()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn on_the_command_line_the_exit_code_says_what_became_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path());
    let file = |name: &str, rows: &[Row]| {
        let path = folder.path().join(name);
        std::fs::write(&path, csv(rows)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let import = |file: &str, more: &[&str]| {
        let mut arguments = vec![
            "import",
            "--adapter",
            "csv",
            "--awarding-body",
            "RN5217",
            "--json",
            file,
        ];
        arguments.extend(more);
        document(&run(folder.path(), &database, &arguments))["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let whole = file("whole.csv", &rows());
    let first = import(&whole, &[]);
    let later = import(
        &file("later.csv", &[Row::award(1, "R-1").with("grade", "Merit")]),
        &[],
    );
    let dry = import(&whole, &["--dry-run"]);
    let undo = |job: &str, more: &[&str]| {
        let mut arguments = vec!["import", "undo", job];
        arguments.extend(more);
        run(folder.path(), &database, &arguments)
    };
    let partly = undo(&first, &["--json"]);
    assert_eq!(partly.status.code(), Some(3));
    let told = document(&partly);
    assert_eq!(
        (&told["id"], &told["state"]),
        (&json!(first), &json!("UNDONE"))
    );
    let issues = told["issues"].as_array().unwrap();
    assert!(
        issues
            .iter()
            .any(|issue| issue["code"] == "changed-since" && issue["row"] == 3)
    );
    assert_eq!(undo(&later, &[]).status.code(), Some(0));
    let rest = undo(&first, &[]);
    assert_eq!(rest.status.code(), Some(0));
    assert!(String::from_utf8(rest.stdout).unwrap().contains("UNDONE"));
    assert_eq!(undo(&first, &[]).status.code(), Some(0), "twice is as once");
    for (job, code, exit) in [
        (dry.as_str(), "state-conflict", 1),
        ("import_00000000000000000000000000000000", "not-found", 1),
    ] {
        let refused = undo(job, &["--json"]);
        assert_eq!(
            (refused.status.code(), &document(&refused)["error"]["code"]),
            (Some(exit), &json!(code))
        );
    }
    // Wrong usage.
    assert_eq!(undo("nothing", &[]).status.code(), Some(2));
    assert_eq!(
        run(folder.path(), &database, &["import", "undo"])
            .status
            .code(),
        Some(2)
    );
    assert_eq!(
        run(folder.path(), &database, &["import"]).status.code(),
        Some(2)
    );
    assert_eq!(
        run(folder.path(), &database, &["import", "--adapter", "csv"])
            .status
            .code(),
        Some(2)
    );
    let both = ["import", "--adapter", "csv", &whole, "undo", &first];
    assert_eq!(run(folder.path(), &database, &both).status.code(), Some(2));
    let help = run(folder.path(), &database, &["import", "undo", "--help"]);
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(
        help.contains("changed-since") && help.contains("Exit codes: 0"),
        "{help}"
    );
    let help = run(folder.path(), &database, &["import", "--help"]);
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(
        help.contains("undo") && help.contains("--adapter <NAME>"),
        "{help}"
    );
    // A new import of the file, and the database's address anywhere.
    let new = import(&whole, &[]);
    let arguments = ["import", "--database", &database, "undo", &new, "--json"];
    assert_eq!(
        document(&run(folder.path(), &database, &arguments))["state"],
        "UNDONE"
    );
    database::drop_database(&database);
}
