//! Whether an issued credential still says what the record says.

use super::made;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::achievement::{self, AchievementRow};
use crate::model::credential;
use crate::model::learner;
use schema::AwardStatus;
use std::collections::HashMap;

/// How a credential stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// The record says the same.
    Holds,
    /// The award is withdrawn. It may be reinstated.
    Withdrawn,
    /// The record says something else, or nothing of it any more.
    Superseded,
}

impl Standing {
    /// Whether the bit of a credential of that kind is set. That of a record says that it is no longer the record; what was
    /// withdrawn in it the badges say, each for itself.
    #[must_use]
    pub fn is_set(self, kind: &str) -> bool {
        match self {
            Self::Holds => false,
            Self::Withdrawn => kind == credential::BADGE,
            Self::Superseded => true,
        }
    }
}

/// How these credentials stand, each with its learner as whom it was issued; in a few statements, however many there are.
///
/// # Errors
/// [`Error`] where the database does not answer.
pub fn standing_of(
    connection: &mut Connection,
    issued: &[(Id, Id)],
) -> Result<HashMap<Id, Standing>, Error> {
    let ids: Vec<Id> = issued.iter().map(|(id, _)| *id).collect();
    let told = credential::told(connection, &ids)?;
    let awards: Vec<Id> = told.iter().map(|row| row.achievement_id).collect();
    let mut rows = by_id(achievement::rows(connection, &awards)?);
    let replacing: Vec<Id> = rows.values().filter_map(|row| row.replaced_by).collect();
    rows.extend(by_id(achievement::rows(connection, &replacing)?));
    let learners: Vec<Id> = issued.iter().map(|(_, learner)| *learner).collect();
    let learners = learner::find_all(connection, &learners)?;
    let holders: HashMap<Id, Id> = issued
        .iter()
        .filter_map(|(id, learner)| Some((*id, learners.get(learner)?.id)))
        .collect();
    let mut standing: HashMap<Id, Standing> = ids.iter().map(|id| (*id, Standing::Holds)).collect();
    for one in &told {
        let row = rows.get(&one.achievement_id);
        let row = match row.and_then(|row| row.replaced_by) {
            Some(by) => rows.get(&by),
            None => row,
        };
        let now = of_award(row, holders.get(&one.credential_id).copied(), &one.says);
        let known = standing.entry(one.credential_id).or_insert(now);
        *known = now.max(*known);
    }
    Ok(standing)
}

fn of_award(row: Option<&AchievementRow>, holder: Option<Id>, says: &[u8]) -> Standing {
    match row {
        // Nobody tells of it any more, or it was found to be somebody else's.
        None => Standing::Superseded,
        Some(row) if Some(row.learner_id) != holder => Standing::Superseded,
        Some(row) if made::says(row) != says => Standing::Superseded,
        Some(row) if row.status == AwardStatus::Final.as_str() => Standing::Holds,
        Some(_) => Standing::Withdrawn,
    }
}

fn by_id(rows: Vec<AchievementRow>) -> HashMap<Id, AchievementRow> {
    rows.into_iter().map(|row| (row.id, row)).collect()
}
