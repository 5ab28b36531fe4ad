//! The conformance kit: `registry adapters check`. It runs one library in workers, as an import would, over good,
//! damaged, empty and huge files, and says of each thing that an adapter must keep to whether this one does. A
//! file a kind of check: what stands in `check/`.

mod advice;
mod cancellation;
mod damaged;
mod descriptor;
mod grow;
mod huge;
mod options;
mod said;
mod same;
mod sample;
mod trial;

use super::host::library;
use super::worker::SealedFile;
use super::{Fault, Found, Options};
use chrono::NaiveDate;
use serde::Serialize;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;
use trial::{Said, Trial};

/// Hears the check that runs, how much of it is done, and how much there is.
pub type Progress = Rc<dyn Fn(&'static str, u64, u64)>;

/// What is to be checked, and how long.
pub struct Asked {
    /// The adapter's table as TOML.
    pub options: String,
    /// Files that the adapter reads.
    pub samples: Vec<Sample>,
    /// How long files are cut off, and how long they are damaged at random.
    pub time: Duration,
    /// The size of the huge file, and the memory in which it must be read, in bytes.
    pub huge: u64,
    /// Where the damage at random begins: the same number damages alike.
    pub seed: u64,
    /// Where a file that an adapter fails at is written.
    pub keep: Option<PathBuf>,
    /// The day by which dates are checked.
    pub today: NaiveDate,
    /// Hears which check runs, and how far it is.
    pub progress: Progress,
}

/// A file that the adapter reads.
pub struct Sample {
    /// What it is called.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// What came of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Verdict {
    /// The adapter keeps to it.
    Passed,
    /// It does not.
    Failed,
    /// It could not be checked.
    Skipped,
}

/// One check, with what came of it.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// Its name.
    pub check: &'static str,
    /// What came of it.
    pub result: Verdict,
    /// What was seen, or why it was skipped.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

/// The checks that need the adapter to have read something, in the order in which they are made and told.
const LATER: [&str; 10] = [
    "determinism",
    "pieces",
    "truncated",
    "empty",
    "hostile",
    "huge",
    "cancellation",
    "positions",
    "issues",
    "records",
];

/// Checks a library that was asked who it is; `None` where it does not carry the adapter's symbol.
///
/// # Errors
/// A [`Fault`] of the machine, which says nothing about the adapter.
pub fn run(limits: &Options, found: Option<&Found>, asked: &Asked) -> Result<Vec<Line>, Fault> {
    let mut lines = Lines::default();
    let Some(found) = descriptor::look(found, &mut lines)? else {
        lines.skip_rest("the library could not be loaded");
        return Ok(lines.0);
    };
    let mut kit = Kit {
        // What is small must be read at once.
        limits: Options {
            silence: limits.silence.min(Duration::from_secs(10)),
            wall: limits.wall.min(Duration::from_secs(60)),
            ..limits.clone()
        },
        library: library(found)?,
        asked,
        said: Said::default(),
    };
    if !options::look(&kit, &mut lines)? {
        lines.skip_rest("its options were not taken");
        return Ok(lines.0);
    }
    let Some(first) = sample::look(&mut kit, &mut lines)? else {
        lines.skip_rest("the adapter failed before that");
        return Ok(lines.0);
    };
    same::look(&mut kit, &first, &mut lines)?;
    damaged::look(&mut kit, &mut lines)?;
    let unit = first.iter().position(|trial| trial.taken.said.records > 0);
    let whole = huge::look(&kit, unit, &mut lines)?;
    cancellation::look(&kit, whole, &mut lines)?;
    said::look(&kit, &first, &mut lines);
    Ok(lines.0)
}

/// What every check needs.
struct Kit<'a> {
    limits: Options,
    library: SealedFile,
    asked: &'a Asked,
    /// What was noted of the records and issues of all runs.
    said: Said,
}

impl Kit<'_> {
    /// Runs the adapter over `file`, as an import would, and notes what it said.
    fn run(&mut self, file: &[u8]) -> Result<Trial, Fault> {
        let trial = Trial::run(self, &self.limits, &self.asked.options, file)?;
        self.said.add(&trial.taken.said);
        Ok(trial)
    }

    fn tell(&self, check: &'static str, done: usize, all: usize) {
        (self.asked.progress)(check, done as u64, all as u64);
    }
}

/// What was found so far.
#[derive(Default)]
struct Lines(Vec<Line>);

impl Lines {
    fn add(
        &mut self,
        check: &'static str,
        result: Verdict,
        message: impl Into<String>,
        advice: Option<String>,
    ) {
        self.0.push(Line {
            check,
            result,
            message: message.into(),
            advice,
        });
    }

    fn passed(&mut self, check: &'static str, message: impl Into<String>) {
        self.add(check, Verdict::Passed, message, None);
    }

    fn failed(
        &mut self,
        check: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.add(check, Verdict::Failed, message, Some(advice.into()));
    }

    fn skipped(&mut self, check: &'static str, why: impl Into<String>) {
        self.add(check, Verdict::Skipped, why, None);
    }

    /// Names every check that was not made.
    fn skip_rest(&mut self, why: &str) {
        let all = ["handshake", "descriptor", "options", "reads"]
            .into_iter()
            .chain(sample::FAULTS)
            .chain(LATER);
        for check in all {
            if !self.0.iter().any(|line| line.check == check) {
                self.skipped(check, why);
            }
        }
    }
}
