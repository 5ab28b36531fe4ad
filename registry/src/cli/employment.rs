//! `registry employment`.

use super::output::Output;
use crate::action::employment::{Imported, Kind, import};
use crate::app::{App, Clock};
use crate::config::Config;
use crate::error::Error;
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const COLUMNS: &str = "\
Each FILE is CSV in UTF-8, its first row the headings, in any order:
  held       uln or learner (the registry's identifier), employer, setting, role, area, from, to, stated_by
  needed     role, area, from, to, posts, stated_by
  provision  role, area, from, to, places (to learn for the role), stated_by

role is a code of the framework's roles (load it first); area a code or name of one's own, the same in all three; from and
to are YYYY-MM-DD, to may be empty; stated_by says whose word it is. setting and to may be left out.

A file is taken whole or not at all: faults are listed by row and column, and the command ends with 1. The same file again
changes nothing. A post of the same person, employer, setting, role, area and first day is the same post: said otherwise
later, it is as it was said last. So are numbers of the same role, area, first day and source.

An example:
  registry employment import --kind held posts-2026.csv";

/// Load posts that people hold, posts that are needed, and places to learn for them.
#[derive(Args)]
#[command(after_long_help = COLUMNS)]
pub(super) struct Employment {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Load tables; safe to repeat
    #[command(after_long_help = COLUMNS)]
    Import {
        /// What the files are of
        #[arg(long, value_enum)]
        kind: Kind,
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

impl Employment {
    pub(super) fn run(self, config: &Config, output: &Output) -> Result<ExitCode, Error> {
        let Command::Import { kind, files } = self.command;
        let app = App::open(config.clone(), Clock::system())?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .map_err(Error::internal)?;
        let framework = runtime.block_on(app.framework())?;
        let mut documents = Vec::new();
        let mut refused = false;
        for path in files {
            let imported = import(&app, &framework, kind, &path)?;
            say(output, &path, &imported);
            refused |= !imported.faults.is_empty();
            let mut document = serde_json::to_value(&imported).map_err(Error::internal)?;
            if let Some(document) = document.as_object_mut() {
                let name = path.display().to_string();
                document.insert("file".to_owned(), name.into());
            }
            documents.push(document);
        }
        output.document(&serde_json::json!({"files": documents}))?;
        Ok(if refused {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }
}

fn say(output: &Output, path: &Path, imported: &Imported) {
    let path = path.display();
    if imported.faults.is_empty() {
        let (rows, new) = (imported.rows, imported.new);
        output.line(&format!("{path}: {rows} rows, {new} new"));
        return;
    }
    let rows = imported.rows;
    let faults = imported.faults.len() as u64 + imported.faults_left_out;
    output.line(&format!(
        "{path}: {faults} faults in {rows} rows; nothing was taken"
    ));
    for fault in &imported.faults {
        let (row, column) = (fault.row, fault.column);
        output.line(&format!(
            "  row {row} {column} [{}] {}",
            fault.code, fault.message
        ));
    }
    if imported.faults_left_out > 0 {
        output.line(&format!("  and {} more", imported.faults_left_out));
    }
}
