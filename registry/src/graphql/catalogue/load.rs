//! Qualifications by number, for many fields at once.

use crate::app::App;
use crate::error::Error;
use crate::graphql::framework::Qualification;
use crate::model::{awarding_body, qualification};
use async_graphql::dataloader::{DataLoader, Loader};
use std::collections::HashMap;
use std::sync::Arc;
use tracing::Instrument;

/// Loads qualifications with the bodies that own them: two statements, however many are asked for.
pub(in crate::graphql) struct Qualifications(Arc<App>);

impl Qualifications {
    /// The loader of a schema.
    pub(in crate::graphql) fn loader(app: &Arc<App>) -> DataLoader<Self> {
        DataLoader::new(Self(app.clone()), |load| {
            tokio::spawn(load.in_current_span())
        })
    }
}

impl Loader<String> for Qualifications {
    type Value = Qualification;
    type Error = Arc<Error>;

    async fn load(&self, numbers: &[String]) -> Result<HashMap<String, Qualification>, Arc<Error>> {
        let numbers = numbers.to_vec();
        let found = self.0.db.read(move |connection| {
            let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
            let rows = qualification::all(connection, &numbers)?;
            let owners: Vec<&str> = rows.iter().filter_map(|row| row.body.as_deref()).collect();
            let bodies = if owners.is_empty() {
                Vec::new()
            } else {
                awarding_body::all(connection, &owners)?
            };
            let bodies: HashMap<&str, _> = bodies
                .iter()
                .map(|body| (body.recognition_number.as_str(), body))
                .collect();
            let owned = rows.iter().map(|row| {
                let body = row.body.as_deref().and_then(|body| bodies.get(body));
                let body = body.map(|body| (*body).clone());
                (row.number.clone(), Qualification(row.clone(), body))
            });
            Ok(owned.collect())
        });
        found.await.map_err(Arc::new)
    }
}
