//! Achievements: the registry's conclusions and their versions.

mod change;
mod counted;
mod read;
mod write;

pub use change::update_all;
pub use counted::{Counted, counted_between, counting};
pub use read::{
    all_of_learner, certified, certified_as_any, find, of_learner, of_learners, places, rows,
    rows_of_learners, versions, with_holder,
};
pub use write::{give_to, insert_all, remove, replace};

use super::awarding_body::BodyRow;
use super::qualification::QualificationRow;
use super::unit::UnitRow;
use crate::db::Id;
use crate::db::tables::{achievement, achievement_version};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use record::Facts;
use schema::{Date, Level, ProfessionalStatus, Route, Subject};

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
#[derive(Debug, Clone, PartialEq, Queryable, Insertable)]
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

    /// The level: the register's where it has one; of a unit the framework's where a source confirmed it.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        let register = self
            .qualification
            .as_ref()
            .filter(|row| row.registered)
            .and_then(|row| row.level);
        let unit = self.confirmed_unit().and_then(|row| row.level);
        register
            .or(unit)
            .or(self.achievement.level)
            .and_then(Level::from_place)
    }

    /// The credit: the register's where it has one; of a unit the framework's where a source confirmed it. What was not gained
    /// in the ordinary way may earn none: so says a zero, and an exemption earns what was told of it and nothing else.
    #[must_use]
    pub fn credit(&self) -> Option<i32> {
        let told = self.achievement.credit;
        match Route::parse(&self.achievement.route) {
            Some(Route::Exemption) => return told,
            Some(Route::Award) | None => {}
            Some(_) if told == Some(0) => return told,
            Some(_) => {}
        }
        let register = self
            .qualification
            .as_ref()
            .filter(|row| row.registered)
            .and_then(|row| row.total_credit);
        let unit = self.confirmed_unit().and_then(|row| row.credit);
        register.or(unit).or(told)
    }

    /// Its unit, where the framework confirms what it says of it. What other results say of a unit is nobody else's word.
    #[must_use]
    pub fn confirmed_unit(&self) -> Option<&UnitRow> {
        self.unit.as_ref().filter(|row| row.confirmed)
    }
}
