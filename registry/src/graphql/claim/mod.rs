//! Claims of prior learning.

mod input;
mod parts;
mod suggestion;

pub use input::{AssuranceDecision, ClaimInput, EvidenceInput, JudgementInput};
pub use parts::{ClaimEvent, ClaimOutcome, ClaimState, Evidence, EvidenceKind, Judgement};
pub use suggestion::ClaimSuggestion;
pub(super) use suggestion::suggested;

use super::achievement::{self, Achievement, AchievementRoute};
use super::catalogue::{self, Unit};
use super::connection::{Page, connection};
use super::learner::{self, Learner};
use super::problem::{fail, language, told};
use super::reason::{Reason, reasons};
use super::scalar::Date;
use super::{app, caller};
use crate::action::claim::{self, Changes, Filter, Seen, View, What};
use crate::action::learner::{Seen as SeenLearner, Selector};
use crate::db::Id;
use ::claim::State;
use async_graphql::{Context, ID, Object, Result};
use futures_util::{Stream, StreamExt, stream};
use schema::Code;

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
