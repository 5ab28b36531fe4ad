//! Drives a job from wherever it stands to its end. Reading begins again where it was killed; merging goes
//! on after the last batch that was committed. Either way the job ends as if nothing had happened.

use super::beat::{Kept, Signal};
use super::claim::{self, Claimant, Claimed, Held};
use super::follow::Follow;
use super::merge::{Merge, Merged};
use super::prepare::{Ahead, Prepared};
use super::read::{self, Ended};
use super::spool;
use super::submit::Mode;
use crate::action::webhook::{self, Happened};
use crate::adapter::Fault;
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::import_job::{self, JobRow, State};
use crate::model::{import_claim, import_issue};
use crate::telemetry::{self, REQUEST, TRACE};
use schema::{Code, Language};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

/// Hears how a job gets on.
pub trait Progress: Send + Sync {
    /// The job is being read.
    fn reading(&self, job: &JobRow);
    /// The job is being merged: so many of so many batches.
    fn merging(&self, job: &JobRow, done: i64, all: i64);
}

/// Nobody listens.
pub struct Silent;

impl Progress for Silent {
    fn reading(&self, _job: &JobRow) {}
    fn merging(&self, _job: &JobRow, _done: i64, _all: i64) {}
}

/// Whoever watches a job is told.
impl Progress for Follow {
    fn reading(&self, _job: &JobRow) {
        self.news();
    }
    fn merging(&self, _job: &JobRow, _done: i64, _all: i64) {
        self.news();
    }
}

/// Claims a job and runs it to its end, blocking; answers the job as it ended. What the file or its adapter did
/// wrong is told in the job, not as an error.
///
/// # Errors
/// [`Code::StateConflict`] where somebody else runs it; [`Error`] where the registry itself cannot go on (a
/// lost database, a full disk). The job stays as it is then, and can be run again.
pub fn run(app: &App, id: Id, progress: &dyn Progress, stop: &AtomicBool) -> Result<JobRow, Error> {
    let claimant = Claimant::of(&app.config)?;
    match claim::claim(app, &claimant, id)? {
        Some(claimed) => run_claimed(app, claimed, progress, stop, &Arc::default(), None),
        None => ended(app, id)?.ok_or_else(claim::lost),
    }
}

/// [`run`] for a job that is claimed already, in the trace of the push.
pub(super) fn run_claimed(
    app: &App,
    mut claimed: Claimed,
    progress: &dyn Progress,
    stop: &AtomicBool,
    signal: &Arc<Signal>,
    from: Option<telemetry::Place>,
) -> Result<JobRow, Error> {
    let (id, token) = (claimed.job.id, claimed.token);
    let span = tracing::info_span!(target: REQUEST, "import", job = %id);
    telemetry::follow(&span, from);
    let _span = span.entered();
    let _alive = claimed.alive();
    let kept = Kept {
        app,
        job: id,
        token,
        lease: claimed.lease,
        stop,
        signal,
    };
    let outcome = kept.during(|| {
        let mut bulk = Held::new(app, &claimed)?;
        let cancelled = claimed.cancel && bulk.heeds();
        let outcome = match cancelled {
            true => Err(Error::from(Code::ImportCancelled)),
            false => drive(app, &mut bulk, claimed.job, progress, signal),
        };
        match outcome {
            Err(error)
                if bulk.heeds()
                    && (signal.cancelled() || error.code() == Code::ImportCancelled) =>
            {
                end_cancelled(app, &mut bulk, id)
            }
            outcome => outcome,
        }
    });
    outcome.or_else(|error| {
        claim::release(app, id, token);
        // Who lost the job to somebody who ended it tells how it ended.
        match error.code() {
            Code::StateConflict | Code::Unavailable => ended(app, id)?.ok_or(error),
            _ => Err(error),
        }
    })
}

/// The job, where it has ended.
fn ended(app: &App, id: Id) -> Result<Option<JobRow>, Error> {
    let found = app
        .db
        .read_blocking(move |connection| Ok(import_job::find(connection, id)?))?;
    Ok(found.filter(|job| job.state().ended()))
}

fn drive(
    app: &App,
    bulk: &mut Held,
    mut job: JobRow,
    progress: &dyn Progress,
    signal: &Arc<Signal>,
) -> Result<JobRow, Error> {
    let _gauge = Gauge::begin();
    if job.state() != State::Merging {
        let reading = tracing::info_span!(target: TRACE, "reading");
        match reading.in_scope(|| prepare(app, bulk, &mut job, progress, signal.flag())) {
            Ok(()) => {}
            Err(Ended::Fault(fault)) => return fail(app, bulk, job, &fault),
            Err(Ended::Error(Error::Expected {
                code: code @ (Code::SpoolLost | Code::AdapterProtocol | Code::ImportQuarantined),
                detail,
            })) => {
                return end_badly(app, bulk, job, code.as_str(), detail);
            }
            Err(Ended::Error(error)) => return Err(error),
        }
        if job.mode == Mode::Atomic.as_str() && job.rejected > 0 {
            return end_badly(app, bulk, job, Code::ImportRejected.as_str(), None);
        }
        job.state = State::Merging.as_str().to_owned();
        store(bulk, &job)?;
    }
    let _merging = tracing::info_span!(target: TRACE, "merging").entered();
    let mut merge = {
        let (row, likeness) = (job.clone(), app.likeness.clone());
        app.db
            .read_blocking(move |connection| Merge::of(connection, &row, likeness))?
    };
    if job.merged_batches > 0 {
        merge = recall(app, &job, merge)?;
    }
    let ahead = Ahead::start(app, &job, job.merged_batches..i64::MAX)?;
    let all = ahead.end;
    if job.at_once() {
        if job.merged_batches < all {
            merge_at_once(bulk, &mut job, merge, ahead, signal)?;
        }
        bulk.no_way_back();
        if job.mode == Mode::Atomic.as_str() && job.rejected > 0 {
            return end_badly(app, bulk, job, Code::ImportRejected.as_str(), None);
        }
    } else {
        while job.merged_batches < all {
            let others_wait;
            (merge, others_wait) = merge_next(app, bulk, &mut job, merge, ahead.next()?)?;
            ahead.others_wait(others_wait);
            bulk.no_way_back();
            progress.merging(&job, job.merged_batches, all);
            if signal.halted() {
                // What is merged stays merged; the rest goes on when the job is run again.
                return Err(Error::from(Code::Unavailable));
            }
        }
    }
    let clean = job.rejected == 0 && job.needs_person == 0;
    job.state = if clean {
        State::Done
    } else {
        State::DoneWithIssues
    }
    .as_str()
    .to_owned();
    finish(app, bulk, job)
}

/// Reads the file, from the beginning, whatever was read before.
fn prepare(
    app: &App,
    bulk: &mut Held,
    job: &mut JobRow,
    progress: &dyn Progress,
    cancel: &AtomicBool,
) -> Result<(), Ended> {
    job.state = State::Reading.as_str().to_owned();
    job.started_at = Some(app.clock.now());
    job.forget_merging();
    (
        job.bytes_read,
        job.records,
        job.rejected,
        job.needs_person,
        job.issues,
    ) = (0, 0, 0, 0, 0);
    let row = job.clone();
    bulk.transaction(move |connection| {
        import_job::unstage(connection, row.id)?;
        import_issue::forget(connection, row.id, 0)?;
        Ok(import_job::update(connection, &row)?)
    })?;
    let read = read::read(app, bulk, job, progress, cancel);
    job.forget_merging();
    read
}

/// Recalls what was said of the batches that were merged before the job was interrupted.
fn recall(app: &App, job: &JobRow, mut merge: Merge) -> Result<Merge, Error> {
    let ahead = Ahead::start(app, job, 0..job.merged_batches)?;
    let mut recalled = 0;
    while recalled < ahead.end {
        let prepared = ahead.next()?;
        recalled += prepared.batches;
        merge = app.db.read_blocking(move |connection| {
            merge.recall(connection, &prepared)?;
            Ok(merge)
        })?;
    }
    Ok(merge)
}

/// Merges the next batches, with the counts and the place to go on in the same transaction. What ends the job
/// is durable, and everything before it with it. Says too whether somebody waited for the writer meanwhile.
fn merge_next(
    app: &App,
    bulk: &mut Held,
    job: &mut JobRow,
    mut merge: Merge,
    prepared: Prepared,
) -> Result<(Merge, bool), Error> {
    let mut row = job.clone();
    let db = app.db.clone();
    let (row, merge, others_wait) = bulk.hurried(move |connection| {
        connection.merge_alone()?;
        // A commit whose answer was lost may have come through only now.
        let stored = import_job::find(connection, row.id)?;
        if stored.is_none_or(|stored| stored.merged_batches != row.merged_batches) {
            return Err(Error::from(Code::Unavailable));
        }
        let mut merged = batch(connection, &mut row, &mut merge, prepared)?;
        read::number(&mut row, &mut merged.issues);
        import_issue::insert_all(connection, merged.issues)?;
        import_job::update(connection, &row)?;
        let (_, for_the_writer) = db.waiting();
        Ok((row, merge, for_the_writer > 0))
    })?;
    *job = row;
    Ok((merge, others_wait))
}

/// Merges all batches in one transaction, and takes it back where nothing shall change: a dry run, or an
/// atomic import of which a record was rejected. The counts are those of the real thing, since it was one.
fn merge_at_once(
    bulk: &mut Held,
    job: &mut JobRow,
    mut merge: Merge,
    ahead: Ahead,
    signal: &Arc<Signal>,
) -> Result<(), Error> {
    let signal = signal.clone();
    let outcome = Arc::new(Mutex::new(None));
    let seen = outcome.clone();
    let mut row = job.clone();
    let dry_run = job.dry_run;
    let atomic = job.mode == Mode::Atomic.as_str();
    let ended = bulk.transaction(move |connection| {
        connection.merge_alone()?;
        let mut issues = Vec::new();
        while row.merged_batches < ahead.end {
            if signal.cancelled() {
                return Err(Error::from(Code::ImportCancelled));
            }
            if signal.halted() {
                return Err(Error::from(Code::Unavailable));
            }
            let mut merged = batch(connection, &mut row, &mut merge, ahead.next()?)?;
            read::number(&mut row, &mut merged.issues);
            issues.extend(merged.issues);
        }
        let taken_back = dry_run || (atomic && row.rejected > 0);
        *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some((row.clone(), issues.clone()));
        if taken_back {
            // An error is what takes a transaction back; it goes no further than the lines below.
            return Err(Error::from(Code::ImportRejected));
        }
        import_issue::insert_all(connection, issues)?;
        import_job::update(connection, &row)?;
        Ok(())
    });
    let outcome = outcome
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    match (ended, outcome) {
        (Ok(()), Some((row, _))) => *job = row,
        (
            Err(Error::Expected {
                code: Code::ImportRejected,
                ..
            }),
            Some((row, issues)),
        ) => {
            *job = row.clone();
            bulk.transaction(move |connection| {
                import_issue::insert_all(connection, issues)?;
                Ok(import_job::update(connection, &row)?)
            })?;
        }
        (Err(error), _) => return Err(error),
        (Ok(()), None) => return Err(Error::internal("a merge without an outcome")),
    }
    Ok(())
}

fn batch(
    connection: &mut Connection,
    job: &mut JobRow,
    merge: &mut Merge,
    prepared: Prepared,
) -> Result<Merged, Error> {
    let batches = prepared.batches;
    let merged = merge.batch(connection, prepared)?;
    merged.effects.iter().for_each(|effect| job.count(*effect));
    job.rejected += merged.rejected;
    job.needs_person += merged.needs_person;
    job.merged_batches += batches;
    Ok(merged)
}

fn store(bulk: &mut Held, job: &JobRow) -> Result<(), Error> {
    let row = job.clone();
    bulk.transaction(move |connection| Ok(import_job::update(connection, &row)?))
}

fn fail(app: &App, bulk: &mut Held, job: JobRow, fault: &Fault) -> Result<JobRow, Error> {
    let words = Some(fault.to_string());
    match fault {
        // The registry's own trouble is not the file's: the job waits.
        Fault::Host { .. } => Err(Error::internal(fault)),
        Fault::Refused { code, message, .. } => {
            let (code, message) = (code.clone(), message.clone());
            end_badly(app, bulk, job, &code, Some(message))
        }
        // A server that stops: the job is begun again when it is started.
        Fault::Cancelled => Err(Error::from(Code::Unavailable)),
        _ => end_badly(app, bulk, job, fault.code().as_str(), words),
    }
}

/// Ends a job of which nothing was merged.
fn end_badly(
    app: &App,
    bulk: &mut Held,
    mut job: JobRow,
    code: &str,
    message: Option<String>,
) -> Result<JobRow, Error> {
    job.state = State::Failed.as_str().to_owned();
    job.forget_merging();
    job.error_code = Some(code.to_owned());
    job.error_message = message
        .or_else(|| Code::parse(code).map(|code| code.message(Language::English).to_owned()));
    finish(app, bulk, job)
}

/// Ends a job as somebody asked for. Nothing of it counts: an import of which some batches are merged is not
/// ended here but taken back, by undoing it, once it has stopped; that is where cancelling it would go on.
fn end_cancelled(app: &App, bulk: &mut Held, id: Id) -> Result<JobRow, Error> {
    let found = app
        .db
        .read_blocking(move |connection| Ok(import_job::find(connection, id)?))?;
    let mut job = found.ok_or_else(|| Error::from(Code::NotFound))?;
    bulk.no_way_back();
    let code = Code::ImportCancelled;
    job.state = State::Cancelled.as_str().to_owned();
    job.forget_merging();
    job.error_code = Some(code.as_str().to_owned());
    job.error_message = Some(code.message(Language::English).to_owned());
    finish(app, bulk, job)
}

/// Nothing of the file stays: neither its copy nor what was staged of it. Who shall hear of the end is told by
/// events that are stored with it.
fn finish(app: &App, bulk: &mut Held, mut job: JobRow) -> Result<JobRow, Error> {
    let now = app.clock.now();
    job.ended_at = Some(now);
    let row = job.clone();
    let webhooks = app.config.webhooks.clone();
    bulk.transaction(move |connection| {
        import_job::unstage(connection, row.id)?;
        webhook::announce(connection, &webhooks, Happened::Ended, &row, now)?;
        import_claim::remove(connection, row.id)?;
        Ok(import_job::update(connection, &row)?)
    })?;
    spool::remove(&app.config, job.id);
    // An adapter may have codes of its own, as many as it likes.
    let code = match job.error_code.as_deref() {
        None => "none",
        Some(code) => Code::parse(code).map_or("adapter-own", Code::as_str),
    };
    metrics::counter!("registry_imports_total",
        "adapter" => job.adapter.clone(), "state" => job.state.clone(), "code" => code)
    .increment(1);
    metrics::counter!("registry_import_records_total", "adapter" => job.adapter.clone())
        .increment(u64::try_from(job.records).unwrap_or(0));
    tracing::info!(job = %job.id, adapter = %job.adapter, state = %job.state, records = job.records,
        rejected = job.rejected, error = job.error_code.as_deref(), "import ended");
    Ok(job)
}

/// Counts the imports under way.
struct Gauge;

impl Gauge {
    fn begin() -> Self {
        metrics::gauge!("registry_imports_running").increment(1.0);
        Self
    }
}

impl Drop for Gauge {
    fn drop(&mut self) {
        metrics::gauge!("registry_imports_running").decrement(1.0);
    }
}
