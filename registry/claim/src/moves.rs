//! The moves: a method a move, on the stages at which it is legal. Here stands what moves are made of; before assessment, in it, in
//! assurance and after it they have a file each.

mod after;
mod assess;
mod assure;
mod before;

use crate::decision::Decision;
use crate::due::due;
use crate::evidence::{Evidence, MOST_EVIDENCE};
use crate::person::{Actor, Part, Person};
use crate::stage::{
    Appeal, Awarded, Claim, Closed, Declined, First, InAssessment, InAssurance, PartlyAwarded,
    State,
};
use schema::{Code, Date};
use std::collections::BTreeSet;

/// Who is to assess and to assure; none where it stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Appointment {
    /// The assessor.
    pub assessor: Option<Person>,
    /// The assurer.
    pub assurer: Option<Person>,
}

/// What an assurer says of a judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assurance {
    /// It stands, and decides the claim.
    Agree,
    /// The assessor is to look again.
    Return,
    /// What was judged to be met is not: the claim is decided so.
    Overturn,
}

/// What became of an appointment.
#[derive(Debug)]
pub enum Begun<S, R> {
    /// There is no assessor yet.
    Waits(Claim<S>),
    /// The assessor can begin.
    Assesses(Claim<InAssessment<R>>),
}

/// What became of judging.
#[derive(Debug)]
pub enum Judged<R> {
    /// There is more to judge.
    More(Claim<InAssessment<R>>),
    /// Everything is judged.
    All(Claim<InAssurance<R>>),
}

/// What became of assuring the claim itself.
#[derive(Debug)]
pub enum Assured {
    /// It is to be judged again.
    Returned(Claim<InAssessment<First>>),
    /// Every unit is granted.
    Awarded(Claim<Awarded>, Decision),
    /// Some units are.
    Partly(Claim<PartlyAwarded>, Decision),
    /// None is.
    Declined(Claim<Declined>, Decision),
}

/// What became of assuring an appeal.
#[derive(Debug)]
pub enum AppealAssured {
    /// It is to be judged again.
    Returned(Claim<InAssessment<Appeal>>),
    /// It is decided, and with it the claim.
    Closed(Claim<Closed>, Decision),
}

impl<S> Claim<S> {
    pub(crate) fn dated(mut self, state: State, today: Date) -> Self {
        let facts = self.facts_mut();
        facts.due = due(&facts.terms, state, today);
        self
    }

    /// Takes a piece of evidence, where what it is for is known and whoever brings it may.
    pub(crate) fn take(mut self, by: &Actor, piece: Evidence) -> Result<Self, Code> {
        let facts = self.facts();
        if facts.evidence.len() >= MOST_EVIDENCE {
            return Err(Code::TooMany);
        }
        match piece.kind.by() {
            Part::Witness => {
                by.demand(Part::Witness)?;
                // Nobody testifies for themselves, nor before themselves.
                let judges = facts.assessor.iter().chain(&facts.assurer);
                let judged = facts.judgements.iter().map(|one| &one.by);
                let judges = judges.chain(judged).chain(&facts.returned);
                let mut others = judges.chain(&facts.earlier).chain([&facts.claimant]);
                if others.any(|one| one.same(&by.person)) {
                    return Err(Code::SamePerson);
                }
            }
            Part::Assessor => facts.given_to(by, Part::Assessor)?,
            _ => facts.own(by)?,
        }
        let mut piece = piece;
        let mut names = BTreeSet::new();
        for name in &piece.outcomes {
            let known = facts.outcome(name).ok_or(Code::OutcomeUnknown)?;
            names.insert(known.name.clone());
        }
        if names.is_empty() {
            return Err(Code::OutcomeUnknown);
        }
        piece.outcomes = names.into_iter().collect();
        self.facts_mut().evidence.push(piece);
        Ok(self)
    }

    pub(crate) fn appoint(&mut self, by: &Actor, who: Appointment) -> Result<(), Code> {
        by.demand(Part::Body)?;
        let facts = self.facts();
        if by.body != Some(facts.terms.body) {
            return Err(Code::Forbidden);
        }
        // Nobody chooses who judges their own claim.
        if facts.claims(&by.person) {
            return Err(Code::SamePerson);
        }
        if who == Appointment::default() {
            return Err(Code::InputInvalid);
        }
        let facts = self.facts_mut();
        let assessor = who.assessor.or_else(|| facts.assessor.clone());
        let assurer = who.assurer.or_else(|| facts.assurer.clone());
        if let Some(assessor) = &assessor {
            facts.beside(Part::Assessor, assessor, assurer.as_ref())?;
        }
        if let Some(assurer) = &assurer {
            facts.beside(Part::Assurer, assurer, assessor.as_ref())?;
        }
        (facts.assessor, facts.assurer) = (assessor, assurer);
        Ok(())
    }
}
