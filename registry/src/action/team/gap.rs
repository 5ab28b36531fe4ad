//! What a team still needs, and the shortest way there for each of its people.

use super::look::{Member, Team};
use super::stand::{Standings, of, shared_awards};
use crate::action::framework::Prepared;
use crate::app::App;
use crate::error::Error;
use framework::catalogue::{Requirement, RequirementKind};
use framework::structure::{Compiled, Completion, Progress, Workspace};
use framework::{Award, Reason, Says, Standing};
use schema::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Something that roles of the team ask and that some of its people do not show.
pub struct Gap {
    /// What is asked.
    pub requirement: Reason,
    /// Of whom.
    pub missing_for: Vec<Arc<Member>>,
}

/// What somebody can do about it.
pub struct Plan {
    /// Who.
    pub member: Arc<Member>,
    /// The keys of the units still to be gained.
    pub units: Vec<String>,
    /// Their credit.
    pub credit: u32,
}

/// Whoever is in the team on that day and shares with it.
fn present(members: &[Arc<Member>], day: Date) -> impl Iterator<Item = &Arc<Member>> {
    let here = move |member: &&Arc<Member>| member.row.is_there(day) && member.shared.is_some();
    members.iter().filter(here)
}

impl Standings {
    /// What is asked of those of `members` who are in the team on `day`, and not shown: each requirement once.
    #[must_use]
    pub fn gaps(&self, members: &[Arc<Member>], day: Date) -> Vec<Gap> {
        let mut gaps: BTreeMap<String, Gap> = BTreeMap::new();
        for member in present(members, day) {
            let missing = self.each.get(&member.row.id).into_iter();
            for reason in missing.flat_map(|standing| &standing.missing) {
                let gap = gaps.entry(reason.rule.clone()).or_insert_with(|| Gap {
                    requirement: plainly(reason),
                    missing_for: Vec::new(),
                });
                // That somebody lacks it says more than that of somebody else it is not known.
                if matches!(gap.requirement.says, Says::NotKnown { .. }) {
                    gap.requirement = plainly(reason);
                }
                gap.missing_for.push(member.clone());
            }
        }
        gaps.into_values().collect()
    }
}

/// The same without whose it is and what they hold.
fn plainly(reason: &Reason) -> Reason {
    let mut plain = reason.clone();
    plain.achievements.clear();
    if let Says::Lapsed { requirement, .. } = plain.says {
        plain.says = Says::Missing { requirement };
    }
    plain
}

impl Team {
    /// The least that each of `members` who is in the team today still gains to hold the qualifications that the role asks,
    /// where rules of combination are loaded for any.
    ///
    /// # Errors
    /// [`Error`] where the rules could not be asked.
    pub async fn plan(
        &self,
        app: &App,
        standings: &Standings,
        members: &[Arc<Member>],
    ) -> Result<Vec<Plan>, Error> {
        let day = app.clock.now().date();
        let asked = present(members, day).filter_map(|member| {
            let standing = standings.each.get(&member.row.id)?;
            (!standing.missing.is_empty()).then(|| (member.clone(), standing.clone()))
        });
        let asked: Vec<(Arc<Member>, Standing)> = asked.collect();
        let rules = standings.prepared.clone();
        let work = move || {
            let mut room = Workspace::default();
            let plans = asked.into_iter().filter_map(|(member, standing)| {
                let awards = shared_awards(member.shared.as_ref()?, &rules);
                let ways = ways(&rules, &awards, &standing, day, &mut room);
                plan(member, ways)
            });
            plans.collect()
        };
        app.engines.run(work).await
    }
}

fn plan(member: Arc<Member>, ways: Vec<Progress>) -> Option<Plan> {
    let credit = ways.iter().map(|way| way.credits_remaining).sum();
    let units: BTreeSet<String> = ways.into_iter().flat_map(|way| way.next).collect();
    (!units.is_empty()).then(|| Plan {
        member,
        units: units.into_iter().collect(),
        credit,
    })
}

/// The cheapest way to each qualification that is missing; of alternatives the cheapest of all.
fn ways(
    rules: &Prepared,
    awards: &[Award],
    standing: &Standing,
    day: Date,
    room: &mut Workspace,
) -> Vec<Progress> {
    let mut ways: BTreeMap<String, Progress> = BTreeMap::new();
    for reason in &standing.missing {
        let mut requirements = rules.framework.requirements.iter();
        let Some(one) = requirements.find(|one| one.code == reason.rule) else {
            continue;
        };
        let Some(way) = way(rules, awards, one, day, room) else {
            continue;
        };
        let group = one.alternative.clone().unwrap_or_else(|| one.code.clone());
        match ways.get(&group) {
            Some(known) if known.credits_remaining <= way.credits_remaining => {}
            _ => {
                ways.insert(group, way);
            }
        }
    }
    // One qualification may be asked twice.
    let mut seen = BTreeSet::new();
    let ways = ways.into_values();
    ways.filter(|way| seen.insert(way.qualification.clone()))
        .collect()
}

/// The cheapest way to a qualification that a requirement names.
fn way(
    rules: &Prepared,
    awards: &[Award],
    one: &Requirement,
    day: Date,
    room: &mut Workspace,
) -> Option<Progress> {
    let fits = |compiled: &Compiled| {
        let structure = compiled.structure();
        match &one.kind {
            RequirementKind::Qualification(numbers) => {
                let mut all = structure.also.iter().chain([&structure.qualification]);
                all.any(|number| numbers.contains(number))
            }
            _ => false,
        }
    };
    let near = rules.nearest.near(awards, day, 1, fits, room);
    let near = rules.nearest.structure(near.first()?.structure)?;
    let number = &near.structure().qualification;
    let progress = of(rules, awards).progress(number, day).ok()?;
    let known = matches!(progress.completion, Completion::Cheapest(_));
    known.then_some(progress)
}
