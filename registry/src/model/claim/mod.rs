//! Claims of prior learning: what is stored of each, read for many at once, and the way from rows to the engine's plain data.

mod change;
mod list;
mod person;
mod row;

pub use change::{Change, change, lock, marked, open, resting_on, set_aside};
pub use list::{Wanted, due_by, of_learners, state_of, visible};
pub use person::{learners_of, named, remember};
pub use row::{ClaimRow, EventRow, EvidenceRow, JudgementRow, OutcomeRow, PartRow, UnitRow};

use super::achievement::{self, AchievementRow};
use super::learner;
use crate::db::tables::{
    claim as table, claim_event, claim_evidence, claim_evidence_outcome, claim_judgement,
    claim_outcome, claim_part, claim_unit,
};
use crate::db::{Connection, Id, either};
use crate::error::Error;
use ::claim::{
    AnyClaim, ClaimRoute, Criterion, Evidence, EvidenceKind, Facts, Judgement, Met, Person,
    Qualities, State, Terms, Token, Unit,
};
use diesel::prelude::*;
use schema::Route;
use std::collections::HashMap;

/// A claim with everything that is stored of it.
#[derive(Clone)]
pub struct Stored {
    /// The claim.
    pub claim: ClaimRow,
    /// Its units, in their order.
    pub units: Vec<UnitRow>,
    /// Its outcomes, in their order.
    pub outcomes: Vec<OutcomeRow>,
    /// Who is what on it.
    pub parts: Vec<PartRow>,
    /// Its evidence, the oldest first.
    pub evidence: Vec<Piece>,
    /// The judgements, the oldest first.
    pub judgements: Vec<JudgementRow>,
    /// What happened, the oldest first.
    pub events: Vec<EventRow>,
}

/// A piece of evidence.
#[derive(Clone)]
pub struct Piece {
    /// What is stored of it.
    pub row: EvidenceRow,
    /// The outcomes for which it is brought.
    pub outcomes: Vec<String>,
    /// The achievement that it is, as it stands now.
    pub achievement: Option<AchievementRow>,
}

/// These claims, the newest first; in nine statements, however many they are.
///
/// # Errors
/// The engine's error.
pub fn load(connection: &mut Connection, ids: &[Id]) -> QueryResult<Vec<Stored>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let claims: Vec<ClaimRow> = either!(&mut *connection, open => table::table
        .filter(table::id.eq_any(ids)).order(table::id.desc()).load(open))?;
    let units: Vec<UnitRow> = either!(&mut *connection, open => claim_unit::table
        .filter(claim_unit::claim_id.eq_any(ids))
        .order((claim_unit::claim_id, claim_unit::place)).load(open))?;
    let outcomes: Vec<OutcomeRow> = either!(&mut *connection, open => claim_outcome::table
        .filter(claim_outcome::claim_id.eq_any(ids))
        .order((claim_outcome::claim_id, claim_outcome::place)).load(open))?;
    let parts: Vec<PartRow> = either!(&mut *connection, open => claim_part::table
        .filter(claim_part::claim_id.eq_any(ids))
        .order((claim_part::claim_id, claim_part::since)).load(open))?;
    let evidence: Vec<EvidenceRow> = either!(&mut *connection, open => claim_evidence::table
        .filter(claim_evidence::claim_id.eq_any(ids)).order(claim_evidence::id).load(open))?;
    let pieces: Vec<Id> = evidence.iter().map(|piece| piece.id).collect();
    let served: Vec<(Id, String)> = either!(&mut *connection, open => claim_evidence_outcome::table
        .filter(claim_evidence_outcome::evidence_id.eq_any(&pieces))
        .order((claim_evidence_outcome::evidence_id, claim_evidence_outcome::outcome))
        .load(open))?;
    let achievements: Vec<Id> = evidence
        .iter()
        .filter_map(|piece| piece.achievement_id)
        .collect();
    let achievements: HashMap<Id, AchievementRow> = standing(connection, &achievements)?;
    let judgements: Vec<JudgementRow> = either!(&mut *connection, open => claim_judgement::table
        .filter(claim_judgement::claim_id.eq_any(ids)).order(claim_judgement::id).load(open))?;
    let events: Vec<EventRow> = either!(&mut *connection, open => claim_event::table
        .filter(claim_event::claim_id.eq_any(ids))
        .order((claim_event::claim_id, claim_event::number)).load(open))?;
    let mut serves: HashMap<Id, Vec<String>> = HashMap::new();
    for (piece, outcome) in served {
        serves.entry(piece).or_default().push(outcome);
    }
    let stored = claims.into_iter().map(|claim| {
        let id = claim.id;
        let pieces = evidence.iter().filter(|row| row.claim_id == id);
        Stored {
            units: of(&units, |row| row.claim_id == id),
            outcomes: of(&outcomes, |row| row.claim_id == id),
            parts: of(&parts, |row| row.claim_id == id),
            evidence: pieces
                .map(|row| Piece {
                    outcomes: serves.get(&row.id).cloned().unwrap_or_default(),
                    achievement: row
                        .achievement_id
                        .and_then(|id| achievements.get(&id).cloned()),
                    row: row.clone(),
                })
                .collect(),
            judgements: of(&judgements, |row| row.claim_id == id),
            events: of(&events, |row| row.claim_id == id),
            claim,
        }
    });
    Ok(stored.collect())
}

/// These achievements as they stand now: where one was found to be another, that other.
fn standing(connection: &mut Connection, ids: &[Id]) -> QueryResult<HashMap<Id, AchievementRow>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = achievement::rows(connection, ids)?;
    let others: Vec<Id> = rows.iter().filter_map(|row| row.replaced_by).collect();
    let others = if others.is_empty() {
        Vec::new()
    } else {
        achievement::rows(connection, &others)?
    };
    let now = |row: AchievementRow| {
        let other = row.replaced_by;
        let other = other.and_then(|by| others.iter().find(|one| one.id == by));
        (row.id, other.cloned().unwrap_or(row))
    };
    Ok(rows.into_iter().map(now).collect())
}

fn of<T: Clone>(rows: &[T], wanted: impl Fn(&T) -> bool) -> Vec<T> {
    rows.iter().filter(|row| wanted(row)).cloned().collect()
}

/// Who people are, by all that is known of their tokens.
#[derive(Clone, Default)]
pub struct Known {
    /// Whom tokens ever named.
    named: Vec<(Token, [u8; 16])>,
    /// Learners who were merged into others, with those.
    merged: HashMap<Id, Id>,
}

impl Known {
    /// What is known of everybody on these claims, and of some more.
    ///
    /// # Errors
    /// The engine's error.
    pub fn of(
        connection: &mut Connection,
        claims: &[Stored],
        more: &[(Token, Option<Id>)],
    ) -> QueryResult<Self> {
        let mut tokens: Vec<Token> = more.iter().map(|(token, _)| token.clone()).collect();
        let mut learners: Vec<Id> = more.iter().filter_map(|(_, learner)| *learner).collect();
        for claim in claims {
            learners.push(claim.claim.learner_id);
            for (token, learner) in claim.tokens() {
                tokens.push(token);
                learners.extend(learner);
            }
        }
        let rows = named(connection, tokens, learners)?;
        let ids: Vec<Id> = rows.iter().map(|(_, learner)| *learner).collect();
        let all: Vec<Id> = claims
            .iter()
            .flat_map(|claim| claim.tokens().filter_map(|(_, learner)| learner))
            .chain(claims.iter().map(|claim| claim.claim.learner_id))
            .chain(ids)
            .collect();
        let merged: HashMap<Id, Id> = learner::merged(connection, &all)?.into_iter().collect();
        let now = |id: Id| merged.get(&id).copied().unwrap_or(id).bytes();
        Ok(Self {
            named: rows
                .into_iter()
                .map(|(token, learner)| (token, now(learner)))
                .collect(),
            merged,
        })
    }

    /// The learner as they answer now.
    #[must_use]
    pub fn now(&self, learner: Id) -> Id {
        self.merged.get(&learner).copied().unwrap_or(learner)
    }

    /// A person by what one token says, and by all that is known of it.
    #[must_use]
    pub fn person(&self, token: Option<Token>, learner: Option<Id>) -> Person {
        let learner = learner.map(|id| self.now(id).bytes());
        Person::of(token, learner).known_by(&self.named)
    }
}

impl Stored {
    /// Every token on the claim, with the learner whom it named.
    pub fn tokens(&self) -> impl Iterator<Item = (Token, Option<Id>)> {
        let parts = self
            .parts
            .iter()
            .map(|row| (&row.issuer, &row.subject, row.learner_id));
        let evidence = self
            .evidence
            .iter()
            .map(|piece| (&piece.row.issuer, &piece.row.subject, piece.row.by_learner));
        let judgements = self
            .judgements
            .iter()
            .map(|row| (&row.issuer, &row.subject, row.by_learner));
        parts
            .chain(evidence)
            .chain(judgements)
            .map(|(issuer, subject, learner)| (token(issuer, subject), learner))
    }

    /// Those who are that on the claim.
    pub fn part<'a>(&'a self, part: &'a str) -> impl Iterator<Item = &'a PartRow> {
        self.parts.iter().filter(move |row| row.part == part)
    }

    /// The state.
    #[must_use]
    pub fn state(&self) -> State {
        State::parse(&self.claim.state).unwrap_or(State::Withdrawn)
    }

    /// The terms.
    ///
    /// # Errors
    /// [`Error`] where what is stored cannot be read.
    pub fn terms(&self) -> Result<Terms, Error> {
        serde_json::from_str(&self.claim.terms).map_err(Error::internal)
    }

    /// The claim as the engine sees it.
    ///
    /// # Errors
    /// [`Error`] where what is stored cannot be read.
    pub fn case(&self, known: &Known) -> Result<AnyClaim, Error> {
        let facts = self.facts(known)?;
        Ok(AnyClaim::stored(self.state(), self.claim.judged, facts))
    }

    fn facts(&self, known: &Known) -> Result<Facts, Error> {
        let corrupt = |what: &str| Error::internal(format_args!("claim {}: {what}", self.claim.id));
        let route = Route::parse(&self.claim.route).and_then(ClaimRoute::of);
        let person =
            |row: &PartRow| known.person(Some(token(&row.issuer, &row.subject)), row.learner_id);
        let everybody = |part| self.part(part).map(person).collect::<Vec<Person>>();
        let mut claimant = known.person(None, Some(self.claim.learner_id));
        for one in everybody("claimant") {
            claimant.tokens.extend(one.tokens);
            claimant.learners.extend(one.learners);
        }
        Ok(Facts {
            id: self.claim.id.bytes(),
            route: route.ok_or_else(|| corrupt("route"))?,
            terms: self.terms()?,
            units: self.units.iter().map(unit).collect(),
            outcomes: self.outcomes.iter().map(criterion).collect(),
            evidence: self
                .evidence
                .iter()
                .map(|piece| evidence(piece, known))
                .collect::<Option<_>>()
                .ok_or_else(|| corrupt("evidence"))?,
            judgements: self
                .judgements
                .iter()
                .filter(|row| row.counts)
                .map(|row| judgement(row, known))
                .collect::<Option<_>>()
                .ok_or_else(|| corrupt("judgement"))?,
            claimant,
            assessor: self.part("assessor").next().map(person),
            assurer: self.part("assurer").next().map(person),
            returned: everybody("returned"),
            earlier: everybody("earlier"),
            due: self.claim.due,
        })
    }
}

/// The token of an issuer and a subject.
#[must_use]
pub fn token(issuer: &str, subject: &str) -> Token {
    Token {
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
    }
}

fn unit(row: &UnitRow) -> Unit {
    let equivalents = row.equivalents.split('|').filter(|one| !one.is_empty());
    Unit {
        reference: row.reference.clone(),
        credit: row.credit.and_then(|credit| u16::try_from(credit).ok()),
        equivalents: equivalents.map(str::to_owned).collect(),
        granted: row.achievement_id.is_some(),
    }
}

fn criterion(row: &OutcomeRow) -> Criterion {
    Criterion {
        name: row.name.clone(),
        unit: usize::try_from(row.unit_place).unwrap_or_default(),
        title: row.title.clone(),
    }
}

fn evidence(piece: &Piece, known: &Known) -> Option<Evidence> {
    let Piece {
        row,
        outcomes,
        achievement,
    } = piece;
    Some(Evidence {
        id: row.id.bytes(),
        kind: EvidenceKind::parse(&row.kind)?,
        outcomes: outcomes.clone(),
        dated_on: row.dated_on,
        of: achievement.as_ref().map(|row| row.subject_code.clone()),
        counts: achievement.as_ref().is_some_and(AchievementRow::counts),
        by: known.person(Some(token(&row.issuer, &row.subject)), row.by_learner),
    })
}

fn judgement(row: &JudgementRow, known: &Known) -> Option<Judgement> {
    Some(Judgement {
        outcome: row.outcome.clone(),
        met: Met::parse(&row.met)?,
        evidence: row.cited().into_iter().map(Id::bytes).collect(),
        qualities: Qualities {
            valid: row.valid,
            authentic: row.authentic,
            reliable: row.reliable,
            current: row.is_current,
            sufficient: row.sufficient,
        },
        note: row.note.clone(),
        appeal: row.appeal,
        by: known.person(Some(token(&row.issuer, &row.subject)), row.by_learner),
    })
}
