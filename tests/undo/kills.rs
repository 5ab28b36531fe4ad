//! Taking an import back, killed at moments that a seed decides: typed again, or gone on with by the server, it ends as
//! if nothing had happened.

use crate::support::meaning::{difference, lines, meaning};
use crate::support::seeded::Seeded;
use crate::support::{Process, Row, command, csv, database};
use registry::access::Role;
use registry::db::{Connection, Purpose};
use serde_json::Value;
use std::path::Path;
use std::time::{Duration, Instant};

/// What decides the moments, so that a failure can be run again.
fn seed() -> u64 {
    let given = std::env::var("REGISTRY_TEST_SEED").ok();
    given.map_or_else(rand::random, |text| text.parse().unwrap())
}

/// Three imports of 3000 results each: a thousand told by the first two, a thousand changed by the third.
fn files() -> [Vec<u8>; 3] {
    let of = |numbers: std::ops::Range<u32>| -> Vec<Row> {
        numbers
            .map(|number| Row::award(number, &format!("R-{number}")))
            .collect()
    };
    let changed = of(2000..5000)
        .into_iter()
        .map(|row| row.with("grade", "Merit"));
    [
        csv(&of(0..3000)),
        csv(&of(2000..5000)),
        csv(&changed.take(1000).collect::<Vec<_>>()),
    ]
}

/// Imports the three; answers the second's identifier.
fn filled(folder: &Path, url: &str) -> String {
    let mut second = String::new();
    for (number, file) in files().iter().enumerate() {
        let path = folder.join("results.csv");
        std::fs::write(&path, file).unwrap();
        let arguments = [
            "import",
            "--adapter",
            "csv",
            "--awarding-body",
            "RN5217",
            "--json",
            path.to_str().unwrap(),
        ];
        let output = command(folder, url, &arguments).output().unwrap();
        assert!(output.status.success());
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        if number == 1 {
            second = told["id"].as_str().unwrap().to_owned();
        }
    }
    second
}

#[test]
fn taking_back_that_is_killed_and_typed_again_ends_as_if_nothing_had_happened() {
    let seed = seed();
    let mut seeded = Seeded(seed);
    let mut outcomes = Vec::new();
    let mut took = Duration::ZERO;
    for kills in [0, 3] {
        let folder = tempfile::tempdir().unwrap();
        let url = database::fresh(folder.path());
        let job = filled(folder.path(), &url);
        let mut met = 0;
        let began = Instant::now();
        for number in 0..kills {
            let mut child = command(folder.path(), &url, &["import", "undo", &job])
                .spawn()
                .unwrap();
            if number == 0 {
                // However fast the machine is by now, this one meets it.
                let mut beside = Connection::open(&url, Purpose::Read).unwrap();
                until("began", || {
                    counted(&mut beside) != "6000" || child.try_wait().unwrap().is_some()
                });
            } else {
                let part = 0.8 * seeded.part() / f64::from(1 + number);
                std::thread::sleep(took.mul_f64(part));
            }
            if child.try_wait().unwrap().is_none() {
                child.kill().unwrap();
                met += 1;
            }
            child.wait().unwrap();
        }
        assert!(kills == 0 || met > 0, "no kill met it, seed {seed}");
        let ended = command(folder.path(), &url, &["import", "undo", &job])
            .output()
            .unwrap();
        assert_eq!(ended.status.code(), Some(0), "seed {seed}");
        took = began.elapsed();
        outcomes.push(meaning(&url).unwrap());
        database::drop_database(&url);
    }
    assert_eq!(difference(&outcomes[0], &outcomes[1]), None, "seed {seed}");
    assert_eq!(outcomes[0]["source"].len(), 4000);
    assert_eq!(outcomes[0]["learner"].len(), 3000);
}

#[test]
fn a_server_goes_on_with_taking_back_what_another_process_began() {
    let seed = seed();
    let mut seeded = Seeded(seed);
    let folder = tempfile::tempdir().unwrap();
    let url = database::fresh(folder.path());
    let job = filled(folder.path(), &url);
    let mut beside = Connection::open(&url, Purpose::Read).unwrap();
    // By the command, killed once something is gone.
    let mut child = command(folder.path(), &url, &["import", "undo", &job])
        .spawn()
        .unwrap();
    let state = "SELECT j.state AS line FROM import_job j ORDER BY id";
    until("began", || {
        counted(&mut beside) != "6000" || child.try_wait().unwrap().is_some()
    });
    child.kill().unwrap();
    child.wait().unwrap();
    let mut line = |sql: &str| lines(&mut beside, sql).unwrap().join(" ");
    // By the server, killed at some moment, and by one that is left alone.
    let server = Process::serve(folder.path(), &url);
    std::thread::sleep(Duration::from_millis(200).mul_f64(seeded.part()));
    server.kill();
    let server = Process::serve(folder.path(), &url);
    until("ended", || line(state) == "done undone done");
    let token = server.token(Role::AwardingBody, None, Some("RN5217"));
    let told = server.job(&token, &format!("/imports/{job}")).json();
    assert_eq!(told["state"], "UNDONE", "seed {seed}");
    server.stop();
    assert_eq!(
        line("SELECT CAST(count(*) AS TEXT) AS line FROM import_undoing"),
        "0"
    );
    assert_eq!(counted(&mut beside), "4000", "seed {seed}");
    drop(beside);
    database::drop_database(&url);
}

/// How many statements there are.
fn counted(beside: &mut Connection) -> String {
    let sql = "SELECT CAST(count(*) AS TEXT) AS line FROM source";
    lines(beside, sql).unwrap().join(" ")
}

/// Waits for what must become so, by looking again and again.
fn until(what: &str, mut so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !so() {
        assert!(began.elapsed() < Duration::from_secs(120), "never {what}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}
