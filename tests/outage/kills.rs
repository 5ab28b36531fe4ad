//! Power cuts: an import of 5000 results killed three times, at moments that a seed decides, typed again or
//! gone on with by the server. It ends as one that nobody disturbed.

use super::{many, until};
use crate::support::kills::Trial;
use crate::support::meaning::{difference, lines, meaning};
use crate::support::seeded::Seeded;
use crate::support::{Process, command, csv, database};
use registry::access::Role;
use registry::db::{Connection, Purpose};
use std::time::{Duration, Instant};

/// What decides the moments, so that a failure can be run again.
fn seed() -> u64 {
    let given = std::env::var("REGISTRY_TEST_SEED").ok();
    given.map_or_else(rand::random, |text| text.parse().unwrap())
}

#[test]
fn an_import_that_is_killed_and_typed_again_ends_as_if_nothing_had_happened() {
    // On a machine whose other work just ended the import may be quicker than each kill: then it is tried again.
    let met = (0..4).any(|turn| kills_met(seed().wrapping_add(turn)) > 0);
    assert!(met, "no kill met the import");
}

/// Compares an import that was killed with one that was not; answers how many kills met it.
fn kills_met(seed: u64) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| {
        let place = folder.path().join(name);
        std::fs::create_dir(&place).unwrap();
        let database = database::fresh(&place);
        (place, database)
    };
    let (whole, killed) = (place("whole"), place("killed"));
    let file = folder.path().join("results.csv");
    std::fs::write(&file, csv(&many(5000))).unwrap();
    let trial = Trial {
        command: &|database, data_dir| {
            let mut command = command(data_dir.parent().unwrap(), database, &[]);
            command.env("REGISTRY_DATA_DIR", data_dir);
            command
        },
        file: &file,
        kills: 3,
        seed,
        say: &|line| eprintln!("{line}"),
    };
    let outcome = trial
        .run(
            (&whole.1, &whole.0.join("data")),
            (&killed.1, &killed.0.join("data")),
        )
        .unwrap();
    assert_eq!(outcome.difference, None, "seed {seed}");
    database::drop_database(&whole.1);
    database::drop_database(&killed.1);
    eprintln!(
        "{} kills met an import of {:.1?}",
        outcome.met, outcome.undisturbed
    );
    outcome.met
}

#[test]
fn an_import_of_a_server_that_is_killed_goes_on_when_it_is_started_again() {
    let seed = seed();
    let mut seeded = Seeded(seed);
    let file = csv(&many(5000));
    let mut took = Duration::from_secs(3);
    let mut expected = None;
    for kills in [0, 3] {
        let folder = tempfile::tempdir().unwrap();
        let url = database::fresh(folder.path());
        let mut server = Process::serve(folder.path(), &url);
        let token = server.token(Role::AwardingBody, None, Some("RN5217"));
        let began = Instant::now();
        let pushed = server.push(&token, &file);
        assert_eq!(pushed.status, 202, "{}", pushed.body);
        for number in 0..kills {
            std::thread::sleep(took.mul_f64(0.05 + 0.8 * seeded.part() / (1.0 + number as f64)));
            server.kill();
            server = Process::serve(folder.path(), &url);
        }
        let mut beside = Connection::open(&url, Purpose::Read).unwrap();
        until("done", || {
            lines(&mut beside, "SELECT state AS line FROM import_job").unwrap() == ["done"]
        });
        took = began.elapsed();
        until("emptied its spool", || {
            super::spooled(&folder.path().join("data")) == 0
        });
        server.stop();
        let meaning = meaning(&url).unwrap();
        match &expected {
            None => expected = Some(meaning),
            Some(expected) => assert_eq!(difference(expected, &meaning), None, "seed {seed}"),
        }
        drop(beside);
        database::drop_database(&url);
    }
}
