//! One connection to either engine. Which one is told by the address, at run time.

use super::hearing::Hearing;
use crate::error::Error;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::{Connection as _, PgConnection, QueryResult, SqliteConnection};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// A connection to SQLite or PostgreSQL. Queries are written once and compiled for both by `either!`,
/// on the concrete connection: an enum behind diesel's own dispatch costs a tenth on SQLite and knows
/// neither `ON CONFLICT` nor batches.
#[expect(
    missing_docs,
    reason = "the names of the engines say all there is to say"
)]
pub enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Loads in parts what is asked for by more values than a statement takes: on SQLite 32766.
pub(crate) fn in_parts<V, T>(
    values: &[V],
    mut load: impl FnMut(&[V]) -> diesel::QueryResult<Vec<T>>,
) -> diesel::QueryResult<Vec<T>> {
    const MOST: usize = 30_000;
    if values.len() <= MOST {
        return load(values);
    }
    let mut found = Vec::new();
    for part in values.chunks(MOST) {
        found.extend(load(part)?);
    }
    Ok(found)
}

/// Runs `$body` with `$c` bound to the concrete connection. The body is compiled for each engine unchanged.
macro_rules! either {
    ($connection:expr, $c:ident => $body:expr) => {
        match $connection {
            $crate::db::Connection::Sqlite($c) => $body,
            $crate::db::Connection::Postgres($c) => $body,
        }
    };
}
pub(crate) use either;

/// The first rows of a query, at most so many. SQLite plans a statement anew each time a value is bound to its
/// `LIMIT` (`first` has one too), which costs more than running it: there the rows that are wanted are taken as
/// they come. PostgreSQL would send all of them.
macro_rules! at_most {
    ($connection:expr, $query:expr, $limit:expr) => {
        match $connection {
            $crate::db::Connection::Sqlite(open) => {
                let most = usize::try_from($limit).unwrap_or_default();
                $query
                    .load_iter::<_, diesel::connection::DefaultLoadingMode>(open)
                    .and_then(|rows| rows.take(most).collect())
            }
            $crate::db::Connection::Postgres(open) => $query.limit($limit).load(open),
        }
    };
}
pub(crate) use at_most;

/// What a connection will be used for: a reader of SQLite is opened so that it cannot write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Queries only.
    Read,
    /// Queries and changes for which somebody waits.
    Answer,
    /// Queries and changes that take as long as they take: imports, migrations.
    Write,
}

/// Which engine an address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the names of the engines say all there is to say"
)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// The engine that `url` names.
    ///
    /// # Errors
    /// A configuration error for an address of another kind.
    pub fn of(url: &str) -> Result<Self, Error> {
        if url.starts_with("sqlite://") {
            Ok(Self::Sqlite)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Ok(Self::Postgres)
        } else {
            Err(Error::configuration(
                "database",
                "is neither sqlite://PATH nor postgres://USER@HOST/NAME",
            ))
        }
    }
}

impl Connection {
    /// Connects to `url`. A SQLite file, and the folder it is in, are made where they are missing.
    ///
    /// # Errors
    /// [`Error`] with the engine's own words where the database cannot be reached; they go to the log and
    /// to an operator's terminal, never to a client.
    pub fn open(url: &str, purpose: Purpose) -> Result<Self, Error> {
        match Engine::of(url)? {
            Engine::Postgres => {
                let mut connection =
                    PgConnection::establish(&bounded(url)).map_err(Error::database_unreachable)?;
                connection
                    .batch_execute(POSTGRES_SETTINGS)
                    .map_err(Error::from)?;
                if purpose != Purpose::Write {
                    connection
                        .batch_execute(POSTGRES_PATIENCE)
                        .map_err(Error::from)?;
                }
                Ok(Self::Postgres(connection))
            }
            Engine::Sqlite => {
                let path = std::path::Path::new(url.trim_start_matches("sqlite://"));
                if let Some(folder) = path
                    .parent()
                    .filter(|folder| !folder.as_os_str().is_empty())
                {
                    std::fs::create_dir_all(folder).map_err(|error| Error::file(folder, &error))?;
                }
                let mut connection = SqliteConnection::establish(&path.to_string_lossy())
                    .map_err(Error::database_unreachable)?;
                connection
                    .batch_execute(SQLITE_SETTINGS)
                    .map_err(Error::from)?;
                if purpose == Purpose::Read {
                    connection
                        .batch_execute("PRAGMA query_only = ON")
                        .map_err(Error::from)?;
                }
                Ok(Self::Sqlite(connection))
            }
        }
    }

    /// Runs `work` in a transaction, or in a savepoint where one is open already. On SQLite the outermost
    /// takes the write lock at once: a reader that becomes a writer would fail instead of waiting.
    ///
    /// # Errors
    /// What `work` answers, after everything it did was taken back; or the engine's own error.
    pub fn transaction<T, E: From<diesel::result::Error>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.begin()?;
        match catch_unwind(AssertUnwindSafe(|| work(self))) {
            Ok(Ok(value)) => {
                self.commit()?;
                Ok(value)
            }
            Ok(Err(error)) => {
                self.take_back();
                Err(error)
            }
            Err(panic) => {
                // Left open, it would swallow everything that comes after it.
                self.take_back();
                resume_unwind(panic)
            }
        }
    }

    /// Rolls back. Where that fails too, the engine has taken everything back by itself, as it does on a full
    /// disk, or the connection is gone. What was first is the cause.
    fn take_back(&mut self) {
        if let Err(undone) = self.roll_back() {
            tracing::debug!(cause = %undone, "a transaction could not be taken back");
        }
    }

    /// Begins a transaction or a savepoint.
    pub(super) fn begin(&mut self) -> QueryResult<()> {
        match self {
            Self::Postgres(connection) => AnsiTransactionManager::begin_transaction(connection),
            Self::Sqlite(connection) => {
                let outermost = AnsiTransactionManager::transaction_manager_status_mut(connection)
                    .transaction_depth()?
                    .is_none();
                if outermost {
                    AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")
                } else {
                    AnsiTransactionManager::begin_transaction(connection)
                }
            }
        }
    }

    pub(super) fn commit(&mut self) -> QueryResult<()> {
        either!(self, connection => AnsiTransactionManager::commit_transaction(connection))
    }

    /// Takes everything back since the last begin. A connection that is broken already needs no rollback.
    pub(super) fn roll_back(&mut self) -> QueryResult<()> {
        either!(self, connection => match AnsiTransactionManager::rollback_transaction(connection) {
            Err(diesel::result::Error::BrokenTransactionManager) => Ok(()),
            other => other,
        })
    }

    /// Takes the whole transaction back, and fails where the connection cannot be used for another.
    pub(super) fn abandon(&mut self) -> QueryResult<()> {
        either!(self, connection => AnsiTransactionManager::rollback_transaction(connection))
    }

    /// Runs statements that answer nothing.
    ///
    /// # Errors
    /// The engine's error.
    pub fn batch(&mut self, sql: &str) -> QueryResult<()> {
        either!(self, connection => connection.batch_execute(sql))
    }

    /// Lets no other import merge until this transaction ends: two at once could each make the same learner.
    /// SQLite has one writer anyway.
    ///
    /// # Errors
    /// The engine's error.
    pub fn merge_alone(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(open) => open.batch_execute("SELECT pg_advisory_xact_lock(720392)"),
        }
    }

    /// Lets nobody else change what is found by searching until this transaction ends: the same words are in the
    /// titles of many, and two at once would wait for each other's. It is asked for before anything is written
    /// that is found, so that all ask in one order. SQLite has one writer anyway.
    ///
    /// # Errors
    /// The engine's error.
    pub fn index_alone(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(open) => open.batch_execute("SELECT pg_advisory_xact_lock(720393)"),
        }
    }

    /// Lets somebody hear of every statement from now on.
    pub fn heard_by(&mut self, hearing: &Hearing) {
        let ear = hearing.ear();
        either!(self, connection => connection.set_instrumentation(ear));
    }

    /// Whether the database takes changes, asked inside a transaction: one that fails over to a copy does
    /// not, and neither does a file that may only be read.
    ///
    /// # Errors
    /// The engine's error.
    pub fn takes_changes(&mut self) -> QueryResult<bool> {
        use diesel::RunQueryDsl;
        match self {
            // Its transactions take the right to write when they begin.
            Self::Sqlite(_) => Ok(true),
            Self::Postgres(open) => {
                let setting = diesel::dsl::sql::<diesel::sql_types::Text>(
                    "SELECT current_setting('transaction_read_only')",
                );
                Ok(setting.get_result::<String>(open)? == "off")
            }
        }
    }

    /// The time by the clock that all who share the database go by, in UTC. Within a transaction it goes on.
    ///
    /// # Errors
    /// The engine's error.
    pub fn clock(&mut self) -> QueryResult<chrono::NaiveDateTime> {
        use diesel::RunQueryDsl;
        let asked = match self {
            Self::Sqlite(_) => "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')",
            Self::Postgres(_) => "SELECT clock_timestamp()::timestamp",
        };
        let asked = diesel::dsl::sql::<diesel::sql_types::Timestamp>(asked);
        either!(self, open => asked.get_result(open))
    }

    /// Asks the least that can be asked.
    ///
    /// # Errors
    /// The engine's error, where it does not answer.
    pub fn answers(&mut self) -> QueryResult<()> {
        self.batch("SELECT 1")
    }

    /// Whether the connection still answers.
    #[must_use]
    pub fn alive(&mut self) -> bool {
        self.answers().is_ok()
    }
}

/// The address with limits for what the address itself says nothing of: how long a connection may take to be
/// made, and when a silent one is held to be lost. libpq would wait for hours.
fn bounded(url: &str) -> String {
    let mut bounded = url.to_owned();
    for (name, value) in [
        ("connect_timeout", "5"),
        ("keepalives_idle", "10"),
        ("keepalives_interval", "5"),
        ("keepalives_count", "3"),
        ("tcp_user_timeout", "10000"),
    ] {
        if !url.contains(name) {
            bounded.push(if bounded.contains('?') { '&' } else { '?' });
            bounded.push_str(&format!("{name}={value}"));
        }
    }
    bounded
}

/// Everything the registry asks for on its way is found by an index. The planner does not know that of a table
/// that was empty when the statement was first planned, and a first import makes millions of rows before
/// statistics are gathered: measured, sequential scans were four fifths of the database's time. Estimates that
/// follow from forbidding them would start the compiler for plans that read five rows.
///
/// A transaction of a client that was cut off must not keep its locks. What the server says is understood in
/// English only, where it may be asked for that.
const POSTGRES_SETTINGS: &str = "SET TIME ZONE 'UTC'; SET application_name = 'registry'; \
     SET enable_seqscan = off; SET jit = off; \
     SET idle_in_transaction_session_timeout = '60s'; \
     DO $$ BEGIN PERFORM set_config('lc_messages', 'C', false); \
     EXCEPTION WHEN insufficient_privilege THEN NULL; END $$";

/// Where somebody waits for the answer, a statement does not wait for ever.
const POSTGRES_PATIENCE: &str = "SET statement_timeout = '10s'; SET lock_timeout = '5s'; \
     SET idle_in_transaction_session_timeout = '20s'";

/// Receipts survive a power cut (`synchronous=FULL`); readers never wait for the writer (`WAL`); two
/// processes that write wait for each other. What is in the log of writes moves into the file at 64 MiB: an import
/// writes the same pages again and again, and at 16 MiB it took a twentieth longer. A thread beside the writer that moves
/// it after each step, or each fourth, made it no faster, and verifications beside it slower.
const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA mmap_size = 1073741824; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; \
     PRAGMA wal_autocheckpoint = 16000";
