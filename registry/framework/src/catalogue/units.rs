//! Units.

use super::{Row, RowError, read};
use crate::structure::UnitFacts;

/// A unit of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// What rules of combination need of it.
    pub facts: UnitFacts,
    /// Its reference, where known.
    pub reference: Option<String>,
    /// The code by which its owner calls it.
    pub owner_code: Option<String>,
    /// The Common Core areas it covers, by code.
    pub areas: Vec<String>,
    /// Whether a source says so; else it is read from the unit's title.
    pub areas_confirmed: bool,
    /// Codes of National Occupational Standards it is linked with.
    pub standards: Vec<String>,
    /// Codes of dimensions of the Knowledge and Skills Framework it is linked with.
    pub ksf: Vec<String>,
    /// Where else it is used, in words.
    pub shared_with: Option<String>,
    /// Where it was read.
    pub source: String,
    /// Whether its level, credit and hours, where stated, were confirmed by a source.
    pub confirmed: bool,
}

/// Reads `units.csv`. A unit's key is the column `unit`, else its reference, else its owner's code, else its title.
///
/// # Errors
/// Every [`RowError`] of the table.
pub fn units(text: &str) -> Result<Vec<Unit>, Vec<RowError>> {
    let required = [
        "reference",
        "owner_code",
        "title",
        "level",
        "credit",
        "glh",
        "source",
    ];
    read("units", text, &required, |row| {
        let title = row.required("title")?;
        let reference = row.owned("reference");
        let owner_code = row.owned("owner_code");
        let key = row
            .owned("unit")
            .or_else(|| reference.clone())
            .or_else(|| owner_code.clone())
            .unwrap_or_else(|| title.clone());
        let level = row.level("level")?;
        let credit = row.number("credit")?;
        let hours = row.number("glh")?;
        let (level_read, credit_read) = marks(row);
        let rules = (level.is_none() || level_read) && (credit.is_none() || credit_read);
        let hours_read = hours.is_none() || row.text("glh_verified") == "V";
        Ok(Unit {
            facts: UnitFacts {
                key,
                title,
                level,
                credit,
                guided_learning_hours: hours,
                equivalents: row.list("equivalents"),
                confirmed: rules,
            },
            reference,
            owner_code,
            areas: row.list("areas"),
            areas_confirmed: row.confirmed("areas_verified")?,
            standards: row.list("standards"),
            ksf: row.list("ksf"),
            shared_with: row.owned("shared_with_or_equivalence"),
            source: row.required("source")?,
            confirmed: rules && hours_read,
        })
    })
}

/// Whether level and credit were read in a source: `V`, `N`, or which of the two, as `level V, credit N`.
fn marks(row: &Row<'_>) -> (bool, bool) {
    let text = row.text("level_credit_verified");
    let both = text == "V";
    (
        both || text.contains("level V"),
        both || text.contains("credit V"),
    )
}
