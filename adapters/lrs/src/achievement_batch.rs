//! An achievement batch as an awarding body submits it (`SubmitAchievementBatchJob`).

use crate::config::Config;
use crate::field::{centre, state};
use sdk::xml::{Document, Token};
use sdk::{Body, Issue, Output, Person, Position, ResultRecord, Stop, Subject, day};

/// The element of a batch.
pub(crate) const BATCH: &str = "SubmitAchievementBatchJob";
/// The element around its achievements.
pub(crate) const ACHIEVEMENTS: &str = "achievements";

/// Reads the batch within which the document is, to the document's end. Nothing is read of the invoking user.
///
/// # Errors
/// A [`Stop`] where the document cannot be read.
pub(crate) fn read(
    document: &mut Document<'_, '_>,
    config: &Config,
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    let (mut status, mut count) = ("", 0_u64);
    loop {
        match document.next()? {
            Token::Open if document.name() == "invokingUser" => document.skip()?,
            Token::Open if document.name() == "Achievement" => {
                count += 1;
                let place = Position::path(format!("{}[{count}]", document.path()));
                let achievement = Achievement::read(document)?;
                achievement.emit(place, status, config, output)?;
            }
            Token::Value if document.name() == "submissionType" => {
                if count > 0 {
                    return Err(Stop::new(
                        "elements-out-of-order",
                        "submissionType must stand before the achievements.",
                    )
                    .at(Position::path(document.path())));
                }
                status = submission_type(document, config, output)?;
            }
            Token::End => return Ok(()),
            _ => {}
        }
    }
}

/// The status that all achievements of the batch have; empty where its number is not known.
fn submission_type(
    document: &Document<'_, '_>,
    config: &Config,
    output: &mut Output<'_>,
) -> Result<&'static str, Stop> {
    let stated = document.text().trim();
    match config.submission_type(stated) {
        Some(status) => Ok(status),
        None if stated.is_empty() => Ok(""),
        None => {
            output.issue(&Issue::warning(
                "submission-type-unknown",
                "The submissionType is neither provisional nor final, and the service publishes no meaning of its numbers. The status stays empty; map the number in [adapters.lrs] submission_types.",
                Position::path(document.path()),
            ))?;
            Ok("")
        }
    }
}

/// One achievement, while it is read.
#[derive(Default)]
struct Achievement {
    record: ResultRecord,
    person: Person,
    action: String,
}

impl Achievement {
    /// Reads the achievement that has just begun.
    fn read(document: &mut Document<'_, '_>) -> Result<Self, Stop> {
        let depth = document.depth();
        let mut achievement = Self::default();
        loop {
            match document.next()? {
                Token::Value if document.depth() == depth + 1 => {
                    achievement.take(document.name(), document.text());
                }
                Token::Value | Token::Close if document.depth() == depth => return Ok(achievement),
                Token::End => return Ok(achievement),
                _ => {}
            }
        }
    }

    fn take(&mut self, name: &str, text: &str) {
        state(&mut self.record, name, text);
        let text = text.trim();
        let (record, person) = (&mut self.record, &mut self.person);
        match name {
            "AchievementAwardDate" => record.awarded_on = day(text).to_owned(),
            "Action" => text.clone_into(&mut self.action),
            "ActionDate" => record.action_date = day(text).to_owned(),
            "ActionReason" => text.clone_into(&mut record.action_reason),
            "DateofBirth" => person.date_of_birth = day(text).to_owned(),
            "FamilyName" => text.clone_into(&mut person.family_name),
            "GivenName" => text.clone_into(&mut person.given_name),
            "Gender" => text.clone_into(&mut person.gender),
            "Grade" => text.clone_into(&mut record.grade),
            "LanguageForAssessment" => text.clone_into(&mut record.language),
            "LearnerPostcode" => text.clone_into(&mut person.postcode),
            "MisIdentifier" => text.clone_into(&mut person.reference),
            "ProviderUkprn" => record.centre = centre(text, ""),
            "Uln" => text.clone_into(&mut person.uln),
            "UnitOrQualificationReferenceNumber" => {
                text.clone_into(&mut record.subject.get_or_insert_default().code);
            }
            _ => {}
        }
    }

    fn emit(
        mut self,
        place: Position,
        status: &str,
        config: &Config,
        output: &mut Output<'_>,
    ) -> Result<(), Stop> {
        let Some(verb) = config.action(&self.action) else {
            return output.issue(&Issue::error(
                "action-unknown",
                self.unknown_action(),
                place,
            ));
        };
        self.record.position = Some(place);
        self.record.verb = verb.to_owned();
        self.record.status = status.to_owned();
        self.record.person = Some(self.person);
        self.record.subject.get_or_insert_with(Subject::default);
        // A batch does not name its awarding body: it is the one that pushes.
        self.record.body = config.awarding_body.clone().map(|number| Body {
            recognition_number: number,
            ..Body::default()
        });
        output.record(&self.record)
    }

    fn unknown_action(&self) -> String {
        let numeric = !self.action.is_empty()
            && self.action.len() <= 9
            && self.action.bytes().all(|byte| byte.is_ascii_digit());
        if numeric {
            format!(
                "The Action is {number}, and the service publishes no meaning of its numbers. Map it, as in [adapters.lrs] actions = {{ \"{number}\" = \"create\" }}, or write the word.",
                number = self.action
            )
        } else {
            "The Action is not one of create, update, promote, withdraw, reinstate.".to_owned()
        }
    }
}
