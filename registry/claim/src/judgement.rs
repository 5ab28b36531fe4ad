//! Judgements: whether an outcome is met, and what the evidence for it is worth.

use crate::person::Person;

/// Whether an outcome is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Met {
    /// It is.
    Yes,
    /// Not yet.
    NotYet,
    /// The evidence does not say.
    Undetermined,
}

impl Met {
    /// The name under which it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::NotYet => "not-yet",
            Self::Undetermined => "undetermined",
        }
    }

    /// That of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Yes, Self::NotYet, Self::Undetermined]
            .into_iter()
            .find(|met| met.as_str() == text)
    }
}

/// What evidence must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the field's own words")]
pub enum Quality {
    Valid,
    Authentic,
    Reliable,
    Current,
    Sufficient,
}

/// What the evidence for one outcome is judged to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the field's own words")]
pub struct Qualities {
    pub valid: bool,
    pub authentic: bool,
    pub reliable: bool,
    pub current: bool,
    pub sufficient: bool,
}

impl Qualities {
    /// What it is not.
    #[must_use]
    pub fn lacking(self) -> Vec<Quality> {
        let all = [
            (self.valid, Quality::Valid),
            (self.authentic, Quality::Authentic),
            (self.reliable, Quality::Reliable),
            (self.current, Quality::Current),
            (self.sufficient, Quality::Sufficient),
        ];
        let lacking = all.into_iter().filter(|(is, _)| !is);
        lacking.map(|(_, quality)| quality).collect()
    }
}

/// A judgement of one outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The outcome's name within the claim.
    pub outcome: String,
    /// Whether it is met.
    pub met: Met,
    /// The evidence on which it rests.
    pub evidence: Vec<[u8; 16]>,
    /// What that is worth.
    pub qualities: Qualities,
    /// What the assessor says of it.
    pub note: Option<String>,
    /// Whether it was made in an appeal.
    pub appeal: bool,
    /// Who judged.
    pub by: Person,
}
