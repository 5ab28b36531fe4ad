//! What a command prints: for people, or with `--json` one document on standard output, last.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the one place that prints"
)]

use crate::error::Error;
use schema::Language;
use serde::Serialize;

/// Where and how a command prints.
pub(super) struct Output {
    json: bool,
}

impl Output {
    pub(super) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether a machine reads.
    pub(super) fn json(&self) -> bool {
        self.json
    }

    /// A line for people: on standard output, or out of the way where a machine reads.
    pub(super) fn line(&self, text: &str) {
        if self.json {
            eprintln!("{text}");
        } else {
            println!("{text}");
        }
    }

    /// The result itself, whoever reads.
    pub(super) fn text(&self, text: &str) {
        println!("{text}");
    }

    /// The one document of `--json`.
    pub(super) fn document(&self, value: &impl Serialize) -> Result<(), Error> {
        if self.json {
            println!("{}", serde_json::to_string(value).map_err(Error::internal)?);
        }
        Ok(())
    }

    /// Something that people should know while it happens.
    pub(super) fn aside(&self, text: &str) {
        eprintln!("{text}");
    }

    /// A failure, also as a document where a machine reads.
    pub(super) fn error(&self, error: &Error) {
        let message = match error {
            Error::Configuration { .. } => error.to_string(),
            _ => error.message(Language::English),
        };
        eprintln!("error: {message}");
        if self.json {
            println!(
                "{}",
                serde_json::json!({"error": {"code": error.code().as_str(), "message": message}})
            );
        }
    }
}
