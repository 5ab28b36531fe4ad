//! After a decision: an appeal, its assignment, its end, and the claim's.

use super::{Appointment, Begun};
use crate::evidence::Evidence;
use crate::person::{Actor, Person};
use crate::stage::{
    Appeal, Appealed, Awarded, Claim, Closed, Declined, InAssessment, PartlyAwarded, State,
};
use schema::{Code, Date};

impl Claim<InAssessment<Appeal>> {
    /// Gives the appeal up: what was decided stands.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub fn withdraw(self, by: &Actor) -> Result<Claim<Closed>, Code> {
        give_up(self, by)
    }
}

impl Claim<Appealed> {
    /// Adds evidence.
    ///
    /// # Errors
    /// As in a draft.
    pub fn add_evidence(self, by: &Actor, piece: Evidence) -> Result<Self, Code> {
        self.take(by, piece)
    }

    /// Says who assesses and who assures the appeal: nobody who did before.
    ///
    /// # Errors
    /// As of one that was submitted.
    pub fn assign(
        mut self,
        by: &Actor,
        who: Appointment,
        today: Date,
    ) -> Result<Begun<Appealed, Appeal>, Code> {
        self.appoint(by, who)?;
        Ok(if self.facts().assessor.is_some() {
            Begun::Assesses(self.go().dated(State::UnderAppeal, today))
        } else {
            Begun::Waits(self)
        })
    }

    /// Gives the appeal up: what was decided stands.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub fn withdraw(self, by: &Actor) -> Result<Claim<Closed>, Code> {
        give_up(self, by)
    }
}

pub(super) fn give_up<S>(claim: Claim<S>, by: &Actor) -> Result<Claim<Closed>, Code> {
    claim.facts().own(by)?;
    let mut claim = claim.go();
    let facts = claim.facts_mut();
    facts.due = None;
    // What nobody assured counts for nothing.
    facts.judgements.retain(|one| !one.appeal);
    Ok(claim)
}

fn appeal<S>(claim: Claim<S>, by: &Actor, today: Date) -> Result<Claim<Appealed>, Code> {
    claim.facts().own(by)?;
    if claim.facts().due.is_some_and(|due| due < today) {
        return Err(Code::AppealTooLate);
    }
    let mut claim: Claim<Appealed> = claim.go().dated(State::UnderAppeal, today);
    let facts = claim.facts_mut();
    let before = [facts.assessor.take(), facts.assurer.take()];
    let before = before.into_iter().flatten();
    let judged = facts.judgements.iter().map(|one| one.by.clone());
    let before: Vec<Person> = before
        .chain(judged)
        .chain(facts.returned.drain(..))
        .collect();
    facts.earlier.extend(before);
    Ok(claim)
}

/// Once nobody can appeal any more, what was decided stands.
fn close<S>(claim: Claim<S>, today: Date) -> Result<Claim<Closed>, Code> {
    if claim.facts().due.is_some_and(|due| today <= due) {
        return Err(Code::StateConflict);
    }
    let mut claim = claim.go();
    claim.facts_mut().due = None;
    Ok(claim)
}

impl Claim<PartlyAwarded> {
    /// Appeals against the decision. What was granted stays granted.
    ///
    /// # Errors
    /// [`Code::Forbidden`], [`Code::AppealTooLate`].
    pub fn appeal(self, by: &Actor, today: Date) -> Result<Claim<Appealed>, Code> {
        appeal(self, by, today)
    }

    /// Closes the claim once the time for an appeal is over.
    ///
    /// # Errors
    /// [`Code::StateConflict`] before that.
    pub fn close(self, today: Date) -> Result<Claim<Closed>, Code> {
        close(self, today)
    }
}

impl Claim<Declined> {
    /// Appeals against the decision.
    ///
    /// # Errors
    /// [`Code::Forbidden`], [`Code::AppealTooLate`].
    pub fn appeal(self, by: &Actor, today: Date) -> Result<Claim<Appealed>, Code> {
        appeal(self, by, today)
    }

    /// Closes the claim once the time for an appeal is over.
    ///
    /// # Errors
    /// [`Code::StateConflict`] before that.
    pub fn close(self, today: Date) -> Result<Claim<Closed>, Code> {
        close(self, today)
    }
}

impl Claim<Awarded> {
    /// Closes the claim after the time in which others could be appealed against.
    ///
    /// # Errors
    /// [`Code::StateConflict`] before that.
    pub fn close(self, today: Date) -> Result<Claim<Closed>, Code> {
        close(self, today)
    }
}
