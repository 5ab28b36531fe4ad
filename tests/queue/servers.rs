//! Several servers, processes of their own, on one PostgreSQL.

use super::claims::until;
use super::many;
use crate::support::meaning::{difference, lines, meaning};
use crate::support::{Process, Row, command, csv, database};
use registry::access::Role;
use registry::db::{Connection, Purpose};
use std::path::Path;

fn postgres(what: &str) -> bool {
    let there = database::server().is_some();
    if !there {
        eprintln!("SKIPPED: {what}: it is about PostgreSQL; set REGISTRY_TEST_DATABASE");
    }
    there
}

/// A server in a folder of its own, with a short lease and one import at once.
fn serve(folder: &Path, name: &str, url: &str, spool: Option<&Path>) -> Process {
    let own = folder.join(name);
    std::fs::create_dir_all(&own).unwrap();
    let mut command = command(&own, url, &["--json", "serve", "--listen", "127.0.0.1:0"]);
    command
        .env("REGISTRY_SERVER__IMPORT_LEASE", "1")
        .env("REGISTRY_SERVER__IMPORTS_AT_ONCE", "1");
    if let Some(spool) = spool {
        command.env("REGISTRY_SERVER__SPOOL", spool);
    }
    Process::start(&own, command)
}

fn files(spool: &Path) -> usize {
    let files = std::fs::read_dir(spool).unwrap().flatten();
    files
        .filter(|file| file.file_name().to_string_lossy().ends_with(".input"))
        .count()
}

fn ended(server: &Process) -> usize {
    server.log().matches("import ended").count()
}

#[test]
fn two_servers_share_the_work_and_each_import_is_run_once() {
    if !postgres("two servers with one spool") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let url = database::fresh(folder.path());
    let spool = folder.path().join("spool");
    let one = serve(folder.path(), "one", &url, Some(&spool));
    let other = serve(folder.path(), "other", &url, Some(&spool));
    let token = one.token(Role::AwardingBody, None, Some("RN5217"));
    for number in 0..40 {
        let row = |part: u32| Row::award(number * 5 + part, &format!("R-{number}-{part}"));
        let rows: Vec<Row> = (0..5).map(row).collect();
        let pushed = one.push(&token, &csv(&rows));
        assert_eq!(pushed.status, 202, "{}", pushed.body);
    }
    let mut beside = Connection::open(&url, Purpose::Read).unwrap();
    let mut ask = |sql: &str| lines(&mut beside, sql).unwrap();
    until("all done", || {
        ask("SELECT 'one' AS line FROM import_job WHERE state = 'done'").len() == 40
    });
    until("told", || ended(&one) + ended(&other) == 40);
    let (by_one, by_other) = (ended(&one), ended(&other));
    eprintln!("one server ran {by_one}, the other {by_other}");
    assert!(by_one > 0 && by_other > 0, "{by_one} and {by_other}");
    let counts = ask(
        "SELECT CAST(count(*) AS TEXT) || ' ' || CAST(count(DISTINCT digest) AS TEXT) AS line FROM source",
    );
    assert_eq!(counts, ["200 200"]);
    let told = ask(
        "SELECT CAST(sum(created) AS TEXT) || ' ' || CAST(sum(unchanged) AS TEXT) AS line FROM import_job",
    );
    assert_eq!(told, ["200 0"]);
    assert!(ask("SELECT 'left' AS line FROM import_claim").is_empty());
    until("emptied", || files(&spool) == 0);
    drop((one, other, beside));
    database::drop_database(&url);
}

#[test]
fn the_merging_of_a_server_that_is_killed_is_gone_on_with_by_another() {
    if !postgres("a server killed among two") {
        return;
    }
    let mut meant = Vec::new();
    for killed in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let url = database::fresh(folder.path());
        let mut one = serve(folder.path(), "one", &url, None);
        let other = serve(folder.path(), "other", &url, None);
        let token = one.token(Role::AwardingBody, None, Some("RN5217"));
        let mut beside = Connection::open(&url, Purpose::Read).unwrap();
        let mut ask = |sql: &str| lines(&mut beside, sql).unwrap();
        for file in [many("R", 9000), many("S", 10)] {
            assert_eq!(one.push(&token, &file).status, 202);
        }
        let mut states = || ask("SELECT state AS line FROM import_job ORDER BY id");
        if killed {
            until("merging", || states()[0] == "merging");
            one.kill();
            until("gone on with", || states()[0] == "done");
            // A server writes its log after it has told the database.
            until("told", || ended(&other) > 0);
            assert_eq!(ended(&other), 1, "{}", other.log());
            // What waits for the file of a server that is away waits until it is back.
            assert_eq!(states()[1], "queued");
            one = serve(folder.path(), "one", &url, None);
        }
        until("done", || states() == ["done", "done"]);
        until("emptied", || {
            files(&folder.path().join("one/data/spool")) == 0
        });
        meant.push(meaning(&url).unwrap());
        drop((one, other, beside));
        database::drop_database(&url);
    }
    assert_eq!(difference(&meant[0], &meant[1]), None);
}
