//! One person's choices in one structure, and what a set of them comes to.

use super::compile::{Compiled, MOST_OTHER, NONE};
use super::holding::Holding;
use super::search::Objective;
use crate::bits::{Bits, CAPACITY};
use crate::place::{at, set};
use std::ops::Range;

/// A unit or other award, counted in a group; held already, or still to be gained.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice {
    pub(crate) group: u16,
    /// The unit, or [`NONE`].
    pub(crate) slot: u16,
    /// The award that gives it; [`NONE`]: still to be gained.
    pub(crate) award: u16,
    pub(crate) credit: u16,
    /// The part of the credit that is at or above the floor's level.
    pub(crate) at: u16,
    /// What it costs to gain it; nothing where it is held, and in a group that overlaps, where it is charged once
    /// it is known whether the unit is gained for another group anyway.
    pub(crate) cost: u32,
    /// What it costs to gain it, whatever the group.
    pub(crate) price: u32,
    /// Whether it counts in the place of its parts, and not beside them.
    instead: bool,
}

impl Choice {
    /// Whether it is still to be gained.
    pub(crate) fn is_gained(&self) -> bool {
        self.award == NONE
    }
}

/// What is asked of a search: what there is to choose, and what it costs.
pub(crate) struct Task<'a> {
    pub(crate) compiled: &'a Compiled,
    pub(crate) choices: Vec<Choice>,
    /// The choices of each group.
    pub(crate) ranges: Vec<Range<usize>>,
    /// What a credit costs that is still to be gained elsewhere; none: nothing can be gained.
    pub(crate) open_cost: Option<u32>,
    /// Choices that conflict with another.
    pub(crate) contended: Bits,
    /// Awards of qualifications, each with that of a unit that is a part of it.
    parts: Vec<(u16, u16)>,
}

/// Costs are kept so that of two ways of one cost the one of fewer units is taken.
pub(crate) const COST_SHIFT: u32 = 10;

pub(crate) fn price(amount: u16) -> u32 {
    (u32::from(amount) << COST_SHIFT) | 1
}

impl<'a> Task<'a> {
    /// The choices; none where there are more than can be looked at. Without an objective only what is held.
    pub(crate) fn new(
        compiled: &'a Compiled,
        holding: &Holding,
        objective: Option<Objective>,
    ) -> Option<Self> {
        let mut choices = Vec::with_capacity(compiled.places.len() + holding.extra.len());
        let mut ranges = Vec::with_capacity(compiled.forms.len());
        for (group, form) in (0_u16..).zip(&compiled.forms) {
            let first = choices.len();
            for number in form.places.clone() {
                let Some(place) = compiled.places.get(number) else {
                    continue;
                };
                let (award, cost) = if holding.held.contains(number) {
                    (holding.given.get(&place.slot).copied().unwrap_or(NONE), 0)
                } else {
                    let hours = compiled
                        .slot_at(place.slot)
                        .and_then(|slot| slot.facts.guided_learning_hours);
                    match objective {
                        None => continue,
                        Some(Objective::Credit) => (NONE, price(place.credit)),
                        Some(Objective::GuidedLearningHours) => (NONE, price(hours.unwrap_or(0))),
                    }
                };
                choices.push(Choice {
                    group,
                    slot: place.slot,
                    award,
                    credit: place.credit,
                    at: place.at,
                    cost: if form.overlaps { 0 } else { cost },
                    price: cost,
                    instead: false,
                });
            }
            for extra in holding.extra.iter().filter(|extra| extra.group == group) {
                choices.push(Choice {
                    group,
                    slot: extra.slot.unwrap_or(NONE),
                    award: extra.award,
                    credit: extra.credit,
                    at: extra.at,
                    cost: 0,
                    price: 0,
                    instead: extra.instead,
                });
            }
            ranges.push(first..choices.len());
        }
        if choices.len() > CAPACITY {
            return None;
        }
        let open_cost = objective.map(|objective| match objective {
            Objective::Credit => 1 << COST_SHIFT,
            Objective::GuidedLearningHours => 0,
        });
        let mut task = Self {
            compiled,
            choices,
            ranges,
            open_cost,
            contended: Bits::default(),
            parts: holding.parts.clone(),
        };
        task.contended = task.contention();
        Some(task)
    }

    fn contention(&self) -> Bits {
        let mut of_slot = vec![0_u8; self.compiled.slots.len()];
        let mut of_award = Vec::new();
        let mut count = |award: u16| {
            let award = usize::from(award);
            if of_award.len() <= award {
                of_award.resize(award + 1, 0_u8);
            }
            let now = at(&of_award, award).saturating_add(1);
            set(&mut of_award, award, now);
        };
        for choice in &self.choices {
            let slot = usize::from(choice.slot);
            let now = at(&of_slot, slot).saturating_add(1);
            set(&mut of_slot, slot, now);
            if choice.award != NONE {
                count(choice.award);
            }
        }
        let mut bits = Bits::default();
        for (number, choice) in self.choices.iter().enumerate() {
            let slot = usize::from(choice.slot);
            let barred = self
                .compiled
                .barred
                .get(slot)
                .is_some_and(|b| !b.is_empty());
            let award = choice.award != NONE && at(&of_award, usize::from(choice.award)) > 1;
            let uncharged = choice.is_gained() && choice.cost == 0;
            let mut parts = self.parts.iter();
            let part = choice.instead || parts.any(|(_, part)| *part == choice.award);
            if at(&of_slot, slot) > 1 || barred || award || uncharged || part {
                bits.insert(number);
            }
        }
        bits
    }

    pub(crate) fn choice(&self, number: usize) -> Option<&Choice> {
        self.choices.get(number)
    }

    /// Whether two choices cannot count together.
    pub(crate) fn conflict(&self, one: &Choice, other: &Choice) -> bool {
        let barred = self
            .compiled
            .barred
            .get(usize::from(one.slot))
            .is_some_and(|bits| bits.contains(usize::from(other.slot)));
        let parted = |whole: &Choice, part: &Choice| {
            whole.instead && self.parts.contains(&(whole.award, part.award))
        };
        if barred || parted(one, other) || parted(other, one) {
            return true;
        }
        let same = (one.slot != NONE && one.slot == other.slot)
            || (one.award != NONE && one.award == other.award);
        let overlaps = |group: u16| {
            self.compiled
                .forms
                .get(usize::from(group))
                .is_some_and(|form| form.overlaps)
        };
        same && (one.group == other.group || !(overlaps(one.group) || overlaps(other.group)))
    }

    /// What a set of choices comes to, by group; `open` is credit gained in each group of other credit.
    pub(crate) fn tally(&self, chosen: &Bits, open: &[u16; MOST_OTHER]) -> Tally {
        let forms = &self.compiled.forms;
        let mut tally = Tally {
            groups: vec![Sum::default(); forms.len()],
            complete: false,
        };
        for number in chosen.iter() {
            let Some(choice) = self.choices.get(number) else {
                continue;
            };
            if let Some(sum) = tally.groups.get_mut(usize::from(choice.group)) {
                sum.components += 1;
                sum.credit = sum.credit.saturating_add(choice.credit);
                sum.at = sum.at.saturating_add(choice.at);
            }
        }
        for (number, form) in forms.iter().enumerate().rev() {
            let Some(sum) = tally.groups.get_mut(number) else {
                continue;
            };
            if let Some((ordinal, _)) = form.other {
                let more = at(open, ordinal);
                let least = form.minimum_components.saturating_sub(sum.components);
                sum.components += if more > 0 { least.clamp(1, more) } else { 0 };
                sum.credit = sum.credit.saturating_add(more);
                sum.at = sum.at.saturating_add(more);
            }
            sum.credit = sum.credit.min(form.maximum_credit);
            sum.at = sum.at.min(form.maximum_credit);
            sum.used = sum.components > 0;
            sum.satisfied = sum.components >= form.minimum_components
                && sum.components <= form.maximum_components
                && sum.credit >= form.minimum_credit;
            let sum = *sum;
            if let Some(parent) = form.parent.and_then(|parent| tally.groups.get_mut(parent)) {
                if !form.overlaps {
                    let held = sum.credit.max(sum.loose.min(form.maximum_credit));
                    parent.loose = parent.loose.saturating_add(held);
                }
                if sum.satisfied && sum.used {
                    parent.components += 1;
                    if !form.overlaps {
                        parent.credit = parent.credit.saturating_add(sum.credit);
                        parent.at = parent.at.saturating_add(sum.at);
                    }
                }
            }
        }
        tally.complete = tally.groups.first().is_some_and(|root| {
            root.satisfied && root.credit >= self.compiled.total && root.at >= self.compiled.floor
        });
        tally
    }
}

/// What counts in a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) components: u16,
    pub(crate) credit: u16,
    pub(crate) at: u16,
    /// The credit in it, whether or not the groups in it are satisfied.
    pub(crate) loose: u16,
    pub(crate) used: bool,
    pub(crate) satisfied: bool,
}

/// What a set of choices comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) groups: Vec<Sum>,
    pub(crate) complete: bool,
}
