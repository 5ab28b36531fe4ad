//! Tests of the adapter as a whole: documents in, records and issues out.

mod dialects;
mod hostile;
mod samples;
mod transcripts;

use crate::Elmo;
use sdk::ResultRecord;
use sdk::harness::{Outcome, run};

/// An invented transcript with all that the format can say.
const TRANSCRIPT: &str = include_str!("../fixtures/transcript.xml");
/// The same in the dialect before 1.0.
const OLD: &str = include_str!("../fixtures/old-dialect.xml");

fn read(file: impl AsRef<[u8]>) -> Outcome {
    run::<Elmo>("", file.as_ref())
}

fn stop(outcome: &Outcome) -> &str {
    outcome.stop.as_ref().map_or("", |stop| stop.code.as_str())
}

/// A document with this within its report.
fn report(opportunities: &str) -> String {
    format!(
        "<elmo xmlns='https://github.com/emrex-eu/elmo-schemas/tree/v1'><learner><givenNames>Rowan</givenNames><familyName>Made-Up</familyName><bday>1996-01-23</bday></learner><report><issuer><country>GB</country><identifier type='schac'>example.ac.uk</identifier><title>Invented University</title></issuer>{opportunities}<issueDate>2024-07-01</issueDate></report></elmo>"
    )
}

/// Something learned, with this of its own, this instance and these parts.
fn learned(title: &str, instance: &str, parts: &str) -> String {
    format!(
        "<learningOpportunitySpecification><title>{title}</title><specifies><learningOpportunityInstance>{instance}</learningOpportunityInstance></specifies>{parts}</learningOpportunitySpecification>"
    )
}

fn stated<'a>(record: &'a ResultRecord, name: &str) -> Option<&'a str> {
    let mut fields = record.stated.iter().filter(|field| field.name == name);
    fields.next().map(|field| field.value.as_str())
}

fn titles(outcome: &Outcome) -> Vec<&str> {
    let subjects = outcome
        .records
        .iter()
        .filter_map(|record| record.subject.as_ref());
    subjects.map(|subject| subject.title.as_str()).collect()
}

fn credits(outcome: &Outcome) -> Vec<&str> {
    outcome
        .records
        .iter()
        .map(|record| record.credit.as_str())
        .collect()
}

/// What the registry's rules make of the records: each must be accepted.
fn accepted(outcome: &Outcome) -> Vec<schema::Statement> {
    let today = schema::Date::from_ymd_opt(2025, 1, 1).unwrap_or_default();
    let mut accepted = Vec::new();
    for record in &outcome.records {
        match schema::check(record, today, schema::PersonKnown::FromRecord) {
            Ok(checked) => accepted.push(checked.statement),
            Err(rejection) => assert_eq!(None, Some(rejection), "{:?}", record.position),
        }
    }
    accepted
}
