//! The sign of life of a job that runs: a thread beside it renews the claim, and hears whether the claim was
//! lost, the job shall end, or the server stops. It writes over connections of its own, so that no step of the
//! job, however long, keeps it waiting.

use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use crate::model::import_claim;
use chrono::TimeDelta;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How often a wish to stop is looked at.
const STOP: Duration = Duration::from_millis(100);
/// How often the claim is looked at, between the times at which it is renewed.
const LOOK: Duration = Duration::from_secs(1);

/// What a job that runs is told.
#[derive(Default)]
pub(super) struct Signal {
    halt: AtomicBool,
    cancelled: AtomicBool,
}

impl Signal {
    /// It shall stop where it is; the rest goes on elsewhere, or later.
    pub(super) fn stop(&self) {
        self.halt.store(true, Ordering::Relaxed);
    }

    /// It shall end.
    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
        self.stop();
    }

    /// Whether it shall stop or end.
    pub(super) fn halted(&self) -> bool {
        self.halt.load(Ordering::Relaxed)
    }

    /// Whether it shall end.
    pub(super) fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// What an adapter's run looks at.
    pub(super) fn flag(&self) -> &AtomicBool {
        &self.halt
    }
}

/// A claim that is kept.
pub(super) struct Kept<'a> {
    pub(super) app: &'a App,
    pub(super) job: Id,
    pub(super) token: Id,
    pub(super) lease: Duration,
    /// Set when the server stops.
    pub(super) stop: &'a AtomicBool,
    pub(super) signal: &'a Signal,
}

impl Kept<'_> {
    /// Does the work while the claim is kept.
    ///
    /// # Errors
    /// What `work` answers; [`Error`] where no thread can be started.
    pub(super) fn during<T>(&self, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        let (working, over) = channel::<()>();
        std::thread::scope(move |scope| {
            // Dropped however the work ends.
            let _working = working;
            std::thread::Builder::new()
                .name("import-claim".to_owned())
                .spawn_scoped(scope, move || self.keep(&over))
                .map_err(Error::internal)?;
            work()
        })
    }

    fn keep(&self, over: &Receiver<()>) {
        let (mut renewed, mut looked) = (Instant::now(), Instant::now());
        let often = self.lease / 3;
        while over.recv_timeout(STOP.min(often)) == Err(RecvTimeoutError::Timeout) {
            if self.stop.load(Ordering::Relaxed) {
                self.signal.stop();
            }
            let renews = renewed.elapsed() >= often;
            if !renews && looked.elapsed() < LOOK {
                continue;
            }
            looked = Instant::now();
            // A database that does not answer now is asked again; what the job does needs it too.
            match if renews { self.renew() } else { self.look() } {
                Ok(None) => self.signal.stop(),
                Ok(Some(true)) => self.signal.cancel(),
                Ok(Some(false)) if renews => renewed = looked,
                Ok(Some(false)) | Err(_) => {}
            }
        }
    }

    /// Whether the claim holds, and then whether the job shall end.
    fn look(&self) -> Result<Option<bool>, Error> {
        let (job, token) = (self.job, self.token);
        self.app
            .db
            .read_blocking(move |connection| Ok(import_claim::look(connection, job, token)?))
    }

    fn renew(&self) -> Result<Option<bool>, Error> {
        let (job, token) = (self.job, self.token);
        let lease = TimeDelta::from_std(self.lease).unwrap_or(TimeDelta::MAX);
        self.app.db.write_blocking(move |connection| {
            let until = connection.clock()? + lease;
            import_claim::runs_out(connection, job, token, until)?;
            Ok(import_claim::look(connection, job, token)?)
        })
    }
}
