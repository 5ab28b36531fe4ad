//! What the writing thread is handed: a closure, or rows that travel together with those of others.

use crate::db::connection::Connection;
use crate::error::Error;
use crate::telemetry::Hop;
use schema::Code;
use std::any::{Any, TypeId};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;
use tokio::sync::oneshot;

/// Told whether the commit failed; answers whoever waits.
pub(super) type Finish = Box<dyn FnOnce(Option<Error>) + Send>;

/// Where an answer goes.
type Answer<T> = oneshot::Sender<Result<T, Error>>;

/// Who waits for a piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::db) enum Urgency {
    /// Somebody asked and waits: it shares a transaction with others like it.
    Answered,
    /// A step of long work: it has a transaction of its own, so that nobody's answer waits for it.
    Bulk,
    /// The same, and its commit does not wait for the disk (SQLite; see `Bulk::hurried`).
    Hurried,
}

/// A piece of work.
pub(super) trait Work: Send {
    fn urgency(&self) -> Urgency;
    /// Whether somebody still waits for the answer.
    fn wanted(&self) -> bool;
    /// Does it under a savepoint; says too with which code it failed.
    fn run(self: Box<Self>, connection: &mut Connection) -> (Finish, Option<Code>);
    /// Does it in a transaction that nobody shares, which is taken back where it fails.
    fn run_alone(self: Box<Self>, connection: &mut Connection) -> Alone;
    /// Answers that it could not be begun.
    fn refuse(self: Box<Self>, error: Error);
    /// The kind of its rows, where it is rows.
    fn rows(&self) -> Option<TypeId> {
        None
    }
    /// Takes along work of the same kind of rows; gives other work back.
    fn join(&mut self, other: Box<dyn Work>) -> Option<Box<dyn Work>> {
        Some(other)
    }
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

/// What became of work that shares its transaction with nobody. A savepoint would cost PostgreSQL two more round
/// trips, and SQLite a copy of each page that is written: with those of a large import kept, its statements walked
/// through all of them again and again, a fifth of the import's time.
pub(super) enum Alone {
    /// It is done, and is to be committed.
    Done(Finish),
    /// It failed, and everything is to be taken back.
    Failed(Finish, Code),
    /// It failed, and some of it may not: everything is to be taken back, and this to be run under savepoints.
    InParts(Box<dyn Work>),
}

/// Adds work to what shares its transaction: rows join those of their kind.
pub(super) fn add(group: &mut Vec<Box<dyn Work>>, work: Box<dyn Work>) {
    let same = work
        .rows()
        .and_then(|kind| group.iter_mut().find(|one| one.rows() == Some(kind)));
    let left = match same {
        Some(same) => same.join(work),
        None => Some(work),
    };
    group.extend(left);
}

/// A closure.
pub(super) struct Change<F, T> {
    pub(super) urgency: Urgency,
    pub(super) work: F,
    pub(super) hop: Hop,
    pub(super) answer: Answer<T>,
}

impl<F, T> Change<F, T>
where
    T: Send + 'static,
{
    fn done(self, run: impl FnOnce(F) -> Result<T, Error>) -> (Finish, Option<Code>) {
        let Self {
            work, hop, answer, ..
        } = self;
        let result = hop.run(|| run(work));
        let code = result.as_ref().err().map(Error::code);
        let finish: Finish = Box::new(move |failed| answer_with(answer, result, failed));
        (finish, code)
    }
}

impl<F, T> Work for Change<F, T>
where
    F: FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    T: Send + 'static,
{
    fn urgency(&self) -> Urgency {
        self.urgency
    }

    fn wanted(&self) -> bool {
        !self.answer.is_closed()
    }

    fn run(self: Box<Self>, connection: &mut Connection) -> (Finish, Option<Code>) {
        self.done(|work| safely(|| connection.transaction(work)))
    }

    fn run_alone(self: Box<Self>, connection: &mut Connection) -> Alone {
        match self.done(|work| safely(|| work(connection))) {
            (finish, None) => Alone::Done(finish),
            (finish, Some(code)) => Alone::Failed(finish, code),
        }
    }

    fn refuse(self: Box<Self>, error: Error) {
        let _ = self.answer.send(Err(error));
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

/// Rows that many callers store, each for itself. Those who come together share one statement a table, where
/// a statement for each would cost more than all else that they ask for.
pub trait Appended: Sized + Send + Sync + 'static {
    /// Stores the rows.
    ///
    /// # Errors
    /// The engine's error.
    fn append(connection: &mut Connection, rows: &[&Self]) -> Result<(), Error>;
}

/// The rows of everybody who came together.
pub(super) struct Append<R> {
    shares: Vec<Share<R>>,
}

/// One caller's.
struct Share<R> {
    rows: Vec<R>,
    hop: Hop,
    answer: Answer<()>,
}

impl<R> Append<R> {
    pub(super) fn new(rows: Vec<R>, hop: Hop, answer: Answer<()>) -> Self {
        Self {
            shares: vec![Share { rows, hop, answer }],
        }
    }
}

impl<R: Appended> Append<R> {
    /// Stores everybody's rows at once.
    fn together(&self, store: impl FnOnce(&[&R]) -> Result<(), Error>) -> Result<(), Error> {
        let rows: Vec<&R> = self.shares.iter().flat_map(|share| &share.rows).collect();
        match self.shares.first() {
            Some(first) => first.hop.within(|| store(&rows)),
            None => Ok(()),
        }
    }

    /// Whether each caller's rows are to be stored apart, so that it is found whose could not be. Where nobody's can
    /// be, that would only take longer, and the engine may have ended the transaction itself.
    fn apart(&self, together: &Result<(), Error>) -> bool {
        let code = together.as_ref().err().map(Error::code);
        self.shares.len() > 1
            && code.is_some_and(|code| !matches!(code, Code::DiskFull | Code::Unavailable))
    }

    /// What each is told, and the first failure.
    fn answered(
        self,
        began: Instant,
        mut result: impl FnMut(&Share<R>) -> Result<(), Error>,
    ) -> (Finish, Option<Code>) {
        let mut failed = None;
        let mut answers = Vec::with_capacity(self.shares.len());
        for share in self.shares {
            let result = result(&share);
            failed = failed.or(result.as_ref().err().map(Error::code));
            share.hop.tell(began);
            answers.push((share.answer, result));
        }
        let finish: Finish = Box::new(move |failed| {
            for (answer, result) in answers {
                answer_with(answer, result, failed.as_ref().map(Error::again));
            }
        });
        (finish, failed)
    }
}

impl<R: Appended> Work for Append<R> {
    fn urgency(&self) -> Urgency {
        Urgency::Answered
    }

    fn wanted(&self) -> bool {
        self.shares.iter().any(|share| !share.answer.is_closed())
    }

    fn run(self: Box<Self>, connection: &mut Connection) -> (Finish, Option<Code>) {
        let began = Instant::now();
        let together =
            self.together(|rows| safely(|| connection.transaction(|open| R::append(open, rows))));
        if self.apart(&together) {
            return self.answered(began, |share| {
                let rows: Vec<&R> = share.rows.iter().collect();
                let store = || safely(|| connection.transaction(|open| R::append(open, &rows)));
                share.hop.within(store)
            });
        }
        self.answered(began, |_| together.as_ref().copied().map_err(Error::again))
    }

    fn run_alone(self: Box<Self>, connection: &mut Connection) -> Alone {
        let began = Instant::now();
        let together = self.together(|rows| safely(|| R::append(connection, rows)));
        if self.apart(&together) {
            return Alone::InParts(self);
        }
        match self.answered(began, |_| together.as_ref().copied().map_err(Error::again)) {
            (finish, None) => Alone::Done(finish),
            (finish, Some(code)) => Alone::Failed(finish, code),
        }
    }

    fn refuse(self: Box<Self>, error: Error) {
        for share in self.shares {
            let _ = share.answer.send(Err(error.again()));
        }
    }

    fn rows(&self) -> Option<TypeId> {
        Some(TypeId::of::<R>())
    }

    fn join(&mut self, other: Box<dyn Work>) -> Option<Box<dyn Work>> {
        if other.rows() != self.rows() {
            return Some(other);
        }
        if let Ok(other) = other.into_any().downcast::<Self>() {
            self.shares.extend(other.shares);
        }
        None
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

/// Runs a piece of work. One that panics has failed.
fn safely<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Error::internal("a change panicked")))
}

/// Tells what became of a piece of work and of the commit after it.
fn answer_with<T>(answer: Answer<T>, result: Result<T, Error>, failed: Option<Error>) {
    let _ = answer.send(match (result, failed) {
        (result, None) => result,
        // What failed inside a transaction that failed itself failed with it.
        (Ok(_) | Err(Error::Internal { .. }), Some(failed)) => Err(failed),
        (Err(error), Some(_)) => Err(error),
    });
}
