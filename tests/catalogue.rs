//! The register's extracts: every dialect, any order, again and again.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says on standard error why it was skipped"
)]

use registry::action::catalogue::{Format, Imported, import};
use registry::db::Db;
use registry::error::Error;
use registry::model::awarding_body::{self, BodyRow};
use registry::model::qualification::{self, QualificationRow};
use schema::{Code, Level, QualificationNumber, RecognitionNumber, Severity};
use std::path::{Path, PathBuf};

const ORGANISATIONS: Format = Format::OfqualOrganisations;
const QUALIFICATIONS: Format = Format::OfqualQualifications;

/// A catalogue of its own, in a database that goes with it.
struct Catalogue {
    db: Db,
    _folder: tempfile::TempDir,
}

impl Catalogue {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("registry.db").display());
        Self {
            db: Db::open(&url, None).unwrap(),
            _folder: folder,
        }
    }

    fn try_import(&self, format: Format, content: &[u8]) -> Result<Imported, Error> {
        import(&self.db, format, content)
    }

    fn import(&self, format: Format, path: &Path) -> Imported {
        import(&self.db, format, std::fs::File::open(path).unwrap()).unwrap()
    }

    fn fixture(&self, format: Format, name: &str) -> Imported {
        self.import(format, &fixture(name))
    }

    fn body(&self, number: &str) -> Option<BodyRow> {
        let number = RecognitionNumber::parse(number).unwrap();
        self.db
            .read_blocking(move |connection| Ok(awarding_body::find(connection, number)?))
            .unwrap()
    }

    fn qualification(&self, number: &str) -> Option<QualificationRow> {
        let number = QualificationNumber::parse(number).unwrap();
        self.db
            .read_blocking(move |connection| Ok(qualification::find(connection, number)?))
            .unwrap()
    }

    fn owner(&self, number: &str) -> Option<String> {
        self.qualification(number).and_then(|row| row.body)
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/fixtures/catalogue")
        .join(name)
}

/// A real extract, which is not kept with the code: in the folder `ofqual` of the one that `IQF_SAMPLES`
/// names, else of `shared/samples` beside the workspace.
fn sample(name: &str) -> Option<PathBuf> {
    let samples = std::env::var_os("IQF_SAMPLES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/samples"),
        PathBuf::from,
    );
    let path = samples.join("ofqual").join(name);
    if path.is_file() {
        return Some(path);
    }
    eprintln!("SKIPPED: no real extract {name}; set IQF_SAMPLES to the folder of samples");
    None
}

/// Counts of new or changed, unchanged and rejected rows.
fn counts(imported: &Imported) -> (u64, u64, u64) {
    let Imported {
        rows,
        new_or_changed,
        unchanged,
        rejected,
        ..
    } = *imported;
    assert_eq!(rows, new_or_changed + unchanged + rejected, "{imported:?}");
    (new_or_changed, unchanged, rejected)
}

#[test]
fn organisations_are_stored_from_either_dialect_without_their_addresses() {
    for name in ["organisations-full.csv", "organisations-short.csv"] {
        let catalogue = Catalogue::new();
        let imported = catalogue.fixture(ORGANISATIONS, name);
        assert_eq!(counts(&imported), (4, 0, 0), "{name}");
        assert!(imported.issues.is_empty(), "{imported:?}");
        let elm = catalogue.body("RN9002").unwrap();
        assert_eq!(elm.name, "Elm Awards");
        assert_eq!(elm.legal_name.as_deref(), Some("Elm Trust"));
        assert_eq!(elm.status.as_deref(), Some("Surrendered"));
        assert_eq!(elm.recognised_from.unwrap().to_string(), "2010-04-01");
        assert_eq!(elm.recognised_until.unwrap().to_string(), "2020-07-31");
        assert!(elm.registered);
        let oak = catalogue.body("RN9001").unwrap();
        assert_eq!(oak.acronym.as_deref(), Some("OAK"), "trimmed");
        assert_eq!(oak.recognised_until, None);
        assert!(catalogue.body("XX9004").is_some());
    }
}

#[test]
fn both_dialects_of_organisations_say_the_same() {
    let catalogue = Catalogue::new();
    catalogue.fixture(ORGANISATIONS, "organisations-full.csv");
    let again = catalogue.fixture(ORGANISATIONS, "organisations-short.csv");
    assert_eq!(counts(&again), (0, 4, 0));
}

#[test]
fn qualifications_are_stored_as_the_register_states_them() {
    let catalogue = Catalogue::new();
    catalogue.fixture(ORGANISATIONS, "organisations-short.csv");
    let imported = catalogue.fixture(QUALIFICATIONS, "qualifications-full.csv");
    assert_eq!(counts(&imported), (5, 0, 0));
    assert!(imported.issues.is_empty(), "{imported:?}");
    assert_eq!((imported.titles, imported.owners_unresolved), (0, 0));

    let diploma = catalogue.qualification("999/0001/4").unwrap();
    assert_eq!(diploma.body.as_deref(), Some("RN9001"));
    assert_eq!(diploma.level, Some(Level::L3.place()));
    assert_eq!(diploma.eqf_level, Some(4));
    assert_eq!(
        diploma.kind.as_deref(),
        Some("Vocationally-Related Qualification")
    );
    assert_eq!(diploma.status.as_deref(), Some("Available to learners"));
    assert_eq!(diploma.total_credit, Some(65));
    assert_eq!(diploma.total_qualification_time, Some(650));
    assert_eq!(diploma.guided_learning_hours, Some(442));
    assert_eq!(diploma.operational_from.unwrap().to_string(), "2010-09-01");
    assert_eq!(diploma.operational_until.unwrap().to_string(), "2014-08-31");
    assert_eq!(
        diploma.certification_until.unwrap().to_string(),
        "2017-08-31"
    );
    assert!(diploma.registered);

    let entry = catalogue.qualification("999/0002/6").unwrap();
    assert_eq!(entry.level, Some(Level::Entry1.place()));
    assert_eq!(entry.level_stated.as_deref(), Some("Entry Level"));
    assert_eq!(entry.eqf_level, None);
    assert_eq!(entry.total_credit, Some(0), "bears no credit");
    assert_eq!(entry.total_qualification_time, None);

    let both = catalogue.qualification("999/0003/8").unwrap();
    assert_eq!(
        both.title, "Oak Award in Roots – Level 1/Level 2",
        "repaired"
    );
    assert_eq!(both.level, None);
    assert_eq!(both.level_stated.as_deref(), Some("Level 1/Level 2"));
    assert_eq!(both.total_credit, None, "nobody told");

    let bark = catalogue.qualification("999/0004/X").unwrap();
    assert_eq!(bark.title, "Elm Level 2 Certificate in Bark");
}

#[test]
fn the_comparison_says_what_the_register_says_and_forgets_no_owner() {
    let catalogue = Catalogue::new();
    catalogue.fixture(ORGANISATIONS, "organisations-short.csv");
    catalogue.fixture(QUALIFICATIONS, "qualifications-full.csv");
    let again = catalogue.fixture(QUALIFICATIONS, "qualifications-comparison.csv");
    assert_eq!(counts(&again), (0, 5, 0));
    assert_eq!(catalogue.owner("999/0004/X").as_deref(), Some("RN9003"));
}

#[test]
fn the_order_of_the_extracts_does_not_matter() {
    let numbers = [
        "999/0001/4",
        "999/0002/6",
        "999/0003/8",
        "999/0004/X",
        "999/0005/1",
    ];
    let expected = [
        Some("RN9001"),
        Some("RN9001"),
        Some("RN9001"),
        None,
        Some("XX9004"),
    ];

    let bodies_first = Catalogue::new();
    bodies_first.fixture(ORGANISATIONS, "organisations-full.csv");
    let imported = bodies_first.fixture(QUALIFICATIONS, "qualifications-comparison.csv");
    assert_eq!(
        imported.owners_unresolved, 1,
        "two bodies are called Elm Awards"
    );

    let bodies_last = Catalogue::new();
    let imported = bodies_last.fixture(QUALIFICATIONS, "qualifications-comparison.csv");
    assert_eq!(imported.owners_unresolved, 5);
    let imported = bodies_last.fixture(ORGANISATIONS, "organisations-full.csv");
    assert_eq!(imported.owners_completed, 4);

    for (number, expected) in numbers.into_iter().zip(expected) {
        assert_eq!(bodies_first.owner(number).as_deref(), expected, "{number}");
        assert_eq!(
            bodies_first.qualification(number),
            bodies_last.qualification(number)
        );
    }
    let again = bodies_last.fixture(QUALIFICATIONS, "qualifications-comparison.csv");
    assert_eq!(counts(&again), (0, 5, 0));
}

#[test]
fn titles_without_numbers_are_kept_for_search() {
    let catalogue = Catalogue::new();
    let imported = catalogue.fixture(QUALIFICATIONS, "qualifications-titles.csv");
    assert_eq!(imported.titles, 6);
    assert_eq!(counts(&imported), (5, 1, 0), "one title stands twice");
    let again = catalogue.fixture(QUALIFICATIONS, "qualifications-titles.csv");
    assert_eq!(counts(&again), (0, 6, 0));
    assert_eq!(catalogue.qualification("999/0001/4"), None);
}

#[test]
fn a_title_whose_availability_changed_is_changed() {
    let catalogue = Catalogue::new();
    let extract = |status: &str| {
        format!(
            "Qualification Title,Owner Organisation Name,Qualification Level,Qualification Type,\
             Qualification Status\nOak Award,Oak Awards,Level 3,QCF,{status}\n"
        )
    };
    let first = extract("Available to learners");
    let later = extract("No longer awarded");
    for (content, changed) in [(&first, 1), (&later, 1), (&later, 0)] {
        let imported = catalogue.try_import(QUALIFICATIONS, content.as_bytes());
        assert_eq!(imported.unwrap().new_or_changed, changed, "{content}");
    }
}

#[test]
fn flawed_rows_are_rejected_or_noted_with_their_place() {
    let catalogue = Catalogue::new();
    let imported = catalogue.fixture(QUALIFICATIONS, "qualifications-flawed.csv");
    assert_eq!(imported.rows, 6, "a blank row is none");
    assert_eq!(counts(&imported), (2, 0, 4));
    let found: Vec<_> = imported
        .issues
        .iter()
        .map(|issue| (issue.row, issue.severity, issue.code))
        .collect();
    let (warning, error) = (Severity::Warning, Severity::Error);
    assert_eq!(
        found,
        [
            (2, warning, Code::QualificationNumberCheck),
            (3, error, Code::SubjectNotRecognised),
            (4, warning, Code::LevelUnknown),
            (4, warning, Code::DateInvalid),
            (4, warning, Code::CreditInvalid),
            (5, error, Code::InputInvalid),
            (6, error, Code::RecordUnreadable),
            (8, error, Code::RecordUnreadable),
        ]
    );
    let kept = catalogue.qualification("999/0007/5").unwrap();
    assert_eq!(kept.title, "Day first");
    assert_eq!((kept.operational_from, kept.total_credit), (None, None));
    assert_eq!(kept.level_stated.as_deref(), Some("Level 9"));
    let report = serde_json::to_value(&imported).unwrap();
    assert_eq!(report["newOrChanged"], 2);
    assert_eq!(report["issues"][1]["code"], "subject-not-recognised");
    assert_eq!(report["issues"][1]["severity"], "error");
}

#[test]
fn what_results_named_before_becomes_registered() {
    let catalogue = Catalogue::new();
    catalogue
        .db
        .write_blocking(|connection| {
            let number = QualificationNumber::parse("999/0001/4").unwrap();
            let kept = QualificationRow::unregistered(number, Some("Diploma"));
            qualification::keep_all(connection, &[kept])?;
            let number = RecognitionNumber::parse("RN9001").unwrap();
            let kept = BodyRow::unregistered(number, None);
            Ok(awarding_body::keep(connection, &kept)?)
        })
        .unwrap();
    catalogue.fixture(QUALIFICATIONS, "qualifications-full.csv");
    catalogue.fixture(ORGANISATIONS, "organisations-full.csv");
    let diploma = catalogue.qualification("999/0001/4").unwrap();
    assert!(diploma.registered);
    assert_eq!(diploma.title, "Oak Level 3 Diploma in Caring for Trees");
    let oak = catalogue.body("RN9001").unwrap();
    assert!(oak.registered);
    assert_eq!(oak.name, "Oak Awards");
}

#[test]
fn what_cannot_be_read_is_told_so_and_is_no_fault_of_the_registry() {
    let catalogue = Catalogue::new();
    let folder = std::fs::File::open(env!("CARGO_MANIFEST_DIR")).unwrap();
    let refused = import(&catalogue.db, ORGANISATIONS, folder).unwrap_err();
    assert_eq!(refused.code(), Code::InputInvalid);
    assert!(
        refused.to_string().starts_with("The file cannot be read: "),
        "{refused}"
    );
}

#[test]
fn an_extract_of_another_kind_is_refused_with_the_headings_it_lacks() {
    let catalogue = Catalogue::new();
    let content = std::fs::read(fixture("organisations-full.csv")).unwrap();
    let refused = catalogue.try_import(QUALIFICATIONS, &content).unwrap_err();
    assert_eq!(refused.code(), Code::InputInvalid);
    let words = refused.to_string();
    assert!(
        words.contains("lacks the headings: Qualification Title, Owner"),
        "{words}"
    );
    assert!(words.contains("Qualifications.csv"), "{words}");

    let content = std::fs::read(fixture("qualifications-full.csv")).unwrap();
    let refused = catalogue.try_import(ORGANISATIONS, &content).unwrap_err();
    assert_eq!(refused.code(), Code::InputInvalid);
    assert!(
        refused
            .to_string()
            .contains("lacks the headings: Recognition Number, Name,")
    );

    let refused = catalogue.try_import(ORGANISATIONS, b"").unwrap_err();
    assert_eq!(refused.code(), Code::FileEmpty);
    let refused = catalogue
        .try_import(ORGANISATIONS, b"\xff\xfeR\0N\0")
        .unwrap_err();
    assert_eq!(refused.code(), Code::InputInvalid);
}

#[test]
fn a_failing_file_leaves_whole_chunks_and_importing_again_completes_them() {
    struct Broken<'a>(&'a [u8]);
    impl std::io::Read for Broken<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            match std::io::Read::read(&mut self.0, buffer)? {
                0 => Err(std::io::Error::other("cut")),
                read => Ok(read),
            }
        }
    }
    let catalogue = Catalogue::new();
    let mut content =
        "Recognition Number,Name,Legal Name,Acronym,Ofqual Status,Ofqual Recognised From,\
                       Ofqual Recognised To\n"
            .to_owned();
    for number in 1000..2200 {
        content.push_str(&format!("RN{number},Body {number},,,Recognised,,\n"));
    }
    let failed = import(&catalogue.db, ORGANISATIONS, Broken(content.as_bytes()));
    assert_eq!(failed.unwrap_err().code(), Code::InputInvalid);
    let again = catalogue.try_import(ORGANISATIONS, content.as_bytes());
    assert_eq!(counts(&again.unwrap()), (200, 1000, 0));
}

#[test]
fn issues_are_all_counted_and_a_thousand_listed() {
    let catalogue = Catalogue::new();
    let mut content =
        "Recognition Number,Name,Legal Name,Acronym,Ofqual Status,Ofqual Recognised From,\
                       Ofqual Recognised To\n"
            .to_owned();
    content.push_str(&"none of ours,Name,,,,,\n".repeat(1200));
    let imported = catalogue
        .try_import(ORGANISATIONS, content.as_bytes())
        .unwrap();
    assert_eq!(counts(&imported), (0, 0, 1200));
    assert_eq!((imported.issue_count, imported.issues.len()), (1200, 1000));
}

#[test]
fn the_real_extract_of_organisations_is_read_whole() {
    let Some(path) = sample("organisations.csv") else {
        return;
    };
    let catalogue = Catalogue::new();
    let imported = catalogue.import(ORGANISATIONS, &path);
    assert_eq!(counts(&imported), (334, 0, 0));
    assert!(imported.issues.is_empty(), "{:?}", imported.issues);
    assert_eq!(counts(&catalogue.import(ORGANISATIONS, &path)), (0, 334, 0));
    assert!(catalogue.body("XX1290").is_some());
}

#[test]
fn the_real_comparison_is_read_whole_in_either_order() {
    let (Some(organisations), Some(comparison)) = (
        sample("organisations.csv"),
        sample("compare-qualifications-download.csv"),
    ) else {
        return;
    };
    for bodies_first in [true, false] {
        let catalogue = Catalogue::new();
        if bodies_first {
            catalogue.import(ORGANISATIONS, &organisations);
        }
        let imported = catalogue.import(QUALIFICATIONS, &comparison);
        assert_eq!(counts(&imported), (10, 0, 0));
        assert!(imported.issues.is_empty(), "{:?}", imported.issues);
        if !bodies_first {
            let completed = catalogue.import(ORGANISATIONS, &organisations);
            assert_eq!(completed.owners_completed, 10);
        }
        let award = catalogue.qualification("600/2089/1").unwrap();
        assert_eq!(award.body.as_deref(), Some("RN5133"));
        assert_eq!(award.operational_from.unwrap().to_string(), "2011-06-01");
        assert_eq!(award.certification_until.unwrap().to_string(), "2024-12-31");
        let again = catalogue.import(QUALIFICATIONS, &comparison);
        assert_eq!(counts(&again), (0, 10, 0));
    }
}

#[test]
fn the_real_extract_of_titles_is_read_whole() {
    let Some(path) = sample("pearson-qualifications-download.csv") else {
        return;
    };
    let catalogue = Catalogue::new();
    let imported = catalogue.import(QUALIFICATIONS, &path);
    assert_eq!(
        (imported.rows, imported.titles, imported.rejected),
        (5106, 5106, 0)
    );
    assert!(imported.issues.is_empty(), "{:?}", imported.issues);
    assert_eq!(
        imported.new_or_changed, 4853,
        "titles that differ only in availability are one"
    );
    let again = catalogue.import(QUALIFICATIONS, &path);
    assert_eq!(counts(&again), (0, 5106, 0));
}
