//! The Department for Education's list of early-years qualifications: loaded, dated, asked, and held against the
//! register.

use crate::support::{Registry, samples};
use framework::ratio::{
    Listed, RatioAward, RatioFacts, RatioRule, counts_in_ratio, questions, ratio_rules,
};
use framework::shipped::Table;
use registry::action::catalogue::{
    Conflict, Format, Imported, conflicts, import, import_early_years,
};
use registry::action::framework::{EarlyYears, Sought};
use registry::model::early_years::EntryRow;
use schema::{Code, Date, Level};
use std::io::Read;

const LIST: &[u8] = include_bytes!("fixtures/catalogue/early-years.csv");
const UPDATE: &[u8] = include_bytes!("fixtures/catalogue/early-years-update.csv");

fn load(registry: &Registry, files: &[&[u8]]) -> Vec<Imported> {
    import_early_years(&registry.app.db, named(files)).unwrap()
}

fn named<'a>(files: &[&'a [u8]]) -> Vec<(String, &'a [u8])> {
    let named = files.iter().zip(1..);
    named
        .map(|(file, number)| (format!("list-{number}.csv"), *file))
        .collect()
}

fn list(registry: &Registry) -> EarlyYears {
    let read = registry
        .app
        .db
        .read_blocking(|connection| Ok(EarlyYears::load(connection)?));
    read.unwrap()
}

fn counts(imported: &Imported) -> (u64, u64, u64, u64) {
    (
        imported.rows,
        imported.new_or_changed,
        imported.unchanged,
        imported.rejected,
    )
}

#[test]
fn the_list_is_stored_with_its_days_and_what_cannot_be_read_is_said() {
    let registry = Registry::new();
    let imported = load(&registry, &[LIST]);
    assert_eq!(counts(&imported[0]), (13, 9, 0, 4));
    let issues: Vec<(u64, Code)> = imported[0]
        .issues
        .iter()
        .map(|one| (one.row, one.code))
        .collect();
    assert_eq!(
        issues,
        [
            (10, Code::LevelUnknown),
            (11, Code::DateInvalid),
            (12, Code::DatesContradict),
            (13, Code::InputInvalid),
            (14, Code::SubjectNotRecognised),
        ]
    );
    let list = list(&registry);
    assert_eq!(list.version(), 1);
    let day = |text: &str| schema::parse_date(text).unwrap();
    let entry = |reference: &str| -> EntryRow {
        list.entries()
            .iter()
            .find(|one| one.reference == reference)
            .unwrap()
            .clone()
    };
    let trees = entry("EYQ-903");
    assert_eq!(trees.level, Level::L3.place());
    assert_eq!(
        (trees.started_from, trees.started_until),
        (Some(day("2014-09-01")), None)
    );
    assert_eq!(trees.number.as_deref(), Some("999/0001/4"));
    assert_eq!(trees.notes.as_deref(), Some("A note over two lines"));
    assert_eq!(entry("EYQ-901").started_until, Some(day("2014-08-31")));
    assert_eq!(entry("EYQ-905").number, None);
}

#[test]
fn files_go_over_each_other_in_their_order_and_again_they_change_nothing() {
    let registry = Registry::new();
    let first = load(&registry, &[LIST, UPDATE]);
    // The row that the update goes over is none of the list's.
    assert_eq!(counts(&first[0]), (13, 8, 1, 4));
    assert_eq!(counts(&first[1]), (2, 2, 0, 0));
    let stored = registry.count("early_years_entry");
    for _ in 0..2 {
        let again = load(&registry, &[LIST, UPDATE]);
        assert_eq!(again.iter().map(|one| one.new_or_changed).sum::<u64>(), 0);
        assert_eq!(registry.count("early_years_entry"), stored);
        assert_eq!(list(&registry).version(), 1);
    }
    // The list as it was before stays, dated, beside what replaced it.
    load(&registry, &[LIST]);
    assert_eq!(list(&registry).version(), 2);
    assert_eq!(registry.count("early_years_entry"), stored + 1);
    let replaced = registry.lines(
        "SELECT reference || ' ' || CAST(version AS TEXT) AS line FROM early_years_entry \
         WHERE replaced_at IS NOT NULL AND replaced_at >= loaded_at",
    );
    assert_eq!(replaced, ["EYQ-903 1"]);
    let refused = import(
        &registry.app.db,
        Format::DfeEarlyYears,
        &b"Name,Level\nx,3\n"[..],
    );
    let words = refused.err().unwrap().to_string();
    assert!(
        words.contains("Qualification Ref, Qualification Level"),
        "{words}"
    );
    assert_eq!(list(&registry).version(), 2);
}

#[test]
fn a_file_that_is_no_list_is_named_and_nothing_is_changed() {
    let registry = Registry::new();
    for (file, code, words) in [
        (
            &b"Name,Level\nx,3\n"[..],
            Code::InputInvalid,
            "list-2.csv: The file's first row lacks the headings",
        ),
        (b"", Code::FileEmpty, "list-2.csv: The file is empty."),
    ] {
        let refused = import_early_years(&registry.app.db, named(&[LIST, file])).unwrap_err();
        assert_eq!(refused.code(), code);
        assert!(refused.to_string().starts_with(words), "{refused}");
        assert_eq!(list(&registry).version(), 0);
    }
}

#[test]
fn a_list_of_any_length_is_taken() {
    let registry = Registry::new();
    let heading = std::str::from_utf8(LIST).unwrap().lines().next().unwrap();
    // More than SQLite takes values in a statement.
    let file = |title: &str| {
        let rows = (0..33_000).map(|row| {
            format!(
                "EYQ-{row},3,,,{title} {row},Oak Awards,999/{:04}/{},,,\n",
                row / 10,
                row % 10
            )
        });
        format!("{heading}\n{}", rows.collect::<String>())
    };
    let imported = load(&registry, &[file("Diploma").as_bytes()]);
    assert_eq!(
        (imported[0].new_or_changed, imported[0].rejected),
        (33_000, 0)
    );
}

#[test]
fn entries_of_the_list_do_not_disagree_among_themselves() {
    let registry = Registry::new();
    let heading = std::str::from_utf8(LIST).unwrap().lines().next().unwrap();
    let file = format!(
        "{heading}\nEYQ-1,3,,,Diploma in Trees,Oak Awards,999/0001/4,,,\nEYQ-2,2,,,Invented Weather,Oak Awards,999/0001/4,,,\n"
    );
    let imported = load(&registry, &[file.as_bytes()]);
    assert_eq!(
        (imported[0].rejected, imported[0].conflict_count),
        (0, 0),
        "{imported:?}"
    );
}

fn lines(conflicts: &[Conflict]) -> Vec<String> {
    let line = |one: &Conflict| {
        let says: Vec<String> = one
            .says
            .iter()
            .map(|said| format!("{}={}", said.source, said.value))
            .collect();
        format!("{} {} {}", one.number, one.code.as_str(), says.join(" "))
    };
    conflicts.iter().map(line).collect()
}

#[test]
fn where_the_list_and_the_register_disagree_is_said_at_either_import_and_again() {
    let expected = [
        "999/0002/6 level-differs register=Entry1 EYQ-904=L2",
        "999/0002/6 title-differs register=Oak Entry Level Award in Leaves (Entry 1) EYQ-904=Level 4 Certificate in Invented Weather",
        "999/0003/8 title-differs register=Oak Award in Roots – Level 1/Level 2 EYQ-907=T Level in Trees",
        "999/0003/8 title-differs register=Oak Award in Roots – Level 1/Level 2 EYQ-908=T Level in Trees and Shrubs",
        "999/0004/X level-differs register=L2 EYQ-913=L3",
        "999/0004/X title-differs register=Elm Level 2 Certificate in Bark EYQ-913=Oak Level 3 Diploma in Caring for Young Trees",
        "999/0004/X awarding-body-differs register=Elm Awards EYQ-913=Oak Awards",
    ];
    let register = |registry: &Registry| {
        let organisations: &[u8] = include_bytes!("fixtures/catalogue/organisations-short.csv");
        let qualifications: &[u8] = include_bytes!("fixtures/catalogue/qualifications-full.csv");
        import(&registry.app.db, Format::OfqualOrganisations, organisations).unwrap();
        import(
            &registry.app.db,
            Format::OfqualQualifications,
            qualifications,
        )
        .unwrap()
    };
    let registry = Registry::new();
    assert_eq!(register(&registry).conflict_count, 0);
    let imported = load(&registry, &[LIST, UPDATE]);
    assert_eq!(lines(&imported[1].conflicts), expected);
    let again = registry
        .app
        .db
        .read_blocking(|connection| conflicts(connection, None));
    assert_eq!(lines(&again.unwrap()), expected);
    // The other way round.
    let registry = Registry::new();
    assert_eq!(load(&registry, &[LIST, UPDATE])[1].conflict_count, 0);
    let imported = register(&registry);
    assert_eq!(lines(&imported.conflicts), expected);
    assert_eq!(imported.conflict_count, 7);
}

fn rules() -> Vec<RatioRule> {
    ratio_rules(Table::RatioRules.shipped()).unwrap()
}

/// Ten days on which somebody may have begun: about each end of the entry, and about the days at which rules change.
fn starts(entry: &EntryRow) -> Vec<Date> {
    let day = |text: &str| schema::parse_date(text).unwrap();
    let from = entry.started_from.unwrap_or_else(|| day("2005-09-01"));
    let until = entry.started_until.unwrap_or_else(|| day("2025-08-31"));
    vec![
        from.pred_opt().unwrap(),
        from,
        from.succ_opt().unwrap(),
        until.pred_opt().unwrap(),
        until,
        until.succ_opt().unwrap(),
        day("2014-08-31"),
        day("2014-09-01"),
        day("2019-09-01"),
        day("2024-09-02"),
    ]
}

/// Asks about each entry of the list, begun on ten days: every answer has a reason, and none is of an entry that
/// does not count for who began then.
fn ask_about_each(list: &EarlyYears) {
    let (rules, questions) = (rules(), questions(Table::Questions.shipped()).unwrap());
    let day = |text: &str| schema::parse_date(text).unwrap();
    for entry in list.entries() {
        for started_on in starts(entry) {
            let sought = Sought {
                number: entry.number.as_deref(),
                title: &entry.title,
                level: Level::from_place(entry.level),
                body: Some(&entry.body_name),
                started_on: Some(started_on),
            };
            let listed = list.listed(&sought, &questions);
            let Listed::On(listing) = &listed else {
                panic!("{}: {listed:?}", entry.reference);
            };
            let within = |(from, until): (Option<Date>, Option<Date>)| {
                from.is_none_or(|from| from <= started_on)
                    && until.is_none_or(|until| started_on <= until)
            };
            let own = within((entry.started_from, entry.started_until));
            assert!(
                !own || within(listing.started),
                "{} {started_on}",
                entry.reference
            );
            let mut facts = RatioFacts::new(day("2026-09-01"));
            facts.awards.push(RatioAward {
                achievement: "achievement_1".to_owned(),
                title: entry.title.clone(),
                level: u8::try_from(entry.level - 2).ok(),
                started_on: Some(started_on),
                awarded: Some((started_on, started_on)),
                valid_until: None,
                listed: listed.clone(),
                status: None,
            });
            let answer = counts_in_ratio(&rules, &facts);
            let reasons = answer.explanation.len()
                + answer.must_also_hold.len()
                + answer.possible_routes.len();
            assert!(reasons > 0, "{} {started_on}: {answer:?}", entry.reference);
            // A status counts whenever it was begun.
            if !within(listing.started) && !listing.is_status {
                assert!(
                    !answer.counts_at.contains(&3),
                    "{} {started_on}: {answer:?}",
                    entry.reference
                );
            }
        }
    }
}

#[test]
fn each_entry_answers_for_ten_days_with_a_reason() {
    let registry = Registry::new();
    load(&registry, &[LIST, UPDATE]);
    ask_about_each(&list(&registry));
}

#[test]
fn the_published_list_is_taken_whole() {
    let Some(folder) = samples("dfe-early-years") else {
        return;
    };
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|one| one.unwrap().path())
        .collect();
    names.retain(|path| path.extension().is_some_and(|ending| ending == "csv"));
    names.sort();
    let read = |path: &std::path::PathBuf| {
        let mut content = Vec::new();
        std::fs::File::open(path)
            .unwrap()
            .read_to_end(&mut content)
            .unwrap();
        content
    };
    let contents: Vec<Vec<u8>> = names.iter().map(read).collect();
    let files: Vec<&[u8]> = contents.iter().map(Vec::as_slice).collect();
    let registry = Registry::new();
    let imported = load(&registry, &files);
    for (path, one) in names.iter().zip(&imported) {
        assert_eq!(
            (one.rejected, one.issue_count),
            (0, 0),
            "{}: {one:?}",
            path.display()
        );
    }
    let rows: u64 = imported.iter().map(|one| one.rows).sum();
    let entries = list(&registry);
    assert!(
        rows >= 290 && entries.entries().len() >= 287,
        "{rows} {}",
        entries.entries().len()
    );
    assert!(
        load(&registry, &files)
            .iter()
            .all(|one| one.new_or_changed == 0)
    );
    ask_about_each(&entries);
    // What people hold is found by it, with or without a number.
    let questions = questions(Table::Questions.shipped()).unwrap();
    let listed = |number: Option<&str>, title: &str, level: Level, body: &str, on: &str| {
        let sought = Sought {
            number,
            title,
            level: Some(level),
            body: Some(body),
            started_on: schema::parse_date(on).ok(),
        };
        match entries.listed(&sought, &questions) {
            Listed::On(listing) => listing.reference,
            other => format!("{other:?}"),
        }
    };
    assert_eq!(
        listed(
            Some("603/5829/4"),
            "T Level",
            Level::L3,
            "NCFE",
            "2023-09-01"
        ),
        "EYQ-241"
    );
    assert_eq!(
        listed(Some("601/2147/6"), "", Level::L3, "NCFE", "2016-09-01"),
        "EYQ-223"
    );
    let cypw = "Level 2 Certificate for the Children and Young People's Workforce (QCF)";
    assert_eq!(
        listed(
            Some("500/0000/0"),
            cypw,
            Level::L2,
            "City & Guilds",
            "2012-09-01"
        ),
        "EYQ-017"
    );
    let diploma = "Level 3 Diploma in Childcare and Invented Weather";
    assert_eq!(
        listed(None, diploma, Level::L3, "NCFE", "2012-09-01"),
        "Not"
    );
}
