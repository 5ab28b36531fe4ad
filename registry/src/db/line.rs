//! The line to the database that a thread holds: opened again where it was lost, and looked at before it is
//! used where another thread's was lost.

use super::connection::{Connection, Purpose};
use super::hearing::Hearing;
use crate::error::Error;
use schema::Code;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How often a connection was lost, by any thread.
#[derive(Clone, Default)]
pub(super) struct Losses(Arc<AtomicUsize>);

impl Losses {
    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// A thread's connection.
pub(super) struct Line {
    url: Arc<str>,
    purpose: Purpose,
    losses: Losses,
    hearing: Hearing,
    seen: usize,
    connection: Option<Connection>,
}

impl Line {
    pub(super) fn new(
        url: &Arc<str>,
        purpose: Purpose,
        (losses, hearing): (&Losses, &Hearing),
        connection: Option<Connection>,
    ) -> Self {
        Self {
            url: url.clone(),
            purpose,
            losses: losses.clone(),
            hearing: hearing.clone(),
            seen: losses.count(),
            connection,
        }
    }

    /// The connection, opened where there is none.
    ///
    /// # Errors
    /// [`Error`] where the database cannot be reached.
    pub(super) fn get(&mut self) -> Result<&mut Connection, Error> {
        let losses = self.losses.count();
        if losses != self.seen {
            // Whatever ended another's connection may have ended this one.
            self.seen = losses;
            let open = self.connection.take();
            self.connection = open.and_then(|mut open| open.alive().then_some(open));
        }
        match &mut self.connection {
            Some(open) => Ok(open),
            none => {
                let mut opened = Connection::open(&self.url, self.purpose)?;
                opened.heard_by(&self.hearing);
                Ok(none.insert(opened))
            }
        }
    }

    /// The connection as it is.
    pub(super) fn held(&mut self) -> Option<&mut Connection> {
        self.connection.as_mut()
    }

    /// Looks at what became of a piece of work: where the database could not be used, the next one begins
    /// with a new connection, and a failure on a connection that is dead was an outage, whatever it said.
    pub(super) fn after<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        let error = match result {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        let suspect = matches!(error, Error::Internal { .. }) || error.code() == Code::Unavailable;
        if !suspect || self.connection.as_mut().is_some_and(Connection::alive) {
            if error.code() == Code::Unavailable {
                self.renew();
            }
            return Err(error);
        }
        self.lose();
        Err(match error {
            Error::Internal { id, .. } => Error::Internal {
                id,
                unavailable: true,
            },
            other => other,
        })
    }

    /// Lets the next piece of work begin with a new connection: a server that takes no changes still answers,
    /// but by now another may be in its place.
    pub(super) fn renew(&mut self) {
        self.connection = None;
    }

    fn lose(&mut self) {
        self.connection = None;
        self.losses.0.fetch_add(1, Ordering::Relaxed);
        self.seen = self.losses.count();
    }
}
