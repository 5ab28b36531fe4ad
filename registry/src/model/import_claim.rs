//! Claims on import jobs: who runs one, and until when by the database's clock. Whoever runs a job reads its
//! claim in each of its transactions ([`heed`]) and keeps it there until the end of the transaction; who takes
//! a claim over needs it for themselves alone. So nobody takes a job in the middle of a step, and nobody who
//! lost a job can change anything any more. Renewing a claim touches no key, and so waits for no step.

use super::import_job::State;
use crate::db::tables::{import_claim, import_job, import_turn};
use crate::db::{Connection, Id, either};
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = import_claim, treat_none_as_default_value = false)]
pub struct ClaimRow {
    /// The job.
    pub job_id: Id,
    /// What tells this claim from every other on the job.
    pub token: Id,
    /// The server that runs it, by the name in its data directory.
    pub server: String,
    /// When it runs out where it is not renewed.
    pub claimed_until: NaiveDateTime,
    /// Whether the job shall be ended, whoever runs it.
    pub cancel_asked: bool,
}

/// What [`lock`] found.
pub enum Locked {
    /// No claim.
    None,
    /// A claim of which somebody makes use just now.
    Busy,
    /// A claim that stays as it is until the end of the transaction.
    Claim(ClaimRow),
}

/// Who looks for work.
#[derive(Debug, Clone)]
pub struct Looking {
    /// The server.
    pub server: String,
    /// The spool that it can read.
    pub spool: String,
    /// Jobs that it does not mean.
    pub but: Vec<Id>,
}

/// Stores a first claim on a job.
///
/// # Errors
/// The engine's error.
pub fn insert(connection: &mut Connection, row: &ClaimRow) -> QueryResult<()> {
    either!(connection, open => diesel::insert_into(import_claim::table).values(row).execute(open))?;
    Ok(())
}

/// Puts another claim in the place of the one on its job; only after [`lock`].
///
/// # Errors
/// The engine's error.
pub fn replace(connection: &mut Connection, row: &ClaimRow) -> QueryResult<()> {
    either!(connection, open => diesel::update(import_claim::table.find(row.job_id)).set(row).execute(open))?;
    Ok(())
}

/// The claim on a job, kept for the caller alone until the end of the transaction. Waits for nobody.
///
/// # Errors
/// The engine's error.
pub fn lock(connection: &mut Connection, job: Id) -> QueryResult<Locked> {
    let claim = import_claim::table.find(job);
    let found: Option<ClaimRow> =
        either!(&mut *connection, open => claim.get_result(open).optional())?;
    if found.is_none() {
        return Ok(Locked::None);
    }
    match connection {
        // In a transaction it is the only one who writes.
        Connection::Sqlite(_) => Ok(found.map_or(Locked::None, Locked::Claim)),
        Connection::Postgres(open) => {
            let locked = claim.for_update().skip_locked().get_result(open);
            Ok(locked.optional()?.map_or(Locked::Busy, Locked::Claim))
        }
    }
}

/// Whether the claim of that token still holds, and then whether the job shall be ended. What it says stays
/// so until the end of the transaction, but that the job may be asked to end meanwhile.
///
/// # Errors
/// The engine's error.
pub fn heed(connection: &mut Connection, job: Id, token: Id) -> QueryResult<Option<bool>> {
    let claim = import_claim::table
        .filter(
            import_claim::job_id
                .eq(job)
                .and(import_claim::token.eq(token)),
        )
        .select(import_claim::cancel_asked);
    match connection {
        Connection::Sqlite(open) => claim.get_result(open).optional(),
        Connection::Postgres(open) => claim.for_key_share().get_result(open).optional(),
    }
}

/// [`heed`], as of now only.
///
/// # Errors
/// The engine's error.
pub fn look(connection: &mut Connection, job: Id, token: Id) -> QueryResult<Option<bool>> {
    either!(connection, open => import_claim::table
        .filter(import_claim::job_id.eq(job).and(import_claim::token.eq(token)))
        .select(import_claim::cancel_asked).get_result(open).optional())
}

/// Has a claim run out at another time: later to renew it, now to give it back. Answers whether it still held.
///
/// # Errors
/// The engine's error.
pub fn runs_out(
    connection: &mut Connection,
    job: Id,
    token: Id,
    at: NaiveDateTime,
) -> QueryResult<bool> {
    let changed = either!(connection, open => diesel::update(import_claim::table
        .filter(import_claim::job_id.eq(job).and(import_claim::token.eq(token))))
        .set(import_claim::claimed_until.eq(at)).execute(open))?;
    Ok(changed > 0)
}

/// Asks whoever runs the job to end it.
///
/// # Errors
/// The engine's error.
pub fn ask_to_cancel(connection: &mut Connection, job: Id) -> QueryResult<()> {
    either!(connection, open => diesel::update(import_claim::table.find(job))
        .set(import_claim::cancel_asked.eq(true)).execute(open))?;
    Ok(())
}

/// Drops the claim on a job that has ended.
///
/// # Errors
/// The engine's error.
pub fn remove(connection: &mut Connection, job: Id) -> QueryResult<()> {
    either!(connection, open => diesel::delete(import_claim::table.find(job)).execute(open))?;
    Ok(())
}

/// Jobs that somebody could run: those of which the file is in its spool, and all that need no file any more.
macro_rules! open_to {
    ($looking:expr) => {
        import_job::table
            .left_join(import_claim::table.on(import_claim::job_id.eq(import_job::id)))
            .left_join(import_turn::table.on(import_turn::submitter.eq(import_job::submitter)))
            .filter(import_job::state.eq_any(State::open()))
            .filter(
                import_job::state
                    .eq(State::Merging.as_str())
                    .or(import_job::server.eq(&$looking.spool)),
            )
            .filter(import_job::id.ne_all(&$looking.but))
    };
}

/// Jobs that wait for somebody, or that another process of the same server claims, who may be gone; at most
/// `limit`. First comes the submitter whose last turn is longest ago, and of one submitter's
/// the oldest.
///
/// # Errors
/// The engine's error.
pub fn waiting(connection: &mut Connection, looking: &Looking, limit: i64) -> QueryResult<Vec<Id>> {
    let clock = connection.clock()?;
    either!(connection, open => open_to!(looking)
        .filter(
            import_claim::job_id.nullable().is_null()
                .or(import_claim::claimed_until.nullable().le(clock))
                .or(import_claim::server.nullable().eq(&looking.server)),
        )
        .order((
            import_turn::taken_at.nullable().is_not_null(),
            import_turn::taken_at.nullable(),
            import_job::id,
        ))
        .limit(limit)
        .select(import_job::id)
        .load(open))
}

/// How many jobs wait for somebody.
///
/// # Errors
/// The engine's error.
pub fn count_waiting(connection: &mut Connection, looking: &Looking) -> QueryResult<i64> {
    let clock = connection.clock()?;
    either!(connection, open => open_to!(looking)
        .filter(
            import_claim::job_id.nullable().is_null()
                .or(import_claim::claimed_until.nullable().le(clock)),
        )
        .count().get_result(open))
}

/// Notes that a submitter has its turn.
///
/// # Errors
/// The engine's error.
pub fn take_turn(
    connection: &mut Connection,
    submitter: &str,
    now: NaiveDateTime,
) -> QueryResult<()> {
    let turn = (
        import_turn::submitter.eq(submitter),
        import_turn::taken_at.eq(now),
    );
    either!(connection, open => diesel::insert_into(import_turn::table).values(turn)
        .on_conflict(import_turn::submitter).do_update()
        .set(import_turn::taken_at.eq(now)).execute(open))?;
    Ok(())
}

/// Forgets turns before that time: who has none is served as one whose turn is longest ago.
///
/// # Errors
/// The engine's error.
pub fn forget_turns(connection: &mut Connection, before: NaiveDateTime) -> QueryResult<()> {
    either!(connection, open => diesel::delete(import_turn::table
        .filter(import_turn::taken_at.lt(before))).execute(open))?;
    Ok(())
}
