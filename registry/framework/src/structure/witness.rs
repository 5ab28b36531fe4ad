//! Whether a qualification can be completed for the least it can cost: looks for one plain way to do so. Where there
//! is one, the bound is the answer and nothing need be searched. Its yes is exact; its no says nothing.

use super::compile::{Compiled, Form};
use super::least::{Point, bit};
use crate::bits::Bits;
use crate::place::{at, set};

/// A credit of units that are offered, and which sums of them can be reached: bit `n` stands for a sum of `n`.
#[derive(Clone, Copy, Default)]
struct Reach {
    place: usize,
    credit: u32,
    before: u128,
}

/// The way as far as it is made, with room that is kept between ways.
#[derive(Default)]
pub(super) struct Witness {
    /// Places held or gained, each unit in one group.
    placed: Bits,
    /// The units of them.
    taken: Bits,
    gained: u32,
    /// How many units count in each group of units, and their credit.
    within: Vec<(u16, u16)>,
    sums: Vec<Reach>,
}

impl Witness {
    /// Whether from the units in `held` and nothing else a way to satisfy the groups of `point` completes the
    /// qualification for `cost`, which must be the least it can cost.
    pub(super) fn finds(
        &mut self,
        compiled: &Compiled,
        held: &Bits,
        point: &Point,
        cost: u32,
    ) -> bool {
        self.placed = Bits::default();
        self.taken = Bits::default();
        self.gained = 0;
        self.within.clear();
        self.within.resize(compiled.forms.len(), (0, 0));
        let leaf = |number: usize, form: &Form| form.is_leaf() && point.forms & bit(number) != 0;
        let leaves = || {
            let forms = compiled.forms.iter().enumerate();
            forms.filter(|(number, form)| leaf(*number, form))
        };
        // What a rule asks for by name goes there, then what is held to rules that ask for some, then to the others.
        for (number, form) in leaves().filter(|(_, form)| asks(form) == Asks::All) {
            for place in form.places.clone() {
                if !self.add(compiled, held, number, form, place) {
                    return false;
                }
            }
        }
        for asking in [Asks::Some, Asks::Nothing] {
            for (number, form) in leaves().filter(|(_, form)| asks(form) == asking) {
                for place in held.intersection(&form.options).iter() {
                    self.add(compiled, held, number, form, place);
                }
            }
        }
        for (number, form) in leaves() {
            if !self.satisfy(compiled, held, number, form) {
                return false;
            }
        }
        self.fill(compiled, held, point, cost)
            && self.gained == cost
            && compiled.completes(&self.placed)
    }

    /// Puts a unit into a group, where it may count there.
    fn add(
        &mut self,
        compiled: &Compiled,
        held: &Bits,
        number: usize,
        form: &Form,
        place: usize,
    ) -> bool {
        let unit = at(&compiled.places, place);
        let slot = usize::from(unit.slot);
        let (count, credit) = at(&self.within, number);
        let barred = compiled.barred.get(slot);
        let barred = barred.is_some_and(|with| !with.intersection(&self.taken).is_empty());
        let full = count >= form.maximum_components || credit >= form.maximum_credit;
        if barred || full || self.taken.contains(slot) {
            return false;
        }
        self.placed.insert(place);
        self.taken.insert(slot);
        if !held.contains(place) {
            self.gained += u32::from(unit.credit);
        }
        set(
            &mut self.within,
            number,
            (count + 1, credit.saturating_add(unit.credit)),
        );
        true
    }

    /// Gains what a group itself lacks.
    fn satisfy(&mut self, compiled: &Compiled, held: &Bits, number: usize, form: &Form) -> bool {
        let minimum = form.minimum_components.max(1);
        for place in form.places.clone().rev() {
            if at(&self.within, number).0 >= minimum {
                break;
            }
            if !held.contains(place) {
                self.add(compiled, held, number, form, place);
            }
        }
        let (count, credit) = at(&self.within, number);
        let lacks = u32::from(form.minimum_credit.saturating_sub(credit));
        count >= minimum && (lacks == 0 || self.gain(compiled, held, bit(number), lacks, |_| true))
    }

    /// Gains the rest of the credit that the qualification asks for.
    fn fill(&mut self, compiled: &Compiled, held: &Bits, point: &Point, cost: u32) -> bool {
        let Some(rest) = cost.checked_sub(self.gained) else {
            return false;
        };
        if rest == 0 {
            return true;
        }
        if compiled.floor == 0 {
            return self.gain(compiled, held, point.forms, rest, |_| true);
        }
        if self.gain(compiled, held, point.forms, rest, |at| at > 0) {
            return true;
        }
        let lacks = u32::from(compiled.floor).saturating_sub(compiled.level_of(&self.placed));
        let Some(below) = rest.checked_sub(lacks) else {
            return false;
        };
        self.gain(compiled, held, point.forms, lacks, |at| at > 0)
            && self.gain(compiled, held, point.forms, below, |_| true)
    }

    /// Gains units of exactly that credit in groups, of those whose credit at level lets pass.
    fn gain(
        &mut self,
        compiled: &Compiled,
        held: &Bits,
        groups: u64,
        credit: u32,
        level: impl Fn(u16) -> bool,
    ) -> bool {
        // What is further than this is left to the search.
        let Some(aim) = 1_u128.checked_shl(credit) else {
            return false;
        };
        let mask = aim | (aim - 1);
        self.sums.clear();
        let mut reached = 1_u128;
        let mut offered = Bits::default();
        for (number, form) in compiled.forms.iter().enumerate() {
            if !form.is_leaf() || groups & bit(number) == 0 || reached & aim != 0 {
                continue;
            }
            let (count, _) = at(&self.within, number);
            let mut room = form.maximum_components.saturating_sub(count);
            for place in form.places.clone() {
                let unit = at(&compiled.places, place);
                let slot = usize::from(unit.slot);
                let free = compiled.barred.get(slot).is_some_and(Bits::is_empty);
                let known = held.contains(place) || self.taken.contains(slot);
                if room == 0 || !free || known || offered.contains(slot) || !level(unit.at) {
                    continue;
                }
                let credit = u32::from(unit.credit);
                let more = reached | reached.checked_shl(credit).unwrap_or(0) & mask;
                if more == reached {
                    continue;
                }
                self.sums.push(Reach {
                    place,
                    credit,
                    before: reached,
                });
                offered.insert(slot);
                room -= 1;
                reached = more;
                if reached & aim != 0 {
                    break;
                }
            }
        }
        if reached & aim == 0 {
            return false;
        }
        let mut left = credit;
        while let Some(sum) = self.sums.pop() {
            if sum.before.checked_shr(left).unwrap_or(0) & 1 == 1 {
                continue;
            }
            left = left.saturating_sub(sum.credit);
            let number = usize::from(at(&compiled.places, sum.place).group);
            let Some(form) = compiled.forms.get(number) else {
                return false;
            };
            if !self.add(compiled, held, number, form, sum.place) {
                return false;
            }
        }
        true
    }
}

/// What a group of units asks for.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Asks {
    All,
    Some,
    Nothing,
}

fn asks(form: &Form) -> Asks {
    if usize::from(form.minimum_components) == form.places.len() {
        Asks::All
    } else if form.minimum_components > 0 || form.minimum_credit > 0 {
        Asks::Some
    } else {
        Asks::Nothing
    }
}
