//! The least that completing a qualification can cost, rule by rule: what each group still lacks, and what of that
//! credit gained for one rule does for another. It costs a fraction of a search and is more often what a search finds.
//!
//! Each group is summed up in points. A point is one set of the groups in it that are satisfied: what must be paid
//! for that, and the credit that comes beside it for nothing. From there on a credit more costs a credit. A unit that
//! is held may stand in several groups here and barred pairs count in full, so that a point costs too little rather
//! than too much.

use super::compile::{Compiled, Form, Slot};
use super::holding::{Extra, Holding};
use super::touch::Touched;
use crate::bits::Bits;
use crate::place::at;

/// One way to satisfy a group: paying `paid` or more brings at most `credit` more than was paid, and `level` more at or
/// above the floor's level. Less than nothing comes beside it where what is paid passes the group's most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) paid: i32,
    credit: i32,
    level: i32,
    /// The groups that are satisfied, where the structure has no more than 64.
    pub(super) forms: u64,
}

impl Point {
    /// Whether it does whatever the other does for no more.
    fn beats(&self, other: &Self) -> bool {
        self.paid <= other.paid && self.credit >= other.credit && self.level >= other.level
    }

    fn beside(&self, other: &Self) -> Self {
        Self {
            paid: self.paid + other.paid,
            credit: self.credit + other.credit,
            level: self.level + other.level,
            forms: self.forms | other.forms,
        }
    }

    /// What it comes to within a group of such least and most credit.
    fn within(mut self, form: &Form) -> Self {
        let most = i32::from(form.maximum_credit);
        let paid = self.paid.max(i32::from(form.minimum_credit) - self.credit);
        self.credit = most.min(self.credit + paid) - paid;
        self.level = most.min(self.level + paid) - paid;
        self.paid = paid;
        self
    }

    /// What it costs to come to that credit, and to that credit at level.
    fn cost(&self, total: i32, floor: i32) -> i32 {
        self.paid.max(total - self.credit).max(floor - self.level)
    }
}

impl Compiled {
    /// Credit that is still to be gained at the very least, by every rule of the structure; none where nothing completes
    /// it. It takes longer than [`Compiled::at_least`] and is more often what a search finds.
    #[must_use]
    pub fn least(&self, holding: &Holding) -> Option<u32> {
        if holding.whole.is_some() {
            return Some(0);
        }
        let touched = Touched::of(self, holding);
        Points::default().least(self, touched.held(&holding.extra))
    }
}

/// How many ways to satisfy a group are told apart; beyond it the last stands for several, and costs the least of them.
const WAYS: usize = 12;

/// What is held of a structure, as the bound looks at it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held<'a> {
    pub(super) places: &'a Bits,
    pub(super) extra: &'a [Extra],
    /// The credit of all of it, each unit once, and that at or above the floor's level.
    pub(super) credit: u32,
    pub(super) level: u32,
}

/// Room for bounds, kept between them.
#[derive(Default)]
pub(super) struct Points {
    all: Vec<Point>,
    /// Where those of each group begin and end in `all`.
    of: Vec<(usize, usize)>,
    now: Vec<(u16, Point)>,
    next: Vec<(u16, Point)>,
}

impl Points {
    /// The ways to satisfy the outermost group that cost no more than that, by what is known of them.
    pub(super) fn ways(&self, compiled: &Compiled, cost: u32) -> impl Iterator<Item = Point> {
        let (total, floor) = (i32::from(compiled.total), i32::from(compiled.floor));
        let (first, last) = at(&self.of, 0);
        let ways = self.all.get(first..last).unwrap_or_default().iter();
        ways.filter(move |point| u32::try_from(point.cost(total, floor)).is_ok_and(|c| c <= cost))
            .copied()
    }

    /// The least that a completion can cost in credit; none where nothing completes it.
    pub(super) fn least(&mut self, compiled: &Compiled, held: Held<'_>) -> Option<u32> {
        self.all.clear();
        self.of.clear();
        self.of.resize(compiled.forms.len(), (0, 0));
        for (number, form) in compiled.forms.iter().enumerate().rev() {
            let first = self.all.len();
            if form.is_leaf() {
                self.all.extend(leaf(compiled, held, number, form));
            } else {
                self.groups(number, form);
            }
            crate::place::set(&mut self.of, number, (first, self.all.len()));
        }
        let (total, floor) = (i32::from(compiled.total), i32::from(compiled.floor));
        let (first, last) = at(&self.of, 0);
        let ways = self.all.get(first..last)?.iter();
        let least = ways.map(|point| point.cost(total, floor)).min()?;
        let least = u32::try_from(least).unwrap_or(0);
        // A point may count a unit in several groups; in all it counts once.
        let (twice, twice_level) = barred(compiled, held.places);
        let lacks = |of: u16, held: u32, twice: u32| (u32::from(of) + twice).saturating_sub(held);
        Some(
            least
                .max(lacks(compiled.total, held.credit, twice))
                .max(lacks(compiled.floor, held.level, twice_level)),
        )
    }

    /// The points of a group of groups.
    fn groups(&mut self, number: usize, form: &Form) {
        let root = form.parent.is_none();
        let minimum = form.minimum_components.max(u16::from(!root));
        let all = usize::from(minimum) == form.children.len();
        // Where any number may be satisfied it is enough to count up to the least.
        let bounded = usize::from(form.maximum_components) < form.children.len();
        self.now.clear();
        self.now.push((0, Point::default()));
        for child in &form.children {
            let (first, last) = at(&self.of, *child);
            self.next.clear();
            for (count, point) in &self.now {
                if !all {
                    keep(&mut self.next, *count, *point);
                }
                if bounded && *count >= form.maximum_components {
                    continue;
                }
                let more = if bounded {
                    count + 1
                } else {
                    minimum.min(count + 1)
                };
                for brought in self.all.get(first..last).unwrap_or_default() {
                    keep(&mut self.next, more, point.beside(brought));
                }
            }
            std::mem::swap(&mut self.now, &mut self.next);
        }
        for (count, point) in &self.now {
            if *count < minimum {
                continue;
            }
            let mut point = point.within(form);
            if form.overlaps {
                point = Point {
                    paid: point.paid,
                    ..Point::default()
                };
            }
            point.forms |= bit(number);
            self.all.push(point);
        }
    }
}

/// A group as a member of a set of groups; those beyond the 64th are none.
pub(super) fn bit(number: usize) -> u64 {
    u32::try_from(number)
        .ok()
        .and_then(|number| 1_u64.checked_shl(number))
        .unwrap_or(0)
}

/// The point of a group of units or of other credit; none where it cannot be satisfied.
fn leaf(compiled: &Compiled, held: Held<'_>, number: usize, form: &Form) -> Option<Point> {
    let minimum = form
        .minimum_components
        .max(u16::from(form.parent.is_some()));
    let (mut count, mut credit, mut level) = (0_u16, 0_i32, 0_i32);
    // Units come by credit, the most first.
    for place in held.places.intersection(&form.options).iter() {
        let place = at(&compiled.places, place);
        if count < form.maximum_components {
            credit += i32::from(place.credit);
        }
        count += 1;
        level += i32::from(place.at);
    }
    for extra in held
        .extra
        .iter()
        .filter(|extra| usize::from(extra.group) == number)
    {
        count = count.saturating_add(1);
        credit += i32::from(extra.credit);
        level += i32::from(extra.at);
    }
    let lacking = minimum.saturating_sub(count);
    let mut paid = 0;
    if form.other.is_some() {
        // Any number of awards of a credit or more.
        paid = i32::from(lacking);
    } else if lacking > 0 {
        let mut cheapest = form
            .places
            .clone()
            .rev()
            .filter(|place| !held.places.contains(*place));
        for _ in 0..lacking {
            paid += i32::from(at(&compiled.places, cheapest.next()?).credit);
        }
    }
    if form.overlaps {
        // What is gained for it may be gained for another group anyway, and brings its parent nothing.
        return Some(Point {
            forms: bit(number),
            ..Point::default()
        });
    }
    let point = Point {
        paid,
        credit,
        level,
        forms: bit(number),
    };
    Some(point.within(form))
}

/// Keeps a way if no other of as many components does the same for no more.
fn keep(ways: &mut Vec<(u16, Point)>, count: u16, point: Point) {
    if ways
        .iter()
        .any(|(other, way)| *other == count && way.beats(&point))
    {
        return;
    }
    ways.retain(|(other, way)| *other != count || !point.beats(way));
    let alike = ways.iter().filter(|(other, _)| *other == count).count();
    match ways.iter_mut().rev().find(|(other, _)| *other == count) {
        Some((_, last)) if alike >= WAYS => {
            last.paid = last.paid.min(point.paid);
            last.credit = last.credit.max(point.credit);
            last.level = last.level.max(point.level);
        }
        _ => ways.push((count, point)),
    }
}

/// The credit held that cannot count since of each barred pair one unit counts, and that at level. Each unit is looked
/// at in one pair only.
fn barred(compiled: &Compiled, held: &Bits) -> (u32, u32) {
    let (mut credit, mut level) = (0, 0);
    if held.intersection(&compiled.contended).is_empty() {
        return (credit, level);
    }
    let mut seen = Bits::default();
    let is_held = |slot: &Slot| {
        slot.options
            .first()
            .is_some_and(|place| held.contains(*place))
    };
    for (number, with) in compiled.barred.iter().enumerate() {
        let Some(one) = compiled.slots.get(number).filter(|_| !with.is_empty()) else {
            continue;
        };
        if seen.contains(number) || !is_held(one) {
            continue;
        }
        let held_too = |other: &usize| {
            *other != number
                && !seen.contains(*other)
                && compiled.slots.get(*other).is_some_and(is_held)
        };
        let Some(other) = with.iter().find(held_too) else {
            continue;
        };
        seen = seen.with(number).with(other);
        let Some(other) = compiled.slots.get(other) else {
            continue;
        };
        credit += u32::from(one.credit.min(other.credit));
        level += u32::from(one.at().min(other.at()));
    }
    (credit, level)
}
