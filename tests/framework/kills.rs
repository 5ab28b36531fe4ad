//! An import of the framework that is killed has happened, or has not.

use super::imports::Desk;
use crate::support::command;
use crate::support::seeded::Seeded;
use std::process::Stdio;
use std::time::Instant;

/// Units enough that an import takes a while.
const UNITS: usize = 4_000;

fn units(turn: usize) -> String {
    let mut text = "unit,reference,owner_code,title,level,credit,glh,source\n".to_owned();
    for number in 0..UNITS {
        text.push_str(&format!(
            "U{number},,,A unit of turn {turn},3,2,20,an invented source\n"
        ));
    }
    text
}

/// The version in force and the turn of the units, all of which are of one; of one state, since it is one statement.
fn found(desk: &Desk) -> (usize, usize) {
    let lines = desk.lines(
        "SELECT CAST(version AS TEXT) || ' ' || title || ' ' || CAST(count(*) AS TEXT) AS line
         FROM unit, framework_version GROUP BY version, title",
    );
    let words: Vec<&str> = match lines.as_slice() {
        [line] => line.split(' ').collect(),
        _ => panic!("{lines:?}"),
    };
    assert_eq!(words[words.len() - 1], UNITS.to_string(), "{lines:?}");
    (
        words[0].parse().unwrap(),
        words[words.len() - 2].parse().unwrap(),
    )
}

#[test]
fn an_import_that_is_killed_is_whole_or_not_at_all() {
    let seed = std::env::var("REGISTRY_TEST_SEED").ok();
    let seed = seed.map_or_else(rand::random, |text| text.parse().unwrap());
    let mut seeded = Seeded(seed);
    let desk = Desk::new();
    let file = desk.path().join("units.csv");
    let import = || {
        let arguments = ["catalogue", "import", "--format", "framework", "units.csv"];
        let mut command = command(desk.path(), &desk.database, &arguments);
        command.stdout(Stdio::null());
        command
    };
    std::fs::write(&file, units(0)).unwrap();
    let began = Instant::now();
    assert!(import().status().unwrap().success());
    let took = began.elapsed();
    assert_eq!(found(&desk), (1, 0));
    let (mut met, mut known) = (0, (1, 0));
    for turn in 1..=6 {
        std::fs::write(&file, units(turn)).unwrap();
        let mut child = import().spawn().unwrap();
        std::thread::sleep(took.mul_f64(0.1 + 0.9 * seeded.part()));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            met += 1;
        }
        child.wait().unwrap();
        let now = found(&desk);
        let whole = now == known || (now.0 > known.0 && now.1 > known.1 && now.1 <= turn);
        assert!(whole, "seed {seed}, turn {turn}: {known:?}, {now:?}");
        known = now;
    }
    eprintln!("{met} kills met an import of {took:.1?}");
    assert!(import().status().unwrap().success());
    assert_eq!(found(&desk).1, 6);
}
