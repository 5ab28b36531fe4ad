//! One generated set imported in several orders: what became of it must not depend on the order, and is held
//! against the truth. Used by a test and by the long trial beside them.

use super::meaning::{Trouble, identifier, lines, text};
use super::seeded::Seeded;
use diesel::prelude::*;
use registry::action::catalogue::{self, Format};
use registry::action::import::spool::Spooling;
use registry::action::import::{Mode, Origin, Push, Silent, Submitted, run, submit};
use registry::app::App;
use registry::db::{Connection, Id, Purpose, tables};
use registry::model::source::SourceRow;
use schema::RecognitionNumber;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A file of the set, imported by itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Piece {
    pub(crate) adapter: String,
    awarding_body: Option<String>,
    /// Its path in the set.
    path: String,
}

/// Mistakes that say nothing wrong about a person.
const NOT_OF_PEOPLE: [&str; 5] = [
    "unknown-qualification",
    "duplicated-row",
    "repeated-row",
    "another-body",
    "absurd-date",
];

/// Whom a statement is about, and what is wrong in what it says of them.
type Truly = (u64, String);

/// A set on disk, with the truth about it.
pub(crate) struct Set {
    root: PathBuf,
    manifest: Value,
    by_row: HashMap<(String, u64), Truly>,
    by_document: HashMap<String, Truly>,
}

impl Set {
    /// Reads what `registry generate` wrote.
    pub(crate) fn read(root: &Path) -> Result<Self, Trouble> {
        let manifest = std::fs::read_to_string(root.join("manifest.json"))?;
        let mut set = Self {
            root: root.to_owned(),
            manifest: serde_json::from_str(&manifest)?,
            by_row: HashMap::new(),
            by_document: HashMap::new(),
        };
        // No cell of this file holds a comma.
        for line in std::fs::read_to_string(root.join("truth/rows.csv"))?
            .lines()
            .skip(1)
        {
            let cells: Vec<&str> = line.split(',').collect();
            let [file, row, learner, _, mistakes, ..] = cells.as_slice() else {
                return Err("truth/rows.csv is not as it should be".into());
            };
            let of_people = |name: &&str| !NOT_OF_PEOPLE.contains(name) && !name.is_empty();
            let mistakes: Vec<&str> = mistakes.split(' ').filter(of_people).collect();
            let truly = (learner.parse()?, mistakes.join(" + "));
            if file.ends_with(".csv") {
                set.by_row.insert(((*file).to_owned(), row.parse()?), truly);
            } else {
                set.by_document.insert((*file).to_owned(), truly);
            }
        }
        Ok(set)
    }

    fn listed(&self, what: &str) -> &[Value] {
        let list = self.manifest.get(what).and_then(Value::as_array);
        list.map_or(&[], Vec::as_slice)
    }

    /// The pieces in the order of the manifest, those of a folder in that of their names.
    fn pieces(&self) -> Result<Vec<Piece>, Trouble> {
        let mut pieces = Vec::new();
        for file in self.listed("files") {
            let path = word(file, "path");
            let mut paths = vec![path.clone()];
            if file.get("documents").is_some() {
                paths.clear();
                for entry in std::fs::read_dir(self.root.join(&path))? {
                    paths.push(format!("{path}/{}", entry?.file_name().display()));
                }
                paths.sort();
            }
            pieces.extend(paths.into_iter().map(|path| Piece {
                adapter: word(file, "adapter"),
                awarding_body: file["awardingBody"].as_str().map(str::to_owned),
                path,
            }));
        }
        Ok(pieces)
    }

    /// The pieces in an order: as the manifest has them (0), the other way round (1), documents first (2), shuffled
    /// in a way that the seed and the order's number decide (more).
    pub(crate) fn ordered(&self, order: usize, seed: u64) -> Result<Vec<Piece>, Trouble> {
        let mut pieces = self.pieces()?;
        let adapters = ["elmo", "open-badges", "clr", "lrs", "csv"];
        match order {
            0 => {}
            1 => pieces.reverse(),
            2 => {
                pieces.sort_by_key(|piece| adapters.iter().position(|name| *name == piece.adapter));
            }
            _ => {
                let mut seeded = Seeded(seed.wrapping_add(order as u64));
                pieces.sort_by_cached_key(|_| seeded.next());
            }
        }
        Ok(pieces)
    }

    /// Imports the register and the pieces into an empty database; answers which job was which piece's.
    pub(crate) fn import(
        &self,
        app: &Arc<App>,
        pieces: &[Piece],
        mut progress: impl FnMut(&Piece),
    ) -> Result<HashMap<Id, String>, Trouble> {
        for file in self.listed("catalogue") {
            let format = match word(file, "format").as_str() {
                "ofqual-organisations" => Format::OfqualOrganisations,
                _ => Format::OfqualQualifications,
            };
            let opened = File::open(self.root.join(word(file, "path")))?;
            catalogue::import(&app.db, format, opened)?;
        }
        let mut jobs = HashMap::new();
        for piece in pieces {
            let mut spooling = Spooling::begin(&app.config, u64::MAX)?;
            spooling.copy(File::open(self.root.join(&piece.path))?)?;
            let body = piece.awarding_body.as_deref();
            let body = body.map(RecognitionNumber::parse).transpose();
            let push = Push {
                caller: "trial".to_owned(),
                origin: body
                    .map_err(|_| "no recognition number")?
                    .map_or(Origin::Operator, Origin::Body),
                adapter: piece.adapter.clone(),
                mode: Mode::Partial,
                dry_run: false,
                // A small file of a set may be mostly mistakes: whoever tries it knows.
                despite_quarantine: true,
                idempotency_key: None,
                file: spooling.finish()?,
            };
            let job = match submit(app, &push)? {
                Submitted::New(job) | Submitted::Resumed(job) => {
                    run(app, job.id, &Silent, &AtomicBool::new(false))?
                }
                Submitted::Known(job) => job,
            };
            if let Some(code) = &job.error_code {
                return Err(format!("{}: {code}", piece.path).into());
            }
            jobs.entry(job.id).or_insert_with(|| piece.path.clone());
            progress(piece);
        }
        Ok(jobs)
    }

    /// What a database holds after these jobs.
    pub(crate) fn look(&self, url: &str, jobs: &HashMap<Id, String>) -> Result<Picture, Trouble> {
        let mut connection = Connection::open(url, Purpose::Read)?;
        let told: Vec<SourceRow> = match &mut connection {
            Connection::Sqlite(open) => tables::source::table.load(open)?,
            Connection::Postgres(open) => tables::source::table.load(open)?,
        };
        let mut people: HashMap<Id, Vec<SourceRow>> = HashMap::new();
        for one in told {
            people.entry(one.learner_id).or_default().push(one);
        }
        let facts = text(&[
            "l.given_name",
            "l.family_name",
            "l.family_key",
            "l.date_of_birth",
            "l.gender",
            "l.postcode",
            "l.former_names",
        ]);
        let id = identifier(url, "l.id")?;
        let sql =
            format!("SELECT {id} || {facts} AS line FROM learner l WHERE l.merged_into IS NULL");
        let learners = by_first(lines(&mut connection, &sql)?);
        let facts = text(&[
            "a.subject_kind",
            "a.subject_code",
            "a.title",
            "a.part_of",
            "a.body",
            "a.awarded_on",
            "a.started_on",
            "a.grade",
            "a.level",
            "a.credit",
            "a.status",
            "a.status_reason",
            "a.route",
            "a.standing",
            "a.result_id",
            "a.certificate_number",
        ]);
        let id = identifier(url, "a.id")?;
        let sql = format!(
            "SELECT {id} || {facts} AS line FROM achievement a WHERE a.replaced_by IS NULL"
        );
        let awards = by_first(lines(&mut connection, &sql)?);
        let mut picture = Picture {
            learners: learners.len(),
            awards: awards.len(),
            ..Picture::default()
        };
        for (id, mut told) in people {
            told.sort_by(|one, other| one.digest.cmp(&other.digest));
            let mut of_award: BTreeMap<Id, Vec<usize>> = BTreeMap::new();
            let mut person = Seen {
                facts: learners.get(&hex(id)).cloned().unwrap_or_default(),
                ..Seen::default()
            };
            for (place, one) in told.iter().enumerate() {
                of_award.entry(one.achievement_id).or_default().push(place);
                let (learner, mistakes) = self.truly(one, jobs)?;
                let truly = person.truly.entry(learner).or_default();
                truly.statements += 1;
                truly.mistakes.insert(mistakes.clone());
                *picture.statements.entry(mistakes).or_default() += 1;
            }
            for (award, members) in of_award {
                let facts = awards.get(&hex(award)).cloned().unwrap_or_default();
                person.awards.insert(format!("{facts} of {members:?}"));
            }
            let key = told.into_iter().map(|one| one.digest).collect();
            picture.people.insert(key, person);
        }
        Ok(picture)
    }

    /// Whom a statement is about in truth.
    fn truly(&self, one: &SourceRow, jobs: &HashMap<Id, String>) -> Result<Truly, Trouble> {
        let path = one.job_id.and_then(|job| jobs.get(&job));
        let path = path.ok_or("a statement of no import")?;
        if let Some(truly) = self.by_document.get(path).filter(|_| one.adapter != "lrs") {
            return Ok(truly.clone());
        }
        let record = one.decode()?;
        if one.adapter == "lrs" {
            // The service's number of an event is made of the learner's; the service makes no mistake about people.
            let number: u64 = record.record_id.parse()?;
            return Ok(((number - 1) / 8, String::new()));
        }
        let row = record.position.map_or(0, |position| position.row);
        let truly = self.by_row.get(&(path.clone(), row)).cloned();
        truly.ok_or_else(|| format!("{path}:{row} is not in the truth").into())
    }
}

fn word(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn hex(id: Id) -> String {
    id.bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The rest of each line, by what stands before the first bar.
fn by_first(lines: Vec<String>) -> HashMap<String, String> {
    let parted = |line: String| {
        let (first, rest) = line.split_once('|')?;
        Some((first.to_owned(), rest.to_owned()))
    };
    lines.into_iter().filter_map(parted).collect()
}

/// What a registry made of a set, without what depends on when it was told: identifiers, times, versions.
#[derive(Default)]
pub(crate) struct Picture {
    pub(crate) learners: usize,
    pub(crate) awards: usize,
    /// The learners, each by the digests of all that was told of them.
    people: BTreeMap<Vec<Vec<u8>>, Seen>,
    /// How many statements have which mistakes about people.
    statements: BTreeMap<String, usize>,
}

/// A learner as the registry sees them.
#[derive(Default)]
struct Seen {
    facts: String,
    /// Their awards, each with the places of its statements.
    awards: BTreeSet<String>,
    /// Whom the statements are about in truth.
    truly: BTreeMap<u64, About>,
}

/// The statements about one person on one learner.
#[derive(Default, Clone)]
struct About {
    statements: usize,
    mistakes: BTreeSet<String>,
}

impl About {
    /// What was wrong in all of them, or in the fewest words in some.
    fn why(&self) -> String {
        self.mistakes.first().cloned().unwrap_or_default()
    }
}

/// In what two pictures differ.
#[derive(Default, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Learners of the first whose statements are not together, or not alone, in the second.
    pub(crate) people: usize,
    /// Learners of the same statements with other names or birth dates.
    pub(crate) facts: usize,
    /// Learners of the same statements with other awards.
    pub(crate) awards: usize,
}

/// What went wrong with the people of whom statements have certain mistakes.
#[derive(Default, Debug, PartialEq, Eq, Clone, Copy)]
pub(crate) struct Wrong {
    /// Statements with these mistakes.
    pub(crate) statements: usize,
    /// One person on several learners: the learners beyond the first.
    pub(crate) missed: usize,
    /// Several people on one learner: the people beyond the first.
    pub(crate) falsely: usize,
}

impl Picture {
    pub(crate) fn difference(&self, other: &Self) -> Difference {
        let mut difference = Difference::default();
        for (key, person) in &self.people {
            match other.people.get(key) {
                None => difference.people += 1,
                Some(same) => {
                    difference.facts += usize::from(same.facts != person.facts);
                    difference.awards += usize::from(same.awards != person.awards);
                }
            }
        }
        difference
    }

    /// The facts of learners of the same statements that are others in the other picture, each as both have them, with the
    /// mistakes in what was told of them. Of invented people: to find a cause by.
    pub(crate) fn other_facts(&self, other: &Self) -> Vec<[String; 3]> {
        let both = self.people.iter().filter_map(|(key, person)| {
            let same = other.people.get(key)?;
            let mistakes = person.truly.values().flat_map(|about| &about.mistakes);
            let mistakes = mistakes.map(String::as_str).collect::<Vec<_>>().join(", ");
            (same.facts != person.facts)
                .then(|| [person.facts.clone(), same.facts.clone(), mistakes])
        });
        both.collect()
    }

    /// What is wrong, by the mistakes of the statements that went astray: of those that are about one person on
    /// one learner, the ones with the fewest mistakes say why. No mistake is the empty text.
    pub(crate) fn wrong(&self) -> BTreeMap<String, Wrong> {
        let mut wrong: BTreeMap<String, Wrong> = BTreeMap::new();
        for (mistakes, statements) in &self.statements {
            wrong.entry(mistakes.clone()).or_default().statements = *statements;
        }
        let mut places: BTreeMap<u64, Vec<&About>> = BTreeMap::new();
        for person in self.people.values() {
            let mut here: Vec<&About> = person.truly.values().collect();
            here.sort_by_key(|about| std::cmp::Reverse(about.statements));
            for about in here.into_iter().skip(1) {
                wrong.entry(about.why()).or_default().falsely += 1;
            }
            for (learner, about) in &person.truly {
                places.entry(*learner).or_default().push(about);
            }
        }
        for mut places in places.into_values() {
            places.sort_by_key(|about| std::cmp::Reverse(about.statements));
            for about in places.into_iter().skip(1) {
                wrong.entry(about.why()).or_default().missed += 1;
            }
        }
        wrong
    }

    /// All that is wrong together.
    pub(crate) fn all_wrong(&self) -> Wrong {
        self.wrong()
            .values()
            .fold(Wrong::default(), |sum, one| Wrong {
                statements: sum.statements + one.statements,
                missed: sum.missed + one.missed,
                falsely: sum.falsely + one.falsely,
            })
    }
}
