//! Progress towards a qualification: complete or not, what counts where, what is still to be gained, and why.

use super::compile::{Compiled, Form, MOST_OTHER};
use super::holding::Holding;
use super::search::{Bound, Completion, Objective, Plan, Search, Searched, Undecided, plan};
use super::table::Way;
use super::task::{Tally, Task};
use crate::award::Award;
use crate::bits::Bits;
use crate::place::at;
use crate::reason::{Reason, Says};
use schema::{Date, Route};

/// How far a person has come towards a qualification.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// The qualification's number.
    pub qualification: String,
    /// Whether it is complete. Where that was not decided it is false, and [`Progress::decided`] says so.
    pub complete: bool,
    /// Whether the search ended within its bound.
    pub decided: bool,
    /// The credit held that counts, up to each group's most.
    pub credits_towards: u32,
    /// The credit required in all.
    pub credits_required: u32,
    /// The least credit still to be gained; where it was not decided, a lower bound of it.
    pub credits_remaining: u32,
    /// Whether every figure was confirmed by a source.
    pub confirmed: bool,
    /// Every group, each before those it holds.
    pub groups: Vec<GroupProgress>,
    /// The cheapest completion.
    pub completion: Completion,
    /// Keys of the units of the cheapest completion that are still to be gained.
    pub next: Vec<String>,
    /// Why.
    pub explanation: Vec<Reason>,
}

/// What counts in one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupProgress {
    /// The group's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How deep it lies; the outermost is 0.
    pub depth: usize,
    /// Whether what is held satisfies it.
    pub satisfied: bool,
    /// Whether it is a part of the cheapest completion.
    pub taken: bool,
    /// The credit held in it.
    pub credit: u32,
    /// Its least credit.
    pub minimum_credit: Option<u32>,
    /// How many parts of it are held.
    pub components: u32,
    /// The least number of parts.
    pub minimum_components: Option<u32>,
    /// The achievements that count in it.
    pub satisfied_by: Vec<String>,
    /// Keys of the units that the cheapest completion still gains in it.
    pub missing: Vec<String>,
}

const NO_OPEN: [u16; MOST_OTHER] = [0; MOST_OTHER];

impl Compiled {
    /// How far a person has come, from the awards that count, on a day.
    #[must_use]
    pub fn progress(&self, awards: &[Award], day: Date, bound: Bound) -> Progress {
        let holding = Holding::new(self, awards, day);
        let Some(task) = Task::new(self, &holding, Some(Objective::Credit)) else {
            return self.unlooked(&holding);
        };
        let searched = Search::default().run(&task, bound);
        let (way, completion) = match searched {
            Searched::Found(way) => {
                let plan = plan(&task, &way);
                let gained = plan.units.is_empty() && plan.other_credit.is_empty();
                let completion = if gained {
                    Completion::Complete
                } else {
                    Completion::Cheapest(plan)
                };
                (way, completion)
            }
            Searched::None => (all_held(&task), Completion::Impossible),
            Searched::Bound { at_least, best } => (
                best.unwrap_or_else(|| all_held(&task)),
                Completion::NotDecided(Undecided::Bound {
                    at_least,
                    best: best.map(|way| plan(&task, &way)),
                }),
            ),
        };
        Telling {
            compiled: self,
            holding: &holding,
            task: &task,
            awards,
            full: task.tally(&way.chosen, &way.open),
            held: Bits::default(),
            way,
        }
        .tell(completion)
    }

    fn unlooked(&self, holding: &Holding) -> Progress {
        let whole = holding.whole.is_some();
        let completion = if whole {
            Completion::Complete
        } else {
            Completion::NotDecided(Undecided::TooMany)
        };
        Progress {
            qualification: self.structure.qualification.clone(),
            complete: whole,
            decided: whole,
            credits_towards: 0,
            credits_required: u32::from(self.structure.total_credit),
            credits_remaining: self.at_least(holding),
            confirmed: self.confirmed,
            groups: Vec::new(),
            completion,
            next: Vec::new(),
            explanation: Vec::new(),
        }
    }
}

/// Everything held that can count together, where no completion says what counts.
fn all_held(task: &Task<'_>) -> Way {
    let mut chosen = Bits::default();
    for (number, choice) in task.choices.iter().enumerate() {
        let free = !choice.is_gained()
            && !chosen
                .iter()
                .filter_map(|other| task.choice(other))
                .any(|other| task.conflict(choice, other));
        if free {
            chosen.insert(number);
        }
    }
    Way {
        cost: 0,
        chosen,
        open: NO_OPEN,
    }
}

struct Telling<'a> {
    compiled: &'a Compiled,
    holding: &'a Holding,
    task: &'a Task<'a>,
    awards: &'a [Award],
    way: Way,
    full: Tally,
    held: Bits,
}

impl Telling<'_> {
    fn tell(mut self, completion: Completion) -> Progress {
        self.trim();
        let counted = self.task.tally(&self.held, &NO_OPEN);
        let structure = &self.compiled.structure;
        let required = u32::from(structure.total_credit);
        let whole = self.holding.whole.is_some();
        let root = at(&counted.groups, 0);
        let towards = u32::from(root.credit.max(root.loose));
        let towards = if whole {
            towards.max(required)
        } else {
            towards
        };
        let completion = if whole {
            Completion::Complete
        } else {
            completion
        };
        let none = Plan::default();
        let (gain, remaining) = match &completion {
            Completion::Complete => (&none, 0),
            Completion::Cheapest(plan) => (plan, u32::from(plan.credit)),
            Completion::Impossible => (&none, required.saturating_sub(towards)),
            Completion::NotDecided(Undecided::Bound { at_least, best }) => {
                (best.as_ref().unwrap_or(&none), *at_least)
            }
            Completion::NotDecided(_) => (&none, self.compiled.at_least(self.holding)),
        };
        let groups = self.groups(&counted);
        let mut explanation = Vec::new();
        self.explain(&groups, &counted, whole, &mut explanation);
        self.explain_choices(&mut explanation);
        self.explain_gain(&completion, &mut explanation);
        Progress {
            qualification: structure.qualification.clone(),
            complete: completion == Completion::Complete,
            decided: !matches!(completion, Completion::NotDecided(_)),
            credits_towards: towards,
            credits_required: required,
            credits_remaining: remaining,
            confirmed: self.compiled.confirmed,
            next: gain.units.clone(),
            groups,
            completion,
            explanation,
        }
    }

    /// Keeps of what is held what changes something: what lies above a most does not count.
    fn trim(&mut self) {
        let mut held: Vec<usize> = self
            .way
            .chosen
            .iter()
            .filter(|number| {
                self.task
                    .choice(*number)
                    .is_some_and(|one| !one.is_gained())
            })
            .collect();
        self.held = held
            .iter()
            .fold(Bits::default(), |bits, one| bits.with(*one));
        held.sort_by_key(|number| self.task.choice(*number).map(|choice| choice.credit));
        let amounts = |tally: &Tally| -> Vec<(u16, u16, u16, bool)> {
            let groups = tally.groups.iter();
            groups
                .map(|sum| (sum.credit, sum.at, sum.loose, sum.satisfied))
                .collect()
        };
        for number in held {
            let (mut chosen, mut rest) = (self.way.chosen, self.held);
            chosen.remove(number);
            rest.remove(number);
            let full = self.task.tally(&chosen, &self.way.open);
            let same_full = amounts(&full) == amounts(&self.full);
            let same_held = amounts(&self.task.tally(&rest, &NO_OPEN))
                == amounts(&self.task.tally(&self.held, &NO_OPEN));
            if same_full && same_held && full.complete == self.full.complete {
                self.way.chosen = chosen;
                self.held = rest;
                self.full = full;
            }
        }
    }

    fn groups(&self, counted: &Tally) -> Vec<GroupProgress> {
        let mut stray = Bits::default();
        for (number, choice) in self.task.choices.iter().enumerate() {
            let taken = at(&self.full.groups, usize::from(choice.group)).used;
            if !choice.is_gained() && !taken {
                stray.insert(number);
            }
        }
        let strays = self.task.tally(&stray, &NO_OPEN);
        let mut groups: Vec<GroupProgress> = Vec::new();
        for (number, form) in self.compiled.forms.iter().enumerate() {
            let taken = number == 0 || at(&self.full.groups, number).used;
            let (tally, chosen) = if taken {
                (counted, &self.held)
            } else {
                (&strays, &stray)
            };
            let sum = at(&tally.groups, number);
            let depth = form
                .parent
                .and_then(|parent| groups.get(parent))
                .map_or(0, |up| up.depth + 1);
            let gained = self.way.chosen.without(&self.held);
            groups.push(GroupProgress {
                code: form.code.clone(),
                name: form.name.clone(),
                depth,
                satisfied: sum.satisfied && (number == 0 || sum.used),
                taken,
                credit: u32::from(sum.credit.max(sum.loose.min(form.maximum_credit))),
                minimum_credit: some(form.minimum_credit),
                components: u32::from(sum.components),
                minimum_components: some(form.minimum_components),
                satisfied_by: self.cited(number, form, chosen),
                missing: self.keys(number, &gained),
            });
        }
        groups
    }

    /// The achievements behind the choices of a group, and of the groups in it.
    fn cited(&self, number: usize, form: &Form, chosen: &Bits) -> Vec<String> {
        let mut cited: Vec<String> = self
            .task
            .ranges
            .get(number)
            .cloned()
            .unwrap_or_default()
            .filter(|choice| chosen.contains(*choice))
            .filter_map(|choice| self.award(self.task.choice(choice)?.award))
            .map(|award| award.id.clone())
            .collect();
        for child in &form.children {
            if let Some(inner) = self.compiled.forms.get(*child) {
                cited.extend(self.cited(*child, inner, chosen));
            }
        }
        cited
    }

    fn keys(&self, number: usize, chosen: &Bits) -> Vec<String> {
        let range = self.task.ranges.get(number).cloned().unwrap_or_default();
        range
            .filter(|choice| chosen.contains(*choice))
            .filter_map(|choice| self.task.choice(choice))
            .filter(|choice| choice.is_gained())
            .filter_map(|choice| Some(self.compiled.slot_at(choice.slot)?.facts.key.clone()))
            .collect()
    }

    fn award(&self, number: u16) -> Option<&Award> {
        self.awards.get(usize::from(number))
    }

    fn reason(&self, says: Says, code: &str) -> Reason {
        let structure = &self.compiled.structure;
        let rule = format!("{} {code}", structure.qualification);
        Reason::new(says, rule, Some(&structure.source), self.compiled.confirmed)
    }

    fn explain(
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
    fn explain_choices(&self, reasons: &mut Vec<Reason>) {
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

    fn explain_gain(&self, completion: &Completion, reasons: &mut Vec<Reason>) {
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

fn some(least: u16) -> Option<u32> {
    (least > 0).then_some(u32::from(least))
}
