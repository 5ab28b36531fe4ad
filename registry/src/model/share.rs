//! What people share of their records.

use crate::db::tables::{achievement, learner, share, share_achievement};
use crate::db::{Connection, Id, either, in_parts, insert};
use crate::model::learner::LearnerRow;
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Binary, Nullable};

diesel::define_sql_function! {
    /// The first of two identifiers that there is.
    #[sql_name = "coalesce"]
    fn first_of(first: Nullable<Binary>, second: Nullable<Binary>) -> Nullable<Binary>;
}

/// A stored share.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = share, treat_none_as_default_value = false)]
pub struct ShareRow {
    /// Its identifier.
    pub id: Id,
    /// The learner as whom it was made, whatever was merged since.
    pub learner_id: Id,
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// The chosen fields, with commas between them.
    pub fields: String,
    /// What it is for, in the person's words.
    pub purpose: Option<String>,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// From when on it gives nothing.
    pub expires_at: NaiveDateTime,
    /// When the person took it back.
    pub revoked_at: Option<NaiveDateTime>,
    /// How often somebody else looked.
    pub views: i32,
}

impl ShareRow {
    /// Whether it gives anything at that time.
    #[must_use]
    pub fn stands(&self, now: NaiveDateTime) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

#[derive(Insertable)]
#[diesel(table_name = share_achievement, treat_none_as_default_value = false)]
struct SharedRow {
    share_id: Id,
    place: i16,
    achievement_id: Id,
}

/// Stores a share of these achievements.
///
/// # Errors
/// The engine's error.
pub fn store(connection: &mut Connection, row: &ShareRow, shared: &[Id]) -> QueryResult<()> {
    let shared: Vec<SharedRow> = (0..)
        .zip(shared)
        .map(|(place, achievement)| SharedRow {
            share_id: row.id,
            place,
            achievement_id: *achievement,
        })
        .collect();
    either!(&mut *connection, open => diesel::insert_into(share::table).values(row).execute(open))?;
    insert!(connection, share_achievement::table, shared)
}

/// Shares with the learners as whom their makers answer now.
macro_rules! with_makers {
    () => {{
        let now = diesel::alias!(learner as now);
        share::table
            .inner_join(learner::table.on(learner::id.eq(share::learner_id)))
            .inner_join(
                now.on(now
                    .field(learner::id)
                    .nullable()
                    .eq(first_of(learner::merged_into, learner::id.nullable()))),
            )
            .select((share::all_columns, now.fields(learner::all_columns)))
    }};
}

/// The share of that token's digest, whatever became of it, with its maker as they answer now.
///
/// # Errors
/// The engine's error.
pub fn of_token(
    connection: &mut Connection,
    digest: &[u8],
) -> QueryResult<Option<(ShareRow, LearnerRow)>> {
    either!(connection, open => with_makers!()
        .filter(share::token_hash.eq(digest)).get_result(open).optional())
}

/// The achievements of these shares, each with its share, as they are known now: where one was found to be another, that
/// other. In the order chosen.
///
/// # Errors
/// The engine's error.
pub fn achievements_of(connection: &mut Connection, shares: &[Id]) -> QueryResult<Vec<(Id, Id)>> {
    let found: Vec<(Id, Id, Option<Id>)> = in_parts(shares, |shares| {
        either!(&mut *connection, open => share_achievement::table
            .left_join(achievement::table.on(achievement::id.eq(share_achievement::achievement_id)))
            .filter(share_achievement::share_id.eq_any(shares))
            .order((share_achievement::share_id, share_achievement::place))
            .select((
                share_achievement::share_id,
                share_achievement::achievement_id,
                achievement::replaced_by.nullable(),
            ))
            .load(open))
    })?;
    let now = |(share, id, by): (Id, Id, Option<Id>)| (share, by.unwrap_or(id));
    Ok(found.into_iter().map(now).collect())
}

/// The shares that these learners made before the one of identifier `before`, at most `limit`, the newest first.
///
/// # Errors
/// The engine's error.
pub fn of_learners(
    connection: &mut Connection,
    learners: &[Id],
    before: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<ShareRow>> {
    let before = before.unwrap_or_else(|| Id::from_bytes([0xff; 16]));
    either!(connection, open => share::table
        .filter(share::learner_id.eq_any(learners).and(share::id.lt(before)))
        .order(share::id.desc()).limit(limit).load(open))
}

/// How many shares of these learners stand at that time.
///
/// # Errors
/// The engine's error.
pub fn standing(
    connection: &mut Connection,
    learners: &[Id],
    now: NaiveDateTime,
) -> QueryResult<i64> {
    either!(connection, open => share::table
        .filter(share::learner_id.eq_any(learners)
            .and(share::revoked_at.is_null()).and(share::expires_at.gt(now)))
        .count().get_result(open))
}

/// The share of that identifier, where one of these learners made it.
///
/// # Errors
/// The engine's error.
pub fn find(connection: &mut Connection, learners: &[Id], id: Id) -> QueryResult<Option<ShareRow>> {
    either!(connection, open => share::table
        .filter(share::id.eq(id).and(share::learner_id.eq_any(learners)))
        .get_result(open).optional())
}

/// Takes a share back from then on; one that was taken back before stays as it was.
///
/// # Errors
/// The engine's error.
pub fn revoke(connection: &mut Connection, id: Id, at: NaiveDateTime) -> QueryResult<()> {
    either!(connection, open => diesel::update(share::table
        .filter(share::id.eq(id).and(share::revoked_at.is_null())))
        .set(share::revoked_at.eq(at)).execute(open))?;
    Ok(())
}

/// Counts a look at a share.
///
/// # Errors
/// The engine's error.
pub fn viewed(connection: &mut Connection, id: Id) -> QueryResult<()> {
    either!(connection, open => diesel::update(share::table.find(id))
        .set(share::views.eq(share::views + 1)).execute(open))?;
    Ok(())
}

/// Counts a look at each of these shares, together. On PostgreSQL they are locked in one order first, so that no
/// two servers wait for each other.
///
/// # Errors
/// The engine's error.
pub fn viewed_together(connection: &mut Connection, ids: &[Id]) -> QueryResult<()> {
    if let Connection::Postgres(open) = &mut *connection {
        share::table
            .filter(share::id.eq_any(ids))
            .order(share::id)
            .select(share::id)
            .for_no_key_update()
            .execute(open)?;
    }
    in_parts(ids, |ids| {
        either!(&mut *connection, open => diesel::update(share::table.filter(share::id.eq_any(ids)))
            .set(share::views.eq(share::views + 1)).execute(open))?;
        Ok(Vec::<()>::new())
    })?;
    Ok(())
}
