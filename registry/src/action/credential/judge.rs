//! Judging a document that is handed in: with the keys and lists that the registry has, and what it may ask others for.

use super::standing::{Standing, standing_of};
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::issuing::Issuing;
use crate::model::achievement::{self, Held};
use crate::model::credential::{self as issued, CredentialRow};
use crate::model::learner::{self, LearnerRow};
use credential::{Asked, Check, CheckName, Found, Handed, Judgement, Lists, Outcome, Trust};
use proof::Limits;
use schema::Code;
use std::collections::{HashMap, HashSet};

/// A document with what was found about it.
pub struct Judged {
    /// What was found.
    pub judgement: Judgement,
    /// Whose the document is, where it is one of the registry's own.
    pub holder: Option<LearnerRow>,
    /// The awards that it tells of, as they stand now, where it is one of the registry's own.
    pub held: Vec<Held>,
}

/// What is known of the registry's own credentials in a document.
#[derive(Default)]
struct Known {
    rows: Vec<(CredentialRow, Standing)>,
    holder: Option<LearnerRow>,
    held: Vec<Held>,
}

/// Judges a document. It blocks, and does much work: see [`crate::action::framework::Engines::run`].
///
/// # Errors
/// [`Error`] where the database does not answer.
pub fn judge(app: &App, document: &str) -> Result<Judged, Error> {
    let now = app.clock.now().and_utc();
    let handed = match Handed::read(document.as_bytes(), &Limits::default()) {
        Ok(handed) => handed,
        Err(fault) => {
            // Nothing is looked for, by the same statements.
            known(app, Vec::new())?;
            return Ok(Judged {
                judgement: Judgement::unreadable(&fault),
                holder: None,
                held: Vec::new(),
            });
        }
    };
    let trust = |issuer: &str| app.issuing.trust(issuer);
    let ring = app.issuing.ring();
    let ring = app
        .controllers
        .with_keys(ring, handed.issuers(), now.naive_utc());
    let proved = handed.prove(&*ring, &trust, now);
    let own: Vec<Id> = proved
        .own()
        .filter_map(|id| Id::read("credential", Issuing::credential_name(id)?))
        .collect();
    let known = known(app, own)?;
    let mut judgement = proved.judge(&Kept {
        app,
        bits: known.bits(),
    });
    if judgement.trust == Trust::Own && !judgement.own.is_empty() {
        let check = status(&judgement, &known, now.date_naive());
        judgement.checks.push(check);
    }
    Ok(Judged {
        judgement,
        holder: known.holder,
        held: known.held,
    })
}

/// What the record says of the credentials of those identifiers. As many statements run whether there are any or not.
fn known(app: &App, ids: Vec<Id>) -> Result<Known, Error> {
    app.db.read_blocking(move |connection| {
        let rows = issued::all(connection, &ids)?;
        let of: Vec<(Id, Id)> = rows.iter().map(|row| (row.id, row.learner_id)).collect();
        let standing = standing_of(connection, &of)?;
        let nobody = Id::from_bytes([0; 16]);
        let first = rows.first().map_or(nobody, |row| row.learner_id);
        let holder = learner::find(connection, first)?;
        let whose = holder.as_ref().map_or(nobody, |holder| holder.id);
        let held = held(connection, &of, whose)?;
        let stands = |row: CredentialRow| {
            let stands = standing.get(&row.id).copied();
            (row, stands.unwrap_or(Standing::Superseded))
        };
        Ok(Known {
            rows: rows.into_iter().map(stands).collect(),
            holder,
            held,
        })
    })
}

/// The awards of that person that these credentials tell of, in the order of their identifiers.
fn held(connection: &mut Connection, issued: &[(Id, Id)], whose: Id) -> Result<Vec<Held>, Error> {
    let ids: Vec<Id> = issued.iter().map(|(id, _)| *id).collect();
    let told = issued::told(connection, &ids)?;
    let told: Vec<Id> = told.iter().map(|told| told.achievement_id).collect();
    let now = achievement::rows(connection, &told)?.into_iter();
    let now: HashSet<Id> = now.map(|row| row.replaced_by.unwrap_or(row.id)).collect();
    let mut held = achievement::all_of_learner(connection, whose)?;
    held.retain(|held| now.contains(&held.achievement.id));
    Ok(held)
}

impl Known {
    /// The bits of the credentials, by list and place.
    fn bits(&self) -> HashMap<(i32, u64), bool> {
        let bit = |(row, standing): &(CredentialRow, Standing)| {
            let place = (row.list, u64::from(row.place.cast_unsigned()));
            (place, standing.is_set(&row.kind))
        };
        self.rows.iter().map(bit).collect()
    }
}

/// What the record says of all that the document tells of: the worst of it.
fn status(judgement: &Judgement, known: &Known, day: schema::Date) -> Check {
    let check = |result, code| Check::new(CheckName::Status, result, code, "");
    let worst = known.rows.iter().map(|(_, standing)| *standing).max();
    match worst {
        // Signed by us, and not remembered: another database than the one that issued it.
        _ if known.rows.len() < judgement.own.iter().collect::<HashSet<_>>().len() => {
            check(Outcome::NotChecked, Code::NotEstablished)
        }
        None => check(Outcome::NotChecked, Code::NotEstablished),
        Some(Standing::Superseded) => check(Outcome::Failed, Code::CredentialSuperseded),
        Some(Standing::Withdrawn) => check(Outcome::Failed, Code::StatusWithdrawn),
        Some(Standing::Holds) => {
            let ended = |held: &Held| held.achievement.valid_until.is_some_and(|end| end < day);
            let lapsed = |held: &Held| {
                let state = held.achievement.registration_state.as_deref();
                state.is_some_and(|state| state != "current")
            };
            if known.held.iter().any(ended) {
                check(Outcome::Failed, Code::StatusExpired)
            } else if known.held.iter().any(lapsed) {
                check(Outcome::Failed, Code::RegistrationNotCurrent)
            } else {
                check(Outcome::Passed, Code::StatusFinal)
            }
        }
    }
}

/// The registry's own lists, of which it knows the bits, and those of others, which are fetched.
struct Kept<'a> {
    app: &'a App,
    bits: HashMap<(i32, u64), bool>,
}

impl Lists for Kept<'_> {
    fn get(&self, asked: Asked<'_>) -> Found {
        if !asked.own {
            return self.app.lists.get(self.app, asked.list);
        }
        let bit = Issuing::list_number(asked.list)
            .and_then(|number| self.bits.get(&(number, asked.index)));
        bit.map_or(Found::Unreachable, |bit| Found::Bit(*bit))
    }
}
