//! Figures of the workforce.

use super::problem::told;
use super::scalar::Date;
use super::{app, caller};
use crate::action::workforce::{self, Dimension, ROUNDING};
use async_graphql::{Context, Enum, Result, SimpleObject};

/// What figures of the workforce can be broken down by.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum WorkforceDimension {
    /// The sector of the role, by its code.
    Sector,
    /// The role of the post that a person began last, by its code.
    Role,
    /// The highest level of a qualification that counts, such as `L3`; `NONE` for those who have none.
    Level,
    /// The professional status in force, such as `QTS`; of several the first of `QTS`, `QTLS`, `EYTS`, `EYPS` and others by
    /// their codes; `NONE` for those who have none.
    Status,
    /// The area of the post, by the code under which posts are loaded.
    Area,
}

impl WorkforceDimension {
    fn dimension(self) -> Dimension {
        match self {
            Self::Sector => Dimension::Sector,
            Self::Role => Dimension::Role,
            Self::Level => Dimension::Level,
            Self::Status => Dimension::Status,
            Self::Area => Dimension::Area,
        }
    }
}

/// A published table of the workforce. Every table of a snapshot is made of one workforce in which small groups were rounded,
/// so that no small number can be found by subtracting or combining tables.
#[derive(SimpleObject)]
pub struct WorkforceTable {
    /// The day it is of.
    snapshot: Date,
    /// Its rows, by their keys: each combination of which any part is told of, and where needs or provision are stated.
    rows: Vec<WorkforceRow>,
    /// In how many rows it is not told how many people there are.
    suppressed: i32,
    /// To what counts of people are rounded. Posts and places are as stated.
    rounding: i32,
}

/// A row of a table of the workforce.
#[derive(SimpleObject)]
pub struct WorkforceRow {
    /// A key for each dimension, in the order asked for.
    keys: Vec<String>,
    /// How many people, to the nearest five; null where they are few (up to seven) or nobody.
    people: Option<i32>,
    /// How many posts are needed; null where nobody says so, and by level or status.
    needed: Option<i32>,
    /// How many places to learn there are; null where nobody says so, and by level or status.
    provision: Option<i32>,
}

pub(super) async fn table(
    context: &Context<'_>,
    by: Vec<WorkforceDimension>,
    snapshot: Option<Date>,
) -> Result<WorkforceTable> {
    let by = by.into_iter().map(WorkforceDimension::dimension).collect();
    let day = snapshot.map(|day| day.0);
    let table = workforce::table(app(context)?, caller(context)?, by, day).await;
    let table = table.map_err(|error| told(context, &error))?;
    let suppressed = table.rows.iter().filter(|row| row.people.is_none());
    Ok(WorkforceTable {
        snapshot: Date(table.day),
        suppressed: i32::try_from(suppressed.count()).unwrap_or(i32::MAX),
        rounding: i32::try_from(ROUNDING).unwrap_or(i32::MAX),
        rows: table
            .rows
            .into_iter()
            .map(|row| WorkforceRow {
                keys: row.keys,
                people: row.people,
                needed: row.needed,
                provision: row.provision,
            })
            .collect(),
    })
}
