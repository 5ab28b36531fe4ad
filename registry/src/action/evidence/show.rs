//! Handing a file out: to whoever is on the claim. Each look by anybody but the claimant leaves its row in the claimant's access
//! ledger.

use crate::access::Caller;
use crate::action::claim::{self, View};
use crate::action::ledger;
use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use crate::model::access_entry::AccessRow;
use crate::model::evidence_file;
use evidence::{MediaType, Opened};
use schema::Code;
use std::fs::File;
use std::sync::Arc;

/// A file that is handed out.
pub struct Shown {
    /// What it is.
    pub media_type: MediaType,
    /// Its content.
    pub content: Opened<File>,
}

/// The file of a piece of evidence.
///
/// # Errors
/// [`Code::Unauthenticated`] without a token; [`Code::NotFound`] for who does not see the claim, as for one that does not exist;
/// [`Code::EvidenceErased`]; [`Error`] where the look cannot be noted, or the file is not as it was stored.
#[tracing::instrument(target = "registry::trace", name = "evidence::show", skip_all)]
pub async fn show(app: &Arc<App>, caller: &Caller, id: Option<Id>) -> Result<Shown, Error> {
    if caller.identity.is_none() {
        return Err(Error::from(Code::Unauthenticated));
    }
    let none = || Error::from(Code::NotFound);
    // Asked for whether it can be one or not, so that both take the same way.
    let id = id.unwrap_or_else(|| Id::from_bytes([0; 16]));
    let (asker, now) = (caller.clone(), app.clock.now());
    let found = app
        .db
        .read(move |connection| {
            let piece = evidence_file::of_piece(connection, id)?;
            let nothing = (Id::from_bytes([0; 16]), String::new(), None);
            let (claim, digest, erased_at) = piece.unwrap_or(nothing);
            let seen = claim::view_of(connection, &asker, claim)?;
            let file = evidence_file::find(connection, &digest)?;
            Ok(seen.zip(file).map(|found| (found, erased_at)))
        })
        .await?;
    let (((learner, view), file), erased_at) = found.ok_or_else(none)?;
    if erased_at.is_some() || file.erased_at.is_some() {
        return Err(Error::from(Code::EvidenceErased));
    }
    let media_type = MediaType::parse(&file.media_type)
        .ok_or_else(|| Error::internal("a file of a type that is not known"))?;
    let files = app.files.clone();
    let opening = tokio::task::spawn_blocking(move || files.open(&file.name));
    let content = opening.await.map_err(Error::internal)??;
    if view != View::Own {
        let row = AccessRow {
            role: view.role().as_str().to_owned(),
            ..ledger::row(caller, Some(learner), "evidence", None, "http", now)
        };
        app.db.append(vec![row]).await?;
    }
    Ok(Shown {
        media_type,
        content,
    })
}
