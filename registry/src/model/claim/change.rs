//! Changing a claim.

use super::row::{ClaimRow, EventRow, EvidenceRow, JudgementRow, OutcomeRow, PartRow, UnitRow};
use crate::db::tables::{
    claim, claim_event, claim_evidence, claim_evidence_outcome, claim_judgement, claim_outcome,
    claim_part, claim_unit,
};
use crate::db::{Connection, Id, either, insert};
use diesel::prelude::*;
use schema::Date;

/// Lets nobody else change a claim until the transaction ends. SQLite has one writer anyway.
///
/// # Errors
/// The engine's error.
pub fn lock(connection: &mut Connection, id: Id) -> QueryResult<()> {
    match connection {
        Connection::Sqlite(_) => Ok(()),
        Connection::Postgres(open) => claim::table
            .find(id)
            .select(claim::id)
            .for_no_key_update()
            .execute(open)
            .map(drop),
    }
}

/// Stores a new claim.
///
/// # Errors
/// The engine's error.
pub fn open(
    connection: &mut Connection,
    row: &ClaimRow,
    units: Vec<UnitRow>,
    outcomes: Vec<OutcomeRow>,
    claimant: PartRow,
    event: EventRow,
) -> QueryResult<()> {
    either!(&mut *connection, open => diesel::insert_into(claim::table).values(row).execute(open))?;
    insert!(&mut *connection, claim_unit::table, units)?;
    insert!(&mut *connection, claim_outcome::table, outcomes)?;
    insert!(&mut *connection, claim_part::table, vec![claimant])?;
    insert!(connection, claim_event::table, vec![event])
}

/// What becomes of a claim.
pub struct Change {
    /// The claim as it is then.
    pub claim: ClaimRow,
    /// Who is what then; none where that stays.
    pub parts: Option<Vec<PartRow>>,
    /// Evidence that is new, with the outcomes for which it is brought.
    pub evidence: Vec<(EvidenceRow, Vec<String>)>,
    /// Judgements that are new.
    pub judgements: Vec<JudgementRow>,
    /// From which day on its files are not needed any more; none while it goes on.
    pub erase_on: Option<Date>,
    /// Units that are granted, by place, with what they are granted as.
    pub granted: Vec<(i16, Id)>,
    /// What happened.
    pub event: EventRow,
}

#[derive(Insertable)]
#[diesel(table_name = claim_evidence_outcome, treat_none_as_default_value = false)]
struct ServedRow {
    evidence_id: Id,
    outcome: String,
}

/// Stores it. `version`: that of the claim before.
///
/// # Errors
/// The engine's error; `NotFound` where the claim has another version by now.
pub fn change(connection: &mut Connection, change: Change, version: i32) -> QueryResult<()> {
    let Change {
        claim: row,
        parts,
        evidence,
        judgements,
        erase_on,
        granted,
        event,
    } = change;
    let id = row.id;
    let changed = either!(&mut *connection, open => diesel::update(
            claim::table.filter(claim::id.eq(id).and(claim::version.eq(version))))
        .set((
            claim::state.eq(&row.state),
            claim::judged.eq(row.judged),
            claim::terms.eq(&row.terms),
            claim::version.eq(row.version),
            claim::submitted_at.eq(row.submitted_at),
            claim::changed_at.eq(row.changed_at),
            claim::due.eq(row.due),
            claim::reminded.eq(row.reminded),
            claim::digest.eq(&row.digest),
        )).execute(open))?;
    if changed != 1 {
        return Err(diesel::result::Error::NotFound);
    }
    if let Some(parts) = parts {
        either!(&mut *connection, open => diesel::delete(
            claim_part::table.filter(claim_part::claim_id.eq(id))).execute(open))?;
        insert!(&mut *connection, claim_part::table, parts)?;
    }
    for (row, outcomes) in evidence {
        let served: Vec<ServedRow> = outcomes
            .into_iter()
            .map(|outcome| ServedRow {
                evidence_id: row.id,
                outcome,
            })
            .collect();
        insert!(&mut *connection, claim_evidence::table, vec![row])?;
        insert!(&mut *connection, claim_evidence_outcome::table, served)?;
    }
    insert!(&mut *connection, claim_judgement::table, judgements)?;
    if erase_on.is_some() {
        either!(&mut *connection, open => diesel::update(claim_evidence::table.filter(
                claim_evidence::claim_id.eq(id).and(claim_evidence::digest.is_not_null())))
            .set(claim_evidence::erase_on.eq(erase_on)).execute(open))?;
    }
    for (place, achievement) in granted {
        either!(&mut *connection, open => diesel::update(claim_unit::table.find((id, place)))
            .set(claim_unit::achievement_id.eq(achievement)).execute(open))?;
    }
    insert!(connection, claim_event::table, vec![event])
}

/// Lets the judgements of an appeal that was given up count no more.
///
/// # Errors
/// The engine's error.
pub fn set_aside(connection: &mut Connection, id: Id) -> QueryResult<()> {
    either!(connection, open => diesel::update(claim_judgement::table
            .filter(claim_judgement::claim_id.eq(id).and(claim_judgement::appeal.eq(true))))
        .set(claim_judgement::counts.eq(false)).execute(open))?;
    Ok(())
}

/// Which of these marks stand in claims, with the learners as whom those were opened.
///
/// # Errors
/// The engine's error.
pub fn marked(connection: &mut Connection, mark: &[u8]) -> QueryResult<Vec<Id>> {
    either!(connection, open => claim_evidence::table
        .inner_join(claim::table.on(claim::id.eq(claim_evidence::claim_id)))
        .filter(claim_evidence::mark.eq(mark))
        .select(claim::learner_id).distinct().load(open))
}

/// The pieces of evidence that rest on these entries of the development record, the oldest first.
///
/// # Errors
/// The engine's error.
pub fn resting_on(connection: &mut Connection, entries: &[Id]) -> QueryResult<Vec<EvidenceRow>> {
    either!(connection, open => claim_evidence::table
        .filter(claim_evidence::development_id.eq_any(entries))
        .order(claim_evidence::id).load(open))
}
