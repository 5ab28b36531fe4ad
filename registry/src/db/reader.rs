//! Reading threads: each owns a connection and takes closures from one channel. One hop a query, no
//! checkout, statements stay prepared. Measured against a pool with `spawn_blocking`: half as much again.

use super::connection::{Connection, Purpose};
use super::hearing::Hearing;
use crate::error::Error;
use crate::telemetry::Hop;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use schema::Code;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::oneshot;

/// How many closures may wait before callers are told to come back.
const QUEUE: usize = 1024;

/// What a reading thread is handed. The answer says whether the connection may be used again.
type Work = Box<dyn FnOnce(&mut Connection) -> bool + Send>;

#[derive(Clone)]
pub(super) struct Readers {
    queue: Sender<Work>,
}

impl Readers {
    pub(super) fn start(url: &str, count: usize, hearing: &Hearing) -> Result<Self, Error> {
        let (queue, work) = bounded(QUEUE);
        let losses = Arc::new(AtomicU64::new(0));
        for number in 0..count {
            let mut connection = Connection::open(url, Purpose::Read)?;
            connection.heard_by(hearing);
            let (url, work) = (url.to_owned(), work.clone());
            let (hearing, losses) = (hearing.clone(), losses.clone());
            std::thread::Builder::new()
                .name(format!("db-read-{number}"))
                .spawn(move || serve(&url, connection, &work, &hearing, &losses))
                .map_err(Error::internal)?;
        }
        Ok(Self { queue })
    }

    /// How many closures wait.
    pub(super) fn waiting(&self) -> usize {
        self.queue.len()
    }

    pub(super) fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, Error>>, Error> {
        let (answer, receiver) = oneshot::channel();
        let hop = Hop::ask("read");
        let work: Work = Box::new(move |connection| {
            // One who gave up waiting, or went away, needs no answer any more.
            if answer.is_closed() {
                return true;
            }
            let result = hop.run(|| {
                catch_unwind(AssertUnwindSafe(|| work(connection)))
                    .unwrap_or_else(|_| Err(Error::internal("a query panicked")))
            });
            let usable = !matches!(&result, Err(Error::Internal { .. })) || connection.alive();
            // Nobody waits any more where the client went away.
            let _ = answer.send(result);
            usable
        });
        self.queue.try_send(work).map_err(|error| match error {
            TrySendError::Full(_) | TrySendError::Disconnected(_) => Error::from(Code::Unavailable),
        })?;
        Ok(receiver)
    }
}

/// Serves one connection. `losses` counts the connections that any thread found lost: after one, the others
/// look at their own before they use it, so that an outage costs one caller its answer and not one a thread.
fn serve(
    url: &str,
    connection: Connection,
    work: &Receiver<Work>,
    hearing: &Hearing,
    losses: &AtomicU64,
) {
    let mut connection = Some(connection);
    let mut seen = losses.load(Ordering::Relaxed);
    while let Ok(work) = work.recv() {
        let now = losses.load(Ordering::Relaxed);
        if now != seen {
            seen = now;
            if connection.as_mut().is_some_and(|open| !open.alive()) {
                connection = None;
            }
        }
        if connection.is_none() {
            connection = Connection::open(url, Purpose::Read).ok();
            if let Some(open) = &mut connection {
                open.heard_by(hearing);
            }
        }
        // Without a connection the closure is dropped, and its caller told that nobody answers.
        let Some(open) = &mut connection else {
            continue;
        };
        if !work(open) {
            connection = None;
            losses.fetch_add(1, Ordering::Relaxed);
        }
    }
}
