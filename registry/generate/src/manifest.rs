//! What a set holds and what must come of it. Written last: a set without it is half a set.

use crate::mistake::Rates;
use crate::{FORMAT, Plan};
use schema::Code;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a row does, seen from who sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// An award that the sender did not tell of before.
    Created,
    /// Other facts of an award.
    Updated,
    /// A provisional award is final.
    Promoted,
    /// An award is withdrawn.
    Withdrawn,
    /// A withdrawal is taken back.
    Reinstated,
    /// Nothing that was not said before.
    Unchanged,
    /// The row is not taken.
    Rejected(Code),
}

impl Outcome {
    /// Its name in the truth's files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Promoted => "promoted",
            Self::Withdrawn => "withdrawn",
            Self::Reinstated => "reinstated",
            Self::Unchanged => "unchanged",
            Self::Rejected(_) => "rejected",
        }
    }
}

/// How many rows do what. The names are those of an import's report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the words of an import's report")]
pub struct Counts {
    pub records: u64,
    pub created: u64,
    pub updated: u64,
    pub promoted: u64,
    pub withdrawn: u64,
    pub reinstated: u64,
    pub unchanged: u64,
    pub rejected: u64,
    /// The rejected rows by their codes.
    pub rejected_by_code: BTreeMap<&'static str, u64>,
}

impl Counts {
    /// Counts one row.
    pub(crate) fn count(&mut self, outcome: Outcome) {
        self.records += 1;
        match outcome {
            Outcome::Created => self.created += 1,
            Outcome::Updated => self.updated += 1,
            Outcome::Promoted => self.promoted += 1,
            Outcome::Withdrawn => self.withdrawn += 1,
            Outcome::Reinstated => self.reinstated += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Rejected(code) => {
                self.rejected += 1;
                *self.rejected_by_code.entry(code.as_str()).or_default() += 1;
            }
        }
    }

    /// Adds the counts of another file.
    pub(crate) fn add(&mut self, other: &Self) {
        self.records += other.records;
        self.created += other.created;
        self.updated += other.updated;
        self.promoted += other.promoted;
        self.withdrawn += other.withdrawn;
        self.reinstated += other.reinstated;
        self.unchanged += other.unchanged;
        self.rejected += other.rejected;
        for (code, count) in &other.rejected_by_code {
            *self.rejected_by_code.entry(code).or_default() += count;
        }
    }
}

/// A file to import, in the order in which files are to be imported.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResultFile {
    /// Where it is in the set.
    pub path: String,
    /// Where the path is a folder: how many files it holds, each of them an import of its own, in the order of
    /// their names. Size and counts are of all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documents: Option<u64>,
    /// The adapter that reads it.
    pub adapter: &'static str,
    /// Whose push it is; none where it is an operator's import.
    pub awarding_body: Option<String>,
    /// Its size.
    pub bytes: u64,
    /// What an import of it must report, where the files before it were imported.
    pub expected: Counts,
}

/// A file of the register, to be loaded before results.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueFile {
    /// Where it is in the set.
    pub path: String,
    /// The format's name for `registry catalogue import`.
    pub format: &'static str,
    /// Rows without the headings.
    pub rows: u64,
}

/// A file of the truth, which is not for the registry.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TruthFile {
    /// Where it is in the set.
    pub path: String,
    /// Rows without the headings.
    pub rows: u64,
}

/// What must come of a set as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Expected {
    /// All files' rows.
    pub rows: Counts,
    /// The learners whom a registry without fault ends with: those of whom a row tells that is not rejected.
    pub learners: u64,
    /// The awards that it ends with.
    pub awards: u64,
    /// What matching by equality alone must end with; only where no mistake was made.
    pub exact_matching: Option<Ends>,
}

/// How many learners and awards a registry ends with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ends {
    /// Learners.
    pub learners: u64,
    /// Awards.
    pub awards: u64,
}

/// What a set holds.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The number of this layout of sets; it rises where the same seed gives other bytes.
    pub format: u32,
    /// Says that nobody in the set exists.
    pub note: &'static str,
    /// The version of the program that made it.
    pub version: &'static str,
    /// The seed.
    pub seed: u64,
    /// How many learners there are.
    pub learners: u64,
    /// The share of learners who look like somebody else.
    pub look_alikes: f64,
    /// The share of learners who bring documents, of each kind.
    pub documents: f64,
    /// How often each mistake was made.
    pub mistakes: Rates,
    /// The register.
    pub catalogue: Vec<CatalogueFile>,
    /// The results.
    pub files: Vec<ResultFile>,
    /// The truth.
    pub truth: Vec<TruthFile>,
    /// What must come of it.
    pub expected: Expected,
}

impl Manifest {
    pub(crate) fn new(plan: &Plan) -> Self {
        Self {
            format: FORMAT,
            note: "Synthetic: every person and every result is invented. Not to be mixed with real records.",
            version: env!("CARGO_PKG_VERSION"),
            seed: plan.seed,
            learners: plan.learners,
            look_alikes: plan.look_alikes,
            documents: plan.documents,
            mistakes: plan.rates.clone(),
            catalogue: Vec::new(),
            files: Vec::new(),
            truth: Vec::new(),
            expected: Expected::default(),
        }
    }
}
