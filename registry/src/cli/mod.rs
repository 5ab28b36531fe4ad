//! The command line: every command in one list, a file each.

mod adapters;
mod catalogue;
mod demo;
mod generate;
mod import;
mod migrate;
mod output;
mod progress;
mod serve;
mod token;

use crate::config::{Config, LogFormat, Overrides};
use crate::error::Error;
use clap::{Args, Parser, Subcommand};
use output::Output;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

/// A registry of qualifications and achievements for the children and young people's workforce.
///
/// Awarding bodies push result files through adapters into one record per person; practitioners read their
/// record; employers verify it by GraphQL. Start with `registry demo`.
#[derive(Parser)]
#[command(name = "registry", version, after_help = EXIT_CODES)]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 failed, nothing changed; 2 wrong usage or configuration; \
3 done, but some records were rejected or need a person.\n\nEvery key of the configuration can also be set in the \
environment: server.import_limit is REGISTRY_SERVER__IMPORT_LIMIT.";

/// What every command takes.
#[derive(Args, Clone)]
struct Global {
    /// The configuration file [default: registry.toml where it exists]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The database: sqlite://PATH or postgres://USER@HOST/NAME [default: sqlite://DATA-DIR/registry.db]
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// Where keys, files on their way in and the embedded database are kept [default: data]
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Print one JSON document on standard output, last; everything else goes to standard error
    #[arg(long, global = true)]
    json: bool,
}

/// Every command.
#[derive(Subcommand)]
enum Command {
    /// Fill a fresh embedded database with invented people and serve it, with a token and a query to try
    Demo(demo::Demo),
    /// Serve GraphQL and the push address
    Serve(serve::Serve),
    /// Bring the database to this version's schema
    Migrate,
    /// Import a result file, as a push over HTTP would
    Import(import::Import),
    /// Load registers of organisations and qualifications
    Catalogue(catalogue::Catalogue),
    /// List the adapters that can be loaded
    Adapters,
    /// Sign a token with the built-in issuer, for development and machine clients
    Token(token::Token),
    /// Write invented people and their results, as files for every adapter
    Generate(generate::Generate),
    /// Print the GraphQL schema
    Schema,
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let output = Output::new(arguments.global.json);
    match run(arguments, &output) {
        Ok(code) => code,
        Err(error) => {
            output.error(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, Error> {
    let Arguments { global, command } = arguments;
    let listen = match &command {
        Command::Demo(demo) => demo.listen.clone(),
        Command::Serve(serve) => serve.listen.clone(),
        _ => None,
    };
    let serves = matches!(command, Command::Serve(_));
    let load = || {
        let overrides = Overrides {
            database: global.database.clone(),
            data_dir: global.data_dir.clone(),
            listen,
        };
        Config::load(global.config.as_deref(), overrides)
    };
    if let Command::Schema = command {
        output.text(crate::graphql::sdl().trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let config = load()?;
    start_log(&config, serves)?;
    match command {
        Command::Demo(demo) => demo.run(config, output),
        Command::Serve(serve) => serve.run(config, output),
        Command::Migrate => migrate::run(&config, output),
        Command::Import(import) => import.run(config, output),
        Command::Catalogue(catalogue) => catalogue.run(&config, output),
        Command::Adapters => adapters::run(&config, output),
        Command::Token(token) => token.run(&config, output),
        Command::Generate(generate) => generate.run(output),
        Command::Schema => Ok(ExitCode::SUCCESS),
    }
}

/// Log events go to standard error. A command that a person runs shows only what went wrong, unless more is
/// asked for.
fn start_log(config: &Config, serves: bool) -> Result<(), Error> {
    let asked = config.log.level != crate::config::Log::default().level;
    let level = if serves || asked {
        config.log.level.as_str()
    } else {
        "warn"
    };
    let filter = tracing_subscriber::EnvFilter::try_new(level)
        .map_err(|error| Error::configuration("log.level", format!("is no filter: {error}")))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let started = match config.log.format {
        LogFormat::Json if serves => builder
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .try_init(),
        _ => builder.try_init(),
    };
    started.map_err(Error::internal)
}
