//! The sentences that explain progress.

use super::progress::{GroupProgress, Telling};
use super::search::{Completion, Undecided};
use super::task::Tally;
use crate::place::at;
use crate::reason::{Reason, Says};
use schema::Route;

impl Telling<'_> {
    fn reason(&self, says: Says, code: &str) -> Reason {
        let structure = &self.compiled.structure;
        let rule = format!("{} {code}", structure.qualification);
        Reason::new(says, rule, Some(&structure.source), self.compiled.confirmed)
    }

    pub(super) fn explain(
        &self,
        groups: &[GroupProgress],
        counted: &Tally,
        whole: bool,
        reasons: &mut Vec<Reason>,
    ) {
        if let Some(award) = self.holding.whole.and_then(|number| self.award(number)) {
            let says = Says::WholeHeld {
                title: award.title.clone(),
            };
            let mut reason = self.reason(says, "award").resting_on([award.id.clone()]);
            reason.confirmed = true;
            reasons.push(reason);
        }
        for (number, group) in groups.iter().enumerate().skip(1) {
            let name = group.name.clone();
            let says = if !group.taken {
                if group.credit == 0 {
                    continue;
                }
                Says::GroupNotTaken {
                    group: name,
                    credit: group.credit,
                }
            } else if group.satisfied {
                Says::GroupSatisfied {
                    group: name,
                    credit: group.credit,
                    components: group.components,
                }
            } else {
                Says::GroupLacks {
                    group: name,
                    credit: group.credit,
                    least: group.minimum_credit.unwrap_or(0),
                    components: group.components,
                    parts: group.minimum_components.unwrap_or(0),
                }
            };
            let reason = self.reason(says, &group.code);
            reasons.push(reason.resting_on(group.satisfied_by.iter().cloned()));
            let most = self
                .compiled
                .forms
                .get(number)
                .map_or(u16::MAX, |form| form.maximum_credit);
            if group.taken && group.credit >= u32::from(most) {
                let says = Says::MostReached {
                    group: group.name.clone(),
                    most: u32::from(most),
                };
                reasons.push(self.reason(says, &group.code));
            }
        }
        let cited = groups
            .first()
            .map_or_else(Vec::new, |root| root.satisfied_by.clone());
        let root = at(&counted.groups, 0);
        let credit = u32::from(root.credit.max(root.loose));
        let least = u32::from(self.compiled.structure.total_credit);
        if !whole || credit >= least {
            let says = if credit >= least {
                Says::TotalReached { credit, least }
            } else {
                Says::TotalLacks { credit, least }
            };
            reasons.push(self.reason(says, "total").resting_on(cited.clone()));
        }
        if let Some(floor) = self.compiled.structure.floor.filter(|_| !whole) {
            let (level, least) = (floor.level, u32::from(floor.credit));
            let credit: u32 = self
                .held
                .iter()
                .filter_map(|number| self.task.choice(number))
                .map(|choice| u32::from(choice.at))
                .sum();
            let says = if credit >= least {
                Says::FloorReached {
                    credit,
                    level,
                    least,
                }
            } else {
                Says::FloorLacks {
                    credit,
                    level,
                    least,
                }
            };
            reasons.push(self.reason(says, "level").resting_on(cited));
        }
    }

    /// What is particular about single awards: accepted in a place, exempting, barred, too old.
    pub(super) fn explain_choices(&self, reasons: &mut Vec<Reason>) {
        for choice in self
            .held
            .iter()
            .filter_map(|number| self.task.choice(number))
        {
            let (Some(award), Some(slot)) =
                (self.award(choice.award), self.compiled.slot_at(choice.slot))
            else {
                continue;
            };
            let unit = slot.facts.title.clone();
            let says = if award.route == Route::Exemption {
                Says::Exempt { unit }
            } else if award.code() != slot.facts.key {
                Says::InPlace {
                    title: award.title.clone(),
                    unit,
                }
            } else {
                continue;
            };
            reasons.push(
                self.reason(says, &slot.facts.key)
                    .resting_on([award.id.clone()]),
            );
        }
        for pair in &self.compiled.structure.barred {
            for with in &pair.with {
                self.explain_barred(&pair.unit, with, pair.reason.as_deref(), reasons);
            }
        }
        for (number, most) in &self.holding.over_cap {
            if let Some(award) = self.award(*number) {
                let says = Says::OverCap {
                    title: award.title.clone(),
                    most: *most,
                };
                let rule = award.route.as_str();
                reasons.push(self.reason(says, rule).resting_on([award.id.clone()]));
            }
        }
        for (number, group) in &self.holding.too_old {
            let form = self.compiled.forms.get(usize::from(*group));
            if let (Some(award), Some(form)) = (self.award(*number), form) {
                let months = form.other.as_ref().and_then(|(_, rule)| rule.within_months);
                let says = Says::TooOld {
                    title: award.title.clone(),
                    group: form.name.clone(),
                    months: u32::from(months.unwrap_or(0)),
                };
                reasons.push(self.reason(says, &form.code).resting_on([award.id.clone()]));
            }
        }
    }

    fn explain_barred(&self, one: &str, other: &str, why: Option<&str>, reasons: &mut Vec<Reason>) {
        let find = |key: &str| {
            let slot = self
                .compiled
                .slots
                .iter()
                .position(|slot| slot.facts.key == key)?;
            let number = u16::try_from(slot).ok()?;
            let award = self.award(*self.holding.given.get(&number)?)?;
            let counts = self
                .held
                .iter()
                .filter_map(|choice| self.task.choice(choice))
                .any(|choice| choice.slot == number);
            Some((award, counts))
        };
        let (Some(one), Some(other)) = (find(one), find(other)) else {
            return;
        };
        let (counted, left_out) = match (one.1, other.1) {
            (true, false) => (one.0, other.0),
            (false, true) => (other.0, one.0),
            _ => return,
        };
        let says = Says::Barred {
            counted: counted.title.clone(),
            left_out: left_out.title.clone(),
            why: why.unwrap_or_default().to_owned(),
        };
        let ids = [counted.id.clone(), left_out.id.clone()];
        reasons.push(self.reason(says, "barred").resting_on(ids));
    }

    pub(super) fn explain_gain(&self, completion: &Completion, reasons: &mut Vec<Reason>) {
        let says = match completion {
            Completion::Complete | Completion::NotDecided(Undecided::HoursUnknown { .. }) => return,
            Completion::Cheapest(plan) => {
                let mut parts: Vec<String> = plan
                    .units
                    .iter()
                    .filter_map(|key| Some(self.compiled.unit(key)?.title.clone()))
                    .collect();
                parts.extend(plan.other_credit.iter().map(|(code, credit)| {
                    let form = self.compiled.forms.iter().find(|form| form.code == *code);
                    format!(
                        "{} ({credit})",
                        form.map_or(code.as_str(), |form| &form.name)
                    )
                }));
                Says::ToGain {
                    credit: u32::from(plan.credit),
                    units: parts.join("; "),
                }
            }
            Completion::Impossible => Says::Impossible {
                qualification: self.compiled.structure.qualification.clone(),
            },
            Completion::NotDecided(Undecided::Bound { at_least, .. }) => {
                Says::NotDecided { least: *at_least }
            }
            Completion::NotDecided(Undecided::TooMany) => Says::NotDecided { least: 0 },
        };
        reasons.push(self.reason(says, "completion"));
    }
}
