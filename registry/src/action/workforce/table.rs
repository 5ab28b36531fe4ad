//! Asking for a published table.

use super::cell::{Dimension, Grouping, MOST_DIMENSIONS};
use crate::access::{Caller, Right};
use crate::app::App;
use crate::db::Connection;
use crate::error::Error;
use crate::model::workforce::{self, FigureRow};
use schema::{Code, Date};

/// How many published days are named to whoever asks for another.
const NAMED: i64 = 12;

/// A published table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The day it is of.
    pub day: Date,
    /// The rows, by their keys.
    pub rows: Vec<Figures>,
}

/// A row of a published table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// A key for each dimension, in the order asked for.
    pub keys: Vec<String>,
    /// How many people; none where they are few or nobody.
    pub people: Option<i32>,
    /// How many posts are needed, where anybody says so.
    pub needed: Option<i32>,
    /// How many places to learn there are, where anybody says so.
    pub provision: Option<i32>,
}

/// The table by these dimensions as of a published day; of the latest where none is given.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but a statistician; [`Code::TooMany`] for more than three dimensions, or where the table
/// has more rows than are published; [`Code::InputInvalid`] for one twice; [`Code::SnapshotNotPublished`].
#[tracing::instrument(target = "registry::trace", name = "workforce::table", skip_all)]
pub async fn table(
    app: &App,
    caller: &Caller,
    by: Vec<Dimension>,
    day: Option<Date>,
) -> Result<Table, Error> {
    caller.demand(Right::ReadWorkforce)?;
    if by.len() > MOST_DIMENSIONS {
        let words = format!("A table has at most {MOST_DIMENSIONS} dimensions.");
        return Err(Error::with(Code::TooMany, words));
    }
    let grouping = Grouping::of(&by);
    if grouping.dimensions().count() < by.len() {
        let words = "A table has each dimension once.";
        return Err(Error::with(Code::InputInvalid, words));
    }
    let read = move |connection: &mut Connection| {
        let Some(table) = workforce::table(connection, grouping.number(), day)? else {
            return Err(not_published(day, &workforce::days(connection, NAMED)?));
        };
        if table.row_count.is_none() {
            let words = "This table has more rows than are published. Ask by fewer dimensions.";
            return Err(Error::with(Code::TooMany, words));
        }
        Ok((table.day, workforce::rows(connection, &table)?))
    };
    let (day, rows) = app.db.read(read).await?;
    let rows = rows.iter().map(|row| figures(row, &by));
    let mut rows: Vec<Figures> = rows.collect();
    rows.sort_by(|one, other| one.keys.cmp(&other.keys));
    Ok(Table { day, rows })
}

fn not_published(day: Option<Date>, published: &[Date]) -> Error {
    let days: Vec<String> = published.iter().map(Date::to_string).collect();
    let words = match (day, days.as_slice()) {
        (_, []) => "No figures of the workforce are published yet.".to_owned(),
        (None, _) => return Error::internal("a snapshot without its tables"),
        (Some(day), days) => format!(
            "No figures of the workforce are published of {day}. The latest are of {}.",
            days.join(", ")
        ),
    };
    Error::with(Code::SnapshotNotPublished, words)
}

fn figures(row: &FigureRow, by: &[Dimension]) -> Figures {
    let key = |dimension: &Dimension| match dimension {
        Dimension::Sector => row.sector.clone(),
        Dimension::Role => row.role.clone(),
        Dimension::Level => row.level.clone(),
        Dimension::Status => row.status.clone(),
        Dimension::Area => row.area.clone(),
    };
    Figures {
        keys: by.iter().map(key).collect(),
        people: row.people,
        needed: row.needed,
        provision: row.provision,
    }
}
