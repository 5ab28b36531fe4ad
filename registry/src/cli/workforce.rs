//! `registry workforce`.

use super::output::Output;
use crate::action::workforce::publish;
use crate::app::{App, Clock};
use crate::config::Config;
use crate::error::Error;
use clap::{Args, Subcommand};
use schema::Date;
use std::process::ExitCode;

const WHAT: &str = "\
Counts everybody who held a post on the day, once, at the post that began last, by sector, role, level, professional status
and area, beside the posts needed and the places to learn that are stated of the day: of each source what it said last by
then, and those of several sources together. Levels and statuses are as they are known now.

Groups of 1 to 4 people are rounded before any table is made, counts of up to 7 are not told, others are told to the nearest
five. Nothing else is kept. A published day never changes: load posts first (registry employment import).

An example:
  registry workforce publish --on 2026-09-01";

/// Publish figures of the workforce.
#[derive(Args)]
#[command(after_long_help = WHAT)]
pub(super) struct Workforce {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Publish the figures of a day, for good
    #[command(after_long_help = WHAT)]
    Publish {
        /// The day, today or before
        #[arg(long, value_name = "DATE", value_parser = day)]
        on: Date,
    },
}

fn day(text: &str) -> Result<Date, String> {
    schema::parse_date(text).map_err(|error| error.to_string())
}

impl Workforce {
    pub(super) fn run(self, config: &Config, output: &Output) -> Result<ExitCode, Error> {
        let Command::Publish { on } = self.command;
        let app = App::open(config.clone(), Clock::system())?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .map_err(Error::internal)?;
        let framework = runtime.block_on(app.framework())?;
        let published = publish(&app, &framework, on)?;
        output.line(&format!(
            "{on}: {} tables of {} rows; in {} the number of people is not told",
            published.tables, published.rows, published.suppressed
        ));
        if published.too_large > 0 {
            output.line(&format!(
                "{} tables have more rows than are published",
                published.too_large
            ));
        }
        output.document(&published)?;
        Ok(ExitCode::SUCCESS)
    }
}
