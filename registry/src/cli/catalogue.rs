//! `registry catalogue`.

use super::output::Output;
use crate::action::catalogue::{Format, import};
use crate::app::{App, Clock};
use crate::config::Config;
use crate::error::Error;
use clap::{Args, Subcommand};
use schema::Code;
use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;

/// Load registers of organisations and qualifications.
#[derive(Args)]
pub(super) struct Catalogue {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Load extracts of a register; safe to repeat
    Import {
        /// What the files are
        #[arg(long, value_enum)]
        format: Format,
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

impl Catalogue {
    pub(super) fn run(self, config: &Config, output: &Output) -> Result<ExitCode, Error> {
        let Command::Import { format, files } = self.command;
        let app = App::open(config.clone(), Clock::system())?;
        let mut documents = Vec::new();
        let mut rejected = 0;
        for path in files {
            let file = File::open(&path).map_err(|error| {
                Error::with(Code::InputInvalid, format!("{}: {error}", path.display()))
            })?;
            let imported = import(&app.db, format, file)?;
            output.line(&format!(
                "{}: {} rows, {} new or changed, {} unchanged, {} titles without a number, {} rejected",
                path.display(),
                imported.rows,
                imported.new_or_changed,
                imported.unchanged,
                imported.titles,
                imported.rejected
            ));
            for issue in &imported.issues {
                output.line(&format!(
                    "  row {} [{}] {}",
                    issue.row, issue.code, issue.message
                ));
            }
            rejected += imported.rejected;
            documents.push(serde_json::to_value(&imported).map_err(Error::internal)?);
        }
        output.document(&serde_json::json!({"files": documents}))?;
        Ok(if rejected > 0 {
            ExitCode::from(3)
        } else {
            ExitCode::SUCCESS
        })
    }
}
