//! A structure in the form in which it is evaluated: groups in one list, each unit's places in them as bits.

use super::{Contents, Group, OtherCredit, Structure, UnitFacts};
use crate::bits::{Bits, CAPACITY};
use crate::place::at;
use std::collections::HashMap;

/// The most groups of other credit that a structure may have.
pub(crate) const MOST_OTHER: usize = 4;
/// The most options: units times the groups that list them. The rest of [`CAPACITY`] is for what a person holds.
const MOST_OPTIONS: usize = CAPACITY - 128;
/// No unit.
pub(crate) const NONE: u16 = u16::MAX;

/// Why a structure cannot be evaluated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StructureFault {
    /// A unit that the catalogue does not have.
    #[error("group {group}: the unit {unit} is not known")]
    UnitUnknown {
        /// The group's code.
        group: String,
        /// The unit's key.
        unit: String,
    },
    /// A unit without credit.
    #[error("group {group}: the credit of the unit {unit} is not known")]
    CreditUnknown {
        /// The group's code.
        group: String,
        /// The unit's key.
        unit: String,
    },
    /// A barred unit that no group lists.
    #[error("the barred unit {unit} is in no group")]
    BarredUnknown {
        /// The unit's key.
        unit: String,
    },
    /// A least that is above its most, or above what the group holds.
    #[error("group {group}: its least is more than its most, or than what it lists")]
    Contradiction {
        /// The group's code.
        group: String,
    },
    /// Two groups of one code, or a unit twice in one group.
    #[error("{code} stands there twice")]
    Twice {
        /// The code.
        code: String,
    },
    /// More than can be evaluated.
    #[error(
        "more than {MOST_OPTIONS} units in groups, or more than {MOST_OTHER} groups of other credit"
    )]
    TooLarge,
}

/// A group, flat.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) parent: Option<usize>,
    pub(crate) children: Vec<usize>,
    pub(crate) options: Bits,
    pub(crate) places: std::ops::Range<usize>,
    pub(crate) other: Option<(usize, OtherCredit)>,
    pub(crate) minimum_credit: u16,
    pub(crate) maximum_credit: u16,
    pub(crate) minimum_components: u16,
    pub(crate) maximum_components: u16,
    pub(crate) overlaps: bool,
}

impl Form {
    pub(crate) fn is_leaf(&self) -> bool {
        self.children.is_empty()
    }
}

/// A unit of the structure.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub(crate) facts: UnitFacts,
    pub(crate) credit: u16,
    pub(crate) at_level: bool,
    /// Its places among the options.
    pub(crate) options: Vec<usize>,
}

/// A unit in a group.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Place {
    pub(crate) slot: u16,
    pub(crate) group: u16,
    pub(crate) credit: u16,
    pub(crate) at: u16,
}

/// A structure, ready to be evaluated for many people.
#[derive(Debug, Clone)]
pub struct Compiled {
    pub(crate) structure: Structure,
    /// The groups, each before those it holds; the first is the outermost.
    pub(crate) forms: Vec<Form>,
    pub(crate) slots: Vec<Slot>,
    /// Units in groups, group after group, the units of most credit first.
    pub(crate) places: Vec<Place>,
    /// Which units an award of a code can stand for; its own first.
    pub(crate) by_code: HashMap<String, Vec<u16>>,
    /// For each unit those it is barred with.
    pub(crate) barred: Vec<Bits>,
    /// Places that every completion has.
    pub(crate) mandatory: Bits,
    /// Places that cannot all count together.
    pub(crate) contended: Bits,
    /// The least credit at or above the floor's level; 0 where total credit says it already.
    pub(crate) floor: u16,
    pub(crate) total: u16,
    pub(crate) confirmed: bool,
}

impl Compiled {
    /// Brings a structure into this form. `unit` gives the facts of a unit by its key.
    ///
    /// # Errors
    /// [`StructureFault`] where the structure contradicts itself or names what is not known.
    pub fn new<'a>(
        structure: &Structure,
        unit: impl Fn(&str) -> Option<&'a UnitFacts>,
    ) -> Result<Self, StructureFault> {
        let mut compiled = Self {
            structure: structure.clone(),
            forms: Vec::new(),
            slots: Vec::new(),
            places: Vec::new(),
            by_code: HashMap::new(),
            barred: Vec::new(),
            mandatory: Bits::default(),
            contended: Bits::default(),
            floor: structure.floor.map_or(0, |floor| floor.credit),
            total: structure.total_credit,
            confirmed: structure.confirmed,
        };
        let mut known = HashMap::new();
        compiled.add(&structure.root, None, &unit, &mut known)?;
        let most = structure.root.maximum_credit.unwrap_or(u16::MAX);
        if most < compiled.total || most < compiled.floor {
            return Err(StructureFault::Contradiction {
                group: structure.root.code.clone(),
            });
        }
        compiled.bar(structure, &known)?;
        compiled.name_codes();
        compiled.mark();
        compiled.confirmed &= compiled.slots.iter().all(|slot| slot.facts.confirmed);
        Ok(compiled)
    }

    fn add<'a>(
        &mut self,
        group: &Group,
        parent: Option<usize>,
        unit: &impl Fn(&str) -> Option<&'a UnitFacts>,
        known: &mut HashMap<String, u16>,
    ) -> Result<usize, StructureFault> {
        if self.forms.iter().any(|form| form.code == group.code) {
            return Err(StructureFault::Twice {
                code: group.code.clone(),
            });
        }
        let number = self.forms.len();
        let first = self.places.len();
        self.forms.push(Form {
            code: group.code.clone(),
            name: group.name.clone(),
            parent,
            children: Vec::new(),
            options: Bits::default(),
            places: first..first,
            other: None,
            minimum_credit: group.minimum_credit.unwrap_or(0),
            maximum_credit: group.maximum_credit.unwrap_or(u16::MAX),
            minimum_components: group.minimum_components.unwrap_or(0),
            maximum_components: group.maximum_components.unwrap_or(u16::MAX),
            overlaps: group.overlaps,
        });
        let mut children = Vec::new();
        let mut other = None;
        let mut holds = usize::MAX;
        match &group.contents {
            Contents::Units(keys) => {
                self.list(group, number, keys, unit, known)?;
                holds = keys.len();
            }
            Contents::Groups(groups) => {
                holds = groups.len();
                for child in groups {
                    children.push(self.add(child, Some(number), unit, known)?);
                }
            }
            Contents::Other(rule) => {
                let ordinal = self
                    .forms
                    .iter()
                    .filter(|form| form.other.is_some())
                    .count();
                if ordinal >= MOST_OTHER {
                    return Err(StructureFault::TooLarge);
                }
                other = Some((ordinal, rule.clone()));
            }
        }
        let last = self.places.len();
        let Some(form) = self.forms.get_mut(number) else {
            return Err(StructureFault::TooLarge);
        };
        if form.minimum_credit > form.maximum_credit
            || form.minimum_components > form.maximum_components
            || usize::from(form.minimum_components) > holds
        {
            return Err(StructureFault::Contradiction {
                group: group.code.clone(),
            });
        }
        form.children = children;
        form.other = other;
        if form.is_leaf() {
            form.places = first..last;
            for place in first..last {
                form.options.insert(place);
            }
        }
        Ok(number)
    }

    fn list<'a>(
        &mut self,
        group: &Group,
        number: usize,
        keys: &[String],
        unit: &impl Fn(&str) -> Option<&'a UnitFacts>,
        known: &mut HashMap<String, u16>,
    ) -> Result<(), StructureFault> {
        let mut listed = Vec::new();
        for key in keys {
            let slot = match known.get(key) {
                Some(slot) => *slot,
                None => {
                    let slot = self.slot(group, key, unit)?;
                    known.insert(key.clone(), slot);
                    slot
                }
            };
            if listed.contains(&slot) {
                return Err(StructureFault::Twice { code: key.clone() });
            }
            listed.push(slot);
        }
        let credit = |slot: &u16| {
            self.slots
                .get(usize::from(*slot))
                .map_or(0, |slot| slot.credit)
        };
        listed.sort_by_key(|slot| std::cmp::Reverse(credit(slot)));
        for slot in listed {
            let place = self.places.len();
            if place >= MOST_OPTIONS {
                return Err(StructureFault::TooLarge);
            }
            if let Some(unit) = self.slots.get_mut(usize::from(slot)) {
                unit.options.push(place);
                self.places.push(Place {
                    slot,
                    group: u16::try_from(number).unwrap_or(NONE),
                    credit: unit.credit,
                    at: if unit.at_level { unit.credit } else { 0 },
                });
            }
        }
        Ok(())
    }

    fn slot<'a>(
        &mut self,
        group: &Group,
        key: &str,
        unit: &impl Fn(&str) -> Option<&'a UnitFacts>,
    ) -> Result<u16, StructureFault> {
        let facts = unit(key).ok_or_else(|| StructureFault::UnitUnknown {
            group: group.code.clone(),
            unit: key.to_owned(),
        })?;
        let credit = facts.credit.ok_or_else(|| StructureFault::CreditUnknown {
            group: group.code.clone(),
            unit: key.to_owned(),
        })?;
        let at_level = self
            .structure
            .floor
            .is_none_or(|floor| facts.level.is_some_and(|level| level >= floor.level));
        let number = u16::try_from(self.slots.len()).map_err(|_| StructureFault::TooLarge)?;
        self.slots.push(Slot {
            facts: facts.clone(),
            credit,
            at_level,
            options: Vec::new(),
        });
        Ok(number)
    }

    fn bar(
        &mut self,
        structure: &Structure,
        known: &HashMap<String, u16>,
    ) -> Result<(), StructureFault> {
        self.barred = vec![Bits::default(); self.slots.len()];
        let find = |key: &String| {
            known
                .get(key)
                .map(|slot| usize::from(*slot))
                .ok_or_else(|| StructureFault::BarredUnknown { unit: key.clone() })
        };
        for pair in &structure.barred {
            let unit = find(&pair.unit)?;
            for with in &pair.with {
                let with = find(with)?;
                for (one, other) in [(unit, with), (with, unit)] {
                    if let Some(bits) = self.barred.get_mut(one) {
                        bits.insert(other);
                    }
                }
            }
        }
        Ok(())
    }

    fn name_codes(&mut self) {
        for (number, slot) in self.slots.iter().enumerate() {
            let number = u16::try_from(number).unwrap_or(NONE);
            let own = self.by_code.entry(slot.facts.key.clone()).or_default();
            own.insert(0, number);
        }
        for (number, slot) in self.slots.iter().enumerate() {
            let number = u16::try_from(number).unwrap_or(NONE);
            for key in &slot.facts.equivalents {
                let stands_for = self.by_code.entry(key.clone()).or_default();
                // A unit that is itself listed stands for itself.
                let listed = stands_for.first().is_some_and(|first| {
                    self.slots
                        .get(usize::from(*first))
                        .is_some_and(|slot| slot.facts.key == *key)
                });
                if !listed && !stands_for.contains(&number) {
                    stands_for.push(number);
                }
            }
        }
    }

    /// Marks what every completion has, and what cannot all count together.
    fn mark(&mut self) {
        let mut required = vec![false; self.forms.len()];
        for number in 0..self.forms.len() {
            let Some(form) = self.forms.get(number) else {
                continue;
            };
            let needed = form.parent.is_none_or(|parent| {
                at(&required, parent)
                    && self.forms.get(parent).is_some_and(|parent| {
                        usize::from(parent.minimum_components) == parent.children.len()
                    })
            });
            crate::place::set(&mut required, number, needed);
            let all = usize::from(form.minimum_components) == form.places.len();
            if needed && all && form.is_leaf() && form.other.is_none() {
                self.mandatory = self.mandatory.union(&form.options);
            }
        }
        for (number, slot) in self.slots.iter().enumerate() {
            let barred = self.barred.get(number).is_some_and(|bits| !bits.is_empty());
            if barred || slot.options.len() > 1 {
                for place in &slot.options {
                    self.contended.insert(*place);
                }
            }
        }
        // Where nothing lies below the floor's level, all credit is at it, and the floor is one more total.
        let below = self.slots.iter().any(|slot| !slot.at_level);
        let other = self.forms.iter().any(|form| form.other.is_some());
        if !below && !other {
            self.total = self.total.max(self.floor);
            self.floor = 0;
        }
    }

    /// The rules it was made of.
    #[must_use]
    pub fn structure(&self) -> &Structure {
        &self.structure
    }

    /// Whether every figure it rests on was confirmed by a source.
    #[must_use]
    pub fn confirmed(&self) -> bool {
        self.confirmed
    }

    /// The facts of a unit it lists.
    #[must_use]
    pub fn unit(&self, key: &str) -> Option<&UnitFacts> {
        self.slots
            .iter()
            .find(|slot| slot.facts.key == key)
            .map(|slot| &slot.facts)
    }

    pub(crate) fn slot_at(&self, number: u16) -> Option<&Slot> {
        self.slots.get(usize::from(number))
    }
}
