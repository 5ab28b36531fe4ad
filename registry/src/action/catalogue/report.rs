//! What an import of an extract answers.

use super::conflict::Conflict;
use schema::{Code, Severity};
use serde::{Serialize, Serializer};

/// The most issues that are listed; all are counted.
const LISTED: usize = 1000;

/// What became of an extract. Every row is new or changed, unchanged, or rejected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// The rows with something in them, without the headings.
    pub rows: u64,
    /// Rows that the registry did not have, or had otherwise.
    pub new_or_changed: u64,
    /// Rows that said what the registry had; also the second of two titles that differ in nothing but
    /// their availability.
    pub unchanged: u64,
    /// Rows of an extract that gives titles without numbers; they are among the others.
    pub titles: u64,
    /// Rows that could not be taken.
    pub rejected: u64,
    /// Qualifications of this extract whose owner is named and not known by number. They are completed
    /// when the organisations are imported, unless two bodies go by that name.
    pub owners_unresolved: u64,
    /// Qualifications, stored before, whose owner became known through this extract of organisations.
    pub owners_completed: u64,
    /// How many issues there were.
    pub issue_count: u64,
    /// The first thousand of them.
    pub issues: Vec<Issue>,
    /// In how many facts of what was imported the catalogue's sources disagree.
    pub conflict_count: u64,
    /// The first thousand of them; of files that are imported together they stand with the last.
    pub conflicts: Vec<Conflict>,
}

/// What is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Issue {
    /// The row, as a spreadsheet counts: the headings are row 1.
    pub row: u64,
    /// Whether the row was rejected, or counts and a person should know.
    #[serde(serialize_with = "severity")]
    pub severity: Severity,
    /// The stable code.
    #[serde(serialize_with = "code")]
    pub code: Code,
    /// What is wrong in this row.
    pub message: String,
}

impl Imported {
    /// Notes something about a row that counts.
    pub(super) fn warn(&mut self, row: u64, code: Code, message: String) {
        self.note(row, Severity::Warning, code, message);
    }

    /// Tells where sources disagree about what was imported.
    pub(super) fn disagree(&mut self, mut conflicts: Vec<Conflict>) {
        self.conflict_count = u64::try_from(conflicts.len()).unwrap_or(u64::MAX);
        conflicts.truncate(LISTED);
        self.conflicts = conflicts;
    }

    /// Counts a row as rejected and says why.
    pub(super) fn reject(&mut self, row: u64, rejection: Rejection) {
        self.rejected += 1;
        self.note(row, Severity::Error, rejection.code, rejection.message);
    }

    fn note(&mut self, row: u64, severity: Severity, code: Code, message: String) {
        self.issue_count += 1;
        if self.issues.len() < LISTED {
            self.issues.push(Issue {
                row,
                severity,
                code,
                message,
            });
        }
    }
}

/// Why a row cannot be taken.
pub(super) struct Rejection {
    pub(super) code: Code,
    pub(super) message: String,
}

impl Rejection {
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

fn severity<S: Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(severity.as_str())
}

fn code<S: Serializer>(code: &Code, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(code.as_str())
}
