//! What a document holds, gathered before records are made of it: grading schemes and the signature stand
//! after the results that they belong to.

use crate::credit::{Credit, Level};
use crate::identifier::Identifier;
use crate::title::Texts;
use sdk::{Position, StatedField, Stop};
use std::collections::BTreeMap;

/// The most reports of one learner.
const MOST_REPORTS: usize = 100;
/// The most things learned, and the most results, of one learner.
const MOST_RESULTS: usize = 5_000;
/// The most results of one thing learned: so often nobody tries again.
const MOST_ATTEMPTS: usize = 50;
/// The most bytes that are kept of a document.
const MOST_KEPT: usize = 32 * 1024 * 1024;
/// What every element counts beside its text and attributes: about what a list takes for one more entry.
const ELEMENT: usize = 64;

/// One learner's document.
#[derive(Default)]
pub(crate) struct Transcript {
    pub(crate) learner: Learner,
    pub(crate) reports: Vec<Report>,
    /// Each after the one that it is a part of.
    pub(crate) opportunities: Vec<Opportunity>,
    pub(crate) generated_on: String,
    /// The path of its XML signature.
    pub(crate) signature: Option<String>,
    pub(crate) kept: Kept,
}

/// What is kept of a document, counted while it grows.
#[derive(Default)]
pub(crate) struct Kept {
    bytes: usize,
    results: usize,
}

/// The learner.
#[derive(Default, Clone, PartialEq)]
pub(crate) struct Learner {
    pub(crate) identifiers: Vec<Identifier>,
    pub(crate) given_names: String,
    pub(crate) family_name: String,
    pub(crate) born_on: String,
    pub(crate) gender: String,
    pub(crate) postcode: String,
    pub(crate) words: Words,
}

/// What one institution reports.
#[derive(Default)]
pub(crate) struct Report {
    /// The learner as this report names them, in the dialect that has the learner here.
    pub(crate) learner: Option<Learner>,
    pub(crate) identifiers: Vec<Identifier>,
    pub(crate) titles: Texts,
    pub(crate) issued_on: String,
    /// The descriptions of each grading scheme, by the identifier that it has in this report.
    pub(crate) grading_schemes: BTreeMap<String, Words>,
    pub(crate) words: Words,
}

/// Something that can be learned, with what came of it.
#[derive(Default)]
pub(crate) struct Opportunity {
    pub(crate) report: usize,
    /// The place in [`Transcript::opportunities`] of the one that it is a part of.
    pub(crate) part_of: Option<usize>,
    pub(crate) place: Position,
    pub(crate) identifiers: Vec<Identifier>,
    pub(crate) titles: Texts,
    pub(crate) credits: Vec<Credit>,
    pub(crate) levels: Vec<Level>,
    pub(crate) instances: Vec<Instance>,
    pub(crate) words: Words,
}

/// What came of it.
#[derive(Default)]
pub(crate) struct Instance {
    pub(crate) identifiers: Vec<Identifier>,
    pub(crate) status: String,
    pub(crate) started_on: String,
    pub(crate) awarded_on: String,
    pub(crate) grade: String,
    pub(crate) grading_scheme: String,
    pub(crate) credits: Vec<Credit>,
    pub(crate) levels: Vec<Level>,
    pub(crate) words: Words,
}

/// The source's own words, each under a name of its own.
#[derive(Default, Clone, PartialEq)]
pub(crate) struct Words {
    fields: Vec<StatedField>,
    taken: BTreeMap<String, u32>,
    bytes: usize,
    left_out: bool,
}

/// The most words of one element, and bytes of them. More are not kept: they are in the file.
const MOST_FIELDS: usize = 512;
const MOST_BYTES: usize = 64 * 1024;
/// The most bytes of what every record of a report repeats.
const MOST_SHARED: usize = 8 * 1024;

impl Words {
    pub(crate) fn fields(&self) -> &[StatedField] {
        &self.fields
    }

    /// There were more than are kept.
    pub(crate) fn left_out(&self) -> bool {
        self.left_out
    }

    /// The first of them, which stand beside every result.
    pub(crate) fn shared(&self) -> impl Iterator<Item = StatedField> {
        let mut bytes = 0;
        let fits = move |field: &&StatedField| {
            bytes += field.name.len() + field.value.len();
            bytes <= MOST_SHARED
        };
        self.fields.iter().take_while(fits).cloned()
    }

    /// Adds the words under a name, which is numbered where it is taken.
    pub(crate) fn add(&mut self, name: String, value: &str) {
        let bytes = self.bytes + name.len() + value.len();
        if self.fields.len() >= MOST_FIELDS || bytes > MOST_BYTES {
            self.left_out = true;
            return;
        }
        self.bytes = bytes;
        let number = self.taken.entry(name.clone()).or_default();
        *number += 1;
        self.fields.push(StatedField {
            name: match *number {
                1 => name,
                number => format!("{name} ({number})"),
            },
            value: value.to_owned(),
        });
    }
}

impl Transcript {
    /// Makes room for another report; answers its place.
    ///
    /// # Errors
    /// `transcript-too-large`.
    pub(crate) fn add_report(&mut self, place: Position) -> Result<usize, Stop> {
        if self.reports.len() >= MOST_REPORTS {
            return Err(too_large(&format!("{MOST_REPORTS} reports"), place));
        }
        self.reports.push(Report::default());
        Ok(self.reports.len() - 1)
    }

    /// Makes room for another thing learned; answers its place.
    ///
    /// # Errors
    /// `transcript-too-large`.
    pub(crate) fn add_opportunity(&mut self, place: &Position) -> Result<usize, Stop> {
        if self.opportunities.len() >= MOST_RESULTS {
            let what = format!("{MOST_RESULTS} things learned");
            return Err(too_large(&what, place.clone()));
        }
        self.kept.add(place.path.len(), place)?;
        self.opportunities.push(Opportunity::default());
        Ok(self.opportunities.len() - 1)
    }
}

impl Kept {
    /// Counts an element, or the text of one, that may be kept: `bytes` of it.
    ///
    /// # Errors
    /// `transcript-too-large`.
    pub(crate) fn add(&mut self, bytes: usize, place: &Position) -> Result<(), Stop> {
        self.bytes = self.bytes.saturating_add(bytes).saturating_add(ELEMENT);
        if self.bytes > MOST_KEPT {
            let what = format!("{} MiB of words", MOST_KEPT >> 20);
            return Err(too_large(&what, place.clone()));
        }
        Ok(())
    }

    /// Counts a result, which is the one after `before` of the same thing learned.
    ///
    /// # Errors
    /// `transcript-too-large`.
    pub(crate) fn add_result(&mut self, before: usize, place: &Position) -> Result<(), Stop> {
        self.results += 1;
        if before >= MOST_ATTEMPTS {
            let what = format!("{MOST_ATTEMPTS} results of one thing learned");
            return Err(too_large(&what, place.clone()));
        }
        if self.results > MOST_RESULTS {
            return Err(too_large(&format!("{MOST_RESULTS} results"), place.clone()));
        }
        Ok(())
    }
}

fn too_large(what: &str, place: Position) -> Stop {
    Stop::new(
        "transcript-too-large",
        format!("The document holds more than {what}, which no learner's transcript does."),
    )
    .at(place)
}
