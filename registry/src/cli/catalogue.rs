//! `registry catalogue`.

use super::output::Output;
use crate::action::catalogue::{Conflict, Format, Imported, conflicts, import, import_early_years};
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
    /// List where the sources of the catalogue disagree about level, title or awarding body of a qualification
    Conflicts,
}

impl Catalogue {
    pub(super) fn run(self, config: &Config, output: &Output) -> Result<ExitCode, Error> {
        let app = App::open(config.clone(), Clock::system())?;
        match self.command {
            Command::Import { format, files } => load(&app, format, &files, output),
            Command::Conflicts => {
                let read = |connection: &mut _| conflicts(connection, None);
                let found = app.db.read_blocking(read)?;
                for conflict in &found {
                    output.line(&told(conflict));
                }
                output.line(&format!("{} disagreements", found.len()));
                output.document(&serde_json::json!({"conflicts": found}))?;
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

fn load(app: &App, format: Format, paths: &[PathBuf], output: &Output) -> Result<ExitCode, Error> {
    let open = |path: &PathBuf| {
        File::open(path).map_err(|error| {
            Error::with(Code::InputInvalid, format!("{}: {error}", path.display()))
        })
    };
    let mut documents = Vec::new();
    let mut rejected = 0;
    let mut tell = |path: &PathBuf, imported: Imported| -> Result<(), Error> {
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
        for conflict in &imported.conflicts {
            output.line(&format!("  {}", told(conflict)));
        }
        rejected += imported.rejected;
        documents.push(serde_json::to_value(&imported).map_err(Error::internal)?);
        Ok(())
    };
    if format == Format::DfeEarlyYears {
        let files: Vec<File> = paths.iter().map(open).collect::<Result<_, _>>()?;
        let reports = import_early_years(&app.db, files)?;
        for (path, imported) in paths.iter().zip(reports) {
            tell(path, imported)?;
        }
    } else {
        for path in paths {
            tell(path, import(&app.db, format, open(path)?)?)?;
        }
    }
    output.document(&serde_json::json!({"files": documents}))?;
    Ok(if rejected > 0 {
        ExitCode::from(3)
    } else {
        ExitCode::SUCCESS
    })
}

/// A disagreement in a line.
fn told(conflict: &Conflict) -> String {
    let says = conflict.says.iter();
    let says = says.map(|said| format!("{}: {}", said.source, said.value));
    let says: Vec<String> = says.collect();
    format!(
        "{} [{}] {}",
        conflict.number,
        conflict.code.as_str(),
        says.join("; ")
    )
}
