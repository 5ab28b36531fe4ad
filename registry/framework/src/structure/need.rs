//! What each group brings at least, and what is asked of it at most: how large its table must be.

use super::compile::Form;
use super::table::Tables;
use super::task::{Choice, Task};
use crate::bits::Bits;
use crate::place::{at, set};

/// What is asked of a group, at most.
#[derive(Clone, Copy, Default)]
pub(super) struct Need {
    /// Its own least, or what its parent can use.
    pub(super) credit: usize,
    /// What its parent can use.
    pub(super) up_credit: usize,
    pub(super) up_level: usize,
}

/// What a group brings at least, where it is satisfied.
#[derive(Clone, Copy, Default)]
pub(super) struct Surely {
    pub(super) feasible: bool,
    pub(super) credit: usize,
    pub(super) level: usize,
}

impl Tables {
    pub(super) fn available<'t>(
        task: &'t Task<'_>,
        excluded: &'t Bits,
        number: usize,
    ) -> impl Iterator<Item = (usize, &'t Choice)> {
        let range = task.ranges.get(number).cloned().unwrap_or_default();
        range
            .filter(|choice| !excluded.contains(*choice))
            .filter_map(|choice| Some((choice, task.choice(choice)?)))
    }

    /// Whether the group can be satisfied, and what it brings at least.
    pub(super) fn surely_of(
        &self,
        task: &Task<'_>,
        excluded: &Bits,
        number: usize,
        form: &Form,
    ) -> Surely {
        let minimum = usize::from(form.minimum_components);
        let least = usize::from(form.minimum_credit);
        let cap = usize::from(form.maximum_credit);
        let mut bring: Vec<(usize, usize)> = Vec::new();
        let mut rest_below = 0;
        let open = form.other.is_some() && task.open_cost.is_some();
        if form.is_leaf() {
            for (_, choice) in Self::available(task, excluded, number) {
                bring.push((usize::from(choice.credit), usize::from(choice.at)));
                rest_below += usize::from(choice.credit - choice.at.min(choice.credit));
            }
            let most = usize::from(form.maximum_components);
            let mut credits: Vec<usize> = bring.iter().map(|(credit, _)| *credit).collect();
            credits.sort_unstable_by(|one, other| other.cmp(one));
            let reach: usize = credits.iter().take(most).sum();
            let nothing = bring.is_empty() && form.parent.is_some();
            if !open && (nothing || bring.len() < minimum || reach < least) {
                return Surely::default();
            }
        } else {
            let feasible = form.children.iter().map(|child| at(&self.surely, *child));
            bring.extend(
                feasible
                    .filter(|one| one.feasible)
                    .map(|one| (one.credit, one.level)),
            );
            if bring.len() < minimum || (bring.is_empty() && form.parent.is_some()) {
                return Surely::default();
            }
            rest_below = usize::MAX;
        }
        if open {
            bring.clear();
        }
        let smallest = |of: fn(&(usize, usize)) -> usize| {
            let mut values: Vec<usize> = bring.iter().map(of).collect();
            values.sort_unstable();
            values.iter().take(minimum).sum::<usize>()
        };
        let credit = smallest(|one| one.0).max(least).min(cap);
        let level = smallest(|one| one.1)
            .max(least.saturating_sub(rest_below))
            .min(cap);
        let overlaps = form.overlaps;
        Surely {
            feasible: true,
            credit: if overlaps { 0 } else { credit },
            level: if overlaps || open { 0 } else { level },
        }
    }

    /// Whether all feasible groups in a group are needed.
    pub(super) fn all_needed(&self, form: &Form) -> bool {
        let feasible = form
            .children
            .iter()
            .filter(|child| at(&self.surely, **child).feasible);
        feasible.count() == usize::from(form.minimum_components)
    }

    /// From the outermost group inwards: what is asked of each at most.
    pub(super) fn ask(&mut self, task: &Task<'_>) {
        let (total, floor) = (usize::from(task.compiled.total), self.floor);
        for (number, form) in task.compiled.forms.iter().enumerate() {
            if form.parent.is_none() {
                let need = Need {
                    credit: total.max(usize::from(form.minimum_credit)),
                    up_credit: total,
                    up_level: floor,
                };
                set(&mut self.needs, number, need);
            }
            let need = at(&self.needs, number);
            let all = self.all_needed(form);
            let mut left = (need.credit, need.up_level);
            let mut bound = Vec::with_capacity(form.children.len());
            for child in &form.children {
                let one = at(&self.surely, *child);
                let part = if all && one.feasible {
                    (one.credit.min(left.0), one.level.min(left.1))
                } else {
                    (0, 0)
                };
                left = (left.0 - part.0, left.1 - part.1);
                bound.push(part);
            }
            for (child, part) in form.children.iter().zip(bound) {
                let Some(inner) = task.compiled.forms.get(*child) else {
                    continue;
                };
                let cap = usize::from(inner.maximum_credit);
                // What all others are bound to bring is `need - left - part`.
                let (mut up_credit, mut up_level) =
                    ((left.0 + part.0).min(cap), (left.1 + part.1).min(cap));
                if inner.overlaps {
                    (up_credit, up_level) = (0, 0);
                }
                let asked = Need {
                    credit: up_credit.max(usize::from(inner.minimum_credit)),
                    up_credit,
                    up_level,
                };
                set(&mut self.needs, *child, asked);
            }
        }
    }
}
