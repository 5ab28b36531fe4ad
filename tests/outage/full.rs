//! Disks that are full: a small disk of its own where this machine lets a test mount one, a limit on the size
//! of files, a limit on the pages of the database.

use super::{ME, VERIFY, asked, body, many, practitioner, push, spooled, sqlite, until, verified};
use crate::support::meaning::{difference, meaning};
use crate::support::{Process, Registry, command, command_after, csv, database};
use registry::access::Role;
use serde_json::Value;
use std::process::Command;

/// More than fits anywhere here: random letters, so that nothing makes them small.
fn large(bytes: usize) -> Vec<u8> {
    let mut seeded = crate::support::kills::Seeded(1);
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
        .stderr(std::process::Stdio::piped())
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(words.contains("disk-full"), "{words}");
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
        .stderr(std::process::Stdio::piped())
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(words.contains("disk-full"), "{words}");
    assert_eq!(std::fs::read_dir(&keys).map_or(0, Iterator::count), 0);
    let good = command(folder.path(), &url, &token).output().unwrap();
    assert!(good.status.success());
    assert_eq!(std::fs::read_dir(&keys).unwrap().count(), 1);
}

#[test]
fn a_database_without_space_keeps_what_it_has_and_goes_on_when_there_is_some() {
    if !sqlite("a full database file") {
        return;
    }
    let file = csv(&many(3000));
    let whole = Registry::new().with_register();
    whole.push_csv("RN5217", &csv(&[verified()]));
    let whole = whole.served();
    let pushed = push(&whole, &file, "large");
    whole.ended(&body(&whole.registry), pushed.header("location"));
    let expected = meaning(&whole.registry.app.config.database_url()).unwrap();

    let registry = Registry::new().with_register();
    registry.push_csv("RN5217", &csv(&[verified()]));
    let served = registry.served();
    let db = served.registry.app.db.clone();
    // The engine refuses a page more than it has, as it does where the disk has no more.
    let pages = |pages: u64| {
        db.write_blocking(move |connection| {
            Ok(connection.batch(&format!("PRAGMA max_page_count = {pages}"))?)
        })
        .unwrap();
    };
    pages(200);
    let pushed = push(&served, &file, "large");
    assert_eq!(pushed.status, 202, "{}", pushed.body);
    let full = || {
        let answer = served.graphql(None, VERIFY, Value::Null).json();
        answer["errors"][0]["extensions"]["code"] == "disk-full"
    };
    until("full", full);
    let practitioner = practitioner(&served);
    assert_eq!(
        asked(&served, Some(&practitioner), ME).0,
        "",
        "reading goes on"
    );
    let refused = push(&served, &csv(&many(200)), "more");
    if refused.status != 202 {
        assert_eq!(
            (refused.status, &refused.json()["code"]),
            (507, &"disk-full".into())
        );
    }
    pages(1_000_000);
    let job = served.ended(&body(&served.registry), pushed.header("location"));
    assert_eq!(
        (&job["state"], &job["counts"]["created"]),
        (&"DONE".into(), &2999.into()),
        "{job}"
    );
    if refused.status == 202 {
        served.ended(&body(&served.registry), refused.header("location"));
    }
    let mut after = meaning(&served.registry.app.config.database_url()).unwrap();
    let jobs = |meaning: &mut std::collections::BTreeMap<&'static str, Vec<String>>| {
        // Verifications that were asked for again and again, and the push that was refused or not.
        meaning.remove("access");
        meaning.remove("job");
    };
    let mut expected = expected;
    jobs(&mut expected);
    jobs(&mut after);
    assert_eq!(difference(&expected, &after), None);
    assert_eq!(asked(&served, None, VERIFY).0, "");
    until("emptied its spool", || {
        spooled(&served.registry.app.config.data_dir) == 0
    });
}

/// A disk of `size` at `place`, seen by the process alone that runs in `command`.
fn on_a_small_disk(place: &std::path::Path, size: &str, run: &str) -> String {
    let place = place.display();
    format!("mkdir -p {place}; mount -t tmpfs -o size={size} tmpfs {place}; {run}")
}

fn may_mount() -> bool {
    let tried = Command::new("unshare")
        .args([
            "-m",
            "sh",
            "-c",
            "mkdir -p /tmp/iqf-mount-trial && mount -t tmpfs tmpfs /tmp/iqf-mount-trial",
        ])
        .output();
    tried.is_ok_and(|output| output.status.success())
}

#[test]
fn a_disk_that_is_full_takes_no_push_and_takes_them_again_when_there_is_space() {
    if !may_mount() {
        eprintln!("SKIPPED: a full disk: this machine lets a test mount none");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let url = database::fresh(folder.path());
    let data = folder.path().join("data");
    // In a room of its own, so that the disk is nobody else's.
    let mut inside = Command::new("unshare");
    let serve = command(folder.path(), &url, &[]);
    let program = serve.get_program().to_owned();
    let script = on_a_small_disk(&data, "3m", "exec \"$0\" \"$@\"");
    inside.args(["-m", "sh", "-c", &script]).arg(program);
    inside.args(["--json", "serve", "--listen", "127.0.0.1:0"]);
    inside.current_dir(folder.path()).env_clear();
    for (name, value) in serve.get_envs() {
        inside.env(name, value.unwrap());
    }
    inside.env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
    let log = std::fs::File::create(folder.path().join("log.txt")).unwrap();
    inside.stdout(std::process::Stdio::piped()).stderr(log);
    let server = Process::start(folder.path(), inside);
    let seen = server.root().join(data.strip_prefix("/").unwrap());
    let token = server.token_of(&seen, Role::AwardingBody, None, Some("RN5217"));
    let full = server.push(&token, &large(5_000_000));
    assert_eq!(
        (full.status, &full.json()["code"]),
        (507, &"disk-full".into()),
        "{}",
        full.body
    );
    assert_eq!(spooled(&seen), 0);
    // Somebody else fills it to its end: then not even a small one is taken.
    let filler = seen.join("somebody-elses");
    let _ = std::fs::write(&filler, large(4_000_000));
    let small = server.push(&token, &csv(&many(200)));
    assert_eq!(
        (small.status, &small.json()["code"]),
        (507, &"disk-full".into()),
        "{}",
        small.body
    );
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
