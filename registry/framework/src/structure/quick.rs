//! What can be said at once from the bits: whether a qualification is complete, and the least that completing it
//! can cost. Both are exact in what they claim; where bits alone do not decide, the search does.

use super::compile::{Compiled, Form};
use super::holding::Holding;
use super::search::{Bound, Search, Searched};
use super::task::Task;
use crate::bits::Bits;
use crate::place::at;

/// What a group comes to when everything held counts wherever it could.
#[derive(Debug, Clone, Copy, Default)]
struct Most {
    credit: u32,
    level: u32,
    components: u32,
    counts: bool,
    /// Credit, whether or not what is in the group is satisfied.
    loose: u32,
}

/// How many groups are looked at without asking for memory.
const FEW: usize = 64;

impl Compiled {
    /// Whether what is held completes the qualification; none where the bound was met before it was known.
    #[must_use]
    pub fn is_complete(&self, holding: &Holding, bound: Bound) -> Option<bool> {
        if holding.whole.is_some() {
            return Some(true);
        }
        let missing = self.mandatory.without(&holding.held);
        if !missing.is_empty() && holding.extra.is_empty() {
            return Some(false);
        }
        let (root, sure) = self.most(holding);
        let enough = root.counts
            && root.credit >= u32::from(self.total)
            && root.level >= u32::from(self.floor);
        if !enough {
            return Some(false);
        }
        if sure {
            return Some(true);
        }
        let task = Task::new(self, holding, None)?;
        match Search::default().run(&task, bound) {
            Searched::Found(_) => Some(true),
            Searched::None => Some(false),
            Searched::Bound { .. } => None,
        }
    }

    /// Credit that is still to be gained at the very least.
    #[must_use]
    pub fn at_least(&self, holding: &Holding) -> u32 {
        if holding.whole.is_some() {
            return 0;
        }
        let lacking = u32::from(self.total).saturating_sub(self.most(holding).0.loose);
        if holding.extra.iter().any(|extra| extra.slot.is_some()) {
            return lacking;
        }
        let mandatory: u32 = self
            .mandatory
            .without(&holding.held)
            .iter()
            .filter_map(|place| self.places.get(place))
            .filter(|place| !self.overlapping(place.group))
            .map(|place| u32::from(place.credit))
            .sum();
        lacking.max(mandatory)
    }

    fn overlapping(&self, group: u16) -> bool {
        self.forms
            .get(usize::from(group))
            .is_some_and(|form| form.overlaps)
    }

    /// The outermost group if everything held counted wherever it could, and whether it truly can.
    fn most(&self, holding: &Holding) -> (Most, bool) {
        let mut few = [Most::default(); FEW];
        let mut many = Vec::new();
        let groups: &mut [Most] = if self.forms.len() <= FEW {
            &mut few
        } else {
            many.resize(self.forms.len(), Most::default());
            &mut many
        };
        let mut sure =
            holding.extra.is_empty() && holding.held.intersection(&self.contended).is_empty();
        for (number, form) in self.forms.iter().enumerate().rev() {
            let mut sum = if form.is_leaf() {
                self.most_units(holding, number, form, &mut sure)
            } else {
                at(groups, number)
            };
            if !form.is_leaf() && sum.components > u32::from(form.maximum_components) {
                sure = false;
            }
            let cap = u32::from(form.maximum_credit);
            sum.loose = sum.loose.max(sum.credit).min(cap);
            sum.credit = sum.credit.min(cap);
            sum.level = sum.level.min(cap);
            sum.counts = sum.components >= u32::from(form.minimum_components)
                && sum.credit >= u32::from(form.minimum_credit);
            crate::place::set(groups, number, sum);
            let Some(parent) = form.parent.and_then(|parent| groups.get_mut(parent)) else {
                continue;
            };
            let credit = u32::from(!form.overlaps);
            parent.loose += sum.loose * credit;
            if sum.counts && sum.components > 0 {
                parent.components += 1;
                parent.credit += sum.credit * credit;
                parent.level += sum.level * credit;
            }
        }
        (at(groups, 0), sure)
    }

    fn most_units(&self, holding: &Holding, number: usize, form: &Form, sure: &mut bool) -> Most {
        let held: Bits = holding.held.intersection(&form.options);
        let mut sum = Most::default();
        let most = u32::from(form.maximum_components);
        for place in held.iter() {
            let Some(place) = self.places.get(place) else {
                continue;
            };
            sum.components += 1;
            // Units come by credit, the most first.
            if sum.components <= most {
                sum.credit += u32::from(place.credit);
            } else {
                *sure = false;
            }
            sum.level += u32::from(place.at);
        }
        for extra in &holding.extra {
            if usize::from(extra.group) == number {
                sum.components += 1;
                sum.credit += u32::from(extra.credit);
                sum.level += u32::from(extra.at);
            }
        }
        sum
    }
}
