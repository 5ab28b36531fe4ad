//! What practitioners did to develop, and how they were inducted.

use super::catalogue::{self, CommonCoreArea, Standard};
use super::claim::Evidence;
use super::connection::{Page, connection};
use super::problem::told;
use super::scalar::Date;
use super::{app, caller};
use crate::action::claim::Naming;
use crate::action::development::{self, Entry, New};
use crate::action::learner::Seen;
use crate::db::Id;
use crate::model::development::DevelopmentRow;
use async_graphql::{Context, ID, InputObject, Object, Result};

/// An entry of a practitioner's development record, for the practitioner; an induction also for the teams with which they
/// share it.
pub struct DevelopmentEntry(Entry);

impl DevelopmentEntry {
    /// As others are told of it: what it is evidence of is the person's own.
    pub(super) fn shared(row: DevelopmentRow) -> Self {
        let evidence = Vec::new();
        Self(Entry { row, evidence })
    }
}

/// An entry of a practitioner's development record, for the practitioner; an induction also for the teams with which they
/// share it.
#[Object]
impl DevelopmentEntry {
    /// The identifier, by which it is handed in as evidence.
    pub async fn id(&self) -> ID {
        ID(self.0.row.id.show("development"))
    }

    /// Its kind: `cpd`, `induction`, or what else it is.
    async fn kind(&self) -> &str {
        &self.0.row.kind
    }

    /// What it was.
    async fn title(&self) -> &str {
        &self.0.row.title
    }

    /// How long it took.
    async fn hours(&self) -> Option<f64> {
        self.0.row.minutes.map(|minutes| f64::from(minutes) / 60.0)
    }

    /// The day, or the last of them.
    async fn on(&self) -> Date {
        Date(self.0.row.on_day)
    }

    /// The areas of the Common Core to which it belongs, in the latest edition's words.
    async fn areas(&self, context: &Context<'_>) -> Result<Vec<CommonCoreArea>> {
        let framework = catalogue::framework(context).await?;
        let areas = self.0.row.areas().filter_map(|code| framework.area(code));
        Ok(areas.map(CommonCoreArea::of).collect())
    }

    /// The National Occupational Standards to which it belongs.
    async fn standards(&self, context: &Context<'_>) -> Result<Vec<Standard>> {
        let framework = catalogue::framework(context).await?;
        let codes = self.0.row.standards();
        let standards = codes.filter_map(|code| framework.standard(code));
        Ok(standards.map(Standard::of).collect())
    }

    /// The evidence in one's claims that rests on it: none for others.
    async fn evidence(&self, context: &Context<'_>) -> Result<Vec<Evidence>> {
        let naming = Naming::of(&app(context)?.issuers);
        let pieces = self.0.evidence.iter();
        Ok(pieces
            .map(|(row, outcomes)| {
                let by = naming.show(&row.issuer, &row.subject);
                Evidence::of(row, outcomes.clone(), by)
            })
            .collect())
    }
}

connection!(
    DevelopmentConnection,
    DevelopmentEdge,
    DevelopmentEntry,
    "entries"
);

/// Something that one did to develop.
#[derive(InputObject)]
pub struct DevelopmentInput {
    /// Its kind: `cpd`, `induction`, or what else it is.
    kind: String,
    /// What it was.
    title: String,
    /// How long it took.
    hours: Option<f64>,
    /// The day, or the last of them.
    on: Date,
    /// Codes of areas of the Common Core, or of National Occupational Standards.
    areas: Option<Vec<String>>,
}

pub(super) async fn record(
    context: &Context<'_>,
    input: DevelopmentInput,
) -> Result<DevelopmentEntry> {
    let new = New {
        kind: input.kind,
        title: input.title,
        hours: input.hours,
        on: input.on.0,
        areas: input.areas.unwrap_or_default(),
    };
    let recorded = development::record(app(context)?, caller(context)?, new).await;
    recorded
        .map(DevelopmentEntry)
        .map_err(|error| told(context, &error))
}

pub(super) async fn find(context: &Context<'_>, id: Id) -> Result<Option<DevelopmentEntry>> {
    let found = development::find(app(context)?, caller(context)?, id).await;
    found
        .map(|found| found.map(DevelopmentEntry))
        .map_err(|error| told(context, &error))
}

pub(super) async fn list(
    context: &Context<'_>,
    learner: &Seen,
    first: Option<i32>,
    after: Option<String>,
) -> Result<DevelopmentConnection> {
    let read = |cursor: &str| Id::read("development", cursor);
    let page = Page::asked(context, first, after.as_deref(), read)?;
    let rows = development::list(app(context)?, learner, page.after, page.with_one_more()).await;
    Ok(DevelopmentConnection::page(
        &page,
        rows.map_err(|error| told(context, &error))?,
        |entry| entry.row.id.show("development"),
        DevelopmentEntry,
    ))
}
