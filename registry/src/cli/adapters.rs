//! `registry adapters`, and `registry adapters check`, whose printing stands in `adapters/`.

mod check;

use super::output::Output;
use crate::action::import::read::options;
use crate::adapter;
use crate::config::Config;
use crate::error::Error;
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// The adapters that can be loaded.
#[derive(Args)]
pub(super) struct Adapters {
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Subcommand)]
enum Task {
    /// Run the conformance kit against one library
    Check(check::Check),
}

impl Adapters {
    pub(super) fn run(self, config: &Config, output: &Output) -> Result<ExitCode, Error> {
        match self.task {
            None => list(config, output),
            Some(Task::Check(check)) => check.run(config, output),
        }
    }
}

fn list(config: &Config, output: &Output) -> Result<ExitCode, Error> {
    let options = options(config);
    let found = adapter::list(&options);
    let places: Vec<String> = options
        .directories
        .iter()
        .map(|place| place.display().to_string())
        .collect();
    if found.is_empty() {
        output.line(&format!(
            "No adapter in {}. Name other folders with adapters.directories.",
            places.join(", ")
        ));
    }
    let mut documents = Vec::new();
    for one in found {
        let path = one.path.display().to_string();
        match one.descriptor {
            Ok(adapter) => {
                let (major, minor) = adapter.abi;
                output.line(&format!(
                    "{:<14} {:<10} ABI {major}.{minor}  {}\n{:14} {path}\n{:14} sha256 {}",
                    adapter.name,
                    adapter.version,
                    adapter.formats.join(", "),
                    "",
                    "",
                    one.digest
                ));
                if let Some(missing) = &one.unconfined {
                    output.line(&format!("{:14} not fully confined: {missing}", ""));
                }
                documents.push(serde_json::json!({"name": adapter.name, "version": adapter.version,
                    "abi": format!("{major}.{minor}"), "formats": adapter.formats, "sdk": adapter.sdk_version,
                    "compiler": adapter.compiler, "recordSchema": adapter.record_schema, "digest": one.digest, "path": path,
                    "unconfined": one.unconfined}));
            }
            Err(fault) => {
                output.line(&format!("{path}\n{:14} cannot be used: {fault}", ""));
                documents.push(serde_json::json!({"path": path, "digest": one.digest,
                    "error": {"code": fault.code().as_str(), "message": fault.to_string()}}));
            }
        }
    }
    output.document(&serde_json::json!({"adapters": documents, "directories": places}))?;
    Ok(ExitCode::SUCCESS)
}
