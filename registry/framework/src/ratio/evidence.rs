//! Which awards show what must also be held: English, mathematics, paediatric first aid. By words of the title,
//! since no register says it; the words are data.

use super::{Evidence, EvidenceKind};
use crate::award::Award;
use crate::catalogue::{Fault, RowError, read};
use schema::{Level, fold_name};

/// A row of `evidence.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRule {
    /// What an award shows.
    pub kind: EvidenceKind,
    /// Words that all stand in its title.
    pub words: Vec<String>,
    /// Words of which none does.
    pub without: Vec<String>,
    /// The level it has at least.
    pub level: Option<Level>,
}

/// Reads `evidence.csv`.
///
/// # Errors
/// Every [`RowError`] of the table.
pub fn evidence_rules(text: &str) -> Result<Vec<EvidenceRule>, Vec<RowError>> {
    read("evidence", text, &["kind", "words"], |row| {
        let kind = row.parsed(
            "kind",
            "english, maths, gcse-english, gcse-maths or first-aid",
            |text| {
                Some(match text {
                    "english" => EvidenceKind::English,
                    "maths" => EvidenceKind::Maths,
                    "gcse-english" => EvidenceKind::GcseEnglish,
                    "gcse-maths" => EvidenceKind::GcseMaths,
                    "first-aid" => EvidenceKind::FirstAid,
                    _ => return None,
                })
            },
        )?;
        let fold = |words: Vec<String>| words.iter().map(|word| fold_name(word)).collect();
        Ok(EvidenceRule {
            kind: kind.ok_or_else(|| row.fault("kind", Fault::Empty))?,
            words: fold(row.list("words")),
            without: fold(row.list("without")),
            level: row.level("level")?,
        })
    })
}

/// What of a person's awards shows something that must also be held.
#[must_use]
pub fn evidence(rules: &[EvidenceRule], awards: &[Award]) -> Vec<Evidence> {
    let mut found = Vec::new();
    for award in awards {
        let title = fold_name(&award.title);
        for rule in rules {
            let fits = !rule.words.is_empty()
                && rule.words.iter().all(|word| title.contains(word))
                && !rule.without.iter().any(|word| title.contains(word))
                && rule
                    .level
                    .is_none_or(|least| award.level.is_some_and(|level| level >= least));
            if fits {
                found.push(Evidence {
                    kind: rule.kind,
                    achievement: award.id.clone(),
                    title: award.title.clone(),
                    awarded_on: award.awarded_on,
                });
            }
        }
    }
    found
}
