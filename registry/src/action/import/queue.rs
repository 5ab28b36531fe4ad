//! The jobs of a running server: what waits, what runs, and what is tried again.

use super::follow::Follow;
use super::read;
use super::run::run_in;
use super::spool;
use super::submit::{Push, Submitted, submit};
use super::undo;
use crate::adapter::Fault;
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::import_job::{self, JobRow};
use crate::telemetry::{self, Place};
use schema::Code;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Makes a job of a push and hands it to the running server; answers the job as it stands. Blocks.
///
/// # Errors
/// [`Code::AdapterNotFound`] where no such adapter is to be had; else as [`submit`].
pub fn enqueue(app: &App, queue: &Queue, push: &Push) -> Result<JobRow, Error> {
    if let Err(fault) = crate::adapter::find(&read::options(&app.config), &push.adapter) {
        spool::remove(&app.config.data_dir, push.file.job);
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
                queue.add(job.id, Work::Run);
            }
            Ok(submitted.job())
        }
        Err(error) => {
            if error.code() == Code::Unavailable {
                // The job may be stored all the same: the answer of a commit can be lost. Whether it is will
                // be seen when the database is back.
                queue.add(push.file.job, Work::Run);
            }
            Err(error)
        }
    }
}

/// How long a job waits that the registry could not go on with, and how long at the most.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// What is done with a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Work {
    /// It is run to its end.
    Run,
    /// It is taken back.
    TakeBack,
}

/// A job that waits.
struct Job {
    id: Id,
    work: Work,
    /// The trace in which it was handed in.
    from: Option<Place>,
    /// Dropped when it has ended, which whoever waits hears.
    ended: Option<oneshot::Sender<()>>,
}

/// The jobs of a running server: a fixed number of threads that take them in order.
pub struct Queue {
    jobs: crossbeam_channel::Sender<Job>,
    /// Jobs that wait or run, so that none is run twice.
    taken: Arc<Mutex<HashSet<(Id, Work)>>>,
    stop: Arc<AtomicBool>,
    follow: Arc<Follow>,
}

impl Queue {
    /// Starts the threads, and puts this server's own unfinished jobs first, and those that anybody began to take
    /// back. What lies in the spool without a job is dropped.
    ///
    /// # Errors
    /// [`Error`] where the unfinished jobs cannot be read.
    pub fn start(app: &Arc<App>) -> Result<Self, Error> {
        let (jobs, waiting) = crossbeam_channel::unbounded::<Job>();
        let taken: Arc<Mutex<HashSet<(Id, Work)>>> = Arc::default();
        let stop = Arc::new(AtomicBool::new(false));
        let follow = Follow::start(app)?;
        for number in 0..app.config.server.imports_at_once.max(1) {
            let (app, waiting, taken, stop) =
                (app.clone(), waiting.clone(), taken.clone(), stop.clone());
            let follow = follow.clone();
            let body = move || {
                while let Ok(job) = waiting.recv() {
                    let (id, work) = (job.id, job.work);
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    // A fault in one import must not take the thread from all others.
                    let run = || to_its_end(&app, (id, work), &follow, &stop, job.from.as_ref());
                    if catch_unwind(AssertUnwindSafe(run)).is_err() {
                        let _ = Error::internal(format_args!("import {id} panicked"));
                    }
                    follow.news();
                    taken
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .remove(&(id, work));
                    drop(job.ended);
                }
            };
            std::thread::Builder::new()
                .name(format!("import-{number}"))
                .spawn(body)
                .map_err(Error::internal)?;
        }
        let queue = Self {
            jobs,
            taken,
            stop,
            follow,
        };
        spool::sweep(app)?;
        let server = spool::server_name(&app.config.data_dir)?;
        for job in app
            .db
            .read_blocking(move |connection| Ok(import_job::unfinished(connection, &server)?))?
        {
            tracing::info!(job = %job.id, "an import goes on");
            queue.add(job.id, Work::Run);
        }
        let undoing = |connection: &mut Connection| Ok(import_job::undoing(connection)?);
        for id in app.db.read_blocking(undoing)? {
            tracing::info!(job = %id, "an import goes on being taken back");
            drop(queue.take_back(id));
        }
        Ok(queue)
    }

    /// Adds a job, unless it is here already.
    fn add(&self, id: Id, work: Work) {
        self.send(id, work, None);
    }

    fn send(&self, id: Id, work: Work, ended: Option<oneshot::Sender<()>>) {
        let new = self
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((id, work));
        if new {
            let from = telemetry::here();
            let _ = self.jobs.send(Job {
                id,
                work,
                from,
                ended,
            });
        }
    }

    /// Takes a job back that is marked so. The receiver hears when that has ended, or at once where somebody waits
    /// for it already.
    pub fn take_back(&self, id: Id) -> oneshot::Receiver<()> {
        let (ended, hear) = oneshot::channel();
        self.send(id, Work::TakeBack, Some(ended));
        hear
    }

    /// What tells of changes to jobs.
    #[must_use]
    pub fn follow(&self) -> &Follow {
        &self.follow
    }

    /// How many jobs wait for a thread.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.jobs.len()
    }

    /// Ends the threads: a job that is being read is begun again at the next start, one that is being merged
    /// goes on there.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.follow.stop();
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.follow.stop();
    }
}

/// Runs a job as it stands in the database, and again where the database or the disk failed it. What a
/// commit did whose answer was lost is seen there, so that nothing is done twice.
fn to_its_end(
    app: &App,
    (id, work): (Id, Work),
    follow: &Follow,
    stop: &AtomicBool,
    from: Option<&Place>,
) {
    let mut wait = FIRST_WAIT;
    while !stop.load(Ordering::Relaxed) {
        let found = app
            .db
            .read_blocking(move |connection| Ok(import_job::find(connection, id)?));
        let ended = match found {
            Ok(Some(_)) if work == Work::TakeBack => undo::take_back(app, id, &(), stop).map(drop),
            Ok(Some(job)) if !job.state().ended() => {
                run_in(app, job, follow, stop, from.cloned()).map(drop)
            }
            // Ended, or never stored: nothing of it stays.
            Ok(_) => {
                spool::remove(&app.config.data_dir, id);
                Ok(())
            }
            Err(error) => Err(error),
        };
        match ended {
            // Another process on this data directory may have the job: it is looked at again until it ended.
            Err(error)
                if [Code::Unavailable, Code::DiskFull, Code::StateConflict]
                    .contains(&error.code()) =>
            {
                tracing::warn!(job = %id, code = %error.code(), "an import waits and is tried again");
                pause(wait, stop);
                wait = (wait * 2).min(LONGEST_WAIT);
            }
            // A job that the registry could not finish otherwise is logged where it failed, and goes on when
            // the server is started again.
            _ => return,
        }
    }
}

/// Waits, unless the server stops.
fn pause(wait: Duration, stop: &AtomicBool) {
    let until = Instant::now() + wait;
    while Instant::now() < until && !stop.load(Ordering::Relaxed) {
        std::thread::sleep(wait.min(Duration::from_millis(100)));
    }
}
