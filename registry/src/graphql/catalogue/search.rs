//! Searching the catalogue of qualifications and units. Open to all.

use super::Unit;
use crate::action::catalogue::{Asked, Search};
use crate::graphql::app;
use crate::graphql::connection::{Page, connection};
use crate::graphql::framework::{Level, Qualification};
use crate::graphql::problem::told;
use crate::graphql::scalar::Date;
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
pub(in crate::graphql) struct Given {
    pub(in crate::graphql) search: Option<String>,
    pub(in crate::graphql) level: Option<Vec<Level>>,
    pub(in crate::graphql) sector: Option<Vec<String>>,
    pub(in crate::graphql) awarding_body: Option<String>,
    pub(in crate::graphql) available_on: Option<Date>,
    pub(in crate::graphql) first: Option<i32>,
    pub(in crate::graphql) after: Option<String>,
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

pub(in crate::graphql) async fn qualifications(
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

pub(in crate::graphql) async fn units(
    context: &Context<'_>,
    given: Given,
) -> Result<UnitConnection> {
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
