//! The one writing thread. What arrives while a commit runs goes into the next transaction; where that is more than
//! one piece of work, each is under a savepoint of its own, so that one that fails takes nobody with it. Nobody is
//! answered before the commit: what a caller was told is durable.

mod work;

pub use work::Appended;
pub(super) use work::Urgency;

use super::connection::{Connection, Engine, Purpose};
use super::hearing::Hearing;
use super::line::{Line, Losses};
use super::seat::{Seat, keep};
use crate::error::Error;
use crate::telemetry::Hop;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use schema::Code;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use work::{Alone, Append, Change, Finish, Work, add};

/// How many pieces of work may wait before callers are told to come back.
const QUEUE: usize = 1024;
/// How many pieces of work share a transaction at the most.
const GROUP: usize = 64;
/// How much longer PostgreSQL waits for company: its commit costs more than SQLite's.
const COMPANY: Duration = Duration::from_millis(1);

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
        self.hand_over(Box::new(Change {
            urgency,
            work,
            hop: Hop::ask("write"),
            answer,
        }))?;
        Ok(receiver)
    }

    /// Hands over rows that are stored together with those of others.
    pub(super) fn append<R: Appended>(
        &self,
        rows: Vec<R>,
    ) -> Result<oneshot::Receiver<Result<(), Error>>, Error> {
        let (answer, receiver) = oneshot::channel();
        self.hand_over(Box::new(Append::new(rows, Hop::ask("write"), answer)))?;
        Ok(receiver)
    }

    fn hand_over(&self, work: Box<dyn Work>) -> Result<(), Error> {
        self.queue.try_send(work).map_err(|error| match error {
            TrySendError::Full(_) | TrySendError::Disconnected(_) => Error::from(Code::Unavailable),
        })
    }
}

fn serve(mut line: Line, engine: Engine, work: &Receiver<Box<dyn Work>>, seat: &Seat) {
    let mut waiting = VecDeque::new();
    while !seat.left()
        && let Some(first) = waiting.pop_front().or_else(|| work.recv().ok())
    {
        if first.wanted() {
            let group = gather(engine, first, work, &mut waiting);
            seat.work(|| run(&mut line, engine, group, &mut waiting));
        }
    }
    // Whoever is left here is told so by the end of their answer.
}

/// Those who share a transaction with `first`: who waits already, and on PostgreSQL who comes in a moment. A
/// step of long work shares with nobody, and what comes after one waits until it is done.
fn gather(
    engine: Engine,
    first: Box<dyn Work>,
    work: &Receiver<Box<dyn Work>>,
    waiting: &mut VecDeque<Box<dyn Work>>,
) -> Vec<Box<dyn Work>> {
    let shares = first.urgency() == Urgency::Answered;
    let mut group = vec![first];
    let mut count = 1;
    let until = Instant::now() + COMPANY;
    while shares && count < GROUP {
        let arrived = match (waiting.pop_front(), engine) {
            (Some(arrived), _) => Some(arrived),
            (None, Engine::Sqlite) => work.try_recv().ok(),
            (None, Engine::Postgres) => work.recv_deadline(until).ok(),
        };
        match arrived {
            Some(arrived) if !arrived.wanted() => {}
            Some(arrived) if arrived.urgency() == Urgency::Answered => {
                add(&mut group, arrived);
                count += 1;
            }
            Some(arrived) => {
                waiting.push_front(arrived);
                break;
            }
            None => break,
        }
    }
    group
}

/// Begins a transaction. On SQLite it is said before it begins whether its commit waits for the disk.
fn begin(line: &mut Line, hurried: bool) -> Result<(), Error> {
    let begun = line.get().and_then(|connection| {
        if hurried {
            connection.batch("PRAGMA synchronous = NORMAL")?;
        }
        connection.begin().map_err(Error::from)
    });
    let begun = line.after(begun);
    if hurried && begun.is_err() {
        // It must not stay as it was set for this one.
        line.renew();
    }
    begun
}

/// What was run in a transaction: how each is answered, and with which code it failed.
type Done = Vec<(Finish, Option<Code>)>;

/// Runs the group in the transaction that was begun, and ends it. What had no turn is put back.
fn transact(
    connection: &mut Connection,
    mut group: Vec<Box<dyn Work>>,
    waiting: &mut VecDeque<Box<dyn Work>>,
) -> (Done, Result<(), Error>) {
    if group.len() == 1
        && let Some(work) = group.pop()
    {
        match work.run_alone(connection) {
            Alone::Done(finish) => {
                return (
                    vec![(finish, None)],
                    connection.commit().map_err(Error::from),
                );
            }
            Alone::Failed(finish, code) => {
                return (
                    vec![(finish, Some(code))],
                    connection.abandon().map_err(Error::from),
                );
            }
            Alone::InParts(work) => {
                let again = connection.abandon().and_then(|()| connection.begin());
                if let Err(error) = again {
                    let refuse: Finish = Box::new(|failed| {
                        work.refuse(failed.unwrap_or_else(|| Error::from(Code::Unavailable)));
                    });
                    return (vec![(refuse, None)], Err(Error::from(error)));
                }
                group.push(work);
            }
        }
    }
    let mut group = VecDeque::from(group);
    let mut done = Vec::with_capacity(group.len());
    while let Some(work) = group.pop_front() {
        let (finish, failed) = work.run(connection);
        done.push((finish, failed));
        // After such a failure the engine may have ended the transaction itself: what ran then would be
        // committed by itself, and told that it failed. It has its turn in the next one.
        if matches!(
            failed,
            Some(Code::DiskFull | Code::Unavailable | Code::Internal)
        ) {
            break;
        }
    }
    group
        .into_iter()
        .rev()
        .for_each(|work| waiting.push_front(work));
    (done, connection.commit().map_err(Error::from))
}

/// Runs one transaction and answers everybody who shared it.
fn run(
    line: &mut Line,
    engine: Engine,
    group: Vec<Box<dyn Work>>,
    waiting: &mut VecDeque<Box<dyn Work>>,
) {
    let hurried =
        engine == Engine::Sqlite && group.iter().all(|work| work.urgency() == Urgency::Hurried);
    let begun = begin(line, hurried);
    let Some(connection) = line.held().filter(|_| begun.is_ok()) else {
        let error = begun
            .err()
            .unwrap_or_else(|| Error::from(Code::Unavailable));
        return group
            .into_iter()
            .for_each(|work| work.refuse(error.again()));
    };
    let (done, committed) = transact(connection, group, waiting);
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
        finish(failed.as_ref().map(Error::again));
    }
}
