//! Faults of the configuration say which key, what is allowed, and where it stands.

use crate::support::uln;
use registry::config::{Config, EXAMPLE};
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Output};

fn configured(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_registry"))
        .current_dir(folder)
        .env_clear()
        .envs(variables.iter().copied())
        .arg("config")
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn every_fault_names_its_key_what_is_allowed_and_the_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = |text: &str| std::fs::write(folder.path().join("registry.toml"), text).unwrap();
    let mut told = String::new();
    let mut hear = |what: &str, output: Output| {
        assert_eq!(output.status.code(), Some(2), "{what}");
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(!words.contains("secret"), "{words}");
        writeln!(told, "{what}\n    {}", words.trim()).unwrap();
    };
    for text in [
        "[server]\nimport_limit = \"8G\"",
        "[server]\n\n  import_limt = 5",
        "database_readers = 0",
        "listen = \"127.0.0.1:70000\"",
        "listen = 8080",
        "colour = \"red\"",
        "[telemetry]\nratio = 1.5",
        "[telemetry]\notlp = \"localhost:4318\"",
        "[log]\nformat = \"xml\"",
        "[limits]\nenabled = \"yes\"",
        "[graphql]\ntime = 0",
        "[graphql]\ntime = 9223372036854775807",
        "[graphql]\nbody = 0",
        "[graphql.sockets]\nreader = 0",
        "[graphql.sockets]\nping = 60",
        "[limits.anonymous]\nper_minute = -3\nburst = 1",
        "[limits.token]\nper_minute = 0",
        "[limits]\nwaiting_jobs = 0",
        "[limits]\nbytes_per_day = \"much\"",
        "[quarantine]\nrejected_share = 50",
        "[evidence]\nclaim_limit = 5",
        "[evidence]\nscan = [\"\"]",
        "[[webhooks]]\nawarding_body = \"RN5217\"\nurl = \"http://results.example.org/\"",
        "[[webhooks]]\nawarding_body = \"RN5217\"\nurl = \"https://user:secret@results.example.org/\"",
        "[[webhooks]]\nawarding_body = \"5217\"\nurl = \"https://results.example.org/\"",
        "[[webhooks]]\nawarding_body = \"RN5217\"\nurl = \"https://results.example.org/\"\ntimeout = 3600",
        "[server]\ntrusted_proxies = [\"10.0.0.0/33\"]",
        "[server]\nforwarded_header = \"x-real-ip\"",
        "[adapters]\nmemory = true",
        "[adapters]\nsilnce = 3",
        "listen = \"0.0.0.0:8080\"\n[credentials]\nconformance = true",
        "[credentials]\nconformance = true\n[server]\ntrusted_proxies = [\"10.0.0.1\"]",
        "[[sources.issuers]]\nid = \"did:web:127.0.0.1\"",
        "[[sources.issuers]]\nid = \"did:web:a.example\"\nplain_http = true",
        "[[tokens.issuers]]\nissuer = \"i\"\njwks = \"k\"\nalgorithms = [\"HS256\"]",
        "[[tokens.issuers]]\nissuer = \"i\"\njwks = \"k\"\nalgorithms = []\nleway = 3",
        "[[tokens.issuers]]\nissuer = \"i\"",
        "[server\nimport_limit = 5",
        "database = \"mysql://user:secret@here/there\"",
        "server = 5",
    ] {
        file(text);
        hear(&format!("{text:?}"), configured(folder.path(), &[], &[]));
    }
    file("");
    for (name, value) in [
        ("REGISTRY_SERVER__IMPORT_LIMIT", "much"),
        ("REGISTRY_SERVER__IMPORTLIMIT", "5"),
        ("REGISTRY_LIMITS__ANONYMOUS__BURST", "0"),
        ("REGISTRY_LISTN", "127.0.0.1:1"),
        ("REGISTRY_ZZZ", "1"),
        ("REGISTRY_TEST_COLOUR", "1"),
        ("REGISTRY_ADAPTERS__SANDBOX", "none"),
    ] {
        hear(
            &format!("{name}={value}"),
            configured(folder.path(), &[(name, value)], &[]),
        );
    }
    insta::assert_snapshot!(told);
}

#[test]
fn sizes_are_read_and_what_is_not_the_registrys_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("registry.toml"),
        "[server]\nimport_limit = \"1 GiB\"\n[adapters]\nmemory = \"64MiB\"\n[adapters.csv]\nanything = 1\n",
    )
    .unwrap();
    let variables = [
        ("REGISTRY_TEST_DATABASE", "postgres://elsewhere/none"),
        (
            "REGISTRY_DATABASE",
            "postgres://registry:hush@db/registry?password=hush2",
        ),
        ("REGISTRY_ADAPTERS__LRS__SOME__SECRET", "hush3"),
        ("registry_log__level", "debug"),
    ];
    let output = configured(
        folder.path(),
        &variables,
        &["--listen", "127.0.0.1:9", "--json"],
    );
    // The flag belongs to other commands.
    assert_eq!(output.status.code(), Some(2));
    let output = configured(folder.path(), &variables, &["--json", "--data-dir", "here"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains("hush"), "{text}");
    let document: Value = serde_json::from_str(&text).unwrap();
    let (values, origins) = (&document["configuration"], &document["origins"]);
    assert_eq!(values["server"]["import_limit"], 1 << 30);
    assert_eq!(values["adapters"]["memory"], 64 << 20);
    assert_eq!(
        values["database"],
        "postgres://registry:***@db/registry?password=***"
    );
    assert_eq!(values["log"]["level"], "debug");
    assert_eq!(
        origins["server.import_limit"],
        "registry.toml, line 2, column 1"
    );
    assert_eq!(origins["database"], "variable REGISTRY_DATABASE");
    assert_eq!(origins["data_dir"], "--data-dir");
    assert_eq!(origins["listen"], "default");
    assert_eq!(
        origins["adapters.csv.anything"],
        "registry.toml, line 6, column 1"
    );
    let plain = String::from_utf8(configured(folder.path(), &variables, &[]).stdout).unwrap();
    assert!(
        plain.contains("server.import_limit = 1073741824  # registry.toml, line 2, column 1"),
        "{plain}"
    );
    // It is TOML, and says the same again.
    let again: toml::Table = toml::from_str(&plain).unwrap();
    assert_eq!(again["server"]["import_limit"].as_integer(), Some(1 << 30));
    assert!(!plain.contains(&uln(1)));
}

#[test]
fn no_password_is_shown_wherever_it_stands_in_an_address() {
    for (address, shown) in [
        ("postgres://me:hush@db/it", "postgres://me:***@db/it"),
        ("postgres://me:hu#sh@db/it", "postgres://me:***@db/it"),
        ("postgres://me:hu?sh@db/it", "postgres://me:***@db/it"),
        ("postgres://me:hu/sh@db/it", "postgres://me:***@db/it"),
        ("postgres://me:hu@sh@db/it", "postgres://me:***@db/it"),
        (
            "postgres://me:hu:sh@db:5432/it",
            "postgres://me:***@db:5432/it",
        ),
        (
            "postgres://me:h#u?s@[::1]:5432/it?password=hush&user=me",
            "postgres://me:***@[::1]:5432/it?password=***&user=me",
        ),
        ("postgres://db?password=hu@sh", "postgres://db?password=***"),
        ("postgres://me@db/it", "postgres://me@db/it"),
        (
            "postgres://db:5432/it?user=a@b",
            "postgres://db:5432/it?user=a@b",
        ),
        (
            "https://login.example/keys#@",
            "https://login.example/keys#@",
        ),
        ("sqlite://data/registry.db", "sqlite://data/registry.db"),
    ] {
        assert_eq!(registry::config::covered(address), shown, "{address}");
    }
    let folder = tempfile::tempdir().unwrap();
    for address in ["postgres://me:hu#sh@db/it", "postgres://me:hu?sh@db/it"] {
        let output = configured(folder.path(), &[("REGISTRY_DATABASE", address)], &[]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("postgres://me:***@db/it"), "{text}");
    }
}

#[test]
fn the_example_has_every_key_with_its_default() {
    let folder = tempfile::tempdir().unwrap();
    let printed = configured(folder.path(), &[], &["--example"]);
    let text = String::from_utf8(printed.stdout).unwrap();
    assert_eq!(text.trim(), EXAMPLE.trim());
    // As it is it changes nothing, and without its marks every key is there.
    let nothing: Config = toml::from_str(EXAMPLE).unwrap();
    let defaults = serde_json::to_value(Config::default()).unwrap();
    assert_eq!(serde_json::to_value(nothing).unwrap(), defaults);
    let unmarked: Vec<&str> = EXAMPLE
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest) if !rest.starts_with(' ') => rest,
            _ => line,
        })
        .collect();
    let all: Config = toml::from_str(&unmarked.join("\n")).unwrap();
    let all = serde_json::to_value(all).unwrap();
    let optional = [
        "/database",
        "/database_readers",
        "/server/origin",
        "/server/spool",
        "/evidence/folder",
        "/adapters/worker",
        "/telemetry/otlp",
        "/graphql/trusted_documents/directory",
        "/graphql/trusted_documents/file",
        "/tokens/issuers",
        "/webhooks",
        "/sources/issuers",
        "/seal/file",
        "/seal/passphrase",
        "/seal/former_file",
    ];
    let (mut all, mut defaults) = (all, defaults);
    for key in optional {
        let value = all.pointer_mut(key).unwrap().take();
        assert!(!value.is_null(), "{key} is not in the example");
        *defaults.pointer_mut(key).unwrap() = Value::Null;
    }
    assert_eq!(all, defaults);
    let mut missing = Vec::new();
    named(&defaults, &mut |key| {
        let stands = |line: &str| line.split([' ', '=']).next() == Some(key);
        if !unmarked.iter().any(|line| stands(line)) {
            missing.push(key.to_owned());
        }
    });
    assert_eq!(
        missing,
        Vec::<String>::new(),
        "keys without a line in the example"
    );
}

#[test]
fn issuers_of_credentials_are_told_to_every_adapter_beside_whose_push_it_is() {
    let config: Config = toml::from_str(
        "[[sources.issuers]]\nid = 'https://body.example'\nawarding_body = 'RN5217'\nkeys = ['z6Mk']\n",
    )
    .unwrap();
    for (name, body, expected) in [
        ("clr", None, None),
        ("open-badges", Some("RN5217"), Some("RN5217")),
    ] {
        let table = config.adapter_table(name, body).unwrap();
        let table: toml::Table = table.parse().unwrap();
        let import = table["import"].as_table().unwrap();
        let told = import.get("awarding_body").and_then(toml::Value::as_str);
        assert_eq!(told, expected, "{name}");
        let issuer = import["issuers"][0].as_table().unwrap();
        assert_eq!(issuer["id"].as_str(), Some("https://body.example"));
        assert_eq!(issuer["keys"][0].as_str(), Some("z6Mk"));
        assert!(!issuer.contains_key("document"), "{table}");
    }
    let none = Config::default().adapter_table("clr", None).unwrap();
    assert_eq!(none, "");
}

/// The name of every key that has a value.
fn named(value: &Value, hear: &mut dyn FnMut(&str)) {
    for (key, inner) in value.as_object().unwrap() {
        if inner.is_null() {
            continue;
        }
        let rate = inner.get("per_minute").is_some();
        if inner.is_object() && !rate {
            named(inner, hear);
        } else {
            hear(key);
        }
    }
}
