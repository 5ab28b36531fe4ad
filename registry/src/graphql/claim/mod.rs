//! Claims of prior learning.

mod input;
mod suggestion;

pub use input::{AssuranceDecision, ClaimInput, EvidenceInput, JudgementInput};
pub use suggestion::ClaimSuggestion;
pub(super) use suggestion::suggested;

use super::achievement::{self, Achievement, AchievementRoute};
use super::catalogue::{self, Unit};
use super::connection::{Page, connection};
use super::learner::{self, Learner};
use super::problem::{fail, language, told};
use super::reason::{Reason, Ternary, reasons};
use super::scalar::{Date, DateTime};
use super::{app, caller};
use crate::action::claim::{self, Changes, Filter, Seen, View, What};
use crate::action::learner::{Seen as SeenLearner, Selector};
use crate::db::Id;
use crate::model::claim::{EventRow, EvidenceRow, JudgementRow};
use ::claim::State;
use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use futures_util::{Stream, StreamExt, stream};
use schema::Code;

/// Where a claim stands.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum ClaimState {
    /// The claimant gathers evidence.
    Draft,
    /// It waits for an assessor.
    Submitted,
    /// The assessor judges.
    InAssessment,
    /// The quality assurer looks at the judgement.
    InAssurance,
    /// Every unit is granted.
    Awarded,
    /// Some units are granted.
    PartlyAwarded,
    /// No unit is granted.
    Declined,
    /// Others judge it again.
    UnderAppeal,
    /// What was decided stands.
    Closed,
    /// The claimant took it back.
    Withdrawn,
}

impl From<State> for ClaimState {
    fn from(state: State) -> Self {
        match state {
            State::Draft => Self::Draft,
            State::Submitted => Self::Submitted,
            State::InAssessment => Self::InAssessment,
            State::InAssurance => Self::InAssurance,
            State::Awarded => Self::Awarded,
            State::PartlyAwarded => Self::PartlyAwarded,
            State::Declined => Self::Declined,
            State::UnderAppeal => Self::UnderAppeal,
            State::Closed => Self::Closed,
            State::Withdrawn => Self::Withdrawn,
        }
    }
}

impl From<ClaimState> for State {
    fn from(state: ClaimState) -> Self {
        let all = Self::ALL.into_iter();
        let mut all = all.filter(|one| ClaimState::from(*one) == state);
        all.next().unwrap_or(Self::Withdrawn)
    }
}

/// What kind of evidence it is.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum EvidenceKind {
    /// A file.
    Document,
    /// Work in a role.
    Employment,
    /// What somebody who saw it says, under their own token.
    WitnessTestimony,
    /// An achievement in the registry.
    Achievement,
    /// An entry of the development record.
    Development,
    /// What the assessor saw.
    Observation,
}

impl From<EvidenceKind> for ::claim::EvidenceKind {
    fn from(kind: EvidenceKind) -> Self {
        match kind {
            EvidenceKind::Document => Self::Document,
            EvidenceKind::Employment => Self::Employment,
            EvidenceKind::WitnessTestimony => Self::WitnessTestimony,
            EvidenceKind::Achievement => Self::Achievement,
            EvidenceKind::Development => Self::Development,
            EvidenceKind::Observation => Self::Observation,
        }
    }
}

impl EvidenceKind {
    fn of(text: &str) -> Self {
        match ::claim::EvidenceKind::parse(text) {
            Some(::claim::EvidenceKind::Document) => Self::Document,
            Some(::claim::EvidenceKind::WitnessTestimony) => Self::WitnessTestimony,
            Some(::claim::EvidenceKind::Achievement) => Self::Achievement,
            Some(::claim::EvidenceKind::Development) => Self::Development,
            Some(::claim::EvidenceKind::Observation) => Self::Observation,
            _ => Self::Employment,
        }
    }
}

/// A piece of evidence.
#[derive(SimpleObject)]
pub struct Evidence {
    /// The identifier, by which judgements cite it.
    id: ID,
    /// What kind it is.
    kind: EvidenceKind,
    /// What it is called.
    title: String,
    /// Of a file, SHA-256 of its content, in hexadecimal digits.
    digest: Option<String>,
    /// Of a file, its bytes.
    size: Option<i64>,
    /// Of a file, its media type, by its content. It is downloaded from `/evidence/` and the identifier.
    media_type: Option<String>,
    /// When a file was erased, by the awarding body's terms.
    erased_at: Option<DateTime>,
    /// The outcomes for which it is brought.
    outcomes: Vec<String>,
    /// Whether somebody else claimed with the same content before.
    seen_elsewhere: bool,
    /// What is said of it.
    details: Option<async_graphql::Json<serde_json::Value>>,
    /// Who brought it, by the name of their token.
    by: String,
    /// The day of which it speaks, or the last of them.
    dated_on: Option<Date>,
}

impl Evidence {
    pub(super) fn of(row: &EvidenceRow, outcomes: Vec<String>, by: String) -> Self {
        let details = row.details.as_deref();
        let details = details.and_then(|said| serde_json::from_str(said).ok());
        Self {
            id: ID(row.id.show("evidence")),
            kind: EvidenceKind::of(&row.kind),
            title: row.title.clone(),
            digest: row.digest.clone(),
            size: row.size,
            media_type: row.media_type.clone(),
            erased_at: row.erased_at.map(DateTime),
            outcomes,
            seen_elsewhere: row.seen_elsewhere,
            details: details.map(async_graphql::Json),
            by,
            dated_on: row.dated_on.map(Date),
        }
    }
}

/// A judgement of one outcome. Of several of one outcome the last counts.
#[derive(SimpleObject)]
pub struct Judgement {
    /// The outcome's name within the claim.
    outcome: String,
    /// Whether it is met: NO is not yet.
    met: Ternary,
    /// Whether the evidence speaks of the outcome.
    valid: Option<bool>,
    /// Whether it is the claimant's own.
    authentic: Option<bool>,
    /// Whether others would judge it alike.
    reliable: Option<bool>,
    /// Whether it shows what the claimant can do now.
    current: Option<bool>,
    /// Whether it shows all that the outcome asks.
    sufficient: Option<bool>,
    /// What is said of it.
    note: Option<String>,
    /// Who judged, by the name of their token.
    by: String,
    /// When.
    at: DateTime,
    /// The evidence on which it rests.
    evidence: Vec<ID>,
    /// Whether it was made in an appeal.
    appeal: bool,
}

impl Judgement {
    fn of(row: &JudgementRow, by: String) -> Self {
        Self {
            outcome: row.outcome.clone(),
            met: match ::claim::Met::parse(&row.met) {
                Some(::claim::Met::Yes) => Ternary::Yes,
                Some(::claim::Met::NotYet) => Ternary::No,
                _ => Ternary::Undetermined,
            },
            valid: Some(row.valid),
            authentic: Some(row.authentic),
            reliable: Some(row.reliable),
            current: Some(row.is_current),
            sufficient: Some(row.sufficient),
            note: row.note.clone(),
            by,
            at: DateTime(row.judged_at),
            evidence: row
                .cited()
                .into_iter()
                .map(|id| ID(id.show("evidence")))
                .collect(),
            appeal: row.appeal,
        }
    }
}

/// An outcome against which a claim is judged, as it was when the claim was opened.
#[derive(SimpleObject)]
pub struct ClaimOutcome {
    /// Its name within the claim: the unit's reference, and of a learning outcome a colon and its code.
    name: String,
    /// The unit's reference.
    unit: String,
    /// What it says.
    title: String,
    /// Its criteria.
    criteria: Vec<String>,
    /// Whether the quality assurer is to look at it, by the awarding body's terms.
    sampled: bool,
}

/// Something that happened to a claim.
#[derive(SimpleObject)]
pub struct ClaimEvent {
    /// When.
    at: DateTime,
    /// Who.
    by: String,
    /// What they are on the claim.
    part: String,
    /// What they did: the mutation's name; `dueSoon`, `overdue` and `close` are done by time alone.
    action: String,
    /// The state before.
    from: ClaimState,
    /// The state after.
    to: ClaimState,
    /// What was said of it.
    note: Option<String>,
}

impl ClaimEvent {
    fn of(row: &EventRow) -> Self {
        let state = |text: &str| State::parse(text).unwrap_or(State::Withdrawn).into();
        Self {
            at: DateTime(row.at),
            by: row.by_whom.clone(),
            part: row.part.clone(),
            action: row.action.clone(),
            from: state(&row.from_state),
            to: state(&row.to_state),
            note: row.note.clone(),
        }
    }
}

/// A claim of prior learning, for the claimant, the awarding body, and those who assess and assure it. A witness sees that there
/// is a claim and what they said themselves.
#[derive(Clone)]
pub struct Claim(Seen);

/// A claim of prior learning, for the claimant, the awarding body, and those who assess and assure it. A witness sees that there
/// is a claim and what they said themselves.
#[Object]
impl Claim {
    /// The identifier.
    pub async fn id(&self) -> ID {
        ID(self.0.stored.claim.id.show("claim"))
    }

    /// Where it stands.
    async fn state(&self) -> ClaimState {
        self.0.stored.state().into()
    }

    /// The route.
    async fn route(&self) -> AchievementRoute {
        AchievementRoute::of(&self.0.stored.claim.route)
    }

    /// The recognition number of the awarding body to which it is made.
    async fn awarding_body(&self) -> &str {
        &self.0.stored.claim.body
    }

    /// Whose claim it is, for those who may see the person's record.
    async fn learner(&self, context: &Context<'_>) -> Option<Result<Learner>> {
        if !self.0.view.is_full() {
            return None;
        }
        let found = learner::look(context, Selector::Id(self.0.learner)).await;
        found.transpose()
    }

    /// The claimant's name, for those who judge.
    async fn claimant(&self) -> Option<String> {
        let (given, family) = &self.0.names;
        let name: Vec<&str> = given.iter().chain(family).map(String::as_str).collect();
        (self.0.view.is_full() && !name.is_empty()).then(|| name.join(" "))
    }

    /// What the claimant says of it.
    async fn statement(&self) -> Option<&str> {
        let said = self.0.stored.claim.statement.as_deref();
        said.filter(|_| self.0.view.is_full())
    }

    /// The units that are claimed.
    async fn units(&self, context: &Context<'_>) -> Result<Vec<Unit>> {
        let framework = catalogue::framework(context).await?;
        let units = self.0.stored.units.iter();
        Ok(units
            .map(|row| Unit::named(&framework, &row.reference))
            .collect())
    }

    /// The outcomes against which it is judged.
    async fn outcomes(&self) -> Vec<ClaimOutcome> {
        let facts = self.0.case.facts();
        let sample: Vec<&str> = facts.sample().iter().map(|one| one.name.as_str()).collect();
        let unit = |place: i16| {
            let place = usize::try_from(place).unwrap_or(usize::MAX);
            let unit = self.0.stored.units.get(place);
            unit.map_or_else(String::new, |unit| unit.reference.clone())
        };
        let outcomes = self.0.stored.outcomes.iter();
        outcomes
            .map(|row| ClaimOutcome {
                name: row.name.clone(),
                unit: unit(row.unit_place),
                title: row.title.clone(),
                criteria: row.criteria(),
                sampled: sample.contains(&row.name.as_str()),
            })
            .collect()
    }

    /// The evidence.
    async fn evidence(&self) -> Vec<Evidence> {
        let pieces = self.0.stored.evidence.iter();
        pieces
            .filter(|piece| self.0.sees(&piece.row.issuer, &piece.row.subject))
            .map(|piece| {
                let by = self.named(&piece.row.issuer, &piece.row.subject);
                Evidence::of(&piece.row, piece.outcomes.clone(), by)
            })
            .collect()
    }

    /// The judgements, the oldest first.
    async fn judgements(&self) -> Vec<Judgement> {
        let rows = self.0.stored.judgements.iter();
        rows.filter(|_| self.0.view.is_full())
            .map(|row| Judgement::of(row, self.named(&row.issuer, &row.subject)))
            .collect()
    }

    /// Who assesses, by the name of their token.
    async fn assessor(&self) -> Option<String> {
        self.part("assessor")
    }

    /// Who assures the quality of that, by the name of their token.
    async fn quality_assurer(&self) -> Option<String> {
        self.part("assurer")
    }

    /// Of a claim that was decided: what would close the gap for each unit that was not granted.
    async fn feedback(&self, context: &Context<'_>) -> Vec<Reason> {
        if !self.0.view.is_full() {
            return Vec::new();
        }
        reasons(&claim::feedback(&self.0, language(context)))
    }

    /// What was granted, for those who may see it.
    async fn award(&self, context: &Context<'_>) -> Result<Vec<Achievement>> {
        let mut found = Vec::new();
        if self.0.view.is_full() {
            for row in &self.0.stored.units {
                if let Some(id) = row.achievement_id {
                    found.extend(achievement::look(context, id).await?);
                }
            }
        }
        Ok(found)
    }

    /// SHA-256 of the judgements by which it was decided, as the sources of what was granted state it.
    async fn judgements_digest(&self) -> Option<String> {
        let digest = self.0.stored.claim.digest.as_ref()?;
        let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Some(format!("sha256:{digits}"))
    }

    /// By when what comes next is due; of a decision, the last day on which it can be appealed against.
    async fn deadline(&self) -> Option<Date> {
        self.0.stored.claim.due.map(Date)
    }

    /// Counted up by every change: hand it in with what rests on the claim as it is here.
    async fn version(&self) -> i32 {
        self.0.stored.claim.version
    }

    /// What happened, the oldest first.
    async fn history(&self) -> Vec<ClaimEvent> {
        let rows = self.0.stored.events.iter();
        rows.filter(|_| self.0.view.is_full())
            .map(ClaimEvent::of)
            .collect()
    }

    /// The mutations that the caller may do now.
    async fn allowed(&self) -> Vec<&'static str> {
        if !self.0.view.is_full() {
            return Vec::new();
        }
        let allowed = self.0.case.allowed(&self.0.actor, self.0.today);
        allowed
            .into_iter()
            .map(::claim::ActionKind::as_str)
            .collect()
    }
}

connection!(ClaimConnection, ClaimEdge, Claim, "claims");

impl Claim {
    fn named(&self, issuer: &str, subject: &str) -> String {
        self.0.naming.show(issuer, subject)
    }

    fn part(&self, part: &str) -> Option<String> {
        let row = self.0.stored.part(part).next()?;
        let seen = self.0.view.is_full();
        seen.then(|| self.named(&row.issuer, &row.subject))
    }
}

pub(super) async fn find(context: &Context<'_>, id: &ID) -> Result<Option<Claim>> {
    let Some(id) = Id::read("claim", id) else {
        return Ok(None);
    };
    let found = claim::look(app(context)?, caller(context)?, id).await;
    found
        .map(|found| found.map(Claim))
        .map_err(|error| told(context, &error))
}

pub(super) async fn list(
    context: &Context<'_>,
    state: Option<Vec<ClaimState>>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<ClaimConnection> {
    let page = Page::asked(context, first, after.as_deref(), read)?;
    let filter = Filter {
        states: state.map(|states| states.into_iter().map(State::from).collect()),
        before: page.after,
        limit: page.with_one_more(),
    };
    let found = claim::list(app(context)?, caller(context)?, filter).await;
    paged(context, &page, found)
}

pub(super) async fn of_learner(
    context: &Context<'_>,
    learner: &SeenLearner,
    first: Option<i32>,
    after: Option<String>,
) -> Result<ClaimConnection> {
    let page = Page::asked(context, first, after.as_deref(), read)?;
    let (app, caller) = (app(context)?, caller(context)?);
    let found = claim::of_learner(app, caller, learner, page.after, page.with_one_more()).await;
    paged(context, &page, found)
}

fn read(cursor: &str) -> Option<Id> {
    Id::read("claim", cursor)
}

fn paged(
    context: &Context<'_>,
    page: &Page<Id>,
    found: std::result::Result<Vec<Seen>, crate::error::Error>,
) -> Result<ClaimConnection> {
    Ok(ClaimConnection::page(
        page,
        found.map_err(|error| told(context, &error))?,
        |seen| seen.stored.claim.id.show("claim"),
        Claim,
    ))
}

pub(super) async fn open(context: &Context<'_>, input: ClaimInput) -> Result<Claim> {
    let opened = claim::open(app(context)?, caller(context)?, input.into()).await;
    opened.map(Claim).map_err(|error| told(context, &error))
}

pub(super) async fn act(
    context: &Context<'_>,
    id: &ID,
    version: Option<i32>,
    what: What,
) -> Result<Claim> {
    let id = Id::read("claim", id);
    let done = claim::act(app(context)?, caller(context)?, id, version, what).await;
    done.map(Claim).map_err(|error| told(context, &error))
}

/// A claim as it stands, and each later state until it has ended.
pub(super) async fn follow(
    context: &Context<'_>,
    id: &ID,
) -> Result<impl Stream<Item = Result<Claim>> + use<>> {
    let found = find(context, id).await?;
    let Claim(seen) = found.ok_or_else(|| fail(context, Code::NotFound, None))?;
    if seen.view == View::Own || seen.view.is_full() {
        let later = Changes::of(app(context)?, caller(context)?, &seen);
        let speaks = language(context);
        let later = later.map(move |seen| {
            seen.map(Claim).map_err(|error| {
                let words = error.message(speaks);
                let code = error.code().as_str();
                async_graphql::ErrorExtensions::extend_with(
                    async_graphql::Error::new(words),
                    |_, extensions| extensions.set("code", code),
                )
            })
        });
        return Ok(stream::once(async move { Ok(Claim(seen)) })
            .chain(later)
            .boxed());
    }
    Err(fail(context, Code::NotFound, None))
}
