//! Learners who were found to be one. What each was told alone stays with it, so that taking the merge back gives to
//! each exactly its own.

use crate::db::tables::{learner, learner_alias, learner_merge};
use crate::db::{Connection, Id, either, in_parts, insert};
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// Why two learners are one of whom whoever issues ULNs says so in a report, and who ends it where that is taken back.
pub const REPORTED: &str = "uln-report";

/// Why two learners are one of whom one ULN was told, with facts that agree by way of what else was told of it; and who
/// ends it where they do no longer.
pub const SAME_NUMBER: &str = "same-uln";

/// That two learners are one.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = learner_merge, treat_none_as_default_value = false)]
pub struct MergeRow {
    /// Its identifier.
    pub id: Id,
    /// The learner whose identifier answers with the other one.
    pub gone_id: Id,
    /// The learner who is kept.
    pub kept_id: Id,
    /// On whose word: see [`Origin`].
    pub origin: String,
    /// Who.
    pub by_whom: String,
    /// Why, in words.
    pub reason: String,
    /// When.
    pub merged_at: NaiveDateTime,
    /// When it was taken back.
    pub split_at: Option<NaiveDateTime>,
    /// Who took it back.
    pub split_by: Option<String>,
    /// Why, in words.
    pub split_reason: Option<String>,
}

/// On whose word two learners are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A steward's decision.
    Steward,
    /// A body's, or that of the issuer of ULNs.
    Source,
    /// It follows from likeness, for as long as it does.
    Registry,
}

impl Origin {
    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Steward => "steward",
            Self::Source => "source",
            Self::Registry => "registry",
        }
    }
}

impl MergeRow {
    /// A merge in force from now on.
    #[must_use]
    pub fn new(
        gone_id: Id,
        kept_id: Id,
        (origin, by): (Origin, &str),
        reason: &str,
        now: NaiveDateTime,
    ) -> Self {
        Self {
            id: Id::new(),
            gone_id,
            kept_id,
            origin: origin.as_str().to_owned(),
            by_whom: by.to_owned(),
            reason: reason.to_owned(),
            merged_at: now,
            split_at: None,
            split_by: None,
            split_reason: None,
        }
    }

    /// Whether it is on that word.
    #[must_use]
    pub fn is_of(&self, origin: Origin) -> bool {
        self.origin == origin.as_str()
    }

    /// Whether it is on the word of a report of ULNs.
    #[must_use]
    pub fn is_reported(&self) -> bool {
        self.is_of(Origin::Source) && self.reason == REPORTED
    }

    /// Whether it follows from one ULN told of both.
    #[must_use]
    pub fn is_of_one_number(&self) -> bool {
        self.is_of(Origin::Source) && self.reason == SAME_NUMBER
    }

    /// Whether it was taken back since a report of ULNs says so, or says it no longer.
    #[must_use]
    pub fn ended_by_report(&self) -> bool {
        self.split_at.is_some() && self.split_by.as_deref() == Some(REPORTED)
    }

    /// Both learners, whichever is kept.
    #[must_use]
    pub fn pair(&self) -> (Id, Id) {
        (
            self.gone_id.min(self.kept_id),
            self.gone_id.max(self.kept_id),
        )
    }
}

/// Stores new merges.
///
/// # Errors
/// The engine's error.
pub fn begin_all(connection: &mut Connection, rows: Vec<MergeRow>) -> QueryResult<()> {
    insert!(connection, learner_merge::table, rows)
}

/// Ends a merge.
///
/// # Errors
/// The engine's error.
pub fn end(
    connection: &mut Connection,
    id: Id,
    at: NaiveDateTime,
    by: &str,
    reason: &str,
) -> QueryResult<()> {
    either!(connection, open => diesel::update(learner_merge::table.find(id))
        .set((
            learner_merge::split_at.eq(at),
            learner_merge::split_by.eq(by),
            learner_merge::split_reason.eq(reason),
        )).execute(open))?;
    Ok(())
}

/// The merge of that identifier.
///
/// # Errors
/// The engine's error.
pub fn find_merge(connection: &mut Connection, id: Id) -> QueryResult<Option<MergeRow>> {
    either!(connection, open => learner_merge::table.find(id).get_result(open).optional())
}

/// The merges of any of these learners, ended ones too, the oldest first.
///
/// # Errors
/// The engine's error.
pub fn merges_of(connection: &mut Connection, ids: &[Id]) -> QueryResult<Vec<MergeRow>> {
    let mut found: Vec<MergeRow> = Vec::new();
    for ids in ids.chunks(15_000) {
        found.extend(either!(&mut *connection, open => learner_merge::table
            .filter(learner_merge::gone_id.eq_any(ids)).load::<MergeRow>(open))?);
        found.extend(either!(&mut *connection, open => learner_merge::table
            .filter(learner_merge::kept_id.eq_any(ids)).load::<MergeRow>(open))?);
    }
    found.sort_by_key(|row| row.id);
    found.dedup_by_key(|row| row.id);
    Ok(found)
}

/// The merges of any of these learners that are in force.
///
/// # Errors
/// The engine's error.
pub fn active_of(connection: &mut Connection, ids: &[Id]) -> QueryResult<Vec<MergeRow>> {
    let mut found = merges_of(connection, ids)?;
    found.retain(|row| row.split_at.is_none());
    Ok(found)
}

/// Everybody who was merged into these learners, with the learner as whom they answer now.
///
/// # Errors
/// The engine's error.
pub fn members(connection: &mut Connection, kept: &[Id]) -> QueryResult<Vec<(Id, Id)>> {
    let mut found: Vec<(Id, Option<Id>)> = in_parts(kept, |kept| {
        either!(&mut *connection, open => learner::table
        .filter(learner::merged_into.eq_any(kept))
        .order(learner::id)
        .select((learner::id, learner::merged_into)).load(open))
    })?;
    found.sort_unstable();
    let merged = |(id, into): (Id, Option<Id>)| Some((id, into?));
    Ok(found.into_iter().filter_map(merged).collect())
}

/// Lets `members` answer as `kept` from now on, with those of their identifiers that stood under any of the learners
/// `elsewhere`. What is so already is not written again.
///
/// # Errors
/// The engine's error.
pub fn answer_as(
    connection: &mut Connection,
    elsewhere: &[Id],
    members: &[Id],
    kept: Id,
) -> QueryResult<()> {
    let others: Vec<Id> = members.iter().copied().filter(|id| *id != kept).collect();
    either!(connection, open => {
        diesel::update(learner::table.filter(learner::id.eq(kept).and(learner::merged_into.is_not_null())))
            .set(learner::merged_into.eq(None::<Id>)).execute(open)?;
        diesel::update(learner::table.filter(learner::id.eq_any(&others))
            .filter(learner::merged_into.is_null().or(learner::merged_into.ne(kept))))
            .set(learner::merged_into.eq(kept)).execute(open)?;
        diesel::update(learner_alias::table
            .filter(learner_alias::learner_id.eq_any(elsewhere).and(learner_alias::arrived_as.eq_any(members))))
            .set(learner_alias::learner_id.eq(kept)).execute(open)?;
    });
    Ok(())
}
