//! Receipts: what was asked, when, and what the registry answered, signed with its key. A receipt names
//! nobody; what was asked stands in it as a salted digest, so that whoever kept the input can show that it
//! was this one.

use super::check::{Check, Outcome};
use super::establish::Found;
use super::{By, Input, Of};
use crate::access::Caller;
use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use crate::model::receipt::{self, ReceiptRow};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDateTime;
use schema::fold_name;
use serde::Serialize;
use sha2::{Digest, Sha256};

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    iat: i64,
    jti: String,
    outcome: &'static str,
    checks: Vec<(&'static str, &'static str, &'static str)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    achievement: Option<String>,
    /// What was shared, or what a document tells of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    achievements: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<String>,
    /// SHA-256 over salt, number, folded family name and birth date, joined by line feeds; of a share over salt and
    /// token, of a document over salt and document.
    asked: String,
    salt: String,
}

pub(super) fn sign(
    app: &App,
    caller: &Caller,
    input: &Input,
    outcome: Outcome,
    checks: &[Check],
    found: &Found,
    at: NaiveDateTime,
) -> Result<ReceiptRow, Error> {
    let id = Id::new();
    let salt: [u8; 16] = rand::random();
    let salt = URL_SAFE_NO_PAD.encode(salt);
    let asked = match &input.of {
        Of::Award(facts) => {
            let number = match &facts.by {
                By::Id(id) => id.map(|id| id.show("achievement")).unwrap_or_default(),
                By::Certificate(number) => number.clone(),
            };
            let family_name = fold_name(&facts.family_name);
            format!("{salt}\n{number}\n{family_name}\n{}", facts.date_of_birth)
        }
        Of::Share(token) => format!("{salt}\n{}", token.as_str()),
        Of::Document(document) => format!("{salt}\n{document}"),
    };
    let (achievement, several) = match found {
        Found::Award(held) => (held.as_ref().map(|held| held.0.achievement.id), &[][..]),
        Found::Share(shared) => (None, shared.as_ref().map_or(&[][..], |shared| &shared.held)),
        Found::Document(judged) => match judged.held.as_slice() {
            [one] => (Some(one.achievement.id), &[][..]),
            several => (None, several),
        },
    };
    let claims = Claims {
        iss: &app.config.tokens.builtin_name,
        iat: at.and_utc().timestamp(),
        jti: id.show("receipt"),
        outcome: outcome.as_str(),
        checks: checks
            .iter()
            .map(|check| {
                (
                    check.name.as_str(),
                    check.result.as_str(),
                    check.code.as_str(),
                )
            })
            .collect(),
        achievement: achievement.map(|id| id.show("achievement")),
        achievements: several
            .iter()
            .map(|held| held.achievement.id.show("achievement"))
            .collect(),
        as_of: input.as_of.map(|day| day.to_string()),
        asked: URL_SAFE_NO_PAD.encode(Sha256::digest(asked)),
        salt,
    };
    Ok(ReceiptRow {
        id,
        caller: caller.key(),
        outcome: outcome.as_str().to_owned(),
        purpose: input.purpose.clone(),
        achievement_id: achievement,
        checked_at: at,
        jwt: app.keys.sign_jwt("verification-receipt+jwt", &claims)?,
    })
}

/// The caller's receipt of that identifier.
///
/// # Errors
/// [`schema::Code::Unauthenticated`] without a token; [`Error`] where the database does not answer.
pub async fn find(app: &App, caller: &Caller, id: Id) -> Result<Option<ReceiptRow>, Error> {
    caller.demand(crate::access::Right::KeepReceipts)?;
    let key = caller.key();
    app.db
        .read(move |connection| Ok(receipt::find(connection, &key, id)?))
        .await
}

/// A page of the caller's own receipts, the newest first.
///
/// # Errors
/// As [`find`].
pub async fn of_caller(
    app: &App,
    caller: &Caller,
    before: Option<Id>,
    limit: i64,
) -> Result<Vec<ReceiptRow>, Error> {
    caller.demand(crate::access::Right::KeepReceipts)?;
    let key = caller.key();
    app.db
        .read(move |connection| Ok(receipt::of_caller(connection, &key, before, limit)?))
        .await
}
