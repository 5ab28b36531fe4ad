//! Achievements: the registry's conclusions, their versions, and the one join by which they are read.

use super::awarding_body::BodyRow;
use super::learner::LearnerRow;
use super::qualification::QualificationRow;
use super::unit::UnitRow;
use crate::db::tables::{
    achievement, achievement_version, awarding_body, learner, qualification, unit,
};
use crate::db::{Connection, Id, at_most, either, insert};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use record::Facts;
use schema::{Date, Level, ProfessionalStatus, Subject};

diesel::define_sql_function! {
    /// The first of two that is not null.
    fn coalesce(first: Nullable<Text>, second: Nullable<Text>) -> Nullable<Text>;
}

/// A stored achievement.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = achievement, treat_none_as_null = true, treat_none_as_default_value = false)]
#[expect(
    missing_docs,
    reason = "each column is the fact of that name in record::Facts"
)]
pub struct AchievementRow {
    pub id: Id,
    pub learner_id: Id,
    pub subject_kind: String,
    pub subject_code: String,
    pub title: String,
    pub part_of: Option<String>,
    pub body: Option<String>,
    pub body_stated: Option<String>,
    pub awarded_on: Option<Date>,
    pub awarded_on_stated: Option<String>,
    pub started_on: Option<Date>,
    pub valid_from: Option<Date>,
    pub valid_until: Option<Date>,
    pub grade: Option<String>,
    pub level: Option<i16>,
    pub credit: Option<i32>,
    pub status: String,
    pub status_since: Option<Date>,
    pub status_reason: Option<String>,
    pub route: String,
    pub standing: String,
    pub result_id: Option<String>,
    pub certificate_number: Option<String>,
    pub centre: Option<String>,
    pub registration_number: Option<String>,
    pub registration_conditions: Option<String>,
    pub registration_state: Option<String>,
    pub version: i32,
    pub replaced_by: Option<Id>,
    pub changed_at: NaiveDateTime,
}

impl AchievementRow {
    /// The row of a conclusion.
    #[must_use]
    pub fn conclude(
        id: Id,
        learner_id: Id,
        facts: &Facts,
        version: i32,
        now: NaiveDateTime,
    ) -> Self {
        let (kind, code) = facts.subject.parts();
        let known_title = match &facts.subject {
            Subject::ProfessionalStatus(code) => {
                ProfessionalStatus::find(code).map(|status| status.title.to_owned())
            }
            _ => None,
        };
        Self {
            id,
            learner_id,
            subject_kind: kind.to_owned(),
            subject_code: code.to_owned(),
            title: facts
                .title
                .clone()
                .or(known_title)
                .unwrap_or_else(|| code.to_owned()),
            part_of: facts.part_of.map(|number| number.to_string()),
            body: facts.body.map(|body| body.to_string()),
            body_stated: facts.body_stated.clone(),
            awarded_on: facts.awarded_on,
            awarded_on_stated: facts.awarded_on_stated.clone(),
            started_on: facts.started_on,
            valid_from: facts.valid_from,
            valid_until: facts.valid_until,
            grade: facts.grade.clone(),
            level: facts.level.map(schema::Level::place),
            credit: facts.credit.map(|credit| i32::from(credit.value())),
            status: facts.status.as_str().to_owned(),
            status_since: facts.status_since,
            status_reason: facts.status_reason.clone(),
            route: facts.route.as_str().to_owned(),
            standing: facts.standing.as_str().to_owned(),
            result_id: facts.result_id.clone(),
            certificate_number: facts.certificate_number.clone(),
            centre: facts.centre.clone(),
            registration_number: facts.registration_number.clone(),
            registration_conditions: facts.registration_conditions.clone(),
            registration_state: facts
                .registration_state
                .map(|state| state.as_str().to_owned()),
            version,
            replaced_by: None,
            changed_at: now,
        }
    }

    /// Whether the other row says the same, whatever its version.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let other = Self {
            version: self.version,
            changed_at: self.changed_at,
            ..other.clone()
        };
        *self == other
    }
}

/// A state in which an achievement stood.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = achievement_version, treat_none_as_default_value = false)]
pub struct VersionRow {
    /// The achievement.
    pub achievement_id: Id,
    /// Counted from 1.
    pub number: i32,
    /// The status then.
    pub status: String,
    /// The grade then.
    pub grade: Option<String>,
    /// The date of award then.
    pub awarded_on: Option<Date>,
    /// Why it became so, in the body's words.
    pub reason: Option<String>,
    /// From when it was true.
    pub true_from: Option<Date>,
    /// From when the registry knew.
    pub known_from: NaiveDateTime,
    /// Until when it was what the registry knew.
    pub known_until: Option<NaiveDateTime>,
}

impl VersionRow {
    /// The version that a row stands for.
    #[must_use]
    pub fn of(row: &AchievementRow) -> Self {
        Self {
            achievement_id: row.id,
            number: row.version,
            status: row.status.clone(),
            grade: row.grade.clone(),
            awarded_on: row.awarded_on,
            reason: row.status_reason.clone(),
            true_from: row.status_since,
            known_from: row.changed_at,
            known_until: None,
        }
    }
}

impl VersionRow {
    /// Whether the other version tells of the same state.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let state = |version: &Self| {
            (
                version.status.clone(),
                version.grade.clone(),
                version.awarded_on,
                version.reason.clone(),
                version.true_from,
            )
        };
        state(self) == state(other)
    }
}

/// An achievement with what the register says of its subject and body.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The achievement.
    pub achievement: AchievementRow,
    /// Its qualification, where it is one.
    pub qualification: Option<QualificationRow>,
    /// Its unit, where it is one.
    pub unit: Option<UnitRow>,
    /// Its body: the register's owner of the qualification, else the body that the sources name.
    pub body: Option<BodyRow>,
}

impl Held {
    /// The title: the register's where it has one.
    #[must_use]
    pub fn title(&self) -> &str {
        match &self.qualification {
            Some(row) if row.registered => &row.title,
            _ => &self.achievement.title,
        }
    }

    /// The level: the register's where it has one.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        let register = self
            .qualification
            .as_ref()
            .filter(|row| row.registered)
            .and_then(|row| row.level);
        register
            .or(self.achievement.level)
            .and_then(Level::from_place)
    }

    /// The credit: the register's where it has one.
    #[must_use]
    pub fn credit(&self) -> Option<i32> {
        let register = self
            .qualification
            .as_ref()
            .filter(|row| row.registered)
            .and_then(|row| row.total_credit);
        register.or(self.achievement.credit)
    }
}

type HeldTuple = (
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
    () => {
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
                awarding_body::table.on(coalesce(
                    qualification::body.nullable(),
                    achievement::body,
                )
                .eq(awarding_body::recognition_number.nullable())),
            )
            .filter(achievement::replaced_by.is_null())
    };
}

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
    let rows: Vec<HoldingTuple> = either!(connection, open => held!()
        .inner_join(learner::table.on(learner::id.eq(achievement::learner_id)))
        .filter(achievement::id.eq(id).or(achievement::id.nullable().eq(moved).assume_not_null()))
        .select((achievement::all_columns, qualification::all_columns.nullable(), unit::all_columns.nullable(),
            awarding_body::all_columns.nullable(), learner::all_columns))
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
    let query = held!()
        .inner_join(learner::table.on(learner::id.eq(achievement::learner_id)))
        .filter(achievement::certificate_number.eq(number))
        .select((
            achievement::all_columns,
            qualification::all_columns.nullable(),
            unit::all_columns.nullable(),
            awarding_body::all_columns.nullable(),
            learner::all_columns,
        ))
        .order(achievement::id);
    let rows: Vec<HoldingTuple> = at_most!(connection, query, 50)?;
    Ok(rows.into_iter().map(holding).collect())
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

/// Stores a changed achievement with its new version; the version before it ends now.
///
/// # Errors
/// The engine's error.
pub fn update(connection: &mut Connection, row: &AchievementRow) -> QueryResult<()> {
    either!(connection, open => {
        diesel::update(achievement::table.find(row.id)).set(row).execute(open)?;
        diesel::update(achievement_version::table
            .filter(achievement_version::achievement_id.eq(row.id).and(achievement_version::known_until.is_null())))
            .set(achievement_version::known_until.eq(row.changed_at)).execute(open)?;
        diesel::insert_into(achievement_version::table).values(VersionRow::of(row)).execute(open)?;
    });
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

/// The versions of these achievements, in order.
///
/// # Errors
/// The engine's error.
pub fn versions(connection: &mut Connection, achievements: &[Id]) -> QueryResult<Vec<VersionRow>> {
    either!(connection, open => achievement_version::table
        .filter(achievement_version::achievement_id.eq_any(achievements))
        .order((achievement_version::achievement_id, achievement_version::number)).load(open))
}
