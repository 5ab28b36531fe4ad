//! Verifying an award by its identifier or certificate number with two facts about its holder, what somebody shared by
//! the token of their share, or a document that was handed in.
//!
//! Whoever does not hold the right facts learns nothing: an unknown number, wrong facts and a match take
//! the same statements, as many of them, and differ only in values. So do a share that stands and one that does not, or
//! never was. Every verification leaves a signed
//! receipt and a row in the holder's access ledger, durable before it is answered.

mod check;
mod establish;
mod receipt;

pub use check::{Check, CheckName, CheckResult, Outcome, Verified, VerifiedRecord};
pub use establish::Candidates;
pub use receipt::{find as find_receipt, of_caller as receipts_of};

use super::ledger;
use super::share::{Shared, Token};
use super::view;
use crate::access::Caller;
use crate::app::App;
use crate::db::{Appended, Connection, Id};
use crate::error::Error;
use crate::model::access_entry::{self, AccessRow};
use crate::model::receipt::{self as receipt_row, ReceiptRow};
use crate::model::share as share_row;
use chrono::NaiveDateTime;
use establish::Found;
use schema::{Code, Date};
use std::sync::Arc;

/// What is asked.
#[derive(Clone)]
pub struct Input {
    /// About what.
    pub of: Of,
    /// The day for which it is asked; none for today.
    pub as_of: Option<Date>,
    /// Why, for the ledger.
    pub purpose: Option<String>,
}

/// About what it is asked.
#[derive(Clone)]
pub enum Of {
    /// An award.
    Award(Facts),
    /// What the share of that token gives.
    Share(Token),
    /// A document: a credential, or several in a presentation.
    Document(String),
}

/// An award with the facts about its holder.
#[derive(Clone)]
pub struct Facts {
    /// The achievement's identifier as users see it, or its certificate number.
    pub by: By,
    /// The holder's family name.
    pub family_name: String,
    /// The holder's date of birth.
    pub date_of_birth: Date,
}

/// How the award is named.
#[derive(Clone)]
pub enum By {
    /// By identifier; none where what was given cannot be one, which is asked for all the same.
    Id(Option<Id>),
    /// By certificate number.
    Certificate(String),
}

/// A verification with its receipt.
#[derive(Debug, Clone)]
pub struct Verification {
    /// What it says.
    pub outcome: Outcome,
    /// The checks that were made or could not be.
    pub checks: Vec<Check>,
    /// The award, where one was established.
    pub achievement: Option<Verified>,
    /// What is shared, where a share was established.
    pub record: Option<VerifiedRecord>,
    /// When.
    pub checked_at: NaiveDateTime,
    /// The receipt.
    pub receipt: ReceiptRow,
}

/// What a verification leaves behind, durable before it is answered.
struct Noted {
    receipt: ReceiptRow,
    look: AccessRow,
    /// The share through which it was looked; nobody's, where none stands and for one's own look.
    share: Option<Id>,
}

impl Appended for Noted {
    fn append(connection: &mut Connection, rows: &[&Self]) -> Result<(), Error> {
        let receipts: Vec<_> = rows.iter().map(|noted| &noted.receipt).collect();
        let looks: Vec<_> = rows.iter().map(|noted| &noted.look).collect();
        receipt_row::insert_all(connection, &receipts)?;
        access_entry::insert_all(connection, &looks)?;
        // In one order, so that no two servers wait for each other.
        let mut shares: Vec<Id> = rows.iter().filter_map(|noted| noted.share).collect();
        shares.sort_unstable();
        for id in shares {
            share_row::viewed(connection, id)?;
        }
        Ok(())
    }
}

/// The longest purpose, in characters.
const LONGEST_PURPOSE: usize = 300;

/// Verifies each input: all are looked up in one hop and noted in another; one more for former days, and for each
/// document.
///
/// # Errors
/// [`Code::InputInvalid`] for a purpose that is too long; [`Error`] where the database does not answer, or
/// the receipts cannot be stored: then there is no answer either.
#[tracing::instrument(target = "registry::trace", name = "verify", skip_all)]
pub async fn verify(
    app: &Arc<App>,
    caller: &Caller,
    inputs: Vec<Input>,
) -> Result<Vec<Verification>, Error> {
    if inputs.iter().any(|input| {
        input
            .purpose
            .as_ref()
            .is_some_and(|text| text.chars().count() > LONGEST_PURPOSE)
    }) {
        return Err(Error::with(
            Code::InputInvalid,
            format!("A purpose has at most {LONGEST_PURPOSE} characters."),
        ));
    }
    let today = app.clock.now().date();
    let own = view::own_learner_of(app, caller).await?.map(|own| own.id);
    let documented = |input: &Input| matches!(input.of, Of::Document(_));
    if inputs
        .iter()
        .any(|input| documented(input) && input.as_of.is_some())
    {
        let words = "A document is verified as of now. Leave asOf out.";
        return Err(Error::with(Code::InputInvalid, words));
    }
    let found = establish::all(app, inputs).await?;
    let at = app.clock.now();
    let mut answers = Vec::with_capacity(found.len());
    let mut noted = Vec::with_capacity(found.len());
    for (input, found) in found {
        let day = input.as_of.unwrap_or(today);
        let (checks, holder, via) = match &found {
            Found::Award(found) => {
                let holding = found.as_deref();
                let checks = check::of_award(holding.map(|(held, _)| held), day);
                (checks, holding.map(|(_, holder)| holder.id), None)
            }
            Found::Share(found) => {
                let shared = found.as_deref();
                let checks = check::of_share(shared, day, today);
                let holder = shared.map(|shared| shared.holder.id);
                (checks, holder, shared.map(Shared::via))
            }
            Found::Document(judged) => {
                let checks = check::of_document(&judged.judgement);
                let holder = judged.holder.as_ref().map(|holder| holder.id);
                (checks, holder, Some("document".to_owned()))
            }
        };
        let outcome = check::outcome(&checks);
        let receipt = receipt::sign(app, caller, &input, outcome, &checks, &found, at)?;
        // One's own look leaves no row in one's own ledger, but the same statement runs.
        let learner = holder.filter(|id| Some(*id) != own);
        let share = match &found {
            Found::Award(_) | Found::Document(_) => None,
            Found::Share(shared) => {
                let share = shared.as_ref().filter(|_| learner.is_some());
                Some(share.map_or_else(|| Id::from_bytes([0; 16]), |shared| shared.share.id))
            }
        };
        let via = via.as_deref().unwrap_or("graphql");
        noted.push(Noted {
            receipt: receipt.clone(),
            look: ledger::row(caller, learner, "verification", input.purpose, via, at),
            share,
        });
        let (achievement, record) = match found {
            Found::Award(found) => {
                let verified = found.and_then(|holding| check::verified(&holding.0));
                (verified, None)
            }
            Found::Share(found) => (None, found.map(|shared| check::record(&shared))),
            Found::Document(judged) => check::documented(&judged),
        };
        answers.push(Verification {
            outcome,
            checks,
            achievement,
            record,
            checked_at: at,
            receipt,
        });
    }
    app.db.append(noted).await?;
    for answer in &answers {
        metrics::counter!("registry_receipts_total", "outcome" => answer.outcome.as_str())
            .increment(1);
    }
    Ok(answers)
}
