//! What is stored of a claim, table by table.

use crate::db::Id;
use crate::db::tables::{
    claim, claim_event, claim_evidence, claim_judgement, claim_outcome, claim_part, claim_unit,
};
use ::claim::{State, Terms};
use chrono::{Months, NaiveDateTime};
use diesel::prelude::*;
use schema::Date;

/// A claim.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable)]
#[diesel(table_name = claim, treat_none_as_default_value = false)]
pub struct ClaimRow {
    /// Its identifier.
    pub id: Id,
    /// As whom it was opened, whatever was merged since.
    pub learner_id: Id,
    /// The awarding body to which it is made.
    pub body: String,
    /// The route.
    pub route: String,
    /// The state.
    pub state: String,
    /// Whether everything is judged and waits for the assurer.
    pub judged: bool,
    /// What the claimant says of it.
    pub statement: Option<String>,
    /// The terms, as JSON.
    pub terms: String,
    /// Counted from 1, one more with every change.
    pub version: i32,
    /// When it was opened.
    pub opened_at: NaiveDateTime,
    /// When it was handed in: from then on the body sees it.
    pub submitted_at: Option<NaiveDateTime>,
    /// When it last changed.
    pub changed_at: NaiveDateTime,
    /// By when what comes next is due.
    pub due: Option<Date>,
    /// Of what those concerned were reminded since it came into its state: 0 nothing, 1 that the day is near, 2 that it has
    /// passed.
    pub reminded: i16,
    /// SHA-256 over the judgements by which it was decided.
    pub digest: Option<Vec<u8>>,
}

/// A unit that is claimed.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable)]
#[diesel(table_name = claim_unit, treat_none_as_default_value = false)]
pub struct UnitRow {
    /// The claim.
    pub claim_id: Id,
    /// Its place, from 0.
    pub place: i16,
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Its level.
    pub level: Option<i16>,
    /// Its credit.
    pub credit: Option<i32>,
    /// References accepted in its place, with bars between them.
    pub equivalents: String,
    /// The achievement that it was granted as.
    pub achievement_id: Option<Id>,
}

/// An outcome against which a claim is judged, as it was when the claim was opened.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable)]
#[diesel(table_name = claim_outcome, treat_none_as_default_value = false)]
pub struct OutcomeRow {
    /// The claim.
    pub claim_id: Id,
    /// Its place, from 0.
    pub place: i16,
    /// The place of its unit.
    pub unit_place: i16,
    /// Its name within the claim.
    pub name: String,
    /// What it says.
    pub title: String,
    /// Its criteria, a JSON list.
    pub criteria: String,
}

impl ClaimRow {
    /// From which day on its files are not needed any more: those of a claim that was never handed in at once, of another so
    /// many months after its end as its terms say. None while it goes on.
    #[must_use]
    pub fn erase_on(&self, today: Date) -> Option<Date> {
        if !State::parse(&self.state)?.ended() {
            return None;
        }
        if self.submitted_at.is_none() {
            return Some(today);
        }
        let terms: Terms = serde_json::from_str(&self.terms).ok()?;
        today.checked_add_months(Months::new(u32::from(terms.retention_months)))
    }
}

impl OutcomeRow {
    /// Its criteria.
    #[must_use]
    pub fn criteria(&self) -> Vec<String> {
        serde_json::from_str(&self.criteria).unwrap_or_default()
    }
}

/// Who is what on a claim.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable)]
#[diesel(table_name = claim_part, treat_none_as_default_value = false)]
pub struct PartRow {
    /// The claim.
    pub claim_id: Id,
    /// `claimant`, `assessor`, `assurer`, `returned` or `earlier`.
    pub part: String,
    /// The issuer of their token.
    pub issuer: String,
    /// Its subject.
    pub subject: String,
    /// The learner whom it named.
    pub learner_id: Option<Id>,
    /// Since when.
    pub since: NaiveDateTime,
}

/// A piece of evidence.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable)]
#[diesel(table_name = claim_evidence, treat_none_as_default_value = false)]
pub struct EvidenceRow {
    /// Its identifier.
    pub id: Id,
    /// The claim.
    pub claim_id: Id,
    /// Its kind.
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// Of a file, SHA-256 in hexadecimal digits.
    pub digest: Option<String>,
    /// Of a file, its bytes.
    pub size: Option<i64>,
    /// What else was said of it, JSON.
    pub details: Option<String>,
    /// The achievement that it is.
    pub achievement_id: Option<Id>,
    /// The entry of the development record that it is.
    pub development_id: Option<Id>,
    /// The day of which it speaks, or the last of them.
    pub dated_on: Option<Date>,
    /// What makes it known again in another claim.
    pub mark: Vec<u8>,
    /// Whether somebody else claimed with the same before.
    pub seen_elsewhere: bool,
    /// The issuer of the token of whoever brought it.
    pub issuer: String,
    /// Its subject.
    pub subject: String,
    /// The learner whom it named.
    pub by_learner: Option<Id>,
    /// When.
    pub added_at: NaiveDateTime,
    /// When its file was erased.
    pub erased_at: Option<NaiveDateTime>,
    /// Of a file, what it is.
    pub media_type: Option<String>,
    /// From which day on the claim does not need the file any more; none while the claim goes on.
    pub erase_on: Option<Date>,
}

/// A judgement.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable)]
#[diesel(table_name = claim_judgement, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "each column is what it is called")]
pub struct JudgementRow {
    pub id: Id,
    pub claim_id: Id,
    pub outcome: String,
    pub met: String,
    /// Identifiers, a JSON list.
    pub evidence: String,
    pub valid: bool,
    pub authentic: bool,
    pub reliable: bool,
    pub is_current: bool,
    pub sufficient: bool,
    pub note: Option<String>,
    pub appeal: bool,
    /// False for one of an appeal that was given up.
    pub counts: bool,
    pub issuer: String,
    pub subject: String,
    pub by_learner: Option<Id>,
    pub judged_at: NaiveDateTime,
}

impl JudgementRow {
    /// The evidence on which it rests.
    #[must_use]
    pub fn cited(&self) -> Vec<Id> {
        let shown: Vec<String> = serde_json::from_str(&self.evidence).unwrap_or_default();
        shown
            .iter()
            .filter_map(|one| Id::read("evidence", one))
            .collect()
    }
}

/// Something that happened to a claim.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable)]
#[diesel(table_name = claim_event, treat_none_as_default_value = false)]
pub struct EventRow {
    /// The claim.
    pub claim_id: Id,
    /// Counted from 1.
    pub number: i32,
    /// When.
    pub at: NaiveDateTime,
    /// Who, as others may know them.
    pub by_whom: String,
    /// What they are on the claim.
    pub part: String,
    /// What they did.
    pub action: String,
    /// The state before.
    pub from_state: String,
    /// The state after.
    pub to_state: String,
    /// What they said of it.
    pub note: Option<String>,
}
