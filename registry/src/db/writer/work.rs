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
        let Self {
            work, hop, answer, ..
        } = *self;
        let result = hop.run(|| safely(connection, work));
        let code = result.as_ref().err().map(Error::code);
        (
            Box::new(move |failed| answer_with(answer, result, failed)),
            code,
        )
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

impl<R: Appended> Work for Append<R> {
    fn urgency(&self) -> Urgency {
        Urgency::Answered
    }

    fn wanted(&self) -> bool {
        self.shares.iter().any(|share| !share.answer.is_closed())
    }

    fn run(self: Box<Self>, connection: &mut Connection) -> (Finish, Option<Code>) {
        let began = Instant::now();
        let together = {
            let rows: Vec<&R> = self.shares.iter().flat_map(|share| &share.rows).collect();
            let all = || safely(connection, |connection| R::append(connection, &rows));
            match self.shares.first() {
                Some(first) => first.hop.within(all),
                None => Ok(()),
            }
        };
        let code = together.as_ref().err().map(Error::code);
        // Whose rows they were that could not be stored is found by storing each caller's apart; where nobody's
        // can be, that would only take longer, and the engine may have ended the transaction itself.
        let nobodys = matches!(code, Some(Code::DiskFull | Code::Unavailable));
        let apart = !nobodys && self.shares.len() > 1;
        let mut failed = code.filter(|_| !apart);
        let mut answers = Vec::with_capacity(self.shares.len());
        for Share { rows, hop, answer } in self.shares {
            let result = match &together {
                Err(_) if apart => {
                    let rows: Vec<&R> = rows.iter().collect();
                    let alone = || safely(connection, |connection| R::append(connection, &rows));
                    hop.within(alone)
                }
                Err(error) => Err(error.again()),
                Ok(()) => Ok(()),
            };
            failed = failed.or(result.as_ref().err().map(Error::code));
            hop.tell(began);
            answers.push((answer, result));
        }
        let finish: Finish = Box::new(move |failed| {
            for (answer, result) in answers {
                answer_with(answer, result, failed.as_ref().map(Error::again));
            }
        });
        (finish, failed)
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

/// Runs a piece of work under a savepoint. One that panics has failed, and all it did is taken back.
fn safely<T>(
    connection: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<T, Error>,
) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(|| connection.transaction(work)))
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
