//! Verification and receipts.

use super::achievement::{AchievementRoute, AchievementStatus, ProofStanding};
use super::connection::{Page, connection};
use super::framework::Level;
use super::problem::{fail, language, told};
use super::scalar::{Date, DateTime};
use super::{app, caller};
use crate::access::Right;
use crate::action::share::Token;
use crate::action::verify::{self, By, Facts, Input, Of, Verified};
use crate::db::Id;
use crate::limits::Allowance;
use crate::model::receipt::ReceiptRow;
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use schema::Code;

/// What shall be verified: one of `credentialId` and `certificateNumber`, with both facts about the holder; or a
/// `shareToken` or a `document`, by itself.
#[derive(InputObject)]
pub struct VerifyInput {
    /// The achievement's identifier.
    credential_id: Option<ID>,
    /// The number on the certificate.
    certificate_number: Option<String>,
    /// The holder's family name, present or former.
    family_name: Option<String>,
    /// The holder's date of birth.
    date_of_birth: Option<Date>,
    /// A document: a credential as JSON or as a JWT, or a presentation of several.
    document: Option<String>,
    /// The token of a share.
    share_token: Option<String>,
    /// The day for which it is asked; today where none is given. Of a share without `awardedOn` no other day than today is
    /// told.
    as_of: Option<Date>,
    /// Why it is asked: shown to the holder in their access ledger.
    purpose: Option<String>,
}

/// What a verification says.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every check that is required was made and passed.
    Valid,
    /// A check failed.
    Invalid,
    /// A check that is required could not be made.
    Undetermined,
}

/// The checks.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum CheckName {
    /// Whether there is such an award, and whose word it is.
    Found,
    /// Whether the facts about the holder agree.
    Facts,
    /// Whether the person shares it.
    Share,
    /// Whether the award stands; of a share, whether all awards do.
    Status,
    /// What the register says; of a share, of the award of which it says the least.
    Register,
    /// Whether a document is the word of an issuer that is known.
    Issuer,
    /// Whether a document is what was signed.
    Proof,
    /// Whether a document has what its standard asks for.
    Schema,
    /// Whether a document is within its dates.
    Validity,
    /// Whether the issuer has taken a document back.
    Revocation,
}

/// What became of a check.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum CheckResult {
    /// It was made and passed.
    Passed,
    /// It was made and failed.
    Failed,
    /// It could not be made.
    NotChecked,
}

/// A check with its result.
pub struct Check(verify::Check);

/// A check with its result.
#[Object]
impl Check {
    /// Which.
    async fn name(&self) -> CheckName {
        match self.0.name {
            verify::CheckName::Found => CheckName::Found,
            verify::CheckName::Facts => CheckName::Facts,
            verify::CheckName::Share => CheckName::Share,
            verify::CheckName::Status => CheckName::Status,
            verify::CheckName::Register => CheckName::Register,
            verify::CheckName::Issuer => CheckName::Issuer,
            verify::CheckName::Proof => CheckName::Proof,
            verify::CheckName::Schema => CheckName::Schema,
            verify::CheckName::Validity => CheckName::Validity,
            verify::CheckName::Revocation => CheckName::Revocation,
        }
    }

    /// What became of it.
    async fn result(&self) -> CheckResult {
        match self.0.result {
            verify::CheckResult::Passed => CheckResult::Passed,
            verify::CheckResult::Failed => CheckResult::Failed,
            verify::CheckResult::NotChecked => CheckResult::NotChecked,
        }
    }

    /// A stable code that says why.
    async fn code(&self) -> &str {
        self.0.code.as_str()
    }

    /// The same in plain words.
    #[graphql(name = "message")]
    async fn message(&self, context: &Context<'_>, language: Option<Language>) -> &str {
        self.0.code.message(Language::or(language, context))
    }
}

/// A language.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[graphql(name = "EN")]
    English,
    /// Welsh.
    #[graphql(name = "CY")]
    Welsh,
}

impl Language {
    /// The language asked for, else that of the request.
    pub(super) fn or(asked: Option<Self>, context: &Context<'_>) -> schema::Language {
        match asked {
            Some(Self::English) => schema::Language::English,
            Some(Self::Welsh) => schema::Language::Welsh,
            None => language(context),
        }
    }
}

/// The answer to a verification.
#[derive(SimpleObject)]
pub struct Verification {
    /// What it says.
    outcome: Outcome,
    /// The checks that this kind of input requires.
    checks: Vec<Check>,
    /// The award, where one was established.
    achievement: Option<VerifiedAchievement>,
    /// What is shared, where a share was established; of a document of several awards what it tells of.
    record: Option<VerifiedRecord>,
    /// When.
    checked_at: DateTime,
    /// The signed receipt.
    receipt: Receipt,
}

/// What a share gives: nothing but the fields that the person chose. Of a document, what it tells of, as it stands.
#[derive(SimpleObject)]
pub struct VerifiedRecord {
    /// Given names, where they are shared.
    given_name: Option<String>,
    /// Family name, where it is shared.
    family_name: Option<String>,
    /// The shared achievements as they stand, in the order chosen.
    achievements: Vec<VerifiedAchievement>,
    /// Until when the share gives them, unless the person takes it back before; null of a document.
    expires_at: Option<DateTime>,
}

/// An award as a verifier sees it: never its document, its history or its sources.
#[derive(SimpleObject)]
pub struct VerifiedAchievement {
    /// The title.
    title: String,
    /// The awarding body.
    awarding_body: Option<String>,
    /// The level.
    level: Option<Level>,
    /// The credit.
    credit: Option<i32>,
    /// The day of the award.
    awarded_on: Option<Date>,
    /// The grade.
    grade: Option<String>,
    /// Whether it stands.
    status: AchievementStatus,
    /// The way by which it was reached.
    route: AchievementRoute,
    /// Whose word it is.
    standing: ProofStanding,
    /// The register's entry that confirms it.
    register_entry: Option<String>,
}

/// The signed receipt of a verification. Whoever asked keeps it; it names nobody.
#[derive(Clone)]
pub struct Receipt {
    row: ReceiptRow,
}

/// The signed receipt of a verification. Whoever asked keeps it; it names nobody.
#[Object]
impl Receipt {
    /// The identifier.
    pub async fn id(&self) -> ID {
        ID(self.row.id.show("receipt"))
    }

    /// The receipt as a JSON Web Token, signed with a key of `/.well-known/jwks.json`.
    async fn jwt(&self) -> &str {
        &self.row.jwt
    }

    /// When it was checked.
    async fn checked_at(&self) -> DateTime {
        DateTime(self.row.checked_at)
    }

    /// What the verification said.
    async fn outcome(&self) -> Outcome {
        outcome(verify::Outcome::parse(&self.row.outcome).unwrap_or(verify::Outcome::Undetermined))
    }

    /// Why it was asked.
    async fn purpose(&self) -> Option<&str> {
        self.row.purpose.as_deref()
    }
}

connection!(ReceiptConnection, ReceiptEdge, Receipt, "receipts");

fn outcome(outcome: verify::Outcome) -> Outcome {
    match outcome {
        verify::Outcome::Valid => Outcome::Valid,
        verify::Outcome::Invalid => Outcome::Invalid,
        verify::Outcome::Undetermined => Outcome::Undetermined,
    }
}

pub(super) async fn verify(
    context: &Context<'_>,
    inputs: Vec<VerifyInput>,
) -> Result<Vec<Verification>> {
    let inputs = inputs
        .into_iter()
        .map(|one| input(context, one))
        .collect::<Result<Vec<_>>>()?;
    let many = inputs.len();
    let allowance = context.data_opt::<Allowance>();
    let reserved = allowance
        .map(|allowance| allowance.verifications(many))
        .transpose()
        .map_err(|error| told(context, &error))?;
    let answers = verify::verify(app(context)?, caller(context)?, inputs).await;
    if let Some(reserved) = reserved {
        // Whoever asks with the right facts is never slowed down by it, nor by the registry's own failures.
        let valid = answers.as_ref().map_or(many, |answers| {
            let valid = |answer: &&verify::Verification| answer.outcome == verify::Outcome::Valid;
            answers.iter().filter(valid).count()
        });
        reserved.settle(valid);
    }
    let answers = answers.map_err(|error| told(context, &error))?;
    Ok(answers
        .into_iter()
        .map(|answer| Verification {
            outcome: outcome(answer.outcome),
            checks: answer.checks.into_iter().map(Check).collect(),
            achievement: answer.achievement.map(verified),
            record: answer.record.map(|record| VerifiedRecord {
                given_name: record.given_name,
                family_name: record.family_name,
                achievements: record.achievements.into_iter().map(verified).collect(),
                expires_at: record.expires_at.map(DateTime),
            }),
            checked_at: DateTime(answer.checked_at),
            receipt: Receipt {
                row: answer.receipt,
            },
        })
        .collect())
}

fn input(context: &Context<'_>, given: VerifyInput) -> Result<Input> {
    let words = |words: &'static str| fail(context, Code::InputInvalid, words);
    let facts = (given.family_name, given.date_of_birth);
    let without_facts = |of: Of| {
        let told = facts.0.is_some() || facts.1.is_some();
        let asked = "A shareToken or document is given without facts about the holder.";
        if told { Err(words(asked)) } else { Ok(of) }
    };
    let of = match (
        given.credential_id,
        given.certificate_number,
        given.share_token,
        given.document,
    ) {
        (None, None, Some(token), None) => without_facts(Of::Share(Token::given(token)))?,
        (None, None, None, Some(document)) => without_facts(Of::Document(document))?,
        (Some(id), None, None, None) => of_award(By::Id(Id::read("achievement", &id)), facts)
            .ok_or_else(|| words(BOTH_FACTS))?,
        (None, Some(number), None, None) => {
            let number = number.split_whitespace().collect::<Vec<_>>().join(" ");
            of_award(By::Certificate(number), facts).ok_or_else(|| words(BOTH_FACTS))?
        }
        _ => {
            return Err(words(
                "Give either credentialId, certificateNumber, shareToken or document.",
            ));
        }
    };
    Ok(Input {
        of,
        as_of: given.as_of.map(|day| day.0),
        purpose: given.purpose.filter(|purpose| !purpose.trim().is_empty()),
    })
}

const BOTH_FACTS: &str = "Give both familyName and dateOfBirth of the holder.";

/// An award, where both facts were given.
fn of_award(by: By, (family_name, date_of_birth): (Option<String>, Option<Date>)) -> Option<Of> {
    Some(Of::Award(Facts {
        by,
        family_name: family_name?,
        date_of_birth: date_of_birth?.0,
    }))
}

fn verified(verified: Verified) -> VerifiedAchievement {
    let level = verified.level().and_then(Level::of);
    let title = verified.title().to_owned();
    let Verified {
        held,
        register_entry,
    } = verified;
    VerifiedAchievement {
        title,
        level,
        credit: held.credit(),
        awarding_body: held
            .body
            .map(|body| body.name)
            .or(held.achievement.body_stated),
        awarded_on: held.achievement.awarded_on.map(Date),
        grade: held.achievement.grade,
        status: AchievementStatus::of(&held.achievement.status),
        route: AchievementRoute::of(&held.achievement.route),
        standing: ProofStanding::of(&held.achievement.standing),
        register_entry,
    }
}

pub(super) async fn receipt(context: &Context<'_>, id: Id) -> Result<Option<Receipt>> {
    let caller = caller(context)?;
    // Without the right it is as one that does not exist.
    if !caller.may(Right::KeepReceipts) {
        return Ok(None);
    }
    let found = verify::find_receipt(app(context)?, caller, id).await;
    found
        .map(|row| row.map(|row| Receipt { row }))
        .map_err(|error| told(context, &error))
}

pub(super) async fn receipts(
    context: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<ReceiptConnection> {
    let read = |cursor: &str| Id::read("receipt", cursor);
    let page = Page::asked(context, first, after.as_deref(), read)?;
    let (app, caller) = (app(context)?, caller(context)?);
    let rows = verify::receipts_of(app, caller, page.after, page.with_one_more()).await;
    Ok(ReceiptConnection::page(
        &page,
        rows.map_err(|error| told(context, &error))?,
        |row| row.id.show("receipt"),
        |row| Receipt { row },
    ))
}
