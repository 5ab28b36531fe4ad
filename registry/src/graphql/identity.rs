//! Who is whom: pairs that a steward decides, merges and splits.

use super::connection::{Page, connection};
use super::learner::{self, Learner};
use super::problem::{fail, told};
use super::scalar::{Date, DateTime};
use super::{app, caller};
use crate::action::identity::{self, Case};
use crate::action::learner::Selector;
use crate::db::Id;
use crate::model::learner::{LearnerRow, MergeRow};
use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use schema::Code;

/// What a steward decides of a pair.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum MatchDecision {
    /// Both are one person.
    Same,
    /// They are two.
    Different,
}

/// Two learners who could be one person.
pub struct MatchCase(Case);

/// Two learners who could be one person.
#[Object]
impl MatchCase {
    /// The identifier.
    pub async fn id(&self) -> ID {
        ID(self.0.pair.id.show("match"))
    }

    /// How probable it is that both are one, with everything that is known of others who could be either.
    async fn probability(&self) -> f64 {
        ::identity::probability(self.0.pair.total_odds)
    }

    /// Why: what each field says. The weights add up to the logarithm of the odds.
    async fn fields(&self) -> Vec<FieldEvidence> {
        let evidence = self.0.evidence.iter().map(|one| FieldEvidence {
            field: one.field.to_owned(),
            comparison: one.agreement.to_owned(),
            weight: f64::from(one.weight),
        });
        evidence.collect()
    }

    /// One of the two, as they alone were told of.
    async fn left(&self) -> PersonFacts {
        PersonFacts::of(&self.0.left)
    }

    /// The other one.
    async fn right(&self) -> PersonFacts {
        PersonFacts::of(&self.0.right)
    }

    /// `open` while it waits for a steward; `same` or `different` as one decided; `settled` where it follows from
    /// what is known by now.
    async fn state(&self) -> &str {
        match self.0.pair.ruling.as_deref() {
            Some(ruling) => ruling,
            None if self.0.pair.is_open() => "open",
            None => "settled",
        }
    }
}

/// What a field says for one person (above 0) or against it.
#[derive(SimpleObject)]
pub struct FieldEvidence {
    /// The field; `prior` is what is known before any, `rivals` what is known of others who could be either.
    field: String,
    /// How the two compare, in words.
    comparison: String,
    /// What it adds to the logarithm of the odds.
    weight: f64,
}

/// What a person was told to be.
#[derive(SimpleObject)]
pub struct PersonFacts {
    /// Given names.
    given_name: Option<String>,
    /// Family name.
    family_name: Option<String>,
    /// Other family names.
    former_names: Vec<String>,
    /// Date of birth.
    date_of_birth: Option<Date>,
    /// Postcode.
    postcode: Option<String>,
    /// The ULN.
    uln: Option<String>,
}

impl PersonFacts {
    fn of((row, uln): &(LearnerRow, Option<String>)) -> Self {
        let own = row.own();
        Self {
            given_name: own.given_name,
            family_name: own.family_name,
            former_names: own.former_names,
            date_of_birth: own.date_of_birth.map(Date),
            postcode: own.postcode,
            uln: uln.clone(),
        }
    }
}

/// That two learners were found to be one.
pub struct Merge(pub(super) MergeRow);

/// That two learners were found to be one.
#[Object]
impl Merge {
    /// The identifier.
    pub async fn id(&self) -> ID {
        ID(self.0.id.show("merge"))
    }

    /// The learner who was kept, as they are now.
    async fn kept(&self, context: &Context<'_>) -> Result<Learner> {
        let found = learner::look(context, Selector::Id(self.0.kept_id)).await?;
        found.ok_or_else(|| fail(context, Code::NotFound, None))
    }

    /// The identifier that answers with the one who was kept, until the merge was taken back.
    async fn merged_id(&self) -> ID {
        ID(self.0.gone_id.show("learner"))
    }

    /// Why: a steward's words; `linked-ulns` or `result-number` where a source said so; `likeness`.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// When.
    async fn merged_at(&self) -> DateTime {
        DateTime(self.0.merged_at)
    }

    /// When it was taken back.
    async fn split_at(&self) -> Option<DateTime> {
        self.0.split_at.map(DateTime)
    }
}

connection!(MatchCaseConnection, MatchCaseEdge, MatchCase, "cases");

pub(super) async fn cases(
    context: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<MatchCaseConnection> {
    let read = |cursor: &str| Id::read("match", cursor);
    let page = Page::asked(context, first, after.as_deref(), read)?;
    let (after, limit) = (page.after, page.with_one_more());
    let found = identity::cases(app(context)?, caller(context)?, after, limit).await;
    Ok(MatchCaseConnection::page(
        &page,
        found.map_err(|error| told(context, &error))?,
        |case| case.pair.id.show("match"),
        MatchCase,
    ))
}

pub(super) async fn case(context: &Context<'_>, id: Id) -> Result<Option<MatchCase>> {
    let found = identity::case(app(context)?, caller(context)?, id).await;
    found
        .map(|found| found.map(MatchCase))
        .map_err(|error| told(context, &error))
}

pub(super) async fn resolve(
    context: &Context<'_>,
    id: &ID,
    decision: MatchDecision,
    reason: String,
) -> Result<MatchCase> {
    let id = Id::read("match", id).ok_or_else(|| fail(context, Code::NotFound, None))?;
    let same = decision == MatchDecision::Same;
    let case = identity::resolve(app(context)?, caller(context)?, id, same, reason).await;
    case.map(MatchCase).map_err(|error| told(context, &error))
}

pub(super) async fn merge(
    context: &Context<'_>,
    keep: &ID,
    merge: &ID,
    reason: String,
) -> Result<Merge> {
    let read = |id: &ID| Id::read("learner", id).ok_or_else(|| fail(context, Code::NotFound, None));
    let (keep, gone) = (read(keep)?, read(merge)?);
    let row = identity::merge(app(context)?, caller(context)?, keep, gone, reason).await;
    row.map(Merge).map_err(|error| told(context, &error))
}

pub(super) async fn split(context: &Context<'_>, id: &ID, reason: String) -> Result<Merge> {
    let id = Id::read("merge", id).ok_or_else(|| fail(context, Code::NotFound, None))?;
    let row = identity::split(app(context)?, caller(context)?, id, reason).await;
    row.map(Merge).map_err(|error| told(context, &error))
}

pub(super) async fn merged(context: &Context<'_>, id: Id) -> Result<Option<Merge>> {
    let row = identity::merged(app(context)?, caller(context)?, id).await;
    row.map(|row| row.map(Merge))
        .map_err(|error| told(context, &error))
}

pub(super) async fn merges(context: &Context<'_>, learner: Id) -> Result<Vec<Merge>> {
    let rows = identity::merges(app(context)?, caller(context)?, learner).await;
    rows.map(|rows| rows.into_iter().map(Merge).collect())
        .map_err(|error| told(context, &error))
}
