//! `[matching]`: when two learners who are alike are taken for one person.

use serde::{Deserialize, Serialize};

/// When two learners who are alike are taken for one person. Who has a ULN of their own is never joined by likeness
/// to somebody who has another one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Matching {
    /// How probable it must be that two are one, for them to be joined. At the default one in ten thousand joined
    /// pairs may be wrong. Exactly equal names and birth date, which nobody else has, count as 0.9998 at least: above
    /// that whoever has no ULN is joined by more than these alone.
    pub link: f64,
    /// How probable it must be for a steward to be asked.
    pub case: f64,
    /// How many people there are of whom the registry could hear: the more, the more often two of them are alike by
    /// chance.
    pub population: u32,
}

impl Default for Matching {
    fn default() -> Self {
        let thresholds = identity::Thresholds::default();
        Self {
            link: thresholds.link,
            case: thresholds.case,
            population: 2_650_000,
        }
    }
}
