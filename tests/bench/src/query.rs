//! What is read: a person and the first page of their achievements, each with qualification, unit and body.
//! The joins are those of the registry's model, and every way sends the same text.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use registry::db::tables::{achievement, awarding_body, learner, qualification, unit};
use registry::model::achievement::{AchievementRow, Held};
use registry::model::awarding_body::BodyRow;
use registry::model::learner::LearnerRow;
use registry::model::qualification::QualificationRow;
use registry::model::unit::UnitRow;

/// The largest page and one more, as the registry reads it ahead.
pub(crate) const PAGE: i64 = 101;

/// A person as they are read.
pub(crate) type Record = (LearnerRow, Vec<Held>);

pub(crate) type HeldTuple = (
    AchievementRow,
    Option<QualificationRow>,
    Option<UnitRow>,
    Option<BodyRow>,
);

pub(crate) type WholeTuple = (
    LearnerRow,
    Option<AchievementRow>,
    Option<QualificationRow>,
    Option<UnitRow>,
    Option<BodyRow>,
);

diesel::define_sql_function! {
    /// The first of two that is not null.
    fn coalesce(first: Nullable<Text>, second: Nullable<Text>) -> Nullable<Text>;
}

/// The person alone.
macro_rules! person {
    ($id:expr) => {
        learner::table.find($id)
    };
}
pub(crate) use person;

/// Their achievements.
macro_rules! held {
    ($id:expr) => {
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
                awarding_body::table.on($crate::query::coalesce(
                    qualification::body.nullable(),
                    achievement::body,
                )
                .eq(awarding_body::recognition_number.nullable())),
            )
            .filter(achievement::replaced_by.is_null())
            .filter(
                achievement::learner_id
                    .eq($id)
                    .and(achievement::id.gt(registry::db::Id::from_bytes([0; 16]))),
            )
            .order(achievement::id)
            .limit($crate::query::PAGE)
    };
}
pub(crate) use held;

/// Both in one statement, the person repeated in each row.
macro_rules! whole {
    ($id:expr) => {
        learner::table
            .left_join(
                achievement::table.on(achievement::learner_id
                    .eq(learner::id)
                    .and(achievement::replaced_by.is_null())),
            )
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
                awarding_body::table.on($crate::query::coalesce(
                    qualification::body.nullable(),
                    achievement::body.nullable(),
                )
                .eq(awarding_body::recognition_number.nullable())),
            )
            .filter(learner::id.eq($id))
            .order(achievement::id)
            .limit($crate::query::PAGE)
            .select((
                learner::all_columns,
                achievement::all_columns.nullable(),
                qualification::all_columns.nullable(),
                unit::all_columns.nullable(),
                awarding_body::all_columns.nullable(),
            ))
    };
}
pub(crate) use whole;

/// The statements' texts, with numbered parameters.
pub(crate) struct Texts {
    /// Parameters: learner.
    pub(crate) person: String,
    /// Parameters: `qualification`, `unit`, learner, least identifier, page.
    pub(crate) held: String,
    /// Parameters: `qualification`, `unit`, learner, page.
    pub(crate) whole: String,
}

impl Texts {
    /// The texts that diesel writes.
    pub(crate) fn new() -> Self {
        let nobody = crate::fill::learner(0);
        let text = |query: String| {
            query
                .split(" -- binds")
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        Self {
            person: text(diesel::debug_query::<Pg, _>(&person!(nobody)).to_string()),
            held: text(diesel::debug_query::<Pg, _>(&held!(nobody)).to_string()),
            whole: text(diesel::debug_query::<Pg, _>(&whole!(nobody)).to_string()),
        }
    }
}

/// What is held, out of one row of [`held`].
pub(crate) fn one_held((achievement, qualification, unit, body): HeldTuple) -> Held {
    Held {
        achievement,
        qualification,
        unit,
        body,
    }
}

/// A person and what they hold, out of the rows of [`whole`].
pub(crate) fn whole_record(rows: Vec<WholeTuple>) -> Option<Record> {
    let mut person = None;
    let mut holds = Vec::with_capacity(rows.len());
    for (learner, achievement, qualification, unit, body) in rows {
        if let Some(achievement) = achievement {
            holds.push(Held {
                achievement,
                qualification,
                unit,
                body,
            });
        }
        person.get_or_insert(learner);
    }
    Some((person?, holds))
}
