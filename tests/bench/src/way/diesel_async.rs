//! The same pipelining beneath diesel's own query language.

use super::share;
use crate::Failure;
use crate::fill::learner;
use crate::query::{HeldTuple, Record, WholeTuple, held, one_held, person, whole, whole_record};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use registry::db::tables::{achievement, awarding_body, learner, qualification, unit};
use registry::model::learner::LearnerRow;
use std::cell::Cell;

/// A worker's connections, taken in turn.
pub(crate) struct Pipes {
    open: Vec<AsyncPgConnection>,
    next: Cell<usize>,
}

impl Pipes {
    /// Opens this worker's share of `count` connections.
    pub(crate) async fn open(url: &str, worker: usize, count: usize) -> Result<Self, Failure> {
        let mut open = Vec::new();
        for _ in 0..share(worker, count) {
            open.push(AsyncPgConnection::establish(url).await?);
        }
        Ok(Self {
            open,
            next: Cell::new(0),
        })
    }

    fn pipe(&self) -> Result<&AsyncPgConnection, Failure> {
        let next = self.next.get();
        self.next.set(next.wrapping_add(1));
        self.open
            .get(next % self.open.len().max(1))
            .ok_or_else(|| "no connection".into())
    }

    /// The person and what they hold, both statements sent at once.
    pub(crate) async fn two(&self, number: u32) -> Result<Record, Failure> {
        let pipe = self.pipe()?;
        let id = learner(number);
        let (mut one, mut other) = (pipe, pipe);
        let person = person!(id).get_result::<LearnerRow>(&mut one);
        let held = held!(id).load::<HeldTuple>(&mut other);
        let (person, held) = futures_util::future::try_join(person, held).await?;
        Ok((person, held.into_iter().map(one_held).collect()))
    }

    /// Both in one statement.
    pub(crate) async fn whole(&self, number: u32) -> Result<Record, Failure> {
        let id = learner(number);
        let mut pipe = self.pipe()?;
        let rows = whole!(id).load::<WholeTuple>(&mut pipe).await?;
        whole_record(rows).ok_or_else(|| "a learner is missing".into())
    }
}
