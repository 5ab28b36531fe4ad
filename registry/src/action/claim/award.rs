//! A unit that was granted becomes an achievement: one more source of the body's own word, concluded with all others.

use crate::action::import::settle::settle_one;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::claim::{JudgementRow, Stored};
use crate::model::source::{self, SourceRow};
use ::claim::Token;
use chrono::NaiveDateTime;
use prost::Message;
use record::{SourceKind, Standing};
use schema::wire::{Body, ResultRecord, StatedField, Subject};
use schema::{Level, RecognitionNumber, Route, UnitReference, Verb};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// SHA-256 over what a claim was decided by: of each outcome the judgement that counts, with who judged, when, on which
/// evidence; and who assured it, when. It is JSON with its members in order.
pub(super) fn digest(
    stored: &Stored,
    judged: &[&JudgementRow],
    assurer: &Token,
    now: NaiveDateTime,
) -> [u8; 32] {
    let counting = judged.iter().filter(|row| row.counts);
    let last: BTreeMap<&str, serde_json::Value> = counting
        .map(|row| {
            let said = serde_json::json!({
                "met": row.met,
                "evidence": row.evidence,
                "qualities": [row.valid, row.authentic, row.reliable, row.is_current, row.sufficient],
                "by": [row.issuer, row.subject],
                "at": row.judged_at.to_string(),
            });
            (row.outcome.as_str(), said)
        })
        .collect();
    let said = serde_json::json!({
        "claim": stored.claim.id.show("claim"),
        "body": stored.claim.body,
        "route": stored.claim.route,
        "terms": stored.claim.terms,
        "outcomes": last,
        "assuredBy": [assurer.issuer, assurer.subject],
        "assuredAt": now.to_string(),
    });
    Sha256::digest(said.to_string()).into()
}

/// A unit that is to become an achievement.
pub(super) struct Award<'a> {
    pub(super) stored: &'a Stored,
    pub(super) granted: &'a ::claim::Granted,
    pub(super) digest: [u8; 32],
    /// Whose it is, as they answer now.
    pub(super) claimant: Id,
    pub(super) now: NaiveDateTime,
}

impl Award<'_> {
    /// States it and concludes the claimant's record anew; the place of the unit, and the achievement.
    ///
    /// # Errors
    /// [`Error`] where the record cannot be concluded.
    pub(super) fn grant(self, connection: &mut Connection) -> Result<(i16, Id), Error> {
        let missing = || Error::internal("a unit was granted that the claim does not have");
        let claim = &self.stored.claim;
        let unit = self
            .stored
            .units
            .get(self.granted.unit())
            .ok_or_else(missing)?;
        let body = RecognitionNumber::parse(&claim.body).map_err(Error::internal)?;
        let today = self.now.date().to_string();
        let result = format!("{}-{}", claim.id.show("claim"), unit.place);
        let digest: String = self
            .digest
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let stated = [
            ("claim", claim.id.show("claim")),
            ("route", claim.route.clone()),
            ("judgementsDigest", format!("sha256:{digest}")),
        ];
        let stated = stated.map(|(name, value)| StatedField {
            name: name.to_owned(),
            value,
        });
        // A zero says that a unit earns none; of an exemption nobody expects any.
        let none = match Route::parse(&claim.route) {
            Some(Route::Exemption) => "",
            _ if self.stored.terms()?.earns_credit => "",
            _ => "0",
        };
        // A unit without a reference goes by what the framework calls it.
        let kind = match UnitReference::parse(&unit.reference) {
            Ok(_) => "unit",
            Err(_) => "",
        };
        let record = ResultRecord {
            verb: Verb::Create.as_str().to_owned(),
            status: "final".to_owned(),
            subject: Some(Subject {
                kind: kind.to_owned(),
                code: unit.reference.clone(),
                title: unit.title.clone(),
                ..Subject::default()
            }),
            body: Some(Body {
                recognition_number: body.to_string(),
                ..Body::default()
            }),
            result_id: result.clone(),
            awarded_on: today.clone(),
            action_date: today,
            level: unit
                .level
                .and_then(Level::from_place)
                .map_or_else(String::new, level),
            credit: self
                .granted
                .credit()
                .map_or_else(|| none.to_owned(), |credit| credit.to_string()),
            route: claim.route.clone(),
            stated: stated.into(),
            ..ResultRecord::default()
        };
        let submitter = source::submitter_of(body);
        let row = SourceRow {
            id: Id::new(),
            learner_id: self.claimant,
            arrived_as: claim.learner_id,
            achievement_id: Id::new(),
            digest: source::digest(&submitter, record.clone()).to_vec(),
            submitter,
            kind: SourceKind::PriorLearning.as_str().to_owned(),
            standing: Standing::Attested.as_str().to_owned(),
            body: Some(body.to_string()),
            adapter: "registry".to_owned(),
            job_id: None,
            result_key: source::number_key(Some(body), Some(&result)),
            certificate_key: None,
            received_at: self.now,
            record: record.encode_to_vec(),
            own_achievement_id: None,
        };
        let home = settle_one(connection, self.claimant, row, self.now)?;
        Ok((unit.place, home))
    }
}

/// A level as results write it.
fn level(level: Level) -> String {
    match level {
        Level::Entry1 => "Entry 1".to_owned(),
        Level::Entry2 => "Entry 2".to_owned(),
        Level::Entry3 => "Entry 3".to_owned(),
        other => (other.place() - 2).to_string(),
    }
}
