//! National Occupational Standards.

use super::framework;
use crate::graphql::connection::{Page, connection};
use crate::graphql::framework::Level;
use async_graphql::{Context, Result, SimpleObject};
use framework::catalogue;

connection!(
    StandardConnection,
    StandardEdge,
    Standard,
    "National Occupational Standards"
);

/// A National Occupational Standard.
#[derive(SimpleObject, Clone)]
pub struct Standard {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// The suite it belongs to.
    pub suite: String,
    /// Its level, where it has a single one.
    pub level: Option<Level>,
}

impl Standard {
    /// As the framework has it.
    pub(in crate::graphql) fn of(standard: &catalogue::Standard) -> Self {
        Self {
            code: standard.code.clone(),
            title: standard.title.clone(),
            suite: standard.suite.clone(),
            level: standard.level.and_then(Level::of),
        }
    }
}

/// A page of the standards, in the table's order; of those that have every word of `search`.
pub(in crate::graphql) async fn standards(
    context: &Context<'_>,
    search: Option<String>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<StandardConnection> {
    let framework = framework(context).await?;
    let read = |cursor: &str| framework.standard_place(cursor.strip_prefix("standard_")?);
    let page = Page::asked(context, first, after.as_deref(), read)?;
    let search = search.unwrap_or_default();
    let places = framework.standards_with(&search);
    let found =
        page.out_of(places.filter_map(|place| Some((place, framework.standards.get(place)?))));
    Ok(StandardConnection::page(
        &page,
        found,
        |standard| format!("standard_{}", standard.code),
        Standard::of,
    ))
}
