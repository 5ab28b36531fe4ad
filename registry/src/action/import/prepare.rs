//! Preparing: what can be made of staged batches before the database is asked whom and what they are about.
//! A thread of its own does it, so that the next batches are decoded and checked while those before them
//! are merged.

use super::merge::Merge;
use crate::app::App;
use crate::db::{Engine, Id};
use crate::error::Error;
use crate::model::import_job::{self, JobRow};
use crate::model::source;
use chrono::NaiveDate;
use prost::Message;
use prost::bytes::Bytes;
use schema::wire::{EncodedBatch, Position, ResultRecord};
use schema::{Code, Content, PersonKnown, Statement, UlnChange};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};

/// Staged batches that are merged together, ready for it.
pub(super) struct Prepared {
    /// How many staged batches they are.
    pub(super) batches: i64,
    pub(super) records: Vec<Ready>,
    /// What became of ULNs.
    pub(super) changes: Vec<(Position, UlnChange)>,
    /// Records that no longer pass the checks, and why.
    pub(super) rejected: Vec<(Code, Option<Position>)>,
}

/// A record that passed the checks.
pub(super) struct Ready {
    pub(super) position: Position,
    /// The adapter's bytes.
    pub(super) encoded: Bytes,
    pub(super) digest: [u8; 32],
    pub(super) statement: Statement,
}

/// Prepared batches in their order, two steps ahead of the merging at most.
pub(super) struct Ahead {
    prepared: Receiver<Result<Prepared, Error>>,
    /// Whether somebody waits for the writer meanwhile.
    others: Arc<AtomicBool>,
    /// The number after the last of them.
    pub(super) end: i64,
}

impl Ahead {
    /// The job's batches of these numbers, as far as there are such.
    ///
    /// # Errors
    /// [`Error`] where the database does not answer or no thread can be started.
    pub(super) fn start(app: &App, job: &JobRow, ordinals: Range<i64>) -> Result<Self, Error> {
        let id = job.id;
        let sizes = app
            .db
            .read_blocking(move |connection| Ok(import_job::staged_sizes(connection, id)?))?;
        let start = ordinals.start;
        let staged = i64::try_from(sizes.len()).map_err(Error::internal)?;
        let end = ordinals.end.min(staged);
        let place = |ordinal: i64| usize::try_from(ordinal).map_err(Error::internal);
        let sizes = sizes.get(place(start)?..place(end)?).unwrap_or_default();
        let sizes = sizes.to_vec();
        let (engine, others) = (app.db.engine(), Arc::<AtomicBool>::default());
        let waited_for = others.clone();
        let (sender, prepared) = sync_channel(1);
        let work = Work {
            job: id,
            submitter: job.submitter.clone(),
            day: job.received_at.date(),
            person: Merge::person_known(job.learner_id),
        };
        let db = app.db.clone();
        let body = move || {
            let mut from = start;
            let mut left = sizes.as_slice();
            while !left.is_empty() {
                let most = most(engine, waited_for.load(Ordering::Relaxed));
                let (step, rest) = left.split_at(together(left, most));
                let batches = i64::try_from(step.len()).unwrap_or(i64::MAX);
                let step = from..from.saturating_add(batches);
                (from, left) = (step.end, rest);
                let rows = db.read_blocking(move |connection| {
                    Ok(import_job::staged(connection, id, step.clone())?)
                });
                let ready = rows.and_then(|rows| work.prepare(rows));
                let failed = ready.is_err();
                // Nobody waits any more where merging has failed.
                if sender.send(ready).is_err() || failed {
                    return;
                }
            }
        };
        std::thread::Builder::new()
            .name("import-ahead".to_owned())
            .spawn(body)
            .map_err(Error::internal)?;
        Ok(Self {
            prepared,
            others,
            end,
        })
    }

    /// Says whether somebody waited for the writer while the last batches were merged.
    pub(super) fn others_wait(&self, wait: bool) {
        self.others.store(wait, Ordering::Relaxed);
    }

    /// The next batches.
    ///
    /// # Errors
    /// [`Error`] where they could not be read.
    pub(super) fn next(&self) -> Result<Prepared, Error> {
        self.prepared
            .recv()
            .unwrap_or_else(|_| Err(Error::internal("a staged batch is missing")))
    }
}

/// How many records are merged in one transaction. On PostgreSQL the more the better, up to some
/// thousands: round trips are what costs. On SQLite everybody who writes waits for the one writer: while
/// somebody does, steps are so small that most wait for less than a tenth of a second.
fn most(engine: Engine, others_wait: bool) -> i64 {
    match (engine, others_wait) {
        (Engine::Sqlite, true) => 200,
        (Engine::Sqlite, false) => 700,
        (Engine::Postgres, _) => 2000,
    }
}

/// How many bytes of records are merged in one transaction: they are in memory in several forms, three steps at a
/// time, and an import may not hold much, whatever its records are.
const MOST_BYTES: i64 = 2 << 20;

/// How many of the next batches, of so many records and bytes each, make a step of some `most` records.
fn together(sizes: &[(i32, i32)], most: i64) -> usize {
    let (mut records, mut bytes) = (0, 0);
    let fits = sizes.iter().take_while(|size| {
        records += i64::from(size.0);
        bytes += i64::from(size.1);
        records <= most && bytes <= MOST_BYTES
    });
    fits.count().max(1)
}

struct Work {
    job: Id,
    submitter: String,
    day: NaiveDate,
    person: PersonKnown,
}

impl Work {
    fn prepare(&self, rows: Vec<import_job::BatchRow>) -> Result<Prepared, Error> {
        let mut prepared = Prepared {
            batches: i64::try_from(rows.len()).map_err(Error::internal)?,
            records: Vec::new(),
            changes: Vec::new(),
            rejected: Vec::new(),
        };
        if rows.is_empty() {
            return Err(Error::internal(format_args!(
                "import {}: a staged batch is missing",
                self.job
            )));
        }
        for row in rows {
            let batch = EncodedBatch::decode(Bytes::from(row.content)).map_err(Error::internal)?;
            prepared.records.reserve(batch.records.len());
            for encoded in batch.records {
                let record = ResultRecord::decode(encoded.clone()).map_err(Error::internal)?;
                match schema::read(&record, self.day, self.person) {
                    Ok(Content::UlnChange(change)) => {
                        let position = record.position.unwrap_or_default();
                        prepared.changes.push((position, change));
                    }
                    Ok(Content::Award(checked)) => prepared.records.push(Ready {
                        position: record.position.clone().unwrap_or_default(),
                        encoded,
                        digest: source::digest(&self.submitter, record),
                        statement: checked.statement,
                    }),
                    Err(rejection) => prepared.rejected.push((rejection.code, record.position)),
                }
            }
        }
        Ok(prepared)
    }
}

#[cfg(test)]
mod tests {
    use super::together;

    #[test]
    fn batches_are_put_together_up_to_the_limit_and_never_torn_apart() {
        let small = |records: &[i32]| -> Vec<(i32, i32)> {
            records.iter().map(|records| (*records, 100)).collect()
        };
        assert_eq!(together(&small(&[4, 4, 4, 20]), 10), 2);
        assert_eq!(together(&small(&[20, 1]), 10), 1);
        assert_eq!(together(&small(&[1, 9, 1]), 10), 2);
        assert_eq!(together(&small(&[3]), 10), 1);
        assert_eq!(together(&[(1, 1 << 20), (1, 1 << 20), (1, 1)], 10), 2);
        assert_eq!(together(&[(1, 3 << 20), (1, 1)], 10), 1);
    }
}
