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
use schema::Date;

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
            return self.unlooked(&holding, awards);
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

    /// The answer where more is held than can be looked at.
    fn unlooked(&self, holding: &Holding, awards: &[Award]) -> Progress {
        let whole = holding.whole.is_some();
        let least = self.at_least(holding);
        let says = holding
            .whole(awards)
            .map_or(Says::NotDecided { least }, |award| Says::WholeHeld {
                title: award.title.clone(),
            });
        let rule = format!("{} completion", self.structure.qualification);
        let source = Some(self.structure.source.as_str());
        let cited = holding.whole(awards).map(|award| award.id.clone());
        let reason = Reason::new(says, rule, source, whole || self.confirmed).resting_on(cited);
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
            credits_remaining: least,
            confirmed: self.confirmed,
            groups: Vec::new(),
            completion,
            next: Vec::new(),
            explanation: vec![reason],
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

pub(super) struct Telling<'a> {
    pub(super) compiled: &'a Compiled,
    pub(super) holding: &'a Holding,
    pub(super) task: &'a Task<'a>,
    pub(super) awards: &'a [Award],
    pub(super) way: Way,
    pub(super) full: Tally,
    pub(super) held: Bits,
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

    pub(super) fn award(&self, number: u16) -> Option<&Award> {
        self.awards.get(usize::from(number))
    }
}

fn some(least: u16) -> Option<u32> {
    (least > 0).then_some(u32::from(least))
}
