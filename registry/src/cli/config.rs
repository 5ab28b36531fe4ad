//! `registry config`.

use super::output::Output;
use crate::config::{Loaded, document, shown};
use crate::error::Error;
use clap::Args;
use std::process::ExitCode;

/// Print the configuration.
#[derive(Args)]
pub(super) struct Configuration {
    /// Print a file to begin with instead: every key with its meaning and its default
    #[arg(long)]
    pub(super) example: bool,
}

/// Prints every key as TOML, with the place that says so; secrets are covered.
pub(super) fn run(loaded: &Loaded, output: &Output) -> Result<ExitCode, Error> {
    let rows = shown(loaded);
    if output.json() {
        let origins: serde_json::Map<String, serde_json::Value> = rows
            .into_iter()
            .map(|(key, _, origin)| (key, origin.into()))
            .collect();
        output.document(
            &serde_json::json!({"configuration": document(loaded), "origins": origins}),
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    for (key, value, origin) in rows {
        output.text(&format!("{key} = {value}  # {origin}"));
    }
    Ok(ExitCode::SUCCESS)
}
