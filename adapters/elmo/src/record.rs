//! From what a document holds to records: what was passed becomes one each, whole and parts alike, and credit
//! is told once, of the outermost that states it.

use crate::credit;
use crate::identifier;
use crate::transcript::{Instance, Learner, Opportunity, Report, Transcript, Words};
use sdk::{
    Body, Issue, Output, Person, Position, Proof, ProofCheck, ResultRecord, StatedField, Stop,
    Subject,
};

/// Hands over the records of a transcript.
///
/// # Errors
/// A [`Stop`] where the host takes no more.
pub(crate) fn emit(transcript: &Transcript, output: &mut Output<'_>) -> Result<(), Stop> {
    // Of each, in order: the credit of it is told already, with what it is a part of.
    let mut told: Vec<bool> = Vec::with_capacity(transcript.opportunities.len());
    for opportunity in &transcript.opportunities {
        let above = opportunity.part_of.and_then(|whole| told.get(whole));
        let mut counted = above.copied().unwrap_or(false);
        if opportunity.instances.is_empty() {
            output.issue(&Issue::warning(
                "no-result",
                "The document describes this and says nothing of what came of it. It is left out; its parts are read.",
                opportunity.place.clone(),
            ))?;
        }
        for instance in &opportunity.instances {
            if passed(instance, &opportunity.place, output)? {
                let telling = Telling {
                    transcript,
                    opportunity,
                    instance,
                };
                counted |= telling.emit(counted, output)?;
            }
        }
        told.push(counted);
    }
    Ok(())
}

/// Whether an instance is an award. Where its status is absent it was passed: the format says so.
fn passed(instance: &Instance, place: &Position, output: &mut Output<'_>) -> Result<bool, Stop> {
    let issue = match instance.status.as_str() {
        "" | "passed" => return Ok(true),
        "failed" => Issue::warning(
            "result-failed",
            "This was not passed, and so is no award. It is left out.",
            place.clone(),
        ),
        "in-progress" => Issue::warning(
            "result-in-progress",
            "This is not completed yet, and so is no award. It is left out.",
            place.clone(),
        ),
        _ => Issue::error(
            "status-unknown",
            "The status is not one of passed, failed, in-progress.",
            place.clone(),
        ),
    };
    output.issue(&issue).map(|()| false)
}

/// One award, and what there is to say of it.
struct Telling<'a> {
    transcript: &'a Transcript,
    opportunity: &'a Opportunity,
    instance: &'a Instance,
}

impl Telling<'_> {
    /// Hands over the record; true where it tells credit.
    fn emit(&self, counted: bool, output: &mut Output<'_>) -> Result<bool, Stop> {
        let (opportunity, instance) = (self.opportunity, self.instance);
        let empty = Report::default();
        let report = self
            .transcript
            .reports
            .get(opportunity.report)
            .unwrap_or(&empty);
        let learner = report.learner.as_ref().unwrap_or(&self.transcript.learner);
        let stated = self.stated(report, learner);
        if stated.left_out {
            output.issue(&Issue::warning(
                "words-left-out",
                "The document says more of this than is kept beside a result. What the award is made of is read; of the source's own words only the first are kept.",
                opportunity.place.clone(),
            ))?;
        }
        let levels = credit::level(&instance.levels).or_else(|| credit::level(&opportunity.levels));
        let mut record = ResultRecord {
            position: Some(opportunity.place.clone()),
            status: "final".to_owned(),
            subject: Some(self.subject(report)),
            person: Some(person(learner, report)),
            body: Some(body(report)),
            result_id: first(instance.identifiers.first().map(|one| one.value.as_str())),
            awarded_on: instance.awarded_on.clone(),
            started_on: instance.started_on.clone(),
            action_date: first(
                [&report.issued_on, &self.transcript.generated_on]
                    .into_iter()
                    .find(|day| !day.is_empty())
                    .map(String::as_str),
            ),
            grade: fact(&instance.grade),
            level: first(levels),
            stated: stated.fields,
            proofs: self
                .transcript
                .signature
                .as_deref()
                .map(signature)
                .into_iter()
                .collect(),
            ..ResultRecord::default()
        };
        let credit =
            credit::chosen(&instance.credits).or_else(|| credit::chosen(&opportunity.credits));
        match credit.map(|credit| (credit, credit.whole())) {
            Some((credit, Some(whole))) if !counted => {
                record.credit = whole;
                record.credit_scheme = fact(credit.scheme());
            }
            Some((_, None)) => output.issue(&Issue::warning(
                "credit-not-whole",
                "The credit is no whole number from 0 to 2000. It is kept in the source's own words only.",
                opportunity.place.clone(),
            ))?,
            _ => {}
        }
        output.record(&record)?;
        Ok(credit.is_some())
    }

    fn subject(&self, report: &Report) -> Subject {
        let own = &self.opportunity.identifiers;
        let mut part_of = String::new();
        let mut whole = self.opportunity.part_of;
        // The way up is as long as the document is deep.
        while let Some(above) = whole.and_then(|at| self.transcript.opportunities.get(at)) {
            if let Some(number) = identifier::qualification(&above.identifiers) {
                part_of = number.to_string();
                break;
            }
            whole = above.part_of;
        }
        Subject {
            kind: String::new(),
            code: first(identifier::subject(own, &report.identifiers).as_deref()),
            title: first(self.opportunity.titles.chosen()),
            part_of,
        }
    }

    /// The source's own words: first of this award itself, then what several share.
    fn stated(&self, report: &Report, learner: &Learner) -> Stated {
        let (opportunity, instance) = (self.opportunity, self.instance);
        let own = opportunity.words.fields();
        let mut stated = Stated {
            left_out: opportunity.words.left_out() || instance.words.left_out(),
            ..Stated::default()
        };
        for field in own {
            stated.add(field.name.clone(), &field.value);
        }
        for field in instance.words.fields() {
            // What both have, such as identifiers, is told apart.
            let taken = own.iter().any(|one| one.name == field.name);
            let name = if taken {
                format!("instance.{}", field.name)
            } else {
                field.name.clone()
            };
            stated.add(name, &field.value);
        }
        let whole = opportunity
            .part_of
            .and_then(|at| self.transcript.opportunities.get(at));
        if let Some(title) = whole.and_then(|whole| whole.titles.chosen()) {
            stated.add("isPartOf".to_owned(), title);
        }
        let scheme = report.grading_schemes.get(&instance.grading_scheme);
        let shared = scheme.map(Words::shared).into_iter().flatten();
        for field in shared
            .chain(report.words.shared())
            .chain(learner.words.shared())
        {
            stated.add(field.name, &field.value);
        }
        stated
    }
}

/// The most bytes of words beside one record.
const MOST_STATED: usize = 64 * 1024;

/// The source's own words beside a record, no more than fit.
#[derive(Default)]
struct Stated {
    fields: Vec<StatedField>,
    bytes: usize,
    left_out: bool,
}

impl Stated {
    fn add(&mut self, name: String, value: &str) {
        let bytes = self.bytes + name.len() + value.len();
        if bytes > MOST_STATED {
            self.left_out = true;
            return;
        }
        self.bytes = bytes;
        self.fields.push(StatedField {
            name,
            value: value.to_owned(),
        });
    }
}

/// The longest fact of a record that is handed over, in characters. Whatever is longer the registry refuses,
/// whole or cut; so a long text that many records share does not make a small file a large output.
const LONGEST_FACT: usize = 1000;

fn fact(text: &str) -> String {
    text.chars().take(LONGEST_FACT).collect()
}

fn first(text: Option<&str>) -> String {
    text.map(fact).unwrap_or_default()
}

fn person(learner: &Learner, report: &Report) -> Person {
    Person {
        uln: first(identifier::uln(&learner.identifiers)),
        given_name: fact(&learner.given_names),
        family_name: fact(&learner.family_name),
        date_of_birth: fact(&learner.born_on),
        gender: fact(&learner.gender),
        // Postcodes of other countries may be longer than any of this one, and are not compared.
        postcode: Some(&learner.postcode)
            .filter(|code| code.chars().count() <= 10)
            .cloned()
            .unwrap_or_default(),
        reference: identifier::reference(&learner.identifiers, &report.identifiers)
            .unwrap_or_default(),
        ..Person::default()
    }
}

fn body(report: &Report) -> Body {
    Body {
        recognition_number: first(identifier::recognition_number(&report.identifiers)),
        ukprn: first(identifier::ukprn(&report.identifiers)),
        name: first(report.titles.chosen()),
    }
}

/// An XML signature is told of and not checked: the certificates of European institutions have no common
/// root that could be compiled in.
fn signature(path: &str) -> Proof {
    Proof {
        path: path.to_owned(),
        form: "xml-signature".to_owned(),
        checks: vec![ProofCheck {
            name: "proof".to_owned(),
            result: "not-checked".to_owned(),
            code: "proof-unsupported".to_owned(),
        }],
        ..Proof::default()
    }
}
