//! By when what comes next is due, and when those concerned are reminded.

use crate::stage::State;
use crate::terms::Terms;
use chrono::Days;
use schema::Date;

/// By when what comes next is due, for a claim that came into its state on a day. Judging an appeal takes as long as judging
/// the claim did.
#[must_use]
pub fn due(terms: &Terms, state: State, since: Date) -> Option<Date> {
    let days = match state {
        State::Submitted | State::InAssessment | State::UnderAppeal => terms.assessment_days,
        State::InAssurance => terms.assurance_days,
        State::Awarded | State::PartlyAwarded | State::Declined => terms.appeal_days,
        State::Draft | State::Closed | State::Withdrawn => return None,
    };
    since.checked_add_days(Days::new(u64::from(days)))
}

/// Of what those concerned are reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reminder {
    /// The day is near.
    Near,
    /// The day has passed.
    Passed,
}

/// The reminder that is to be given on a day, after those that were given since the claim came into its state.
#[must_use]
pub fn reminder(
    terms: &Terms,
    due: Option<Date>,
    last: Option<Reminder>,
    today: Date,
) -> Option<Reminder> {
    let due = due?;
    let near = due.checked_sub_days(Days::new(u64::from(terms.reminder_days)))?;
    let now = if due < today {
        Reminder::Passed
    } else if near <= today {
        Reminder::Near
    } else {
        return None;
    };
    (last < Some(now)).then_some(now)
}
