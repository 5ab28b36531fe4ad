//! The learning events that the service tells of one learner (`GetLearnerLearningEvents`).

use crate::field::{centre, state};
use crate::response::{self, LINKED};
use sdk::xml::{Document, Token};
use sdk::{Body, Issue, Output, Person, Position, ResultRecord, Stop, Subject, day};

/// The element around an answer.
pub(crate) const RESULT: &str = "GetLearnerLearningEventsResult";
/// The element around that.
pub(crate) const RESPONSE: &str = "GetLearnerLearningEventsResponse";

/// What an answer says before its events.
#[derive(Default)]
struct Answer {
    code: String,
    found: String,
    incoming: String,
    events: u64,
}

/// One event, while it is read.
#[derive(Default)]
struct LearningEvent {
    record: ResultRecord,
    provider_name: String,
    provider_ukprn: String,
    restricted: bool,
    challenged: bool,
}

/// Reads the answer within which the document is, to the document's end.
///
/// # Errors
/// A [`Stop`] where the answer's code says that there are no results, or the document cannot be read.
pub(crate) fn read(document: &mut Document<'_, '_>, output: &mut Output<'_>) -> Result<(), Stop> {
    let mut answer = Answer::default();
    loop {
        match document.next()? {
            Token::Open if document.name() == RESULT => answer = Answer::default(),
            Token::Open if document.name() == "LearningEvent" => {
                answer.ready(document)?;
                answer.events += 1;
                read_event(document, &answer)?.emit(output)?;
            }
            Token::Value if document.parent() == RESULT => answer.take(document)?,
            Token::End => return response::check(&answer.code),
            _ => {}
        }
    }
}

impl Answer {
    /// Takes a field of the answer. The code is looked at once it is there, so that a refused document is
    /// left as early as may be.
    fn take(&mut self, document: &Document<'_, '_>) -> Result<(), Stop> {
        let text = document.text().trim().to_owned();
        let place = match document.name() {
            "ResponseCode" => {
                response::check(&text).map_err(|stop| stop.at(Position::path(document.path())))?;
                &mut self.code
            }
            "FoundULN" => &mut self.found,
            "IncomingULN" => &mut self.incoming,
            _ => return Ok(()),
        };
        if self.events > 0 {
            return Err(out_of_order(document));
        }
        *place = text;
        Ok(())
    }

    /// An event can be told of only when it is known whose it is.
    fn ready(&self, document: &Document<'_, '_>) -> Result<(), Stop> {
        if self.code.is_empty() || self.found.is_empty() {
            Err(out_of_order(document))
        } else {
            Ok(())
        }
    }

    /// The learner whose events these are. Only the service's word that two numbers are linked makes them
    /// one person's.
    fn person(&self) -> Person {
        let linked =
            self.code == LINKED && !self.incoming.is_empty() && self.incoming != self.found;
        Person {
            uln: self.found.clone(),
            linked_ulns: linked.then(|| self.incoming.clone()).into_iter().collect(),
            ..Person::default()
        }
    }
}

fn out_of_order(document: &Document<'_, '_>) -> Stop {
    Stop::new(
        "elements-out-of-order",
        "ResponseCode, FoundULN and IncomingULN must stand before the learning events.",
    )
    .at(Position::path(document.path()))
}

/// Reads the event that has just begun.
fn read_event(document: &mut Document<'_, '_>, answer: &Answer) -> Result<LearningEvent, Stop> {
    let depth = document.depth();
    let mut event = LearningEvent {
        record: ResultRecord {
            position: Some(Position::path(format!(
                "{}[{}]",
                document.path(),
                answer.events
            ))),
            person: Some(answer.person()),
            subject: Some(Subject::default()),
            body: Some(Body::default()),
            ..ResultRecord::default()
        },
        ..LearningEvent::default()
    };
    loop {
        match document.next()? {
            Token::Value if document.depth() == depth + 1 => {
                event.take(document.name(), document.text());
            }
            Token::Value | Token::Close if document.depth() == depth => return Ok(event),
            Token::End => return Ok(event),
            _ => {}
        }
    }
}

impl LearningEvent {
    fn take(&mut self, name: &str, text: &str) {
        state(&mut self.record, name, text);
        let text = text.trim();
        let record = &mut self.record;
        match name {
            "AchievementAwardDate" => record.awarded_on = day(text).to_owned(),
            "AchievementProviderName" => text.clone_into(&mut self.provider_name),
            "AchievementProviderUkprn" => text.clone_into(&mut self.provider_ukprn),
            "AwardingOrganisationName" => {
                text.clone_into(&mut record.body.get_or_insert_default().name);
            }
            "AwardingOrganisationUkprn" => {
                text.clone_into(&mut record.body.get_or_insert_default().ukprn);
            }
            "Credits" => text.clone_into(&mut record.credit),
            "DateLoaded" => record.action_date = day(text).to_owned(),
            "Grade" => text.clone_into(&mut record.grade),
            "ID" => text.clone_into(&mut record.record_id),
            "LanguageForAssessment" => text.clone_into(&mut record.language),
            "Level" => text.clone_into(&mut record.level),
            "ParticipationStartDate" => record.started_on = day(text).to_owned(),
            "Restriction" => self.restricted = !matches!(text, "" | "0"),
            "Status" => {
                record.status = match text {
                    "F" => "final",
                    "P" => "provisional",
                    // A word that the service does not write is for the registry to refuse.
                    other => other,
                }
                .to_owned();
            }
            "Subject" => text.clone_into(&mut record.subject.get_or_insert_default().title),
            "SubjectCode" => text.clone_into(&mut record.subject.get_or_insert_default().code),
            "UnderDataChallenge" => self.challenged = text.eq_ignore_ascii_case("Y"),
            // The others are kept in the service's own words only.
            _ => {}
        }
    }

    fn emit(mut self, output: &mut Output<'_>) -> Result<(), Stop> {
        self.record.centre = centre(&self.provider_ukprn, &self.provider_name);
        if self.restricted || self.challenged {
            let why = match (self.challenged, self.restricted) {
                (true, true) => "The learner challenges this event, and its use is restricted.",
                (true, false) => "The learner challenges this event.",
                _ => "The service restricts the use of this event.",
            };
            output.issue(&Issue::warning(
                "under-data-challenge",
                format!("{why} It is imported as it stands."),
                self.record.position.clone().unwrap_or_default(),
            ))?;
        }
        output.record(&self.record)
    }
}
