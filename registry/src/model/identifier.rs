//! Taking away by which identifiers and names learners are known, and learners themselves: what is left to do when
//! nobody tells of them any more.

use crate::db::tables::{access_entry, achievement, import_job, learner, learner_alias};
use crate::db::tables::{learner_merge, learner_name, match_pair, source};
use crate::db::{Connection, Id, either, in_parts};
use crate::model::learner::{AliasRow, Origin, REPORTED, SAME_NUMBER};
use diesel::prelude::*;
use std::collections::BTreeSet;

/// The identifiers of these learners, of every kind.
///
/// # Errors
/// The engine's error.
pub fn of_learners(connection: &mut Connection, learners: &[Id]) -> QueryResult<Vec<AliasRow>> {
    in_parts(learners, |learners| {
        either!(&mut *connection, open => learner_alias::table
        .filter(learner_alias::learner_id.eq_any(learners)).load(open))
    })
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

/// Takes every identifier and name of these learners away, and the learners themselves where nothing refers to them:
/// no look, no import of their own, no statement, no decision of a steward, nobody who was merged into them.
///
/// # Errors
/// The engine's error.
pub fn remove_learners(connection: &mut Connection, ids: &[Id]) -> QueryResult<()> {
    either!(connection, open => {
        diesel::delete(learner_alias::table.filter(learner_alias::arrived_as.eq_any(ids))).execute(open)?;
        diesel::delete(learner_name::table.filter(learner_name::learner_id.eq_any(ids))).execute(open)?;
        // What followed from likeness, from a report of ULNs or from one ULN of both ended with what was told.
        let ended = learner_merge::origin.eq(Origin::Registry.as_str()).and(learner_merge::split_at.is_not_null());
        let unreported = learner_merge::reason.eq_any([REPORTED, SAME_NUMBER])
            .and(learner_merge::split_by.eq_any([REPORTED, SAME_NUMBER]));
        diesel::delete(learner_merge::table.filter(unreported.and(
            learner_merge::gone_id.eq_any(ids).or(learner_merge::kept_id.eq_any(ids))))).execute(open)?;
        diesel::delete(learner_merge::table.filter(ended.and(
            learner_merge::gone_id.eq_any(ids).or(learner_merge::kept_id.eq_any(ids))))).execute(open)?;
        let mut referred: BTreeSet<Id> = BTreeSet::new();
        let looks = access_entry::table.filter(access_entry::learner_id.eq_any(ids))
            .select(access_entry::learner_id).distinct().load::<Option<Id>>(open)?;
        let imports = import_job::table.filter(import_job::learner_id.eq_any(ids))
            .select(import_job::learner_id).distinct().load::<Option<Id>>(open)?;
        let merged = learner::table.filter(learner::merged_into.eq_any(ids))
            .select(learner::merged_into).distinct().load::<Option<Id>>(open)?;
        referred.extend(looks.into_iter().chain(imports).chain(merged).flatten());
        referred.extend(source::table.filter(source::learner_id.eq_any(ids))
            .select(source::learner_id).distinct().load::<Id>(open)?);
        referred.extend(achievement::table.filter(achievement::learner_id.eq_any(ids))
            .select(achievement::learner_id).distinct().load::<Id>(open)?);
        let merges = learner_merge::table
            .filter(learner_merge::gone_id.eq_any(ids).or(learner_merge::kept_id.eq_any(ids)))
            .select((learner_merge::gone_id, learner_merge::kept_id)).load::<(Id, Id)>(open)?;
        let pairs = match_pair::table
            .filter(match_pair::left_id.eq_any(ids).or(match_pair::right_id.eq_any(ids)))
            .select((match_pair::left_id, match_pair::right_id)).load::<(Id, Id)>(open)?;
        referred.extend(merges.into_iter().chain(pairs).flat_map(|(one, other)| [one, other]));
        let goes: Vec<Id> = ids.iter().copied().filter(|id| !referred.contains(id)).collect();
        diesel::delete(learner::table.filter(learner::id.eq_any(&goes))).execute(open)?;
    });
    Ok(())
}
