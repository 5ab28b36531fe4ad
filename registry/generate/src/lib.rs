//! Invented people and results, as the files in which awarding bodies, recorders and people would send them: for
//! trials and benchmarks, with mistakes and duplicates of which it is known what they are.
//!
//! [`generate`] writes a set: the register's extracts, result files, the truth about them, and last a manifest
//! that says what must come of it. The same [`Plan`] and version give the same bytes. A learner is a pure
//! function of the seed and the learner's number, and learners are told of one after the other, so that a set
//! of any size takes the same memory.
//!
//! The way of a learner: `person` says who it is, `award` what is true, `stated` which mistakes are made on the
//! way, `tell` in which files it stands and what the registry makes of each row; `table`, `events`, `transcript` and
//! `credential` know the formats. Nothing here opens a file or a database: files are made by a [`Folder`].

mod award;
mod catalogue;
mod credential;
mod document;
mod draw;
mod events;
mod folder;
mod manifest;
mod mistake;
mod names;
mod number;
mod person;
mod stated;
mod table;
mod tell;
mod text;
mod transcript;
mod truth;

pub use folder::Folder;
pub use manifest::{
    CatalogueFile, Counts, Ends, Expected, Manifest, Outcome, ResultFile, TruthFile,
};
pub use mistake::{Mistake, Rates};
pub use number::LEARNERS_MOST;
pub use person::{Likeness, Person};

use award::Award;
use catalogue::Catalogue;
use person::Population;
use std::io;
use std::sync::mpsc::{SyncSender, sync_channel};
use table::{Manner, Rows};
use tell::Teller;

/// The number of the layout of sets. It rises where the same plan gives other bytes.
pub const FORMAT: u32 = 2;

/// What is to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// How many learners, at most [`LEARNERS_MOST`].
    pub learners: u64,
    /// What everything is drawn from.
    pub seed: u64,
    /// The share of learners who look like somebody else, from 0 to 1.
    pub look_alikes: f64,
    /// The share of learners of whom there is a transcript, badges, a learner record: of each kind by itself.
    pub documents: f64,
    /// How often each mistake is made.
    pub rates: Rates,
}

impl Plan {
    /// A plan with what is usual.
    #[must_use]
    pub fn new(learners: u64, seed: u64) -> Self {
        Self {
            learners,
            seed,
            look_alikes: 0.1,
            documents: 0.1,
            rates: Rates::usual(1.0),
        }
    }

    /// The learner of that number, whether the plan has so many or not.
    #[must_use]
    pub fn person(&self, number: u64) -> Person {
        Population::new(self.seed, self.look_alikes).person(number)
    }
}

/// How many learners are made at a time, and how many such chunks may wait to be told of.
const CHUNK: u64 = 1024;
const AHEAD: usize = 4;

/// Writes a set into `folder`; `progress` hears how many learners are done. The manifest that is answered is for
/// the caller to write, last.
///
/// # Errors
/// A file cannot be made or written. What was written then is half a set.
pub fn generate(
    plan: &Plan,
    folder: &mut dyn Folder,
    progress: &mut dyn FnMut(u64),
) -> io::Result<Manifest> {
    let catalogue = Catalogue::new();
    let mut manifest = Manifest::new(plan);
    manifest.catalogue = register(&catalogue, folder)?;
    let population = Population::new(plan.seed, plan.look_alikes);
    let mut teller = Teller::new(plan, &catalogue, folder)?;
    // Learners are thought up on one thread while this one tells of those before them, in their order.
    std::thread::scope(|threads| {
        let (made, next) = sync_channel(AHEAD);
        let (population, catalogue) = (&population, &catalogue);
        threads.spawn(move || make(plan, population, catalogue, &made));
        let mut done = 0;
        for chunk in next {
            for (person, awards) in &chunk {
                teller.tell(person, awards)?;
            }
            done += chunk.len() as u64;
            progress(done);
        }
        io::Result::Ok(())
    })?;
    teller.finish(&mut manifest)?;
    Ok(manifest)
}

/// A learner with what they were awarded.
type Made = (Person, Vec<Award>);

/// Makes the plan's learners, a chunk at a time, until nobody wants more.
fn make(plan: &Plan, population: &Population, catalogue: &Catalogue, made: &SyncSender<Vec<Made>>) {
    let mut first = 0;
    while first < plan.learners {
        let last = (first + CHUNK).min(plan.learners);
        let learner = |number| {
            let person = population.person(number);
            let awards = award::awards(plan.seed, &person, catalogue);
            (person, awards)
        };
        if made.send((first..last).map(learner).collect()).is_err() {
            return;
        }
        first = last;
    }
}

/// Writes the register's extracts.
fn register(catalogue: &Catalogue, folder: &mut dyn Folder) -> io::Result<Vec<CatalogueFile>> {
    let extracts = [
        (
            "organisations",
            "ofqual-organisations",
            catalogue.organisations(),
        ),
        (
            "qualifications",
            "ofqual-qualifications",
            catalogue.qualifications(),
        ),
    ];
    let mut files = Vec::new();
    for (name, format, rows) in extracts {
        let path = format!("catalogue/{name}.csv");
        let mut file = Rows::create(folder, &path, Manner::PLAIN)?;
        for row in &rows {
            file.add(row.iter().map(String::as_str))?;
        }
        let rows = file.rows - 1;
        file.finish()?;
        files.push(CatalogueFile { path, format, rows });
    }
    Ok(files)
}
