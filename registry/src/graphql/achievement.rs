//! An achievement: one award, whichever sources told of it.

use super::connection::connection;
use super::framework::{AwardingBody, Level, Qualification, Unit};
use super::learner::Learner;
use super::problem::{fail, told};
use super::scalar::{Date, DateTime};
use super::{app, caller};
use crate::action::achievement::{self, Seen};
use crate::action::learner::Seen as SeenLearner;
use crate::action::view::{Heard, View};
use crate::db::Id;
use crate::model::achievement::Held;
use async_graphql::{Context, Enum, ID, Json, Object, Result, SimpleObject, Union};
use schema::{Code, ProfessionalStatus as KnownStatus, Verb};

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

/// What an award is of.
#[expect(
    clippy::large_enum_variant,
    reason = "made once an answer and handed on, never kept"
)]
#[derive(Union)]
pub enum AchievementSubject {
    /// A qualification.
    Qualification(Qualification),
    /// A unit.
    Unit(Unit),
    /// A professional status.
    ProfessionalStatus(ProfessionalStatus),
    /// An entry in a professional register.
    Registration(Registration),
}

/// A professional status, such as Qualified Teacher Status.
#[derive(SimpleObject)]
pub struct ProfessionalStatus {
    /// Its code, such as QTS.
    code: String,
    /// Its full name.
    title: String,
}

/// An entry in a professional register, such as the Nursing and Midwifery Council's.
#[derive(SimpleObject)]
pub struct Registration {
    /// The register.
    register: String,
    /// The number in it.
    number: Option<String>,
    /// Conditions of practice.
    conditions: Option<String>,
    /// The state of the entry.
    state: RegistrationState,
}

/// The state of an entry in a professional register.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationState {
    /// In force.
    Current,
    /// Suspended.
    Suspended,
    /// Not renewed.
    Lapsed,
    /// Struck off.
    Removed,
}

/// What kind of source told of an award.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// The awarding body's push.
    AwardingBody,
    /// A learning records service.
    LearningRecords,
    /// A transcript.
    Transcript,
    /// A badge, or whatever else a person brings for themselves.
    Badge,
    /// A claim of prior learning.
    PriorLearning,
    /// A steward's hand.
    Steward,
}

/// What one source said, in its own words.
#[derive(SimpleObject)]
pub struct Source {
    /// What kind of source it is.
    kind: SourceKind,
    /// The adapter that read it; `registry` for what was done in the registry itself.
    adapter: String,
    /// The import that brought it, for those who may see it.
    job: Option<ID>,
    /// Where in the file it stands: a row, a path or a byte.
    position: Option<String>,
    /// When it was received.
    received_at: DateTime,
    /// The fields as the source has them, and under `sentinels` those whose value is no value, named for
    /// what it means.
    stated: Json<serde_json::Value>,
}

/// Something that a source said and that was not taken.
#[derive(SimpleObject)]
pub struct Conflict {
    /// The fact.
    field: String,
    /// What the register says; null where the sources differ among themselves, and what was taken is the
    /// achievement's own fact.
    register_says: Option<String>,
    /// What the other source says.
    source_says: String,
    /// Why it was not taken.
    code: String,
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
        let (held, row) = (&self.seen.held, self.row());
        match row.subject_kind.as_str() {
            "qualification" => {
                let body = held.body.clone().filter(|body| {
                    held.qualification
                        .as_ref()
                        .is_some_and(|row| row.body.as_ref() == Some(&body.recognition_number))
                });
                held.qualification
                    .clone()
                    .map(|row| AchievementSubject::Qualification(Qualification(row, body)))
            }
            "unit" => held
                .unit
                .clone()
                .map(|row| AchievementSubject::Unit(Unit(row))),
            "status" => Some(AchievementSubject::ProfessionalStatus(ProfessionalStatus {
                title: KnownStatus::find(&row.subject_code)
                    .map_or_else(|| row.title.clone(), |status| status.title.to_owned()),
                code: row.subject_code.clone(),
            })),
            "registration" => Some(AchievementSubject::Registration(Registration {
                register: row.subject_code.clone(),
                number: row.registration_number.clone(),
                conditions: row.registration_conditions.clone(),
                state: match row.registration_state.as_deref() {
                    Some("suspended") => RegistrationState::Suspended,
                    Some("lapsed") => RegistrationState::Lapsed,
                    Some("removed") => RegistrationState::Removed,
                    _ => RegistrationState::Current,
                },
            })),
            _ => None,
        }
    }

    /// The person whose award it is.
    async fn learner(&self, context: &Context<'_>) -> Result<Option<Learner>> {
        if let Some(holder) = &self.holder {
            return Ok(Some(Learner((**holder).clone())));
        }
        let holder = achievement::holder(app(context)?, &self.seen).await;
        holder
            .map(|seen| seen.map(Learner))
            .map_err(|error| told(context, &error))
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

    /// The level: the register's where it has one.
    async fn level(&self) -> Option<Level> {
        self.seen.held.level().and_then(Level::of)
    }

    /// The credit: the register's where it has one.
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
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn sources(&self, context: &Context<'_>) -> Result<Vec<Source>> {
        let (heard, _) = achievement::sources(app(context)?, &self.seen)
            .await
            .map_err(|error| told(context, &error))?;
        heard
            .iter()
            .map(source)
            .collect::<std::result::Result<_, _>>()
            .map_err(|error| told(context, &error))
    }

    /// What was said and not taken: against the register, and against a source that goes before.
    #[graphql(complexity = "5 + 2 * child_complexity")]
    async fn conflicts(&self, context: &Context<'_>) -> Result<Vec<Conflict>> {
        let (heard, differences) = achievement::sources(app(context)?, &self.seen)
            .await
            .map_err(|error| told(context, &error))?;
        let mut conflicts = against_register(&self.seen.held, &heard);
        conflicts.extend(differences.into_iter().map(|(difference, _)| Conflict {
            field: camel(difference.field),
            register_says: None,
            source_says: difference.stated,
            code: Code::FactDiffers.as_str().to_owned(),
        }));
        Ok(conflicts)
    }

    /// Every state in which it stood, the oldest first.
    #[graphql(complexity = "5 + 3 * child_complexity")]
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

fn source(heard: &Heard) -> std::result::Result<Source, crate::error::Error> {
    let record = heard.source.decode()?;
    let position = record.position.unwrap_or_default();
    let position = if !position.path.is_empty() {
        Some(position.path)
    } else if position.row > 0 {
        Some(format!("row {}", position.row))
    } else {
        position.byte().map(|byte| format!("byte {byte}"))
    };
    let mut stated = serde_json::Map::new();
    for field in record.stated {
        stated.insert(field.name, field.value.into());
    }
    let sentinels: serde_json::Map<String, serde_json::Value> = heard
        .sentinels
        .iter()
        .map(|(field, sentinel)| (camel(field), sentinel.as_str().into()))
        .collect();
    if !sentinels.is_empty() {
        stated.insert("sentinels".to_owned(), sentinels.into());
    }
    Ok(Source {
        kind: match heard.told.kind {
            record::SourceKind::AwardingBody => SourceKind::AwardingBody,
            record::SourceKind::LearningRecords => SourceKind::LearningRecords,
            record::SourceKind::Transcript => SourceKind::Transcript,
            record::SourceKind::Badge => SourceKind::Badge,
            record::SourceKind::PriorLearning => SourceKind::PriorLearning,
            record::SourceKind::Steward => SourceKind::Steward,
        },
        adapter: heard.source.adapter.clone(),
        job: heard.source.job_id.map(|id| ID(id.show("import"))),
        position,
        received_at: DateTime(heard.source.received_at),
        stated: Json(stated.into()),
    })
}

/// Where a source says otherwise than the register of level, credit or body.
fn against_register(held: &Held, heard: &[Heard]) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    let Some(register) = held.qualification.as_ref().filter(|row| row.registered) else {
        return conflicts;
    };
    for one in heard {
        let statement = &one.told.statement;
        let level = register.level.and_then(schema::Level::from_place);
        if let (Some(level), Some(stated)) = (level, statement.level)
            && level != stated
        {
            conflicts.push(conflict(
                "level",
                format!("{level:?}"),
                format!("{stated:?}"),
                Code::LevelDiffers,
            ));
        }
        if let (Some(credit), Some(stated)) = (register.total_credit, statement.credit)
            && credit != i32::from(stated.value())
        {
            conflicts.push(conflict(
                "credit",
                credit.to_string(),
                stated.value().to_string(),
                Code::CreditDiffers,
            ));
        }
        if let (Some(body), Some(stated)) = (&register.body, statement.body.recognition_number)
            && body != stated.as_str()
        {
            conflicts.push(conflict(
                "awardingBody",
                body.clone(),
                stated.to_string(),
                Code::BodyDiffers,
            ));
        }
    }
    conflicts
        .dedup_by(|left, right| left.field == right.field && left.source_says == right.source_says);
    if held
        .achievement
        .awarded_on
        .is_some_and(|day| !register.certificable_on(day))
    {
        let window = format!(
            "{} to {}",
            register
                .operational_from
                .map(|day| day.to_string())
                .unwrap_or_default(),
            register
                .certification_until
                .map(|day| day.to_string())
                .unwrap_or_default()
        );
        let stated = held
            .achievement
            .awarded_on
            .map(|day| day.to_string())
            .unwrap_or_default();
        conflicts.push(conflict(
            "awardedOn",
            window,
            stated,
            Code::OutsideRegisterDates,
        ));
    }
    conflicts
}

fn conflict(
    field: &str,
    register_says: impl Into<Option<String>>,
    source_says: String,
    code: Code,
) -> Conflict {
    Conflict {
        field: field.to_owned(),
        register_says: register_says.into(),
        source_says,
        code: code.as_str().to_owned(),
    }
}

/// `certificate_number` as `certificateNumber`.
fn camel(field: &str) -> String {
    let mut text = String::with_capacity(field.len());
    let mut upper = false;
    for character in field.chars() {
        match character {
            '_' => upper = true,
            other if upper => {
                text.extend(other.to_uppercase());
                upper = false;
            }
            other => text.push(other),
        }
    }
    text
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
