//! What can be learned of a database without changing anything in it, for those who look after it.

use super::connection::{Connection, Purpose, either};
use crate::error::Error;
use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamp};
use diesel::{Connection as _, QueryResult, SqliteConnection};
use std::path::{Path, PathBuf};

/// The file of a SQLite address.
#[must_use]
pub fn file_of(url: &str) -> Option<PathBuf> {
    url.strip_prefix("sqlite://").map(PathBuf::from)
}

/// Opens a database so that nothing can be changed. A SQLite file is not made where it is missing, and not
/// even its journal's files are.
///
/// # Errors
/// [`Error`] where it cannot be reached.
pub fn open(url: &str) -> Result<Connection, Error> {
    let Some(path) = file_of(url) else {
        let mut connection = Connection::open(url, Purpose::Read)?;
        connection.batch("SET default_transaction_read_only = on")?;
        return Ok(connection);
    };
    // A journal that is there belongs to a process that runs or was killed, and must be read too.
    let mode = if beside(&path, "-wal").exists() {
        "mode=ro"
    } else {
        "immutable=1"
    };
    let named: String = path
        .to_string_lossy()
        .chars()
        .map(|character| match character {
            '%' => "%25".to_owned(),
            '?' => "%3f".to_owned(),
            '#' => "%23".to_owned(),
            other => other.to_string(),
        })
        .collect();
    let mut connection = SqliteConnection::establish(&format!("file:{named}?{mode}"))
        .map_err(Error::database_unreachable)?;
    connection.batch_execute("PRAGMA query_only = ON")?;
    Ok(Connection::Sqlite(connection))
}

/// A file that SQLite keeps beside its database.
#[must_use]
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    version: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Time {
    #[diesel(sql_type = Nullable<Timestamp>)]
    at: Option<NaiveDateTime>,
}

#[derive(QueryableByName)]
struct Truth {
    #[diesel(sql_type = Bool)]
    truth: bool,
}

/// The steps of the schema that are applied; none where the database is empty.
pub(super) fn applied_steps(connection: &mut Connection) -> Result<Vec<String>, Error> {
    let noted = match connection {
        Connection::Sqlite(open) => diesel::sql_query(
            "SELECT count(*) AS count FROM sqlite_master WHERE name = '__diesel_schema_migrations'",
        )
        .get_result::<Count>(open)?,
        Connection::Postgres(open) => diesel::sql_query(
            "SELECT count(*) AS count FROM pg_catalog.pg_class WHERE oid = to_regclass('__diesel_schema_migrations')",
        )
        .get_result::<Count>(open)?,
    };
    if noted.count == 0 {
        return Ok(Vec::new());
    }
    let text = "SELECT version FROM __diesel_schema_migrations ORDER BY version";
    let steps: Vec<Step> = either!(connection, open => diesel::sql_query(text).load::<Step>(open))?;
    Ok(steps.into_iter().map(|step| step.version).collect())
}

/// The engine with its version, such as `PostgreSQL 15.18`.
///
/// # Errors
/// The engine's error.
pub fn version(connection: &mut Connection) -> QueryResult<String> {
    match connection {
        Connection::Sqlite(open) => diesel::sql_query("SELECT sqlite_version() AS name")
            .get_result::<Name>(open)
            .map(|version| format!("SQLite {}", version.name)),
        Connection::Postgres(open) => {
            diesel::sql_query("SELECT current_setting('server_version') AS name")
                .get_result::<Name>(open)
                .map(|version| {
                    let number = version.name.split(' ').next().unwrap_or_default();
                    format!("PostgreSQL {number}")
                })
        }
    }
}

/// Whether PostgreSQL lets this user change the registry's tables: no standby, not set to reading alone, and
/// the rights that an import and a verification need. SQLite is asked by its file.
///
/// # Errors
/// The engine's error.
pub fn may_write(connection: &mut Connection) -> QueryResult<bool> {
    match connection {
        Connection::Sqlite(_) => Ok(true),
        // Sessions of this look read only; what the server sets for others is in the catalogue.
        Connection::Postgres(open) => diesel::sql_query(
            "SELECT NOT pg_is_in_recovery()
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_settings
                    WHERE name = 'default_transaction_read_only' AND reset_val = 'on')
                -- Of several rights in one text any is enough for PostgreSQL.
                AND NOT EXISTS (SELECT FROM (VALUES
                        ('achievement', 'INSERT'), ('achievement', 'UPDATE'),
                        ('receipt', 'INSERT'), ('access_entry', 'INSERT'),
                        ('import_job', 'INSERT'), ('import_job', 'UPDATE')) AS needed (named, what)
                    WHERE NOT coalesce(has_table_privilege(to_regclass(named), what), true)) AS truth",
        )
        .get_result::<Truth>(open)
        .map(|answer| answer.truth),
    }
}

/// Bytes that the database takes; none where the engine does not say.
///
/// # Errors
/// The engine's error.
pub fn bytes(connection: &mut Connection) -> QueryResult<Option<i64>> {
    match connection {
        Connection::Sqlite(_) => Ok(None),
        Connection::Postgres(open) => {
            diesel::sql_query("SELECT pg_database_size(current_database()) AS count")
                .get_result::<Count>(open)
                .map(|size| Some(size.count))
        }
    }
}

/// The time by PostgreSQL's clock, in UTC; none on SQLite, which has no clock of its own.
///
/// # Errors
/// The engine's error.
pub fn time(connection: &mut Connection) -> QueryResult<Option<NaiveDateTime>> {
    match connection {
        Connection::Sqlite(_) => Ok(None),
        Connection::Postgres(open) => {
            diesel::sql_query("SELECT (clock_timestamp() AT TIME ZONE 'UTC')::timestamp AS at")
                .get_result::<Time>(open)
                .map(|time| time.at)
        }
    }
}

/// The latest time at which the registry wrote something of which it keeps the time.
///
/// # Errors
/// The engine's error.
pub fn newest(connection: &mut Connection) -> QueryResult<Option<NaiveDateTime>> {
    use super::tables::{import_job, receipt};
    // Identifiers grow with time, so that the last one is found by its key.
    let (verified, received) = either!(connection, open => (
        receipt::table
            .order(receipt::id.desc())
            .select(receipt::checked_at)
            .first::<NaiveDateTime>(open)
            .optional()?,
        import_job::table
            .order(import_job::id.desc())
            .select(import_job::received_at)
            .first::<NaiveDateTime>(open)
            .optional()?,
    ));
    Ok(verified.max(received))
}
