//! A body's statement about its own award, made in the registry itself. It is one more source, and the record
//! is concluded anew.

use super::Seen;
use crate::access::Caller;
use crate::action::import::settle::settle_one;
use crate::action::ledger;
use crate::action::view::{self, Moment, View};
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::access_entry::{self, AccessRow};
use crate::model::achievement;
use crate::model::source::{self, SourceRow};
use chrono::{NaiveDateTime, TimeDelta};
use prost::Message;
use record::{SourceKind, Standing};
use schema::wire::ResultRecord;
use schema::{Code, RecognitionNumber};

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// A reason with its white space folded.
///
/// # Errors
/// [`Code::InputInvalid`] where none is given, or more than is kept.
pub(crate) fn reason(stated: &str) -> Result<String, Error> {
    let reason = stated.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(Error::with(
            Code::InputInvalid,
            format!("A reason of 1 to {LONGEST_REASON} characters is needed."),
        ));
    }
    if reason.chars().any(char::is_control) {
        return Err(Error::from(Code::TextInvalid));
    }
    Ok(reason)
}

/// An award of the caller's own body, with what the body told of it.
pub(super) struct Own {
    pub(super) seen: Seen,
    /// What the body told, the word that counts first.
    pub(super) told: Vec<SourceRow>,
    /// When a statement made now is made: later than whatever the body told before, by whichever clock.
    pub(super) now: NaiveDateTime,
}

impl Own {
    /// Finds the award.
    ///
    /// # Errors
    /// [`Code::NotFound`] where it is not the body's own, or is none: both alike.
    pub(super) fn find(
        connection: &mut Connection,
        caller: &Caller,
        body: RecognitionNumber,
        id: Id,
        now: NaiveDateTime,
    ) -> Result<Self, Error> {
        let seen = super::see(connection, caller, id, now)?;
        let award = seen.as_ref().map_or(id, |seen| seen.held.achievement.id);
        // Asked for whether the award is the body's or not, so that both take the same way.
        let heard = view::hear(source::of_achievements(connection, &[award])?)?;
        let none = || Error::from(Code::NotFound);
        let seen = seen.ok_or_else(none)?;
        let told: Vec<SourceRow> = view::awards(&heard, View::Body(body), Moment::default())
            .into_iter()
            .flat_map(|(_, award)| award.sources)
            .filter_map(|place| heard.get(place))
            .map(|heard| (*heard.source).clone())
            .collect();
        let last = told.iter().map(|source| source.received_at).max();
        let last = last.ok_or_else(none)?;
        Ok(Self {
            seen,
            told,
            now: now.max(last + TimeDelta::microseconds(1)),
        })
    }

    /// What the body's word that counts says: a new one begins with it, so that it carries the body's own
    /// numbers and is found to speak of the same award.
    pub(super) fn word(&self) -> Result<ResultRecord, Error> {
        let word = self.told.first();
        word.ok_or_else(|| Error::from(Code::NotFound))?.decode()
    }

    /// As much of that word as says of which award it speaks. What else it says stays said, and may be
    /// corrected on the same day.
    pub(super) fn name(&self) -> Result<ResultRecord, Error> {
        let word = self.word()?;
        let by_result = said(&word.result_id).is_some();
        let by_certificate = said(&word.certificate_number).is_some();
        Ok(ResultRecord {
            certificate_number: if by_result {
                String::new()
            } else {
                word.certificate_number
            },
            awarded_on: if by_result || by_certificate {
                String::new()
            } else {
                word.awarded_on
            },
            record_id: word.record_id,
            person: word.person,
            subject: word.subject,
            body: word.body,
            result_id: word.result_id,
            ..ResultRecord::default()
        })
    }

    /// States `record` of the award, and notes the look; answers the award as it is then.
    ///
    /// # Errors
    /// [`Code::StateConflict`] where the statement would be found to speak of another award.
    pub(super) fn state(
        self,
        connection: &mut Connection,
        caller: &Caller,
        body: RecognitionNumber,
        record: &ResultRecord,
    ) -> Result<Seen, Error> {
        let Self { seen, told, now } = self;
        let base = told.into_iter().next();
        let base = base.ok_or_else(|| Error::from(Code::NotFound))?;
        let (learner, id) = (base.learner_id, seen.held.achievement.id);
        let submitter = source::submitter_of(body);
        let added = SourceRow {
            id: Id::new(),
            digest: source::digest(&format!("{submitter}\u{1f}{now}"), record.clone()).to_vec(),
            submitter,
            kind: SourceKind::AwardingBody.as_str().to_owned(),
            standing: Standing::Attested.as_str().to_owned(),
            adapter: "registry".to_owned(),
            job_id: None,
            result_key: source::number_key(Some(body), said(&record.result_id)),
            certificate_key: source::number_key(Some(body), said(&record.certificate_number)),
            received_at: now,
            record: record.encode_to_vec(),
            ..base
        };
        let awards = |connection: &mut Connection| -> Result<Vec<Id>, Error> {
            let rows = achievement::rows_of_learners(connection, &[learner])?;
            let mut ids: Vec<Id> = rows.into_iter().map(|row| row.id).collect();
            ids.sort_unstable();
            Ok(ids)
        };
        let before = awards(connection)?;
        let home = settle_one(connection, learner, added, now)?;
        if home != id || awards(connection)? != before {
            return Err(Error::with(
                Code::StateConflict,
                "By these facts it would be another of the learner's awards. Push the result anew instead.",
            ));
        }
        noted(connection, caller, &seen, now)?;
        super::see(connection, caller, id, now)?.ok_or_else(|| Error::from(Code::NotFound))
    }
}

/// Notes that the body looked at the award.
pub(super) fn noted(
    connection: &mut Connection,
    caller: &Caller,
    seen: &Seen,
    now: NaiveDateTime,
) -> Result<(), Error> {
    let learner = Some(seen.held.achievement.learner_id);
    let look = AccessRow {
        role: seen.view.role().as_str().to_owned(),
        ..ledger::row(caller, learner, "achievement", None, "graphql", now)
    };
    Ok(access_entry::insert(connection, &look)?)
}

fn said(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}
