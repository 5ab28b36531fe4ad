//! Concluding records anew after statements went away or changed their learner.

use super::{Writes, conclude, write};
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::achievement::{self, AchievementRow};
use crate::model::learner;
use crate::model::source::{self, SourceRow};
use chrono::NaiveDateTime;
use record::describe;
use std::collections::HashMap;

/// Concludes the awards and facts of these learners anew from the statements that are stored. An award of which no
/// statement tells any more goes, with its versions; a leaf says so. The learners are locked until the transaction
/// ends.
///
/// # Errors
/// The engine's error, or what is stored cannot be read.
pub(crate) fn again(
    connection: &mut Connection,
    ids: &[Id],
    now: NaiveDateTime,
) -> Result<(), Error> {
    learner::lock(connection, ids)?;
    let mut sources: HashMap<Id, Vec<SourceRow>> = HashMap::new();
    for row in source::of_learners(connection, ids)? {
        sources.entry(row.learner_id).or_default().push(row);
    }
    let mut awards: HashMap<Id, Vec<AchievementRow>> = HashMap::new();
    for row in achievement::rows_of_learners(connection, ids)? {
        awards.entry(row.learner_id).or_default().push(row);
    }
    let mut writes = Writes::default();
    for row in learner::all(connection, ids)? {
        let sources = sources.remove(&row.id).unwrap_or_default();
        let stored = awards.remove(&row.id).unwrap_or_default();
        let told = sources
            .iter()
            .map(|source| Ok(source.told()?.0))
            .collect::<Result<Vec<_>, Error>>()?;
        let homes = conclude(row.id, &told, &stored, now, &mut writes);
        for (source, home) in sources.iter().zip(homes) {
            let moved = home.filter(|home| *home != source.achievement_id);
            writes.moves.extend(moved.map(|home| (source.id, home)));
        }
        let described = row.with(describe(&told));
        writes
            .learners
            .extend((described != row).then_some(described));
    }
    write(connection, writes)
}
