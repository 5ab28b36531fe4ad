//! Which areas of the Common Core a person's units cover.

use crate::award::Award;
use crate::catalogue::{CommonCoreArea, Unit};

/// An area, and what covers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaCoverage {
    /// The area's code.
    pub area: String,
    /// The edition.
    pub edition: u16,
    /// Whether anything held covers it.
    pub covered: bool,
    /// The achievements that do, by identifier.
    pub by: Vec<String>,
    /// Whether a source says that these units cover it.
    pub confirmed: bool,
}

/// What of one edition of the Common Core is covered. Units accepted in place of others cover what those cover.
#[must_use]
pub fn coverage(
    areas: &[CommonCoreArea],
    edition: u16,
    units: &[Unit],
    awards: &[Award],
) -> Vec<AreaCoverage> {
    areas
        .iter()
        .filter(|area| area.edition == edition)
        .map(|area| {
            let covering: Vec<&Unit> = units
                .iter()
                .filter(|unit| unit.areas.contains(&area.code))
                .collect();
            let by: Vec<String> = awards
                .iter()
                .filter(|award| {
                    covering.iter().any(|unit| {
                        unit.facts.key == award.code()
                            || unit.facts.equivalents.iter().any(|key| key == award.code())
                    })
                })
                .map(|award| award.id.clone())
                .collect();
            AreaCoverage {
                area: area.code.clone(),
                edition,
                covered: !by.is_empty(),
                confirmed: area.confirmed && covering.iter().all(|unit| unit.areas_confirmed),
                by,
            }
        })
        .collect()
}
