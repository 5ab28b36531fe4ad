//! Waiting for an answer of the database's threads, no longer than anybody should.

use super::ANSWER_WITHIN;
use crate::error::Error;
use schema::Code;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake};
use std::thread::Thread;
use std::time::{Duration, Instant};
use tokio::sync::oneshot::Receiver;

/// The answer, for a caller on an event loop.
pub(super) async fn wait<T>(answer: Receiver<Result<T, Error>>) -> Result<T, Error> {
    match tokio::time::timeout(ANSWER_WITHIN, answer).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) | Err(_) => Err(Error::from(Code::Unavailable)),
    }
}

/// The answer, for a thread that may wait: as long as `within` says, or until it comes.
pub(super) fn block<T>(
    mut answer: Receiver<Result<T, Error>>,
    within: Option<Duration>,
) -> Result<T, Error> {
    let Some(within) = within else {
        let answer = answer.blocking_recv();
        return answer.unwrap_or_else(|_| Err(Error::from(Code::Unavailable)));
    };
    let waker = Arc::new(Unpark(std::thread::current())).into();
    let mut context = Context::from_waker(&waker);
    let until = Instant::now() + within;
    loop {
        if let Poll::Ready(answer) = Pin::new(&mut answer).poll(&mut context) {
            return answer.unwrap_or_else(|_| Err(Error::from(Code::Unavailable)));
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Error::from(Code::Unavailable));
        }
        std::thread::park_timeout(left);
    }
}

/// Wakes the thread that waits.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
