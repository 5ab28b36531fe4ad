//! Pairs of learners who could be one person: how likely, what follows from it, and what a steward decided.

use crate::db::tables::match_pair;
use crate::db::{Connection, Id, either, insert};
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A pair. Both learners are named as they were told of, whoever they were merged into; the left one's identifier
/// is the smaller.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = match_pair, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct PairRow {
    /// Its identifier.
    pub id: Id,
    /// One of the two.
    pub left_id: Id,
    /// The other one.
    pub right_id: Id,
    /// How likely they are one, in log-odds, by what is known of the two.
    pub log_odds: f32,
    /// The same with everybody else who could be either.
    pub total_odds: f32,
    /// What follows from likeness: see [`Verdict`].
    pub verdict: String,
    /// What a steward decided: `same` or `different`.
    pub ruling: Option<String>,
    /// Who decided.
    pub ruled_by: Option<String>,
    /// When.
    pub ruled_at: Option<NaiveDateTime>,
    /// Why, in words.
    pub reason: Option<String>,
}

/// What follows from likeness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Both are one.
    Link,
    /// A steward should look.
    Case,
    /// Nothing.
    None,
}

impl Verdict {
    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Case => "case",
            Self::None => "none",
        }
    }
}

impl PairRow {
    /// A pair of which nothing was concluded or decided yet.
    #[must_use]
    pub fn new(one: Id, other: Id, log_odds: f32) -> Self {
        Self {
            id: Id::new(),
            left_id: one.min(other),
            right_id: one.max(other),
            log_odds,
            total_odds: log_odds,
            verdict: Verdict::None.as_str().to_owned(),
            ruling: None,
            ruled_by: None,
            ruled_at: None,
            reason: None,
        }
    }

    /// Whether it waits for a steward.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.verdict == Verdict::Case.as_str() && self.ruling.is_none()
    }

    /// What was decided: whether both are one.
    #[must_use]
    pub fn ruled(&self) -> Option<bool> {
        self.ruling.as_deref().map(|ruling| ruling == "same")
    }
}

/// The pair of that identifier.
///
/// # Errors
/// The engine's error.
pub fn find(connection: &mut Connection, id: Id) -> QueryResult<Option<PairRow>> {
    either!(connection, open => match_pair::table.find(id).get_result(open).optional())
}

/// The pairs of which any of these learners is one.
///
/// # Errors
/// The engine's error.
pub fn of(connection: &mut Connection, learners: &[Id]) -> QueryResult<Vec<PairRow>> {
    let mut found: Vec<PairRow> = Vec::new();
    for ids in learners.chunks(30_000) {
        found.extend(either!(&mut *connection, open => match_pair::table
            .filter(match_pair::left_id.eq_any(ids)).load::<PairRow>(open))?);
        found.extend(either!(&mut *connection, open => match_pair::table
            .filter(match_pair::right_id.eq_any(ids)).load::<PairRow>(open))?);
    }
    found.sort_by_key(|row| row.id);
    found.dedup_by_key(|row| row.id);
    Ok(found)
}

/// Pairs that wait for a steward, after the one of identifier `after`, at most `limit`, the oldest first.
///
/// # Errors
/// The engine's error.
pub fn open(
    connection: &mut Connection,
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<PairRow>> {
    let after = after.unwrap_or_else(|| Id::from_bytes([0; 16]));
    either!(connection, open => match_pair::table
        .filter(match_pair::verdict.eq("case").and(match_pair::ruling.is_null()).and(match_pair::id.gt(after)))
        .order(match_pair::id).limit(limit).load(open))
}

/// Stores new pairs.
///
/// # Errors
/// The engine's error.
pub fn insert_all(connection: &mut Connection, rows: Vec<PairRow>) -> QueryResult<()> {
    insert!(connection, match_pair::table, rows)
}

/// Stores a pair as it is now.
///
/// # Errors
/// The engine's error.
pub fn update(connection: &mut Connection, row: &PairRow) -> QueryResult<()> {
    either!(connection, open => diesel::update(match_pair::table.find(row.id)).set(row).execute(open))?;
    Ok(())
}

/// Forgets pairs.
///
/// # Errors
/// The engine's error.
pub fn forget(connection: &mut Connection, ids: &[Id]) -> QueryResult<()> {
    for ids in ids.chunks(30_000) {
        either!(&mut *connection, open => diesel::delete(match_pair::table
            .filter(match_pair::id.eq_any(ids))).execute(open))?;
    }
    Ok(())
}
