//! Whether a person meets what a role asks on a day: statuses and registrations that lapse, qualifications,
//! counting in ratio. What no record of qualifications says stays open.

use crate::award::Award;
use crate::catalogue::{Requirement, RequirementKind, Role};
use crate::ratio::RatioStanding;
use crate::reason::{Reason, Says, Ternary};
use schema::{Date, RegistrationState, Subject, fold_name};
use std::collections::BTreeMap;

/// How a person stands against a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The role's code.
    pub role: String,
    /// Whether the role's requirements are met.
    pub meets: Ternary,
    /// What is met, and by which achievements.
    pub met: Vec<Reason>,
    /// What is not met, or not known.
    pub missing: Vec<Reason>,
}

/// What is known of a person, for standing.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// The awards that count.
    pub awards: &'a [Award],
    /// How they count in the ratios on the day, where that was asked.
    pub ratio: Option<&'a RatioStanding>,
    /// Numbers of qualifications whose rules of combination the person has met without the qualification's own
    /// award, with the achievements that do.
    pub completed: &'a BTreeMap<String, Vec<String>>,
}

/// How a person stands against a role on a day. `requirements` may be those of all roles.
#[must_use]
pub fn standing(
    role: &Role,
    requirements: &[Requirement],
    holder: &Holder<'_>,
    day: Date,
) -> Standing {
    let mut standing = Standing {
        role: role.code.clone(),
        meets: Ternary::Yes,
        met: Vec::new(),
        missing: Vec::new(),
    };
    let own: Vec<&Requirement> = requirements
        .iter()
        .filter(|one| one.role == role.code && one.in_force(day))
        .collect();
    if own.is_empty() {
        let says = Says::NothingAsked {
            role: role.title.clone(),
        };
        let reason = Reason::new(says, role.code.clone(), Some(&role.source), role.confirmed);
        standing.met.push(reason);
        return standing;
    }
    let mut alternatives: Vec<Vec<(Ternary, Reason)>> = Vec::new();
    let mut named: BTreeMap<&str, usize> = BTreeMap::new();
    for one in own {
        let judged = judge(one, holder, day);
        let place = one
            .alternative
            .as_deref()
            .and_then(|name| named.get(name))
            .copied();
        if let Some(group) = place.and_then(|place| alternatives.get_mut(place)) {
            group.push(judged);
            continue;
        }
        if let Some(name) = &one.alternative {
            named.insert(name, alternatives.len());
        }
        alternatives.push(vec![judged]);
    }
    for group in alternatives {
        let state = group
            .iter()
            .fold(Ternary::No, |all, (state, _)| all.or(*state));
        standing.meets = standing.meets.and(state);
        if state == Ternary::Yes {
            let met = group
                .into_iter()
                .filter(|(state, _)| *state == Ternary::Yes);
            standing.met.extend(met.map(|(_, reason)| reason));
        } else {
            standing
                .missing
                .extend(group.into_iter().map(|(_, reason)| reason));
        }
    }
    standing
}

/// What a person holds of one requirement.
fn judge(one: &Requirement, holder: &Holder<'_>, day: Date) -> (Ternary, Reason) {
    let requirement = one.text.clone();
    let cite = |says: Says| Reason::new(says, one.code.clone(), Some(&one.source), one.confirmed);
    let fits = |award: &&Award| fits(one, award);
    let held: Vec<&Award> = holder
        .awards
        .iter()
        .filter(fits)
        .filter(|award| award.awarded_by(day))
        .collect();
    if let Some(award) = held.iter().find(|award| in_force(award, day)) {
        let reason = cite(Says::Met { requirement }).resting_on([award.id.clone()]);
        return (Ternary::Yes, reason);
    }
    if let RequirementKind::Qualification(numbers) = &one.kind {
        let done = numbers
            .iter()
            .find_map(|number| holder.completed.get(number));
        if let Some(achievements) = done {
            let reason = cite(Says::Met { requirement });
            return (
                Ternary::Yes,
                reason.resting_on(achievements.iter().cloned()),
            );
        }
    }
    let state = match &one.kind {
        RequirementKind::Other => Ternary::Undetermined,
        RequirementKind::Ratio(level) => holder.ratio.map_or(Ternary::Undetermined, |ratio| {
            // Who counts at a higher level counts at a lower one.
            let levels = ratio
                .levels
                .iter()
                .filter(|standing| standing.level >= *level);
            levels.fold(Ternary::No, |all, standing| all.or(standing.counts))
        }),
        _ => Ternary::No,
    };
    let reason = match (state, held.first()) {
        (Ternary::Yes, _) => {
            let levels = holder.ratio.into_iter().flat_map(|ratio| &ratio.levels);
            let mut enough = levels.filter(|standing| standing.counts == Ternary::Yes);
            let enough = enough.find(
                |standing| matches!(one.kind, RequirementKind::Ratio(level) if standing.level >= level),
            );
            let by = enough.into_iter().flat_map(|standing| &standing.by);
            cite(Says::Met { requirement }).resting_on(by.cloned())
        }
        (Ternary::Undetermined, _) => cite(Says::NotKnown { requirement }),
        (Ternary::No, Some(award)) => cite(Says::Lapsed {
            title: award.title.clone(),
            requirement,
        })
        .resting_on([award.id.clone()]),
        (Ternary::No, None) => cite(Says::Missing { requirement }),
    };
    (state, reason)
}

/// Whether an award is of what a requirement asks, in force or not.
fn fits(one: &Requirement, award: &Award) -> bool {
    let level = one
        .level
        .is_none_or(|least| award.level.is_some_and(|level| level >= least));
    match (&one.kind, &award.subject) {
        (RequirementKind::Qualification(numbers), Subject::Qualification(number)) => {
            numbers.iter().any(|one| one == number.as_str())
        }
        (RequirementKind::Level(areas), Subject::Qualification(_)) => {
            level && areas.iter().any(|area| award.areas.contains(area))
        }
        (RequirementKind::Status(codes), Subject::ProfessionalStatus(code)) => codes.contains(code),
        (RequirementKind::Registration(registers), Subject::Registration(register)) => registers
            .iter()
            .any(|one| fold_name(one) == fold_name(register)),
        _ => false,
    }
}

/// Whether a status or registration is in force on a day. A suspended entry is not.
fn in_force(award: &Award, day: Date) -> bool {
    award.valid_on(day)
        && award
            .state
            .is_none_or(|state| state == RegistrationState::Current)
}
