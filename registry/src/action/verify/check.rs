//! The checks of a verification, and what they come to.

use crate::action::credential::Judged;
use crate::action::share::{Field, Shared};
use crate::model::achievement::Held;
use chrono::NaiveDateTime;
use schema::{Code, Date, Level};

/// What a verification says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of the contract's Outcome")]
pub enum Outcome {
    Valid,
    Invalid,
    Undetermined,
}

impl Outcome {
    /// The outcome's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "VALID",
            Self::Invalid => "INVALID",
            Self::Undetermined => "UNDETERMINED",
        }
    }

    /// The outcome of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Valid, Self::Invalid, Self::Undetermined]
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
    }
}

/// The checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of the contract's CheckName")]
pub enum CheckName {
    Found,
    Facts,
    Share,
    Status,
    Register,
    Issuer,
    Proof,
    Schema,
    Validity,
    Revocation,
}

impl CheckName {
    /// Those that apply to an identifier or certificate number with facts, in the order in which they are told.
    const OF_FACTS: [Self; 4] = [Self::Found, Self::Facts, Self::Status, Self::Register];
    /// Those that apply to a share.
    const OF_SHARE: [Self; 3] = [Self::Share, Self::Status, Self::Register];

    /// The check's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Found => "FOUND",
            Self::Facts => "FACTS",
            Self::Share => "SHARE",
            Self::Status => "STATUS",
            Self::Register => "REGISTER",
            Self::Issuer => "ISSUER",
            Self::Proof => "PROOF",
            Self::Schema => "SCHEMA",
            Self::Validity => "VALIDITY",
            Self::Revocation => "REVOCATION",
        }
    }
}

/// What became of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of the contract's CheckResult")]
pub enum CheckResult {
    Passed,
    Failed,
    NotChecked,
}

impl CheckResult {
    /// The result's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "PASSED",
            Self::Failed => "FAILED",
            Self::NotChecked => "NOT_CHECKED",
        }
    }
}

/// A check with its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// Which.
    pub name: CheckName,
    /// What became of it.
    pub result: CheckResult,
    /// Why.
    pub code: Code,
}

/// What a share gives, as a verifier sees it: only what was chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedRecord {
    /// Given names.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// The achievements, in the order chosen.
    pub achievements: Vec<Verified>,
    /// Until when the share gives them; none where it is no share.
    pub expires_at: Option<NaiveDateTime>,
}

/// The award as a verifier sees it: what it is, never its history or its sources.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    /// The achievement with what the register says of it.
    pub held: Held,
    /// The register's entry for the qualification, or for the body where it is a unit.
    pub register_entry: Option<String>,
}

/// The checks of an award on a day. All four are told in every case, so that their number says nothing.
pub(super) fn of_award(held: Option<&Held>, day: Date) -> Vec<Check> {
    let Some(held) = held else {
        return open(&CheckName::OF_FACTS);
    };
    let checks = [
        (CheckName::Found, found(held)),
        (CheckName::Facts, (CheckResult::Passed, Code::FactsAgree)),
        (CheckName::Status, status(held, day)),
        (CheckName::Register, register(held)),
    ];
    named(&checks)
}

/// The checks of what is shared on a day: each says the worst of what it says of any of the achievements. Of another day
/// than today nothing is said where the days of the awards are not shared: day by day, it would tell them.
pub(super) fn of_share(shared: Option<&Shared>, day: Date, today: Date) -> Vec<Check> {
    let Some(shared) = shared else {
        return open(&CheckName::OF_SHARE);
    };
    let worst = |check: &dyn Fn(&Held) -> (CheckResult, Code)| {
        let results = shared.held.iter().map(check);
        let worst = results.min_by_key(|(result, _)| match result {
            CheckResult::Failed => 0,
            CheckResult::NotChecked => 1,
            CheckResult::Passed => 2,
        });
        worst.unwrap_or((CheckResult::NotChecked, Code::NotEstablished))
    };
    let status = |held: &Held| match found(held) {
        // What the person brought themselves is shown, and nobody's word says that it stands.
        (CheckResult::NotChecked, code) => (CheckResult::NotChecked, code),
        _ if day != today && !shared.fields.tell(Field::AwardedOn) => {
            (CheckResult::NotChecked, Code::DayNotShared)
        }
        _ => status(held, day),
    };
    named(&[
        (CheckName::Share, (CheckResult::Passed, Code::ShareStands)),
        (CheckName::Status, worst(&status)),
        (CheckName::Register, worst(&register)),
    ])
}

/// The checks of a document.
pub(super) fn of_document(judgement: &credential::Judgement) -> Vec<Check> {
    let check = |check: &credential::Check| Check {
        name: match check.name {
            credential::CheckName::Issuer => CheckName::Issuer,
            credential::CheckName::Proof => CheckName::Proof,
            credential::CheckName::Schema => CheckName::Schema,
            credential::CheckName::Validity => CheckName::Validity,
            credential::CheckName::Revocation => CheckName::Revocation,
            credential::CheckName::Status => CheckName::Status,
        },
        result: match check.result {
            credential::Outcome::Passed => CheckResult::Passed,
            credential::Outcome::NotChecked => CheckResult::NotChecked,
            credential::Outcome::Failed => CheckResult::Failed,
        },
        code: check.code,
    };
    judgement.checks.iter().map(check).collect()
}

/// What a document of the registry's own tells of, as it stands now: its award, or its record.
pub(super) fn documented(judged: &Judged) -> (Option<Verified>, Option<VerifiedRecord>) {
    let mut verified: Vec<Verified> = judged.held.iter().filter_map(verified).collect();
    match (verified.len(), &judged.holder) {
        (1, _) => (verified.pop(), None),
        (0, _) | (_, None) => (None, None),
        (_, Some(holder)) => {
            let record = VerifiedRecord {
                given_name: holder.given_name.clone(),
                family_name: holder.family_name.clone(),
                achievements: verified,
                expires_at: None,
            };
            (None, Some(record))
        }
    }
}

/// Checks of which none could be made.
fn open(names: &[CheckName]) -> Vec<Check> {
    let not_made = (CheckResult::NotChecked, Code::NotEstablished);
    let all: Vec<_> = names.iter().map(|name| (*name, not_made)).collect();
    named(&all)
}

fn named(checks: &[(CheckName, (CheckResult, Code))]) -> Vec<Check> {
    let check = |(name, (result, code)): &(_, _)| Check {
        name: *name,
        result: *result,
        code: *code,
    };
    checks.iter().map(check).collect()
}

/// Invalid where a check failed; undetermined where a check could not be made; else valid.
pub(super) fn outcome(checks: &[Check]) -> Outcome {
    let any = |result| checks.iter().any(|check| check.result == result);
    if any(CheckResult::Failed) {
        Outcome::Invalid
    } else if any(CheckResult::NotChecked) {
        Outcome::Undetermined
    } else {
        Outcome::Valid
    }
}

/// The award, unless the person presented it themselves: that would lend it our word.
pub(super) fn verified(held: &Held) -> Option<Verified> {
    (held.achievement.standing != "self-presented").then(|| Verified {
        register_entry: register_entry(held),
        held: held.clone(),
    })
}

/// What a share gives. What the person presented themselves is shown too, under that name and confirmed by nothing.
pub(super) fn record(shared: &Shared) -> VerifiedRecord {
    let achievement = |held: &Held| {
        let attested = held.achievement.standing != "self-presented";
        let entry =
            register_entry(held).filter(|_| attested && shared.fields.tell(Field::RegisterEntry));
        Verified {
            register_entry: entry,
            held: shared.fields.of(held.clone()),
        }
    };
    VerifiedRecord {
        given_name: shared.given_name().map(str::to_owned),
        family_name: shared.family_name().map(str::to_owned),
        achievements: shared.held.iter().map(achievement).collect(),
        expires_at: Some(shared.share.expires_at),
    }
}

/// The register's entry for the qualification, or for the body where it is a unit.
fn register_entry(held: &Held) -> Option<String> {
    let qualification = held
        .qualification
        .as_ref()
        .filter(|row| row.registered)
        .map(|row| row.number.clone());
    let body = held
        .body
        .as_ref()
        .filter(|row| row.registered)
        .map(|row| row.recognition_number.clone());
    qualification.or(body)
}

/// Whose word it is.
fn found(held: &Held) -> (CheckResult, Code) {
    match held.achievement.standing.as_str() {
        "attested" => (CheckResult::Passed, Code::Attested),
        "recorded" => (CheckResult::Passed, Code::Recorded),
        _ => (CheckResult::NotChecked, Code::SelfPresented),
    }
}

fn status(held: &Held, day: Date) -> (CheckResult, Code) {
    let row = &held.achievement;
    let begins = row.valid_from.max(row.awarded_on);
    if row.status == "withdrawn" {
        (CheckResult::Failed, Code::StatusWithdrawn)
    } else if begins.is_some_and(|from| day < from) {
        (CheckResult::Failed, Code::StatusNotYet)
    } else if row.valid_until.is_some_and(|until| until < day) {
        (CheckResult::Failed, Code::StatusExpired)
    } else if row
        .registration_state
        .as_deref()
        .is_some_and(|state| state != "current")
    {
        (CheckResult::Failed, Code::RegistrationNotCurrent)
    } else if row.status == "provisional" {
        (CheckResult::NotChecked, Code::StatusProvisional)
    } else {
        (CheckResult::Passed, Code::StatusFinal)
    }
}

/// What the register says. A qualification must be known, and certificable on the day of the award. Of
/// units, statuses and registrations the register knows nothing: there it is asked for the body.
fn register(held: &Held) -> (CheckResult, Code) {
    let awarded = held.achievement.awarded_on;
    if held.achievement.subject_kind == "qualification" {
        return match held.qualification.as_ref().filter(|row| row.registered) {
            None => (CheckResult::NotChecked, Code::NotRegistered),
            Some(row) if awarded.is_some_and(|day| !row.certificable_on(day)) => {
                (CheckResult::Failed, Code::OutsideRegisterDates)
            }
            Some(_) => (CheckResult::Passed, Code::Registered),
        };
    }
    match &held.body {
        Some(body) if body.recognised_on(awarded) => (CheckResult::Passed, Code::Registered),
        _ => (CheckResult::NotChecked, Code::NotRegistered),
    }
}

impl Verified {
    /// The title: the register's where it has one.
    #[must_use]
    pub fn title(&self) -> &str {
        self.held.title()
    }

    /// The level: the register's where it has one.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        self.held.level()
    }
}
