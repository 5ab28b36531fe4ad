//! What an import of the framework's tables answers.

use framework::catalogue::RowError;
use schema::{Code, Severity};
use serde::Serialize;

/// The most issues of a table that are listed; all are counted.
const LISTED: usize = 1000;

/// What became of the files of one command: all of it happened, or nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// Each file.
    pub files: Vec<TableReport>,
    /// What is wrong with tables that are stored and not among the files, now that those would change.
    pub issues: Vec<Issue>,
}

/// What became of one file. A row of it is new or changed, unchanged, or rejected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableReport {
    /// The file.
    pub file: String,
    /// Which table it is.
    pub table: Option<&'static str>,
    /// The rows with something in them, without the heading.
    pub rows: u64,
    /// Rows that the table did not have before.
    pub new_or_changed: u64,
    /// Rows that it had.
    pub unchanged: u64,
    /// Rows that it had and has no more: a table is replaced as a whole.
    pub removed: u64,
    /// Rows that could not be taken: all, where anything in any file is wrong.
    pub rejected: u64,
    /// How many issues there were.
    pub issue_count: u64,
    /// The first thousand of them.
    pub issues: Vec<Issue>,
}

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Issue {
    /// The table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<&'static str>,
    /// The row, as a spreadsheet counts: the heading is row 1.
    pub row: u64,
    /// The column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// How much it matters.
    pub severity: &'static str,
    /// The stable code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
}

impl Imported {
    /// Whether nothing was taken.
    #[must_use]
    pub fn is_rejected(&self) -> bool {
        !self.issues.is_empty() || self.files.iter().any(|file| file.issue_count > 0)
    }

    /// Notes what is wrong, with the file where it stands.
    pub(super) fn tell(&mut self, faults: Vec<RowError>) {
        for fault in faults {
            let issue = Issue::of(&fault);
            let mut files = self.files.iter_mut();
            match files.find(|file| file.table == Some(fault.table)) {
                Some(file) => file.note(issue),
                None if self.issues.len() < LISTED => self.issues.push(issue),
                None => {}
            }
        }
    }

    /// Counts every row of every file as rejected.
    pub(super) fn reject(&mut self) {
        for file in &mut self.files {
            file.rejected = file.rows;
            (file.new_or_changed, file.unchanged, file.removed) = (0, 0, 0);
        }
    }
}

impl TableReport {
    /// Notes something that is wrong with the file.
    pub(super) fn note(&mut self, issue: Issue) {
        self.issue_count += 1;
        if self.issues.len() < LISTED {
            self.issues.push(issue);
        }
    }
}

impl Issue {
    fn of(fault: &RowError) -> Self {
        Self {
            table: Some(fault.table),
            row: u64::try_from(fault.row).unwrap_or(u64::MAX),
            column: fault.column.clone(),
            ..Self::new(0, Code::InputInvalid, fault.fault.to_string())
        }
    }

    /// What is wrong with a file of which it is not known which table it is.
    pub(super) fn new(row: u64, code: Code, message: impl Into<String>) -> Self {
        Self {
            table: None,
            row,
            column: None,
            severity: Severity::Error.as_str(),
            code: code.as_str(),
            message: message.into(),
        }
    }
}
