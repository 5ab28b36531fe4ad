//! The way from where a person stands to a role: the steps with the least credit still to be gained.

use crate::catalogue::{Link, LinkKind};
use crate::reason::{Reason, Says};
use std::collections::{BTreeMap, BTreeSet};

/// What one step costs a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepCost {
    /// The credit still to be gained; none where it is not known.
    pub credit: Option<u32>,
    /// Why it costs that: what counts already.
    pub explanation: Vec<Reason>,
}

/// A way to a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pathway {
    /// The role it begins at.
    pub from: Option<String>,
    /// The role it leads to.
    pub to: String,
    /// The steps, in order.
    pub steps: Vec<PathwayStep>,
    /// The credit of all steps whose credit is known.
    pub credit: u32,
    /// Whether there is a way at all.
    pub reachable: bool,
    /// Whether the credit of every step is known.
    pub complete: bool,
}

/// A step to a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathwayStep {
    /// The role it leads to.
    pub role: String,
    /// By what.
    pub via: String,
    /// The qualification to be gained.
    pub qualification: Option<String>,
    /// The credit still to be gained; 0 where it is not known, which the explanation says.
    pub credit: u32,
    /// Why.
    pub explanation: Vec<Reason>,
}

/// What a way costs so far: fewer steps of unknown credit go before less credit, less credit before fewer steps.
type Cost = (u32, u32, u32);

/// The cheapest way from one of the roles a person stands in to another. `cost` says what a link costs this person;
/// links by experience, status or equivalence cost no credit unless it says otherwise.
#[must_use]
pub fn pathway(
    links: &[Link],
    from: &[String],
    to: &str,
    mut cost: impl FnMut(&Link) -> StepCost,
) -> Pathway {
    let mut best: BTreeMap<&str, (Cost, Option<usize>)> = BTreeMap::new();
    let mut open: BTreeSet<(Cost, &str)> = BTreeSet::new();
    for role in from {
        best.insert(role, ((0, 0, 0), None));
        open.insert(((0, 0, 0), role));
    }
    let mut costs: BTreeMap<usize, StepCost> = BTreeMap::new();
    while let Some((so_far, role)) = open.pop_first() {
        if role == to {
            break;
        }
        if best.get(role).is_some_and(|(known, _)| *known < so_far) {
            continue;
        }
        for (number, link) in links
            .iter()
            .enumerate()
            .filter(|(_, link)| link.from == role)
        {
            let step = costs.entry(number).or_insert_with(|| cost(link));
            let known = known_credit(link, step);
            let next = (
                so_far.0 + u32::from(known.is_none()),
                so_far.1 + known.unwrap_or(0),
                so_far.2 + 1,
            );
            if best
                .get(link.to.as_str())
                .is_none_or(|(known, _)| next < *known)
            {
                best.insert(&link.to, (next, Some(number)));
                open.insert((next, &link.to));
            }
        }
    }
    let mut steps = Vec::new();
    let mut at = to;
    while let Some((_, Some(number))) = best.get(at) {
        let Some(link) = links.get(*number) else {
            break;
        };
        let step = costs.get(number).cloned().unwrap_or_default();
        let known = known_credit(link, &step);
        let via = link.via.clone();
        let says = match known {
            Some(credit) => Says::Step { via, credit },
            None => Says::StepUnknown { via },
        };
        let rule = format!("{} > {}", link.from, link.to);
        let mut explanation = vec![Reason::new(says, rule, Some(&link.source), link.confirmed)];
        explanation.extend(step.explanation);
        steps.push(PathwayStep {
            role: link.to.clone(),
            via: link.via.clone(),
            qualification: link.qualification.clone(),
            credit: known.unwrap_or(0),
            explanation,
        });
        at = &link.from;
    }
    steps.reverse();
    let found = best.get(to).map(|(cost, _)| *cost);
    Pathway {
        from: found.map(|_| at.to_owned()),
        to: to.to_owned(),
        credit: found.map_or(0, |cost| cost.1),
        reachable: found.is_some(),
        complete: found.is_some_and(|cost| cost.0 == 0),
        steps,
    }
}

fn known_credit(link: &Link, step: &StepCost) -> Option<u32> {
    let free = matches!(
        link.kind,
        LinkKind::Status | LinkKind::Experience | LinkKind::Equivalence
    );
    step.credit
        .or(link.credit.map(u32::from))
        .or((free && link.qualification.is_none()).then_some(0))
}
