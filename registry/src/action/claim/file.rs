//! A file as evidence: taken in before the claim is changed, and only for whoever may add it.

use super::look::{Looking, view_of};
use crate::access::Caller;
use crate::action::evidence::{NewFile, Taken};
use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use crate::model::claim::{self, Stored};
use schema::Code;

/// Takes a file in. Whoever does not see the claim, or has no room on it, is told before the file is looked at.
///
/// # Errors
/// [`Code::NotFound`], [`Code::TooLarge`], and those of [`crate::action::evidence::Files::take`].
pub(super) async fn take(app: &App, caller: &Caller, id: Id, new: NewFile) -> Result<Taken, Error> {
    let size = app.files.size_of(&new)?;
    let (asker, files) = (caller.clone(), app.files.clone());
    app.db
        .read(move |connection| {
            let seen = view_of(connection, &asker, id)?;
            let stored = claim::load(connection, &[id])?.pop();
            let stored = seen
                .and(stored)
                .ok_or_else(|| Error::from(Code::NotFound))?;
            files.room(held(&stored), size)
        })
        .await?;
    app.files.take(new).await
}

/// Answers nothing where a claim has room for what was taken in.
///
/// # Errors
/// [`Code::TooLarge`].
pub(super) fn room(looking: &Looking, stored: &Stored, taken: Option<&Taken>) -> Result<(), Error> {
    match taken {
        Some(taken) => looking.files.room(held(stored), taken.size.unsigned_abs()),
        None => Ok(()),
    }
}

/// How many bytes the files of a claim have.
fn held(stored: &Stored) -> u64 {
    let pieces = stored.evidence.iter();
    pieces
        .filter_map(|piece| piece.row.size)
        .map(i64::unsigned_abs)
        .sum()
}
