//! Asking the index. What is found must have every word that is sought: as it was typed, else with the last one
//! taken for the beginning of a word, else with one and then with two mistakes forgiven in each; in this order, and
//! within each of these ranks the shorter title first, then by number. Where nothing has all the words, the common
//! ones are given up for the rare ones; a rare one too where nothing within the filter has it. Each rank is a statement, or
//! on PostgreSQL two, and the next is asked for only as long as the page is not full: so a page takes two dozen
//! statements at the most, and mostly three.

mod rank;
mod statement;

use super::Kind;
use super::text::{Conditions, Values};
use super::word::Sought;
use crate::db::Connection;
use diesel::prelude::*;
use diesel::sql_types::{SmallInt, Text};
use rank::Search;
use schema::Date;

/// The ranks: as typed, a word's beginning, one mistake, two.
const RANKS: usize = 4;

/// What else must be true of what is found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// One of these levels, by their places.
    pub levels: Option<Vec<i16>>,
    /// In one of these sectors, folded as they are stored. Of qualifications.
    pub sectors: Option<Vec<String>>,
    /// Owned by the body of this recognition number. Of qualifications.
    pub body: Option<String>,
    /// By the register learners could be registered for it on this day. Of qualifications.
    pub available_on: Option<Date>,
}

/// What was found: where it stands in the order of all, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it stands.
    pub place: After,
    /// Its number or reference.
    pub key: String,
}

/// A place in what a search finds: what comes after it does not change when entries are added or words become more
/// common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    /// Which of the words that are sought it has, a bit each.
    words: u32,
    rank: u8,
    size: i16,
    key: String,
}

impl After {
    /// As a text.
    #[must_use]
    pub fn show(&self) -> String {
        format!("{:x}.{}.{}.{}", self.words, self.rank, self.size, self.key)
    }

    /// Out of a text that [`After::show`] made.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, '.');
        let words = u32::from_str_radix(parts.next()?, 16).ok()?;
        let rank = parts.next()?.parse().ok()?;
        let size = parts.next()?.parse().ok()?;
        let key = parts.next()?.to_owned();
        // Units of the framework that have no reference go by their titles, so that a key has any length.
        let sound = usize::from(rank) < RANKS && !key.contains('\0');
        sound.then_some(Self {
            words,
            rank,
            size,
            key,
        })
    }
}

#[derive(QueryableByName)]
struct Hit {
    #[diesel(sql_type = SmallInt)]
    size: i16,
    #[diesel(sql_type = Text)]
    key: String,
}

/// What is sought and fits the filter, at most `limit`, after the place `after`; without words everything that fits,
/// by number.
///
/// # Errors
/// The engine's error.
pub fn ask(
    connection: &mut Connection,
    kind: Kind,
    sought: Option<&Sought>,
    filter: &Filter,
    after: Option<&After>,
    limit: usize,
) -> QueryResult<Vec<Found>> {
    match sought {
        None => list(connection, kind, filter, after, limit),
        Some(Sought::Number(word)) => numbered(connection, kind, word, filter, after, limit),
        Some(Sought::Words { words, open }) => {
            let mut search = Search::begin(connection, kind, words, *open, filter)?;
            search.page(connection, after, limit)
        }
    }
}

fn list(
    connection: &mut Connection,
    kind: Kind,
    filter: &Filter,
    after: Option<&After>,
    limit: usize,
) -> QueryResult<Vec<Found>> {
    let mut values = Values::new(connection);
    let mut conditions = Conditions::default();
    if let Some(after) = after {
        let key = values.text(&after.key);
        conditions.and(&format!("t.{} > {key}", kind.key()));
    }
    narrow(kind, filter, Manner::Each, &mut values, &mut conditions);
    let sql = format!(
        "SELECT CAST(0 AS SMALLINT) AS size, t.{key} AS key FROM {table} t WHERE {} ORDER BY t.{key} LIMIT {limit}",
        conditions.as_str(),
        key = kind.key(),
        table = kind.name(),
    );
    Ok(placed(values.load(connection, &sql)?, 0, 0))
}

/// Those whose number begins so.
fn numbered(
    connection: &mut Connection,
    kind: Kind,
    word: &str,
    filter: &Filter,
    after: Option<&After>,
    limit: usize,
) -> QueryResult<Vec<Found>> {
    let mut values = Values::new(connection);
    let mut conditions = Conditions::default();
    let (name, from, until) = (
        values.text(kind.name()),
        values.text(word),
        values.text(&past(word)),
    );
    conditions.and(&format!(
        "p.kind = {name} AND p.word >= {from} AND p.word < {until}"
    ));
    if let Some(after) = after {
        // The word of a reference whose letter was left out has none either.
        let lettered = word
            .get(1..2)
            .is_some_and(|first| first.parse::<u8>().is_err());
        let at = match after.key.split_once('/') {
            Some((letter, rest)) if letter.len() == 1 && !lettered => rest,
            _ => after.key.as_str(),
        };
        let (at, key) = (values.text(&format!(":{at}")), values.text(&after.key));
        conditions.and(&format!(
            "p.word >= {at} AND (p.word > {at} OR p.key > {key})"
        ));
    }
    only(kind, filter, Manner::Each, &mut values, &mut conditions);
    let sql = format!(
        "SELECT p.size AS size, p.key AS key FROM search_posting p WHERE {} ORDER BY p.word, p.key LIMIT {limit}",
        conditions.as_str()
    );
    Ok(placed(values.load(connection, &sql)?, 0, 0))
}

fn placed(hits: Vec<Hit>, words: u32, rank: u8) -> Vec<Found> {
    let found = hits.into_iter().map(|hit| Found {
        place: After {
            words,
            rank,
            size: hit.size,
            key: hit.key.clone(),
        },
        key: hit.key,
    });
    found.collect()
}

/// The first text after all that begin with this one.
fn past(beginning: &str) -> String {
    let mut text = beginning.to_owned();
    // No letter that is folded comes after this one, and it stands last in both engines' order of bytes.
    text.push(char::MAX);
    text
}

/// How a condition on what is found is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// Of each by itself: little where the first that are looked at fit.
    Each,
    /// Of all at once: what fits is gathered first.
    All,
}

/// The conditions of a filter on the row `t`.
fn narrow(
    kind: Kind,
    filter: &Filter,
    manner: Manner,
    values: &mut Values,
    conditions: &mut Conditions,
) {
    match filter.levels.as_deref() {
        Some([level]) => {
            let level = values.small(*level);
            conditions.and(&format!("t.level = {level}"));
        }
        Some(levels) => {
            let places: Vec<String> = levels.iter().map(|level| values.small(*level)).collect();
            let some = if places.is_empty() {
                "1 = 0".to_owned()
            } else {
                format!("t.level IN ({})", places.join(", "))
            };
            conditions.and(&some);
        }
        None => {}
    }
    if kind == Kind::Unit {
        return;
    }
    if let Some(body) = &filter.body {
        let body = values.text(body);
        conditions.and(&format!("t.body = {body}"));
    }
    if let Some(day) = filter.available_on {
        let day = values.day(day);
        conditions.and(&format!(
            "t.operational_from <= {day} AND (t.operational_until IS NULL OR t.operational_until >= {day})"
        ));
    }
    match filter.sectors.as_deref() {
        Some([]) => conditions.and("1 = 0"),
        Some(sectors) => {
            let sectors = values.texts(sectors.iter().map(String::as_str));
            let rows = format!("qualification_sector s WHERE s.sector IN {sectors}");
            conditions.and(&manner.among("t.number", "s.number", &rows));
        }
        None => {}
    }
}

/// The conditions of a filter on the entry `p`.
fn only(
    kind: Kind,
    filter: &Filter,
    manner: Manner,
    values: &mut Values,
    conditions: &mut Conditions,
) {
    if *filter == Filter::default() {
        return;
    }
    let mut of_row = Conditions::default();
    narrow(kind, filter, manner, values, &mut of_row);
    let rows = format!("{} t WHERE {}", kind.name(), of_row.as_str());
    conditions.and(&manner.among("p.key", &format!("t.{}", kind.key()), &rows));
}

impl Manner {
    /// Whether a value is among those of a column of some rows. Asked of each the offset keeps PostgreSQL from reading
    /// all of the rows.
    fn among(self, value: &str, column: &str, rows: &str) -> String {
        match self {
            Self::Each => {
                format!("EXISTS (SELECT 1 FROM {rows} AND {column} = {value} LIMIT 1 OFFSET 0)")
            }
            Self::All => format!("{value} IN (SELECT {column} FROM {rows})"),
        }
    }
}
