//! Taking away by which identifiers and names learners are known, and learners themselves: what is left to do when
//! nobody tells of them any more.

use crate::db::tables::{access_entry, achievement, import_job, learner, learner_alias};
use crate::db::tables::{learner_name, source};
use crate::db::{Connection, Id, either};
use crate::model::learner::AliasRow;
use diesel::prelude::*;
use std::collections::BTreeSet;

/// The identifiers of these learners, of every kind.
///
/// # Errors
/// The engine's error.
pub fn of_learners(connection: &mut Connection, learners: &[Id]) -> QueryResult<Vec<AliasRow>> {
    either!(connection, open => learner_alias::table
        .filter(learner_alias::learner_id.eq_any(learners)).load(open))
}

/// Takes an identifier away.
///
/// # Errors
/// The engine's error.
pub fn remove(connection: &mut Connection, row: &AliasRow) -> QueryResult<()> {
    either!(connection, open => diesel::delete(learner_alias::table.find((&row.value, &row.kind, &row.scope)))
        .execute(open))?;
    Ok(())
}

/// Stores who gave an identifier, and since when it is known.
///
/// # Errors
/// The engine's error.
pub fn update(connection: &mut Connection, row: &AliasRow) -> QueryResult<()> {
    either!(connection, open => diesel::update(learner_alias::table.find((&row.value, &row.kind, &row.scope)))
        .set((learner_alias::given_by.eq(&row.given_by), learner_alias::known_from.eq(row.known_from)))
        .execute(open))?;
    Ok(())
}

/// Takes names of a learner away.
///
/// # Errors
/// The engine's error.
pub fn unname(connection: &mut Connection, id: Id, keys: &[&str]) -> QueryResult<()> {
    for keys in keys.chunks(30_000) {
        either!(&mut *connection, open => diesel::delete(learner_name::table
            .filter(learner_name::learner_id.eq(id).and(learner_name::name_key.eq_any(keys)))).execute(open))?;
    }
    Ok(())
}

/// Takes every identifier and name of these learners away, and the learners themselves, with those who were joined
/// into them, where nothing refers to any of them: no look, no import of their own, no statement.
///
/// # Errors
/// The engine's error.
pub fn remove_learners(connection: &mut Connection, ids: &[Id]) -> QueryResult<()> {
    either!(connection, open => {
        diesel::delete(learner_alias::table.filter(learner_alias::learner_id.eq_any(ids))).execute(open)?;
        diesel::delete(learner_name::table.filter(learner_name::learner_id.eq_any(ids))).execute(open)?;
        let joined: Vec<(Id, Option<Id>)> = learner::table.filter(learner::merged_into.eq_any(ids))
            .select((learner::id, learner::merged_into)).load(open)?;
        let mut all: Vec<Id> = joined.iter().map(|(id, _)| *id).collect();
        all.extend_from_slice(ids);
        let mut referred: BTreeSet<Option<Id>> = BTreeSet::new();
        referred.extend(access_entry::table.filter(access_entry::learner_id.eq_any(&all))
            .select(access_entry::learner_id).distinct().load::<Option<Id>>(open)?);
        referred.extend(import_job::table.filter(import_job::learner_id.eq_any(&all))
            .select(import_job::learner_id).distinct().load::<Option<Id>>(open)?);
        referred.extend(source::table.filter(source::learner_id.eq_any(&all))
            .select(source::learner_id).distinct().load::<Id>(open)?.into_iter().map(Some));
        referred.extend(achievement::table.filter(achievement::learner_id.eq_any(&all))
            .select(achievement::learner_id).distinct().load::<Id>(open)?.into_iter().map(Some));
        let stays: BTreeSet<Option<Id>> = joined.iter()
            .filter(|(id, _)| referred.contains(&Some(*id))).map(|(_, into)| *into).collect();
        let goes: Vec<Id> = ids.iter().copied()
            .filter(|id| !referred.contains(&Some(*id)) && !stays.contains(&Some(*id))).collect();
        diesel::delete(learner::table.filter(learner::merged_into.eq_any(&goes))).execute(open)?;
        diesel::delete(learner::table.filter(learner::id.eq_any(&goes))).execute(open)?;
    });
    Ok(())
}
