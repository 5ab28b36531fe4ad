//! How long work shows itself: a bar on a terminal, plain lines elsewhere.

use crate::action::import::Progress;
use crate::action::import::undo::Undoing;
use crate::model::import_job::JobRow;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

/// Between two plain lines.
const LINES: Duration = Duration::from_secs(5);

/// The progress of an import, or of other long work.
pub(super) struct Shown {
    bar: Option<ProgressBar>,
    said: Mutex<Instant>,
}

impl Shown {
    pub(super) fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            if let Ok(style) =
                ProgressStyle::with_template("{msg:12} {bar:40} {percent:>3} %  {elapsed}")
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

    /// So many of so many learners are made.
    pub(super) fn generating(&self, done: u64, all: u64) {
        self.draw("making", done, all, (done, "learners"));
    }

    /// So many of so many people are asked about.
    pub(super) fn asking(&self, done: u64, all: u64) {
        self.draw("asking", done, all, (done, "people"));
    }

    /// A check is so far.
    pub(super) fn checking(&self, check: &'static str, done: u64, all: u64) {
        self.draw(check, done, all, (done, "done"));
    }

    fn show(&self, what: &'static str, done: i64, all: i64, records: i64) {
        let [done, all, records] =
            [done, all, records].map(|number| u64::try_from(number).unwrap_or(0));
        self.draw(what, done, all, (records, "records"));
    }

    fn draw(&self, what: &'static str, done: u64, all: u64, (count, things): (u64, &str)) {
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
                .aside(&format!("{what}: {percent} %, {count} {things}"));
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

impl Undoing for Shown {
    fn undoing(&self, done: i64, all: i64) {
        self.show("undoing", done, all, done);
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
