//! Making a share.

use super::{Fields, OwnShare, Token};
use crate::access::{Caller, Right};
use crate::action::view;
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::share::ShareRow;
use crate::model::{achievement, learner, share};
use chrono::{NaiveDateTime, TimeDelta};
use schema::Code;
use std::collections::HashMap;

/// The most achievements of one share.
const MOST_ACHIEVEMENTS: usize = 100;
/// The most shares of one person that stand at a time.
const MOST_STANDING: i64 = 100;
/// The longest life of a share, in days: five years. Whoever is on a team shares for as long as they are.
const LONGEST_LIFE: i64 = 1827;
/// The longest purpose, in characters.
const LONGEST_PURPOSE: usize = 300;

/// What shall be shared.
pub struct New {
    /// The achievements; none where what was given can be no identifier.
    pub achievements: Vec<Option<Id>>,
    /// The fields by name; every field where nothing was said.
    pub fields: Option<Vec<String>>,
    /// What it is for.
    pub purpose: Option<String>,
    /// Until when.
    pub expires_at: NaiveDateTime,
}

/// A share that was made.
pub struct Made {
    /// The share.
    pub share: OwnShare,
    /// Its token, told now and never again.
    pub token: Token,
}

/// What was checked.
struct Checked {
    achievements: Vec<Id>,
    fields: Fields,
    purpose: Option<String>,
    expires_at: NaiveDateTime,
}

/// Shares achievements of one's own.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but a practitioner; [`Code::InputInvalid`] for no achievement, an unknown field, a
/// purpose that is too long, an end that has passed or lies too far; [`Code::TooMany`]; [`Code::NotFound`] for an
/// achievement that is not one's own, as for one that does not exist.
#[tracing::instrument(target = "registry::trace", name = "share::make", skip_all)]
pub async fn make(app: &App, caller: &Caller, new: New) -> Result<Made, Error> {
    caller.demand(Right::ShareOwnRecord)?;
    let now = app.clock.now();
    let checked = check(new, now)?;
    let (caller, token) = (caller.clone(), Token::new());
    let digest = token.digest();
    let share = app
        .db
        .write(move |connection| store(connection, &caller, checked, digest, now))
        .await?;
    Ok(Made { share, token })
}

fn check(new: New, now: NaiveDateTime) -> Result<Checked, Error> {
    let invalid = |words: String| Err(Error::with(Code::InputInvalid, words));
    let achievements: Option<Vec<Id>> = new.achievements.into_iter().collect();
    let mut achievements = achievements.ok_or_else(|| Error::from(Code::NotFound))?;
    if achievements.is_empty() {
        return invalid("Choose at least one achievement.".to_owned());
    }
    if achievements.len() > MOST_ACHIEVEMENTS {
        let words = format!("A share has at most {MOST_ACHIEVEMENTS} achievements.");
        return Err(Error::with(Code::TooMany, words));
    }
    let mut seen = std::collections::HashSet::new();
    achievements.retain(|id| seen.insert(*id));
    if new.expires_at <= now {
        return invalid("expiresAt has passed. Give a time to come.".to_owned());
    }
    if new.expires_at > now + TimeDelta::days(LONGEST_LIFE) {
        return invalid(format!(
            "A share lasts at most {LONGEST_LIFE} days. Give an earlier expiresAt."
        ));
    }
    let purpose = new.purpose.map(|purpose| purpose.trim().to_owned());
    let purpose = purpose.filter(|purpose| !purpose.is_empty());
    if let Some(purpose) = &purpose {
        if purpose.chars().count() > LONGEST_PURPOSE {
            return invalid(format!(
                "A purpose has at most {LONGEST_PURPOSE} characters."
            ));
        }
        if purpose.chars().any(char::is_control) {
            return Err(Error::from(Code::TextInvalid));
        }
    }
    Ok(Checked {
        achievements,
        fields: Fields::named(new.fields.as_deref())?,
        purpose,
        expires_at: new.expires_at,
    })
}

fn store(
    connection: &mut Connection,
    caller: &Caller,
    checked: Checked,
    digest: [u8; 32],
    now: NaiveDateTime,
) -> Result<OwnShare, Error> {
    let none = || Error::from(Code::NotFound);
    let own = view::own_learner(connection, caller)?.ok_or_else(none)?;
    // One at a time for one person, so that no more stand than may.
    learner::lock(connection, &[own.id])?;
    let everybody = super::own::makers(connection, own.id)?;
    if share::standing(connection, &everybody, now)? >= MOST_STANDING {
        let words = format!("At most {MOST_STANDING} shares stand at a time. Take one back first.");
        return Err(Error::with(Code::TooMany, words));
    }
    let replaced: HashMap<Id, Id> = achievement::rows(connection, &checked.achievements)?
        .into_iter()
        .filter_map(|row| Some((row.id, row.replaced_by?)))
        .collect();
    let record = achievement::all_of_learner(connection, own.id)?;
    let mut chosen: Vec<Id> = Vec::new();
    for id in checked.achievements {
        let id = replaced.get(&id).copied().unwrap_or(id);
        if !record.iter().any(|held| held.achievement.id == id) {
            return Err(none());
        }
        if !chosen.contains(&id) {
            chosen.push(id);
        }
    }
    let row = ShareRow {
        id: Id::new(),
        learner_id: own.id,
        token_hash: digest.to_vec(),
        fields: checked.fields.store(),
        purpose: checked.purpose,
        created_at: now,
        expires_at: checked.expires_at,
        revoked_at: None,
        views: 0,
    };
    share::store(connection, &row, &chosen)?;
    let chosen: Vec<(Id, Id)> = chosen.into_iter().map(|id| (row.id, id)).collect();
    Ok(OwnShare::of(row, &chosen, &record))
}
