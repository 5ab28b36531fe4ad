//! Reading threads: each owns a connection and takes closures from one channel. One hop a query, no
//! checkout, statements stay prepared. Measured against a pool with `spawn_blocking`: half as much again.

mod lane;

pub use lane::{Lane, Question};

use super::connection::{Connection, Purpose};
use super::hearing::Hearing;
use super::line::{Line, Losses};
use super::seat::{Seat, keep};
use crate::error::Error;
use crate::telemetry::Hop;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use schema::Code;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// How many closures may wait before callers are told to come back.
const QUEUE: usize = 1024;

/// What a reading thread is handed.
trait Work: Send {
    /// Whether somebody still waits for the answer.
    fn wanted(&self) -> bool;
    /// Does it, and answers.
    fn run(self: Box<Self>, line: &mut Line);
}

/// A closure with where its answer goes.
struct Query<F, T> {
    work: F,
    hop: Hop,
    answer: oneshot::Sender<Result<T, Error>>,
}

impl<F, T> Work for Query<F, T>
where
    F: FnOnce(&mut Connection) -> Result<T, Error> + Send,
    T: Send,
{
    fn wanted(&self) -> bool {
        !self.answer.is_closed()
    }

    fn run(self: Box<Self>, line: &mut Line) {
        let Self { work, hop, answer } = *self;
        let result = line.get().and_then(|connection| {
            hop.run(|| {
                catch_unwind(AssertUnwindSafe(|| work(connection)))
                    .unwrap_or_else(|_| Err(Error::internal("a query panicked")))
            })
        });
        // Nobody waits any more where the client went away.
        let _ = answer.send(line.after(result));
    }
}

#[derive(Clone)]
pub(super) struct Readers {
    queue: Sender<Box<dyn Work>>,
    _keeper: Sender<()>,
}

impl Readers {
    pub(super) fn start(
        url: &Arc<str>,
        count: usize,
        losses: &Losses,
        hearing: &Hearing,
    ) -> Result<Self, Error> {
        let (queue, work) = bounded(QUEUE);
        let mut first = Vec::with_capacity(count);
        for _ in 0..count {
            let mut connection = Connection::open(url, Purpose::Read)?;
            connection.heard_by(hearing);
            first.push(connection);
        }
        let first = Mutex::new(first);
        let (url, losses, hearing) = (url.clone(), losses.clone(), hearing.clone());
        let keeper = keep("db-read", count, move |seat, number| {
            let connection = first.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let line = Line::new(&url, Purpose::Read, (&losses, &hearing), connection);
            let work = work.clone();
            std::thread::Builder::new()
                .name(format!("db-read-{number}"))
                .spawn(move || serve(line, &work, &seat))
                .map(drop)
                .map_err(Error::internal)
        })?;
        Ok(Self {
            queue,
            _keeper: keeper,
        })
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
        self.hand_over(Box::new(Query { work, hop, answer }))?;
        Ok(receiver)
    }

    /// Asks questions together with others of their kind.
    pub(super) fn ask<Q: Question>(
        &self,
        lane: &Lane<Q>,
        questions: Vec<Q>,
    ) -> Result<lane::Answers<Q>, Error> {
        lane.ask(self, questions)
    }

    fn hand_over(&self, work: Box<dyn Work>) -> Result<(), Error> {
        self.queue.try_send(work).map_err(|error| match error {
            TrySendError::Full(_) | TrySendError::Disconnected(_) => Error::from(Code::Unavailable),
        })
    }
}

fn serve(mut line: Line, work: &Receiver<Box<dyn Work>>, seat: &Seat) {
    while !seat.left()
        && let Ok(work) = work.recv()
    {
        if work.wanted() {
            seat.work(|| work.run(&mut line));
        }
    }
}
