//! What comes before levels: whether an award is full and relevant, and whether a status is held, from the list of
//! early-years qualifications and the answers to its questions.

use super::facts::within;
use super::need::{Held, answer};
use super::world::Case;
use super::{Condition, Listed, RatioAward, RatioRule, RuleKind};
use crate::reason::Ternary;
use std::collections::BTreeSet;

/// What gates say of an award.
pub(crate) struct Gate<'a> {
    pub(crate) full: Ternary,
    pub(crate) status: Ternary,
    pub(crate) rules: Vec<&'a RatioRule>,
    /// The achievement by which a status is held beside the award, where it is looked at.
    pub(crate) beside: Option<String>,
}

/// Whether the award is full and relevant, and whether a status is held, before levels are looked up.
pub(crate) fn gate<'a>(case: &Case<'a>, declared: &mut BTreeSet<String>) -> Gate<'a> {
    let rule = |wanted: fn(&Condition) -> bool| {
        let mut gates = case.rules.iter().filter(|rule| rule.kind == RuleKind::Gate);
        gates.find(|rule| rule.conditions.iter().any(wanted))
    };
    let listing = match &case.award.listed {
        Listed::On(listing) => Some(listing),
        Listed::Not | Listed::NoList => None,
    };
    let as_status = rule(|one| *one == Condition::ListedAsStatus);
    let codes = as_status.map_or(&[][..], |rule| &rule.statuses);
    let is_status = |award: &RatioAward| {
        award
            .status
            .as_ref()
            .is_some_and(|code| codes.contains(code))
            || matches!(&award.listed, Listed::On(listing) if listing.is_status)
    };
    if is_status(case.award) {
        return Gate {
            full: Ternary::Yes,
            status: Ternary::Yes,
            rules: as_status.into_iter().collect(),
            beside: None,
        };
    }
    let on = case.facts.on;
    let held = case.facts.awards.iter().find(|award| {
        is_status(award)
            && award.awarded.is_none_or(|(from, _)| from <= on)
            && award.valid_until.is_none_or(|until| on <= until)
    });
    // A status held beside a qualification matters at the levels at which a status is looked at.
    let looked_at = as_status.is_none_or(|rule| match (rule.levels, case.level) {
        (Some((least, most)), Some(level)) => (least..=most).contains(&level),
        _ => true,
    });
    let beside = held.filter(|_| looked_at);
    let beside = beside.map(|award| award.achievement.clone());
    let status = if beside.is_some() {
        Ternary::Yes
    } else {
        Ternary::No
    };
    let full = match &case.award.listed {
        Listed::Not => Ternary::No,
        Listed::NoList => Ternary::Undetermined,
        Listed::On(listing) => within(case.started(declared), listing.started),
    };
    let Some(listing) = listing.filter(|_| full != Ternary::No) else {
        return Gate {
            full,
            status,
            rules: Vec::new(),
            beside,
        };
    };
    let status_rule = rule(|one| matches!(one, Condition::StatusQuestion(_, true)));
    let status_id = status_rule
        .into_iter()
        .flat_map(|rule| &rule.conditions)
        .find_map(|one| match one {
            Condition::StatusQuestion(id, true) => Some(id.as_str()),
            _ => None,
        });
    // Whether each question was answered as one who holds a full and relevant qualification would.
    let mut right = Ternary::Yes;
    let mut status_right = None;
    for question in &listing.questions {
        let mut seen = Held::default();
        let given = answer(case.facts, &question.id, &mut seen);
        declared.append(&mut seen.declared);
        let fits = match (question.expected, given) {
            (Some(expected), Ternary::Yes) => Ternary::of(Some(expected)),
            (Some(expected), Ternary::No) => Ternary::of(Some(!expected)),
            _ => Ternary::Undetermined,
        };
        if Some(question.id.as_str()) == status_id {
            status_right = Some(fits);
        } else {
            right = right.and(fits);
        }
    }
    let contradicts = rule(|one| *one == Condition::AnswerContradicts);
    let otherwise = rule(|one| matches!(one, Condition::StatusQuestion(_, false)));
    let (status, right, cited) = match status_right {
        Some(Ternary::Yes) => (Ternary::Yes, Ternary::Yes, status_rule),
        Some(Ternary::No) => {
            let cited = if right == Ternary::No {
                contradicts
            } else {
                otherwise
            };
            (status, right, cited)
        }
        Some(Ternary::Undetermined) => {
            // With the status all else is dropped; without it all else decides.
            let right = if right == Ternary::Yes {
                right
            } else {
                Ternary::Undetermined
            };
            (status.or(Ternary::Undetermined), right, status_rule)
        }
        None => (status, right, contradicts.filter(|_| right != Ternary::Yes)),
    };
    Gate {
        full: full.and(right),
        status,
        rules: cited.into_iter().collect(),
        beside,
    }
}
