//! Whether an award stands: provisional, final, withdrawn, reinstated.

use crate::Told;
use crate::told::Order;
use schema::{AwardStatus, Date, Verb};

/// The status after a statement.
#[derive(Debug, Clone, Copy, Default)]
struct State<'a> {
    /// Provisional or final, where somebody said so.
    base: Option<AwardStatus>,
    withdrawn: bool,
    /// The status shown, since when and why, and whether it is the award's first.
    shown: Option<AwardStatus>,
    since: Option<Date>,
    reason: Option<&'a str>,
    initial: bool,
}

/// The status as it is shown.
pub(crate) struct Shown<'a> {
    pub(crate) status: AwardStatus,
    pub(crate) since: Option<Date>,
    pub(crate) reason: Option<&'a str>,
}

impl<'a> State<'a> {
    /// Only a reinstatement lifts a withdrawal, and what was said to be final does not become provisional
    /// again. Who states no status says nothing against provisional; where nobody does, the award is final.
    fn after(mut self, one: &'a Told) -> Self {
        let said = &one.statement;
        match said.verb {
            Verb::Create | Verb::Update => {
                if self.base != Some(AwardStatus::Final) {
                    self.base = said.status.or(self.base);
                }
            }
            Verb::Promote => self.base = Some(AwardStatus::Final),
            Verb::Withdraw => self.withdrawn = true,
            Verb::Reinstate => self.withdrawn = false,
        }
        let now = if self.withdrawn {
            AwardStatus::Withdrawn
        } else {
            self.base.unwrap_or(AwardStatus::Final)
        };
        if self.shown != Some(now) {
            self.initial = self.shown.is_none() && matches!(said.verb, Verb::Create | Verb::Update);
            self.since = said.action_date;
            self.reason = said.action_reason.as_deref();
            self.shown = Some(now);
        }
        self
    }
}

/// What the sources of the best precedence said, the oldest first, with the status after each.
#[derive(Default)]
pub(crate) struct History<'a> {
    precedence: u8,
    heard: Vec<(Order<'a>, &'a Told, State<'a>)>,
}

impl<'a> History<'a> {
    pub(crate) fn hear(&mut self, precedence: u8, order: Order<'a>, one: &'a Told) {
        if self.heard.is_empty() || precedence < self.precedence {
            self.heard.clear();
            self.precedence = precedence;
        }
        if precedence > self.precedence {
            return;
        }
        let place = self.heard.partition_point(|(other, ..)| *other <= order);
        self.heard.insert(place, (order, one, State::default()));
        let mut state = place
            .checked_sub(1)
            .and_then(|before| self.heard.get(before))
            .map(|(.., state)| *state)
            .unwrap_or_default();
        for (_, one, after) in self.heard.iter_mut().skip(place) {
            state = state.after(one);
            *after = state;
        }
    }

    /// The status now. The first status holds from the award itself; each later one from the day the body
    /// acted.
    pub(crate) fn status(&self, awarded_on: Option<Date>) -> Shown<'a> {
        let state = self.heard.last().map(|(.., state)| *state);
        let state = state.unwrap_or_default();
        Shown {
            status: state.shown.unwrap_or(AwardStatus::Final),
            since: if state.initial {
                awarded_on
            } else {
                state.since
            },
            reason: state.reason,
        }
    }
}
