//! Disks that are full: a small disk of its own where this machine lets a test mount one, a limit on the size
//! of files, a limit on the pages of the database.

use super::{VERIFY, many, spooled, sqlite, until};
use crate::support::disk::{may_mount, served_on_a_disk};
use crate::support::meaning::{difference, meaning};
use crate::support::{Process, command, command_after, csv, database};
use registry::access::Role;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// More than fits anywhere here: random letters, so that nothing makes them small.
fn large(bytes: usize) -> Vec<u8> {
    let mut seeded = crate::support::seeded::Seeded(1);
    let letters = std::iter::repeat_with(|| b'a' + u8::try_from(seeded.next() % 26).unwrap());
    letters.take(bytes).collect()
}

#[test]
fn a_file_past_the_largest_that_the_system_takes_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let url = database::fresh(folder.path());
    // Eight megabytes; the signal that comes with it is ignored, as a service manager's limits are met.
    let limited = |arguments: &[&str]| {
        command_after(
            "trap '' XFSZ; ulimit -f 16384",
            folder.path(),
            &url,
            arguments,
        )
    };
    let server = Process::start(
        folder.path(),
        limited(&["--json", "serve", "--listen", "127.0.0.1:0"]),
    );
    let token = server.token(Role::AwardingBody, None, Some("RN5217"));
    let full = server.push(&token, &large(9_000_000));
    assert_eq!(
        (full.status, &full.json()["code"]),
        (507, &"disk-full".into()),
        "{}",
        full.body
    );
    assert_eq!(spooled(&folder.path().join("data")), 0);
    let good = server.push(&token, &csv(&many(20)));
    assert_eq!(good.status, 202, "{}", good.body);
    let location = good.header("location").to_owned();
    until("done", || {
        server.job(&token, &location).json()["state"] == "DONE"
    });
    assert!(
        server.log().contains("there is no space"),
        "{}",
        server.log()
    );
    server.stop();
    // The command says the same.
    let file = folder.path().join("large.csv");
    std::fs::write(&file, large(9_000_000)).unwrap();
    let output = limited(&["import", "--adapter", "csv", file.to_str().unwrap()])
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(words.contains("no space left to keep this"), "{words}");
    assert_eq!(spooled(&folder.path().join("data")), 0);
    database::drop_database(&url);
}

#[test]
fn a_key_is_there_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("never.db").display());
    let token = ["token", "--role", "steward"];
    let keys = folder.path().join("data/keys");
    let output = command_after("trap '' XFSZ; ulimit -f 0", folder.path(), &url, &token)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(words.contains("no space left to keep this"), "{words}");
    assert_eq!(std::fs::read_dir(&keys).map_or(0, Iterator::count), 0);
    let good = command(folder.path(), &url, &token).output().unwrap();
    assert!(good.status.success());
    assert_eq!(std::fs::read_dir(&keys).unwrap().count(), 1);
}

/// A server whose data directory is on a disk of that size and nobody else's; and the directory as it is seen
/// from outside.
fn on_its_disk(folder: &Path, url: &str, size: &str) -> (Process, PathBuf) {
    let data = folder.join("data");
    served_on_a_disk(folder, url, (&data, size), &[])
}

#[test]
fn a_disk_that_is_full_takes_no_push_and_takes_them_again_when_there_is_space() {
    if !may_mount() {
        eprintln!("SKIPPED: a full disk: this machine lets a test mount none");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let url = database::fresh(folder.path());
    let (server, seen) = on_its_disk(folder.path(), &url, "3m");
    let token = server.token_of(&seen, Role::AwardingBody, None, Some("RN5217"));
    let full = server.push(&token, &large(5_000_000));
    assert_eq!(code(&full), (507, "disk-full".to_owned()));
    assert_eq!(spooled(&seen), 0);
    // Somebody else fills it to its end: then not even a small one is taken.
    let filler = seen.join("somebody-elses");
    let _ = std::fs::write(&filler, large(4_000_000));
    let small = server.push(&token, &csv(&many(200)));
    assert_eq!(code(&small), (507, "disk-full".to_owned()));
    assert_eq!(spooled(&seen), 0);
    std::fs::remove_file(&filler).unwrap();
    let good = server.push(&token, &csv(&many(200)));
    assert_eq!(good.status, 202, "{}", good.body);
    let location = good.header("location").to_owned();
    until("done", || {
        server.job(&token, &location).json()["state"] == "DONE"
    });
    until("emptied its spool", || spooled(&seen) == 0);
    server.stop();
    database::drop_database(&url);
}

#[test]
fn a_database_without_space_keeps_what_it_has_and_goes_on_when_there_is_some() {
    if !sqlite("a database on a full disk") {
        return;
    }
    if !may_mount() {
        eprintln!("SKIPPED: a database on a full disk: this machine lets a test mount none");
        return;
    }
    let file = csv(&many(3000));
    let mut found = Vec::new();
    for size in ["256m", "5m"] {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("data/registry.db");
        let (server, seen) = on_its_disk(
            folder.path(),
            &format!("sqlite://{}", inside.display()),
            size,
        );
        let token = server.token_of(&seen, Role::AwardingBody, None, Some("RN5217"));
        let pushed = server.push(&token, &file);
        assert_eq!(pushed.status, 202, "{}", pushed.body);
        let location = pushed.header("location").to_owned();
        if size == "5m" {
            let told = |answer: crate::support::Answer| {
                let code = &answer.json()["errors"][0]["extensions"]["code"];
                code.as_str().unwrap_or_default().to_owned()
            };
            until("full", || told(server.graphql(None, VERIFY)) == "disk-full");
            // What is there is read, and nothing but the lack of space is told of.
            let open = server.graphql(None, "{ qualification(number: \"500/9170/0\") { title } }");
            assert_eq!(told(open), "");
            assert_eq!(server.job(&token, &location).status, 200);
            let more = Command::new("nsenter")
                .args(["-t", &server.id(), "-m", "mount", "-o", "remount,size=256m"])
                .arg(folder.path().join("data"))
                .status();
            assert!(more.unwrap().success());
        }
        until("done", || {
            server.job(&token, &location).json()["state"] == "DONE"
        });
        until("emptied its spool", || spooled(&seen) == 0);
        // From outside the engine would not find it: a copy is looked at.
        for name in ["registry.db", "registry.db-wal"] {
            std::fs::copy(seen.join(name), folder.path().join(name)).unwrap();
        }
        let copy = folder.path().join("registry.db");
        let mut meaning = meaning(&format!("sqlite://{}", copy.display())).unwrap();
        // Verifications were asked for again and again.
        meaning.remove("access");
        found.push(meaning);
        let verified = server.graphql(None, VERIFY).json();
        assert_eq!(
            verified["data"]["verify"]["outcome"], "UNDETERMINED",
            "{verified}"
        );
        server.stop();
    }
    assert_eq!(difference(&found[0], &found[1]), None);
}

fn code(answer: &crate::support::Answer) -> (u16, String) {
    (
        answer.status,
        answer.json()["code"].as_str().unwrap().to_owned(),
    )
}
