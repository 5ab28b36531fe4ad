//! From what a document holds to records: what was passed becomes one each, whole and parts alike, and credit
//! is told once, of the outermost that states it.

use crate::credit;
use crate::identifier;
use crate::transcript::{Instance, Learner, Opportunity, Report, Transcript};
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
            grade: instance.grade.clone(),
            level: first(levels),
            stated: self.stated(report, learner),
            proofs: self
                .transcript
                .signature
                .as_deref()
                .map(signature)
                .into_iter()
                .collect(),
            ..ResultRecord::default()
        };
        let stated =
            credit::chosen(&instance.credits).or_else(|| credit::chosen(&opportunity.credits));
        match stated.map(|credit| (credit, credit.whole())) {
            Some((credit, Some(whole))) if !counted => {
                record.credit = whole;
                credit.scheme().clone_into(&mut record.credit_scheme);
            }
            Some((_, None)) => output.issue(&Issue::warning(
                "credit-not-whole",
                "The credit is no whole number from 0 to 2000. It is kept in the source's own words only.",
                opportunity.place.clone(),
            ))?,
            _ => {}
        }
        output.record(&record)?;
        Ok(stated.is_some())
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

    fn stated(&self, report: &Report, learner: &Learner) -> Vec<StatedField> {
        let (opportunity, instance) = (self.opportunity, self.instance);
        let mut stated = opportunity.words.fields().to_vec();
        stated.extend(instance.words.fields().iter().map(|field| {
            // What both have, such as identifiers, is told apart.
            let taken = opportunity
                .words
                .fields()
                .iter()
                .any(|own| own.name == field.name);
            StatedField {
                name: if taken {
                    format!("instance.{}", field.name)
                } else {
                    field.name.clone()
                },
                value: field.value.clone(),
            }
        }));
        if let Some(scheme) = report.grading_schemes.get(&instance.grading_scheme) {
            stated.extend(scheme.shared());
        }
        let whole = opportunity
            .part_of
            .and_then(|at| self.transcript.opportunities.get(at));
        if let Some(title) = whole.and_then(|whole| whole.titles.chosen()) {
            stated.push(StatedField {
                name: "isPartOf".to_owned(),
                value: title.to_owned(),
            });
        }
        stated.extend(report.words.shared());
        stated.extend(learner.words.shared());
        stated
    }
}

fn first(text: Option<&str>) -> String {
    text.unwrap_or_default().to_owned()
}

fn person(learner: &Learner, report: &Report) -> Person {
    Person {
        uln: first(identifier::uln(&learner.identifiers)),
        given_name: learner.given_names.clone(),
        family_name: learner.family_name.clone(),
        date_of_birth: learner.born_on.clone(),
        gender: learner.gender.clone(),
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
