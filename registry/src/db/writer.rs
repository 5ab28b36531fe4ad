//! The one writing thread. What arrives while a commit runs goes into the next transaction, each piece of
//! work under a savepoint of its own, so that one that fails takes nobody with it. Nobody is answered
//! before the commit: what a caller was told is durable.

use super::connection::{Connection, Engine, Purpose};
use super::hearing::Hearing;
use super::line::{Line, Losses};
use super::seat::{Seat, keep};
use crate::error::Error;
use crate::telemetry::Hop;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use schema::Code;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How many pieces of work may wait before callers are told to come back.
const QUEUE: usize = 1024;
/// How many pieces of work share a transaction at the most.
const GROUP: usize = 64;
/// How much longer PostgreSQL waits for company: its commit costs more than SQLite's.
const COMPANY: Duration = Duration::from_millis(1);

/// Told whether the commit failed; answers the caller.
type Finish = Box<dyn FnOnce(Option<Error>) + Send>;

/// Who waits for a piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Urgency {
    /// Somebody asked and waits: it shares a transaction with others like it.
    Answered,
    /// A step of long work: it has a transaction of its own, so that nobody's answer waits for it.
    Bulk,
    /// The same, and its commit does not wait for the disk (SQLite; see `Bulk::hurried`).
    Hurried,
}

/// What the writing thread is handed.
trait Work: Send {
    fn urgency(&self) -> Urgency;
    /// Whether somebody still waits for the answer.
    fn wanted(&self) -> bool;
    /// Does it under a savepoint; says too with which code it failed.
    fn run(self: Box<Self>, connection: &mut Connection) -> (Finish, Option<Code>);
    /// Answers that it could not be begun.
    fn refuse(self: Box<Self>, error: Error);
}

/// A closure with where its answer goes.
struct Change<F, T> {
    urgency: Urgency,
    work: F,
    hop: Hop,
    answer: oneshot::Sender<Result<T, Error>>,
}

impl<F, T> Work for Change<F, T>
where
    F: FnOnce(&mut Connection) -> Result<T, Error> + Send,
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
        let result = hop.run(|| {
            catch_unwind(AssertUnwindSafe(|| connection.transaction(work)))
                .unwrap_or_else(|_| Err(Error::internal("a change panicked")))
        });
        let code = result.as_ref().err().map(Error::code);
        let finish: Finish = Box::new(move |failed: Option<Error>| {
            let _ = answer.send(match (result, failed) {
                (result, None) => result,
                // What failed inside a transaction that failed itself failed with it.
                (Ok(_) | Err(Error::Internal { .. }), Some(failed)) => Err(failed),
                (Err(error), Some(_)) => Err(error),
            });
        });
        (finish, code)
    }

    fn refuse(self: Box<Self>, error: Error) {
        let _ = self.answer.send(Err(error));
    }
}

#[derive(Clone)]
pub(super) struct Writer {
    queue: Sender<Box<dyn Work>>,
    _keeper: Sender<()>,
}

impl Writer {
    pub(super) fn start(
        url: &Arc<str>,
        connection: Connection,
        losses: &Losses,
        hearing: &Hearing,
    ) -> Result<Self, Error> {
        let (queue, work) = bounded(QUEUE);
        let engine = Engine::of(url)?;
        let first = Mutex::new(Some(connection));
        let (url, losses, hearing) = (url.clone(), losses.clone(), hearing.clone());
        let start = move |seat: Arc<Seat>, _| {
            let connection = first.lock().unwrap_or_else(PoisonError::into_inner).take();
            let line = Line::new(&url, Purpose::Answer, (&losses, &hearing), connection);
            let work = work.clone();
            std::thread::Builder::new()
                .name("db-write".to_owned())
                .spawn(move || serve(line, engine, &work, &seat))
                .map(drop)
                .map_err(Error::internal)
        };
        Ok(Self {
            queue,
            _keeper: match engine {
                // Its writer may be at a whole import, and waits for no server.
                Engine::Sqlite => {
                    start(Arc::default(), 0)?;
                    bounded(0).0
                }
                Engine::Postgres => keep("db-write", 1, start)?,
            },
        })
    }

    /// How many pieces of work wait.
    pub(super) fn waiting(&self) -> usize {
        self.queue.len()
    }

    pub(super) fn submit<T: Send + 'static>(
        &self,
        urgency: Urgency,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, Error>>, Error> {
        let (answer, receiver) = oneshot::channel();
        let work: Box<dyn Work> = Box::new(Change {
            urgency,
            work,
            hop: Hop::ask("write"),
            answer,
        });
        self.queue.try_send(work).map_err(|error| match error {
            TrySendError::Full(_) | TrySendError::Disconnected(_) => Error::from(Code::Unavailable),
        })?;
        Ok(receiver)
    }
}

fn serve(mut line: Line, engine: Engine, work: &Receiver<Box<dyn Work>>, seat: &Seat) {
    let mut next = None;
    while !seat.left()
        && let Some(first) = next.take().or_else(|| work.recv().ok())
    {
        if first.wanted() {
            next = seat.work(|| group(&mut line, engine, first, work));
        }
    }
}

/// Begins a transaction. On SQLite it is said before it begins whether its commit waits for the disk.
fn begin(line: &mut Line, hurried: bool) -> Result<(), Error> {
    let begun = line.get().and_then(|connection| {
        if hurried {
            connection.batch("PRAGMA synchronous = NORMAL")?;
        }
        connection.begin().map_err(Error::from)
    });
    line.after(begun)
}

/// Runs one transaction and answers everybody who shared it. A step of long work that arrives meanwhile is
/// answered back: it is the next.
fn group(
    line: &mut Line,
    engine: Engine,
    first: Box<dyn Work>,
    work: &Receiver<Box<dyn Work>>,
) -> Option<Box<dyn Work>> {
    let urgency = first.urgency();
    let hurried = urgency == Urgency::Hurried && engine == Engine::Sqlite;
    if let Err(error) = begin(line, hurried) {
        first.refuse(error);
        return None;
    }
    let Some(connection) = line.held() else {
        first.refuse(Error::from(Code::Unavailable));
        return None;
    };
    let mut done = vec![first.run(connection)];
    let mut next = None;
    let until = Instant::now() + COMPANY;
    while urgency == Urgency::Answered && done.len() < GROUP {
        let arrived = match engine {
            Engine::Sqlite => work.try_recv().ok(),
            Engine::Postgres => work.recv_deadline(until).ok(),
        };
        match arrived {
            Some(arrived) if !arrived.wanted() => {}
            Some(arrived) if arrived.urgency() == Urgency::Answered => {
                done.push(arrived.run(connection));
            }
            arrived => {
                next = arrived;
                break;
            }
        }
    }
    let committed = connection.commit().map_err(Error::from);
    let lasting = !hurried || connection.batch("PRAGMA synchronous = FULL").is_ok();
    let broken = committed.is_err();
    if broken {
        let _ = connection.roll_back();
    }
    let failed_with = |code| done.iter().any(|(_, failed)| *failed == Some(code));
    let failed = match line.after(committed) {
        // On a full disk the engine ends the transaction itself, and the commit finds none.
        Err(_) if failed_with(Code::DiskFull) => Some(Error::from(Code::DiskFull)),
        committed => committed.err(),
    };
    if broken || !lasting || failed_with(Code::Unavailable) {
        line.renew();
    }
    for (finish, _) in done {
        finish(failed.as_ref().map(repeat));
    }
    next
}

/// The same failure for each caller of a group; it was logged once.
fn repeat(error: &Error) -> Error {
    match error {
        Error::Expected { code, detail } => Error::Expected {
            code: *code,
            detail: detail.clone(),
        },
        Error::Internal { id, unavailable } => Error::Internal {
            id: id.clone(),
            unavailable: *unavailable,
        },
        Error::Configuration { .. } => Error::from(Code::Unavailable),
    }
}
