//! Cancelling an import: nothing of it will count. Whoever cancels takes the job over from its runner, on
//! whatever server, and ends it; a runner in the middle of a step is asked, and ends it itself.

use super::claim::{self, Claimant};
use super::queue::Queue;
use super::run::{Silent, run_claimed};
use super::see::{self, Seen};
use crate::access::{Caller, Right};
use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use crate::model::import_job::{self, JobRow, State};
use schema::Code;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// How long an answer waits for a runner that is in the middle of a step.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it is looked whether the runner has ended the job.
const LOOK: Duration = Duration::from_millis(50);

/// Cancels an import: a body or a person what they see, a steward any. Answers it cancelled; where its runner
/// does not come to the end of a step, as it stands, and it ends as soon as it does.
///
/// An import of which some batches are merged already, and count, is not cancelled: it goes to its end and is
/// undone then.
///
/// # Errors
/// [`Code::Unauthenticated`] for nobody; [`Code::NotFound`] where the caller may not see it;
/// [`Code::StateConflict`] where it has ended, or is being merged batch by batch.
#[tracing::instrument(target = "registry::trace", name = "import::cancel", skip_all)]
pub async fn cancel(
    app: &Arc<App>,
    queue: Option<&Arc<Queue>>,
    caller: &Caller,
    id: Id,
) -> Result<Seen, Error> {
    if caller.identity.is_none() {
        return Err(Error::from(Code::Unauthenticated));
    }
    let seen = see::see(app, caller, id).await?;
    let seen = seen.ok_or_else(|| Error::from(Code::NotFound))?;
    // Who sees it pushed it, or it holds their own results; or looks after all.
    if !(seen.own || caller.may(Right::CancelImports)) {
        return Err(Error::from(Code::Forbidden));
    }
    let (app, queue) = (app.clone(), queue.cloned());
    let span = tracing::Span::current();
    let ended = tokio::task::spawn_blocking(move || {
        let _span = span.entered();
        to_its_end(&app, queue.as_deref(), id)
    });
    let job = ended.await.map_err(Error::internal)??;
    Ok(Seen { job, ..seen })
}

fn to_its_end(app: &App, queue: Option<&Queue>, id: Id) -> Result<JobRow, Error> {
    let claimant = Claimant::of(&app.config)?;
    let until = Instant::now() + PATIENCE;
    let mut asked = false;
    loop {
        let found = app
            .db
            .read_blocking(move |connection| Ok(import_job::find(connection, id)?))?;
        let job = found.ok_or_else(|| Error::from(Code::NotFound))?;
        if asked && job.state() == State::Cancelled {
            return Ok(job);
        }
        possible(&job)?;
        let signal = queue.and_then(|queue| queue.signal(id));
        // What one transaction merges may hold the only writer that there is.
        if let Some(signal) = signal.as_ref().filter(|_| job.at_once()) {
            signal.cancel();
        }
        let by = claimant.clone();
        let taken = app.db.write_blocking(move |connection| {
            let Some(job) = import_job::lock(connection, id)? else {
                return Ok(None);
            };
            if job.state() == State::Cancelled {
                return Ok(None);
            }
            possible(&job)?;
            claim::to_cancel(connection, &by, job)
        })?;
        asked = true;
        if let Some(claimed) = taken {
            if let Some(signal) = signal {
                signal.stop();
            }
            let never = AtomicBool::new(false);
            match run_claimed(app, claimed, &Silent, &never, &Arc::default(), None) {
                Err(error) if error.code() == Code::StateConflict => {}
                ended => {
                    if let Some(queue) = queue {
                        queue.follow().news();
                    }
                    return ended;
                }
            }
        }
        if Instant::now() >= until {
            return Ok(job);
        }
        std::thread::sleep(LOOK);
    }
}

/// Whether an import can be cancelled as it stands.
fn possible(job: &JobRow) -> Result<(), Error> {
    match job.state() {
        State::Queued | State::Reading => Ok(()),
        State::Merging if job.at_once() && !job.merged() => Ok(()),
        State::Merging => Err(Error::with(
            Code::StateConflict,
            "Some of this import counts already. Wait until it has ended, and undo it then.",
        )),
        _ => Err(Error::with(
            Code::StateConflict,
            "This import has ended: there is nothing left to cancel.",
        )),
    }
}
