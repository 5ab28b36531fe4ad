//! Before assessment: evidence is gathered, the claim is handed in and assigned, or taken back.

use super::{Appointment, Begun};
use crate::evidence::Evidence;
use crate::person::Actor;
use crate::stage::{Claim, Draft, First, State, Submitted, Withdrawn};
use schema::{Code, Date};

impl Claim<Draft> {
    /// Adds evidence.
    ///
    /// # Errors
    /// [`Code::Forbidden`], [`Code::SamePerson`], [`Code::OutcomeUnknown`], [`Code::TooMany`].
    pub fn add_evidence(self, by: &Actor, piece: Evidence) -> Result<Self, Code> {
        self.take(by, piece)
    }

    /// Hands the claim in.
    ///
    /// # Errors
    /// [`Code::Forbidden`]; [`Code::EvidenceMissing`] where what the route rests on is not there; [`Code::UnitExcluded`].
    pub fn submit(self, by: &Actor, today: Date) -> Result<Claim<Submitted>, Code> {
        let facts = self.facts();
        facts.own(by)?;
        let excluded = &facts.terms.excluded;
        if facts
            .units
            .iter()
            .any(|unit| excluded.contains(&unit.reference))
        {
            return Err(Code::UnitExcluded);
        }
        facts.supported()?;
        Ok(self.go().dated(State::Submitted, today))
    }

    /// Takes it back.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub fn withdraw(self, by: &Actor) -> Result<Claim<Withdrawn>, Code> {
        withdraw(self, by)
    }
}

pub(super) fn withdraw<S>(claim: Claim<S>, by: &Actor) -> Result<Claim<Withdrawn>, Code> {
    claim.facts().own(by)?;
    let mut claim = claim.go();
    claim.facts_mut().due = None;
    Ok(claim)
}

impl Claim<Submitted> {
    /// Adds evidence.
    ///
    /// # Errors
    /// As in a draft.
    pub fn add_evidence(self, by: &Actor, piece: Evidence) -> Result<Self, Code> {
        self.take(by, piece)
    }

    /// Says who assesses and who assures; assessment begins with the assessor.
    ///
    /// # Errors
    /// [`Code::Forbidden`], [`Code::SamePerson`]; [`Code::InputInvalid`] where nobody is named.
    pub fn assign(
        mut self,
        by: &Actor,
        who: Appointment,
        today: Date,
    ) -> Result<Begun<Submitted, First>, Code> {
        self.appoint(by, who)?;
        Ok(if self.facts().assessor.is_some() {
            Begun::Assesses(self.go().dated(State::InAssessment, today))
        } else {
            Begun::Waits(self)
        })
    }

    /// Takes it back.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub fn withdraw(self, by: &Actor) -> Result<Claim<Withdrawn>, Code> {
        withdraw(self, by)
    }
}
