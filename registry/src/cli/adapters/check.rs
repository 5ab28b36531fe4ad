//! `registry adapters check`: prints what the conformance kit finds.

use super::super::output::Output;
use super::super::progress::Shown;
use super::super::token::recognition_number;
use crate::action::import::read::options;
use crate::adapter::check::{Asked, Line, Sample, Verdict, run};
use crate::adapter::{self, Found};
use crate::app::Clock;
use crate::config::Config;
use crate::error::Error;
use clap::Args;
use schema::{Code, RecognitionNumber};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Duration;

/// Samples are read into memory, and run hundreds of times.
const LARGEST: u64 = 8 << 20;

const ABOUT: &str = "Each check is a line: PASSED, FAILED with what to do, or SKIPPED with why. The library runs in a \
worker, as an import runs it. Exit codes: 0 nothing failed; 1 something did; 2 wrong usage. Without --sample only what \
any file can show is checked.";

/// Run the conformance kit against one library.
#[derive(Args)]
#[command(after_help = ABOUT)]
pub(super) struct Check {
    /// The library that the build made, target/release/lib….so; or the name of an adapter that is listed
    #[arg(value_name = "LIBRARY")]
    library: PathBuf,
    /// A file that the adapter reads, of some kilobytes; give several, good ones and flawed ones
    #[arg(long = "sample", value_name = "FILE", num_args = 1..)]
    samples: Vec<PathBuf>,
    /// The adapter's options as TOML [default: its table of the configuration]
    #[arg(long, value_name = "FILE")]
    options: Option<PathBuf>,
    /// The same, as text
    #[arg(long, value_name = "TOML", conflicts_with = "options")]
    options_text: Option<String>,
    /// The awarding body as which it is run, with the options of the configuration
    #[arg(long, value_name = "RN", value_parser = recognition_number)]
    awarding_body: Option<RecognitionNumber>,
    /// Seconds in which samples are cut off, and in which they are damaged at random
    #[arg(long, default_value_t = 10, value_name = "N")]
    seconds: u64,
    /// The size of the huge file in MiB, and the memory in which it must be read
    #[arg(long, default_value_t = 64, value_name = "MIB", value_parser = clap::value_parser!(u64).range(1..65536))]
    huge: u64,
    /// Where the damage at random begins
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
    /// A folder into which the file is written that the adapter fails at
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

impl Check {
    pub(super) fn run(self, config: &Config, output: &Output) -> Result<ExitCode, Error> {
        let limits = options(config);
        let found = if self.library.is_file() {
            adapter::ask(&limits, &self.library)
        } else {
            Some(self.by_name(&limits)?)
        };
        let samples = self.samples.iter().map(|path| sample(path));
        let samples: Vec<Sample> = samples.collect::<Result<_, _>>()?;
        let shown = Shown::new();
        let asked = Asked {
            options: self.table(config, found.as_ref())?,
            samples,
            time: Duration::from_secs(self.seconds),
            huge: self.huge << 20,
            seed: self.seed,
            keep: self.keep.clone(),
            today: Clock::system().now().date(),
            progress: Rc::new(move |check, done, all| shown.checking(check, done, all)),
        };
        let lines = run(&limits, found.as_ref(), &asked)
            .map_err(|fault| Error::with(fault.code(), fault.to_string()))?;
        // A bar on the terminal goes with it.
        drop(asked);
        self.print(found.as_ref(), &lines, output)
    }

    /// An adapter that is listed, where no file is meant.
    fn by_name(&self, limits: &adapter::Options) -> Result<Found, Error> {
        let name = self.library.to_str().unwrap_or_default();
        let is_name = !name.contains(['/', '.']);
        let none = || {
            Error::with(
                Code::InputInvalid,
                format!("{}: there is no such file.", self.library.display()),
            )
        };
        if !is_name {
            return Err(none());
        }
        adapter::find(limits, name).map_err(|fault| Error::with(fault.code(), fault.to_string()))
    }

    /// The adapter's options: those given, or what the configuration has under its name.
    fn table(&self, config: &Config, found: Option<&Found>) -> Result<String, Error> {
        if let Some(path) = &self.options {
            return std::fs::read_to_string(path).map_err(|error| unreadable(path, &error));
        }
        if let Some(text) = &self.options_text {
            return Ok(text.clone());
        }
        let name = found.and_then(|found| Some(found.descriptor.as_ref().ok()?.name.as_str()));
        let body = self.awarding_body.as_ref().map(ToString::to_string);
        config.adapter_table(name.unwrap_or_default(), body.as_deref())
    }

    fn print(
        &self,
        found: Option<&Found>,
        lines: &[Line],
        output: &Output,
    ) -> Result<ExitCode, Error> {
        for line in lines {
            let word = match line.result {
                Verdict::Passed => "PASSED",
                Verdict::Failed => "FAILED",
                Verdict::Skipped => "SKIPPED",
            };
            output.line(&format!("{word:<8}{:<14}{}", line.check, line.message));
            if let Some(advice) = &line.advice {
                output.line(&format!("{:22}{advice}", ""));
            }
        }
        let count = |result| lines.iter().filter(|line| line.result == result).count();
        let (passed, failed, skipped) = (
            count(Verdict::Passed),
            count(Verdict::Failed),
            count(Verdict::Skipped),
        );
        output.line(&format!(
            "\n{passed} passed, {failed} failed, {skipped} skipped."
        ));
        if self.samples.is_empty() && failed == 0 {
            output.aside(
                "NOT CHECKED, since no --sample was given: whether it reads its own format, and everything that needs \
                 a file of it. Give small files that it reads: --sample FILE…",
            );
        }
        let adapter = found.and_then(|found| found.descriptor.as_ref().ok());
        output.document(&serde_json::json!({
            "library": found.map_or(self.library.as_path(), |found| found.path.as_path()).display().to_string(),
            "digest": found.map(|found| found.digest.as_str()),
            "name": adapter.map(|adapter| adapter.name.as_str()),
            "version": adapter.map(|adapter| adapter.version.as_str()),
            "samples": self.samples.len(), "passed": passed, "failed": failed, "skipped": skipped, "checks": lines,
        }))?;
        Ok(if failed > 0 {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }
}

fn sample(path: &Path) -> Result<Sample, Error> {
    let length = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    if length > LARGEST {
        return Err(Error::with(
            Code::InputInvalid,
            format!(
                "{}: a sample has at most {} MiB; a small one finds more.",
                path.display(),
                LARGEST >> 20
            ),
        ));
    }
    Ok(Sample {
        name: path.file_name().map_or_else(
            || path.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        ),
        bytes: std::fs::read(path).map_err(|error| unreadable(path, &error))?,
    })
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::with(Code::InputInvalid, format!("{}: {error}", path.display()))
}
