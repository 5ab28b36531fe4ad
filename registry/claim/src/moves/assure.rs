//! In assurance: a judgement is assured, which decides the claim, or sent back.

use super::after::give_up;
use super::before::withdraw;
use super::{AppealAssured, Appointment, Assurance, Assured};
use crate::decision::{self, Decision, Outcome};
use crate::judgement::{Judgement, Met};
use crate::person::{Actor, Part};
use crate::stage::{Appeal, Claim, Closed, First, InAssurance, Round, State, Withdrawn};
use schema::{Code, Date};

impl<R: Round> Claim<InAssurance<R>> {
    /// Says anew who assures; who assessed stays.
    ///
    /// # Errors
    /// [`Code::StateConflict`] where another assessor is named; else as of one that was submitted.
    pub fn assign(mut self, by: &Actor, who: Appointment) -> Result<Self, Code> {
        by.demand(Part::Body)?;
        if who.assessor.is_some() {
            return Err(Code::StateConflict);
        }
        self.appoint(by, who)?;
        Ok(self)
    }

    /// What the assurer says, checked: none where the judgement goes back to the assessor, else the decision.
    fn look(
        &mut self,
        by: &Actor,
        says: Assurance,
        note: Option<&str>,
        gained: u32,
    ) -> Result<Option<Decision>, Code> {
        let facts = self.facts_mut();
        facts.given_to(by, Part::Assurer)?;
        // Who judged may be known to be somebody else on the claim only since.
        for judged in facts
            .judgements
            .iter()
            .filter(|one| one.appeal == R::APPEAL)
        {
            facts.beside(Part::Assessor, &judged.by, facts.assurer.as_ref())?;
        }
        if says != Assurance::Agree && note.is_none() {
            return Err(Code::InputInvalid);
        }
        match says {
            Assurance::Return => {
                facts.returned.push(by.person.clone());
                return Ok(None);
            }
            Assurance::Agree => {}
            Assurance::Overturn => {
                let met = facts.open().filter_map(|one| facts.judgement(&one.name));
                let met = met.filter(|one| one.met == Met::Yes);
                let overturned: Vec<Judgement> = met
                    .map(|one| Judgement {
                        met: Met::NotYet,
                        note: note.map(str::to_owned),
                        appeal: R::APPEAL,
                        by: by.person.clone(),
                        ..one.clone()
                    })
                    .collect();
                if overturned.is_empty() {
                    return Err(Code::NothingToOverturn);
                }
                facts.judgements.extend(overturned);
            }
        }
        let decision = decision::decide(facts, gained);
        for granted in &decision.granted {
            if let Some(unit) = facts.units.get_mut(granted.unit()) {
                unit.granted = true;
            }
        }
        Ok(Some(decision))
    }
}

impl Claim<InAssurance<First>> {
    /// Assures the judgement. `gained`: the credit that the claimant has from the body by the route already.
    ///
    /// # Errors
    /// [`Code::Forbidden`], [`Code::SamePerson`], [`Code::AssessorNotAllowed`]; [`Code::InputInvalid`] where a return or an
    /// overturning does not say why; [`Code::NothingToOverturn`] where nothing was judged to be met.
    pub fn assure(
        mut self,
        by: &Actor,
        says: Assurance,
        note: Option<&str>,
        gained: u32,
        today: Date,
    ) -> Result<Assured, Code> {
        let Some(decision) = self.look(by, says, note, gained)? else {
            return Ok(Assured::Returned(
                self.go().dated(State::InAssessment, today),
            ));
        };
        Ok(match decision.outcome {
            Outcome::Awarded => Assured::Awarded(self.go().dated(State::Awarded, today), decision),
            Outcome::PartlyAwarded => {
                Assured::Partly(self.go().dated(State::PartlyAwarded, today), decision)
            }
            Outcome::Declined => {
                Assured::Declined(self.go().dated(State::Declined, today), decision)
            }
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

impl Claim<InAssurance<Appeal>> {
    /// Assures the judgement of an appeal, which closes the claim.
    ///
    /// # Errors
    /// As of the claim itself.
    pub fn assure(
        mut self,
        by: &Actor,
        says: Assurance,
        note: Option<&str>,
        gained: u32,
        today: Date,
    ) -> Result<AppealAssured, Code> {
        Ok(match self.look(by, says, note, gained)? {
            None => AppealAssured::Returned(self.go().dated(State::UnderAppeal, today)),
            Some(decision) => {
                AppealAssured::Closed(self.go().dated(State::Closed, today), decision)
            }
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
