//! The one writing thread. What arrives while a commit runs goes into the next transaction, each piece of
//! work under a savepoint of its own, so that one that fails takes nobody with it. Nobody is answered
//! before the commit: what a caller was told is durable.

use super::connection::{Connection, Engine, Purpose};
use super::hearing::Hearing;
use crate::error::Error;
use crate::telemetry::Hop;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use schema::Code;
use std::panic::{AssertUnwindSafe, catch_unwind};
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
type Change = Box<dyn FnOnce(&mut Connection) -> Finish + Send>;

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

struct Work {
    urgency: Urgency,
    change: Change,
}

#[derive(Clone)]
pub(super) struct Writer {
    queue: Sender<Work>,
}

impl Writer {
    pub(super) fn start(
        url: &str,
        connection: Connection,
        hearing: &Hearing,
    ) -> Result<Self, Error> {
        let (queue, work) = bounded(QUEUE);
        let engine = Engine::of(url)?;
        let (url, hearing) = (url.to_owned(), hearing.clone());
        std::thread::Builder::new()
            .name("db-write".to_owned())
            .spawn(move || serve(&url, engine, connection, &work, &hearing))
            .map_err(Error::internal)?;
        Ok(Self { queue })
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
        let hop = Hop::ask("write");
        let change: Change = Box::new(move |connection| {
            let result = hop.run(|| {
                catch_unwind(AssertUnwindSafe(|| connection.transaction(work)))
                    .unwrap_or_else(|_| Err(Error::internal("a change panicked")))
            });
            Box::new(move |failed: Option<Error>| {
                let _ = answer.send(match failed {
                    Some(error) => result.and(Err(error)),
                    None => result,
                });
            })
        });
        let work = Work { urgency, change };
        self.queue.try_send(work).map_err(|error| match error {
            TrySendError::Full(_) | TrySendError::Disconnected(_) => Error::from(Code::Unavailable),
        })?;
        Ok(receiver)
    }
}

fn serve(
    url: &str,
    engine: Engine,
    connection: Connection,
    work: &Receiver<Work>,
    hearing: &Hearing,
) {
    let mut connection = Some(connection);
    let mut next = None;
    while let Some(first) = next.take().or_else(|| work.recv().ok()) {
        if connection.is_none() {
            connection = Connection::open(url, Purpose::Write).ok();
            if let Some(open) = &mut connection {
                open.heard_by(hearing);
            }
        }
        // Without a connection the work is dropped, and its caller told that nobody answers.
        let Some(open) = connection.as_mut() else {
            continue;
        };
        let hurried = first.urgency == Urgency::Hurried && engine == Engine::Sqlite;
        if hurried && open.batch("PRAGMA synchronous = NORMAL").is_err() {
            connection = None;
            continue;
        }
        let usable = group(open, engine, first, work, &mut next);
        if !usable || (hurried && open.batch("PRAGMA synchronous = FULL").is_err()) {
            connection = None;
        }
    }
}

/// Runs one transaction; answers whether the connection may be used again. A step of long work that arrives
/// meanwhile is left in `next`.
fn group(
    connection: &mut Connection,
    engine: Engine,
    first: Work,
    work: &Receiver<Work>,
    next: &mut Option<Work>,
) -> bool {
    if connection.begin().is_err() {
        return false;
    }
    let alone = first.urgency != Urgency::Answered;
    let mut finishing = vec![(first.change)(connection)];
    let until = Instant::now() + COMPANY;
    while !alone && finishing.len() < GROUP {
        let arrived = match engine {
            Engine::Sqlite => work.try_recv().ok(),
            Engine::Postgres => work.recv_deadline(until).ok(),
        };
        match arrived {
            Some(arrived) if arrived.urgency == Urgency::Answered => {
                finishing.push((arrived.change)(connection));
            }
            arrived => {
                *next = arrived;
                break;
            }
        }
    }
    let committed = connection.commit();
    let usable = committed.is_ok();
    let failed = committed.err().map(Error::from);
    if failed.is_some() {
        let _ = connection.roll_back();
    }
    for finish in finishing {
        finish(failed.as_ref().map(repeat));
    }
    usable || connection.alive()
}

/// The same failure for each caller of a group; it was logged once.
fn repeat(error: &Error) -> Error {
    match error {
        Error::Expected { code, .. } => Error::from(*code),
        Error::Internal { id, unavailable } => Error::Internal {
            id: id.clone(),
            unavailable: *unavailable,
        },
        Error::Configuration { .. } => Error::from(Code::Unavailable),
    }
}
