//! What is true of an award, from the statements that speak of it.

use crate::group::group;
use crate::{Standing, Told};
use schema::{
    AwardStatus, Credit, Date, Level, QualificationNumber, RecognitionNumber, RegistrationState,
    Route, Subject, Verb,
};

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
pub fn combine(told: &[Told]) -> Vec<Award> {
    group(told)
        .into_iter()
        .filter_map(|members| conclude(told, members))
        .collect()
}

fn conclude(told: &[Told], mut members: Vec<usize>) -> Option<Award> {
    members.sort_by_cached_key(|place| {
        told.get(*place)
            .map(|one| (one.precedence(), std::cmp::Reverse(one.order())))
    });
    let ranked: Vec<(usize, &Told)> = members
        .iter()
        .filter_map(|place| told.get(*place).map(|one| (*place, one)))
        .collect();
    let (_, best) = ranked.first().copied()?;
    // What a person presents never fills a gap in what a body or a recorder says.
    let believed: Vec<(usize, &Told)> = ranked
        .iter()
        .copied()
        .filter(|(_, one)| {
            best.standing == Standing::SelfPresented || one.standing != Standing::SelfPresented
        })
        .collect();
    let choice = Choice {
        believed: &believed,
        ranked: &ranked,
    };
    let mut differences = Vec::new();
    let (status, status_since, status_reason) = status(&believed);
    let facts = Facts {
        subject: best.statement.subject.clone(),
        title: choice.first(|one| one.statement.title.clone()),
        part_of: choice.first(|one| one.statement.part_of),
        body: choice.first(|one| one.body),
        body_stated: choice.first(|one| one.statement.body.name.clone()),
        awarded_on: choice.compared("awarded_on", &mut differences, |one| {
            one.statement.awarded_on
        }),
        awarded_on_stated: choice.first(|one| one.statement.awarded_on_stated.clone()),
        started_on: choice.first(|one| one.statement.started_on),
        valid_from: choice.compared("valid_from", &mut differences, |one| {
            one.statement.valid_from
        }),
        valid_until: choice.compared("valid_until", &mut differences, |one| {
            one.statement.valid_until
        }),
        grade: choice.compared("grade", &mut differences, |one| {
            one.statement
                .grade
                .as_ref()
                .map(|grade| grade.as_str().to_owned())
        }),
        level: choice.first(|one| one.statement.level),
        credit: choice.first(|one| one.statement.credit),
        status,
        status_since,
        status_reason,
        // The ordinary route is what sources state that know of no other; any other is a fact.
        route: choice
            .first(|one| (one.statement.route != Route::Award).then_some(one.statement.route))
            .unwrap_or(Route::Award),
        result_id: choice.first(|one| one.statement.result_id.clone()),
        certificate_number: choice.compared("certificate_number", &mut differences, |one| {
            one.statement.certificate_number.clone()
        }),
        centre: choice.first(|one| one.statement.centre.clone()),
        registration_number: choice.first(|one| one.statement.registration_number.clone()),
        registration_conditions: choice.first(|one| one.statement.registration_conditions.clone()),
        registration_state: choice.first(|one| one.statement.registration_state),
        standing: best.standing,
    };
    Some(Award {
        sources: members,
        facts,
        differences,
    })
}

/// Statements in the order in which they are asked for a fact.
struct Choice<'a> {
    believed: &'a [(usize, &'a Told)],
    ranked: &'a [(usize, &'a Told)],
}

impl Choice<'_> {
    fn first<T>(&self, fact: impl Fn(&Told) -> Option<T>) -> Option<T> {
        self.believed.iter().find_map(|(_, one)| fact(one))
    }

    /// The same, and notes who else says otherwise. An older statement of the same submitter is no
    /// difference: it was corrected.
    fn compared<T: PartialEq + ToString>(
        &self,
        field: &'static str,
        differences: &mut Vec<Difference>,
        fact: impl Fn(&Told) -> Option<T>,
    ) -> Option<T> {
        let (taken, by) = self
            .believed
            .iter()
            .find_map(|(_, one)| fact(one).map(|fact| (fact, *one)))?;
        let mut spoken = vec![by.submitter.as_str()];
        for (place, one) in self.ranked {
            let Some(stated) = fact(one) else { continue };
            if spoken.contains(&one.submitter.as_str()) {
                continue;
            }
            spoken.push(&one.submitter);
            if stated != taken {
                differences.push(Difference {
                    field,
                    taken: taken.to_string(),
                    stated: stated.to_string(),
                    source: *place,
                });
            }
        }
        Some(taken)
    }
}

/// The status, by the statements of the best precedence only, the oldest first. Only a reinstatement lifts
/// a withdrawal, and what is final does not become provisional again.
fn status(ranked: &[(usize, &Told)]) -> (AwardStatus, Option<Date>, Option<String>) {
    let best = ranked.iter().map(|(_, one)| one.precedence()).min();
    let mut spoken: Vec<&Told> = ranked
        .iter()
        .map(|(_, one)| *one)
        .filter(|one| Some(one.precedence()) == best)
        .collect();
    spoken.sort_by_cached_key(|one| one.order());
    let (mut base, mut withdrawn) = (None, false);
    let (mut shown, mut since, mut reason) = (None, None, None);
    for one in spoken {
        match one.statement.verb {
            Verb::Create | Verb::Update if base != Some(AwardStatus::Final) => {
                base = Some(one.statement.status.or(base).unwrap_or(AwardStatus::Final));
            }
            Verb::Create | Verb::Update => {}
            Verb::Promote => base = Some(AwardStatus::Final),
            Verb::Withdraw => withdrawn = true,
            Verb::Reinstate => withdrawn = false,
        }
        let now = if withdrawn {
            AwardStatus::Withdrawn
        } else {
            base.unwrap_or(AwardStatus::Final)
        };
        if shown != Some(now) {
            // The first status holds from the award itself; each later one from the day the body acted.
            since = if shown.is_none() && one.statement.verb == Verb::Create {
                one.statement.awarded_on
            } else {
                one.statement.action_date
            };
            reason = one.statement.action_reason.clone();
            shown = Some(now);
        }
    }
    (shown.unwrap_or(AwardStatus::Final), since, reason)
}
