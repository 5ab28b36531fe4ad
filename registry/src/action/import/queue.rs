//! The imports of a running server: it looks for jobs that wait, in its database, and runs so many at once. Jobs
//! of its own pushes it hears of at once, others' within seconds.

use super::beat::Signal;
use super::claim::{self, Claimant, Claimed};
use super::follow::Follow;
use super::read;
use super::run::run_claimed;
use super::spool;
use super::submit::{Push, Submitted, submit};
use super::undo::Undos;
use crate::adapter::Fault;
use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use crate::model::import_claim::{self, Looking};
use crate::model::import_job::{self, JobRow, State};
use crate::telemetry::{self, Place};
use chrono::TimeDelta;
use schema::Code;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Makes a job of a push and hands it to the running server; answers the job as it stands. Blocks.
///
/// # Errors
/// [`Code::AdapterNotFound`] where no such adapter is to be had; else as [`submit`].
pub fn enqueue(app: &App, queue: &Queue, push: &Push) -> Result<JobRow, Error> {
    if let Err(fault) = app
        .adapters
        .find(&read::options(&app.config), &push.adapter)
    {
        spool::remove(&app.config, push.file.job);
        return Err(match fault {
            Fault::Host { .. } => Error::internal(fault),
            // Where the libraries lie is nobody's business outside.
            Fault::NotFound { .. } => Error::from(Code::AdapterNotFound),
            _ => Error::from(fault.code()),
        });
    }
    match submit(app, push) {
        Ok(submitted) => {
            if let Submitted::New(job) | Submitted::Resumed(job) = &submitted {
                queue.add(job.id);
            }
            Ok(submitted.job())
        }
        Err(error) => {
            if error.code() == Code::Unavailable {
                // The job may be stored all the same: the answer of a commit can be lost. Whether it is will
                // be seen when the database is back.
                queue.doubt(push.file.job);
            }
            Err(error)
        }
    }
}

/// How often the database is asked for jobs that other servers took in, or left.
const OFTEN: Duration = Duration::from_secs(2);
/// How often the spool is swept.
const SWEEP: Duration = Duration::from_secs(30);
/// How long a job waits that the registry could not go on with, and how long at the most. So does the queue
/// itself where the database does not answer.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(15);
/// How long a stop waits for jobs to stop where they are, so that others can go on with them at once.
const STOPPED_WITHIN: Duration = Duration::from_secs(2);
/// Of how many pushes the place in their traces is remembered at the most.
const PLACES: usize = 10_000;
/// Whose last turn is longer ago is served as one who had none.
const TURNS: TimeDelta = TimeDelta::days(1);

/// The imports of a running server.
pub struct Queue(Arc<Running>);

struct Running {
    app: Arc<App>,
    claimant: Claimant,
    follow: Arc<Follow>,
    now: Mutex<Now>,
    wake: Condvar,
    stop: AtomicBool,
    waiting: AtomicUsize,
    undos: Undos,
}

#[derive(Default)]
struct Now {
    running: HashMap<Id, Arc<Signal>>,
    /// Jobs that this server could not go on with.
    resting: HashMap<Id, Rest>,
    /// Pushes of which nobody knows whether they are stored: the answer was lost.
    doubted: Vec<Id>,
    places: HashMap<Id, Place>,
    /// Whether there is reason to look at once.
    news: bool,
    /// When the spool was swept.
    swept: Option<Instant>,
}

struct Rest {
    wait: Duration,
    /// None: until the server is started again.
    until: Option<Instant>,
}

impl Queue {
    /// Starts to run what waits, the server's own unfinished jobs among it. What lies in the spool without a job
    /// is dropped.
    ///
    /// # Errors
    /// [`Error`] where the spool cannot be compared with the database.
    pub fn start(app: &Arc<App>) -> Result<Self, Error> {
        let running = Arc::new(Running {
            claimant: Claimant::of(&app.config)?,
            follow: Follow::start(app)?,
            app: app.clone(),
            now: Mutex::default(),
            wake: Condvar::new(),
            stop: AtomicBool::new(false),
            waiting: AtomicUsize::new(0),
            undos: Undos::start(app)?,
        });
        spool::sweep(app)?;
        running.lock().swept = Some(Instant::now());
        let serving = running.clone();
        std::thread::Builder::new()
            .name("import-queue".to_owned())
            .spawn(move || serving.serve())
            .map_err(Error::internal)?;
        Ok(Self(running))
    }

    /// A job of this server's own push waits.
    fn add(&self, id: Id) {
        let mut now = self.0.lock();
        if let Some(place) = telemetry::here() {
            // Another server may have run some of them.
            if now.places.len() >= PLACES {
                now.places.clear();
            }
            now.places.insert(id, place);
        }
        now.news = true;
        drop(now);
        self.0.wake.notify_all();
    }

    /// A push may have become a job, or not.
    fn doubt(&self, id: Id) {
        self.0.lock().doubted.push(id);
        self.add(id);
    }

    /// Takes imports back that are marked so.
    #[must_use]
    pub fn undos(&self) -> &Undos {
        &self.0.undos
    }

    /// What a job that runs here is told; none where it does not.
    pub(super) fn signal(&self, id: Id) -> Option<Arc<Signal>> {
        self.0.lock().running.get(&id).cloned()
    }

    /// What tells of changes to jobs.
    #[must_use]
    pub fn follow(&self) -> &Follow {
        &self.0.follow
    }

    /// How many jobs waited for somebody when this server last looked, of those that it can run.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.0.waiting.load(Ordering::Relaxed)
    }

    /// Ends what runs, and waits shortly for it: a job that is being read is begun again, by this server when it
    /// is started or by another, one that is being merged is gone on with.
    pub fn stop(&self) {
        self.halt();
        let until = Instant::now() + STOPPED_WITHIN;
        let mut now = self.0.lock();
        while !now.running.is_empty() && Instant::now() < until {
            let left = until.saturating_duration_since(Instant::now());
            let woken = self.0.wake.wait_timeout(now, left);
            now = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn halt(&self) {
        self.0.stop.store(true, Ordering::Relaxed);
        self.0.wake.notify_all();
        self.0.follow.stop();
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.halt();
    }
}

impl Running {
    fn lock(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn serve(self: Arc<Self>) {
        let mut trouble = FIRST_WAIT;
        while !self.stopped() {
            let wait = match self.look() {
                Ok(()) => {
                    trouble = FIRST_WAIT;
                    self.until_next()
                }
                // What failed is in the log.
                Err(_) => {
                    trouble = (trouble * 2).min(LONGEST_WAIT);
                    trouble
                }
            };
            let woken = self
                .wake
                .wait_timeout_while(self.lock(), wait, |now| !now.news && !self.stopped());
            woken.unwrap_or_else(PoisonError::into_inner).0.news = false;
        }
    }

    /// How long nothing has to be done.
    fn until_next(&self) -> Duration {
        let now = self.lock();
        let ends = now.resting.values().filter_map(|rest| rest.until);
        let next = ends
            .min()
            .map_or(OFTEN, |end| end.saturating_duration_since(Instant::now()));
        next.clamp(Duration::from_millis(10), OFTEN)
    }

    /// Begins what can be begun.
    fn look(self: &Arc<Self>) -> Result<(), Error> {
        self.clear_up()?;
        while self.lock().running.len() < self.app.config.server.imports_at_once.max(1)
            && !self.stopped()
        {
            let but = {
                let now = self.lock();
                let rests = |rest: &Rest| rest.until.is_none_or(|until| until > Instant::now());
                let resting = now.resting.iter().filter(|(_, rest)| rests(rest));
                let resting = resting.map(|(id, _)| *id);
                now.running.keys().copied().chain(resting).collect()
            };
            match claim::next(&self.app, &self.claimant, but)? {
                Some(claimed) => self.begin(claimed)?,
                None => break,
            }
        }
        let looking = Looking {
            server: self.claimant.server.clone(),
            spool: self.claimant.spool.clone(),
            but: self.lock().running.keys().copied().collect(),
        };
        let waiting = self.app.db.read_blocking(move |connection| {
            Ok(import_claim::count_waiting(connection, &looking)?)
        })?;
        let waiting = usize::try_from(waiting).unwrap_or_default();
        self.waiting.store(waiting, Ordering::Relaxed);
        Ok(())
    }

    /// Runs a job on a thread of its own.
    fn begin(self: &Arc<Self>, claimed: Claimed) -> Result<(), Error> {
        let (id, token) = (claimed.job.id, claimed.token);
        if claimed.job.state() != State::Queued {
            tracing::info!(job = %id, state = %claimed.job.state, "an import goes on");
        }
        let signal: Arc<Signal> = Arc::default();
        let from = {
            let mut now = self.lock();
            now.running.insert(id, signal.clone());
            now.places.remove(&id)
        };
        let running = self.clone();
        let body = move || {
            let Running {
                app, follow, stop, ..
            } = &*running;
            // A fault in one import must not take anything from the others.
            let run = || run_claimed(app, claimed, &**follow, stop, &signal, from);
            let ended = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
                claim::release(app, id, token);
                Err(Error::internal(format_args!("import {id} panicked")))
            });
            running.ended(id, ended);
        };
        let started = std::thread::Builder::new()
            .name("import".to_owned())
            .spawn(body);
        started.map(drop).map_err(|error| {
            self.lock().running.remove(&id);
            claim::release(&self.app, id, token);
            Error::internal(error)
        })
    }

    fn ended(&self, id: Id, ended: Result<JobRow, Error>) {
        self.follow.news();
        let mut now = self.lock();
        now.running.remove(&id);
        let last = now.resting.remove(&id).map(|rest| rest.wait);
        if let Err(error) = ended {
            let wait = last.map_or(FIRST_WAIT, |wait| (wait * 2).min(LONGEST_WAIT));
            let until = match error.code() {
                Code::Unavailable | Code::DiskFull | Code::StateConflict => {
                    tracing::warn!(job = %id, code = %error.code(), "an import waits and is tried again");
                    Some(Instant::now() + wait)
                }
                // It is logged where it failed.
                _ => None,
            };
            now.resting.insert(id, Rest { wait, until });
            // It may have ended all the same, and its file be left.
            now.swept = None;
        }
        now.news = true;
        drop(now);
        self.wake.notify_all();
    }

    /// Drops files that belong to no job any more, and what is remembered for no reason.
    fn clear_up(&self) -> Result<(), Error> {
        let doubted = std::mem::take(&mut self.lock().doubted);
        for (place, id) in doubted.iter().copied().enumerate() {
            let found = self
                .app
                .db
                .read_blocking(move |connection| Ok(import_job::find(connection, id)?));
            match found {
                Ok(Some(_)) => {}
                Ok(None) => spool::remove(&self.app.config, id),
                Err(error) => {
                    let left = doubted.get(place..).unwrap_or_default();
                    self.lock().doubted.extend_from_slice(left);
                    return Err(error);
                }
            }
        }
        let due = self.lock().swept.is_none_or(|last| last.elapsed() >= SWEEP);
        if due {
            spool::sweep(&self.app)?;
            self.app.db.write_blocking(|connection| {
                let before = connection.clock()? - TURNS;
                Ok(import_claim::forget_turns(connection, before)?)
            })?;
            let mut now = self.lock();
            now.swept = Some(Instant::now());
            // Others may have run them.
            let recent = |rest: &Rest| rest.until.is_none_or(|until| until.elapsed() < SWEEP);
            now.resting.retain(|_, rest| recent(rest));
        }
        Ok(())
    }
}
