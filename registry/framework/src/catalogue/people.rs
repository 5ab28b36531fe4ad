//! Sectors, roles, what roles ask by date, and the ways from one role to another.

use super::table::Fault;
use super::{RowError, read};
use schema::{Date, Level};

/// A sector of the workforce.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sector {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How many people work in it.
    pub workforce_estimate: Option<u32>,
    /// The year of that figure, as the source says.
    pub estimate_year: Option<String>,
    /// Where it was read.
    pub source: String,
    /// Whether a source confirmed it.
    pub confirmed: bool,
}

/// Reads `sectors.csv`.
///
/// # Errors
/// Every [`RowError`] of the table.
pub fn sectors(text: &str) -> Result<Vec<Sector>, Vec<RowError>> {
    read(
        "sectors",
        text,
        &["sector_id", "name", "verified", "source"],
        |row| {
            Ok(Sector {
                code: row.required("sector_id")?,
                name: row.required("name")?,
                workforce_estimate: row.number("workforce_estimate")?,
                estimate_year: row.owned("estimate_year"),
                source: row.required("source")?,
                confirmed: row.confirmed("verified")?,
            })
        },
    )
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Its sector's code.
    pub sector: String,
    /// The level it asks at least.
    pub level: Option<Level>,
    /// What it asks, in words.
    pub asks: Option<String>,
    /// By what right it asks: statute, a register, custom.
    pub nature: Option<String>,
    /// The register or body.
    pub body: Option<String>,
    /// Since when it asks that.
    pub valid_from: Option<Date>,
    /// The last day on which it asked that.
    pub valid_until: Option<Date>,
    /// Where it was read.
    pub source: String,
    /// Whether a source confirmed it.
    pub confirmed: bool,
    /// What else there is to know.
    pub note: Option<String>,
}

/// Reads `roles.csv`.
///
/// # Errors
/// Every [`RowError`] of the table.
pub fn roles(text: &str) -> Result<Vec<Role>, Vec<RowError>> {
    read(
        "roles",
        text,
        &["role_id", "title", "sector", "verified", "source"],
        |row| {
            Ok(Role {
                code: row.required("role_id")?,
                title: row.required("title")?,
                sector: row.required("sector")?,
                level: row.level("min_level")?,
                asks: row.owned("qualification_or_status"),
                nature: row.owned("nature"),
                body: row.owned("register_or_body"),
                valid_from: row.from("valid_from")?,
                valid_until: row.until("valid_to")?,
                source: row.required("source")?,
                confirmed: row.confirmed("verified")?,
                note: row.owned("note"),
            })
        },
    )
}

/// What a requirement is about, in a form that a record can be held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequirementKind {
    /// One of these qualifications, by number.
    Qualification(Vec<String>),
    /// Any qualification in one of these sectors or areas, at the requirement's level or above.
    Level(Vec<String>),
    /// One of these professional statuses, by code.
    Status(Vec<String>),
    /// A current entry in one of these registers, by name.
    Registration(Vec<String>),
    /// Counting in the early-years ratios at this level or above.
    Ratio(u8),
    /// Something no record of qualifications says: experience, training on the job, a check.
    Other,
}

impl RequirementKind {
    /// The kind's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Qualification(_) => "qualification",
            Self::Level(_) => "level",
            Self::Status(_) => "status",
            Self::Registration(_) => "registration",
            Self::Ratio(_) => "ratio",
            Self::Other => "other",
        }
    }
}

/// What a role asks, between two days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Its code, by which explanations cite it.
    pub code: String,
    /// The role's code.
    pub role: String,
    /// Requirements of one role that share this are alternatives: one of them is enough.
    pub alternative: Option<String>,
    /// What it is about.
    pub kind: RequirementKind,
    /// The least level.
    pub level: Option<Level>,
    /// The requirement in words.
    pub text: String,
    /// Since when it is in force.
    pub valid_from: Option<Date>,
    /// The last day on which it was.
    pub valid_until: Option<Date>,
    /// Where it was read.
    pub source: String,
    /// Whether a source confirmed it.
    pub confirmed: bool,
}

impl Requirement {
    /// Whether it is in force on a day.
    #[must_use]
    pub fn in_force(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day)
            && self.valid_until.is_none_or(|until| day <= until)
    }
}

/// Reads `requirements.csv`.
///
/// # Errors
/// Every [`RowError`] of the table.
pub fn requirements(text: &str) -> Result<Vec<Requirement>, Vec<RowError>> {
    let required = [
        "requirement_id",
        "role",
        "kind",
        "what",
        "text",
        "verified",
        "source",
    ];
    read("requirements", text, &required, |row| {
        let what = row.list("what");
        let kind = match row.text("kind") {
            "other" => RequirementKind::Other,
            _ if what.is_empty() => return Err(row.fault("what", Fault::Empty)),
            "qualification" => RequirementKind::Qualification(row.qualifications("what")),
            "level" => RequirementKind::Level(what),
            "status" => RequirementKind::Status(what),
            "registration" => RequirementKind::Registration(what),
            "ratio" => RequirementKind::Ratio(row.number("what")?.unwrap_or(0)),
            other => {
                let fault = Fault::Not {
                    found: other.to_owned(),
                    expected: "qualification, level, status, registration, ratio or other",
                };
                return Err(row.fault("kind", fault));
            }
        };
        Ok(Requirement {
            code: row.required("requirement_id")?,
            role: row.required("role")?,
            alternative: row.owned("alternative"),
            kind,
            level: row.level("level")?,
            text: row.required("text")?,
            valid_from: row.from("valid_from")?,
            valid_until: row.until("valid_to")?,
            source: row.required("source")?,
            confirmed: row.confirmed("verified")?,
        })
    })
}

/// How a way leads from one role to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// By a qualification.
    Qualification,
    /// By recognition of prior learning.
    PriorLearning,
    /// By credit that counts there too.
    CreditTransfer,
    /// By a short award that leads over.
    Bridging,
    /// By a professional status.
    Status,
    /// By experience in post.
    Experience,
    /// Held to be equal.
    Equivalence,
}

/// A way from one role to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The role it begins at.
    pub from: String,
    /// The role it leads to.
    pub to: String,
    /// By what, in words.
    pub via: String,
    /// How.
    pub kind: LinkKind,
    /// The qualification to be gained, by number.
    pub qualification: Option<String>,
    /// The credit to be gained, where the source says it.
    pub credit: Option<u16>,
    /// Where it was read.
    pub source: String,
    /// Whether a source confirmed it.
    pub confirmed: bool,
}

/// Reads `pathways.csv`.
///
/// # Errors
/// Every [`RowError`] of the table.
pub fn pathways(text: &str) -> Result<Vec<Link>, Vec<RowError>> {
    let required = ["from_role", "to_role", "via", "kind", "verified", "source"];
    read("pathways", text, &required, |row| {
        let kind = row.parsed(
            "kind",
            "qualification, rpl, credit transfer, bridging, status, experience or equivalence",
            |text| {
                Some(match text {
                    "qualification" => LinkKind::Qualification,
                    "rpl" => LinkKind::PriorLearning,
                    "credit transfer" => LinkKind::CreditTransfer,
                    "bridging" => LinkKind::Bridging,
                    "status" => LinkKind::Status,
                    "experience" => LinkKind::Experience,
                    "equivalence" => LinkKind::Equivalence,
                    _ => return None,
                })
            },
        )?;
        Ok(Link {
            from: row.required("from_role")?,
            to: row.required("to_role")?,
            via: row.required("via")?,
            kind: kind.ok_or_else(|| row.fault("kind", Fault::Empty))?,
            qualification: row.qualification("qualification"),
            credit: row.number("credit")?,
            source: row.required("source")?,
            confirmed: row.confirmed("verified")?,
        })
    })
}
