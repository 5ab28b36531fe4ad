//! The framework in force, read once and handed to everybody until it changes. Another process may import
//! tables at any time: whoever needs the framework asks the database which state is in force, and it is read
//! anew where that is another than the one at hand.

use super::Framework;
use super::early_years::EarlyYears;
use crate::db::{Connection, Db};
use crate::error::Error;
use crate::model::framework_table::{self, TableRow};
use framework::shipped::Table;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Which state is in force of the tables, and which of the list of early-years qualifications.
type Versions = (i64, i64);

/// The framework at hand, with its versions.
#[derive(Default)]
pub struct Current {
    known: Mutex<Option<(Versions, Arc<Framework>)>>,
    /// Held by the one who reads it anew: the others wait for what comes of that.
    turn: tokio::sync::Mutex<()>,
}

impl Current {
    /// The framework as it is in the database now; empty where nothing was ever imported. One small query, and
    /// more where it has changed.
    ///
    /// # Errors
    /// The database's failure; an internal error where the tables, which were held against each other when they
    /// were imported, cannot be read.
    pub async fn get(&self, db: &Db) -> Result<Arc<Framework>, Error> {
        let version = db
            .read(|connection| Ok(framework_table::versions(connection)?))
            .await?;
        if let Some(framework) = self.at_hand(version) {
            return Ok(framework);
        }
        let _turn = self.turn.lock().await;
        if let Some(framework) = self.at_hand(version) {
            return Ok(framework);
        }
        let (version, rows, list) = db
            .read(|connection| {
                // In this order: what changes meanwhile is read anew by the next who asks.
                let version = framework_table::versions(connection)?;
                let rows = framework_table::in_force(connection)?;
                Ok((version, rows, EarlyYears::load(connection)?))
            })
            .await?;
        let read = move || {
            Ok::<_, Error>(Framework {
                early_years: list,
                ..read(&rows)?
            })
        };
        let framework = tokio::task::spawn_blocking(read).await;
        let framework = Arc::new(framework.map_err(Error::internal)??);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some((version, framework.clone()));
        Ok(framework)
    }

    fn at_hand(&self, version: Versions) -> Option<Arc<Framework>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, framework) = known.as_ref()?;
        (*of == version).then(|| framework.clone())
    }
}

/// The tables in force, for whoever holds a connection and asks seldom.
///
/// # Errors
/// The database's failure; an internal error as [`Current::get`]'s.
pub fn in_force(connection: &mut Connection) -> Result<Framework, Error> {
    read(&framework_table::in_force(connection)?)
}

/// The framework of these texts, which were held against each other before.
pub(super) fn read(rows: &[TableRow]) -> Result<Framework, Error> {
    let texts = texts(rows);
    let text = |table: Table| texts.get(table.name()).copied().unwrap_or_default();
    Framework::of(text).map_err(|faults| {
        let faults: Vec<String> = faults.iter().take(5).map(ToString::to_string).collect();
        let faults = faults.join("; ");
        Error::internal(format_args!("the framework's tables: {faults}"))
    })
}

/// The texts, by the tables' names.
pub(super) fn texts(rows: &[TableRow]) -> HashMap<&str, &str> {
    rows.iter()
        .map(|row| (row.name.as_str(), row.content.as_str()))
        .collect()
}
