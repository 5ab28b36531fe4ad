//! What is true of an award, from the statements that speak of it.

use crate::choice::Choice;
use crate::group::group;
use crate::{Standing, Told};
use schema::{
    AwardStatus, Credit, Date, Level, QualificationNumber, RecognitionNumber, RegistrationState,
    Route, Subject,
};
use std::borrow::Borrow;
use std::collections::HashSet;

/// What is true of an award, by precedence. What the register says of level, credit, title and body is put
/// above this when the record is read, so that a newer register needs no merge.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// What the award is of.
    pub subject: Subject,
    /// The title as stated.
    pub title: Option<String>,
    /// The qualification of which a unit was taken as a part.
    pub part_of: Option<QualificationNumber>,
    /// The body, where known by number.
    pub body: Option<RecognitionNumber>,
    /// The body's name as stated.
    pub body_stated: Option<String>,
    /// The day of the award.
    pub awarded_on: Option<Date>,
    /// The day of the award in the source's words.
    pub awarded_on_stated: Option<String>,
    /// When learning began.
    pub started_on: Option<Date>,
    /// From when the award is valid.
    pub valid_from: Option<Date>,
    /// The last day on which it is valid.
    pub valid_until: Option<Date>,
    /// The grade.
    pub grade: Option<String>,
    /// The level as stated.
    pub level: Option<Level>,
    /// The credit as stated.
    pub credit: Option<Credit>,
    /// Whether it stands.
    pub status: AwardStatus,
    /// Since when the status is what it is, where a day was said.
    pub status_since: Option<Date>,
    /// Why the status is what it is, in the body's words.
    pub status_reason: Option<String>,
    /// The way by which it was reached.
    pub route: Route,
    /// The body's own number of the result.
    pub result_id: Option<String>,
    /// The number on the certificate.
    pub certificate_number: Option<String>,
    /// The centre.
    pub centre: Option<String>,
    /// The number of a registration.
    pub registration_number: Option<String>,
    /// The conditions of a registration.
    pub registration_conditions: Option<String>,
    /// The state of a registration.
    pub registration_state: Option<RegistrationState>,
    /// How far the award is to be believed: the best standing among its statements.
    pub standing: Standing,
}

/// Something that a source said and that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The fact, in the words of `result_record.proto`.
    pub field: &'static str,
    /// What was taken.
    pub taken: String,
    /// What the source said.
    pub stated: String,
    /// The source's place in what [`combine`] was given.
    pub source: usize,
}

/// An award, concluded.
#[derive(Debug, Clone, PartialEq)]
pub struct Award {
    /// The places of its statements in what [`combine`] was given, the most authoritative first.
    pub sources: Vec<usize>,
    /// What is true of it.
    pub facts: Facts,
    /// What was said and not taken.
    pub differences: Vec<Difference>,
}

/// The awards of one person. The result depends on the set of statements, not on their order.
#[must_use]
pub fn combine<T: Borrow<Told>>(told: &[T]) -> Vec<Award> {
    let told: Vec<&Told> = told.iter().map(Borrow::borrow).collect();
    group(&told)
        .into_iter()
        .filter_map(|members| conclude(&told, members))
        .collect()
}

fn conclude(told: &[&Told], mut members: Vec<usize>) -> Option<Award> {
    members.sort_by_cached_key(|place| {
        told.get(*place)
            .map(|one| (one.precedence(), std::cmp::Reverse(one.order())))
    });
    let ranked: Vec<(usize, &Told)> = members
        .iter()
        .filter_map(|place| told.get(*place).map(|one| (*place, *one)))
        .collect();
    // The oldest first, so that each statement finds its place at the end of those before it.
    let mut choice = Choice::default();
    for (_, one) in ranked.iter().rev() {
        choice.hear(one);
    }
    let facts = choice.facts()?;
    let mut differences = Vec::new();
    for (field, taken, said) in choice.compared() {
        compare(field, taken, said, &ranked, &mut differences);
    }
    Some(Award {
        sources: members,
        facts,
        differences,
    })
}

/// Notes who says otherwise than the statement whose word was taken. An older statement of the same submitter
/// is no difference: it was corrected.
fn compare(
    field: &'static str,
    taken: Option<&Told>,
    said: fn(&Told) -> Option<String>,
    ranked: &[(usize, &Told)],
    differences: &mut Vec<Difference>,
) {
    let Some((by, taken)) = taken.and_then(|by| Some((by, said(by)?))) else {
        return;
    };
    let mut spoken = HashSet::from([by.submitter.as_str()]);
    for (place, one) in ranked {
        if spoken.contains(one.submitter.as_str()) {
            continue;
        }
        let Some(stated) = said(one) else { continue };
        spoken.insert(&one.submitter);
        if stated != taken {
            differences.push(Difference {
                field,
                taken: taken.clone(),
                stated,
                source: *place,
            });
        }
    }
}
