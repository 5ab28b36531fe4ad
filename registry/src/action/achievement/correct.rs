//! Correcting: a body says of its own award what it should have said. What it said before stays in the
//! history.

use super::Seen;
use super::own::{self, Own};
use crate::access::{Caller, Right};
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::achievement::AchievementRow;
use crate::model::source;
use schema::wire::{ResultRecord, StatedField};
use schema::{AwardStatus, Code, Date, PersonKnown, RecognitionNumber, Statement, Verb};

/// What shall be said instead.
#[derive(Debug, Clone, Default)]
pub struct Correction {
    /// The grade.
    pub grade: Option<String>,
    /// The day of the award.
    pub awarded_on: Option<Date>,
    /// The number on the certificate.
    pub certificate_number: Option<String>,
    /// Why.
    pub reason: String,
}

/// Corrects an award of the caller's own body. The same correction sent again changes nothing more and is
/// answered as the first.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but an awarding body; [`Code::NotFound`] where the award is not its own;
/// [`Code::BodyMismatch`] where the register gives the qualification to another body by now;
/// [`Code::InputInvalid`] where nothing is given, or what is given is none; [`Code::DatesContradict`] for a
/// day on which it cannot have been awarded; [`Code::StateConflict`] where the award is withdrawn, or says
/// so already; [`Code::ResultOfAnother`] where the certificate number is another learner's.
pub async fn correct(
    app: &App,
    caller: &Caller,
    id: Id,
    correction: Correction,
) -> Result<Seen, Error> {
    caller.demand(Right::ChangeOwnAwards)?;
    let body = caller.body().ok_or_else(|| Error::from(Code::Forbidden))?;
    let now = app.clock.now();
    let correction = correction.checked(now.date())?;
    let caller = caller.clone();
    app.db
        .write(move |connection| {
            let award = Own::find(connection, &caller, body, id, now)?;
            let row = &award.seen.held.achievement;
            let register = award.seen.held.qualification.as_ref();
            let owner = register.filter(|row| row.registered);
            if owner
                .and_then(|row| row.body.as_deref())
                .is_some_and(|owner| owner != body.to_string())
            {
                return Err(Error::from(Code::BodyMismatch));
            }
            if row.status == AwardStatus::Withdrawn.as_str() {
                return Err(Error::with(
                    Code::StateConflict,
                    "The award is withdrawn. Reinstate it first.",
                ));
            }
            let record = correction.record(award.word()?);
            if correction.changes_nothing(row) {
                // The word that counts is this very correction: its answer was lost, or it was sent twice.
                let word = award.told.first();
                if word.is_some_and(|word| word.adapter == "registry")
                    && award.word()?.stated == record.stated
                {
                    own::noted(connection, &caller, &award.seen, award.now)?;
                    return Ok(award.seen);
                }
                return Err(Error::with(
                    Code::StateConflict,
                    "The award says so already; nothing was changed.",
                ));
            }
            let checked = schema::check(&record, award.now.date(), PersonKnown::Elsewhere)
                .map_err(|rejection| Error::from(rejection.code))?;
            correction.fits(&checked.statement, row)?;
            correction.is_free(connection, body, row)?;
            let seen = award.state(connection, &caller, body, &record)?;
            if !correction.changes_nothing(&seen.held.achievement) {
                return Err(Error::with(
                    Code::StateConflict,
                    "What the body told with a later action date counts over the correction.",
                ));
            }
            Ok(seen)
        })
        .await
}

impl Correction {
    /// The correction with its white space folded, where it says something.
    fn checked(self, today: Date) -> Result<Self, Error> {
        let refuse = |words: &str| Err(Error::with(Code::InputInvalid, words));
        let fold = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let checked = Self {
            grade: self.grade.map(fold),
            certificate_number: self.certificate_number.map(fold),
            reason: own::reason(&self.reason)?,
            ..self
        };
        let texts = [&checked.grade, &checked.certificate_number];
        if texts.iter().all(|text| text.is_none()) && checked.awarded_on.is_none() {
            return refuse("Give at least one of grade, awardedOn and certificateNumber.");
        }
        if texts.into_iter().flatten().any(String::is_empty) {
            return refuse("A grade or certificate number cannot be corrected to nothing.");
        }
        if checked.awarded_on.is_some_and(|day| day > today) {
            return refuse("An award cannot be made on a day that is still to come.");
        }
        Ok(checked)
    }

    fn changes_nothing(&self, row: &AchievementRow) -> bool {
        let same = |given: &Option<String>, held: &Option<String>| given.is_none() || given == held;
        same(&self.grade, &row.grade)
            && same(&self.certificate_number, &row.certificate_number)
            && (self.awarded_on.is_none() || self.awarded_on == row.awarded_on)
    }

    /// The statement: what the body's word says, but for what is corrected.
    fn record(&self, word: ResultRecord) -> ResultRecord {
        let day = self.awarded_on.map(|day| day.to_string());
        let stated = [
            ("grade", &self.grade),
            ("awardedOn", &day),
            ("certificateNumber", &self.certificate_number),
            ("reason", &Some(self.reason.clone())),
        ];
        let stated = stated.into_iter().filter_map(|(name, value)| {
            Some(StatedField {
                name: name.to_owned(),
                value: value.clone()?,
            })
        });
        ResultRecord {
            verb: Verb::Update.as_str().to_owned(),
            // Without a stated day it is dated by its time, so that the later of one day counts.
            action_date: String::new(),
            action_reason: self.reason.clone(),
            position: None,
            stated: stated.collect(),
            grade: self.grade.clone().unwrap_or(word.grade),
            awarded_on: day.clone().unwrap_or(word.awarded_on),
            certificate_number: self
                .certificate_number
                .clone()
                .unwrap_or(word.certificate_number),
            ..word
        }
    }

    /// Whether what is given is something, and the day one on which it can have been.
    fn fits(&self, said: &Statement, row: &AchievementRow) -> Result<(), Error> {
        let nothing = (self.grade.is_some() && said.grade.is_none())
            || (self.certificate_number.is_some() && said.certificate_number.is_none());
        if nothing {
            return Err(Error::with(
                Code::InputInvalid,
                "What is given for the grade or certificate number stands for none.",
            ));
        }
        let Some(day) = self.awarded_on else {
            return Ok(());
        };
        let too_early = [row.started_on, said.person.date_of_birth];
        if too_early.into_iter().flatten().any(|first| day < first)
            || row.valid_until.is_some_and(|last| day > last)
        {
            return Err(Error::with(
                Code::DatesContradict,
                "By the award's other dates it cannot have been made on that day.",
            ));
        }
        Ok(())
    }

    /// Whether the certificate number is no other learner's, as far as the body itself told.
    fn is_free(
        &self,
        connection: &mut Connection,
        body: RecognitionNumber,
        row: &AchievementRow,
    ) -> Result<(), Error> {
        let number = self.certificate_number.as_deref();
        let Some(key) = source::number_key(Some(body), number) else {
            return Ok(());
        };
        let submitter = source::submitter_of(body);
        let used = source::numbered(connection, &submitter, &[], &[&key])?;
        if used.iter().any(|(.., learner)| *learner != row.learner_id) {
            return Err(Error::from(Code::ResultOfAnother));
        }
        Ok(())
    }
}
