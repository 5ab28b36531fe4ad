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
        if let Some(known) = self.is_plainly_complete(holding) {
            return Some(known);
        }
        let task = Task::new(self, holding, None)?;
        match Search::default().run(&task, bound) {
            Searched::Found(_) => Some(true),
            Searched::None => Some(false),
            Searched::Bound { .. } => None,
        }
    }

    /// Whether what is held completes the qualification; none where bits alone do not decide. It asks which units are
    /// held, and not by which awards.
    pub(super) fn is_plainly_complete(&self, holding: &Holding) -> Option<bool> {
        if holding.whole.is_some() {
            return Some(true);
        }
        let missing = self.mandatory.without(&holding.held);
        if !missing.is_empty() && holding.extra.is_empty() {
            return Some(false);
        }
        let (root, sure) = self.most(&holding.held, holding);
        if !self.suffices(&root) {
            return Some(false);
        }
        (sure || self.fits(holding)).then_some(true)
    }

    /// Credit that is still to be gained at the very least.
    #[must_use]
    pub fn at_least(&self, holding: &Holding) -> u32 {
        if holding.whole.is_some() {
            return 0;
        }
        let lacking =
            u32::from(self.total).saturating_sub(self.most(&holding.held, holding).0.loose);
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

    /// Whether units that stand in one place each, none barred with another and none beyond a group's most, complete
    /// the qualification.
    pub(super) fn completes(&self, placed: &Bits) -> bool {
        self.suffices(&self.most(placed, &Holding::default()).0)
    }

    /// The credit at or above the floor's level of units in their places, up to each group's most.
    pub(super) fn level_of(&self, placed: &Bits) -> u32 {
        self.most(placed, &Holding::default()).0.level
    }

    fn suffices(&self, root: &Most) -> bool {
        root.counts && root.credit >= u32::from(self.total) && root.level >= u32::from(self.floor)
    }

    /// Whether one plain way to place what is held completes it: groups with a least take what satisfies them, in
    /// the order of the rules, and those without one the rest. A quick yes; its no says nothing.
    fn fits(&self, holding: &Holding) -> bool {
        if self.forms.iter().any(|form| form.overlaps) {
            return false;
        }
        let (mut placed, mut taken) = (Bits::default(), Bits::default());
        let mut within = vec![0_u16; self.forms.len()];
        for with_least in [true, false] {
            for form in self.forms.iter().filter(|form| form.is_leaf()) {
                let least = form.minimum_components > 0 || form.minimum_credit > 0;
                let parent = form.parent.unwrap_or(0);
                let most = self
                    .forms
                    .get(parent)
                    .map_or(u16::MAX, |up| up.maximum_components);
                let full = form.parent.is_some() && at(&within, parent) >= most;
                if least != with_least || full {
                    continue;
                }
                let (mut mine, mut slots) = (Bits::default(), Bits::default());
                let (mut count, mut credit) = (0_u16, 0_u16);
                for place in holding.held.intersection(&form.options).iter() {
                    let Some(unit) = self.places.get(place) else {
                        continue;
                    };
                    let slot = usize::from(unit.slot);
                    let barred = self
                        .barred
                        .get(slot)
                        .is_some_and(|with| !with.intersection(&taken.union(&slots)).is_empty());
                    if barred || taken.contains(slot) || count >= form.maximum_components {
                        continue;
                    }
                    mine.insert(place);
                    slots.insert(slot);
                    count += 1;
                    credit = credit.saturating_add(unit.credit);
                }
                if count == 0 || count < form.minimum_components || credit < form.minimum_credit {
                    continue;
                }
                placed = placed.union(&mine);
                taken = taken.union(&slots);
                let more = at(&within, parent) + 1;
                crate::place::set(&mut within, parent, more);
            }
        }
        // Each unit now stands in one place; a group of groups may still hold more than its most.
        let crowded = self.forms.iter().any(|form| {
            form.children.len() > usize::from(form.maximum_components)
                && form
                    .children
                    .iter()
                    .any(|child| self.forms.get(*child).is_some_and(|inner| !inner.is_leaf()))
        });
        !crowded && self.completes(&placed)
    }

    fn overlapping(&self, group: u16) -> bool {
        self.forms
            .get(usize::from(group))
            .is_some_and(|form| form.overlaps)
    }

    /// The outermost group if everything held counted wherever it could, and whether it truly can.
    fn most(&self, held: &Bits, holding: &Holding) -> (Most, bool) {
        let mut few = [Most::default(); FEW];
        let mut many = Vec::new();
        let groups: &mut [Most] = if self.forms.len() <= FEW {
            &mut few
        } else {
            many.resize(self.forms.len(), Most::default());
            &mut many
        };
        let mut sure = holding.extra.is_empty() && held.intersection(&self.contended).is_empty();
        for (number, form) in self.forms.iter().enumerate().rev() {
            let mut sum = if form.is_leaf() {
                self.most_units(held, holding, number, form, &mut sure)
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

    fn most_units(
        &self,
        held: &Bits,
        holding: &Holding,
        number: usize,
        form: &Form,
        sure: &mut bool,
    ) -> Most {
        let held = held.intersection(&form.options);
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
