//! What of achievements counts when rules are held against a record: what is final, and a body's or a trusted
//! recorder's word. Nothing else ever reaches a rule.

use super::read::{HeldTuple, held};
use super::{AchievementRow, Held};
use crate::db::tables::{achievement, qualification};
use crate::db::{Connection, Id, either};
use diesel::prelude::*;
use schema::Date;

/// Whose word counts; the status that does.
const STANDINGS: [&str; 2] = ["attested", "recorded"];
const STATUS: &str = "final";

/// What the register says of a qualification: title, level, credit, and whether it knows it.
type Registered = (String, Option<i16>, Option<i32>, bool);

/// An achievement that counts, as far as rules look at it.
#[derive(Debug, Clone, PartialEq, Queryable)]
#[expect(
    missing_docs,
    reason = "each column is the fact of that name in record::Facts"
)]
pub struct Counted {
    pub id: Id,
    pub learner_id: Id,
    pub subject_kind: String,
    pub subject_code: String,
    pub title: String,
    pub level: Option<i16>,
    pub credit: Option<i32>,
    pub started_on: Option<Date>,
    pub awarded_on: Option<Date>,
    pub awarded_on_stated: Option<String>,
    pub valid_from: Option<Date>,
    pub valid_until: Option<Date>,
    pub part_of: Option<String>,
    pub route: String,
    pub registration_state: Option<String>,
    pub body_stated: Option<String>,
    pub body: Option<String>,
    /// What the register says of the qualification that it is.
    pub register: Option<Registered>,
}

impl AchievementRow {
    /// Whether it counts for rules.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.status == STATUS && STANDINGS.contains(&self.standing.as_str())
    }
}

impl From<&Held> for Counted {
    fn from(held: &Held) -> Self {
        let row = held.achievement.clone();
        Self {
            id: row.id,
            learner_id: row.learner_id,
            subject_kind: row.subject_kind,
            subject_code: row.subject_code,
            title: row.title,
            level: row.level,
            credit: row.credit,
            started_on: row.started_on,
            awarded_on: row.awarded_on,
            awarded_on_stated: row.awarded_on_stated,
            valid_from: row.valid_from,
            valid_until: row.valid_until,
            part_of: row.part_of,
            route: row.route,
            registration_state: row.registration_state,
            body_stated: row.body_stated,
            body: row.body,
            register: held.qualification.as_ref().map(|row| {
                let (level, credit) = (row.level, row.total_credit);
                (row.title.clone(), level, credit, row.registered)
            }),
        }
    }
}

/// The achievements of these learners that count, the oldest of each first, with what the register says.
///
/// # Errors
/// The engine's error.
pub fn counting(connection: &mut Connection, learners: &[Id]) -> QueryResult<Vec<Held>> {
    let rows: Vec<HeldTuple> = either!(connection, open => held!()
        .filter(achievement::learner_id.eq_any(learners)
            .and(achievement::status.eq(STATUS))
            .and(achievement::standing.eq_any(STANDINGS)))
        .order((achievement::learner_id, achievement::id))
        .load(open))?;
    Ok(rows.into_iter().map(Held::from).collect())
}

/// The same of every learner after one and up to another, by identifier.
///
/// # Errors
/// The engine's error.
pub fn counted_between(
    connection: &mut Connection,
    after: Id,
    last: Id,
) -> QueryResult<Vec<Counted>> {
    either!(connection, open => achievement::table
        .left_join(qualification::table.on(achievement::subject_kind.eq("qualification")
            .and(achievement::subject_code.eq(qualification::number))))
        .filter(achievement::learner_id.gt(after).and(achievement::learner_id.le(last))
            .and(achievement::replaced_by.is_null())
            .and(achievement::status.eq(STATUS))
            .and(achievement::standing.eq_any(STANDINGS)))
        .order((achievement::learner_id, achievement::id))
        .select((
            achievement::id,
            achievement::learner_id,
            achievement::subject_kind,
            achievement::subject_code,
            achievement::title,
            achievement::level,
            achievement::credit,
            achievement::started_on,
            achievement::awarded_on,
            achievement::awarded_on_stated,
            achievement::valid_from,
            achievement::valid_until,
            achievement::part_of,
            achievement::route,
            achievement::registration_state,
            achievement::body_stated,
            achievement::body,
            (
                qualification::title,
                qualification::level,
                qualification::total_credit,
                qualification::registered,
            ).nullable(),
        ))
        .load(open))
}
