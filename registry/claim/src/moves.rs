//! The moves: a method a move, on the stages at which it is legal.

use crate::decision::{self, Decision, Outcome};
use crate::due::due;
use crate::evidence::{Evidence, EvidenceKind, MOST_EVIDENCE};
use crate::facts::{Facts, Key};
use crate::judgement::{Judgement, Met};
use crate::person::{Actor, Part, Person};
use crate::stage::{
    Appeal, Appealed, Awarded, Claim, Closed, Declined, Draft, First, InAssessment, InAssurance,
    PartlyAwarded, Round, State, Submitted, Withdrawn,
};
use chrono::Months;
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
    fn dated(mut self, state: State, today: Date) -> Self {
        let facts = self.facts_mut();
        facts.due = due(&facts.terms, state, today);
        self
    }

    /// Takes a piece of evidence, where what it is for is known and whoever brings it may.
    fn take(mut self, by: &Actor, piece: Evidence) -> Result<Self, Code> {
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

    fn appoint(&mut self, by: &Actor, who: Appointment) -> Result<(), Code> {
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

fn withdraw<S>(claim: Claim<S>, by: &Actor) -> Result<Claim<Withdrawn>, Code> {
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

impl<R: Round> Claim<InAssessment<R>> {
    /// Adds evidence.
    ///
    /// # Errors
    /// As in a draft.
    pub fn add_evidence(self, by: &Actor, piece: Evidence) -> Result<Self, Code> {
        self.take(by, piece)
    }

    /// Says anew who assesses and who assures.
    ///
    /// # Errors
    /// As of one that was submitted.
    pub fn assign(mut self, by: &Actor, who: Appointment) -> Result<Self, Code> {
        self.appoint(by, who)?;
        Ok(self)
    }

    /// Judges outcomes. Once each that is open was judged, the claim goes into assurance.
    ///
    /// # Errors
    /// [`Code::Forbidden`], [`Code::SamePerson`], [`Code::AssessorNotAllowed`]; [`Code::InputInvalid`] where nothing is
    /// judged, or something twice; [`Code::OutcomeUnknown`]; [`Code::OutcomeSettled`]; [`Code::EvidenceUnknown`];
    /// [`Code::JudgementContradicts`] where an outcome is met by evidence that is not all it must be;
    /// [`Code::EvidenceTooOld`].
    pub fn judge(
        mut self,
        by: &Actor,
        judgements: Vec<Judgement>,
        today: Date,
    ) -> Result<Judged<R>, Code> {
        let facts = self.facts();
        facts.given_to(by, Part::Assessor)?;
        let mut named = BTreeSet::new();
        let mut checked = Vec::with_capacity(judgements.len());
        for judgement in judgements {
            let one = check(facts, &by.person, judgement, R::APPEAL, today)?;
            if !named.insert(one.outcome.clone()) {
                return Err(Code::InputInvalid);
            }
            checked.push(one);
        }
        if checked.is_empty() {
            return Err(Code::InputInvalid);
        }
        self.facts_mut().judgements.extend(checked);
        let facts = self.facts();
        let judged = |name: &str| {
            let mut of = facts.judgements.iter();
            of.any(|one| one.outcome == name && one.appeal == R::APPEAL)
        };
        let all = facts.open().all(|one| judged(&one.name));
        Ok(if all {
            let state = if R::APPEAL {
                State::UnderAppeal
            } else {
                State::InAssurance
            };
            Judged::All(self.go().dated(state, today))
        } else {
            Judged::More(self)
        })
    }
}

fn check(
    facts: &Facts,
    by: &Person,
    judgement: Judgement,
    appeal: bool,
    today: Date,
) -> Result<Judgement, Code> {
    let outcome = facts.outcome(&judgement.outcome);
    let outcome = outcome.ok_or(Code::OutcomeUnknown)?;
    if !facts.open().any(|one| one.name == outcome.name) {
        return Err(Code::OutcomeSettled);
    }
    let find = |id: &Key| facts.evidence.iter().find(|piece| piece.id == *id);
    let mut cited = Vec::with_capacity(judgement.evidence.len());
    for id in &judgement.evidence {
        cited.push(find(id).ok_or(Code::EvidenceUnknown)?);
    }
    if judgement.met == Met::Yes {
        if cited.is_empty() || !judgement.qualities.lacking().is_empty() {
            return Err(Code::JudgementContradicts);
        }
        if let Some(months) = facts.terms.current_months {
            let first = today.checked_sub_months(Months::new(u32::from(months)));
            // Of what no day is known nobody can say that it is current. An award stands as long as it stands.
            let old = |piece: &&Evidence| {
                piece.kind != EvidenceKind::Achievement && piece.dated_on < first
            };
            if cited.iter().any(old) {
                return Err(Code::EvidenceTooOld);
            }
        }
    }
    Ok(Judgement {
        outcome: outcome.name.clone(),
        appeal,
        by: by.clone(),
        ..judgement
    })
}

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

impl Claim<InAssessment<First>> {
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

fn give_up<S>(claim: Claim<S>, by: &Actor) -> Result<Claim<Closed>, Code> {
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
