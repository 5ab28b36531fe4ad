//! The report of an import, as the command line and the address of a job give it.

use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use crate::model::import_issue::{self, IssueRow};
use crate::model::import_job::JobRow;
use schema::{Code, Language};
use serde::Serialize;

/// An import as told to whoever pushed it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The job's identifier.
    pub id: String,
    /// The state, in the words of the contract's `ImportState`.
    pub state: String,
    /// The adapter.
    pub adapter: String,
    /// The body whose push it is.
    pub awarding_body: Option<String>,
    /// SHA-256 of the file, hexadecimal.
    pub digest: String,
    /// Whether nothing was to be changed.
    pub dry_run: bool,
    /// What became of the records.
    pub counts: Counts,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Problem>,
    /// What was noticed, in the order of the file.
    pub issues: Vec<IssueReport>,
    /// How many issues there are, where not all are listed.
    pub issue_count: i64,
}

/// What became of the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names of the contract's ImportCounts")]
pub struct Counts {
    pub records: i64,
    pub created: i64,
    pub updated: i64,
    pub promoted: i64,
    pub withdrawn: i64,
    pub reinstated: i64,
    pub unchanged: i64,
    pub rejected: i64,
    pub needs_person: i64,
}

/// Why an import failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The stable code.
    pub code: String,
    /// Plain words.
    pub message: String,
}

/// An issue as told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssueReport {
    /// `ERROR` or `WARNING`.
    pub severity: String,
    /// The stable code.
    pub code: String,
    /// Plain words.
    pub message: String,
    /// The line of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<i64>,
    /// The column of the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<i32>,
    /// The path in a document, or the field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The byte in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<i64>,
}

impl IssueReport {
    /// The issue in that language; an adapter's own words stay as they are.
    #[must_use]
    pub fn of(row: IssueRow, language: Language) -> Self {
        let known = Code::parse(&row.code).map(|code| code.message(language).to_owned());
        Self {
            severity: row.severity.to_ascii_uppercase(),
            message: row.message.or(known).unwrap_or_default(),
            code: row.code,
            row: row.row_number,
            column: row.column_number,
            path: row.path,
            offset: row.byte_offset,
        }
    }
}

impl Counts {
    /// The counts of a job.
    #[must_use]
    pub fn of(job: &JobRow) -> Self {
        Self {
            records: job.records,
            created: job.created,
            updated: job.updated,
            promoted: job.promoted,
            withdrawn: job.withdrawn,
            reinstated: job.reinstated,
            unchanged: job.unchanged,
            rejected: job.rejected,
            needs_person: job.needs_person,
        }
    }
}

impl Problem {
    /// Why a job failed, in that language where the words are the registry's own.
    #[must_use]
    pub fn of(job: &JobRow, language: Language) -> Option<Self> {
        let code = job.error_code.clone()?;
        let known = Code::parse(&code).map(|code| code.message(language).to_owned());
        let message = match language {
            Language::English => job.error_message.clone().or(known),
            Language::Welsh => known.or_else(|| job.error_message.clone()),
        };
        Some(Self {
            code,
            message: message.unwrap_or_default(),
        })
    }
}

/// The report of a job with at most `most` issues. `restricted_too` adds those about who is who, for
/// stewards and operators.
///
/// # Errors
/// [`Error`] where the issues cannot be read.
pub fn report(
    app: &App,
    job: &JobRow,
    restricted_too: bool,
    most: i64,
    language: Language,
) -> Result<Report, Error> {
    let id: Id = job.id;
    let (rows, issue_count) = app.db.read_blocking(move |connection| {
        let rows = import_issue::of_job(connection, id, restricted_too, None, most)?;
        Ok((rows, import_issue::count(connection, id, restricted_too)?))
    })?;
    Ok(Report::of(job, rows, issue_count, language))
}

impl Report {
    /// The report of a job with these issues.
    #[must_use]
    pub fn of(job: &JobRow, issues: Vec<IssueRow>, issue_count: i64, language: Language) -> Self {
        Self {
            id: job.id.show("import"),
            state: job.state.replace('-', "_").to_ascii_uppercase(),
            adapter: job.adapter.clone(),
            awarding_body: job.awarding_body.clone(),
            digest: job.digest.clone(),
            dry_run: job.dry_run,
            counts: Counts::of(job),
            error: Problem::of(job, language),
            issues: issues
                .into_iter()
                .map(|row| IssueReport::of(row, language))
                .collect(),
            issue_count,
        }
    }
}
