//! What concluding changes, gathered over a batch and written in bulk.

use super::Touched;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::achievement::{self, AchievementRow, VersionRow};
use crate::model::learner::{self, AliasRow, LearnerRow, NameRow};
use crate::model::log_leaf::{self, LeafRow};
use crate::model::source::{self, SourceRow};
use crate::model::source_again::{self, AgainRow};
use std::collections::BTreeMap;

/// What is to be written, gathered over the whole batch.
#[derive(Default)]
pub(super) struct Writes {
    pub(super) fresh: Vec<LearnerRow>,
    pub(super) aliases: Vec<AliasRow>,
    pub(super) names: Vec<NameRow>,
    pub(super) achievements: Vec<AchievementRow>,
    pub(super) changed: Vec<AchievementRow>,
    pub(super) versions: Vec<VersionRow>,
    pub(super) leaves: Vec<LeafRow>,
    pub(super) sources: Vec<SourceRow>,
    /// What another import had told already.
    pub(super) again: Vec<AgainRow>,
    pub(super) moves: Vec<(Id, Id)>,
    /// The same where learners were merged or split: with the award of which the source speaks by itself.
    pub(super) own_moves: Vec<(Id, Id, Option<Id>)>,
    pub(super) replaced: Vec<(Id, Id)>,
    /// Awards of which no statement tells any more.
    pub(super) removed: Vec<Id>,
    pub(super) learners: Vec<LearnerRow>,
    /// Learners who are new, or of whom alone something else is known than before.
    pub(super) touched: BTreeMap<Id, Touched>,
}

impl Writes {
    /// Writes it, in an order in which nothing refers to what is not there.
    ///
    /// # Errors
    /// The engine's error.
    pub(super) fn store(self, connection: &mut Connection) -> Result<(), Error> {
        learner::insert_all(connection, self.fresh, self.aliases, self.names)?;
        for row in &self.learners {
            learner::update(connection, row)?;
        }
        achievement::insert_all(connection, self.achievements, self.versions)?;
        achievement::update_all(connection, &self.changed)?;
        log_leaf::insert_all(connection, self.leaves)?;
        source::insert_all(connection, self.sources)?;
        source_again::remember(connection, self.again)?;
        for (source, home) in self.moves {
            source::move_to(connection, source, home)?;
        }
        for (source, home, before) in self.own_moves {
            source::move_for_merge(connection, source, home, before)?;
        }
        for (gone, by) in self.replaced {
            achievement::replace(connection, gone, by)?;
        }
        if !self.removed.is_empty() {
            achievement::remove(connection, &self.removed)?;
        }
        Ok(())
    }
}
