//! The doctor finds each fault, says what to do, and changes nothing.

use super::process::command;
use crate::support::{KeyServer, Registry, TestKey};
use registry::app::Clock;
use registry::db::{Connection, Purpose};
use rustix::fs::Access;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// What the doctor says: exit code, and its findings.
fn doctor(registry: &Registry, variables: &[(&str, &str)]) -> (i32, Vec<Value>) {
    let output = command(registry, &["doctor", "--json"])
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let document: Value = serde_json::from_str(&text)
        .unwrap_or_else(|_| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)));
    let findings = document["findings"].as_array().unwrap().clone();
    (output.status.code().unwrap(), findings)
}

/// Asserts that there is a finding of that check and level whose words hold some, and that a fault and
/// nothing else makes the exit code 1.
fn assert_found(found: &(i32, Vec<Value>), check: &str, level: &str, words: &str) {
    let (code, findings) = found;
    let fits = |one: &&Value| {
        let text = format!("{} {}", one["message"], one["advice"]);
        one["check"] == check && one["level"] == level && text.contains(words)
    };
    let one = findings
        .iter()
        .find(fits)
        .unwrap_or_else(|| panic!("no {level} of {check} with {words}: {findings:#?}"));
    assert_eq!(one.get("advice").is_some(), level != "ok", "{one}");
    let faults = findings.iter().any(|one| one["level"] == "fault");
    assert_eq!(*code, i32::from(faults), "{findings:#?}");
}

fn levels(found: &(i32, Vec<Value>), level: &str) -> Vec<String> {
    let of = found.1.iter().filter(|one| one["level"] == level);
    of.map(|one| format!("{}: {}", one["check"], one["message"]))
        .collect()
}

/// Every file of a folder with its length and when it was changed.
fn everything(folder: &Path) -> BTreeMap<String, (u64, SystemTime)> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let metadata = entry.metadata().unwrap();
            if metadata.is_dir() {
                folders.push(entry.path());
            }
            let name = entry.path().display().to_string();
            all.insert(name, (metadata.len(), metadata.modified().unwrap()));
        }
    }
    all
}

/// A folder with one good adapter, since the tests' own has one that misbehaves.
fn adapters(registry: &Registry) -> String {
    let folder = registry.folder().join("adapters");
    std::fs::create_dir_all(&folder).unwrap();
    let library = registry.app.config.adapters.directories[0].join("libadapter_csv.so");
    std::fs::copy(library, folder.join("libadapter_csv.so")).unwrap();
    format!("[{folder:?}]")
}

#[test]
fn a_registry_that_is_well_is_said_to_be_and_nothing_is_touched() {
    let registry = Registry::new();
    let folder = adapters(&registry);
    let before = everything(registry.folder());
    let found = doctor(&registry, &[("REGISTRY_ADAPTERS__DIRECTORIES", &folder)]);
    assert_eq!(levels(&found, "fault"), Vec::<String>::new());
    assert_eq!(found.0, 0);
    for (check, words) in [
        ("configuration", "listens on 127.0.0.1"),
        ("data directory", "can be written"),
        ("keys", "signs and verifies, 0 retired"),
        ("database", "at "),
        ("database", "can be written"),
        ("schema", "is that of version"),
        ("clock", "the file system's clock"),
        ("sandbox", "Landlock ABI"),
        ("adapters", "csv "),
    ] {
        assert_found(&found, check, "ok", words);
    }
    assert_eq!(everything(registry.folder()), before);
    let spoken = command(&registry, &["doctor"])
        .env("REGISTRY_ADAPTERS__DIRECTORIES", &folder)
        .output()
        .unwrap();
    let spoken = String::from_utf8(spoken.stdout).unwrap();
    assert!(
        spoken.contains("ok       schema         is that of version"),
        "{spoken}"
    );
}

#[test]
fn a_database_that_is_away_or_of_another_version_is_a_fault() {
    let registry = Registry::new();
    let missing = registry.folder().join("missing.db");
    let missing_url = format!("sqlite://{}", missing.display());
    let found = doctor(&registry, &[("REGISTRY_DATABASE", &missing_url)]);
    assert_found(&found, "database", "fault", "registry migrate");
    assert!(!missing.exists());
    let away = doctor(
        &registry,
        &[("REGISTRY_DATABASE", "postgres://me:hush@127.0.0.1:1/none")],
    );
    assert_found(
        &away,
        "database",
        "fault",
        "postgres://me:***@127.0.0.1:1/none cannot be reached",
    );
    std::fs::write(
        &missing,
        b"this is no database, but it is long enough to look like a file",
    )
    .unwrap();
    let found = doctor(&registry, &[("REGISTRY_DATABASE", &missing_url)]);
    assert_found(
        &found,
        "database",
        "fault",
        "does not answer: file is not a database",
    );

    let mut connection =
        Connection::open(&registry.app.config.database_url(), Purpose::Write).unwrap();
    connection
        .batch("INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000000')")
        .unwrap();
    assert_found(
        &doctor(&registry, &[]),
        "schema",
        "fault",
        "does not know 29991231000000",
    );
    connection
        .batch(
            "DELETE FROM __diesel_schema_migrations WHERE version IN
                (SELECT max(version) FROM __diesel_schema_migrations WHERE version < '2999');
             DELETE FROM __diesel_schema_migrations WHERE version = '29991231000000'",
        )
        .unwrap();
    assert_found(
        &doctor(&registry, &[]),
        "schema",
        "fault",
        "run `registry migrate`",
    );
}

#[test]
fn keys_that_others_can_read_or_that_are_broken_are_faults() {
    let registry = Registry::new();
    let key = registry.app.config.data_dir.join("keys/signing.pem");
    std::fs::set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    assert_found(
        &doctor(&registry, &[]),
        "keys",
        "fault",
        "can be read by others (mode 644)",
    );
    std::fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
    let retired = key.with_file_name("retired");
    std::fs::create_dir(&retired).unwrap();
    std::fs::copy(&key, retired.join("old.pem")).unwrap();
    assert_found(&doctor(&registry, &[]), "keys", "ok", "1 retired");
    std::fs::write(retired.join("worse.pem"), "no key").unwrap();
    assert_found(
        &doctor(&registry, &[]),
        "keys",
        "fault",
        "worse.pem holds no Ed25519 key",
    );
    std::fs::remove_file(&key).unwrap();
    assert_found(&doctor(&registry, &[]), "keys", "fault", "is not there");
    // A registry that never ran has none yet.
    let data_dir = &registry.app.config.data_dir;
    std::fs::remove_dir_all(data_dir.join("keys")).unwrap();
    let _ = std::fs::remove_file(data_dir.join("server-id"));
    assert_found(
        &doctor(&registry, &[]),
        "keys",
        "ok",
        "the first start makes one",
    );
    assert!(!key.exists(), "the doctor made a key");
}

#[test]
fn adapters_that_cannot_be_loaded_are_faults() {
    let registry = Registry::new();
    let folder = registry.folder().join("none");
    std::fs::create_dir(&folder).unwrap();
    let named = format!("[{folder:?}]");
    let look = || doctor(&registry, &[("REGISTRY_ADAPTERS__DIRECTORIES", &named)]);
    assert_found(
        &look(),
        "adapters",
        "fault",
        "there is none that can be used",
    );
    std::fs::write(
        folder.join("libadapter_bad.so"),
        b"no library, but iqf_adapter\0",
    )
    .unwrap();
    assert_found(&look(), "adapters", "fault", "libadapter_bad.so");
    let library = registry.app.config.adapters.directories[0].join("libadapter_csv.so");
    std::fs::copy(&library, folder.join("libadapter_csv.so")).unwrap();
    std::fs::copy(&library, folder.join("libadapter_csv_again.so")).unwrap();
    let found = look();
    assert_found(&found, "adapters", "warning", "calls itself csv");
    let digest = found.1.iter().any(|one| {
        one["level"] == "ok"
            && one["check"] == "adapters"
            && one["message"]
                .as_str()
                .unwrap()
                .split("sha256 ")
                .nth(1)
                .is_some_and(|text| text.len() == 64)
    });
    assert!(digest, "{:#?}", found.1);
}

#[test]
fn a_clock_behind_what_was_written_is_a_fault() {
    let ahead = Clock::new(|| chrono::Utc::now().naive_utc() + chrono::TimeDelta::days(1));
    let registry = Registry::at(ahead, |_| ());
    let input = json!({"certificateNumber": "x", "familyName": "A", "dateOfBirth": "1980-01-01"});
    registry.data(
        &registry::access::Caller::nobody(),
        "query ($i: VerifyInput!) { verify(input: $i) { outcome } }",
        json!({ "i": input }),
    );
    assert_found(
        &doctor(&registry, &[]),
        "clock",
        "fault",
        "before the newest row",
    );
}

#[test]
fn folders_that_are_not_there_or_not_ones_own_are_faults_and_leftovers_are_told() {
    let registry = Registry::new();
    let none = registry.folder().join("nowhere");
    let found = doctor(&registry, &[("REGISTRY_DATA_DIR", none.to_str().unwrap())]);
    assert_found(&found, "data directory", "fault", "is not there");
    assert!(!none.exists());
    // Not even root may write there.
    let of = |folder| doctor(&registry, &[("REGISTRY_DATA_DIR", folder)]);
    let (found, words) = (of("/proc/self"), "/proc/self cannot be written");
    assert_found(&found, "data directory", "fault", words);
    // A file system without nameless files, and one whose folder the user may write to.
    if rustix::fs::access("/sys", Access::WRITE_OK).is_ok() {
        assert_found(&of("/sys"), "data directory", "ok", "/sys can be written");
    }
    let spool = registry.app.config.data_dir.join("spool");
    std::fs::create_dir_all(&spool).unwrap();
    let file = spool.join("left-over");
    std::fs::write(&file, "rows").unwrap();
    let spooled = |found: &(i32, Vec<Value>), level| assert_found(found, "spool", level, "");
    spooled(&doctor(&registry, &[]), "ok");
    let old = SystemTime::now() - Duration::from_secs(3 * 24 * 3600);
    File::options()
        .write(true)
        .open(&file)
        .unwrap()
        .set_modified(old)
        .unwrap();
    spooled(&doctor(&registry, &[]), "warning");
}

#[test]
fn what_is_configured_dangerously_is_a_warning_and_issuers_are_asked() {
    let registry = Registry::new();
    let key = TestKey::ed25519();
    let server = KeyServer::start(&[key.jwk("k1")]);
    let file = registry.folder().join("registry.toml");
    let issuer = |url: &str| {
        let text = format!(
            "listen = \"0.0.0.0:8080\"\n[server]\ntrusted_proxies = [\"::/0\"]\n[limits]\nenabled = false\n\
             [adapters]\nsandbox = \"best-effort\"\n[telemetry]\notlp = \"http://user:hush@collector.example:4318\"\n\
             [[tokens.issuers]]\nissuer = \"https://login.example\"\njwks = \"{url}\"\nalgorithms = [\"EdDSA\"]\n"
        );
        std::fs::write(&file, text).unwrap();
        let adapters = adapters(&registry);
        doctor(&registry, &[("REGISTRY_ADAPTERS__DIRECTORIES", &adapters)])
    };
    let found = issuer(&server.url);
    for words in [
        "tokens.builtin",
        "graphql.graphiql",
        "server.trusted_proxies",
        "limits.enabled",
        "adapters.sandbox",
        "unencrypted",
    ] {
        assert_found(&found, "configuration", "warning", words);
    }
    assert_found(&found, "issuer", "ok", "https://login.example: 1 keys");
    assert_eq!((found.0, levels(&found, "fault")), (0, Vec::new()));
    assert!(!format!("{:?}", found.1).contains("hush"));
    for (address, plain) in [
        ("http://localhost.example.org:4318", true),
        ("HTTP://collector.example:4318", true),
        ("http://127.0.0.1@collector.example:4318", true),
        ("http://localhost:4318", false),
        ("http://[::1]:4318", false),
        ("https://collector.example", false),
    ] {
        let text = format!("[telemetry]\notlp = \"{address}\"\n");
        std::fs::write(&file, text).unwrap();
        let warned = levels(&doctor(&registry, &[]), "warning");
        let warned = warned.iter().any(|one| one.contains("unencrypted"));
        assert_eq!(warned, plain, "{address}");
    }
    // What cannot be listened on is not listened on.
    let text =
        "listen = \"256.256.256.256:80\"\n[graphql]\ngraphiql = false\n[tokens]\nbuiltin = false\n";
    let issuers = "[[tokens.issuers]]\nissuer = \"https://login.example\"\njwks = \"/none\"\nalgorithms = [\"EdDSA\"]\n";
    std::fs::write(&file, format!("{text}{issuers}")).unwrap();
    let found = doctor(&registry, &[]);
    assert_found(&found, "configuration", "fault", "no address here");
    let well = levels(&found, "ok");
    let listens = well.iter().any(|one| one.contains("listens on"));
    assert!(!listens, "{well:#?}");
    server.fall_ill();
    assert_found(
        &issuer(&server.url),
        "issuer",
        "fault",
        "https://login.example",
    );
    std::fs::write(&file, "[tokens]\nbuiltin = false\n").unwrap();
    assert_found(
        &doctor(&registry, &[]),
        "configuration",
        "fault",
        "nobody may issue tokens",
    );
    std::fs::write(&file, "[tokens]\nbiultin = false\n").unwrap();
    let wrong = command(&registry, &["doctor"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
}

/// Of the rights that are needed each must be there, and not one of them alone.
#[test]
fn a_user_who_lacks_a_right_to_a_table_is_a_fault() {
    let registry = Registry::new();
    let url = registry.app.config.database_url();
    let Some((server, database)) = url
        .strip_prefix("postgres://")
        .and_then(|rest| rest.split_once('@'))
        .map(|(_, rest)| rest)
        .and_then(|rest| rest.rsplit_once('/'))
    else {
        return;
    };
    let mut connection = Connection::open(&url, Purpose::Write).unwrap();
    let user = format!("{database}_clerk");
    connection
        .batch(&format!(
            "CREATE ROLE {user} LOGIN PASSWORD 'hush';
             GRANT SELECT ON ALL TABLES IN SCHEMA public TO {user};
             GRANT INSERT ON achievement, receipt, access_entry, import_job TO {user};
             GRANT UPDATE ON achievement TO {user}"
        ))
        .unwrap();
    let theirs = format!("postgres://{user}:hush@{server}/{database}");
    let look = || doctor(&registry, &[("REGISTRY_DATABASE", &theirs)]);
    let found = look();
    connection
        .batch(&format!("GRANT UPDATE ON import_job TO {user}"))
        .unwrap();
    let granted = look();
    connection
        .batch(&format!("DROP OWNED BY {user}; DROP ROLE {user}"))
        .unwrap();
    assert_found(&found, "database", "fault", "has no right to its tables");
    assert_found(&granted, "database", "ok", "can be written");
}

#[test]
fn an_address_that_is_told_of_imports_and_leads_nowhere_is_said() {
    let registry = Registry::new();
    let webhooks = "[{awarding_body=\"RN5217\", url=\"http://127.0.0.1:9/told\"}, \
                    {awarding_body=\"RN5156\", url=\"https://10.1.2.3/told\"}, \
                    {awarding_body=\"RN5156\", url=\"https://10.1.2.3/told/too\", private_network=true}]";
    let found = doctor(&registry, &[("REGISTRY_WEBHOOKS", webhooks)]);
    assert_found(&found, "webhook", "ok", "RN5217: http://127.0.0.1:9/told");
    assert_found(
        &found,
        "webhook",
        "warning",
        "RN5156: https://10.1.2.3/told leads to an address",
    );
    assert_found(&found, "webhook", "ok", "https://10.1.2.3/told/too");
}

#[test]
fn a_folder_of_evidence_without_its_key_and_a_scanner_that_is_not_there_are_faults() {
    let registry = Registry::new();
    registry.app.files.prepare().unwrap();
    let config = &registry.app.config;
    let (folder, key) = (
        config.evidence_folder(),
        config.data_dir.join("keys/evidence.key"),
    );
    let found = doctor(&registry, &[]);
    assert_found(&found, "evidence", "ok", "can be written");
    let mode = |path: &Path, mode| {
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(path, permissions).unwrap();
    };
    mode(&folder, 0o755);
    mode(&key, 0o640);
    let scan = [("REGISTRY_EVIDENCE__SCAN", "[\"/nowhere/scanner\"]")];
    let found = doctor(&registry, &scan);
    assert_found(&found, "evidence", "warning", "can be entered by others");
    assert_found(&found, "evidence", "fault", "can be read by others");
    assert_found(&found, "evidence", "fault", "the scanner /nowhere/scanner");
    std::fs::write(&key, "another").unwrap();
    let found = doctor(&registry, &[]);
    assert_found(&found, "evidence", "fault", "holds no Ed25519 key");
    std::fs::remove_file(&key).unwrap();
    std::fs::write(folder.join("kept"), "x").unwrap();
    let found = doctor(&registry, &[]);
    assert_found(&found, "evidence", "fault", "is not there or out of reach");
    let elsewhere = [("REGISTRY_EVIDENCE__FOLDER", "/nowhere")];
    let found = doctor(&registry, &elsewhere);
    assert_found(&found, "evidence", "warning", "/nowhere is not there");
}
