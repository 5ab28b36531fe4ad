//! The index is what the rows are: in the same transaction, however they came, and whenever.

use super::{Entry, found, load, titles};
use crate::support::{Registry, Row, csv};
use registry::app::{App, Clock};
use registry::model::search;
use schema::Code;

#[test]
fn what_was_committed_is_found_at_once_and_what_was_taken_back_is_not() {
    let registry = Registry::new();
    for place in 0..20 {
        let title = format!(
            "Certificate in Subject{}",
            "abcdefghijklmnopqrst".get(place..=place).unwrap()
        );
        load(&registry, &[Entry::new(place, &title)]);
        assert_eq!(found(&registry, &title)[0], title);
    }
    let refused = registry.app.db.write_blocking(|connection| {
        let number = schema::QualificationNumber::parse(&super::number(50)).unwrap();
        let row = registry::model::qualification::QualificationRow::unregistered(
            number,
            Some("Neverstored"),
        );
        registry::model::qualification::keep_all(connection, &[row])?;
        Err::<(), _>(registry::error::Error::from(Code::StateConflict))
    });
    assert!(refused.is_err());
    assert!(found(&registry, "neverstored").is_empty());
}

#[test]
fn a_changed_title_is_found_by_its_new_words_alone() {
    let registry = Registry::new();
    titles(
        &registry,
        &["Certificate in Falconry", "Certificate in Play"],
    );
    load(
        &registry,
        &[Entry::new(0, "Certificate in Playwork and Falcons")],
    );
    assert_eq!(found(&registry, "falconry"), Vec::<String>::new());
    assert_eq!(found(&registry, "falcon").len(), 1);
    let exact = registry.lines("SELECT word AS line FROM search_posting WHERE word = 'falconry'");
    assert_eq!(exact, Vec::<String>::new());
    consistent(&registry);
    // Level and size follow too.
    load(
        &registry,
        &[Entry {
            level: "Level 5",
            ..Entry::new(0, "Falcons")
        }],
    );
    assert_eq!(found(&registry, "level 5"), ["Falcons"]);
    consistent(&registry);
    let again = load(
        &registry,
        &[Entry {
            level: "Level 5",
            ..Entry::new(0, "Falcons")
        }],
    );
    assert_eq!(again.unchanged, 1);
    consistent(&registry);
}

/// Every word's count is how many are found by it, and everything that is stored is found.
fn consistent(registry: &Registry) {
    let missing = registry.lines(
        "SELECT p.word AS line FROM search_posting p WHERE p.word NOT LIKE ':%' AND NOT EXISTS \
         (SELECT 1 FROM search_word w WHERE w.kind = p.kind AND w.word = p.word) \
         UNION ALL SELECT q.number FROM qualification q WHERE NOT EXISTS \
         (SELECT 1 FROM search_posting p WHERE p.kind = 'qualification' AND p.word = ':' || q.number AND p.key = q.number) \
         UNION ALL SELECT p.key FROM search_posting p WHERE p.kind = 'qualification' AND NOT EXISTS \
         (SELECT 1 FROM qualification q WHERE q.number = p.key)",
    );
    assert_eq!(missing, Vec::<String>::new());
    let wrong = registry.lines(
        "SELECT w.word AS line FROM search_word w WHERE w.entries <> \
         (SELECT count(*) FROM search_posting p WHERE p.kind = w.kind AND p.word = w.word)",
    );
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn what_results_name_is_found_too() {
    let registry = Registry::new().with_register();
    let row = Row::award(1, "R-1")
        .with("qualification_number", "603/2476/4")
        .with("title", "A Diploma that no Register Knows");
    registry.push_csv("RN5217", &csv(&[row]));
    assert_eq!(
        found(&registry, "regster knows"),
        ["A Diploma that no Register Knows"]
    );
    assert_eq!(
        found(&registry, "60324764"),
        ["A Diploma that no Register Knows"]
    );
    consistent(&registry);
}

#[test]
fn what_was_stored_before_there_was_an_index_is_found_after_the_next_start() {
    let registry = Registry::new();
    titles(
        &registry,
        &["Certificate in Falconry", "Certificate in Play"],
    );
    let before =
        registry.lines("SELECT word || ' ' || key AS line FROM search_posting ORDER BY word, key");
    let forget = "DELETE FROM search_posting; DELETE FROM search_word; DELETE FROM search_spelling; \
                  INSERT INTO search_pending (kind) VALUES ('qualification'); INSERT INTO search_pending (kind) VALUES ('unit')";
    let forgotten = registry
        .app
        .db
        .write_blocking(move |connection| Ok(connection.batch(forget)?));
    forgotten.unwrap();
    assert!(found(&registry, "falconry").is_empty());
    // Written by those who keep the index before it was completed.
    load(&registry, &[Entry::new(7, "Award in Falconry")]);
    // Killed on the way: as if it had not begun.
    let killed = registry.app.db.write_blocking(|connection| {
        assert_eq!(search::complete(connection)?, 2);
        Err::<(), _>(registry::error::Error::from(Code::Unavailable))
    });
    assert!(killed.is_err());
    assert_eq!(found(&registry, "falconry"), ["Award in Falconry"]);
    drop(App::open(registry.app.config.clone(), Clock::system()).unwrap());
    assert_eq!(
        found(&registry, "falconry"),
        ["Certificate in Falconry", "Award in Falconry"]
    );
    assert_eq!(found(&registry, "plya"), ["Certificate in Play"]);
    consistent(&registry);
    let after =
        registry.lines("SELECT word || ' ' || key AS line FROM search_posting ORDER BY word, key");
    assert!(before.iter().all(|line| after.contains(line)));
    // The next start has nothing to do.
    drop(App::open(registry.app.config.clone(), Clock::system()).unwrap());
    assert_eq!(registry.count("search_pending"), 0);
}
