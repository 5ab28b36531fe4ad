//! What a document holds, gathered before records are made of it: grading schemes and the signature stand
//! after the results that they belong to.

use crate::credit::{Credit, Level};
use crate::identifier::Identifier;
use crate::title::Texts;
use sdk::{Position, StatedField, Stop};
use std::collections::BTreeMap;

/// The most results of one learner.
const MOST_RESULTS: usize = 5_000;
/// The most bytes of words that are kept of a document.
const MOST_WORDS: usize = 32 * 1024 * 1024;

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
    words: usize,
}

/// The learner.
#[derive(Default, Clone)]
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
#[derive(Default, Clone)]
pub(crate) struct Words {
    fields: Vec<StatedField>,
    taken: BTreeMap<String, u32>,
    bytes: usize,
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
    /// Counts words in that are about to be kept.
    ///
    /// # Errors
    /// `transcript-too-large`.
    pub(crate) fn grow(&mut self, words: usize, place: Position) -> Result<(), Stop> {
        self.words += words;
        if self.words > MOST_WORDS || self.opportunities.len() > MOST_RESULTS {
            return Err(Stop::new(
                "transcript-too-large",
                format!(
                    "The document holds more than {MOST_RESULTS} results or {} MiB of words, which no learner's transcript does.",
                    MOST_WORDS >> 20
                ),
            )
            .at(place));
        }
        Ok(())
    }
}
