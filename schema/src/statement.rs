//! A statement: what one source says about one award, after everything in it was checked.

use crate::{
    Credit, Date, Grade, Level, QualificationNumber, RecognitionNumber, StatedPerson, StatedProof,
    Subject, Ukprn,
};
use serde::{Deserialize, Serialize};

/// What a source asks to be done. The five verbs are those of the Learning Records Service's achievement
/// batch (its answer counts each).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Tells of an award.
    Create,
    /// Corrects what was told.
    Update,
    /// Makes a provisional award final.
    Promote,
    /// Takes the award back.
    Withdraw,
    /// Takes the withdrawal back.
    Reinstate,
}

impl Verb {
    /// Every verb, in the order that decides between statements of the same day.
    pub const ALL: [Self; 5] = [
        Self::Create,
        Self::Update,
        Self::Promote,
        Self::Withdraw,
        Self::Reinstate,
    ];

    /// The verb's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Promote => "promote",
            Self::Withdraw => "withdraw",
            Self::Reinstate => "reinstate",
        }
    }

    /// The verb of that name, in any case of letters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|verb| verb.as_str().eq_ignore_ascii_case(text.trim()))
    }
}

/// Whether a result is final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AwardStatus {
    /// The body has told the result and may still change it.
    Provisional,
    /// The result stands.
    Final,
    /// The body has taken the award back.
    Withdrawn,
}

impl AwardStatus {
    /// The status's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Provisional => "provisional",
            Self::Final => "final",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The status of that name, in any case of letters; `P` and `F` are the Learning Records Service's.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "provisional" | "p" => Some(Self::Provisional),
            "final" | "f" => Some(Self::Final),
            "withdrawn" => Some(Self::Withdrawn),
            _ => None,
        }
    }
}

/// The way by which an award was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// Assessed in the ordinary way.
    Award,
    /// Recognition of prior learning (Ofqual General Condition E10).
    PriorLearning,
    /// Credit that was certificated inside the framework.
    CreditTransfer,
    /// Certificated achievement outside the framework; earns no credit of its own.
    Exemption,
    /// Held to be equal to another award.
    Equivalence,
}

impl Route {
    /// Every route.
    pub const ALL: [Self; 5] = [
        Self::Award,
        Self::PriorLearning,
        Self::CreditTransfer,
        Self::Exemption,
        Self::Equivalence,
    ];

    /// The route's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Award => "award",
            Self::PriorLearning => "rpl",
            Self::CreditTransfer => "credit-transfer",
            Self::Exemption => "exemption",
            Self::Equivalence => "equivalence",
        }
    }

    /// The route of that name, in any case of letters, with `_` or space for `-`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase().replace(['_', ' '], "-");
        Self::ALL.into_iter().find(|route| route.as_str() == text)
    }
}

/// The state of an entry in a professional register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the registers' own words")]
pub enum RegistrationState {
    Current,
    Suspended,
    Lapsed,
    Removed,
}

impl RegistrationState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Current, Self::Suspended, Self::Lapsed, Self::Removed];

    /// The state's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Suspended => "suspended",
            Self::Lapsed => "lapsed",
            Self::Removed => "removed",
        }
    }

    /// The state of that name, in any case of letters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str().eq_ignore_ascii_case(text.trim()))
    }
}

/// The body that a source names as the one that made the award.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatedBody {
    /// Its number in Ofqual's register.
    pub recognition_number: Option<RecognitionNumber>,
    /// Its provider number.
    pub ukprn: Option<Ukprn>,
    /// Its name as written.
    pub name: Option<String>,
}

/// What one source says about one award. Made only by [`crate::check`].
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Who holds the award.
    pub person: StatedPerson,
    /// What the award is of.
    pub subject: Subject,
    /// The title as stated.
    pub title: Option<String>,
    /// The qualification of which a unit was taken as a part.
    pub part_of: Option<QualificationNumber>,
    /// The body named.
    pub body: StatedBody,
    /// What is to be done.
    pub verb: Verb,
    /// Provisional or final, where stated.
    pub status: Option<AwardStatus>,
    /// The identifier that the source itself uses for this record (a learning event's number).
    pub record_id: Option<String>,
    /// The awarding body's own identifier of the result.
    pub result_id: Option<String>,
    /// The number on the certificate.
    pub certificate_number: Option<String>,
    /// The centre at which it was taken.
    pub centre: Option<String>,
    /// The day of the award, where it is believable.
    pub awarded_on: Option<Date>,
    /// The day of the award in the source's words.
    pub awarded_on_stated: Option<String>,
    /// When learning began.
    pub started_on: Option<Date>,
    /// From when the award is valid, where it expires or begins later.
    pub valid_from: Option<Date>,
    /// The last day on which it is valid.
    pub valid_until: Option<Date>,
    /// The day on which the body acted, which decides between its statements.
    pub action_date: Option<Date>,
    /// Why the body acted.
    pub action_reason: Option<String>,
    /// The grade.
    pub grade: Option<Grade>,
    /// The level as the source states it; the register's own wins where it knows one.
    pub level: Option<Level>,
    /// The credit as the source states it; the register's own wins where it knows one.
    pub credit: Option<Credit>,
    /// The scheme in which that credit counts, such as ECTS; none where it is the framework's own.
    pub credit_scheme: Option<String>,
    /// The language of assessment, as written.
    pub language: Option<String>,
    /// The way by which it was reached.
    pub route: Route,
    /// The number of a registration.
    pub registration_number: Option<String>,
    /// The conditions of a registration.
    pub registration_conditions: Option<String>,
    /// The state of a registration.
    pub registration_state: Option<RegistrationState>,
    /// What the adapter found when it checked the document's proofs.
    pub proofs: Vec<StatedProof>,
}

impl Statement {
    /// The credit where it is the framework's own: credit of another scheme is kept as it was said, and counts
    /// nowhere.
    #[must_use]
    pub fn framework_credit(&self) -> Option<Credit> {
        self.credit.filter(|_| self.credit_scheme.is_none())
    }
}
