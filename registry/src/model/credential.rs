//! The credentials that were issued.

use super::status_list;
use crate::db::tables::{achievement, credential, credential_award};
use crate::db::{Connection, Id, either, in_parts, insert};
use ::credential::{LEAST_ENTRIES, Purpose};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use rand::Rng as _;

/// A credential of one award.
pub const BADGE: &str = "badge";
/// A credential of several.
pub const RECORD: &str = "record";

/// A stored credential.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = credential, treat_none_as_default_value = false)]
pub struct CredentialRow {
    /// Its identifier.
    pub id: Id,
    /// The learner as whom they were then.
    pub learner_id: Id,
    /// [`BADGE`] or [`RECORD`].
    pub kind: String,
    /// The number of the list in which it is told whether it holds.
    pub list: i32,
    /// The place in it.
    pub place: i32,
    /// When it was issued.
    pub issued_at: NaiveDateTime,
    /// The credential without its proof, as JSON.
    pub content: String,
}

/// An award that a credential tells of.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = credential_award, treat_none_as_default_value = false)]
pub struct ToldRow {
    /// The credential.
    pub credential_id: Id,
    /// The award.
    pub achievement_id: Id,
    /// A digest of what it says of it.
    pub says: Vec<u8>,
}

/// A place in a list that nobody has.
///
/// # Errors
/// The engine's error.
pub fn place(connection: &mut Connection, purpose: Purpose) -> QueryResult<(i32, i32)> {
    let list = status_list::take(connection, purpose)?;
    loop {
        let place: i32 = rand::rng().random_range(0..LEAST_ENTRIES.cast_signed());
        let taken: i64 = either!(&mut *connection, open => credential::table
            .filter(credential::list.eq(list).and(credential::place.eq(place)))
            .count().get_result(open))?;
        if taken == 0 {
            return Ok((list, place));
        }
    }
}

/// Stores a credential with the awards that it tells of.
///
/// # Errors
/// The engine's error.
pub fn store(
    connection: &mut Connection,
    row: &CredentialRow,
    told: Vec<ToldRow>,
) -> QueryResult<()> {
    either!(&mut *connection, open => diesel::insert_into(credential::table).values(row).execute(open))?;
    insert!(connection, credential_award::table, told)
}

/// The credential of that identifier.
///
/// # Errors
/// The engine's error.
pub fn find(connection: &mut Connection, id: Id) -> QueryResult<Option<CredentialRow>> {
    either!(connection, open => credential::table.find(id).get_result(open).optional())
}

/// The credentials of those identifiers, in no order.
///
/// # Errors
/// The engine's error.
pub fn all(connection: &mut Connection, ids: &[Id]) -> QueryResult<Vec<CredentialRow>> {
    in_parts(ids, |ids| {
        either!(&mut *connection, open => credential::table
            .filter(credential::id.eq_any(ids)).load(open))
    })
}

/// The credentials of these learners of that kind, the newest first.
///
/// # Errors
/// The engine's error.
pub fn of_learners(
    connection: &mut Connection,
    learners: &[Id],
    kind: &str,
) -> QueryResult<Vec<CredentialRow>> {
    either!(connection, open => credential::table
        .filter(credential::learner_id.eq_any(learners).and(credential::kind.eq(kind)))
        .order(credential::id.desc()).load(open))
}

/// The awards that these credentials tell of.
///
/// # Errors
/// The engine's error.
pub fn told(connection: &mut Connection, ids: &[Id]) -> QueryResult<Vec<ToldRow>> {
    in_parts(ids, |ids| {
        either!(&mut *connection, open => credential_award::table
            .filter(credential_award::credential_id.eq_any(ids))
            .order((credential_award::credential_id, credential_award::achievement_id))
            .load(open))
    })
}

/// The credentials of a list of which something may have changed since they were issued, each with its place and learner.
///
/// # Errors
/// The engine's error.
pub fn changed(connection: &mut Connection, list: i32) -> QueryResult<Vec<(Id, i32, Id)>> {
    either!(connection, open => credential::table
        .inner_join(credential_award::table.on(credential_award::credential_id.eq(credential::id)))
        .left_join(achievement::table.on(achievement::id.eq(credential_award::achievement_id)))
        .filter(credential::list.eq(list))
        .filter(achievement::id.nullable().is_null()
            .or(achievement::changed_at.nullable().ge(credential::issued_at.nullable()))
            .or(achievement::learner_id.nullable().ne(credential::learner_id.nullable()))
            .or(achievement::replaced_by.nullable().is_not_null()))
        .select((credential::id, credential::place, credential::learner_id))
        .distinct()
        .load(open))
}
