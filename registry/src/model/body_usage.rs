//! What an awarding body has pushed: for its quotas, and to see what is unusual for it.

use super::import_job::State;
use crate::db::tables::import_job;
use crate::db::{Connection, either};
use chrono::NaiveDateTime;
use diesel::dsl::{count_star, min, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};

/// What a body pushed since some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// How many files.
    pub pushes: i64,
    /// Their bytes together.
    pub bytes: i64,
    /// When the oldest of them came.
    pub oldest: Option<NaiveDateTime>,
    /// How many imports have not ended, whenever they came.
    pub unfinished: i64,
}

/// What the body pushed after that time.
///
/// # Errors
/// The engine's error.
pub fn since(connection: &mut Connection, body: &str, after: NaiveDateTime) -> QueryResult<Usage> {
    type Sums = (i64, Option<i64>, Option<NaiveDateTime>);
    let (pushes, bytes, oldest): Sums = either!(&mut *connection, open => import_job::table
        .filter(import_job::awarding_body.eq(body).and(import_job::received_at.gt(after)))
        .select((
            count_star(),
            sql::<Nullable<BigInt>>("CAST(sum(bytes_total) AS BIGINT)"),
            min(import_job::received_at),
        ))
        .get_result(open))?;
    let open_states = names(|state| !state.ended());
    let unfinished = either!(connection, open => import_job::table
        .filter(import_job::awarding_body.eq(body).and(import_job::state.eq_any(open_states)))
        .count().get_result(open))?;
    Ok(Usage {
        pushes,
        bytes: bytes.unwrap_or(0),
        oldest,
        unfinished,
    })
}

/// How many awards the body ever told of by its imports, those that were taken back aside.
///
/// # Errors
/// The engine's error.
pub fn ever_told(connection: &mut Connection, body: &str) -> QueryResult<i64> {
    let gone = names(|state| matches!(state, State::Failed | State::Undone));
    let told: Option<i64> = either!(connection, open => import_job::table
        .filter(import_job::awarding_body.eq(body)
            .and(import_job::dry_run.eq(false)).and(import_job::state.ne_all(gone)))
        .select(sql::<Nullable<BigInt>>("CAST(sum(created) AS BIGINT)"))
        .get_result(open))?;
    Ok(told.unwrap_or(0))
}

fn names(of: impl Fn(State) -> bool) -> Vec<&'static str> {
    let states = State::ALL.into_iter().filter(|state| of(*state));
    states.map(State::as_str).collect()
}
