//! Learning outcomes: what whoever gains a unit has learned, and by which criteria that is assessed.

use super::{RowError, read};

/// An outcome of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The unit's key.
    pub unit: String,
    /// Its code within the unit.
    pub code: String,
    /// What has been learned.
    pub title: String,
    /// The criteria by which it is assessed.
    pub criteria: Vec<String>,
    /// Where it was read.
    pub source: String,
    /// Whether a source confirmed it.
    pub confirmed: bool,
}

/// Reads `outcomes.csv`.
///
/// # Errors
/// Every [`RowError`] of the table.
pub fn outcomes(text: &str) -> Result<Vec<Outcome>, Vec<RowError>> {
    let required = ["unit", "code", "title", "criteria", "verified", "source"];
    read("outcomes", text, &required, |row| {
        Ok(Outcome {
            unit: row.required("unit")?,
            code: row.required("code")?,
            title: row.required("title")?,
            criteria: row.list("criteria"),
            source: row.required("source")?,
            confirmed: row.confirmed("verified")?,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_has_its_criteria_in_order() {
        let table = "unit,code,title,criteria,verified,source\n\
                     L/601/1693,1,Know the stages,Name them | Order them,V,an invented source\n";
        let found = outcomes(table).unwrap_or_default();
        let one = found.first();
        assert_eq!(one.map(|one| one.code.as_str()), Some("1"));
        assert_eq!(
            one.map(|one| one.criteria.clone()).unwrap_or_default(),
            ["Name them", "Order them"]
        );
        let faults = outcomes(&table.replace("Know the stages", "")).err();
        let told: Vec<String> = faults.iter().flatten().map(ToString::to_string).collect();
        assert_eq!(told, ["outcomes, row 2, column title: the cell is empty"]);
    }
}
