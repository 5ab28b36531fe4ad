//! Evidence as somebody brings it: what each kind must say, and what makes it known again.

use super::who::Who;
use super::{line, text};
use crate::action::evidence::{NewFile, Taken};
use crate::action::share;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::claim::{EvidenceRow, Stored, marked};
use crate::model::{achievement, development};
use ::claim::EvidenceKind;
use chrono::NaiveDateTime;
use schema::{Code, Date, parse_date};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// The most bytes that are said of a piece of evidence.
const MOST_DETAILS: usize = 16 * 1024;

/// A piece of evidence that is brought.
#[derive(Debug, Clone)]
pub struct NewEvidence {
    /// Its kind.
    pub kind: EvidenceKind,
    /// What it is called.
    pub title: String,
    /// The achievement that it is, where it is one; none within where what was given can be no identifier.
    pub achievement: Option<Option<Id>>,
    /// What else is said of it.
    pub details: Option<Value>,
    /// The file, where it is one.
    pub file: Option<NewFile>,
    /// The outcomes for which it is brought, by name.
    pub outcomes: Vec<String>,
}

/// What a piece says that does not depend on the record.
pub(super) struct Said {
    new: NewEvidence,
    title: String,
    details: Map<String, Value>,
    dated_on: Option<Date>,
}

impl NewEvidence {
    /// Checks what each kind must say: employment `employer` and `from`; a testimony its `statement`; a development entry
    /// `development`, its identifier; an observation `observedOn`; a document its file.
    ///
    /// # Errors
    /// [`Code::InputInvalid`], [`Code::TextInvalid`], [`Code::DateInvalid`], [`Code::DatesContradict`].
    pub(super) fn checked(self, today: Date) -> Result<Said, Error> {
        let title = line("The title of evidence", &self.title)?;
        let details = match self.details.clone() {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(details)) => details,
            Some(_) => return invalid("details is an object."),
        };
        let is_file = self.kind == EvidenceKind::Document;
        if is_file && self.file.is_none() {
            return invalid("A DOCUMENT is a file: send it by the multipart request convention.");
        }
        if !is_file && self.file.is_some() {
            return invalid("Only a DOCUMENT has a file.");
        }
        let size = serde_json::to_vec(&details).map_err(Error::internal)?.len();
        if size > MOST_DETAILS {
            return invalid("details has at most 16384 bytes.");
        }
        for value in details.values() {
            if let Value::String(said) = value {
                text("A text in details", Some(said.clone()))?;
            }
        }
        let said = Said {
            title,
            dated_on: None,
            details,
            new: self,
        };
        let (from, to) = (said.day("from")?, said.day("to")?);
        if matches!((from, to), (Some(from), Some(to)) if to < from) {
            return Err(Error::from(Code::DatesContradict));
        }
        let dated_on = match said.new.kind {
            EvidenceKind::Employment => {
                said.required("employer", "the employer's name")?;
                if from.is_none() {
                    return invalid("details.from is the first day, YYYY-MM-DD.");
                }
                // Whoever still works there does so today.
                Some(to.unwrap_or(today))
            }
            EvidenceKind::WitnessTestimony => {
                said.required("statement", "what was seen, in the witness's words")?;
                Some(said.day("seenOn")?.or(to).unwrap_or(today))
            }
            EvidenceKind::Observation => Some(said.day("observedOn")?.unwrap_or(today)),
            EvidenceKind::Document => said.day("datedOn")?,
            EvidenceKind::Achievement | EvidenceKind::Development => None,
        };
        if dated_on.is_some_and(|day| day > today) {
            return Err(Error::from(Code::DatesContradict));
        }
        Ok(Said { dated_on, ..said })
    }
}

fn invalid<T>(words: &str) -> Result<T, Error> {
    Err(Error::with(Code::InputInvalid, words))
}

impl Said {
    /// The file, where it is one.
    pub(super) fn file(&self) -> Option<NewFile> {
        self.new.file.clone()
    }

    fn day(&self, name: &str) -> Result<Option<Date>, Error> {
        match self.details.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => parse_date(text)
                .map(Some)
                .map_err(|_| Error::from(Code::DateInvalid)),
            Some(_) => Err(Error::from(Code::DateInvalid)),
        }
    }

    fn required(&self, name: &str, what: &str) -> Result<&str, Error> {
        let said = self
            .details
            .get(name)
            .and_then(Value::as_str)
            .map(str::trim);
        said.filter(|said| !said.is_empty())
            .ok_or_else(|| Error::with(Code::InputInvalid, format!("details.{name} is {what}.")))
    }

    /// The row of the piece on a claim, with the outcomes for which it is brought.
    ///
    /// # Errors
    /// [`Code::NotFound`] where an achievement or entry is not the claimant's own, as where there is none.
    pub(super) fn row(
        self,
        connection: &mut Connection,
        stored: &Stored,
        (who, claimant): (&Who, Id),
        taken: Option<&Taken>,
        now: NaiveDateTime,
    ) -> Result<(EvidenceRow, Vec<String>), Error> {
        let none = || Error::from(Code::NotFound);
        let makers = share::makers(connection, claimant)?;
        let (mut dated_on, mut achievement_id, mut development_id) = (self.dated_on, None, None);
        match self.new.kind {
            EvidenceKind::Achievement => {
                let id = self.new.achievement.flatten().ok_or_else(none)?;
                let held = achievement::find(connection, id)?;
                let held = held.filter(|held| held.achievement.learner_id == claimant);
                let row = held.ok_or_else(none)?.achievement;
                dated_on = row.awarded_on;
                achievement_id = Some(row.id);
            }
            EvidenceKind::Development => {
                let id = self.details.get("development").and_then(Value::as_str);
                let id = id
                    .and_then(|id| Id::read("development", id))
                    .ok_or_else(none)?;
                let row = development::find(connection, &makers, id)?.ok_or_else(none)?;
                dated_on = Some(row.on_day);
                development_id = Some(row.id);
            }
            _ => {}
        }
        let mark = self.mark(claimant, taken);
        let others = marked(connection, &mark)?;
        let details = (!self.details.is_empty()).then(|| Value::Object(self.details).to_string());
        let row = EvidenceRow {
            id: Id::new(),
            claim_id: stored.claim.id,
            kind: self.new.kind.as_str().to_owned(),
            title: self.title,
            digest: taken.map(|taken| taken.digest.clone()),
            size: taken.map(|taken| taken.size),
            details,
            achievement_id,
            development_id,
            dated_on,
            mark,
            seen_elsewhere: others.iter().any(|other| !makers.contains(other)),
            issuer: who.token.issuer.clone(),
            subject: who.token.subject.clone(),
            by_learner: who.learner,
            added_at: now,
            erased_at: None,
            media_type: taken.map(|taken| taken.media_type.as_str().to_owned()),
            erase_on: None,
        };
        Ok((row, self.new.outcomes))
    }

    /// What makes a piece known again in another's claim: the content of a file, or the words in which somebody says what was done or seen. That two
    /// worked for one employer from one day says nothing; what is somebody's own can be no other's.
    fn mark(&self, claimant: Id, taken: Option<&Taken>) -> Vec<u8> {
        let words = ["statement", "duties", "text"];
        let said: Vec<String> = words
            .iter()
            .filter_map(|name| self.details.get(*name)?.as_str())
            .map(|said| {
                said.split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
                    .to_lowercase()
            })
            .filter(|said| !said.is_empty())
            .collect();
        let mut hash = Sha256::new();
        hash.update(self.new.kind.as_str());
        if let Some(taken) = taken {
            hash.update(&taken.digest);
        } else if said.is_empty() {
            hash.update(claimant.bytes());
            hash.update(Id::new().bytes());
        } else {
            hash.update(said.join("\u{1f}"));
        }
        hash.finalize().to_vec()
    }
}
