//! Imports that a running server takes back: a thread of its own, which tries again where the database failed it.

use super::take_back;
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::import_job;
use schema::Code;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How long is waited where the database does not answer, at first and at the most.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// An import to take back, and who hears when that has ended: what they were given is dropped.
type Asked = (Id, Option<oneshot::Sender<()>>);

/// The imports that are taken back, one after the other.
pub struct Undos {
    asked: crossbeam_channel::Sender<Asked>,
    stop: Arc<AtomicBool>,
}

impl Undos {
    /// Starts, with those that anybody began to take back.
    ///
    /// # Errors
    /// [`Error`] where these cannot be read, or no thread can be started.
    pub fn start(app: &Arc<App>) -> Result<Self, Error> {
        let (asked, waiting) = crossbeam_channel::unbounded::<Asked>();
        let stop = Arc::new(AtomicBool::new(false));
        let undoing = |connection: &mut Connection| Ok(import_job::undoing(connection)?);
        for id in app.db.read_blocking(undoing)? {
            tracing::info!(job = %id, "an import goes on being taken back");
            let _ = asked.send((id, None));
        }
        let (app, stopped) = (app.clone(), stop.clone());
        let body = move || {
            while let Ok((id, ended)) = waiting.recv() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                // A fault in one must not take the thread from all others.
                let whole = || to_its_end(&app, id, &stopped);
                if catch_unwind(AssertUnwindSafe(whole)).is_err() {
                    let _ = Error::internal(format_args!("taking import {id} back panicked"));
                }
                drop(ended);
            }
        };
        std::thread::Builder::new()
            .name("import-undo".to_owned())
            .spawn(body)
            .map_err(Error::internal)?;
        Ok(Self { asked, stop })
    }

    /// Takes an import back that is marked so. The receiver hears when that has ended.
    pub fn take_back(&self, id: Id) -> oneshot::Receiver<()> {
        let (ended, hear) = oneshot::channel();
        let _ = self.asked.send((id, Some(ended)));
        hear
    }

    /// Stops where it is: what is left goes on at the next start.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Drop for Undos {
    fn drop(&mut self) {
        self.stop();
    }
}

fn to_its_end(app: &App, id: Id, stop: &AtomicBool) {
    let mut wait = FIRST_WAIT;
    while !stop.load(Ordering::Relaxed) {
        match take_back(app, id, &(), stop) {
            Err(error) if [Code::Unavailable, Code::DiskFull].contains(&error.code()) => {
                tracing::warn!(job = %id, code = %error.code(), "taking an import back waits and is tried again");
                let until = Instant::now() + wait;
                while Instant::now() < until && !stop.load(Ordering::Relaxed) {
                    std::thread::sleep(wait.min(Duration::from_millis(100)));
                }
                wait = (wait * 2).min(LONGEST_WAIT);
            }
            // What could not be finished otherwise is logged where it failed, and goes on at the next start.
            _ => return,
        }
    }
}
