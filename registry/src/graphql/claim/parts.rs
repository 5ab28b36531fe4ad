//! What a claim consists of: its outcomes, the evidence, the judgements, what happened.

use crate::graphql::reason::Ternary;
use crate::graphql::scalar::{Date, DateTime};
use crate::model::claim::{EventRow, EvidenceRow, JudgementRow};
use ::claim::State;
use async_graphql::{Enum, ID, SimpleObject};

/// Where a claim stands.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum ClaimState {
    /// The claimant gathers evidence.
    Draft,
    /// It waits for an assessor.
    Submitted,
    /// The assessor judges.
    InAssessment,
    /// The quality assurer looks at the judgement.
    InAssurance,
    /// Every unit is granted.
    Awarded,
    /// Some units are granted.
    PartlyAwarded,
    /// No unit is granted.
    Declined,
    /// Others judge it again.
    UnderAppeal,
    /// What was decided stands.
    Closed,
    /// The claimant took it back.
    Withdrawn,
}

impl From<State> for ClaimState {
    fn from(state: State) -> Self {
        match state {
            State::Draft => Self::Draft,
            State::Submitted => Self::Submitted,
            State::InAssessment => Self::InAssessment,
            State::InAssurance => Self::InAssurance,
            State::Awarded => Self::Awarded,
            State::PartlyAwarded => Self::PartlyAwarded,
            State::Declined => Self::Declined,
            State::UnderAppeal => Self::UnderAppeal,
            State::Closed => Self::Closed,
            State::Withdrawn => Self::Withdrawn,
        }
    }
}

impl From<ClaimState> for State {
    fn from(state: ClaimState) -> Self {
        let all = Self::ALL.into_iter();
        let mut all = all.filter(|one| ClaimState::from(*one) == state);
        all.next().unwrap_or(Self::Withdrawn)
    }
}

/// What kind of evidence it is.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum EvidenceKind {
    /// A file.
    Document,
    /// Work in a role.
    Employment,
    /// What somebody who saw it says, under their own token.
    WitnessTestimony,
    /// An achievement in the registry.
    Achievement,
    /// An entry of the development record.
    Development,
    /// What the assessor saw.
    Observation,
}

impl From<EvidenceKind> for ::claim::EvidenceKind {
    fn from(kind: EvidenceKind) -> Self {
        match kind {
            EvidenceKind::Document => Self::Document,
            EvidenceKind::Employment => Self::Employment,
            EvidenceKind::WitnessTestimony => Self::WitnessTestimony,
            EvidenceKind::Achievement => Self::Achievement,
            EvidenceKind::Development => Self::Development,
            EvidenceKind::Observation => Self::Observation,
        }
    }
}

impl EvidenceKind {
    fn of(text: &str) -> Self {
        match ::claim::EvidenceKind::parse(text) {
            Some(::claim::EvidenceKind::Document) => Self::Document,
            Some(::claim::EvidenceKind::WitnessTestimony) => Self::WitnessTestimony,
            Some(::claim::EvidenceKind::Achievement) => Self::Achievement,
            Some(::claim::EvidenceKind::Development) => Self::Development,
            Some(::claim::EvidenceKind::Observation) => Self::Observation,
            _ => Self::Employment,
        }
    }
}

/// A piece of evidence.
#[derive(SimpleObject)]
pub struct Evidence {
    /// The identifier, by which judgements cite it.
    id: ID,
    /// What kind it is.
    kind: EvidenceKind,
    /// What it is called.
    title: String,
    /// Of a file, SHA-256 of its content, in hexadecimal digits.
    digest: Option<String>,
    /// Of a file, its bytes.
    size: Option<i64>,
    /// Of a file, its media type, by its content. It is downloaded from `/evidence/` and the identifier.
    media_type: Option<String>,
    /// When a file was erased, by the awarding body's terms.
    erased_at: Option<DateTime>,
    /// The outcomes for which it is brought.
    outcomes: Vec<String>,
    /// Whether somebody else claimed with the same content before.
    seen_elsewhere: bool,
    /// What is said of it.
    details: Option<async_graphql::Json<serde_json::Value>>,
    /// Who brought it, by the name of their token.
    by: String,
    /// The day of which it speaks, or the last of them.
    dated_on: Option<Date>,
}

impl Evidence {
    pub(in crate::graphql) fn of(row: &EvidenceRow, outcomes: Vec<String>, by: String) -> Self {
        let details = row.details.as_deref();
        let details = details.and_then(|said| serde_json::from_str(said).ok());
        Self {
            id: ID(row.id.show("evidence")),
            kind: EvidenceKind::of(&row.kind),
            title: row.title.clone(),
            digest: row.digest.clone(),
            size: row.size,
            media_type: row.media_type.clone(),
            erased_at: row.erased_at.map(DateTime),
            outcomes,
            seen_elsewhere: row.seen_elsewhere,
            details: details.map(async_graphql::Json),
            by,
            dated_on: row.dated_on.map(Date),
        }
    }
}

/// A judgement of one outcome. Of several of one outcome the last counts.
#[derive(SimpleObject)]
pub struct Judgement {
    /// The outcome's name within the claim.
    outcome: String,
    /// Whether it is met: NO is not yet.
    met: Ternary,
    /// Whether the evidence speaks of the outcome.
    valid: Option<bool>,
    /// Whether it is the claimant's own.
    authentic: Option<bool>,
    /// Whether others would judge it alike.
    reliable: Option<bool>,
    /// Whether it shows what the claimant can do now.
    current: Option<bool>,
    /// Whether it shows all that the outcome asks.
    sufficient: Option<bool>,
    /// What is said of it.
    note: Option<String>,
    /// Who judged, by the name of their token.
    by: String,
    /// When.
    at: DateTime,
    /// The evidence on which it rests.
    evidence: Vec<ID>,
    /// Whether it was made in an appeal.
    appeal: bool,
}

impl Judgement {
    pub(super) fn of(row: &JudgementRow, by: String) -> Self {
        Self {
            outcome: row.outcome.clone(),
            met: match ::claim::Met::parse(&row.met) {
                Some(::claim::Met::Yes) => Ternary::Yes,
                Some(::claim::Met::NotYet) => Ternary::No,
                _ => Ternary::Undetermined,
            },
            valid: Some(row.valid),
            authentic: Some(row.authentic),
            reliable: Some(row.reliable),
            current: Some(row.is_current),
            sufficient: Some(row.sufficient),
            note: row.note.clone(),
            by,
            at: DateTime(row.judged_at),
            evidence: row
                .cited()
                .into_iter()
                .map(|id| ID(id.show("evidence")))
                .collect(),
            appeal: row.appeal,
        }
    }
}

/// An outcome against which a claim is judged, as it was when the claim was opened.
#[derive(SimpleObject)]
pub struct ClaimOutcome {
    /// Its name within the claim: the unit's reference, and of a learning outcome a colon and its code.
    pub(super) name: String,
    /// The unit's reference.
    pub(super) unit: String,
    /// What it says.
    pub(super) title: String,
    /// Its criteria.
    pub(super) criteria: Vec<String>,
    /// Whether the quality assurer is to look at it, by the awarding body's terms.
    pub(super) sampled: bool,
}

/// Something that happened to a claim.
#[derive(SimpleObject)]
pub struct ClaimEvent {
    /// When.
    at: DateTime,
    /// Who.
    by: String,
    /// What they are on the claim.
    part: String,
    /// What they did: the mutation's name; `dueSoon`, `overdue` and `close` are done by time alone.
    action: String,
    /// The state before.
    from: ClaimState,
    /// The state after.
    to: ClaimState,
    /// What was said of it.
    note: Option<String>,
}

impl ClaimEvent {
    pub(super) fn of(row: &EventRow) -> Self {
        let state = |text: &str| State::parse(text).unwrap_or(State::Withdrawn).into();
        Self {
            at: DateTime(row.at),
            by: row.by_whom.clone(),
            part: row.part.clone(),
            action: row.action.clone(),
            from: state(&row.from_state),
            to: state(&row.to_state),
            note: row.note.clone(),
        }
    }
}
