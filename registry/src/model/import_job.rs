//! Import jobs, and the batches that wait between reading and merging.

use crate::db::tables::{import_job, import_undoing, staged_batch};
use crate::db::{Connection, Id, either};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use record::Effect;

/// A stored import job.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = import_job, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct JobRow {
    /// Its identifier.
    pub id: Id,
    /// Who pushed; see `Caller::pushing_key`. `operator` for the command line.
    pub caller: String,
    /// Whose word the results are: `body:RN…`, `recorder:NAME`, `operator:NAME`, `learner:…`.
    pub submitter: String,
    /// The adapter's name.
    pub adapter: String,
    /// The body whose push it is.
    pub awarding_body: Option<String>,
    /// The learner who brought it.
    pub learner_id: Option<Id>,
    /// What kind of source it is.
    pub kind: String,
    /// How far it is believed.
    pub standing: String,
    /// `partial` or `atomic`.
    pub mode: String,
    /// Whether nothing shall be changed.
    pub dry_run: bool,
    /// SHA-256 of the file, hexadecimal.
    pub digest: String,
    /// The caller's key for the push.
    pub idempotency_key: Option<String>,
    /// See [`State`].
    pub state: String,
    /// The spool that has the file, by its name.
    pub server: Option<String>,
    /// How much of the file was read.
    pub bytes_read: i64,
    /// The file's size.
    pub bytes_total: Option<i64>,
    /// Records read.
    pub records: i64,
    /// Records that told of an award.
    pub created: i64,
    /// Records that changed one.
    pub updated: i64,
    /// Records that made one final.
    pub promoted: i64,
    /// Records that withdrew one.
    pub withdrawn: i64,
    /// Records that took a withdrawal back.
    pub reinstated: i64,
    /// Records that changed nothing.
    pub unchanged: i64,
    /// Records that do not count.
    pub rejected: i64,
    /// Records that a person should look at.
    pub needs_person: i64,
    /// Issues kept.
    pub issues: i64,
    /// Batches merged: where a killed import goes on.
    pub merged_batches: i64,
    /// Why it failed.
    pub error_code: Option<String>,
    /// Why it failed, in words.
    pub error_message: Option<String>,
    /// When it was pushed.
    pub received_at: NaiveDateTime,
    /// When work on it began.
    pub started_at: Option<NaiveDateTime>,
    /// When it ended.
    pub ended_at: Option<NaiveDateTime>,
}

/// The states of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names of the contract's ImportState")]
pub enum State {
    Queued,
    Reading,
    Merging,
    Done,
    DoneWithIssues,
    Failed,
    Cancelled,
    Undone,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::Reading,
        Self::Merging,
        Self::Done,
        Self::DoneWithIssues,
        Self::Failed,
        Self::Cancelled,
        Self::Undone,
    ];

    /// The state's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Reading => "reading",
            Self::Merging => "merging",
            Self::Done => "done",
            Self::DoneWithIssues => "done-with-issues",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Undone => "undone",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// The names of the states in which something is left to do.
    #[must_use]
    pub fn open() -> Vec<&'static str> {
        let open = Self::ALL.into_iter().filter(|state| !state.ended());
        open.map(Self::as_str).collect()
    }

    /// Whether the job has ended.
    #[must_use]
    pub fn ended(self) -> bool {
        !matches!(self, Self::Queued | Self::Reading | Self::Merging)
    }
}

impl JobRow {
    /// The state.
    #[must_use]
    pub fn state(&self) -> State {
        State::parse(&self.state).unwrap_or(State::Failed)
    }

    /// Counts what became of a record.
    pub fn count(&mut self, effect: Effect) {
        let counter = match effect {
            Effect::Created => &mut self.created,
            Effect::Updated => &mut self.updated,
            Effect::Promoted => &mut self.promoted,
            Effect::Withdrawn => &mut self.withdrawn,
            Effect::Reinstated => &mut self.reinstated,
            Effect::Unchanged => &mut self.unchanged,
        };
        *counter += 1;
    }

    /// Whether all of it is merged in one transaction, or nothing.
    #[must_use]
    pub fn at_once(&self) -> bool {
        self.dry_run || self.mode == "atomic"
    }

    /// Whether something of it is merged, and counts.
    #[must_use]
    pub fn merged(&self) -> bool {
        self.state() == State::Merging && self.merged_batches > 0
    }

    /// Sets what merging counts back to nothing.
    pub fn forget_merging(&mut self) {
        self.created = 0;
        self.updated = 0;
        self.promoted = 0;
        self.withdrawn = 0;
        self.reinstated = 0;
        self.unchanged = 0;
        self.merged_batches = 0;
    }
}

/// A batch as the adapter gave it.
#[derive(Queryable, Insertable)]
#[diesel(table_name = staged_batch, treat_none_as_default_value = false)]
pub struct BatchRow {
    /// The job.
    pub job_id: Id,
    /// Counted from 0.
    pub ordinal: i64,
    /// How many records it holds.
    pub records: i32,
    /// An encoded `ResultBatch`.
    pub content: Vec<u8>,
}

/// Stores a new job.
///
/// # Errors
/// The engine's error.
pub fn insert(connection: &mut Connection, row: &JobRow) -> QueryResult<()> {
    either!(connection, open => diesel::insert_into(import_job::table).values(row).execute(open))?;
    Ok(())
}

/// Stores a job as it stands now.
///
/// # Errors
/// The engine's error.
pub fn update(connection: &mut Connection, row: &JobRow) -> QueryResult<()> {
    either!(connection, open => diesel::update(import_job::table.find(row.id)).set(row).execute(open))?;
    Ok(())
}

/// The job of that identifier.
///
/// # Errors
/// The engine's error.
pub fn find(connection: &mut Connection, id: Id) -> QueryResult<Option<JobRow>> {
    either!(connection, open => import_job::table.find(id).get_result(open).optional())
}

/// The job that this caller pushed under this key.
///
/// # Errors
/// The engine's error.
pub fn find_by_key(
    connection: &mut Connection,
    caller: &str,
    key: &str,
) -> QueryResult<Option<JobRow>> {
    either!(connection, open => import_job::table
        .filter(import_job::caller.eq(caller).and(import_job::idempotency_key.eq(key)))
        .get_result(open).optional())
}

/// The job of that identifier, kept as it is until the end of the transaction; none too where somebody else
/// keeps or changes it just now. Waits for nobody.
///
/// # Errors
/// The engine's error.
pub fn lock(connection: &mut Connection, id: Id) -> QueryResult<Option<JobRow>> {
    let job = import_job::table.find(id);
    match connection {
        // In a transaction it is the only one who writes.
        Connection::Sqlite(open) => job.get_result(open).optional(),
        Connection::Postgres(open) => {
            let locked = job.for_no_key_update().skip_locked();
            locked.get_result(open).optional()
        }
    }
}

/// The jobs whose files lie in this spool and that have not ended, the oldest first.
///
/// # Errors
/// The engine's error.
pub fn unfinished(connection: &mut Connection, spool: &str) -> QueryResult<Vec<JobRow>> {
    either!(connection, open => import_job::table
        .filter(import_job::server.eq(spool).and(import_job::state.eq_any(State::open())))
        .order(import_job::id).load(open))
}

/// Marks a job as being taken back, where it is not yet.
///
/// # Errors
/// The engine's error.
pub fn begin_undoing(connection: &mut Connection, id: Id, now: NaiveDateTime) -> QueryResult<()> {
    let row = (import_undoing::job_id.eq(id), import_undoing::since.eq(now));
    either!(connection, open => diesel::insert_into(import_undoing::table).values(row)
        .on_conflict_do_nothing().execute(open))?;
    Ok(())
}

/// Whether a job is being taken back.
///
/// # Errors
/// The engine's error.
pub fn is_undoing(connection: &mut Connection, id: Id) -> QueryResult<bool> {
    let since: Option<NaiveDateTime> = either!(connection, open => import_undoing::table.find(id)
        .select(import_undoing::since).get_result(open).optional())?;
    Ok(since.is_some())
}

/// Takes the mark of a job away that is taken back.
///
/// # Errors
/// The engine's error.
pub fn end_undoing(connection: &mut Connection, id: Id) -> QueryResult<()> {
    either!(connection, open => diesel::delete(import_undoing::table.find(id)).execute(open))?;
    Ok(())
}

/// The jobs that are being taken back, the oldest first.
///
/// # Errors
/// The engine's error.
pub fn undoing(connection: &mut Connection) -> QueryResult<Vec<Id>> {
    either!(connection, open => import_undoing::table
        .select(import_undoing::job_id).order(import_undoing::job_id).load(open))
}

/// The jobs of those identifiers, as far as there are such.
///
/// # Errors
/// The engine's error.
pub fn all_of(connection: &mut Connection, ids: &[Id]) -> QueryResult<Vec<JobRow>> {
    either!(connection, open => import_job::table
        .filter(import_job::id.eq_any(ids)).load(open))
}

/// Whose jobs are listed.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// Those that a caller pushed.
    Caller(&'a str),
    /// Those of a body.
    Body(&'a str),
    /// All.
    Everybody,
}

/// The jobs before the one of identifier `before`, of one state or of any, at most `limit`, the newest
/// first. Each way of asking is a range of one index.
///
/// # Errors
/// The engine's error.
pub fn newest(
    connection: &mut Connection,
    whose: Whose<'_>,
    state: Option<State>,
    before: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<JobRow>> {
    let before = before.unwrap_or_else(|| Id::from_bytes([0xff; 16]));
    either!(connection, open => {
        let mut query = import_job::table
            .filter(import_job::id.lt(before))
            .order(import_job::id.desc()).limit(limit).into_boxed();
        query = match whose {
            Whose::Caller(caller) => query.filter(import_job::caller.eq(caller)),
            Whose::Body(body) => query.filter(import_job::awarding_body.eq(body)),
            Whose::Everybody => query,
        };
        if let Some(state) = state {
            query = query.filter(import_job::state.eq(state.as_str()));
        }
        query.load(open)
    })
}

/// Stores a batch between reading and merging.
///
/// # Errors
/// The engine's error.
pub fn stage(connection: &mut Connection, batches: &[BatchRow]) -> QueryResult<()> {
    for batch in batches {
        either!(&mut *connection, open => diesel::insert_into(staged_batch::table).values(batch).execute(open))?;
    }
    Ok(())
}

/// The batches with these numbers, in their order.
///
/// # Errors
/// The engine's error.
pub fn staged(
    connection: &mut Connection,
    job: Id,
    ordinals: std::ops::Range<i64>,
) -> QueryResult<Vec<BatchRow>> {
    either!(connection, open => staged_batch::table
        .filter(staged_batch::job_id.eq(job)
            .and(staged_batch::ordinal.ge(ordinals.start)).and(staged_batch::ordinal.lt(ordinals.end)))
        .order(staged_batch::ordinal).load(open))
}

/// Drops a job's batches.
///
/// # Errors
/// The engine's error.
pub fn unstage(connection: &mut Connection, job: Id) -> QueryResult<()> {
    either!(connection, open => diesel::delete(staged_batch::table
        .filter(staged_batch::job_id.eq(job))).execute(open))?;
    Ok(())
}

diesel::define_sql_function! {
    /// How many bytes it has; neither engine reads them for that.
    fn octet_length(bytes: diesel::sql_types::Binary) -> Integer;
}

/// How many records stand in each of a job's batches, and how many bytes, in their order.
///
/// # Errors
/// The engine's error.
pub fn staged_sizes(connection: &mut Connection, job: Id) -> QueryResult<Vec<(i32, i32)>> {
    either!(connection, open => staged_batch::table
        .filter(staged_batch::job_id.eq(job)).order(staged_batch::ordinal)
        .select((staged_batch::records, octet_length(staged_batch::content))).load(open))
}
