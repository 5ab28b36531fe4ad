//! What a command prints: for people, or with `--json` one document on standard output, last. The one place that prints.

use crate::error::Error;
use schema::Language;
use serde::Serialize;
use std::cell::Cell;
use std::io::{self, Write};
use std::process::ExitCode;

/// Where and how a command prints.
pub(super) struct Output {
    json: bool,
    /// Why something could not be printed, the first time.
    failed: Cell<Option<io::Error>>,
}

impl Output {
    pub(super) fn new(json: bool) -> Self {
        Self {
            json,
            failed: Cell::new(None),
        }
    }

    /// How the command ends that would end so: otherwise if what it printed is lost. Who reads no further, as
    /// `head` does, lost nothing.
    pub(super) fn end(&self, code: ExitCode) -> ExitCode {
        match self.failed.take() {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                self.aside(&format!("error: standard output: {error}"));
                ExitCode::FAILURE
            }
            _ => code,
        }
    }

    /// A line on standard output. What goes wrong stops no command half way: it is told at the end.
    fn print(&self, text: &str) {
        if let Err(error) = writeln!(io::stdout(), "{text}") {
            let first = self.failed.take();
            self.failed.set(Some(first.unwrap_or(error)));
        }
    }

    /// Whether a machine reads.
    pub(super) fn json(&self) -> bool {
        self.json
    }

    /// A line for people: on standard output, or out of the way where a machine reads.
    pub(super) fn line(&self, text: &str) {
        if self.json {
            self.aside(text);
        } else {
            self.print(text);
        }
    }

    /// The result itself, whoever reads.
    pub(super) fn text(&self, text: &str) {
        self.print(text);
    }

    /// The one document of `--json`.
    pub(super) fn document(&self, value: &impl Serialize) -> Result<(), Error> {
        if self.json {
            self.print(&serde_json::to_string(value).map_err(Error::internal)?);
        }
        Ok(())
    }

    /// Something that people should know while it happens.
    #[expect(clippy::unused_self, reason = "as all that prints")]
    pub(super) fn aside(&self, text: &str) {
        // There is nobody left to tell that standard error is gone.
        let _ = writeln!(io::stderr(), "{text}");
    }

    /// A failure, also as a document where a machine reads.
    pub(super) fn error(&self, error: &Error) {
        let message = match error {
            Error::Configuration { .. } => error.to_string(),
            _ => error.message(Language::English),
        };
        self.aside(&format!("error: {message}"));
        if self.json {
            let code = error.code().as_str();
            let told = serde_json::json!({"error": {"code": code, "message": message}});
            self.print(&told.to_string());
        }
    }
}
