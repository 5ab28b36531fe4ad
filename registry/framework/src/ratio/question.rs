//! Questions that the list of early-years qualifications asks about some of them.

use crate::catalogue::{RowError, read};

/// A row of `question_ids.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedQuestion {
    /// The question's identifier.
    pub id: String,
    /// What it asks.
    pub meaning: String,
    /// The answer that makes a qualification full and relevant; none where that is not known.
    pub expected: Option<bool>,
    /// Where it was read.
    pub source: String,
    /// Whether a source confirmed it.
    pub confirmed: bool,
}

/// Reads `question_ids.csv`.
///
/// # Errors
/// Every [`RowError`] of the table.
pub fn questions(text: &str) -> Result<Vec<ListedQuestion>, Vec<RowError>> {
    read(
        "question_ids",
        text,
        &["question_id", "meaning", "source"],
        |row| {
            Ok(ListedQuestion {
                id: row.required("question_id")?,
                meaning: row.required("meaning")?,
                expected: row.yes("expected")?,
                source: row.required("source")?,
                confirmed: row.confirmed("verified")?,
            })
        },
    )
}
