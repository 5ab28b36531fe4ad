//! Handing out what was issued.

use super::export::badges_of;
use crate::access::{Caller, Right};
use crate::action::view::View;
use crate::action::{ledger, view};
use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use crate::issuing::Issuing;
use crate::keys::Keys;
use crate::model::credential::{self, CredentialRow, RECORD};
use crate::model::learner;
use ::credential::{Form, bytes};
use schema::Code;
use serde_json::{Map, Value};
use std::sync::Arc;

/// A credential for whoever holds the right: the person, and a steward, whose look leaves its row in the ledger.
///
/// # Errors
/// [`Code::Unauthenticated`] without a token; [`Code::NotFound`] without the right, as for one that does not exist;
/// [`Error`] where the database does not answer, or the look cannot be noted.
#[tracing::instrument(target = "registry::trace", name = "credential::show", skip_all)]
pub async fn show(
    app: &Arc<App>,
    caller: &Caller,
    id: Option<Id>,
    form: Form,
) -> Result<String, Error> {
    if caller.identity.is_none() {
        return Err(Error::from(Code::Unauthenticated));
    }
    let none = || Error::from(Code::NotFound);
    let asker = caller.clone();
    // Asked for whether it can be one or not, so that both take the same way.
    let id = id.unwrap_or_else(|| Id::from_bytes([0; 16]));
    let found = app
        .db
        .read(move |connection| {
            let row = credential::find(connection, id)?;
            let holder = row.as_ref().map(|row| row.learner_id);
            let nobody = Id::from_bytes([0; 16]);
            let holder = learner::find(connection, holder.unwrap_or(nobody))?;
            let own = view::own_learner(connection, &asker)?.map(|own| own.id);
            let badges = match &row {
                Some(row) if row.kind == RECORD => badges_of(connection, row)?,
                _ => Vec::new(),
            };
            let holder = holder.map(|row| row.id);
            let view = match holder {
                Some(holder) if own == Some(holder) && asker.may(Right::ReadOwnRecord) => {
                    Some(View::Own)
                }
                Some(_) if asker.may(Right::ReadIdentities) => Some(View::Steward),
                _ => None,
            };
            Ok(row.zip(holder).zip(view).map(|found| (found, badges)))
        })
        .await?;
    let (((row, holder), view), badges) = found.ok_or_else(none)?;
    if view != View::Own {
        ledger::note(app, caller, view, holder, "credential").await?;
    }
    let task = app.clone();
    let signing = move || document(&task.issuing, &task.keys, &row, &badges, form);
    app.engines.run(signing).await?
}

/// An issued credential as a document: signed at the time at which it was issued. `badges` are those of a record.
///
/// # Errors
/// [`Error`] where what is stored cannot be read or signed.
pub fn document(
    issuing: &Issuing,
    keys: &Keys,
    row: &CredentialRow,
    badges: &[CredentialRow],
    form: Form,
) -> Result<String, Error> {
    let credential = unsigned(issuing, keys, row, badges)?;
    let at = row.issued_at.and_utc();
    Ok(match form {
        Form::DataIntegrity => bytes(&issuing.seal(keys, &credential, at)?),
        // Open Badges 3.0, section 8.2.3.1: where there is a type, it is this one.
        Form::Token => issuing.token(keys, &credential, "JWT", at),
    })
}

/// An issued credential without its proof; the badges of a record have theirs.
pub(super) fn unsigned(
    issuing: &Issuing,
    keys: &Keys,
    row: &CredentialRow,
    badges: &[CredentialRow],
) -> Result<Map<String, Value>, Error> {
    let mut credential = content(row)?;
    let held = credential
        .get_mut("credentialSubject")
        .and_then(|subject| subject.get_mut("verifiableCredential"));
    if let Some(Value::Array(held)) = held {
        for place in held {
            let badge = badges
                .iter()
                .find(|badge| *place == badge.id.show("credential"))
                .ok_or_else(|| Error::internal("a record without one of its badges"))?;
            let at = badge.issued_at.and_utc();
            *place = issuing.seal(keys, &content(badge)?, at)?.into();
        }
    }
    Ok(credential)
}

fn content(row: &CredentialRow) -> Result<Map<String, Value>, Error> {
    serde_json::from_str(&row.content).map_err(Error::internal)
}
