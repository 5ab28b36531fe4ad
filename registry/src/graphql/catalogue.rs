//! Searching the catalogue of qualifications and units. Open to all.

use super::app;
use super::connection::{Page, connection};
use super::framework::{Level, Qualification, Unit};
use super::problem::told;
use super::scalar::Date;
use crate::action::catalogue::{Asked, Search};
use crate::model::search::After;
use async_graphql::{Context, Result};

connection!(
    QualificationConnection,
    QualificationEdge,
    Qualification,
    "qualifications"
);
connection!(UnitConnection, UnitEdge, Unit, "units");

/// What is asked of a search.
#[derive(Default)]
pub(super) struct Given {
    pub(super) search: Option<String>,
    pub(super) level: Option<Vec<Level>>,
    pub(super) sector: Option<Vec<String>>,
    pub(super) awarding_body: Option<String>,
    pub(super) available_on: Option<Date>,
    pub(super) first: Option<i32>,
    pub(super) after: Option<String>,
}

impl Given {
    /// The search and the page that are asked for.
    fn read(self, context: &Context<'_>) -> Result<(Search, Page<After>)> {
        let page = Page::asked(context, self.first, self.after.as_deref(), After::read)?;
        let levels = self
            .level
            .map(|levels| levels.into_iter().filter_map(Level::level).collect());
        let search = Search::read(Asked {
            search: self.search,
            levels,
            sectors: self.sector,
            body: self.awarding_body,
            available_on: self.available_on.map(|day| day.0),
        });
        Ok((search.map_err(|error| told(context, &error))?, page))
    }
}

pub(super) async fn qualifications(
    context: &Context<'_>,
    given: Given,
) -> Result<QualificationConnection> {
    let (search, page) = given.read(context)?;
    let (after, limit) = (page.after.clone(), wanted(&page));
    let found = app(context)?
        .db
        .read(move |connection| search.qualifications(connection, after.as_ref(), limit))
        .await;
    Ok(QualificationConnection::page(
        &page,
        found.map_err(|error| told(context, &error))?,
        |(place, _, _)| place.show(),
        |(_, row, body)| Qualification(row, body),
    ))
}

pub(super) async fn units(context: &Context<'_>, given: Given) -> Result<UnitConnection> {
    let (search, page) = given.read(context)?;
    let (after, limit) = (page.after.clone(), wanted(&page));
    let found = app(context)?
        .db
        .read(move |connection| search.units(connection, after.as_ref(), limit))
        .await;
    Ok(UnitConnection::page(
        &page,
        found.map_err(|error| told(context, &error))?,
        |(place, _)| place.show(),
        |(_, row)| Unit(row),
    ))
}

fn wanted(page: &Page<After>) -> usize {
    usize::try_from(page.with_one_more()).unwrap_or_default()
}
