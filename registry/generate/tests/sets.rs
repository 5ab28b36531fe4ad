//! Sets in memory: the same for the same plan, and in themselves consistent.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use generate::{Folder, Manifest, Mistake, Plan, Rates, generate};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{self, Write};
use std::rc::Rc;

type Files = Rc<RefCell<BTreeMap<String, Vec<u8>>>>;

#[derive(Default)]
struct Memory(Files);

struct Open(Files, String);

impl Folder for Memory {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write>> {
        let before = self.0.borrow_mut().insert(path.to_owned(), Vec::new());
        assert!(before.is_none(), "{path} is made twice");
        Ok(Box::new(Open(self.0.clone(), path.to_owned())))
    }
}

impl Write for Open {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut files = self.0.borrow_mut();
        files.get_mut(&self.1).unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Set {
    manifest: Manifest,
    files: BTreeMap<String, Vec<u8>>,
}

impl Set {
    fn of(plan: &Plan) -> Self {
        let mut folder = Memory::default();
        let manifest = generate(plan, &mut folder, &mut |_| ()).unwrap();
        let files = folder.0.borrow().clone();
        Self { manifest, files }
    }

    fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for (path, content) in &self.files {
            hash.update(path);
            hash.update([0]);
            hash.update(content);
        }
        hash.finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    fn text(&self, path: &str) -> &str {
        std::str::from_utf8(&self.files[path]).unwrap()
    }

    fn rows(&self, path: &str) -> Vec<HashMap<String, String>> {
        let delimiter = if self.text(path).lines().next().unwrap().contains(';') {
            b';'
        } else {
            b','
        };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .from_reader(self.files[path].as_slice());
        reader.deserialize().map(Result::unwrap).collect()
    }
}

#[test]
fn the_same_plan_gives_the_same_bytes_and_another_seed_others() {
    let set = Set::of(&Plan::new(60, 7));
    assert_eq!(set.digest(), Set::of(&Plan::new(60, 7)).digest());
    assert_ne!(set.digest(), Set::of(&Plan::new(60, 8)).digest());
    // Where this changes with the program, FORMAT must rise.
    assert_eq!(generate::FORMAT, 2);
    assert_eq!(
        set.digest(),
        "48e87a558fa60ea7f0929ec078bb73e9dc89ff91b581a59bd1430012bd86514b"
    );
}

#[test]
fn a_learner_is_the_same_whoever_follows_and_whatever_mistakes_are_made() {
    let few = Set::of(&Plan::new(40, 5));
    let many = Set::of(&Plan::new(90, 5));
    for path in ["truth/learners.csv", "truth/awards.csv", "truth/rows.csv"] {
        let without_lines = |set: &Set| -> Vec<HashMap<String, String>> {
            set.rows(path)
                .into_iter()
                .filter(|row| row["learner"].parse::<u64>().unwrap() < 40)
                .collect()
        };
        // A row of another body's result may stand before; a file's lines are counted from its beginning.
        assert_eq!(without_lines(&few), without_lines(&many), "{path}");
    }
    let mut clean = Plan::new(40, 5);
    clean.rates = Rates::usual(0.0);
    let told = |set: &Set, path, column| -> Vec<String> {
        set.rows(path)
            .into_iter()
            .map(|row| row[column].clone())
            .collect()
    };
    let clean = Set::of(&clean);
    for column in ["uln", "given_name", "family_name", "date_of_birth"] {
        assert_eq!(
            told(&few, "truth/learners.csv", column),
            told(&clean, "truth/learners.csv", column)
        );
    }
    for column in ["award", "awarded_on", "grade", "status", "route"] {
        assert_eq!(
            told(&few, "truth/awards.csv", column),
            told(&clean, "truth/awards.csv", column)
        );
    }
}

#[test]
fn the_manifest_counts_what_is_in_the_files_and_the_truth_knows_every_row() {
    let mut plan = Plan::new(3000, 21);
    // Where no document had a number, no name could stand in one field.
    plan.rates = Rates::usual(3.0).with(Mistake::UnknownUln, 0.5);
    let set = Set::of(&plan);
    let mut told: HashMap<(String, u64), HashMap<String, String>> = HashMap::new();
    for row in set.rows("truth/rows.csv") {
        let place = (row["file"].clone(), row["row"].parse().unwrap());
        assert!(told.insert(place, row).is_none());
    }
    let ulns: HashMap<String, String> = set
        .rows("truth/learners.csv")
        .into_iter()
        .map(|row| (row["learner"].clone(), row["uln"].clone()))
        .collect();
    let mut records = 0;
    let mut documents = BTreeMap::new();
    for file in &set.manifest.files {
        let within = |path: &str| match file.documents {
            None => path == file.path,
            Some(_) => path.starts_with(&format!("{}/", file.path)),
        };
        let contents: Vec<(&String, &str)> = set
            .files
            .keys()
            .filter(|path| within(path))
            .map(|path| (path, set.text(path)))
            .collect();
        let bytes: usize = contents.iter().map(|(_, text)| text.len()).sum();
        assert_eq!(file.bytes, bytes as u64, "{}", file.path);
        assert_eq!(
            file.documents.unwrap_or(1),
            contents.len() as u64,
            "{}",
            file.path
        );
        let count = if file.documents.is_some() {
            assert!(contents.len() <= 1000, "{}", file.path);
            *documents.entry(file.adapter).or_insert(0) += contents.len();
            let told = contents.iter().map(|(path, text)| {
                let plain = |row: &&HashMap<String, String>| {
                    let numberless = ["document-without-uln", "wrong-check-digit"];
                    !numberless.iter().any(|word| row["mistakes"].contains(word))
                };
                let first = &told[&((*path).clone(), 1)];
                let has = text.contains(&ulns[&first["learner"]]);
                assert_eq!(has, plain(&first), "{path}");
                told_in(file.adapter, text)
            });
            told.sum()
        } else if file.adapter == "lrs" {
            set.text(&file.path).matches("<a:LearningEvent>").count() as u64
        } else {
            let rows = set.rows(&file.path);
            for (line, row) in rows.iter().enumerate() {
                let truth = &told[&(file.path.clone(), line as u64 + 2)];
                let plain = !["uln", "check-digit"]
                    .iter()
                    .any(|word| truth["mistakes"].contains(word));
                if plain {
                    assert_eq!(row["uln"], ulns[&truth["learner"]], "{}:{line}", file.path);
                }
            }
            rows.len() as u64
        };
        assert_eq!(file.expected.records, count, "{}", file.path);
        for outcome in [
            "created",
            "updated",
            "promoted",
            "withdrawn",
            "reinstated",
            "unchanged",
            "rejected",
        ] {
            let expected = serde_json::to_value(&file.expected).unwrap()[outcome].as_u64();
            let found = told
                .values()
                .filter(|row| within(&row["file"]) && row["outcome"] == outcome)
                .count();
            assert_eq!(expected, Some(found as u64), "{} {outcome}", file.path);
        }
        records += count;
    }
    assert_eq!(told.len() as u64, records);
    for adapter in ["elmo", "open-badges", "clr"] {
        // About every tenth learner, some of them twice.
        assert!((250..900).contains(&documents[adapter]), "{documents:?}");
    }
    let expected = &set.manifest.expected;
    assert_eq!(expected.rows.records, records);
    assert_eq!(expected.exact_matching, None);
    for (path, column) in [
        ("truth/learners.csv", "learner"),
        ("truth/awards.csv", "award"),
    ] {
        let accepted: HashSet<&String> = told
            .values()
            .filter(|row| row["expected"] == "accepted")
            .map(|row| &row[column])
            .collect();
        let count = if column == "learner" {
            expected.learners
        } else {
            expected.awards
        };
        assert_eq!(accepted.len() as u64, count, "{path}");
    }
    // Every mistake is made, and the truth says so.
    for mistake in Mistake::ALL {
        let named = |row: &HashMap<String, String>| {
            row["mistakes"]
                .split(' ')
                .any(|name| name == mistake.as_str())
        };
        assert!(told.values().any(named), "{}", mistake.as_str());
    }
}

/// How many awards a document tells of.
fn told_in(adapter: &str, text: &str) -> u64 {
    if adapter == "elmo" {
        return text.matches("<learningOpportunityInstance>").count() as u64;
    }
    let document: serde_json::Value = serde_json::from_str(text).unwrap();
    let within = document.pointer("/credentialSubject/verifiableCredential");
    within.map_or(1, |all| all.as_array().unwrap().len() as u64)
}

#[test]
fn documents_stand_in_folders_that_can_be_listed_and_only_where_they_are_asked_for() {
    let mut plan = Plan::new(1200, 4);
    plan.documents = 1.0;
    let set = Set::of(&plan);
    let folders = |adapter: &str| -> Vec<(&str, u64)> {
        let files = set.manifest.files.iter();
        let of = files.filter(|file| file.adapter == adapter);
        of.map(|file| (file.path.as_str(), file.documents.unwrap_or_default()))
            .collect()
    };
    let elmo = folders("elmo");
    assert_eq!(elmo.len(), 2, "{elmo:?}");
    assert_eq!(elmo[0], ("elmo/000001", 1000));
    assert!(elmo[1].1 > 0 && folders("open-badges").len() > 1);
    plan.documents = 0.0;
    let set = Set::of(&plan);
    let documents = set
        .manifest
        .files
        .iter()
        .filter(|one| one.documents.is_some());
    assert_eq!(documents.count(), 0);
    assert!(!set.files.keys().any(|path| path.starts_with("elmo")));
}

#[test]
fn without_mistakes_none_is_made() {
    let mut plan = Plan::new(500, 3);
    plan.rates = Rates::usual(0.0);
    let set = Set::of(&plan);
    for row in set.rows("truth/rows.csv") {
        assert_eq!(
            (row["mistakes"].as_str(), row["expected"].as_str()),
            ("", "accepted")
        );
    }
    let ends = set.manifest.expected.exact_matching.clone().unwrap();
    assert_eq!(ends.learners, 500);
    assert_eq!(ends.awards, set.rows("truth/awards.csv").len() as u64);
    assert_eq!(set.manifest.expected.rows.unchanged, 0);
}

#[test]
fn a_full_disk_is_told_as_it_is() {
    struct Full(u32);
    impl Folder for Full {
        fn create(&mut self, _path: &str) -> io::Result<Box<dyn Write>> {
            self.0 += 1;
            if self.0 > 6 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            Ok(Box::new(io::sink()))
        }
    }
    let ended = generate(&Plan::new(100, 1), &mut Full(0), &mut |_| ());
    assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::StorageFull);
}
