//! Verifying an award by its identifier or certificate number with two facts about its holder.
//!
//! Whoever does not hold the right facts learns nothing: an unknown number, wrong facts and a match take
//! the same statements, as many of them, and differ only in values. Every verification leaves a signed
//! receipt and a row in the holder's access ledger, durable before it is answered.

mod check;
mod establish;
mod receipt;

pub use check::{Check, CheckName, CheckResult, Outcome, Verified};
pub use establish::Candidates;
pub use receipt::{find as find_receipt, of_caller as receipts_of};

use super::ledger;
use super::view;
use crate::access::Caller;
use crate::app::App;
use crate::db::{Appended, Connection, Id};
use crate::error::Error;
use crate::model::access_entry::{self, AccessRow};
use crate::model::receipt::{self as receipt_row, ReceiptRow};
use chrono::NaiveDateTime;
use schema::{Code, Date};
use std::sync::Arc;

/// What is asked.
#[derive(Clone)]
pub struct Input {
    /// The achievement's identifier as users see it, or its certificate number.
    pub by: By,
    /// The holder's family name.
    pub family_name: String,
    /// The holder's date of birth.
    pub date_of_birth: Date,
    /// The day for which it is asked; none for today.
    pub as_of: Option<Date>,
    /// Why, for the ledger.
    pub purpose: Option<String>,
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
    /// When.
    pub checked_at: NaiveDateTime,
    /// The receipt.
    pub receipt: ReceiptRow,
}

/// What a verification leaves behind, durable before it is answered.
struct Noted {
    receipt: ReceiptRow,
    look: AccessRow,
}

impl Appended for Noted {
    fn append(connection: &mut Connection, rows: &[&Self]) -> Result<(), Error> {
        let receipts: Vec<_> = rows.iter().map(|noted| &noted.receipt).collect();
        let looks: Vec<_> = rows.iter().map(|noted| &noted.look).collect();
        receipt_row::insert_all(connection, &receipts)?;
        Ok(access_entry::insert_all(connection, &looks)?)
    }
}

/// The longest purpose, in characters.
const LONGEST_PURPOSE: usize = 300;

/// Verifies each input: all are looked up in one hop and noted in another; one more for former days.
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
    let found = establish::all(app, inputs).await?;
    let at = app.clock.now();
    let mut answers = Vec::with_capacity(found.len());
    let mut noted = Vec::with_capacity(found.len());
    for (input, holding) in found {
        let checks = check::all(holding.as_ref(), input.as_of.unwrap_or(today));
        let outcome = check::outcome(&checks);
        let achievement = holding.as_ref().and_then(|(held, _)| check::verified(held));
        let receipt = receipt::sign(
            app,
            caller,
            &input,
            outcome,
            &checks,
            holding.as_ref().map(|(held, _)| held),
            at,
        )?;
        // One's own look leaves no row in one's own ledger, but the same statement runs.
        let learner = holding
            .map(|(_, learner)| learner.id)
            .filter(|id| Some(*id) != own);
        noted.push(Noted {
            receipt: receipt.clone(),
            look: ledger::row(
                caller,
                learner,
                "verification",
                input.purpose,
                "graphql",
                at,
            ),
        });
        answers.push(Verification {
            outcome,
            checks,
            achievement,
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
