//! What counts of a person, held against the framework's rules. Pure: everything that is looked at is handed in.

use super::award::award;
use super::listed::listed;
use super::prepare::Prepared;
use crate::error::Error;
use crate::model::achievement::Counted;
use framework::catalogue::{Link, Requirement, RequirementKind, Role};
use framework::ratio::{
    Declared, RatioAward, RatioFacts, RatioStanding, counts_in_ratio, evidence,
};
use framework::structure::{Bound, Completion, Holding, Progress, Workspace};
use framework::{
    AreaCoverage, Award, Holder, Pathway, Standing, StepCost, Ternary, coverage, pathway, standing,
};
use schema::{Code, Date, Level, Subject};
use std::collections::{BTreeMap, BTreeSet};

/// A person, as rules see them.
#[derive(Clone, Copy)]
pub struct Person<'a> {
    /// The rules.
    pub prepared: &'a Prepared,
    /// The awards that count.
    pub awards: &'a [Award],
    /// The date of birth, on record.
    pub born: Option<Date>,
}

/// The awards of a person that rules can look at.
#[must_use]
pub fn awards<'a>(
    counted: impl IntoIterator<Item = &'a Counted>,
    prepared: &Prepared,
) -> Vec<Award> {
    counted
        .into_iter()
        .filter_map(|one| award(one, &prepared.framework, &prepared.areas))
        .collect()
}

impl Person<'_> {
    /// How far they have come towards a qualification.
    ///
    /// # Errors
    /// [`Code::RulesUnknown`] where no rules of combination are loaded for it.
    pub fn progress(&self, number: &str, day: Date) -> Result<Progress, Error> {
        let compiled = self.prepared.framework.structure(number);
        let compiled = compiled.ok_or_else(|| Error::from(Code::RulesUnknown))?;
        let mut progress = compiled.progress(self.awards, day, Bound::default());
        // Of qualifications that share their rules the one that was asked for.
        number.clone_into(&mut progress.qualification);
        Ok(progress)
    }

    /// Which qualifications they are closest to and have not completed, the closest first, of a sector or at all.
    ///
    /// # Errors
    /// [`Code::SectorUnknown`] where there is no such sector.
    pub fn nearest(
        &self,
        sector: Option<&str>,
        first: usize,
        day: Date,
        room: &mut Workspace,
    ) -> Result<Vec<Near>, Error> {
        if let Some(code) = sector
            && self.prepared.framework.sector(code).is_none()
        {
            return Err(Error::from(Code::SectorUnknown));
        }
        let nearest = &self.prepared.nearest;
        let found = nearest.near(
            self.awards,
            day,
            first,
            |compiled| {
                let areas = self.prepared.areas_of(&compiled.structure().qualification);
                sector.is_none_or(|sector| areas.iter().any(|area| area == sector))
            },
            room,
        );
        Ok(found
            .into_iter()
            .filter_map(|near| {
                let structure = nearest.structure(near.structure)?.structure();
                Some(Near {
                    qualification: structure.qualification.clone(),
                    remaining: near.remaining,
                    decided: near.decided,
                })
            })
            .collect())
    }

    /// Whether they meet what a role asks on a day.
    #[must_use]
    pub fn standing(&self, role: &Role, day: Date) -> Standing {
        self.stands(role, day, &mut None)
    }

    /// The same; how they count in the ratios on that day is looked up once for all roles.
    fn stands(&self, role: &Role, day: Date, ratio: &mut Option<RatioStanding>) -> Standing {
        let requirements = &self.prepared.framework.requirements;
        let mut completed = BTreeMap::new();
        for one in self.prepared.framework.requirements_of(&role.code, day) {
            match &one.kind {
                RequirementKind::Ratio(_) => {
                    ratio.get_or_insert_with(|| self.ratio(day, Declared::default()));
                }
                RequirementKind::Qualification(_) => self.complete(one, day, &mut completed),
                _ => {}
            }
        }
        let holder = Holder {
            awards: self.awards,
            ratio: ratio.as_ref(),
            completed: &completed,
        };
        standing(role, requirements, &holder, day)
    }

    /// The qualifications that a requirement names whose rules of combination are met, with what meets them.
    fn complete(&self, one: &Requirement, day: Date, into: &mut BTreeMap<String, Vec<String>>) {
        let RequirementKind::Qualification(numbers) = &one.kind else {
            return;
        };
        for number in numbers {
            let Some(compiled) = self.prepared.framework.structure(number) else {
                continue;
            };
            let holding = Holding::new(compiled, self.awards, day);
            let complete = !into.contains_key(number)
                && !holding.is_empty()
                && compiled.is_complete(&holding, Bound::default()) == Some(true);
            if !complete {
                continue;
            }
            // The award of another qualification of the same rules is enough.
            let cited = holding.whole(self.awards).map_or_else(
                || {
                    let progress = compiled.progress(self.awards, day, Bound::default());
                    let groups = progress.groups.into_iter();
                    let cited: BTreeSet<String> =
                        groups.flat_map(|group| group.satisfied_by).collect();
                    cited.into_iter().collect()
                },
                |whole| vec![whole.id.clone()],
            );
            into.insert(number.clone(), cited);
        }
    }

    /// The way from where they stand to a role that takes the least credit still to be gained. They stand in roles of
    /// which they meet all that is asked, and in those of which they meet something on record and lack nothing
    /// that a record could say. A role that asks nothing on that day, and did or will on others, is nobody's beginning.
    #[must_use]
    pub fn pathway(&self, to: &str, day: Date) -> Pathway {
        let framework = &self.prepared.framework;
        let mut ratio = None;
        let from: Vec<String> = framework
            .roles
            .iter()
            .filter(|role| {
                let mut asked = framework.requirements.iter();
                role.code == to
                    || asked.all(|one| one.role != role.code)
                    || framework.requirements_of(&role.code, day).next().is_some()
            })
            .filter(|role| {
                let standing = self.stands(role, day, &mut ratio);
                let shown = standing.met.iter().any(|one| !one.achievements.is_empty());
                standing.meets == Ternary::Yes || (standing.meets == Ternary::Undetermined && shown)
            })
            .map(|role| role.code.clone())
            .collect();
        pathway(&framework.links, &from, to, |link| self.cost(link, day))
    }

    /// What a step costs: nothing where its qualification is held, else what its rules still ask.
    fn cost(&self, link: &Link, day: Date) -> StepCost {
        let Some(number) = &link.qualification else {
            return StepCost::default();
        };
        let held = self
            .awards
            .iter()
            .find(|award| award.code() == number && award.awarded_by(day) && award.valid_on(day));
        if held.is_some() {
            return StepCost {
                credit: Some(0),
                explanation: Vec::new(),
            };
        }
        let Some(compiled) = self.prepared.framework.structure(number) else {
            return StepCost::default();
        };
        let progress = compiled.progress(self.awards, day, Bound::default());
        let known = !matches!(
            progress.completion,
            Completion::NotDecided(_) | Completion::Impossible
        );
        StepCost {
            credit: known.then_some(progress.credits_remaining),
            explanation: progress.explanation,
        }
    }

    /// Whether they count in the early-years ratios on a day, with what is declared beside what is on record.
    #[must_use]
    pub fn ratio(&self, on: Date, declared: Declared) -> RatioStanding {
        let framework = &self.prepared.framework;
        // What has lapsed, is not valid yet, or came later shows nothing on that day.
        let valid: Vec<Award> = self
            .awards
            .iter()
            .filter(|award| award.awarded_by(on) && award.valid_on(on))
            .cloned()
            .collect();
        let facts = RatioFacts {
            on,
            awards: valid.iter().filter_map(|one| self.of_ratio(one)).collect(),
            evidence: evidence(&framework.evidence, &valid),
            work_started_on: None,
            date_of_birth: self.born,
            declared,
        };
        counts_in_ratio(&framework.ratio_rules, &facts)
    }

    /// An award as the rules on ratios see it; none for what can never count: units, registrations, statuses that no rule
    /// names, what lies below level 2, and what is only evidence of something else.
    fn of_ratio(&self, award: &Award) -> Option<RatioAward> {
        let framework = &self.prepared.framework;
        let status = match &award.subject {
            Subject::ProfessionalStatus(code) => {
                let mut rules = framework.ratio_rules.iter();
                rules.find(|rule| rule.statuses.contains(code))?;
                Some(code.clone())
            }
            Subject::Qualification(_) | Subject::Unidentified(_) => None,
            Subject::Unit(_) | Subject::Registration(_) => return None,
        };
        // Entry 1 to 3 stand before level 1.
        let level = award
            .level
            .map(|level| level.place() - Level::Entry3.place());
        let level = level.map(|level| u8::try_from(level).unwrap_or(0));
        if level.is_some_and(|level| level < 2) {
            return None;
        }
        if status.is_none()
            && !evidence(&framework.evidence, std::slice::from_ref(award)).is_empty()
        {
            return None;
        }
        Some(RatioAward {
            achievement: award.id.clone(),
            title: award.title.clone(),
            level,
            started_on: award.started_on,
            awarded: award
                .awarded_on
                .map(|day| (day, day))
                .or(award.awarded_within),
            valid_until: award.valid_until,
            listed: listed(award, framework),
            status,
        })
    }

    /// Which areas of the Common Core's newest edition what they hold covers.
    #[must_use]
    pub fn coverage(&self, day: Date) -> Vec<AreaCoverage> {
        let framework = &self.prepared.framework;
        let edition = framework.edition().unwrap_or(0);
        let held: Vec<Award> = self
            .awards
            .iter()
            .filter(|award| award.awarded_by(day) && award.valid_on(day))
            .cloned()
            .collect();
        coverage(&framework.common_core, edition, &framework.units, &held)
    }
}

/// How near a qualification is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// Its number.
    pub qualification: String,
    /// The least credit still to be gained; a lower bound of it where that was not decided.
    pub remaining: u32,
    /// Whether it was.
    pub decided: bool,
}
