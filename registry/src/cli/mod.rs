//! The command line: every command in one list, a file each.

mod adapters;
mod catalogue;
mod config;
mod demo;
mod doctor;
mod employment;
mod export;
mod framework;
mod generate;
mod import;
mod match_;
mod migrate;
mod output;
mod progress;
mod serve;
mod token;
mod verify;
mod whole_file;
mod workforce;

use crate::config::{Loaded, Overrides};
use crate::error::Error;
use clap::{Args, Parser, Subcommand};
use output::Output;
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
    /// Import a result file, as a push over HTTP would, or take an import back
    Import(import::Import),
    /// Load registers of organisations and qualifications
    Catalogue(catalogue::Catalogue),
    /// Load posts that people hold, posts that are needed, and places to learn for them
    Employment(employment::Employment),
    /// Publish figures of the workforce
    Workforce(workforce::Workforce),
    /// Export a learner's record, signed, in forms that others accept
    Export(export::Export),
    /// Verify an exported document, or one of another issuer that the configuration lists, without a database
    Verify(verify::Verify),
    /// List the adapters that can be loaded, or check one
    Adapters(adapters::Adapters),
    /// Sign a token with the built-in issuer, for development and machine clients
    Token(token::Token),
    /// Write invented people and their results, as files for every adapter
    Generate(generate::Generate),
    /// Say who in one or two files of people is one person, with the probability and why
    Match(match_::Match),
    /// Hold everybody's record against the framework's rules, and write the answers to a table
    Framework(framework::Framework),
    /// Print the GraphQL schema
    Schema,
    /// Print the configuration that is in force, and where each value comes from
    Config(config::Configuration),
    /// Check database, schema, adapters, sandbox, keys, clock, folders and issuers, and change nothing
    Doctor,
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let output = Output::new(arguments.global.json);
    let code = match run(arguments, &output) {
        Ok(code) => code,
        Err(error) => {
            output.error(&error);
            ExitCode::from(error.exit_code())
        }
    };
    output.end(code)
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
        Loaded::read(global.config.as_deref(), overrides)
    };
    if let Command::Schema = command {
        output.text(crate::graphql::sdl().trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Config(configuration) = &command
        && configuration.example
    {
        output.text(crate::config::EXAMPLE.trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let loaded = load()?;
    if let Command::Config(_) = command {
        return config::run(&loaded, output);
    }
    let config = loaded.config;
    let traces = serves || matches!(command, Command::Demo(_));
    // Held until the command ends: the last spans are sent then.
    let _telemetry = crate::telemetry::start(&config, serves, traces)?;
    match command {
        Command::Demo(demo) => demo.run(config, output),
        Command::Serve(serve) => serve.run(config, output),
        Command::Migrate => migrate::run(&config, output),
        Command::Import(import) => import.run(config, output),
        Command::Catalogue(catalogue) => catalogue.run(&config, output),
        Command::Employment(employment) => employment.run(&config, output),
        Command::Workforce(workforce) => workforce.run(&config, output),
        Command::Export(export) => export.run(config, output),
        Command::Verify(verify) => verify.run(&config, output),
        Command::Adapters(adapters) => adapters.run(&config, output),
        Command::Token(token) => token.run(&config, output),
        Command::Generate(generate) => generate.run(output),
        Command::Match(matching) => matching.run(&config, output),
        Command::Framework(framework) => framework.run(config, output),
        Command::Doctor => Ok(doctor::run(&config, &crate::app::Clock::system(), output)),
        Command::Schema | Command::Config(_) => Ok(ExitCode::SUCCESS),
    }
}
