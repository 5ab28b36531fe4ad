//! `registry framework`: the framework's questions about everybody, written to a table.

use super::output::Output;
use super::progress::Shown;
use super::whole_file::WholeFile;
use crate::action::framework::batch::{self, Counts, Question};
use crate::app::{App, Clock};
use crate::config::Config;
use crate::error::Error;
use clap::{Args, Subcommand};
use schema::{Date, parse_date};
use serde::Serialize;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const COLUMNS: &str = "\
What FILE has, a heading first, people in the order of their identifiers (no names; `learner(id: …)` finds them again):
  nearest          learner, place (1 is the nearest), qualification (number), credits_remaining (the least still to be
                   gained), decided (no: credits_remaining is a lower bound, since the search was cut short)
  standing         learner, role, meets (YES, NO, UNDETERMINED), met and missing (codes of requirements, parted by |)
  counts-in-ratio  learner, outcome (YES, NO, UNDETERMINED), counts_at (6, 3, 2, and 0 for unqualified, parted by |),
                   must_also_hold (rules that ask for more before another level, parted by |)

FILE appears when it is complete; until then, and where the command fails, what stood there stays. Only what is final and
a body's or a trusted recorder's word counts. Nothing is declared here, so what only people say stays open.

An example:
  registry framework nearest --sector education --first 3 --out nearest.csv
  registry framework standing --role ta-l3 --on 2026-09-01 --out standing.csv
  registry framework counts-in-ratio --out ratio.csv";

/// Hold everybody's record against the framework's rules, and write the answers to a table.
#[derive(Args)]
#[command(after_long_help = COLUMNS)]
pub(super) struct Framework {
    #[command(subcommand)]
    command: Command,
}

/// Where the answers go, and of which day they are.
#[derive(Args)]
struct Written {
    /// The table to write
    #[arg(long, value_name = "FILE.csv")]
    out: PathBuf,
    /// The day in question, YYYY-MM-DD; of an earlier day records as they stood then [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<Date>,
}

#[derive(Subcommand)]
enum Command {
    /// Which qualifications everybody is closest to and has not completed
    #[command(after_long_help = COLUMNS)]
    Nearest {
        /// Only qualifications of this sector
        #[arg(long, value_name = "SECTOR")]
        sector: Option<String>,
        /// How many for each
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=100))]
        first: u8,
        #[command(flatten)]
        written: Written,
    },
    /// Whether everybody meets what a role asks
    #[command(after_long_help = COLUMNS)]
    Standing {
        /// The role's code, such as ta-l3
        #[arg(long, value_name = "CODE")]
        role: String,
        #[command(flatten)]
        written: Written,
    },
    /// Whether everybody counts in the early-years ratios
    #[command(after_long_help = COLUMNS)]
    CountsInRatio {
        #[command(flatten)]
        written: Written,
    },
}

fn day(text: &str) -> Result<Date, String> {
    parse_date(text).map_err(|error| error.to_string())
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    out: &'a Path,
    on: Date,
    #[serde(flatten)]
    counts: Counts,
}

impl Framework {
    pub(super) fn run(self, config: Config, output: &Output) -> Result<ExitCode, Error> {
        let (question, written) = match self.command {
            Command::Nearest {
                sector,
                first,
                written,
            } => {
                let first = usize::from(first);
                (Question::Nearest { sector, first }, written)
            }
            Command::Standing { role, written } => (Question::Standing { role }, written),
            Command::CountsInRatio { written } => (Question::CountsInRatio, written),
        };
        let app = App::open(config, Clock::system())?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .map_err(Error::internal)?;
        let prepared = runtime.block_on(async {
            let framework = app.framework().await?;
            app.engines.prepare(framework).await
        })?;
        let on = written.on.unwrap_or_else(|| app.clock.now().date());
        let out = written.out.as_path();
        let failed = |error: &std::io::Error| Error::file(out, error);
        let kept = WholeFile::begin(out).map_err(|error| {
            Error::configuration("--out", format!("cannot be written: {error}"))
        })?;
        let shown = Shown::new();
        let mut writer = BufWriter::new(kept);
        let counts = batch::run(
            &app,
            &prepared,
            &question,
            on,
            &mut writer,
            &mut |done, all| {
                shown.asking(done, all);
            },
        )?;
        drop(shown);
        writer.flush().map_err(|error| failed(&error))?;
        let kept = writer.into_inner().map_err(|error| failed(error.error()))?;
        kept.finish(out).map_err(|error| failed(&error))?;
        output.line(&format!(
            "{}: {} people, {} rows, as of {on}",
            out.display(),
            counts.learners,
            counts.rows
        ));
        output.document(&Report { out, on, counts })?;
        Ok(ExitCode::SUCCESS)
    }
}
