//! In assessment: outcomes are judged.

use super::before::withdraw;
use super::{Appointment, Judged};
use crate::evidence::{Evidence, EvidenceKind};
use crate::facts::{Facts, Key};
use crate::judgement::{Judgement, Met};
use crate::person::{Actor, Part, Person};
use crate::stage::{Claim, First, InAssessment, Round, State, Withdrawn};
use chrono::Months;
use schema::{Code, Date};
use std::collections::BTreeSet;

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

impl Claim<InAssessment<First>> {
    /// Takes it back.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub fn withdraw(self, by: &Actor) -> Result<Claim<Withdrawn>, Code> {
        withdraw(self, by)
    }
}
