//! An achievement: one award, whichever sources told of it.

use super::connection::connection;
use super::framework::{AwardingBody, Level};
use super::learner::Learner;
use super::problem::{fail, told};
use super::scalar::{Date, DateTime};
use super::source::{self, Conflict, Source};
use super::subject::{self, AchievementSubject};
use super::{app, caller};
use crate::action::achievement::{self, Seen};
use crate::action::learner::Seen as SeenLearner;
use crate::action::view::View;
use crate::db::Id;
use crate::model::achievement::Held;
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use schema::{Code, Verb};

/// Whether an award stands.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum AchievementStatus {
    /// The body has told the result and may still change it.
    Provisional,
    /// The award stands.
    Final,
    /// The body has taken the award back.
    Withdrawn,
}

impl AchievementStatus {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Provisional => "provisional",
            Self::Final => "final",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub(super) fn of(text: &str) -> Self {
        match text {
            "provisional" => Self::Provisional,
            "withdrawn" => Self::Withdrawn,
            _ => Self::Final,
        }
    }
}

/// The way by which an award was reached.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum AchievementRoute {
    /// Assessed in the ordinary way.
    Award,
    /// Recognition of prior learning.
    #[graphql(name = "RPL")]
    PriorLearning,
    /// Credit that was certificated inside the framework.
    CreditTransfer,
    /// Certificated achievement outside the framework.
    Exemption,
    /// Held to be equal to another award.
    Equivalence,
}

impl AchievementRoute {
    pub(super) fn of(text: &str) -> Self {
        match text {
            "rpl" => Self::PriorLearning,
            "credit-transfer" => Self::CreditTransfer,
            "exemption" => Self::Exemption,
            "equivalence" => Self::Equivalence,
            _ => Self::Award,
        }
    }

    /// The same as results have it.
    pub(super) fn route(self) -> schema::Route {
        match self {
            Self::Award => schema::Route::Award,
            Self::PriorLearning => schema::Route::PriorLearning,
            Self::CreditTransfer => schema::Route::CreditTransfer,
            Self::Exemption => schema::Route::Exemption,
            Self::Equivalence => schema::Route::Equivalence,
        }
    }
}

/// How far an award is to be believed.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum ProofStanding {
    /// The awarding body's own word.
    Attested,
    /// A trusted recorder's word, such as the Learning Records Service's.
    Recorded,
    /// Brought by the person and proved by no key of the body: never verifies, never counts.
    SelfPresented,
}

impl ProofStanding {
    pub(super) fn of(text: &str) -> Self {
        match text {
            "attested" => Self::Attested,
            "recorded" => Self::Recorded,
            _ => Self::SelfPresented,
        }
    }
}

/// A state in which an award stood.
#[derive(SimpleObject)]
pub struct AchievementVersion {
    /// The status then.
    status: AchievementStatus,
    /// The grade then.
    grade: Option<String>,
    /// The date of award then.
    awarded_on: Option<Date>,
    /// Why it became so, in the body's words.
    reason: Option<String>,
    /// From when it was true, where a day was said.
    true_from: Option<Date>,
    /// From when the registry knew.
    known_from: DateTime,
    /// Until when it was what the registry knew.
    known_until: Option<DateTime>,
}

/// One award, whichever sources told of it.
#[derive(Clone)]
pub struct Achievement {
    seen: Seen,
    holder: Option<Box<SeenLearner>>,
}

impl Achievement {
    pub(super) fn of(held: Held, view: View, holder: Option<SeenLearner>) -> Self {
        Self {
            seen: Seen { held, view },
            holder: holder.map(Box::new),
        }
    }

    fn row(&self) -> &crate::model::achievement::AchievementRow {
        &self.seen.held.achievement
    }
}

/// One award, whichever sources told of it.
#[Object]
impl Achievement {
    /// The identifier.
    pub async fn id(&self) -> ID {
        ID(self.row().id.show("achievement"))
    }

    /// The title: the register's where it has one.
    async fn title(&self) -> &str {
        self.seen.held.title()
    }

    /// What the award is of; none where what the source names is known by no number.
    async fn subject(&self) -> Option<AchievementSubject> {
        subject::of(&self.seen.held)
    }

    /// The person whose award it is.
    async fn learner(&self, context: &Context<'_>) -> Option<Result<Learner>> {
        if let Some(holder) = &self.holder {
            return Some(Ok(Learner((**holder).clone())));
        }
        let (app, caller) = match (app(context), caller(context)) {
            (Ok(app), Ok(caller)) => (app, caller),
            (Err(error), _) | (_, Err(error)) => return Some(Err(error)),
        };
        match achievement::holder(app, caller, &self.seen).await {
            Ok(seen) => seen.map(|seen| Ok(Learner(seen))),
            Err(error) => Some(Err(told(context, &error))),
        }
    }

    /// The awarding body: the register's owner of the qualification, else the one that the sources name.
    async fn awarding_body(&self) -> Option<AwardingBody> {
        self.seen.held.body.clone().map(AwardingBody)
    }

    /// The awarding body in the source's words.
    async fn awarding_body_stated(&self) -> Option<&str> {
        self.row().body_stated.as_deref()
    }

    /// The day of the award.
    async fn awarded_on(&self) -> Option<Date> {
        self.row().awarded_on.map(Date)
    }

    /// The day of the award in the source's words.
    async fn awarded_on_stated(&self) -> Option<&str> {
        self.row().awarded_on_stated.as_deref()
    }

    /// When learning began.
    async fn started_on(&self) -> Option<Date> {
        self.row().started_on.map(Date)
    }

    /// From when the award is valid.
    async fn valid_from(&self) -> Option<Date> {
        self.row().valid_from.map(Date)
    }

    /// The last day on which it is valid.
    async fn valid_until(&self) -> Option<Date> {
        self.row().valid_until.map(Date)
    }

    /// The grade, in the body's words.
    async fn grade(&self) -> Option<&str> {
        self.row().grade.as_deref()
    }

    /// The level: the register's where it has one; of a unit the framework's where a source confirmed it.
    async fn level(&self) -> Option<Level> {
        self.seen.held.level().and_then(Level::of)
    }

    /// The credit: the register's where it has one; of a unit the framework's where a source confirmed it.
    async fn credit(&self) -> Option<i32> {
        self.seen.held.credit()
    }

    /// Whether it stands.
    async fn status(&self) -> AchievementStatus {
        AchievementStatus::of(&self.row().status)
    }

    /// The way by which it was reached.
    async fn route(&self) -> AchievementRoute {
        AchievementRoute::of(&self.row().route)
    }

    /// How far it is to be believed.
    async fn standing(&self) -> ProofStanding {
        ProofStanding::of(&self.row().standing)
    }

    /// The number on the certificate.
    async fn certificate_number(&self) -> Option<&str> {
        self.row().certificate_number.as_deref()
    }

    /// What each source said, the most authoritative first.
    async fn sources(&self, context: &Context<'_>) -> Result<Vec<Source>> {
        let (heard, _) = achievement::sources(app(context)?, &self.seen)
            .await
            .map_err(|error| told(context, &error))?;
        heard
            .iter()
            .map(source::of)
            .collect::<std::result::Result<_, _>>()
            .map_err(|error| told(context, &error))
    }

    /// What was said and not taken: against the register, and against a source that goes before.
    async fn conflicts(&self, context: &Context<'_>) -> Result<Vec<Conflict>> {
        let (heard, differences) = achievement::sources(app(context)?, &self.seen)
            .await
            .map_err(|error| told(context, &error))?;
        let mut conflicts = source::against_register(&self.seen.held, &heard);
        conflicts.extend(
            differences
                .into_iter()
                .map(|(difference, _)| source::between_sources(difference)),
        );
        Ok(conflicts)
    }

    /// Every state in which it stood, the oldest first.
    async fn history(&self, context: &Context<'_>) -> Result<Vec<AchievementVersion>> {
        let versions = achievement::history(app(context)?, &self.seen)
            .await
            .map_err(|error| told(context, &error))?;
        Ok(versions
            .into_iter()
            .map(|row| AchievementVersion {
                status: AchievementStatus::of(&row.status),
                grade: row.grade,
                awarded_on: row.awarded_on.map(Date),
                reason: row.reason,
                true_from: row.true_from.map(Date),
                known_from: DateTime(row.known_from),
                known_until: row.known_until.map(DateTime),
            })
            .collect())
    }
}

connection!(
    AchievementConnection,
    AchievementEdge,
    Achievement,
    "achievements",
    total_count
);

pub(super) async fn look(context: &Context<'_>, id: Id) -> Result<Option<Achievement>> {
    let seen = achievement::look(app(context)?, caller(context)?, id).await;
    seen.map(|seen| seen.map(|seen| Achievement { seen, holder: None }))
        .map_err(|error| told(context, &error))
}

pub(super) async fn change(
    context: &Context<'_>,
    id: &ID,
    verb: Verb,
    reason: String,
) -> Result<Achievement> {
    let id = Id::read("achievement", id).ok_or_else(|| fail(context, Code::NotFound, None))?;
    let seen = achievement::change(app(context)?, caller(context)?, id, verb, reason).await;
    seen.map(|seen| Achievement { seen, holder: None })
        .map_err(|error| told(context, &error))
}

/// What an award should have said: at least one of its facts, and why.
#[derive(InputObject)]
pub struct CorrectionInput {
    /// The grade, in the body's words.
    grade: Option<String>,
    /// The day of the award.
    awarded_on: Option<Date>,
    /// The number on the certificate.
    certificate_number: Option<String>,
    /// Why it is corrected, in 1 to 500 characters.
    reason: String,
}

pub(super) async fn correct(
    context: &Context<'_>,
    id: &ID,
    input: CorrectionInput,
) -> Result<Achievement> {
    let id = Id::read("achievement", id).ok_or_else(|| fail(context, Code::NotFound, None))?;
    let correction = achievement::Correction {
        grade: input.grade,
        awarded_on: input.awarded_on.map(|day| day.0),
        certificate_number: input.certificate_number,
        reason: input.reason,
    };
    let seen = achievement::correct(app(context)?, caller(context)?, id, correction).await;
    seen.map(|seen| Achievement { seen, holder: None })
        .map_err(|error| told(context, &error))
}
