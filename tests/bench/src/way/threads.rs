//! The registry's own: threads that own a connection each.

use crate::Failure;
use crate::fill::learner;
use crate::query::{PAGE, Record, WholeTuple, whole, whole_record};
use diesel::prelude::*;
use registry::db::tables::{achievement, awarding_body, learner, qualification, unit};
use registry::db::{Connection, Db};
use registry::error::Error;
use registry::model;

/// As `me` reads: the person, then what they hold, in one hop.
pub(crate) async fn two(db: &Db, number: u32) -> Result<Record, Failure> {
    let id = learner(number);
    let record = db
        .read(move |connection| {
            let Some(person) = model::learner::find(connection, id)? else {
                return Ok(None);
            };
            let held = model::achievement::of_learner(connection, person.id, None, PAGE)?;
            Ok(Some((person, held)))
        })
        .await?;
    record.ok_or_else(|| "a learner is missing".into())
}

/// Only what they hold: what the second statement costs.
pub(crate) async fn held_alone(db: &Db, number: u32) -> Result<(), Failure> {
    let id = learner(number);
    db.read(move |connection| Ok(model::achievement::of_learner(connection, id, None, PAGE)?))
        .await?;
    Ok(())
}

/// Both in one statement.
pub(crate) async fn whole(db: &Db, number: u32) -> Result<Record, Failure> {
    let id = learner(number);
    let rows = db
        .read(move |connection| {
            let Connection::Postgres(open) = connection else {
                return Err(Error::configuration("database", "is not PostgreSQL"));
            };
            let rows: Vec<WholeTuple> = whole!(id).load(open)?;
            Ok(rows)
        })
        .await?;
    whole_record(rows).ok_or_else(|| "a learner is missing".into())
}

/// The hop alone, without the database.
pub(crate) async fn hop(db: &Db, _number: u32) -> Result<(), Failure> {
    db.read(|_| Ok(())).await?;
    Ok(())
}
