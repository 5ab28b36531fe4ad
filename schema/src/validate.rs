//! From a record in a source's words to a statement that can be believed: every text parsed once, here.

use crate::proof;
use crate::statement::StatedBody;
use crate::wire::{self, ResultRecord};
use crate::{
    AwardStatus, CheckResult, Code, Credit, Date, Gender, Grade, IdentifierError, Level,
    ProfessionalStatus, QualificationNumber, RecognitionNumber, RegistrationState, Route, Sentinel,
    StatedPerson, Statement, Subject, Ukprn, Uln, UnitReference, Verb, parse_date,
};

/// Something odd about a record that still counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Note {
    /// What is odd.
    pub code: Code,
    /// The field it is about, in the words of `result_record.proto`.
    pub field: &'static str,
}

/// Why a record does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejection {
    /// What is wrong.
    pub code: Code,
    /// The field it is about, in the words of `result_record.proto`.
    pub field: &'static str,
}

/// A statement with what was noticed while checking it.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The statement.
    pub statement: Statement,
    /// What is odd about it.
    pub notes: Vec<Note>,
    /// Which fields held a value that is no value, and what it means.
    pub sentinels: Vec<(&'static str, Sentinel)>,
}

/// Whether a record must say for itself whom it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonKnown {
    /// It must.
    FromRecord,
    /// It need not: a person brings it for themselves, or it was stored under them before.
    Elsewhere,
}

/// Checks a record that was told on `told_on`.
///
/// # Errors
/// The first [`Rejection`] met. Rules: a person is named by a ULN or by names and birth date; dates are real
/// days; texts hold no control characters and keep to the lengths of the Learning Records Service where it
/// states one (names 35 there; 100 here, since other sources allow more).
pub fn check(
    record: &ResultRecord,
    told_on: Date,
    person: PersonKnown,
) -> Result<Checked, Rejection> {
    let mut reading = Reading {
        person,
        told_on,
        notes: Vec::new(),
        sentinels: Vec::new(),
    };
    let statement = reading.statement(record)?;
    Ok(Checked {
        statement,
        notes: reading.notes,
        sentinels: reading.sentinels,
    })
}

/// The longest texts kept, in characters.
const NAME: usize = 100;
const POSTCODE: usize = 10;
const STATUS: usize = 40;
const REGISTER: usize = 80;
const IDENTIFIER: usize = 128;
const TITLE: usize = 500;
const REASON: usize = 500;

struct Reading {
    person: PersonKnown,
    told_on: Date,
    notes: Vec<Note>,
    sentinels: Vec<(&'static str, Sentinel)>,
}

impl Reading {
    fn note(&mut self, code: Code, field: &'static str) {
        self.notes.push(Note { code, field });
    }

    fn sentinel(&mut self, field: &'static str, sentinel: Sentinel) {
        self.sentinels.push((field, sentinel));
    }

    fn statement(&mut self, record: &ResultRecord) -> Result<Statement, Rejection> {
        let verb = named(
            &record.verb,
            "verb",
            Verb::Create,
            Verb::parse,
            Code::VerbUnknown,
        )?;
        let route = named(
            &record.route,
            "route",
            Route::Award,
            Route::parse,
            Code::RouteUnknown,
        )?;
        let status = match record.status.trim() {
            "" => None,
            text => match AwardStatus::parse(text) {
                Some(AwardStatus::Withdrawn) | None => {
                    return reject(Code::StatusUnknown, "status");
                }
                status => status,
            },
        };
        let person = self.person(&record.person.clone().unwrap_or_default())?;
        let stated_subject = record.subject.clone().unwrap_or_default();
        let (subject, part_of) = self.subject(&stated_subject)?;
        let registration = record.registration.clone().unwrap_or_default();
        let registration_state = match registration.state.trim() {
            "" => None,
            text => Some(RegistrationState::parse(text).ok_or(Rejection {
                code: Code::RegistrationStateUnknown,
                field: "registration.state",
            })?),
        };
        let (started_on, valid_from, valid_until) = (
            self.date(&record.started_on, "started_on")?,
            self.date(&record.valid_from, "valid_from")?,
            self.date(&record.valid_until, "valid_until")?,
        );
        if matches!((valid_from, valid_until), (Some(from), Some(until)) if until < from) {
            return reject(Code::DatesContradict, "valid_until");
        }
        let (awarded_on, awarded_on_stated) = self.award_date(&record.awarded_on)?;
        Ok(Statement {
            person,
            subject,
            title: text(&stated_subject.title, "subject.title", TITLE)?,
            part_of,
            body: self.body(&record.body.clone().unwrap_or_default())?,
            verb,
            status,
            record_id: self.identifier(&record.record_id, "record_id")?,
            result_id: self.identifier(&record.result_id, "result_id")?,
            certificate_number: self
                .identifier(&record.certificate_number, "certificate_number")?,
            centre: self.identifier(&record.centre, "centre")?,
            awarded_on,
            awarded_on_stated,
            started_on,
            valid_from,
            valid_until,
            action_date: self.date(&record.action_date, "action_date")?,
            action_reason: text(&record.action_reason, "action_reason", REASON)?,
            grade: self.grade(&record.grade)?,
            level: self.level(&record.level)?,
            credit: self.credit(&record.credit)?,
            credit_scheme: self.words(&record.credit_scheme, "credit_scheme", NAME)?,
            language: self.words(&record.language, "language", NAME)?,
            route,
            registration_number: self.identifier(&registration.number, "registration.number")?,
            registration_conditions: text(
                &registration.conditions,
                "registration.conditions",
                TITLE,
            )?,
            registration_state,
            proofs: proof::read(&record.proofs)?,
        })
    }

    fn person(&mut self, stated: &wire::Person) -> Result<StatedPerson, Rejection> {
        let uln = match stated.uln.trim() {
            "" => None,
            "-2" => {
                self.sentinel("person.uln", Sentinel::NotAvailable);
                None
            }
            number => match Uln::parse(number) {
                Ok(uln) => Some(uln),
                Err(IdentifierError::Sentinel) => {
                    self.sentinel("person.uln", Sentinel::TemporaryUln);
                    None
                }
                Err(_) => return reject(Code::UlnInvalid, "person.uln"),
            },
        };
        let mut linked_ulns = Vec::new();
        for number in stated
            .linked_ulns
            .iter()
            .filter(|number| !number.trim().is_empty())
        {
            let field = "person.linked_ulns";
            match Uln::parse(self.stated(number, field)) {
                Ok(linked) => linked_ulns.push(linked),
                Err(IdentifierError::Sentinel) => self.sentinel(field, Sentinel::TemporaryUln),
                Err(_) if number.trim() == "-2" => {}
                Err(_) => return reject(Code::UlnInvalid, field),
            }
        }
        let person = StatedPerson {
            uln,
            linked_ulns,
            given_name: self.words(&stated.given_name, "person.given_name", NAME)?,
            family_name: self.words(&stated.family_name, "person.family_name", NAME)?,
            date_of_birth: self.birth_date(&stated.date_of_birth)?,
            gender: Gender::parse(&stated.gender),
            postcode: self
                .words(&stated.postcode, "person.postcode", POSTCODE)?
                .map(|code| code.to_uppercase()),
            reference: self.identifier(&stated.reference, "person.reference")?,
        };
        let named =
            person.uln.is_some() || !person.linked_ulns.is_empty() || person.exact_key().is_some();
        if !named && self.person == PersonKnown::FromRecord {
            return reject(Code::LearnerNotIdentified, "person");
        }
        Ok(person)
    }

    fn birth_date(&mut self, stated: &str) -> Result<Option<Date>, Rejection> {
        if stated.trim().starts_with("2999-12-31") {
            self.sentinel("person.date_of_birth", Sentinel::UnknownBirthDate);
            return Ok(None);
        }
        let Some(born) = self.date(stated, "person.date_of_birth")? else {
            return Ok(None);
        };
        let earliest = Date::from_ymd_opt(1900, 1, 1).unwrap_or_default();
        if born < earliest || born > self.told_on {
            return reject(Code::BirthDateImplausible, "person.date_of_birth");
        }
        Ok(Some(born))
    }

    fn subject(
        &mut self,
        stated: &wire::Subject,
    ) -> Result<(Subject, Option<QualificationNumber>), Rejection> {
        let code = self.words(&stated.code, "subject.code", IDENTIFIER)?;
        let part_of = match self.stated(&stated.part_of, "subject.part_of").trim() {
            "" => None,
            number => Some(QualificationNumber::parse(number).map_err(|_| Rejection {
                code: Code::PartOfInvalid,
                field: "subject.part_of",
            })?),
        };
        let Some(code) = code else {
            return match text(&stated.title, "subject.title", TITLE)? {
                Some(title) => Ok((Subject::Unidentified(title), part_of)),
                None => reject(Code::SubjectMissing, "subject"),
            };
        };
        let subject = match stated.kind.trim() {
            "" | "qualification" | "unit" => self.numbered(&code),
            "status" => Subject::ProfessionalStatus(ProfessionalStatus::find(&code).map_or_else(
                || {
                    text(&code.to_uppercase(), "subject.code", STATUS)
                        .map(Option::unwrap_or_default)
                },
                |status| Ok(status.code.to_owned()),
            )?),
            "registration" => {
                Subject::Registration(text(&code, "subject.code", REGISTER)?.unwrap_or_default())
            }
            _ => return reject(Code::SubjectKindUnknown, "subject.kind"),
        };
        let subject = match (
            stated.kind.trim(),
            ProfessionalStatus::find(subject.parts().1),
        ) {
            ("", Some(status)) => Subject::ProfessionalStatus(status.code.to_owned()),
            _ => subject,
        };
        if matches!(subject, Subject::Unidentified(_)) {
            self.note(Code::SubjectNotRecognised, "subject.code");
        }
        Ok((subject, part_of))
    }

    fn numbered(&mut self, code: &str) -> Subject {
        if let Ok(number) = QualificationNumber::parse(code) {
            if QualificationNumber::suffix_in(code) {
                self.note(Code::QualificationNumberSuffix, "subject.code");
            }
            if number.check() == CheckResult::DoesNotFit {
                self.note(Code::QualificationNumberCheck, "subject.code");
            }
            return Subject::Qualification(number);
        }
        if let Ok(reference) = UnitReference::parse(code) {
            if reference.check() == CheckResult::DoesNotFit {
                self.note(Code::UnitReferenceCheck, "subject.code");
            }
            return Subject::Unit(reference);
        }
        Subject::Unidentified(code.to_owned())
    }

    fn body(&mut self, stated: &wire::Body) -> Result<StatedBody, Rejection> {
        let field = "body.recognition_number";
        let recognition_number = match self.stated(&stated.recognition_number, field).trim() {
            "" => None,
            number => Some(RecognitionNumber::parse(number).map_err(|_| Rejection {
                code: Code::BodyInvalid,
                field,
            })?),
        };
        let ukprn = match Ukprn::parse(self.stated(&stated.ukprn, "body.ukprn")) {
            Ok(ukprn) => Some(ukprn),
            Err(IdentifierError::Sentinel) => {
                self.sentinel("body.ukprn", Sentinel::UnknownOrganisation);
                None
            }
            // Older data carries six-digit codes here; they name nobody and stay in the source's words.
            Err(_) => None,
        };
        let mut name = self.words(&stated.name, "body.name", TITLE)?;
        let unknown = ["UNKNOWN", "UNKNWN"];
        if name
            .as_deref()
            .is_some_and(|name| unknown.iter().any(|word| name.eq_ignore_ascii_case(word)))
        {
            self.sentinel("body.name", Sentinel::UnknownOrganisation);
            name = None;
        }
        Ok(StatedBody {
            recognition_number,
            ukprn,
            name,
        })
    }

    fn award_date(&mut self, stated: &str) -> Result<(Option<Date>, Option<String>), Rejection> {
        let words = text(stated, "awarded_on", IDENTIFIER)?;
        let awarded = self.date(stated, "awarded_on")?;
        if awarded.is_some_and(|day| day > self.told_on) {
            self.note(Code::AwardDateInFuture, "awarded_on");
            self.sentinel("awarded_on", Sentinel::FutureDate);
            return Ok((None, words));
        }
        Ok((awarded, words))
    }

    fn date(&mut self, stated: &str, field: &'static str) -> Result<Option<Date>, Rejection> {
        match stated.trim() {
            "" => Ok(None),
            "null" => {
                self.sentinel(field, Sentinel::NullDate);
                Ok(None)
            }
            "-2" => {
                self.sentinel(field, Sentinel::NotAvailable);
                Ok(None)
            }
            day => parse_date(day).map(Some).map_err(|_| Rejection {
                code: Code::DateInvalid,
                field,
            }),
        }
    }

    fn identifier(
        &mut self,
        stated: &str,
        field: &'static str,
    ) -> Result<Option<String>, Rejection> {
        self.words(stated, field, IDENTIFIER)
    }

    /// A text, unless it says that there is none.
    fn words(
        &mut self,
        stated: &str,
        field: &'static str,
        longest: usize,
    ) -> Result<Option<String>, Rejection> {
        text(self.stated(stated, field), field, longest)
    }

    /// What is stated, empty where that is the word for "not available".
    fn stated<'t>(&mut self, stated: &'t str, field: &'static str) -> &'t str {
        match stated.trim() {
            "-2" => {
                self.sentinel(field, Sentinel::NotAvailable);
                ""
            }
            _ => stated,
        }
    }

    fn grade(&mut self, stated: &str) -> Result<Option<Grade>, Rejection> {
        let Some(words) = text(stated, "grade", Grade::LONGEST)? else {
            return Ok(None);
        };
        match words.as_str() {
            "9999999999" => self.sentinel("grade", Sentinel::UnknownGrade),
            "-2" => self.sentinel("grade", Sentinel::NotAvailable),
            _ => return Ok(Grade::parse(&words)),
        }
        Ok(None)
    }

    fn level(&mut self, stated: &str) -> Result<Option<Level>, Rejection> {
        let Some(words) = self.words(stated, "level", NAME)? else {
            return Ok(None);
        };
        let level = Level::parse(&words);
        if level.is_none() {
            self.note(Code::LevelUnknown, "level");
        }
        Ok(level)
    }

    fn credit(&mut self, stated: &str) -> Result<Option<Credit>, Rejection> {
        match stated.trim() {
            "" => Ok(None),
            "-2" => {
                self.sentinel("credit", Sentinel::NotAvailable);
                Ok(None)
            }
            number => {
                let credit = Credit::parse(number).ok_or(Rejection {
                    code: Code::CreditInvalid,
                    field: "credit",
                })?;
                if credit.value() == 0 {
                    self.sentinel("credit", Sentinel::NoCredit);
                }
                Ok(Some(credit))
            }
        }
    }
}

fn reject<T>(code: Code, field: &'static str) -> Result<T, Rejection> {
    Err(Rejection { code, field })
}

/// A word out of a closed list, or `default` where nothing is stated.
fn named<T>(
    stated: &str,
    field: &'static str,
    default: T,
    parse: impl Fn(&str) -> Option<T>,
    code: Code,
) -> Result<T, Rejection> {
    if stated.trim().is_empty() {
        Ok(default)
    } else {
        parse(stated).ok_or(Rejection { code, field })
    }
}

/// A text with its white space folded; none where nothing is left.
fn text(stated: &str, field: &'static str, longest: usize) -> Result<Option<String>, Rejection> {
    if stated
        .chars()
        .any(|character| character.is_control() && !character.is_whitespace())
    {
        return reject(Code::TextInvalid, field);
    }
    let folded = stated.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.chars().count() > longest {
        return reject(Code::TextTooLong, field);
    }
    Ok((!folded.is_empty()).then_some(folded))
}
