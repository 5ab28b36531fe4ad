//! Withdrawing and reinstating.

use super::Seen;
use super::own::{self, Own};
use crate::access::{Caller, Right};
use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use schema::wire::ResultRecord;
use schema::{AwardStatus, Code, Verb};

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
    let reason = own::reason(&reason)?;
    let caller = caller.clone();
    let now = app.clock.now();
    app.db
        .write(move |connection| {
            let award = Own::find(connection, &caller, body, id, now)?;
            let status = &award.seen.held.achievement.status;
            let withdrawn = status == AwardStatus::Withdrawn.as_str();
            if withdrawn == (verb == Verb::Withdraw) {
                return Err(Error::from(Code::StateConflict));
            }
            let record = ResultRecord {
                verb: verb.as_str().to_owned(),
                // Without a stated day it is dated by its time, so that the later of one day counts.
                action_date: String::new(),
                action_reason: reason,
                ..award.name()?
            };
            award.state(connection, &caller, body, &record)
        })
        .await
}
