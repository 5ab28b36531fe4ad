//! From a spooled file to a job. The same key with the same content is the same job; an import that was
//! killed is found again by its content.

use super::claim::First;
use super::origin::Origin;
use super::quota;
use super::run::{Progress, run, run_claimed};
use super::spool::{self, Spooled};
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::import_job::{self, JobRow, State};
use crate::model::quarantine_waiver;
use schema::Code;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// What becomes of an import of which some records are rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Mode {
    /// The good ones count.
    #[default]
    Partial,
    /// None counts.
    Atomic,
}

impl Mode {
    /// The mode's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Partial => "partial",
            Self::Atomic => "atomic",
        }
    }

    /// The mode of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Partial, Self::Atomic]
            .into_iter()
            .find(|mode| mode.as_str().eq_ignore_ascii_case(text))
    }
}

/// A push.
#[derive(Debug, Clone)]
pub struct Push {
    /// Who pushes; see `Caller::pushing_key`.
    pub caller: String,
    /// Whose word it is.
    pub origin: Origin,
    /// The adapter.
    pub adapter: String,
    /// What becomes of it where records are rejected.
    pub mode: Mode,
    /// Whether nothing shall be changed.
    pub dry_run: bool,
    /// Whether the pusher says that the file is right as it is, however wrong it looks as a whole.
    pub despite_quarantine: bool,
    /// The caller's own key for this push.
    pub idempotency_key: Option<String>,
    /// The file.
    pub file: Spooled,
}

/// What became of a push.
#[derive(Debug, Clone)]
pub enum Submitted {
    /// A new job, to be run.
    New(JobRow),
    /// A job that was there already and has not ended: to be run on.
    Resumed(JobRow),
    /// A job that was there already.
    Known(JobRow),
}

impl Submitted {
    /// The job.
    #[must_use]
    pub fn job(self) -> JobRow {
        match self {
            Self::New(job) | Self::Resumed(job) | Self::Known(job) => job,
        }
    }
}

/// The longest idempotency key.
const LONGEST_KEY: usize = 255;

/// Makes a job of a push. For a job that is known the new copy of the file is dropped. It is kept where the
/// database did not answer, since the job may be stored all the same; [`spool::sweep`] finds out.
///
/// # Errors
/// [`Code::IdempotencyConflict`] where the key was used with other content; [`Code::InputInvalid`] for a
/// key that cannot be one; [`Error::Quota`] where a quota of the body is used up.
pub fn submit(app: &App, push: &Push) -> Result<Submitted, Error> {
    kept(app, push, place(app, push, |_, _| Ok(())))
}

/// Makes a job of a push and runs it to its end, in this process: nobody else gets to claim it first. One that
/// was there and is run elsewhere is waited for.
///
/// # Errors
/// As [`submit`] and [`run`].
pub fn carry_out(
    app: &App,
    push: &Push,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<JobRow, Error> {
    let first = First::of(&app.config, push.file.job)?;
    let id = push.file.job;
    let (id, mut ended) = match kept(app, push, place(app, push, first.storing()))? {
        Submitted::Known(job) => return Ok(job),
        Submitted::Resumed(job) => (job.id, run(app, job.id, progress, stop)),
        Submitted::New(job) => {
            let claimed = first.stored(job);
            let ended = run_claimed(app, claimed, progress, stop, &Arc::default(), None);
            (id, ended)
        }
    };
    while let Err(error) = &ended
        && error.code() == Code::StateConflict
    {
        std::thread::sleep(ELSEWHERE);
        let found = app
            .db
            .read_blocking(move |connection| Ok(import_job::find(connection, id)?))?;
        let job = found.ok_or_else(|| Error::from(Code::NotFound))?;
        progress.reading(&job);
        ended = run(app, id, progress, stop);
    }
    ended
}

/// How often a job is looked at that is run elsewhere.
const ELSEWHERE: Duration = Duration::from_millis(500);

/// Keeps the file of a push only where it is a job's.
fn kept(app: &App, push: &Push, submitted: Result<Submitted, Error>) -> Result<Submitted, Error> {
    match &submitted {
        Ok(Submitted::New(_)) => {}
        Err(error) if error.code() == Code::Unavailable => {}
        _ => spool::remove(&app.config, push.file.job),
    }
    submitted
}

fn place(
    app: &App,
    push: &Push,
    with_job: impl FnOnce(&mut Connection, &JobRow) -> Result<(), Error> + Send + 'static,
) -> Result<Submitted, Error> {
    if let Some(key) = &push.idempotency_key
        && (key.is_empty()
            || key.len() > LONGEST_KEY
            || !key.bytes().all(|byte| (0x20..0x7f).contains(&byte)))
    {
        return Err(Error::with(
            Code::InputInvalid,
            format!("An idempotency key has 1 to {LONGEST_KEY} printable ASCII characters."),
        ));
    }
    let spool = spool::spool_name(&app.config)?;
    let job = new_job(app, push, spool.clone());
    let config = app.config.clone();
    let (despite, limits, bytes) = (
        push.despite_quarantine,
        app.config.limits.clone(),
        push.file.length,
    );
    app.db.write_blocking(move |connection| {
        if let Some(key) = &job.idempotency_key
            && let Some(known) = import_job::find_by_key(connection, &job.caller, key)?
        {
            let despite_too = quarantine_waiver::exists(connection, known.id)? == despite;
            return if same(&known, &job) && despite_too {
                // One in another spool goes on there, with its file.
                let ours = known.server.as_deref() == Some(spool.as_str());
                Ok(if ours && !known.state().ended() {
                    Submitted::Resumed(known)
                } else {
                    Submitted::Known(known)
                })
            } else {
                Err(Error::from(Code::IdempotencyConflict))
            };
        }
        // Only a job whose spooled file is still here can go on.
        let waiting = import_job::unfinished(connection, &spool)?;
        let killed = waiting.into_iter().filter(|killed| {
            killed.idempotency_key == job.idempotency_key
                && same(killed, &job)
                && spool::path(&config, killed.id).exists()
        });
        for killed in killed {
            if quarantine_waiver::exists(connection, killed.id)? == despite {
                return Ok(Submitted::Resumed(killed));
            }
        }
        if let Some(body) = job.awarding_body.as_deref()
            && job.caller != quota::OPERATOR
        {
            quota::check(connection, &limits, body, bytes, job.received_at)?;
        }
        import_job::insert(connection, &job)?;
        if despite {
            quarantine_waiver::insert(connection, job.id, &job.caller, job.received_at)?;
        }
        with_job(connection, &job)?;
        Ok(Submitted::New(job))
    })
}

fn same(known: &JobRow, job: &JobRow) -> bool {
    known.digest == job.digest
        && known.adapter == job.adapter
        && known.submitter == job.submitter
        && known.mode == job.mode
        && known.dry_run == job.dry_run
        && known.caller == job.caller
}

fn new_job(app: &App, push: &Push, spool: String) -> JobRow {
    let Push {
        adapter, origin, ..
    } = push;
    let (awarding_body, learner_id): (Option<String>, Option<Id>) = match origin {
        Origin::Body(body) => (Some(body.to_string()), None),
        Origin::Operator => (None, None),
        Origin::Learner(id) => (None, Some(*id)),
    };
    JobRow {
        id: push.file.job,
        caller: push.caller.clone(),
        submitter: origin.submitter(adapter, &app.config),
        adapter: adapter.clone(),
        awarding_body,
        learner_id,
        kind: origin.kind(adapter, &app.config).as_str().to_owned(),
        standing: origin.standing(adapter, &app.config).as_str().to_owned(),
        mode: push.mode.as_str().to_owned(),
        dry_run: push.dry_run,
        digest: push.file.digest.clone(),
        idempotency_key: push.idempotency_key.clone(),
        state: State::Queued.as_str().to_owned(),
        server: Some(spool),
        bytes_read: 0,
        bytes_total: i64::try_from(push.file.length).ok(),
        records: 0,
        created: 0,
        updated: 0,
        promoted: 0,
        withdrawn: 0,
        reinstated: 0,
        unchanged: 0,
        rejected: 0,
        needs_person: 0,
        issues: 0,
        merged_batches: 0,
        error_code: None,
        error_message: None,
        received_at: app.clock.now(),
        started_at: None,
        ended_at: None,
    }
}
