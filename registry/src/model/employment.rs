//! Posts held, posts needed, and places to learn for them, as stated.

use super::learner::UlnKind;
use crate::db::tables::{learner, learner_alias, post_held, post_needed, provision};
use crate::db::{Connection, Id, either};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::upsert::excluded;
use schema::Date;

/// A post that somebody holds or held.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable)]
#[diesel(table_name = post_held, treat_none_as_default_value = false)]
pub struct HeldRow {
    /// As whom it was said.
    pub learner_id: Id,
    /// The organisation.
    pub employer: String,
    /// The place or kind of it; empty where none was said.
    pub setting: String,
    /// The role, by its code.
    pub role: String,
    /// The area, by its code.
    pub area: String,
    /// The first day.
    pub from_day: Date,
    /// The last day, where one was said.
    pub to_day: Option<Date>,
    /// Who says so.
    pub stated_by: String,
    /// When it came.
    pub imported_at: NaiveDateTime,
}

/// Posts that are needed.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable)]
#[diesel(table_name = post_needed, treat_none_as_default_value = false)]
pub struct NeededRow {
    /// The role, by its code.
    pub role: String,
    /// The area, by its code.
    pub area: String,
    /// The first day.
    pub from_day: Date,
    /// The last day, where one was said.
    pub to_day: Option<Date>,
    /// How many.
    pub posts: i32,
    /// Who says so.
    pub stated_by: String,
    /// When it came.
    pub imported_at: NaiveDateTime,
}

/// Places to learn for a role.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable)]
#[diesel(table_name = provision, treat_none_as_default_value = false)]
pub struct ProvisionRow {
    /// The role, by its code.
    pub role: String,
    /// The area, by its code.
    pub area: String,
    /// The first day.
    pub from_day: Date,
    /// The last day, where one was said.
    pub to_day: Option<Date>,
    /// How many.
    pub places: i32,
    /// Who says so.
    pub stated_by: String,
    /// When it came.
    pub imported_at: NaiveDateTime,
}

/// Stores posts held; one that is known already ends and is stated as it is here.
///
/// # Errors
/// The engine's error.
pub fn hold(connection: &mut Connection, rows: &[HeldRow]) -> QueryResult<()> {
    either!(connection, open => diesel::insert_into(post_held::table).values(rows)
        .on_conflict((post_held::learner_id, post_held::employer, post_held::setting, post_held::role,
            post_held::area, post_held::from_day))
        .do_update().set((
            post_held::to_day.eq(excluded(post_held::to_day)),
            post_held::stated_by.eq(excluded(post_held::stated_by)),
            post_held::imported_at.eq(excluded(post_held::imported_at)),
        )).execute(open))?;
    Ok(())
}

/// Stores posts that are needed; what the same said of the same before is as it is here.
///
/// # Errors
/// The engine's error.
pub fn need(connection: &mut Connection, rows: &[NeededRow]) -> QueryResult<()> {
    either!(connection, open => diesel::insert_into(post_needed::table).values(rows)
        .on_conflict((post_needed::role, post_needed::area, post_needed::from_day, post_needed::stated_by))
        .do_update().set((
            post_needed::to_day.eq(excluded(post_needed::to_day)),
            post_needed::posts.eq(excluded(post_needed::posts)),
            post_needed::imported_at.eq(excluded(post_needed::imported_at)),
        )).execute(open))?;
    Ok(())
}

/// Stores places to learn; what the same said of the same before is as it is here.
///
/// # Errors
/// The engine's error.
pub fn provide(connection: &mut Connection, rows: &[ProvisionRow]) -> QueryResult<()> {
    either!(connection, open => diesel::insert_into(provision::table).values(rows)
        .on_conflict((provision::role, provision::area, provision::from_day, provision::stated_by))
        .do_update().set((
            provision::to_day.eq(excluded(provision::to_day)),
            provision::places.eq(excluded(provision::places)),
            provision::imported_at.eq(excluded(provision::imported_at)),
        )).execute(open))?;
    Ok(())
}

/// The learners who are found by these ULNs.
///
/// # Errors
/// The engine's error.
pub fn by_uln(connection: &mut Connection, ulns: &[&str]) -> QueryResult<Vec<(String, Id)>> {
    let kinds = UlnKind::ALL
        .into_iter()
        .filter(|kind| *kind != UlnKind::Deleted);
    let kinds: Vec<&str> = kinds.map(UlnKind::as_str).collect();
    either!(connection, open => learner_alias::table
        .filter(learner_alias::value.eq_any(ulns).and(learner_alias::scope.eq(""))
            .and(learner_alias::kind.eq_any(kinds)))
        .select((learner_alias::value, learner_alias::learner_id)).load(open))
}

/// Those of these identifiers that are learners'.
///
/// # Errors
/// The engine's error.
pub fn known(connection: &mut Connection, ids: &[Id]) -> QueryResult<Vec<Id>> {
    either!(connection, open => learner::table
        .filter(learner::id.eq_any(ids)).select(learner::id).load(open))
}

/// How many posts held, posts needed and places there are.
///
/// # Errors
/// The engine's error.
pub fn count(connection: &mut Connection) -> QueryResult<(i64, i64, i64)> {
    Ok((
        either!(&mut *connection, open => post_held::table.count().get_result(open))?,
        either!(&mut *connection, open => post_needed::table.count().get_result(open))?,
        either!(connection, open => provision::table.count().get_result(open))?,
    ))
}

/// The posts that these learners hold or held, the newest first.
///
/// # Errors
/// The engine's error.
pub fn held_by(connection: &mut Connection, learners: &[Id]) -> QueryResult<Vec<HeldRow>> {
    either!(connection, open => post_held::table
        .filter(post_held::learner_id.eq_any(learners))
        .order((post_held::from_day.desc(), post_held::employer)).load(open))
}
