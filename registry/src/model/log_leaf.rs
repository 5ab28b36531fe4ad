//! Leaves for the transparency log: one for each change of an achievement, a salted commitment.

use super::achievement::AchievementRow;
use crate::db::tables::log_leaf;
use crate::db::{Connection, Id, insert};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use sha2::{Digest, Sha256};

/// A leaf.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = log_leaf, treat_none_as_default_value = false)]
pub struct LeafRow {
    /// Its identifier.
    pub id: Id,
    /// The achievement.
    pub achievement_id: Id,
    /// The version that the leaf commits to.
    pub version: i32,
    /// What makes the commitment say nothing to those who do not have it. Erased with the person.
    pub salt: Vec<u8>,
    /// SHA-256 over the salt and what is committed to.
    pub commitment: Vec<u8>,
    /// When.
    pub appended_at: NaiveDateTime,
    /// The place in the log, once the log has taken it in.
    pub place: Option<i64>,
}

impl LeafRow {
    /// The leaf of an achievement as it stands now. It commits to identifier, version, status, grade and
    /// date of award, joined by line feeds.
    #[must_use]
    pub fn of(row: &AchievementRow) -> Self {
        let day = row.awarded_on.map(|day| day.to_string());
        let grade = row.grade.as_deref().unwrap_or_default();
        let said = [row.status.as_str(), grade, &day.unwrap_or_default()];
        Self::new(row.id, row.version, said, row.changed_at)
    }

    /// The leaf of an achievement of which nobody tells any more: the version after its last has the status
    /// `removed`, no grade and no date.
    #[must_use]
    pub fn of_removal(row: &AchievementRow, now: NaiveDateTime) -> Self {
        Self::new(row.id, row.version + 1, ["removed", "", ""], now)
    }

    fn new(achievement_id: Id, version: i32, said: [&str; 3], now: NaiveDateTime) -> Self {
        let salt: [u8; 32] = rand::random();
        let said = format!("{achievement_id}\n{version}\n{}", said.join("\n"));
        let commitment = Sha256::new()
            .chain_update(salt)
            .chain_update(said)
            .finalize();
        Self {
            id: Id::new(),
            achievement_id,
            version,
            salt: salt.to_vec(),
            commitment: commitment.to_vec(),
            appended_at: now,
            place: None,
        }
    }
}

/// Stores leaves.
///
/// # Errors
/// The engine's error.
pub fn insert_all(connection: &mut Connection, leaves: Vec<LeafRow>) -> QueryResult<()> {
    insert!(connection, log_leaf::table, leaves)
}
