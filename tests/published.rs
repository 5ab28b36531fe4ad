//! What is published is what is built: the schema, the commands, the dependencies.

use crate::support::database;
use registry::db::{Connection, Engine, Purpose, migrate};
use std::process::Command;

#[test]
fn the_served_schema_is_the_published_one() {
    let published = include_str!("../schema/registry.graphql");
    assert_eq!(
        registry::graphql::sdl(),
        published,
        "run `registry schema > schema/registry.graphql`"
    );
}

#[test]
fn every_type_and_field_of_the_schema_says_what_it_is() {
    let document = async_graphql::parser::parse_schema(registry::graphql::sdl()).unwrap();
    let mut missing = Vec::new();
    let mut look = |what: String, described: bool| {
        if !described {
            missing.push(what);
        }
    };
    for definition in document.definitions {
        use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
        let TypeSystemDefinition::Type(kind) = definition else {
            continue;
        };
        let name = kind.node.name.node.to_string();
        look(name.clone(), kind.node.description.is_some());
        let fields = match kind.node.kind {
            TypeKind::Object(object) => object.fields,
            TypeKind::Interface(interface) => interface.fields,
            TypeKind::Enum(members) => {
                for value in members.values {
                    look(
                        format!("{name}.{}", value.node.value.node),
                        value.node.description.is_some(),
                    );
                }
                continue;
            }
            TypeKind::InputObject(input) => {
                for field in input.fields {
                    look(
                        format!("{name}.{}", field.node.name.node),
                        field.node.description.is_some(),
                    );
                }
                continue;
            }
            _ => continue,
        };
        for field in fields {
            look(
                format!("{name}.{}", field.node.name.node),
                field.node.description.is_some(),
            );
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn the_program_is_linked_with_no_adapter() {
    let tree = Command::new(env!("CARGO"))
        .args([
            "tree",
            "-p",
            "registry",
            "-e",
            "normal",
            "--offline",
            "--prefix",
            "none",
        ])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    let tree = String::from_utf8(tree.stdout).unwrap();
    assert!(tree.contains("registry v"), "{tree}");
    assert!(!tree.contains("adapter-"), "{tree}");
}

#[test]
fn both_engines_have_migrations_of_the_same_names() {
    let names = |engine: &str| {
        let folder = format!("{}/../migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(!names("sqlite").is_empty());
    // Two of one time are one to the engines.
    let names = names("sqlite").into_iter();
    let names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    let mut times: Vec<&str> = names
        .iter()
        .map(|name| name.split_once('_').unwrap().0)
        .collect();
    times.dedup();
    assert_eq!(times.len(), names.len(), "{names:?}");
}

#[test]
fn each_step_is_taken_back_and_applied_again() {
    let folder = tempfile::tempdir().unwrap();
    let url = database::fresh(folder.path());
    let engine = match Engine::of(&url).unwrap() {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    let steps = format!("{}/../migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
    let mut names: Vec<String> = std::fs::read_dir(&steps)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let version = |name: &str| name.split_once('_').unwrap().0.replace('-', "");
    let mut connection = Connection::open(&url, Purpose::Write).unwrap();
    for taken_back in 1..=names.len() {
        let (_, gone) = names.split_at(names.len() - taken_back);
        for name in gone.iter().rev() {
            let down = std::fs::read_to_string(format!("{steps}/{name}/down.sql")).unwrap();
            let version = version(name);
            let sql = format!(
                "{down}; DELETE FROM __diesel_schema_migrations WHERE version = '{version}'"
            );
            connection.batch(&sql).unwrap();
        }
        let applied = migrate(&mut connection).unwrap().applied;
        let expected: Vec<String> = gone.iter().map(|name| version(name)).collect();
        assert_eq!(applied, expected);
    }
    drop(connection);
    database::drop_database(&url);
}

#[test]
fn every_command_explains_itself() {
    for command in [
        "",
        "demo",
        "serve",
        "migrate",
        "import",
        "catalogue",
        "adapters",
        "token",
        "generate",
        "schema",
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_registry"))
            .args(command.split_whitespace())
            .arg("--help")
            .output()
            .unwrap();
        assert!(output.status.success(), "{command}");
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(
            help.contains("Usage: registry") && help.contains("--json"),
            "{help}"
        );
    }
}
