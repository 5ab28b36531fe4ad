//! Reading threads: each owns a connection and takes closures from one channel. One hop a query, no
//! checkout, statements stay prepared. Measured against a pool with `spawn_blocking`: half as much again.

use super::connection::{Connection, Purpose, Watch};
use crate::error::Error;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use schema::Code;
use std::panic::{AssertUnwindSafe, catch_unwind};
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
    pub(super) fn start(url: &str, count: usize, watch: Option<&Watch>) -> Result<Self, Error> {
        let (queue, work) = bounded(QUEUE);
        for number in 0..count {
            let mut connection = Connection::open(url, Purpose::Read)?;
            if let Some(watch) = watch {
                connection.watch(watch);
            }
            let (url, work) = (url.to_owned(), work.clone());
            std::thread::Builder::new()
                .name(format!("db-read-{number}"))
                .spawn(move || serve(&url, connection, &work))
                .map_err(Error::internal)?;
        }
        Ok(Self { queue })
    }

    pub(super) fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, Error>>, Error> {
        let (answer, receiver) = oneshot::channel();
        let work: Work = Box::new(move |connection| {
            // One who gave up waiting, or went away, needs no answer any more.
            if answer.is_closed() {
                return true;
            }
            let result = catch_unwind(AssertUnwindSafe(|| work(connection)))
                .unwrap_or_else(|_| Err(Error::internal("a query panicked")));
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

fn serve(url: &str, connection: Connection, work: &Receiver<Work>) {
    let mut connection = Some(connection);
    while let Ok(work) = work.recv() {
        if connection.is_none() {
            connection = Connection::open(url, Purpose::Read).ok();
        }
        // Without a connection the closure is dropped, and its caller told that nobody answers.
        let usable = connection.as_mut().is_some_and(work);
        if !usable {
            connection = None;
        }
    }
}
