//! How long work shows itself: a bar on a terminal, plain lines elsewhere.

use crate::action::import::Progress;
use crate::model::import_job::JobRow;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

/// Between two plain lines.
const LINES: Duration = Duration::from_secs(5);

/// The progress of an import.
pub(super) struct Shown {
    bar: Option<ProgressBar>,
    said: Mutex<Instant>,
}

impl Shown {
    pub(super) fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            if let Ok(style) =
                ProgressStyle::with_template("{msg:8} {bar:40} {percent:>3} %  {elapsed}")
            {
                bar.set_style(style);
            }
            bar
        });
        Self {
            bar,
            said: Mutex::new(Instant::now()),
        }
    }

    fn show(&self, what: &'static str, done: i64, all: i64, records: i64) {
        let (done, all) = (
            u64::try_from(done).unwrap_or(0),
            u64::try_from(all).unwrap_or(0),
        );
        if let Some(bar) = &self.bar {
            bar.set_message(what);
            bar.set_length(all.max(1));
            bar.set_position(done);
            return;
        }
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.elapsed() >= LINES {
            *said = Instant::now();
            let percent = done
                .saturating_mul(100)
                .checked_div(all.max(1))
                .unwrap_or(0);
            super::output::Output::new(true)
                .aside(&format!("{what}: {percent} %, {records} records"));
        }
    }
}

impl Progress for Shown {
    fn reading(&self, job: &JobRow) {
        self.show(
            "reading",
            job.bytes_read,
            job.bytes_total.unwrap_or(0),
            job.records,
        );
    }

    fn merging(&self, job: &JobRow, done: i64, all: i64) {
        self.show("merging", done, all, job.records);
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
