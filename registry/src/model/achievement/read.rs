//! Reading achievements: the one join by which they are read, the same wherever they are read.

use super::{AchievementRow, Held, VersionRow};
use crate::db::tables::{
    achievement, achievement_version, awarding_body, learner, qualification, unit,
};
use crate::db::{Connection, Id, at_most, either};
use crate::model::awarding_body::BodyRow;
use crate::model::learner::LearnerRow;
use crate::model::qualification::QualificationRow;
use crate::model::unit::UnitRow;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

diesel::define_sql_function! {
    /// The first of two that is not null.
    fn coalesce(first: Nullable<Text>, second: Nullable<Text>) -> Nullable<Text>;
}

pub(super) type HeldTuple = (
    AchievementRow,
    Option<QualificationRow>,
    Option<UnitRow>,
    Option<BodyRow>,
);

impl From<HeldTuple> for Held {
    fn from((achievement, qualification, unit, body): HeldTuple) -> Self {
        Self {
            achievement,
            qualification,
            unit,
            body,
        }
    }
}

/// The join by which achievements are read, the same wherever they are read.
macro_rules! held {
    () => {{
        use crate::db::tables::{achievement, awarding_body, qualification, unit};
        achievement::table
            .left_join(
                qualification::table.on(achievement::subject_kind
                    .eq("qualification")
                    .and(achievement::subject_code.eq(qualification::number))),
            )
            .left_join(
                unit::table.on(achievement::subject_kind
                    .eq("unit")
                    .and(achievement::subject_code.eq(unit::reference))),
            )
            .left_join(
                awarding_body::table.on(super::read::coalesce(
                    qualification::body.nullable(),
                    achievement::body,
                )
                .eq(awarding_body::recognition_number.nullable())),
            )
            .filter(achievement::replaced_by.is_null())
    }};
}
pub(super) use held;

/// A learner's achievements after the one of identifier `after`, at most `limit`, the oldest first.
///
/// # Errors
/// The engine's error.
pub fn of_learner(
    connection: &mut Connection,
    learner: Id,
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<Held>> {
    let after = after.unwrap_or_else(|| Id::from_bytes([0; 16]));
    let query = held!()
        .filter(
            achievement::learner_id
                .eq(learner)
                .and(achievement::id.gt(after)),
        )
        .order(achievement::id);
    let rows: Vec<HeldTuple> = at_most!(connection, query, limit)?;
    Ok(rows.into_iter().map(Held::from).collect())
}

/// The achievements of these learners, at most `limit` in all, the oldest of each first.
///
/// # Errors
/// The engine's error.
pub fn of_learners(
    connection: &mut Connection,
    learners: &[Id],
    limit: i64,
) -> QueryResult<Vec<Held>> {
    let query = held!()
        .filter(achievement::learner_id.eq_any(learners))
        .order((achievement::learner_id, achievement::id));
    let rows: Vec<HeldTuple> = at_most!(connection, query, limit)?;
    Ok(rows.into_iter().map(Held::from).collect())
}

/// All of a learner's achievements, the oldest first.
///
/// # Errors
/// The engine's error.
pub fn all_of_learner(connection: &mut Connection, learner: Id) -> QueryResult<Vec<Held>> {
    let rows: Vec<HeldTuple> = either!(connection, open => held!()
        .filter(achievement::learner_id.eq(learner))
        .order(achievement::id)
        .load(open))?;
    Ok(rows.into_iter().map(Held::from).collect())
}

/// The achievement of that identifier; where it was found to be another one's, that other.
///
/// # Errors
/// The engine's error.
pub fn find(connection: &mut Connection, id: Id) -> QueryResult<Option<Held>> {
    let replaced: Option<Option<Id>> = either!(&mut *connection, open => achievement::table
        .find(id).select(achievement::replaced_by).get_result(open).optional())?;
    let id = replaced.flatten().unwrap_or(id);
    let row: Option<HeldTuple> = either!(connection, open => held!().filter(achievement::id.eq(id)).get_result(open).optional())?;
    Ok(row.map(Held::from))
}

/// The same with the holder.
macro_rules! holdings {
    () => {
        held!()
            .inner_join(learner::table.on(learner::id.eq(achievement::learner_id)))
            .select((
                achievement::all_columns,
                qualification::all_columns.nullable(),
                unit::all_columns.nullable(),
                awarding_body::all_columns.nullable(),
                learner::all_columns,
            ))
    };
}

/// The most awards of one certificate number that are looked at.
const OF_ONE_NUMBER: i64 = 50;

type HoldingTuple = (
    AchievementRow,
    Option<QualificationRow>,
    Option<UnitRow>,
    Option<BodyRow>,
    LearnerRow,
);

fn holding((achievement, qualification, unit, body, holder): HoldingTuple) -> (Held, LearnerRow) {
    (
        Held {
            achievement,
            qualification,
            unit,
            body,
        },
        holder,
    )
}

/// The achievement of that identifier (where it was found to be another one's, that other) with its holder,
/// in one statement.
///
/// # Errors
/// The engine's error.
pub fn with_holder(connection: &mut Connection, id: Id) -> QueryResult<Vec<(Held, LearnerRow)>> {
    let old = diesel::alias!(achievement as old);
    let moved = old
        .filter(old.field(achievement::id).eq(id))
        .select(old.field(achievement::replaced_by))
        .single_value();
    let rows: Vec<HoldingTuple> = either!(connection, open => holdings!()
        .filter(achievement::id.eq(id).or(achievement::id.nullable().eq(moved).assume_not_null()))
        .load(open))?;
    Ok(rows.into_iter().map(holding).collect())
}

/// The achievements of that certificate number with their holders, in one statement. Bodies number their
/// certificates each for itself, so there may be several; a bound keeps the answer small.
///
/// # Errors
/// The engine's error.
pub fn certified(
    connection: &mut Connection,
    number: &str,
) -> QueryResult<Vec<(Held, LearnerRow)>> {
    let query = holdings!()
        .filter(achievement::certificate_number.eq(number))
        .order(achievement::id);
    let rows: Vec<HoldingTuple> = at_most!(connection, query, OF_ONE_NUMBER)?;
    Ok(rows.into_iter().map(holding).collect())
}

/// [`certified`] for each of several numbers, in no order of theirs; none where there are so many that some
/// may be left out, which only a look at each number can tell.
///
/// # Errors
/// The engine's error.
pub fn certified_as_any(
    connection: &mut Connection,
    numbers: &[&str],
) -> QueryResult<Option<Vec<(Held, LearnerRow)>>> {
    let query = holdings!()
        .filter(achievement::certificate_number.eq_any(numbers))
        .order(achievement::id);
    // As many as all of them may have, so that whether one has any changes nothing about the others.
    let room = OF_ONE_NUMBER.saturating_mul(i64::try_from(numbers.len()).unwrap_or(i64::MAX));
    let rows: Vec<HoldingTuple> = at_most!(connection, query, room)?;
    let all = i64::try_from(rows.len()).is_ok_and(|count| count < room);
    Ok(all.then(|| rows.into_iter().map(holding).collect()))
}

/// The stored achievements of these learners, those that were replaced left out.
///
/// # Errors
/// The engine's error.
pub fn rows_of_learners(
    connection: &mut Connection,
    learners: &[Id],
) -> QueryResult<Vec<AchievementRow>> {
    either!(connection, open => achievement::table
        .filter(achievement::learner_id.eq_any(learners).and(achievement::replaced_by.is_null()))
        .load(open))
}

/// The stored achievements of those identifiers, in no order.
///
/// # Errors
/// The engine's error.
pub fn rows(connection: &mut Connection, ids: &[Id]) -> QueryResult<Vec<AchievementRow>> {
    either!(connection, open => achievement::table
        .filter(achievement::id.eq_any(ids)).load(open))
}

/// The stored achievements of these learners, those that were replaced too: each with its learner and by which it
/// was replaced.
///
/// # Errors
/// The engine's error.
pub fn places(
    connection: &mut Connection,
    learners: &[Id],
) -> QueryResult<Vec<(Id, Id, Option<Id>)>> {
    either!(connection, open => achievement::table
        .filter(achievement::learner_id.eq_any(learners))
        .select((achievement::id, achievement::learner_id, achievement::replaced_by))
        .load(open))
}

/// The versions of these achievements, in order.
///
/// # Errors
/// The engine's error.
pub fn versions(connection: &mut Connection, achievements: &[Id]) -> QueryResult<Vec<VersionRow>> {
    either!(connection, open => achievement_version::table
        .filter(achievement_version::achievement_id.eq_any(achievements))
        .order((achievement_version::achievement_id, achievement_version::number)).load(open))
}
