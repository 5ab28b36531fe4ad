//! Reading: the adapter's worker gives batches, each record is checked, and what is good is staged as it
//! came. Nothing of it counts before the adapter has ended well.

use super::claim::Held;
use super::merge::{Merge, issue};
use super::quarantine;
use super::run::Progress;
use super::spool;
use crate::adapter::{self, Fault, Sink, SinkClosed};
use crate::app::App;
use crate::config;
use crate::error::Error;
use crate::model::import_issue::{self, IssueRow};
use crate::model::import_job::{self, BatchRow, JobRow};
use crate::telemetry::TRACE;
use prost::Message;
use prost::bytes::Bytes;
use schema::wire::{EncodedBatch, ResultRecord};
use schema::{Code, Content, Severity, Verb};
use std::fs::File;
use std::io::ErrorKind;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Why reading ended badly.
pub(super) enum Ended {
    /// The adapter, or the file: the job has failed.
    Fault(Fault),
    /// The registry itself: the job can go on later.
    Error(Error),
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Reads the job's file from its beginning and stages what it holds; a file that looks wrong as a whole ends
/// badly here, before anything of it is merged.
pub(super) fn read(
    app: &App,
    bulk: &mut Held,
    job: &mut JobRow,
    progress: &dyn Progress,
    cancel: &AtomicBool,
) -> Result<(), Ended> {
    let path = spool::path(&app.config, job.id);
    let input = File::open(&path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Error::from(Code::SpoolLost),
        _ => Error::file(&path, &error),
    })?;
    let length = input
        .metadata()
        .map_err(|error| Error::file(&path, &error))?
        .len();
    let options = options(&app.config);
    let found = app.adapters.find(&options, &job.adapter);
    let found = found.map_err(Ended::Fault)?;
    let table = app
        .config
        .adapter_table(&job.adapter, job.awarding_body.as_deref())?;
    let mut staging = Staging {
        bulk,
        job,
        progress,
        pending: Vec::new(),
        withdrawals: 0,
        failure: None,
    };
    let worker = tracing::info_span!(target: TRACE, "worker", adapter = staging.job.adapter);
    let began = Instant::now();
    let ended = worker.in_scope(|| {
        adapter::run(
            &options,
            &found,
            &table,
            input,
            length,
            &mut staging,
            cancel,
        )
    });
    let ending = match &ended {
        Ok(_) => "done",
        Err(fault) => fault.code().as_str(),
    };
    metrics::counter!("registry_worker_runs_total", "ending" => ending).increment(1);
    metrics::histogram!("registry_worker_run_seconds").record(began.elapsed());
    let failure = staging.failure.take();
    match (ended, failure) {
        (_, Some(error)) => Err(Ended::Error(error)),
        (Err(fault), None) => Err(Ended::Fault(fault)),
        (Ok(summary), None) => {
            staging.flush(Vec::new(), 0)?;
            let withdrawals = staging.withdrawals;
            job.bytes_read = i64::try_from(summary.bytes_read).unwrap_or(i64::MAX);
            Ok(quarantine::look(app, job, withdrawals)?)
        }
    }
}

/// The adapters' limits out of the configuration.
#[must_use]
pub(crate) fn options(config: &config::Config) -> adapter::Options {
    let adapters = &config.adapters;
    adapter::Options {
        directories: config.adapter_directories(),
        memory: adapters.memory,
        silence: Duration::from_secs(adapters.silence),
        wall: Duration::from_secs(adapters.time),
        cpu: Duration::from_secs(adapters.time),
        records_max: adapters.records,
        issues_max: adapters.issues,
        sandbox: match adapters.sandbox {
            config::Sandbox::Required => adapter::Sandbox::Required,
            config::Sandbox::BestEffort => adapter::Sandbox::BestEffort,
        },
        worker_program: adapters
            .worker
            .clone()
            .unwrap_or_else(|| adapter::Options::default().worker_program),
        ..adapter::Options::default()
    }
}

struct Staging<'a> {
    bulk: &'a mut Held,
    job: &'a mut JobRow,
    progress: &'a dyn Progress,
    pending: Vec<IssueRow>,
    /// Records that withdraw an award.
    withdrawals: i64,
    failure: Option<Error>,
}

/// How many issues wait before they are stored without a batch.
const ISSUES: usize = 1000;

impl Staging<'_> {
    fn check(&mut self, bytes: Vec<u8>) -> Result<(Vec<u8>, i32), Error> {
        let unreadable = |_| Error::from(Code::AdapterProtocol);
        let bytes = Bytes::from(bytes);
        let mut batch = EncodedBatch::decode(bytes.clone()).map_err(unreadable)?;
        let before = batch.records.len();
        self.job.records += i64::try_from(before).unwrap_or(0);
        let (id, day) = (self.job.id, self.job.received_at.date());
        let person = Merge::person_known(self.job.learner_id);
        let mut issues = Vec::new();
        let mut failed = None;
        let withdrawals = &mut self.withdrawals;
        batch.records.retain(|encoded| {
            let record = match ResultRecord::decode(encoded.clone()) {
                Ok(record) => record,
                Err(error) => {
                    failed = Some(error);
                    return false;
                }
            };
            let position = record.position.as_ref();
            match schema::read(&record, day, person) {
                Ok(Content::UlnChange(_)) => true,
                Ok(Content::Award(checked)) => {
                    if checked.statement.verb == Verb::Withdraw {
                        *withdrawals += 1;
                    }
                    for note in checked.notes {
                        issues.push(at_field(
                            issue(id, Severity::Warning, note.code, position),
                            note.field,
                        ));
                    }
                    true
                }
                Err(rejection) => {
                    issues.push(at_field(
                        issue(id, Severity::Error, rejection.code, position),
                        rejection.field,
                    ));
                    false
                }
            }
        });
        if let Some(error) = failed {
            return Err(unreadable(error));
        }
        self.pending.append(&mut issues);
        let kept = batch.records.len();
        self.job.rejected += i64::try_from(before - kept).unwrap_or(0);
        // Bytes are staged untouched unless something had to be taken out.
        let bytes = if kept == before {
            Vec::from(bytes)
        } else {
            batch.encode_to_vec()
        };
        Ok((bytes, i32::try_from(kept).unwrap_or(i32::MAX)))
    }

    fn flush(&mut self, bytes: Vec<u8>, records: i32) -> Result<(), Error> {
        let mut issues = std::mem::take(&mut self.pending);
        number(self.job, &mut issues);
        let batch = (records > 0).then(|| {
            let row = BatchRow {
                job_id: self.job.id,
                ordinal: self.job.merged_batches,
                records,
                content: bytes,
            };
            // While a job is read this counts what is staged; merging begins again at nothing.
            self.job.merged_batches += 1;
            row
        });
        let row = self.job.clone();
        self.bulk.hurried(move |connection| {
            import_job::stage(connection, batch.as_slice())?;
            import_issue::insert_all(connection, issues)?;
            Ok(import_job::update(connection, &row)?)
        })
    }

    fn take(&mut self, result: Result<(), Error>) -> Result<(), SinkClosed> {
        result.map_err(|error| {
            self.failure = Some(error);
            SinkClosed
        })
    }
}

impl Sink for Staging<'_> {
    fn batch(&mut self, bytes: Vec<u8>, _count: u32) -> Result<(), SinkClosed> {
        let staged = self
            .check(bytes)
            .and_then(|(bytes, records)| self.flush(bytes, records));
        self.progress.reading(self.job);
        self.take(staged)
    }

    fn issue(&mut self, told: sdk::Issue) -> Result<(), SinkClosed> {
        if told.severity == Severity::Error {
            self.job.records += 1;
            self.job.rejected += 1;
        }
        self.pending.push(IssueRow {
            code: told.code,
            message: Some(told.message),
            ..issue(
                self.job.id,
                told.severity,
                Code::RecordUnreadable,
                Some(&told.position),
            )
        });
        if self.pending.len() < ISSUES {
            return Ok(());
        }
        let flushed = self.flush(Vec::new(), 0);
        self.take(flushed)
    }

    fn progress(&mut self, bytes_read: u64) {
        self.job.bytes_read = i64::try_from(bytes_read).unwrap_or(i64::MAX);
        self.progress.reading(self.job);
    }

    fn log(&mut self, text: &str) {
        if !text.is_empty() {
            // The adapter's own words may quote the file: only their length is told.
            tracing::debug!(job = %self.job.id, bytes = text.len(), "the adapter wrote to its log");
        }
    }
}

/// The field is told where the place is a row; a path says it already.
fn at_field(row: IssueRow, field: &str) -> IssueRow {
    IssueRow {
        path: row.path.or_else(|| Some(field.to_owned())),
        ..row
    }
}

/// Gives issues their numbers, and drops those past the most that a report keeps.
pub(super) fn number(job: &mut JobRow, issues: &mut Vec<IssueRow>) {
    const MOST: i64 = 100_000;
    for issue in issues.iter_mut() {
        issue.ordinal = job.issues;
        job.issues += 1;
        if issue.ordinal == MOST {
            issue.code = Code::TooManyIssues.as_str().to_owned();
            issue.message = None;
        }
    }
    issues.retain(|issue| issue.ordinal <= MOST);
}
