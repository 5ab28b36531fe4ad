//! How many children to an adult, and what staff: the rows of a table by setting, age and day.

use crate::catalogue::{Fault, RowError, read};
use schema::Date;

/// What staff of a level a row asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffNeed {
    /// At least so many who count at a level.
    Some(u8, u32),
    /// At least half of all others count at a level.
    HalfOfOthers(u8),
    /// At least one school teacher.
    Teacher,
    /// Every adult who is counted is a school teacher.
    TeacherEach,
    /// At least one with full paediatric first aid.
    FirstAid,
    /// Something that no record of qualifications says, in words.
    Unrecorded(String),
}

/// A row of `ratio_numbers.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatioNumber {
    /// Its code.
    pub code: String,
    /// The settings it holds in, by code.
    pub settings: Vec<String>,
    /// The setting in words.
    pub setting: String,
    /// The age band in words.
    pub band: String,
    /// The ages, in months: from, and up to but not with; none: all ages.
    pub ages: Option<(u32, u32)>,
    /// The most children to an adult; none where the row asks something else.
    pub most: Option<u32>,
    /// Rows of one setting and age that share this are alternatives: one of them is enough.
    pub alternative: Option<String>,
    /// The staff it asks.
    pub staff: Vec<StaffNeed>,
    /// Since when it is in force.
    pub valid_from: Option<Date>,
    /// The last day on which it was.
    pub valid_until: Option<Date>,
    /// The rule in words.
    pub text: String,
    /// Where it was read.
    pub source: String,
    /// Whether a source confirmed it.
    pub confirmed: bool,
}

/// Reads `ratio_numbers.csv`.
///
/// # Errors
/// Every [`RowError`] of the table.
pub fn ratio_numbers(text: &str) -> Result<Vec<RatioNumber>, Vec<RowError>> {
    let required = [
        "code",
        "setting_codes",
        "setting",
        "age_band",
        "staff",
        "text",
        "verified",
        "source",
    ];
    read("ratio_numbers", text, &required, |row| {
        let ages = row.number("from_months")?.zip(row.number("to_months")?);
        let staff: Result<Vec<StaffNeed>, RowError> = row
            .list("staff")
            .iter()
            .map(|part| {
                staff_need(part).ok_or_else(|| {
                    let fault = Fault::Not {
                        found: part.clone(),
                        expected: "staff, as `3:1`, `half:2`, `teacher`, `teacher:each`, `first-aid` or `unrecorded:…`",
                    };
                    row.fault("staff", fault)
                })
            })
            .collect();
        Ok(RatioNumber {
            code: row.required("code")?,
            settings: row.list("setting_codes"),
            setting: row.required("setting")?,
            band: row.owned("age_band").unwrap_or_default(),
            ages,
            most: row.number("max_children_per_adult")?,
            alternative: row.owned("alternative"),
            staff: staff?,
            valid_from: row.from("from")?,
            valid_until: row.until("to")?,
            text: row.required("text")?,
            source: row.required("source")?,
            confirmed: row.confirmed("verified")?,
        })
    })
}

fn staff_need(text: &str) -> Option<StaffNeed> {
    let (name, what) = text.split_once(':').unwrap_or((text, ""));
    Some(match name {
        "half" => StaffNeed::HalfOfOthers(what.parse().ok()?),
        "teacher" if what.is_empty() => StaffNeed::Teacher,
        "teacher" if what == "each" => StaffNeed::TeacherEach,
        "first-aid" => StaffNeed::FirstAid,
        "unrecorded" if !what.is_empty() => StaffNeed::Unrecorded(what.trim().to_owned()),
        level => StaffNeed::Some(level.parse().ok()?, what.parse().ok()?),
    })
}
