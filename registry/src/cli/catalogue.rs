//! `registry catalogue`.

use super::output::Output;
use crate::action::catalogue::{Conflict, Format, Imported, conflicts, import, import_early_years};
use crate::action::framework::{self, Issue, TableFile};
use crate::app::{App, Clock};
use crate::config::Config;
use crate::error::Error;
use clap::builder::PossibleValue;
use clap::{Args, Subcommand, ValueEnum};
use schema::Code;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Load the framework, and registers of organisations and qualifications.
#[derive(Args)]
pub(super) struct Catalogue {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Load tables of the framework, or extracts of a register; safe to repeat
    ///
    /// Tables of the framework are taken together: each file replaces its table as a whole, and where anything in
    /// any of them is wrong, or does not fit the tables that stay, nothing changes.
    Import {
        /// What the files are
        #[arg(long, value_enum)]
        format: Files,
        /// The files; of the framework any of its tables, each known by its heading, or none for the shipped sample
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// List where the sources of the catalogue disagree about level, title or awarding body of a qualification
    Conflicts,
}

/// What files can be.
#[derive(Debug, Clone, Copy)]
enum Files {
    Framework,
    Extract(Format),
}

impl ValueEnum for Files {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self::Framework,
            Self::Extract(Format::OfqualOrganisations),
            Self::Extract(Format::OfqualQualifications),
            Self::Extract(Format::DfeEarlyYears),
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Self::Framework => {
                let help = "Tables of the framework: sectors, roles, units, rules, standards and more, as registry/framework/data/README.md says";
                Some(PossibleValue::new("framework").help(help))
            }
            Self::Extract(format) => format.to_possible_value(),
        }
    }
}

impl Catalogue {
    pub(super) fn run(self, config: &Config, output: &Output) -> Result<ExitCode, Error> {
        let (format, files) = match self.command {
            Command::Import { format, files } => (format, files),
            Command::Conflicts => return disagreements(config, output),
        };
        match format {
            Files::Framework => tables(config, &files, output),
            Files::Extract(_) if files.is_empty() => {
                let words = "Name the files; only the framework has a sample that is shipped.";
                Err(Error::with(Code::InputInvalid, words))
            }
            Files::Extract(format) => extracts(config, format, &files, output),
        }
    }
}

fn extracts(
    config: &Config,
    format: Format,
    paths: &[PathBuf],
    output: &Output,
) -> Result<ExitCode, Error> {
    let app = App::open(config.clone(), Clock::system())?;
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
        let files: Vec<(String, File)> = paths
            .iter()
            .map(|path| Ok((path.display().to_string(), open(path)?)))
            .collect::<Result<_, Error>>()?;
        let reports = import_early_years(&app.db, files)?;
        for (path, imported) in paths.iter().zip(reports) {
            tell(path, imported)?;
        }
    } else {
        for path in paths {
            let imported = import(&app.db, format, open(path)?);
            let named = |error: Error| error.of_file(&path.display().to_string());
            tell(path, imported.map_err(named)?)?;
        }
    }
    output.document(&serde_json::json!({"files": documents}))?;
    Ok(code(rejected > 0))
}

fn disagreements(config: &Config, output: &Output) -> Result<ExitCode, Error> {
    let app = App::open(config.clone(), Clock::system())?;
    let found = app
        .db
        .read_blocking(|connection| conflicts(connection, None))?;
    for conflict in &found {
        output.line(&told(conflict));
    }
    output.line(&format!("{} disagreements", found.len()));
    output.document(&serde_json::json!({"conflicts": found}))?;
    Ok(ExitCode::SUCCESS)
}

fn tables(config: &Config, files: &[PathBuf], output: &Output) -> Result<ExitCode, Error> {
    let tables = if files.is_empty() {
        TableFile::shipped()
    } else {
        files
            .iter()
            .map(|path| table(path))
            .collect::<Result<_, _>>()?
    };
    let app = App::open(config.clone(), Clock::system())?;
    let imported = framework::import(&app.db, app.clock.now(), tables)?;
    for file in &imported.files {
        output.line(&format!(
            "{}: {} rows, {} new or changed, {} unchanged, {} gone, {} rejected",
            file.file, file.rows, file.new_or_changed, file.unchanged, file.removed, file.rejected
        ));
        file.issues.iter().for_each(|issue| tell(issue, output));
    }
    if !imported.issues.is_empty() {
        output.line("Tables that are loaded and would no longer fit:");
        imported.issues.iter().for_each(|issue| tell(issue, output));
    }
    if imported.is_rejected() {
        output.line("Nothing was changed.");
    }
    output.document(&serde_json::to_value(&imported).map_err(Error::internal)?)?;
    Ok(code(imported.is_rejected()))
}

fn table(path: &Path) -> Result<TableFile, Error> {
    let mut content = Vec::new();
    // One byte more than is taken tells that it is too large.
    let most = u64::try_from(framework::LARGEST).map_or(u64::MAX, |most| most.saturating_add(1));
    open(path)?
        .take(most)
        .read_to_end(&mut content)
        .map_err(|error| unreadable(path, &error))?;
    Ok(TableFile {
        name: path.display().to_string(),
        content,
    })
}

fn tell(issue: &Issue, output: &Output) {
    let table = issue
        .table
        .map(|table| format!("{table}, "))
        .unwrap_or_default();
    let column = issue.column.as_ref();
    let column = column
        .map(|column| format!(", column {column}"))
        .unwrap_or_default();
    output.line(&format!(
        "  {table}row {}{column} [{}] {}",
        issue.row, issue.code, issue.message
    ));
}

fn open(path: &Path) -> Result<File, Error> {
    File::open(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::with(Code::InputInvalid, format!("{}: {error}", path.display()))
}

fn code(rejected: bool) -> ExitCode {
    if rejected {
        ExitCode::from(3)
    } else {
        ExitCode::SUCCESS
    }
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
