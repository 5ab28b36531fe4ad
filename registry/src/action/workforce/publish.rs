//! Publishing a snapshot.

use super::cell::{Dimension, Grouping};
use super::protect::{Group, protect};
use super::row::{self, Row};
use crate::action::framework::Framework;
use crate::app::App;
use crate::db::{Connection, Purpose};
use crate::error::Error;
use crate::model::workforce::{self, Alike, FigureRow, StatedSum, TableRow};
use schema::{Code, Date, Level};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

/// The key of those who have no level, no status, or a role that is in no sector.
const NONE: &str = "NONE";

/// What was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Published {
    /// The day.
    pub day: String,
    /// How many tables.
    pub tables: usize,
    /// How many have more rows than are published, and are not told.
    pub too_large: usize,
    /// How many rows they have together.
    pub rows: usize,
    /// In how many of them how many people there are is not told.
    pub suppressed: usize,
}

/// Counts the workforce as of a day, protects the counts and publishes every table of them, for good; blocks until all of
/// it is committed. The database counts; what is held here is one number for each kind of people who are alike.
///
/// # Errors
/// [`Code::InputInvalid`] for a day to come; [`Code::StateConflict`] where that day is published already; the database's
/// failure. Nothing was published then.
pub fn publish(app: &App, framework: &Framework, day: Date) -> Result<Published, Error> {
    let now = app.clock.now();
    if day > now.date() {
        let words = "A day to come cannot be published: what is true of it may still change.";
        return Err(Error::with(Code::InputInvalid, words));
    }
    let conflict = || {
        let words = format!("Figures of {day} are published already, and do not change.");
        Error::with(Code::StateConflict, words)
    };
    // It takes as long as it takes, and keeps nobody from writing.
    let mut connection = Connection::open(&app.config.database_url(), Purpose::Write)?;
    if workforce::is_published(&mut connection, day)? {
        return Err(conflict());
    }
    let people = workforce::alike(&mut connection, day)?;
    let needed = workforce::needed(&mut connection, day)?;
    let provision = workforce::provided(&mut connection, day)?;
    drop(connection);
    let sector = |role: &str| {
        let role = framework.role(role);
        role.map_or(NONE, |role| role.sector.as_str()).to_owned()
    };
    let keyed = Keyed::of(&sector, &people, &needed, &provision);
    let mut published = Published {
        day: day.to_string(),
        tables: 0,
        too_large: 0,
        rows: 0,
        suppressed: 0,
    };
    let mut tables = Vec::new();
    let mut figures = Vec::new();
    for table in Grouping::all() {
        let rows = row::rows(table, &keyed.people, &keyed.needed, &keyed.provision);
        let row_count = rows.as_ref().map(|rows| number(rows.len() as u64));
        published.tables += 1;
        published.too_large += usize::from(rows.is_none());
        let rows = rows.unwrap_or_default();
        published.rows += rows.len();
        published.suppressed += rows.iter().filter(|row| row.people.is_none()).count();
        tables.push(TableRow {
            day,
            dimensions: table.number(),
            row_count,
        });
        figures.extend(rows.iter().map(|row| keyed.figure(day, table, row)));
    }
    let stored = app.db.bulk()?.transaction(move |connection| {
        let stored = workforce::store(connection, day, now, tables, figures)?;
        Ok(stored)
    })?;
    if stored {
        Ok(published)
    } else {
        Err(conflict())
    }
}

/// What is counted, by places of keys; the people protected.
struct Keyed {
    names: [Vec<String>; 5],
    people: Vec<Group>,
    needed: Vec<Group>,
    provision: Vec<Group>,
}

type Named = ([String; 5], u32);

impl Keyed {
    fn of(
        sector: &dyn Fn(&str) -> String,
        people: &[Alike],
        needed: &[StatedSum],
        provision: &[StatedSum],
    ) -> Self {
        let stated = |all: &[StatedSum]| -> Vec<Named> {
            let named = |one: &StatedSum| {
                let (role, area) = (one.role.clone(), one.area.clone());
                let keys = [sector(&role), role, NONE.into(), NONE.into(), area];
                (keys, u32::try_from(one.number).unwrap_or(u32::MAX))
            };
            all.iter().map(named).collect()
        };
        let people: Vec<Named> = people
            .iter()
            .map(|one| {
                let level = one.level.and_then(Level::from_place).map(level);
                // The digit of its rank goes before it.
                let status = one.status.as_deref().and_then(|status| status.get(1..));
                let keys = [
                    sector(&one.role),
                    one.role.clone(),
                    level.unwrap_or_else(|| NONE.to_owned()),
                    status.unwrap_or(NONE).to_owned(),
                    one.area.clone(),
                ];
                (keys, u32::try_from(one.people).unwrap_or(u32::MAX))
            })
            .collect();
        let (needed, provision) = (stated(needed), stated(provision));
        let mut names: [BTreeSet<&str>; 5] = Default::default();
        for (keys, _) in people.iter().chain(&needed).chain(&provision) {
            for (names, key) in names.iter_mut().zip(keys) {
                names.insert(key);
            }
        }
        let names = names.map(|names| names.into_iter().map(str::to_owned).collect::<Vec<_>>());
        let groups = {
            let places = names.each_ref().map(|names| {
                let places = names.iter().enumerate();
                let places = places.map(|(place, name)| (name.as_str(), place));
                places.collect::<HashMap<&str, usize>>()
            });
            let group = |(keys, people): &Named| {
                let mut group = Group {
                    keys: [0; 5],
                    people: *people,
                };
                for ((place, name), of) in group.keys.iter_mut().zip(keys).zip(&places) {
                    *place = of.get(name.as_str()).copied().unwrap_or_default();
                }
                group
            };
            [&people, &needed, &provision].map(|all| all.iter().map(group).collect::<Vec<_>>())
        };
        let [mut people, needed, provision] = groups;
        // So that it makes no difference in which order the database gave them.
        people.sort();
        let protected = protect(&people);
        for (group, protected) in people.iter_mut().zip(protected) {
            group.people = protected;
        }
        people.retain(|group| group.people > 0);
        Self {
            names,
            people,
            needed,
            provision,
        }
    }

    fn figure(&self, day: Date, table: Grouping, row: &Row) -> FigureRow {
        let name = |dimension: Dimension| {
            let place = row.keys.get(dimension.place())?.checked_sub(1)?;
            self.names.get(dimension.place())?.get(place).cloned()
        };
        let name = |dimension| name(dimension).unwrap_or_default();
        FigureRow {
            day,
            dimensions: table.number(),
            sector: name(Dimension::Sector),
            role: name(Dimension::Role),
            level: name(Dimension::Level),
            status: name(Dimension::Status),
            area: name(Dimension::Area),
            people: row.people.map(number),
            needed: row.needed.map(number),
            provision: row.provision.map(number),
        }
    }
}

fn number(number: u64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// A level as the published schema calls it.
fn level(level: Level) -> String {
    match level {
        Level::Entry1 => "ENTRY_1".to_owned(),
        Level::Entry2 => "ENTRY_2".to_owned(),
        Level::Entry3 => "ENTRY_3".to_owned(),
        other => format!("L{}", other.place() - 2),
    }
}
