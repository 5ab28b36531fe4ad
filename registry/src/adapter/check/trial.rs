//! One run of the library in a worker, and what came of it.

use super::{Kit, Progress};
use crate::adapter::host::run_sealed;
use crate::adapter::{Fault, Options, Sink, SinkClosed, Summary};
use chrono::NaiveDate;
use prost::Message;
use schema::PersonKnown;
use schema::wire::{Position, ResultBatch, ResultRecord};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Seek, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What came of one run.
pub(super) struct Trial {
    pub(super) ended: Result<Summary, Fault>,
    pub(super) taken: Taken,
    /// Bytes of the file that the adapter took, also where it failed.
    pub(super) read: u64,
    pub(super) time: Duration,
}

impl Trial {
    /// Runs the adapter over bytes. `Err` is a failing of the machine, never of the adapter.
    pub(super) fn run(
        kit: &Kit<'_>,
        limits: &Options,
        options: &str,
        file: &[u8],
    ) -> Result<Self, Fault> {
        let problem = "writing a file";
        let mut input = tempfile::tempfile().map_err(Fault::host(problem))?;
        input.write_all(file).map_err(Fault::host(problem))?;
        Self::over(kit, limits, options, input, Taken::new(kit.asked.today))
    }

    /// Runs it over a file that is there, with a sink of one's own.
    pub(super) fn over(
        kit: &Kit<'_>,
        limits: &Options,
        options: &str,
        input: File,
        mut taken: Taken,
    ) -> Result<Self, Fault> {
        let problem = "reading a file";
        let mut place = input.try_clone().map_err(Fault::host(problem))?;
        let length = input.metadata().map_err(Fault::host(problem))?.len();
        let (wish, began) = (Arc::clone(&taken.wish), Instant::now());
        let sink = &mut taken;
        let ended = match run_sealed(limits, &kit.library, options, input, length, sink, &wish) {
            Err(fault @ (Fault::Host { .. } | Fault::SandboxUnavailable { .. })) => {
                return Err(fault);
            }
            ended => ended,
        };
        let time = began.elapsed();
        let read = place.stream_position().map_err(Fault::host(problem))?;
        Ok(Self {
            ended,
            taken,
            read,
            time,
        })
    }

    /// How it failed, where it neither read the file nor refused it in words.
    pub(super) fn failure(&self) -> Option<String> {
        match &self.ended {
            Ok(_) => None,
            Err(fault @ Fault::Refused { code, .. }) if !fault.has_words() => {
                Some(format!("It refused the file ({code}) without words."))
            }
            Err(Fault::Refused { .. }) => None,
            Err(fault) => Some(self.told(fault)),
        }
    }

    /// A fault, with the beginning of what the adapter itself wrote about it.
    pub(super) fn told(&self, fault: &Fault) -> String {
        told(fault, &self.taken.log)
    }
}

/// A fault, with the beginning of a log. It may quote the file, which is its author's own here.
pub(super) fn told(fault: &Fault, log: &str) -> String {
    const MOST: usize = 400;
    let log: String = log.chars().take(MOST).collect();
    match log.trim() {
        "" => fault.to_string(),
        log => format!("{fault} It wrote: {}", log.replace('\n', " | ")),
    }
}

/// Takes what an adapter hands over.
pub(super) struct Taken {
    pub(super) today: NaiveDate,
    pub(super) records: Sha256,
    pub(super) issues: Sha256,
    pub(super) said: Said,
    /// It was asked to end, did not, and was killed.
    pub(super) killed: bool,
    pub(super) log: String,
    /// Set to end the run; by the sink itself with the first thing that comes, where `hasty`.
    pub(super) wish: Arc<AtomicBool>,
    pub(super) hasty: bool,
    /// Only counts: for huge files.
    pub(super) counting: bool,
    /// The size of a huge file, and who hears how far it is read.
    pub(super) size: u64,
    pub(super) heard: Option<Progress>,
}

impl Taken {
    pub(super) fn new(today: NaiveDate) -> Self {
        Self {
            today,
            records: Sha256::new(),
            issues: Sha256::new(),
            said: Said::default(),
            killed: false,
            log: String::new(),
            wish: Arc::default(),
            hasty: false,
            counting: false,
            size: 0,
            heard: None,
        }
    }

    /// What tells all records and all issues from others, each in their order.
    pub(super) fn digest(&self) -> [Vec<u8>; 2] {
        [&self.records, &self.issues].map(|one| one.clone().finalize().to_vec())
    }

    fn came(&self) {
        if self.hasty {
            self.wish.store(true, Ordering::Relaxed);
        }
    }
}

impl Sink for Taken {
    fn batch(&mut self, bytes: Vec<u8>, count: u32) -> Result<(), SinkClosed> {
        self.came();
        if self.counting {
            self.said.records += u64::from(count);
            return Ok(());
        }
        // Batches one after the other are one batch: how they were divided does not show.
        self.records.update(&bytes);
        match ResultBatch::decode(bytes.as_slice()) {
            Ok(batch) => batch
                .records
                .iter()
                .for_each(|record| self.said.record(record, self.today)),
            Err(_) => self.said.undecodable += u64::from(count),
        }
        Ok(())
    }

    fn issue(&mut self, issue: sdk::Issue) -> Result<(), SinkClosed> {
        self.came();
        self.issues.update(format!("{issue:?}\n"));
        self.said.issue(&issue);
        Ok(())
    }

    fn progress(&mut self, bytes_read: u64) {
        self.came();
        if let Some(heard) = &self.heard {
            heard("huge", bytes_read >> 20, self.size >> 20);
        }
    }

    fn log(&mut self, text: &str) {
        text.clone_into(&mut self.log);
    }

    fn killed(&mut self) {
        self.killed = true;
    }
}

/// What is noted of records and issues. No word of the file is kept.
#[derive(Default, Clone)]
pub(super) struct Said {
    pub(super) records: u64,
    pub(super) issues: u64,
    /// Bytes of the largest record.
    pub(super) largest: usize,
    /// Records that are no protobuf.
    pub(super) undecodable: u64,
    /// Records without a position, and the number of the first in its file.
    pub(super) placeless: (u64, u64),
    /// Codes of issues without a position, and of those without words.
    pub(super) placeless_issues: BTreeMap<String, u64>,
    pub(super) wordless_issues: BTreeMap<String, u64>,
    /// Records that name no person.
    pub(super) nameless: u64,
    /// Codes of the registry's own checks with field, how many records, and where the first is.
    pub(super) rejected: BTreeMap<String, (u64, String)>,
}

impl Said {
    fn record(&mut self, record: &ResultRecord, today: NaiveDate) {
        self.records += 1;
        self.largest = self.largest.max(record.encoded_len());
        let position = record.position.clone().unwrap_or_default();
        if !is_known(&position) {
            if self.placeless.0 == 0 {
                self.placeless.1 = self.records;
            }
            self.placeless.0 += 1;
        }
        let known = schema::read(record, today, PersonKnown::FromRecord);
        let rejection = match known {
            Ok(_) => return,
            Err(_) => match schema::read(record, today, PersonKnown::Elsewhere) {
                Ok(_) => {
                    self.nameless += 1;
                    return;
                }
                Err(rejection) => rejection,
            },
        };
        let kind = format!("{} ({})", rejection.code.as_str(), rejection.field);
        let entry = self
            .rejected
            .entry(kind)
            .or_insert_with(|| (0, place(&position)));
        entry.0 += 1;
    }

    fn issue(&mut self, issue: &sdk::Issue) {
        self.issues += 1;
        let mut note = |codes: fn(&mut Self) -> &mut BTreeMap<String, u64>| {
            *codes(self).entry(issue.code.clone()).or_default() += 1;
        };
        if !is_known(&issue.position) {
            note(|said| &mut said.placeless_issues);
        }
        if issue.message.trim().is_empty() {
            note(|said| &mut said.wordless_issues);
        }
    }

    /// Adds what another run said.
    pub(super) fn add(&mut self, other: &Self) {
        if self.placeless.0 == 0 {
            self.placeless.1 = other.placeless.1;
        }
        self.placeless.0 += other.placeless.0;
        self.records += other.records;
        self.issues += other.issues;
        self.largest = self.largest.max(other.largest);
        self.undecodable += other.undecodable;
        self.nameless += other.nameless;
        for (ours, theirs) in [
            (&mut self.placeless_issues, &other.placeless_issues),
            (&mut self.wordless_issues, &other.wordless_issues),
        ] {
            for (code, count) in theirs {
                *ours.entry(code.clone()).or_default() += count;
            }
        }
        for (kind, (count, first)) in &other.rejected {
            let entry = self.rejected.entry(kind.clone());
            entry.or_insert_with(|| (0, first.clone())).0 += count;
        }
    }
}

fn is_known(position: &Position) -> bool {
    position.row != 0 || position.offset_plus_one != 0 || !position.path.is_empty()
}

/// A position in words.
fn place(position: &Position) -> String {
    let mut words = Vec::new();
    if position.row != 0 {
        words.push(format!("row {}", position.row));
    }
    if position.column != 0 {
        words.push(format!("column {}", position.column));
    }
    if !position.path.is_empty() {
        words.push(position.path.clone());
    }
    if let Some(byte) = position.byte() {
        words.push(format!("byte {byte}"));
    }
    match words.is_empty() {
        true => "an unknown place".to_owned(),
        false => words.join(" "),
    }
}
