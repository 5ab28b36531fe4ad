//! The trait that an adapter implements, and what it can say besides records.

use crate::{Input, Output, Position, Severity};

/// One source's format. See the crate's documentation for where it runs and what it may do.
pub trait Adapter: Sized {
    /// The adapter's name, which is the `{adapter}` of `/imports/{adapter}`: small letters, digits and
    /// hyphens, at most 40.
    const NAME: &'static str;
    /// The adapter's own version.
    const VERSION: &'static str;
    /// The media types it reads, separated by commas.
    const FORMATS: &'static str;

    /// Makes an adapter from its table of the configuration, a TOML document that may be empty. The
    /// registry adds a table `import` with `awarding_body` where the push is one body's.
    ///
    /// # Errors
    /// A [`Stop`] that says which key is wrong and what is allowed.
    fn new(config: &str) -> Result<Self, Stop>;

    /// Reads the whole input and hands over what it holds, in the order of the source. A record that
    /// cannot be read is an issue, not a reason to stop; `Err` is for a file of which nothing can be used.
    ///
    /// # Errors
    /// A [`Stop`] where the file as a whole cannot be read or must not be.
    fn run(&mut self, input: &mut Input<'_>, output: &mut Output<'_>) -> Result<(), Stop>;
}

/// Why an adapter gives up on a file. Nothing of the file is imported then.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// A stable code, kebab-case, at most 64 bytes.
    pub code: String,
    /// Plain words, at most 500 bytes, without personal data.
    pub message: String,
    /// Where in the file, where that is known.
    pub position: Position,
    /// The host asked to end, or could take no more: not the adapter's own decision.
    pub cancelled: bool,
}

impl Stop {
    /// A stop with a code and plain words.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            position: Position::default(),
            cancelled: false,
        }
    }

    /// The same with a place.
    #[must_use]
    pub fn at(mut self, position: Position) -> Self {
        self.position = position;
        self
    }

    /// The stop that a host's refusal becomes.
    #[must_use]
    pub fn cancelled() -> Self {
        Self {
            cancelled: true,
            ..Self::new("cancelled", "The import was cancelled.")
        }
    }
}

/// Failing to read the input: with the registry as host it means that the import is ending.
impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::new(
            "input-unreadable",
            format!("The input could not be read: {}.", error.kind()),
        )
    }
}

/// Something about one record or place that a person should know.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// An error rejects the record it speaks of; a warning does not.
    pub severity: Severity,
    /// A stable code, kebab-case, at most 64 bytes.
    pub code: String,
    /// Plain words, at most 500 bytes, without personal data.
    pub message: String,
    /// Where in the file.
    pub position: Position,
}

impl Issue {
    /// An error: the record at `position` is rejected.
    pub fn error(code: impl Into<String>, message: impl Into<String>, position: Position) -> Self {
        Self {
            severity: Severity::Error,
            code: code.into(),
            message: message.into(),
            position,
        }
    }

    /// A warning.
    pub fn warning(
        code: impl Into<String>,
        message: impl Into<String>,
        position: Position,
    ) -> Self {
        Self {
            severity: Severity::Warning,
            code: code.into(),
            message: message.into(),
            position,
        }
    }
}
