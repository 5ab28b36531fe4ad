//! Bringing a database to this version's schema. Both engines have migrations of the same names.

use super::connection::{Connection, Engine};
use crate::error::Error;
use diesel::migration::MigrationSource;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// What a migration did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrated {
    /// The names of the steps that were applied now, the oldest first.
    pub applied: Vec<String>,
}

/// Brings the database to this version's schema, in one transaction a step. Two servers that start at once
/// on one PostgreSQL wait for each other.
///
/// # Errors
/// A configuration error where the database was made by a newer version; else the engine's error.
pub fn migrate(connection: &mut Connection) -> Result<Migrated, Error> {
    if let Connection::Postgres(_) = connection {
        connection.batch("SELECT pg_advisory_lock(720391)")?;
    }
    let result = refuse_newer(connection).and_then(|()| {
        let applied = match connection {
            Connection::Sqlite(open) => open.run_pending_migrations(SQLITE),
            Connection::Postgres(open) => open.run_pending_migrations(POSTGRES),
        };
        let applied = applied.map_err(Error::internal)?;
        Ok(Migrated {
            applied: applied.iter().map(ToString::to_string).collect(),
        })
    });
    if let Connection::Postgres(_) = connection {
        connection.batch("SELECT pg_advisory_unlock(720391)")?;
    }
    result
}

/// Whether every step of this version, and no other, is applied.
///
/// # Errors
/// As [`migrate`].
pub fn schema_is_current(connection: &mut Connection) -> Result<bool, Error> {
    refuse_newer(connection)?;
    let pending = match connection {
        Connection::Sqlite(open) => open.has_pending_migration(SQLITE),
        Connection::Postgres(open) => open.has_pending_migration(POSTGRES),
    };
    pending.map(|pending| !pending).map_err(Error::internal)
}

fn refuse_newer(connection: &mut Connection) -> Result<(), Error> {
    let (applied, known) = match connection {
        Connection::Sqlite(open) => (open.applied_migrations(), known(Engine::Sqlite)?),
        Connection::Postgres(open) => (open.applied_migrations(), known(Engine::Postgres)?),
    };
    let applied = applied.map_err(Error::internal)?;
    match applied
        .iter()
        .map(ToString::to_string)
        .find(|version| !known.contains(version))
    {
        None => Ok(()),
        Some(version) => Err(Error::configuration(
            "database",
            format!(
                "was made by a newer version of the registry (step {version}). Use that version"
            ),
        )),
    }
}

/// How a database's schema differs from this version's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steps {
    /// Steps that are not applied yet, the oldest first.
    pub missing: Vec<String>,
    /// Steps that this version does not know: a newer one applied them.
    pub unknown: Vec<String>,
}

/// Compares, and changes nothing: not even the table in which steps are noted is made.
///
/// # Errors
/// The engine's error.
pub fn steps(connection: &mut Connection) -> Result<Steps, Error> {
    let engine = match connection {
        Connection::Sqlite(_) => Engine::Sqlite,
        Connection::Postgres(_) => Engine::Postgres,
    };
    let known = known(engine)?;
    let applied = super::inspect::applied_steps(connection)?;
    let without = |all: &[String], others: &[String]| {
        let rest = all.iter().filter(|step| !others.contains(step));
        rest.cloned().collect()
    };
    Ok(Steps {
        missing: without(&known, &applied),
        unknown: without(&applied, &known),
    })
}

/// The steps of this version.
fn known(engine: Engine) -> Result<Vec<String>, Error> {
    match engine {
        Engine::Sqlite => versions::<diesel::sqlite::Sqlite>(&SQLITE),
        Engine::Postgres => versions::<diesel::pg::Pg>(&POSTGRES),
    }
}

fn versions<DB: diesel::backend::Backend>(source: &EmbeddedMigrations) -> Result<Vec<String>, Error>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let steps = source.migrations().map_err(Error::internal)?;
    let names = steps.iter().map(|step| step.name().version().to_string());
    Ok(names.collect())
}
