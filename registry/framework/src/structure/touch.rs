//! To which of many structures the awards of a person are what. Most awards are of a plain unit; those are noted at
//! once for all structures that list it, and what is more than that is left to a [`Holding`].

use super::compile::{Compiled, NONE, Slot};
use super::holding::{Extra, Holding};
use super::least::Held;
use crate::award::Award;
use crate::bits::Bits;
use crate::place::set;
use schema::Date;
use std::collections::HashMap;
use std::ops::Range;

/// One question about one person.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) awards: &'a [Award],
    pub(super) day: Date,
}

/// What an award of a code is to a structure.
#[derive(Clone)]
struct Use {
    structure: usize,
    /// Where in [`Uses::places`] the places of the one unit stand that it gives; empty where it is more than that, and
    /// its [`Holding`] says what.
    places: Range<usize>,
    credit: u16,
    at: u16,
    /// Its credit, where every completion has it.
    mandatory: u16,
}

/// What awards are to structures.
#[derive(Default)]
pub(super) struct Uses {
    structures: usize,
    by_code: HashMap<String, Vec<Use>>,
    /// Where the units of each [`Use`] stand in its structure.
    places: Vec<u16>,
    /// Structures to which any award can matter by its credit.
    by_credit: Vec<usize>,
}

/// What a person's awards are to a structure.
#[derive(Clone, Copy, Default)]
pub(super) struct Touched {
    /// Whether they are anything.
    pub(super) is: bool,
    /// Whether they are plain units of it and nothing else.
    pub(super) plain: bool,
    /// The units' places.
    pub(super) held: Bits,
    /// Their credit, that at or above the floor's level, and that of units which every completion has.
    pub(super) credit: u32,
    pub(super) level: u32,
    pub(super) mandatory: u32,
}

/// What the awards of one person are to every structure.
#[derive(Default)]
pub(super) struct Touches {
    pub(super) of: Vec<Touched>,
    /// The structures to which they are anything.
    pub(super) touched: Vec<usize>,
}

impl Uses {
    /// Notes what awards of which codes are to a structure, by its place.
    pub(super) fn add(&mut self, structure: &Compiled, place: usize) {
        let more = Use {
            structure: place,
            places: 0..0,
            credit: 0,
            at: 0,
            mandatory: 0,
        };
        self.structures = self.structures.max(place + 1);
        for (code, slots) in &structure.by_code {
            let mut uses = more.clone();
            if let [slot] = slots.as_slice()
                && let Some(slot) = structure.slot_at(*slot)
            {
                let first = self.places.len();
                let places = slot.options.iter();
                self.places
                    .extend(places.filter_map(|place| u16::try_from(*place).ok()));
                uses.places = first..self.places.len();
                uses.credit = slot.credit;
                uses.at = slot.at();
                uses.mandatory = structure.mandatory_credit(slot);
            }
            self.by_code.entry(code.clone()).or_default().push(uses);
        }
        if structure.forms.iter().any(|form| form.other.is_some()) {
            self.by_credit.push(place);
        }
        let own = &structure.structure;
        for code in std::iter::once(&own.qualification).chain(&own.also) {
            self.by_code
                .entry(code.clone())
                .or_default()
                .push(more.clone());
        }
    }

    /// Notes to which structures the awards are what.
    pub(super) fn touch(&self, asked: Asked<'_>, touches: &mut Touches) {
        let Touches { of, touched } = touches;
        of.resize(self.structures, Touched::default());
        for place in touched.drain(..) {
            set(of, place, Touched::default());
        }
        // Where not every award counts in full, a holding says which do.
        let few = asked.awards.len() < usize::from(NONE);
        let plain = few && asked.awards.iter().all(|award| award.cap.is_none());
        for award in asked.awards {
            let Some(uses) = self.by_code.get(award.code()) else {
                continue;
            };
            if !award.awarded_by(asked.day) || !award.valid_on(asked.day) {
                continue;
            }
            for one in uses {
                let Some(touch) = of.get_mut(one.structure) else {
                    continue;
                };
                if !touch.is {
                    (touch.is, touch.plain) = (true, plain);
                    touched.push(one.structure);
                }
                let places = self.places.get(one.places.clone()).unwrap_or_default();
                let Some(first) = places.first() else {
                    touch.plain = false;
                    continue;
                };
                if !touch.held.contains(usize::from(*first)) {
                    for place in places {
                        touch.held.insert(usize::from(*place));
                    }
                    touch.credit += u32::from(one.credit);
                    touch.level += u32::from(one.at);
                    touch.mandatory += u32::from(one.mandatory);
                }
            }
        }
        for place in self.by_credit.iter().filter(|_| !asked.awards.is_empty()) {
            if let Some(touch) = of.get_mut(*place) {
                if !touch.is {
                    touch.is = true;
                    touched.push(*place);
                }
                touch.plain = false;
            }
        }
    }
}

impl Touched {
    /// What a holding is.
    pub(super) fn of(structure: &Compiled, holding: &Holding) -> Self {
        let mut touch = Self {
            is: true,
            plain: holding.extra.is_empty(),
            held: holding.held,
            ..Self::default()
        };
        let given = holding.given.keys();
        for slot in given.filter_map(|slot| structure.slot_at(*slot)) {
            touch.credit += u32::from(slot.credit);
            touch.level += u32::from(slot.at());
            touch.mandatory += u32::from(structure.mandatory_credit(slot));
        }
        for extra in &holding.extra {
            // A unit that may count elsewhere still counts once.
            let slot = extra.slot;
            if slot.is_none_or(|slot| !holding.given.contains_key(&slot)) {
                touch.credit += u32::from(extra.credit);
                touch.level += u32::from(extra.at);
            }
        }
        touch
    }

    /// The same, as the bound looks at it.
    pub(super) fn held<'a>(&'a self, extra: &'a [Extra]) -> Held<'a> {
        Held {
            places: &self.held,
            extra,
            credit: self.credit,
            level: self.level,
        }
    }
}

impl Compiled {
    /// The credit of a unit, where every completion has it and pays for it there.
    fn mandatory_credit(&self, slot: &Slot) -> u16 {
        let mut places = slot.options.iter();
        let mandatory = places.any(|place| {
            let group = self
                .places
                .get(*place)
                .map(|place| usize::from(place.group));
            let form = group.and_then(|group| self.forms.get(group));
            self.mandatory.contains(*place) && form.is_some_and(|form| !form.overlaps)
        });
        if mandatory { slot.credit } else { 0 }
    }

    /// The credit of all units that every completion has.
    pub(super) fn mandatory_in_all(&self) -> u32 {
        let credit = self.slots.iter().map(|slot| self.mandatory_credit(slot));
        credit.map(u32::from).sum()
    }
}

impl Slot {
    /// The part of its credit that is at or above the floor's level.
    pub(super) fn at(&self) -> u16 {
        if self.at_level { self.credit } else { 0 }
    }
}
