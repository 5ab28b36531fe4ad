//! The framework in force, read once and handed to everybody until it changes. Another process may import
//! tables at any time: whoever needs the framework asks the database which state is in force, and it is read
//! anew where that is another than the one at hand.

use super::Framework;
use crate::db::Db;
use crate::error::Error;
use crate::model::framework_table::{self, TableRow};
use framework::shipped::Table;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The framework at hand, with its version.
#[derive(Default)]
pub struct Current {
    known: Mutex<Option<(i64, Arc<Framework>)>>,
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
            .read(|connection| Ok(framework_table::version(connection)?))
            .await?;
        if let Some(framework) = self.at_hand(version) {
            return Ok(framework);
        }
        let _turn = self.turn.lock().await;
        if let Some(framework) = self.at_hand(version) {
            return Ok(framework);
        }
        let (version, rows) = db
            .read(|connection| {
                // In this order: what changes between the two is read anew by the next who asks.
                let version = framework_table::version(connection)?;
                Ok((version, framework_table::in_force(connection)?))
            })
            .await?;
        let framework = tokio::task::spawn_blocking(move || read(&rows)).await;
        let framework = Arc::new(framework.map_err(Error::internal)??);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some((version, framework.clone()));
        Ok(framework)
    }

    fn at_hand(&self, version: i64) -> Option<Arc<Framework>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, framework) = known.as_ref()?;
        (*of == version).then(|| framework.clone())
    }
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
