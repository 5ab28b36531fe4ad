//! Two who write the catalogue at once, on PostgreSQL: nobody waits for the other for ever, and nothing gets lost.

use crate::support::{Registry, Row, csv, database};
use ::framework::shipped::Table;
use registry::action::catalogue::{Format, import};
use registry::action::framework::{self, TableFile};
use registry::db::{Connection, Purpose};
use registry::model::qualification::{QualificationRow, register_all};
use schema::QualificationNumber;
use std::thread::ScopedJoinHandle;
use std::time::{Duration, Instant};

/// Waits until the other waits for a lock, or has ended.
fn met<T>(registry: &Registry, other: &ScopedJoinHandle<'_, T>) {
    let waits = "SELECT 'one' AS line FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let began = Instant::now();
    while !other.is_finished() && registry.lines(waits).is_empty() {
        assert!(
            began.elapsed() < Duration::from_secs(90),
            "neither waits nor ends"
        );
        std::thread::park_timeout(Duration::from_millis(10));
    }
}

fn beside(registry: &Registry) -> Connection {
    Connection::open(&registry.app.config.database_url(), Purpose::Write).unwrap()
}

fn skipped() -> bool {
    let skipped = database::server().is_none();
    if skipped {
        eprintln!("SKIPPED: two writers at once: SQLite has one");
    }
    skipped
}

/// A qualification of an owner who is named, and not known by number.
fn owned(place: usize, title: &str) -> QualificationRow {
    let number = QualificationNumber::parse(&super::number(place)).unwrap();
    let mut row = QualificationRow::unregistered(number, Some(title));
    row.registered = true;
    row.body_name = Some(format!("Owner {place}"));
    row
}

#[test]
fn organisations_and_qualifications_come_in_at_once() {
    if skipped() {
        return;
    }
    let registry = Registry::new();
    let places = 1..=20;
    let stored: Vec<QualificationRow> =
        places.clone().map(|place| owned(place, "Before")).collect();
    let mut one = beside(&registry);
    let store = |connection: &mut Connection, rows: &[QualificationRow]| {
        register_all(connection, &rows.iter().collect::<Vec<_>>()).map(drop)
    };
    store(&mut one, &stored).unwrap();
    let organisations: &str = include_str!("../fixtures/catalogue/organisations-short.csv");
    let mut organisations = format!("{}\n", organisations.lines().next().unwrap());
    for place in places.clone() {
        organisations.push_str(&format!("RN9{place:03},Owner {place},,,Recognised,,,,,\n"));
    }
    let changed: Vec<QualificationRow> = places.map(|place| owned(place, "After")).collect();
    std::thread::scope(|scope| {
        let registers = one.transaction(|one| {
            let (last, others) = changed.split_last().unwrap();
            store(one, std::slice::from_ref(last))?;
            let other = scope.spawn(|| {
                import(
                    &registry.app.db,
                    Format::OfqualOrganisations,
                    organisations.as_bytes(),
                )
            });
            met(&registry, &other);
            store(one, others)?;
            Ok::<_, diesel::result::Error>(other)
        });
        let imported = registers.unwrap().join().unwrap().unwrap();
        assert_eq!(
            (imported.rejected, imported.owners_completed),
            (0, 20),
            "{imported:?}"
        );
    });
    assert_eq!(
        registry.count("qualification WHERE title = 'After' AND body IS NOT NULL"),
        20
    );
}

#[test]
fn a_unit_that_an_import_found_known_is_not_forgotten_before_the_import_tells_of_it() {
    if skipped() {
        return;
    }
    let registry = Registry::new().with_framework();
    let award = Row::award(1, "R-1")
        .with("unit_reference", "A/999/0001")
        .with("title", "A unit")
        .without("qualification_number");
    assert_eq!(
        registry.push_csv("RN5217", &csv(&[award])).counts.rejected,
        0
    );
    let tables = [Table::Units, Table::Structures, Table::Groups].map(|table| TableFile {
        name: table.name().to_owned(),
        content: format!("{}\n", table.shipped().lines().next().unwrap()).into_bytes(),
    });
    let mut one = beside(&registry);
    std::thread::scope(|scope| {
        let imports = one.transaction(|one| {
            one.merge_alone()?;
            let other = scope.spawn(|| {
                let now = registry.app.clock.now();
                framework::import(&registry.app.db, now, tables.to_vec())
            });
            met(&registry, &other);
            // What the import tells of that found the unit there.
            one.batch("UPDATE achievement SET subject_code = 'J/601/1434'")?;
            Ok::<_, diesel::result::Error>(other)
        });
        let imported = imports.unwrap().join().unwrap().unwrap();
        assert!(!imported.is_rejected(), "{imported:?}");
    });
    let known = registry.lines("SELECT reference AS line FROM unit WHERE reference = 'J/601/1434'");
    assert_eq!(known, ["J/601/1434"]);
}
