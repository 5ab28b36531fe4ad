//! Withdrawing and reinstating: a body's statement about its own award, made in the registry itself. It is
//! one more source, and the record is concluded anew.

use super::Seen;
use crate::access::{Caller, Right};
use crate::action::import::settle::settle_one;
use crate::action::ledger;
use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use crate::model::access_entry::{self, AccessRow};
use crate::model::source::{self, SourceRow};
use prost::Message;
use record::{SourceKind, Standing};
use schema::wire::ResultRecord;
use schema::{AwardStatus, Code, Verb};

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// Withdraws or reinstates an award of the caller's own body, as of today.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but an awarding body; [`Code::NotFound`] where the award is not its own;
/// [`Code::StateConflict`] where it is withdrawn already, or is not; [`Code::InputInvalid`] without a reason.
#[tracing::instrument(target = "registry::trace", name = "achievement::change", skip_all)]
pub async fn change(
    app: &App,
    caller: &Caller,
    id: Id,
    verb: Verb,
    reason: String,
) -> Result<Seen, Error> {
    caller.demand(Right::ChangeOwnAwards)?;
    let body = caller.body().ok_or_else(|| Error::from(Code::Forbidden))?;
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(Error::with(
            Code::InputInvalid,
            format!("A reason of 1 to {LONGEST_REASON} characters is needed."),
        ));
    }
    let submitter = format!("body:{body}");
    let caller = caller.clone();
    let now = app.clock.now();
    app.db
        .write(move |connection| {
            let seen = super::see(connection, &caller, id, now)?
                .ok_or_else(|| Error::from(Code::NotFound))?;
            let row = &seen.held.achievement;
            let withdrawn = row.status == AwardStatus::Withdrawn.as_str();
            if withdrawn == (verb == Verb::Withdraw) {
                return Err(Error::from(Code::StateConflict));
            }
            let own: Vec<SourceRow> = source::of_achievements(connection, &[row.id])?
                .into_iter()
                .filter(|one| one.submitter == submitter)
                .collect();
            // The body's latest word carries its own numbers for the award, so that the new one is found to
            // speak of the same.
            let latest = own.last().ok_or_else(|| Error::from(Code::NotFound))?;
            let record = ResultRecord {
                verb: verb.as_str().to_owned(),
                // Without a stated day it is dated by its time, so that the later of one day counts.
                action_date: String::new(),
                action_reason: reason,
                position: None,
                stated: Vec::new(),
                ..latest.decode()?
            };
            let added = SourceRow {
                id: Id::new(),
                digest: source::digest(&format!("{submitter}\u{1f}{now}"), record.clone()).to_vec(),
                kind: SourceKind::AwardingBody.as_str().to_owned(),
                standing: Standing::Attested.as_str().to_owned(),
                adapter: "registry".to_owned(),
                job_id: None,
                received_at: now,
                record: record.encode_to_vec(),
                ..latest.clone()
            };
            let learner = row.learner_id;
            settle_one(connection, learner, added, now)?;
            let look = AccessRow {
                role: seen.view.role().as_str().to_owned(),
                ..ledger::row(&caller, Some(learner), "achievement", None, "graphql", now)
            };
            access_entry::insert(connection, &look)?;
            let seen = super::see(connection, &caller, id, now)?
                .ok_or_else(|| Error::from(Code::NotFound))?;
            Ok(seen)
        })
        .await
}
