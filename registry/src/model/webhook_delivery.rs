//! Events on their way to those who asked to be told. A row is claimed for a while by the server that sends
//! it; where that server is gone by then, another takes it.

use crate::db::tables::webhook_delivery;
use crate::db::{Connection, Id, either};
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// An event for one address.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = webhook_delivery, treat_none_as_default_value = false)]
pub struct DeliveryRow {
    /// The event's identifier, the same with each attempt.
    pub id: Id,
    /// The body of whose import it tells.
    pub awarding_body: String,
    /// The address.
    pub url: String,
    /// The event as it is sent.
    pub content: String,
    /// See [`State`].
    pub state: String,
    /// How often it was sent.
    pub attempts: i32,
    /// When it happened.
    pub created_at: NaiveDateTime,
    /// When it is to be sent; while it is being sent, when it may be sent by another.
    pub due_at: NaiveDateTime,
    /// When it was delivered or given up.
    pub ended_at: Option<NaiveDateTime>,
    /// What was wrong with the last attempt.
    pub problem: Option<String>,
}

/// The states of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is to be sent, or being sent.
    Waiting,
    /// The receiver has it.
    Delivered,
    /// The receiver did not take it in time, or wants no more.
    GivenUp,
}

impl State {
    /// The state's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::GivenUp => "given-up",
        }
    }
}

/// Stores an event.
///
/// # Errors
/// The engine's error.
pub fn insert(connection: &mut Connection, row: &DeliveryRow) -> QueryResult<()> {
    either!(connection, open => diesel::insert_into(webhook_delivery::table).values(row).execute(open))?;
    Ok(())
}

/// Whether so many events wait for an address, or more.
///
/// # Errors
/// The engine's error.
pub fn is_full(connection: &mut Connection, url: &str, most: i64) -> QueryResult<bool> {
    let last: Option<Id> = either!(connection, open => webhook_delivery::table
        .filter(webhook_delivery::url.eq(url)
            .and(webhook_delivery::state.eq(State::Waiting.as_str())))
        .select(webhook_delivery::id)
        .offset(most.saturating_sub(1)).limit(1)
        .get_result(open).optional())?;
    Ok(last.is_some())
}

/// For which address and body something is due, of these addresses; first those for whom it is due longest.
///
/// # Errors
/// The engine's error.
pub fn due(
    connection: &mut Connection,
    urls: &[&str],
    now: NaiveDateTime,
) -> QueryResult<Vec<(String, String)>> {
    let whose = (webhook_delivery::url, webhook_delivery::awarding_body);
    either!(connection, open => webhook_delivery::table
        .filter(webhook_delivery::state.eq(State::Waiting.as_str())
            .and(webhook_delivery::due_at.le(now)).and(webhook_delivery::url.eq_any(urls)))
        .group_by(whose).select(whose)
        .order((diesel::dsl::min(webhook_delivery::due_at), webhook_delivery::url)).load(open))
}

/// Takes the event that is due for longest for an address and one of those bodies, until `until`; none where
/// nothing is due, or others have it all.
///
/// # Errors
/// The engine's error.
pub fn claim(
    connection: &mut Connection,
    url: &str,
    bodies: &[&str],
    now: NaiveDateTime,
    until: NaiveDateTime,
) -> QueryResult<Option<DeliveryRow>> {
    let query = webhook_delivery::table
        .filter(
            webhook_delivery::state
                .eq(State::Waiting.as_str())
                .and(webhook_delivery::due_at.le(now))
                .and(webhook_delivery::url.eq(url))
                .and(webhook_delivery::awarding_body.eq_any(bodies)),
        )
        .order((webhook_delivery::due_at, webhook_delivery::id))
        .limit(1);
    let found: Option<DeliveryRow> = match &mut *connection {
        // It has one writer, and this is it.
        Connection::Sqlite(open) => query.get_result(open).optional()?,
        Connection::Postgres(open) => query
            .for_update()
            .skip_locked()
            .get_result(open)
            .optional()?,
    };
    let Some(row) = found else {
        return Ok(None);
    };
    let claimed = DeliveryRow {
        attempts: row.attempts.saturating_add(1),
        due_at: until,
        ..row
    };
    either!(connection, open => diesel::update(webhook_delivery::table.find(claimed.id))
        .set((
            webhook_delivery::attempts.eq(claimed.attempts),
            webhook_delivery::due_at.eq(claimed.due_at),
        ))
        .execute(open))?;
    Ok(Some(claimed))
}

/// Ends a delivery. One that another server gave up meanwhile, and that arrived all the same, is delivered.
///
/// # Errors
/// The engine's error.
pub fn end(
    connection: &mut Connection,
    id: Id,
    state: State,
    problem: Option<&str>,
    now: NaiveDateTime,
) -> QueryResult<()> {
    either!(connection, open => diesel::update(webhook_delivery::table
            .filter(webhook_delivery::id.eq(id)
                .and(webhook_delivery::state.ne(State::Delivered.as_str()))))
        .set((
            webhook_delivery::state.eq(state.as_str()),
            webhook_delivery::problem.eq(problem),
            webhook_delivery::ended_at.eq(Some(now)),
        ))
        .execute(open))?;
    Ok(())
}

/// Puts off what was claimed and not taken; nothing where another has claimed it since.
///
/// # Errors
/// The engine's error.
pub fn put_off(
    connection: &mut Connection,
    claimed: &DeliveryRow,
    problem: &str,
    due_at: NaiveDateTime,
) -> QueryResult<()> {
    either!(connection, open => diesel::update(webhook_delivery::table
            .filter(webhook_delivery::id.eq(claimed.id)
                .and(webhook_delivery::attempts.eq(claimed.attempts))
                .and(webhook_delivery::state.eq(State::Waiting.as_str()))))
        .set((webhook_delivery::due_at.eq(due_at), webhook_delivery::problem.eq(problem)))
        .execute(open))?;
    Ok(())
}

/// What has waited so long that who sends it would have given it up.
#[diesel::dsl::auto_type]
fn stale(before: NaiveDateTime, now: NaiveDateTime) -> _ {
    let waiting: &'static str = State::Waiting.as_str();
    webhook_delivery::state
        .eq(waiting)
        .and(webhook_delivery::created_at.lt(before))
        .and(webhook_delivery::due_at.le(now))
}

/// What ended before `old`.
#[diesel::dsl::auto_type]
fn forgotten(old: NaiveDateTime) -> _ {
    let old: Option<NaiveDateTime> = Some(old);
    webhook_delivery::ended_at.lt(old)
}

/// For which addresses and bodies something has waited since before that time and is not being sent.
///
/// # Errors
/// The engine's error.
pub fn waiting_since(
    connection: &mut Connection,
    before: NaiveDateTime,
    now: NaiveDateTime,
) -> QueryResult<Vec<(String, String)>> {
    either!(connection, open => webhook_delivery::table
        .filter(stale(before, now))
        .select((webhook_delivery::url, webhook_delivery::awarding_body)).distinct()
        .load(open))
}

/// Gives up what has waited since before that time for an address and a body; answers how many events that was.
///
/// # Errors
/// The engine's error.
pub fn give_up(
    connection: &mut Connection,
    (url, body): (&str, &str),
    before: NaiveDateTime,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    either!(connection, open => diesel::update(webhook_delivery::table
        .filter(stale(before, now)
            .and(webhook_delivery::url.eq(url)).and(webhook_delivery::awarding_body.eq(body))))
        .set((
            webhook_delivery::state.eq(State::GivenUp.as_str()),
            webhook_delivery::ended_at.eq(Some(now)),
        ))
        .execute(open))
}

/// At most `most` of the events that ended before `old`.
///
/// # Errors
/// The engine's error.
pub fn ended_before(
    connection: &mut Connection,
    old: NaiveDateTime,
    most: i64,
) -> QueryResult<Vec<Id>> {
    either!(connection, open => webhook_delivery::table
        .filter(forgotten(old))
        .select(webhook_delivery::id).limit(most)
        .load(open))
}

/// Drops events.
///
/// # Errors
/// The engine's error.
pub fn forget(connection: &mut Connection, ids: &[Id]) -> QueryResult<()> {
    either!(connection, open => diesel::delete(webhook_delivery::table
        .filter(webhook_delivery::id.eq_any(ids))).execute(open))?;
    Ok(())
}
