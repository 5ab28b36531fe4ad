//! The places of the threads that wait for the database. A server that takes a question and never answers
//! holds its thread for as long as it likes: libpq has no limit for that. Such a thread is left to itself,
//! and another takes its place with a connection of its own.

use super::ANSWER_WITHIN;
use crate::error::Error;
use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often the threads are looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How many threads may wait, left to themselves, before no more are started: each holds a connection.
const MOST_LEFT: usize = 32;

/// What is known of a thread from outside.
#[derive(Default)]
pub(super) struct Seat {
    since: Mutex<Option<Instant>>,
    left: AtomicBool,
}

impl Seat {
    /// Does a piece of work, seen from outside.
    pub(super) fn work<T>(&self, work: impl FnOnce() -> T) -> T {
        self.set(Some(Instant::now()));
        let done = work();
        self.set(None);
        done
    }

    /// Whether another thread has taken the place of this one, which shall end then.
    pub(super) fn left(&self) -> bool {
        self.left.load(Ordering::Relaxed)
    }

    fn set(&self, since: Option<Instant>) {
        *self.since.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }

    fn stuck(&self) -> bool {
        let since = *self.since.lock().unwrap_or_else(PoisonError::into_inner);
        since.is_some_and(|since| since.elapsed() > ANSWER_WITHIN)
    }
}

/// Lets `start` put a thread on each of `count` seats, and on another seat where one is stuck. That ends
/// with the sender.
///
/// # Errors
/// [`Error`] where no thread can be started.
pub(super) fn keep(
    name: &str,
    count: usize,
    start: impl Fn(Arc<Seat>, usize) -> Result<(), Error> + Send + 'static,
) -> Result<Sender<()>, Error> {
    let mut seats: Vec<Arc<Seat>> = (0..count).map(|_| Arc::default()).collect();
    for (place, seat) in seats.iter().enumerate() {
        start(seat.clone(), place)?;
    }
    let (keeper, ended) = bounded(0);
    let body = move || {
        let mut left: Vec<Arc<Seat>> = Vec::new();
        while ended.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
            left.retain(|seat| Arc::strong_count(seat) > 1);
            for (place, seat) in seats.iter_mut().enumerate() {
                if !seat.stuck() || left.len() >= MOST_LEFT {
                    continue;
                }
                let next: Arc<Seat> = Arc::default();
                if start(next.clone(), place).is_ok() {
                    tracing::error!(
                        "the database does not answer; a thread that waits for it is given up"
                    );
                    seat.left.store(true, Ordering::Relaxed);
                    left.push(std::mem::replace(seat, next));
                }
            }
        }
    };
    std::thread::Builder::new()
        .name(format!("{name}-keep"))
        .spawn(body)
        .map_err(Error::internal)?;
    Ok(keeper)
}
