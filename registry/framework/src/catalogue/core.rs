//! The Common Core, National Occupational Standards, the Knowledge and Skills Framework, levels, prior learning.

use super::{Row, RowError, read};
use crate::level::LevelEquivalence;
use schema::Level;

/// An area of the Common Core of skills and knowledge (2005, refreshed 2010).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommonCoreArea {
    /// Its number, 1 to 6, as a code.
    pub code: String,
    /// The edition's year.
    pub edition: u16,
    /// Its title in that edition.
    pub title: String,
    /// Its headings of skills and knowledge.
    pub headings: Vec<String>,
    /// Where it was read.
    pub source: String,
    /// Whether a source confirmed it.
    pub confirmed: bool,
}

/// Reads `common_core.csv`: a row an area (`kind` `area`) or a heading of it.
///
/// # Errors
/// Every [`RowError`] of the table.
pub fn common_core(text: &str) -> Result<Vec<CommonCoreArea>, Vec<RowError>> {
    let required = [
        "area",
        "edition",
        "area_title",
        "kind",
        "heading",
        "verified",
        "source",
    ];
    let rows = read("common_core", text, &required, |row: &Row<'_>| {
        Ok((
            CommonCoreArea {
                code: row.required("area")?,
                edition: row.number("edition")?.unwrap_or(0),
                title: row.required("area_title")?,
                headings: Vec::new(),
                source: row.required("source")?,
                confirmed: row.confirmed("verified")?,
            },
            (row.text("kind") != "area").then(|| row.text("heading").to_owned()),
        ))
    })?;
    let mut areas: Vec<CommonCoreArea> = Vec::new();
    for (row, heading) in rows {
        let known = areas
            .iter()
            .position(|area| area.code == row.code && area.edition == row.edition);
        let place = known.unwrap_or(areas.len());
        if known.is_none() {
            areas.push(row);
        }
        if let Some(area) = areas.get_mut(place) {
            area.headings.extend(heading);
        }
    }
    Ok(areas)
}

/// A National Occupational Standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standard {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// The suite it belongs to.
    pub suite: String,
    /// Its level, where standards have one.
    pub level: Option<Level>,
    /// Who owns it.
    pub owner: Option<String>,
    /// When it was approved, as the source says.
    pub approved: Option<String>,
    /// The code of a standard that says the same.
    pub same_as: Option<String>,
    /// Where it was read.
    pub source: String,
    /// Whether a source confirmed it.
    pub confirmed: bool,
}

/// Reads `nos.csv`.
///
/// # Errors
/// Every [`RowError`] of the table.
pub fn standards(text: &str) -> Result<Vec<Standard>, Vec<RowError>> {
    read(
        "nos",
        text,
        &["code", "title", "suite", "verified", "source"],
        |row| {
            Ok(Standard {
                code: row.required("code")?,
                title: row.required("title")?,
                suite: row.required("suite")?,
                // Some suites state a range of levels, which names no single one.
                level: Level::parse(row.text("level")),
                owner: row.owned("owner"),
                approved: row.owned("approved"),
                same_as: row.owned("same_as"),
                source: row.required("source")?,
                confirmed: row.confirmed("verified")?,
            })
        },
    )
}

/// A dimension of the NHS Knowledge and Skills Framework (October 2004).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KsfDimension {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Whether it is one of the six core dimensions.
    pub core: bool,
    /// Where it was read.
    pub source: String,
    /// Whether a source confirmed it.
    pub confirmed: bool,
}

/// Reads `ksf.csv`.
///
/// # Errors
/// Every [`RowError`] of the table.
pub fn ksf(text: &str) -> Result<Vec<KsfDimension>, Vec<RowError>> {
    read(
        "ksf",
        text,
        &["code", "group", "name", "verified", "source"],
        |row| {
            Ok(KsfDimension {
                code: row.required("code")?,
                title: row.required("name")?,
                core: row.text("group") == "Core",
                source: row.required("source")?,
                confirmed: row.confirmed("verified")?,
            })
        },
    )
}

/// Reads `levels.csv`.
///
/// # Errors
/// Every [`RowError`] of the table.
pub fn levels(text: &str) -> Result<Vec<LevelEquivalence>, Vec<RowError>> {
    let required = [
        "eqf",
        "rqf_england_ni",
        "cqfw_wales",
        "scqf_scotland",
        "verified",
        "source",
    ];
    read("levels", text, &required, |row| {
        Ok(LevelEquivalence {
            level: row.level("rqf_england_ni")?,
            eqf: row.number("eqf")?,
            cqfw: row.owned("cqfw_wales"),
            scqf: row.owned("scqf_scotland"),
            nfq: row.owned("nfq_ireland"),
            fheq: row.owned("fheq_eng_wales_ni"),
            source: row.required("source")?,
            confirmed: row.confirmed("verified")?,
        })
    })
}

/// A fact about the accreditation of prior learning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriorLearningFact {
    /// What it is about: a stage, a role, evidence.
    pub topic: String,
    /// The fact.
    pub fact: String,
    /// Where it was read.
    pub source: String,
    /// Whether a source confirmed it.
    pub confirmed: bool,
}

/// Reads `rpl.csv`.
///
/// # Errors
/// Every [`RowError`] of the table.
pub fn prior_learning(text: &str) -> Result<Vec<PriorLearningFact>, Vec<RowError>> {
    read(
        "rpl",
        text,
        &["topic", "fact", "verified", "source"],
        |row| {
            Ok(PriorLearningFact {
                topic: row.required("topic")?,
                fact: row.required("fact")?,
                source: row.required("source")?,
                confirmed: row.confirmed("verified")?,
            })
        },
    )
}
