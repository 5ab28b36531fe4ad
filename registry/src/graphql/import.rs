//! Imports: pushing a file and following what becomes of it.

mod act;

pub(super) use act::{Asked, cancel, start, undo};

use super::connection::{Page, connection};
use super::framework::{self, AwardingBody};
use super::problem::{fail, told};
use super::scalar::DateTime;
use super::verify::Language;
use super::{app, caller};
use crate::action::import::{self, IssueReport, Problem as Failure, Queue, see};
use crate::db::Id;
use crate::model::import_issue::IssueRow;
use crate::model::import_job::State;
use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use futures_util::{Stream, StreamExt, stream};
use schema::{Code, RecognitionNumber};
use std::sync::Arc;

/// Where an import stands.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "State")]
pub enum ImportState {
    /// It waits.
    Queued,
    /// Its file is being read.
    Reading,
    /// Its results are being merged.
    Merging,
    /// It is done.
    Done,
    /// It is done, and some records were rejected or need a person.
    DoneWithIssues,
    /// It failed; nothing was changed.
    Failed,
    /// It was cancelled.
    Cancelled,
    /// It was taken back.
    Undone,
}

/// What becomes of an import of which some records are rejected.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "import::Mode")]
pub enum ImportMode {
    /// The good ones count.
    Partial,
    /// None counts.
    Atomic,
}

/// How much an issue matters.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The record counts; a person should know.
    Warning,
    /// The record does not count.
    Error,
}

/// What became of the records of an import, seen from what its submitter had told before.
#[derive(SimpleObject)]
pub struct ImportCounts {
    /// Records read.
    records: i32,
    /// Records that told of an award.
    created: i32,
    /// Records that changed one.
    updated: i32,
    /// Records that made one final.
    promoted: i32,
    /// Records that withdrew one.
    withdrawn: i32,
    /// Records that took a withdrawal back.
    reinstated: i32,
    /// Records that changed nothing.
    unchanged: i32,
    /// Records that do not count.
    rejected: i32,
    /// Records that a person should look at.
    needs_person: i32,
}

/// Something that was noticed about a record, with its place and without personal data.
pub struct ImportIssue(IssueRow);

/// Something that was noticed about a record, with its place and without personal data.
#[Object]
impl ImportIssue {
    /// How much it matters.
    async fn severity(&self) -> Severity {
        if self.0.severity == "warning" {
            Severity::Warning
        } else {
            Severity::Error
        }
    }

    /// A stable code.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Plain words.
    async fn message(&self, context: &Context<'_>, language: Option<Language>) -> String {
        IssueReport::of(self.0.clone(), Language::or(language, context)).message
    }

    /// The line of the file, counted from 1.
    async fn row(&self) -> Option<i32> {
        self.0.row_number.and_then(|row| i32::try_from(row).ok())
    }

    /// The column of the line.
    async fn column(&self) -> Option<String> {
        self.0.column_number.map(|column| column.to_string())
    }

    /// The path in a document, or the field.
    async fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// The byte in the file, counted from 0.
    async fn offset(&self) -> Option<i32> {
        self.0
            .byte_offset
            .and_then(|offset| i32::try_from(offset).ok())
    }
}

/// Why an import failed.
pub struct Problem(crate::model::import_job::JobRow);

/// Why an import failed.
#[Object]
impl Problem {
    /// A stable code.
    async fn code(&self) -> &str {
        self.0.error_code.as_deref().unwrap_or_default()
    }

    /// Plain words.
    async fn message(&self, context: &Context<'_>, language: Option<Language>) -> String {
        Failure::of(&self.0, Language::or(language, context))
            .map(|failure| failure.message)
            .unwrap_or_default()
    }
}

connection!(ImportJobConnection, ImportJobEdge, ImportJob, "imports");

connection!(
    ImportIssueConnection,
    ImportIssueEdge,
    ImportIssue,
    "issues",
    total_count
);

/// An import of one file.
pub struct ImportJob(see::Seen);

/// An import of one file.
#[Object]
impl ImportJob {
    /// The identifier.
    pub async fn id(&self) -> ID {
        ID(self.0.job.id.show("import"))
    }

    /// Where it stands.
    async fn state(&self) -> ImportState {
        self.0.job.state().into()
    }

    /// The adapter that reads it.
    async fn adapter(&self) -> &str {
        &self.0.job.adapter
    }

    /// The body whose push it is.
    async fn awarding_body(&self, context: &Context<'_>) -> Option<Result<AwardingBody>> {
        let number = self.0.job.awarding_body.as_deref()?;
        let number = RecognitionNumber::parse(number).ok()?;
        framework::awarding_body(context, number).await.transpose()
    }

    /// What becomes of it where records are rejected.
    async fn mode(&self) -> ImportMode {
        import::Mode::parse(&self.0.job.mode)
            .unwrap_or_default()
            .into()
    }

    /// Whether nothing is changed.
    async fn dry_run(&self) -> bool {
        self.0.job.dry_run
    }

    /// SHA-256 of the file, hexadecimal.
    async fn digest(&self) -> &str {
        &self.0.job.digest
    }

    /// How much of the file was read, in bytes; the largest number that GraphQL has where it is more.
    async fn bytes_read(&self) -> i32 {
        int(self.0.job.bytes_read)
    }

    /// The file's size in bytes, likewise.
    async fn bytes_total(&self) -> Option<i32> {
        self.0.job.bytes_total.map(int)
    }

    /// What became of the records so far.
    async fn counts(&self) -> ImportCounts {
        let counts = import::Counts::of(&self.0.job);
        ImportCounts {
            records: int(counts.records),
            created: int(counts.created),
            updated: int(counts.updated),
            promoted: int(counts.promoted),
            withdrawn: int(counts.withdrawn),
            reinstated: int(counts.reinstated),
            unchanged: int(counts.unchanged),
            rejected: int(counts.rejected),
            needs_person: int(counts.needs_person),
        }
    }

    /// What was noticed, in the order of the work.
    async fn issues(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<ImportIssueConnection> {
        let read = |cursor: &str| cursor.parse::<i64>().ok();
        let page = Page::asked(context, first, after.as_deref(), read)?;
        let found = see::issues(app(context)?, &self.0, page.after, page.with_one_more()).await;
        let (rows, total) = found.map_err(|error| told(context, &error))?;
        Ok(ImportIssueConnection::page(
            &page,
            rows,
            |row| row.ordinal.to_string(),
            ImportIssue,
            int(total),
        ))
    }

    /// Why it failed.
    async fn error(&self) -> Option<Problem> {
        self.0
            .job
            .error_code
            .as_ref()
            .map(|_| Problem(self.0.job.clone()))
    }

    /// When work on it began.
    async fn started_at(&self) -> Option<DateTime> {
        self.0.job.started_at.map(DateTime)
    }

    /// When it ended.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.job.ended_at.map(DateTime)
    }
}

fn int(value: i64) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

pub(super) async fn find(context: &Context<'_>, id: &ID) -> Result<Option<ImportJob>> {
    let Some(id) = Id::read("import", id) else {
        return Ok(None);
    };
    let seen = see::see(app(context)?, caller(context)?, id).await;
    seen.map(|seen| seen.map(ImportJob))
        .map_err(|error| told(context, &error))
}

pub(super) async fn list(
    context: &Context<'_>,
    state: Option<Vec<ImportState>>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<ImportJobConnection> {
    let read = |cursor: &str| Id::read("import", cursor);
    let page = Page::asked(context, first, after.as_deref(), read)?;
    let (app, caller) = (app(context)?, caller(context)?);
    let found = match state {
        // In none of no states.
        Some(states) if states.is_empty() => Ok(Vec::new()),
        states => {
            let states = states.unwrap_or_default().into_iter().map(State::from);
            see::list(
                app,
                caller,
                states.collect(),
                page.after,
                page.with_one_more(),
            )
            .await
        }
    };
    Ok(ImportJobConnection::page(
        &page,
        found.map_err(|error| told(context, &error))?,
        |seen| seen.job.id.show("import"),
        ImportJob,
    ))
}

/// An import as it stands, and each later state until it has ended.
pub(super) async fn follow(
    context: &Context<'_>,
    id: &ID,
) -> Result<impl Stream<Item = ImportJob> + use<>> {
    let job = find(context, id).await?;
    let ImportJob(seen) = job.ok_or_else(|| fail(context, Code::NotFound, None))?;
    let queue = context
        .data::<Arc<Queue>>()
        .map_err(|_| fail(context, Code::Unavailable, None))?;
    let changes = queue.follow().watch(seen.job.clone());
    let later = stream::unfold((changes, seen.clone()), |(mut changes, known)| async move {
        loop {
            changes.changed().await.ok()?;
            let job = changes.borrow_and_update().clone();
            if job != known.job {
                let seen = see::Seen { job, ..known };
                return Some((ImportJob(seen.clone()), (changes, seen)));
            }
        }
    });
    Ok(stream::once(async move { ImportJob(seen) }).chain(later))
}
