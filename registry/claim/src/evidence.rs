//! Evidence: what is brought to show that an outcome is met.

use crate::person::{Part, Person};
use schema::Date;

/// The most pieces of evidence of one claim.
pub const MOST_EVIDENCE: usize = 100;

/// What kind of evidence it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceKind {
    /// A file.
    Document,
    /// Work in a role.
    Employment,
    /// What somebody who saw it says, under their own token.
    WitnessTestimony,
    /// An achievement in the registry.
    Achievement,
    /// An entry of the development record.
    Development,
    /// What the assessor saw.
    Observation,
}

impl EvidenceKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Document,
        Self::Employment,
        Self::WitnessTestimony,
        Self::Achievement,
        Self::Development,
        Self::Observation,
    ];

    /// The name under which the kind is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Employment => "employment",
            Self::WitnessTestimony => "witness-testimony",
            Self::Achievement => "achievement",
            Self::Development => "development",
            Self::Observation => "observation",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Who brings it.
    #[must_use]
    pub fn by(self) -> Part {
        match self {
            Self::WitnessTestimony => Part::Witness,
            Self::Observation => Part::Assessor,
            _ => Part::Claimant,
        }
    }
}

/// A piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its identifier.
    pub id: [u8; 16],
    /// Its kind.
    pub kind: EvidenceKind,
    /// The outcomes for which it is brought.
    pub outcomes: Vec<String>,
    /// The day of which it speaks, or the last of them.
    pub dated_on: Option<Date>,
    /// Of an achievement, what it is of: a unit's reference or a qualification's number.
    pub of: Option<String>,
    /// Of an achievement, whether it counts: final, and a body's or a trusted recorder's word.
    pub counts: bool,
    /// Who brought it.
    pub by: Person,
}
