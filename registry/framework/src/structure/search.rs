//! The cheapest completion: branch and bound over conflicts. The table finds the cheapest way with conflicts left
//! aside; where two choices of it cannot count together, one branch goes without the first, the other without
//! everything that conflicts with it. Work is bounded, and where the bound is met the answer says so.

use super::compile::{Compiled, MOST_OTHER, NONE};
use super::holding::Holding;
use super::table::{Tables, Way};
use super::task::{COST_SHIFT, Task};
use crate::bits::Bits;
use crate::place::at;

/// What is to be as little as possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Objective {
    /// The credit still to be gained.
    Credit,
    /// The guided learning hours of what is still to be gained.
    GuidedLearningHours,
}

/// How much work a search may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// How many branches it may look at.
    pub branches: u32,
}

impl Default for Bound {
    fn default() -> Self {
        Self { branches: 20_000 }
    }
}

/// What is to be gained to complete a qualification.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Keys of the units to be gained, in the order of the rules.
    pub units: Vec<String>,
    /// Credit to be gained in groups of other credit: the group's code, and how much.
    pub other_credit: Vec<(String, u16)>,
    /// The credit of it all.
    pub credit: u16,
    /// The guided learning hours of it all, where all are known.
    pub guided_learning_hours: Option<u32>,
}

/// Why a search did not decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undecided {
    /// The bound was met. The cheapest costs at least this; the best found so far is no promise.
    Bound {
        /// The least that any completion can cost.
        at_least: u32,
        /// The best that was found.
        best: Option<Plan>,
    },
    /// The cheapest by what is known would rest on units, or other credit, whose guided learning hours are not.
    HoursUnknown {
        /// Their keys and the codes of groups of other credit.
        of: Vec<String>,
    },
    /// More choices than can be looked at.
    TooMany,
}

/// The cheapest completion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Completion {
    /// There is nothing to be gained.
    Complete,
    /// This, and no completion costs less.
    Cheapest(Plan),
    /// No set of units completes it.
    Impossible,
    /// It is not known.
    NotDecided(Undecided),
}

/// What a search came to.
pub(crate) enum Searched {
    Found(Way),
    None,
    Bound { at_least: u32, best: Option<Way> },
}

/// A branch: choices that it goes without, and units that it gains whatever else it does.
#[derive(Clone, Copy, Default)]
struct Branch {
    excluded: Bits,
    paid: Bits,
    spent: u32,
}

/// Why a way cannot stand as it is.
enum Unsettled {
    /// A choice that cannot count together with another.
    Conflict(usize),
    /// A unit counted in a group that overlaps, and gained for no other.
    Unpaid(usize),
}

/// What a search need find. Costs are counted in steps of `1 << shift`: what is less than a step is not told apart.
#[derive(Clone, Copy)]
struct Sought {
    shift: u32,
    /// What is known that it costs at least.
    least: u32,
    /// What costs more is of no use.
    most: u32,
}

/// Room for searches, kept between them.
#[derive(Default)]
pub(crate) struct Search {
    tables: Tables,
    open: Vec<Branch>,
}

impl Search {
    /// The cheapest way, of those of one cost that of the fewest units.
    pub(crate) fn run(&mut self, task: &Task<'_>, bound: Bound) -> Searched {
        let sought = Sought {
            shift: 0,
            least: 0,
            most: u32::MAX,
        };
        self.seek(task, bound, sought).unwrap_or(Searched::None)
    }

    /// A cheapest way, with however many units, where it is known that it costs at least `least`; none where it costs
    /// more than `most`.
    pub(crate) fn run_within(
        &mut self,
        task: &Task<'_>,
        bound: Bound,
        least: u32,
        most: u32,
    ) -> Option<Searched> {
        let sought = Sought {
            shift: COST_SHIFT,
            least,
            most,
        };
        self.seek(task, bound, sought)
    }

    fn seek(&mut self, task: &Task<'_>, bound: Bound, sought: Sought) -> Option<Searched> {
        self.open.clear();
        self.open.push(Branch::default());
        let steps = |cost: u32| cost >> sought.shift;
        let mut best: Option<Way> = None;
        let mut at_least = None;
        let mut beyond = false;
        let mut looked = 0;
        while let Some(branch) = self.open.pop() {
            if looked >= bound.branches {
                return Some(Searched::Bound {
                    at_least: at_least.unwrap_or(0) >> COST_SHIFT,
                    best,
                });
            }
            looked += 1;
            let found = self.tables.cheapest(task, &branch.excluded, &branch.paid);
            let Some(mut way) = found else {
                continue;
            };
            way.cost = way.cost.saturating_add(branch.spent);
            let least = steps(*at_least.get_or_insert(way.cost)).max(sought.least);
            if steps(way.cost) > sought.most {
                beyond = true;
                continue;
            }
            if best.is_some_and(|best| steps(best.cost) <= steps(way.cost)) {
                continue;
            }
            match settle(task, &mut way, &branch) {
                None => {
                    best = Some(way);
                    if steps(way.cost) <= least {
                        break;
                    }
                }
                Some(Unsettled::Conflict(choice)) => self.part(task, &branch, choice),
                Some(Unsettled::Unpaid(choice)) => self.pay(task, &branch, choice),
            }
        }
        match best {
            Some(way) => Some(Searched::Found(way)),
            None if beyond => None,
            None => Some(Searched::None),
        }
    }

    /// Without the choice, or without all that conflicts with it.
    fn part(&mut self, task: &Task<'_>, branch: &Branch, choice: usize) {
        let mut beside = *branch;
        if let Some(one) = task.choice(choice) {
            for other in task.contended.iter().filter(|other| *other != choice) {
                if task
                    .choice(other)
                    .is_some_and(|other| task.conflict(one, other))
                {
                    beside.excluded.insert(other);
                }
            }
        }
        self.open.push(Branch {
            excluded: branch.excluded.with(choice),
            ..*branch
        });
        self.open.push(beside);
    }

    /// Without the unit in this group, or with the unit gained and paid for.
    fn pay(&mut self, task: &Task<'_>, branch: &Branch, choice: usize) {
        self.open.push(Branch {
            excluded: branch.excluded.with(choice),
            ..*branch
        });
        let Some(unit) = task.choice(choice) else {
            return;
        };
        let mut paid = *branch;
        paid.spent = paid.spent.saturating_add(unit.price);
        for (number, other) in task.choices.iter().enumerate() {
            if other.slot == unit.slot && other.is_gained() {
                paid.paid.insert(number);
            }
        }
        self.open.push(paid);
    }
}

/// Leaves out choices that cannot stand and are not needed. Gives one that is needed.
fn settle(task: &Task<'_>, way: &mut Way, branch: &Branch) -> Option<Unsettled> {
    let contended: Vec<usize> = way.chosen.intersection(&task.contended).iter().collect();
    for (place, first) in contended.iter().enumerate() {
        for second in contended.iter().skip(place + 1) {
            let (Some(one), Some(other)) = (task.choice(*first), task.choice(*second)) else {
                continue;
            };
            let both = way.chosen.contains(*first) && way.chosen.contains(*second);
            if both
                && task.conflict(one, other)
                && !(leave_out(task, way, *second) || leave_out(task, way, *first))
            {
                return Some(Unsettled::Conflict(*first));
            }
        }
    }
    for choice in contended {
        if unpaid(task, way, branch, choice) && !leave_out(task, way, choice) {
            return Some(Unsettled::Unpaid(choice));
        }
    }
    None
}

/// Leaves a choice out, if the way leads there without it. What was charged for is needed.
fn leave_out(task: &Task<'_>, way: &mut Way, choice: usize) -> bool {
    let mut chosen = way.chosen;
    chosen.remove(choice);
    let free = task.choice(choice).is_some_and(|choice| choice.cost == 0);
    let left_out = free && task.tally(&chosen, &way.open).complete;
    if left_out {
        way.chosen = chosen;
    }
    left_out
}

fn unpaid(task: &Task<'_>, way: &Way, branch: &Branch, number: usize) -> bool {
    way.chosen.contains(number)
        && !branch.paid.contains(number)
        && task.choice(number).is_some_and(|choice| {
            choice.is_gained()
                && choice.cost == 0
                && !task.choices.iter().enumerate().any(|(other, unit)| {
                    unit.slot == choice.slot && unit.cost > 0 && way.chosen.contains(other)
                })
        })
}

impl Compiled {
    /// The cheapest way to complete the qualification from what is held.
    #[must_use]
    pub fn cheapest(&self, holding: &Holding, objective: Objective, bound: Bound) -> Completion {
        if self.is_complete(holding, bound) == Some(true) {
            return Completion::Complete;
        }
        let Some(task) = Task::new(self, holding, Some(objective)) else {
            return Completion::NotDecided(Undecided::TooMany);
        };
        match Search::default().run(&task, bound) {
            Searched::None => Completion::Impossible,
            Searched::Bound { at_least, best } => Completion::NotDecided(Undecided::Bound {
                at_least,
                best: best.map(|way| plan(&task, &way)),
            }),
            Searched::Found(way) => {
                let unknown = match objective {
                    Objective::Credit => Vec::new(),
                    Objective::GuidedLearningHours => without_hours(&task, &way),
                };
                if unknown.is_empty() {
                    Completion::Cheapest(plan(&task, &way))
                } else {
                    Completion::NotDecided(Undecided::HoursUnknown { of: unknown })
                }
            }
        }
    }
}

/// What of a way is still to be gained.
pub(crate) fn plan(task: &Task<'_>, way: &Way) -> Plan {
    let mut plan = Plan {
        guided_learning_hours: Some(0),
        ..Plan::default()
    };
    for number in way.chosen.iter() {
        let Some(choice) = task.choice(number).filter(|choice| choice.award == NONE) else {
            continue;
        };
        let Some(slot) = task.compiled.slot_at(choice.slot) else {
            continue;
        };
        // A group that overlaps names a unit again that is gained once.
        if plan.units.contains(&slot.facts.key) {
            continue;
        }
        plan.units.push(slot.facts.key.clone());
        plan.credit = plan.credit.saturating_add(choice.credit);
        plan.guided_learning_hours = plan
            .guided_learning_hours
            .zip(slot.facts.guided_learning_hours)
            .map(|(sum, hours)| sum + u32::from(hours));
    }
    for form in &task.compiled.forms {
        let more = form
            .other
            .as_ref()
            .map_or(0, |(ordinal, _)| open_in(&way.open, *ordinal));
        if more > 0 {
            plan.other_credit.push((form.code.clone(), more));
            plan.credit = plan.credit.saturating_add(more);
            plan.guided_learning_hours = None;
        }
    }
    plan
}

fn open_in(open: &[u16; MOST_OTHER], ordinal: usize) -> u16 {
    at(open, ordinal)
}

fn without_hours(task: &Task<'_>, way: &Way) -> Vec<String> {
    let mut unknown: Vec<String> = way
        .chosen
        .iter()
        .filter_map(|number| task.choice(number))
        .filter(|choice| choice.award == NONE)
        .filter_map(|choice| task.compiled.slot_at(choice.slot))
        .filter(|slot| slot.facts.guided_learning_hours.is_none())
        .map(|slot| slot.facts.key.clone())
        .collect();
    unknown.extend(task.compiled.forms.iter().filter_map(|form| {
        let (ordinal, _) = form.other.as_ref()?;
        (open_in(&way.open, *ordinal) > 0).then(|| form.code.clone())
    }));
    unknown
}
