//! `registry import`: the same import that the push address runs, and taking one back.

use super::output::Output;
use super::progress::Shown;
use super::token::recognition_number;
use crate::action::import::spool::{Spooling, sweep};
use crate::action::import::{Mode, Origin, Push, Report, carry_out, report, undo};
use crate::app::{App, Clock};
use crate::config::Config;
use crate::db::Id;
use crate::error::Error;
use crate::model::import_job::{JobRow, State};
use clap::{Args, Subcommand};
use schema::{Code, Language, RecognitionNumber};
use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// How many issues are printed.
const PRINTED: i64 = 50;

const EXAMPLES: &str = "Examples:
  registry import --adapter csv --awarding-body RN5217 results.csv --dry-run
  registry import --adapter lrs learning-events.xml
  registry import undo import_019ab3c4d5e67f8091a2b3c4d5e6f708";

const UNDO_HELP: &str = "\
What this import alone told goes, and the records that it touched are concluded anew: awards that nobody else told of, \
and learners of whom nothing else is known, go too. What another import told as well stays, as that one's. What a later \
import or a correction changed stays too and is listed with the code changed-since; take the later import back first, \
and then this one again. The counts stay those of what the import did. Killed, it goes on when the same command is typed \
again, or with the next start of the server. The file can be imported again afterwards.

Exit codes: 0 taken back; 1 nothing to take back, nothing changed; 3 taken back, but what was changed later stays.";

/// Import a result file, or take an import back.
#[derive(Args)]
#[command(subcommand_negates_reqs = true, after_long_help = EXAMPLES)]
pub(super) struct Import {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    file: Option<ImportFile>,
}

#[derive(Subcommand)]
enum Command {
    /// Take one whole import back, except where a later one has changed the same result
    #[command(after_long_help = UNDO_HELP)]
    Undo {
        /// The import, as its report names it: import_…
        #[arg(value_name = "JOB", value_parser = job)]
        job: Id,
    },
}

fn job(text: &str) -> Result<Id, String> {
    Id::read("import", text)
        .ok_or_else(|| "an import is import_ and 32 hexadecimal digits".to_owned())
}

impl Import {
    pub(super) fn run(self, config: Config, output: &Output) -> Result<ExitCode, Error> {
        match (self.command, self.file) {
            (Some(Command::Undo { job }), None) => undone(config, job, output),
            (None, Some(file)) => file.run(config, output),
            _ => Err(Error::with(
                Code::InputInvalid,
                "Give either a file to import, or undo and the import to take back.",
            )),
        }
    }
}

/// Takes an import back.
fn undone(config: Config, job: Id, output: &Output) -> Result<ExitCode, Error> {
    let app = App::open(config, Clock::system())?;
    let (job, left) = undo::undo(&app, job, &Shown::new())?;
    tell(&app, &job, output)?;
    if left > 0 {
        output.line(&format!(
            "{left} of its statements stay, since they were changed later."
        ));
        return Ok(ExitCode::from(3));
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints what became of a job.
fn tell(app: &App, job: &JobRow, output: &Output) -> Result<(), Error> {
    let most = if output.json() { i64::MAX } else { PRINTED };
    let told = report(app, job, true, most, Language::English)?;
    print(&told, output);
    output.document(&told)
}

/// A file to import.
#[derive(Args)]
struct ImportFile {
    /// The adapter that reads the file; `registry adapters` lists them
    #[arg(long, value_name = "NAME")]
    adapter: String,
    /// The awarding body whose own results these are. Leave it out for what is not one body's push: learning
    /// events, transcripts
    #[arg(long, value_name = "RN", value_parser = recognition_number)]
    awarding_body: Option<RecognitionNumber>,
    /// The file; - reads standard input. The same command on the same file goes on where a killed one stopped
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Change nothing; tell what would become of the records
    #[arg(long)]
    dry_run: bool,
    /// What becomes of the import where a record is rejected
    #[arg(long, value_enum, default_value_t = Mode::Partial)]
    mode: Mode,
    /// Merge the file although it looks wrong as a whole. Without this a file of which most records are rejected,
    /// or which withdraws much of what the body ever told, is held: the import fails with import-quarantined and
    /// nothing is merged ([quarantine] in the configuration has the thresholds)
    #[arg(long)]
    despite_quarantine: bool,
    /// Your own key for this push: the same key and file again is the same import
    #[arg(long, value_name = "K")]
    idempotency_key: Option<String>,
}

impl ImportFile {
    fn run(self, config: Config, output: &Output) -> Result<ExitCode, Error> {
        let app = App::open(config, Clock::system())?;
        let origin = self.awarding_body.map_or(Origin::Operator, Origin::Body);
        let asked = Asked {
            adapter: self.adapter,
            origin,
            mode: self.mode,
            dry_run: self.dry_run,
            despite_quarantine: self.despite_quarantine,
            idempotency_key: self.idempotency_key,
        };
        let job = if self.file.as_os_str() == "-" {
            asked.import(&app, std::io::stdin().lock())?
        } else {
            let file = File::open(&self.file).map_err(|error| {
                Error::with(
                    Code::InputInvalid,
                    format!("{}: {error}", self.file.display()),
                )
            })?;
            asked.import(&app, file)?
        };
        tell(&app, &job, output)?;
        Ok(match job.state() {
            State::Done => ExitCode::SUCCESS,
            State::DoneWithIssues => ExitCode::from(3),
            _ => ExitCode::FAILURE,
        })
    }
}

/// What an import on the command line asks for.
pub(super) struct Asked {
    pub(super) adapter: String,
    pub(super) origin: Origin,
    pub(super) mode: Mode,
    pub(super) dry_run: bool,
    pub(super) despite_quarantine: bool,
    pub(super) idempotency_key: Option<String>,
}

impl Asked {
    /// Imports what `input` gives, to its end.
    pub(super) fn import(self, app: &Arc<App>, input: impl std::io::Read) -> Result<JobRow, Error> {
        // A name that is no adapter is told before a large file is copied.
        let options = crate::action::import::read::options(&app.config);
        app.adapters
            .find(&options, &self.adapter)
            .map_err(|fault| Error::with(fault.code(), fault.to_string()))?;
        sweep(app)?;
        let mut spooling = Spooling::begin(&app.config, app.config.server.import_limit)?;
        spooling.copy(input)?;
        let push = Push {
            caller: "operator".to_owned(),
            origin: self.origin,
            adapter: self.adapter,
            mode: self.mode,
            dry_run: self.dry_run,
            despite_quarantine: self.despite_quarantine,
            idempotency_key: self.idempotency_key,
            file: spooling.finish()?,
        };
        carry_out(app, &push, &Shown::new(), &AtomicBool::new(false))
    }
}

fn print(told: &Report, output: &Output) {
    let counts = &told.counts;
    if told.dry_run {
        output.line("Dry run: nothing was changed. This is what would become of the records:");
    }
    output.line(&format!("import     {}  {}", told.id, told.state));
    for (name, count) in [
        ("records", counts.records),
        ("created", counts.created),
        ("updated", counts.updated),
        ("promoted", counts.promoted),
        ("withdrawn", counts.withdrawn),
        ("reinstated", counts.reinstated),
        ("unchanged", counts.unchanged),
        ("rejected", counts.rejected),
        ("for a person", counts.needs_person),
    ] {
        if count > 0 || name == "records" {
            output.line(&format!("{name:<12} {count:>10}"));
        }
    }
    for issue in &told.issues {
        let mut place = String::new();
        if let Some(row) = issue.row {
            place = format!("row {row}");
        }
        if let Some(column) = issue.column {
            place = format!("{place} column {column}");
        }
        if let Some(path) = &issue.path {
            place = format!("{place} {path}");
        }
        if let Some(offset) = issue.offset {
            place = format!("{place} byte {offset}");
        }
        output.line(&format!(
            "{:<7} {} [{}] {}",
            issue.severity.to_lowercase(),
            place.trim(),
            issue.code,
            issue.message
        ));
    }
    let listed = i64::try_from(told.issues.len()).unwrap_or(i64::MAX);
    if told.issue_count > listed {
        output.line(&format!(
            "… and {} more; --json lists all.",
            told.issue_count - listed
        ));
    }
    if let Some(error) = &told.error {
        output.aside(&format!("error: {} ({})", error.message, error.code));
    }
}
