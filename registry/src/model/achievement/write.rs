//! Writing achievements and their versions.

use super::{AchievementRow, VersionRow};
use crate::db::tables::{achievement, achievement_version};
use crate::db::{Connection, Id, either, insert};
use diesel::prelude::*;

/// Stores new achievements with their first versions.
///
/// # Errors
/// The engine's error.
pub fn insert_all(
    connection: &mut Connection,
    achievements: Vec<AchievementRow>,
    versions: Vec<VersionRow>,
) -> QueryResult<()> {
    insert!(&mut *connection, achievement::table, achievements)?;
    insert!(connection, achievement_version::table, versions)
}

/// Lets achievements be another learner's.
///
/// # Errors
/// The engine's error.
pub fn give_to(connection: &mut Connection, ids: &[Id], learner: Id) -> QueryResult<()> {
    for ids in ids.chunks(30_000) {
        either!(&mut *connection, open => diesel::update(achievement::table.filter(achievement::id.eq_any(ids)))
            .set(achievement::learner_id.eq(learner)).execute(open))?;
    }
    Ok(())
}

/// Marks an achievement as having been found to be another one.
///
/// # Errors
/// The engine's error.
pub fn replace(connection: &mut Connection, gone: Id, by: Id) -> QueryResult<()> {
    either!(connection, open => diesel::update(achievement::table
        .filter(achievement::id.eq(gone).or(achievement::replaced_by.eq(gone))))
        .set(achievement::replaced_by.eq(by)).execute(open))?;
    Ok(())
}

/// Takes achievements away, with their versions and whatever was found to be one of them. No source may stand under
/// them any more.
///
/// # Errors
/// The engine's error.
pub fn remove(connection: &mut Connection, ids: &[Id]) -> QueryResult<()> {
    // SQLite takes 32766 values in a statement.
    for ids in ids.chunks(10_000) {
        either!(&mut *connection, open => {
            let mut gone: Vec<Id> = achievement::table.filter(achievement::replaced_by.eq_any(ids))
                .select(achievement::id).load(open)?;
            gone.extend_from_slice(ids);
            diesel::delete(achievement_version::table
                .filter(achievement_version::achievement_id.eq_any(&gone))).execute(open)?;
            diesel::delete(achievement::table.filter(achievement::id.eq_any(&gone))).execute(open)?;
        });
    }
    Ok(())
}
