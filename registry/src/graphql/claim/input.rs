//! What is handed in about claims.

use super::EvidenceKind;
use crate::action::claim::{New, NewEvidence};
use crate::action::evidence::NewFile;
use crate::db::Id;
use crate::error::Error;
use crate::graphql::achievement::AchievementRoute;
use crate::graphql::problem::told;
use crate::graphql::reason::Ternary;
use crate::graphql::upload::uploaded;
use ::claim::{Assurance, Judgement, Met, Person, Qualities};
use ::evidence::Declared;
use async_graphql::{Context, Enum, ID, InputObject, Json, Result, Upload};
use std::sync::Arc;

/// What is claimed.
#[derive(InputObject)]
pub struct ClaimInput {
    /// The route: RPL, CREDIT_TRANSFER, EXEMPTION or EQUIVALENCE.
    route: AchievementRoute,
    /// The units, by reference.
    units: Vec<String>,
    /// The awarding body to which it is made, by its recognition number.
    awarding_body: String,
    /// What the claimant says of it.
    statement: Option<String>,
}

impl From<ClaimInput> for New {
    fn from(input: ClaimInput) -> Self {
        Self {
            route: input.route.route(),
            units: input.units,
            body: input.awarding_body,
            statement: input.statement,
        }
    }
}

/// A piece of evidence.
#[derive(InputObject)]
pub struct EvidenceInput {
    /// What kind it is. The claimant brings all but these: a WITNESS_TESTIMONY is brought by the witness, with their own token;
    /// an OBSERVATION by the assessor.
    kind: EvidenceKind,
    /// What it is called.
    title: String,
    /// Of a DOCUMENT, the file: PDF, PNG, JPEG, WebP, an office document without macros, or plain text in UTF-8. It is sent by the
    /// multipart request convention, one in a request.
    file: Option<Upload>,
    /// Of an ACHIEVEMENT, the achievement, one's own.
    achievement: Option<ID>,
    /// What is said of it, by name. EMPLOYMENT: `employer`, `from`, and `to`, `role`, `duties`. WITNESS_TESTIMONY: `statement`,
    /// and `seenOn`. DEVELOPMENT: `development`, the entry's identifier. OBSERVATION: `observedOn`, `text`. DOCUMENT: `datedOn`. Days are
    /// YYYY-MM-DD.
    details: Option<Json<serde_json::Value>>,
    /// The outcomes for which it is brought, by their names within the claim; where that is of one unit, by their codes.
    outcomes: Vec<String>,
}

impl EvidenceInput {
    /// What is handed in, with the file that came with it.
    pub(in crate::graphql) fn read(self, context: &Context<'_>) -> Result<NewEvidence> {
        let file = self.file.map(|file| file_of(context, file)).transpose();
        Ok(NewEvidence {
            kind: self.kind.into(),
            title: self.title,
            achievement: self.achievement.map(|id| Id::read("achievement", &id)),
            details: self.details.map(|details| details.0),
            file: file.map_err(|error| told(context, &error))?,
            outcomes: self.outcomes,
        })
    }
}

fn file_of(context: &Context<'_>, file: Upload) -> std::result::Result<NewFile, Error> {
    let value = uploaded(context, file)?;
    Ok(NewFile {
        declared: Declared::of(&value.filename, value.content_type.as_deref()),
        content: Arc::new(value.content),
    })
}

/// A judgement of one outcome.
#[derive(InputObject)]
pub struct JudgementInput {
    /// The outcome's name within the claim.
    outcome: String,
    /// Whether it is met: NO is not yet.
    met: Ternary,
    /// The evidence on which it rests.
    evidence: Vec<ID>,
    /// Whether that speaks of the outcome.
    valid: bool,
    /// Whether it is the claimant's own.
    authentic: bool,
    /// Whether others would judge it alike.
    reliable: bool,
    /// Whether it shows what the claimant can do now.
    current: bool,
    /// Whether it shows all that the outcome asks.
    sufficient: bool,
    /// What is said of it: of an outcome that is not met, what would close the gap.
    note: Option<String>,
}

impl From<JudgementInput> for Judgement {
    fn from(input: JudgementInput) -> Self {
        // What can be no identifier is that of no evidence.
        let read = |id: &ID| Id::read("evidence", id).map_or([0; 16], Id::bytes);
        Self {
            outcome: input.outcome,
            met: match input.met {
                Ternary::Yes => Met::Yes,
                Ternary::No => Met::NotYet,
                Ternary::Undetermined => Met::Undetermined,
            },
            evidence: input.evidence.iter().map(read).collect(),
            qualities: Qualities {
                valid: input.valid,
                authentic: input.authentic,
                reliable: input.reliable,
                current: input.current,
                sufficient: input.sufficient,
            },
            note: input.note,
            appeal: false,
            by: Person::default(),
        }
    }
}

/// What a quality assurer says of a judgement.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum AssuranceDecision {
    /// It stands, and decides the claim.
    Agree,
    /// The assessor is to look again.
    Return,
    /// What was judged to be met is not: the claim is decided so.
    Overturn,
}

impl From<AssuranceDecision> for Assurance {
    fn from(decision: AssuranceDecision) -> Self {
        match decision {
            AssuranceDecision::Agree => Self::Agree,
            AssuranceDecision::Return => Self::Return,
            AssuranceDecision::Overturn => Self::Overturn,
        }
    }
}
