//! The cheapest way through the tree of groups when conflicts between choices are left aside: an exact table of
//! what each amount of credit costs, group by group. What it finds costs at most what the true answer costs.
//!
//! A group's table is as large as what is asked of it: credit that its siblings are bound to bring is taken off
//! first. The credit in a table saturates there, since more of it changes nothing.

use super::compile::{Form, MOST_OTHER};
use super::measure::Measure;
use super::need::{Need, Surely};
use super::task::{COST_SHIFT, Choice, Task};
use crate::bits::Bits;
use crate::place::{at, set};

const NOTHING: u32 = u32::MAX;
const JOIN: u32 = 1 << 31;
const OPEN: u32 = 1 << 30;

/// The cheapest way, conflicts aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) cost: u32,
    pub(crate) chosen: Bits,
    /// Credit to be gained in each group of other credit.
    pub(crate) open: [u16; MOST_OTHER],
}

/// A cell of a table: what it costs, and by which last step it was reached.
#[derive(Clone, Copy)]
struct Cell {
    cost: u32,
    step: u32,
}

const EMPTY: Cell = Cell {
    cost: NOTHING,
    step: NOTHING,
};

impl Default for Cell {
    fn default() -> Self {
        EMPTY
    }
}

/// What a group can bring to its parent, and at what cost.
#[derive(Clone, Copy)]
struct Point {
    credit: usize,
    level: usize,
    cell: Cell,
}

/// Room for the tables, kept between calls.
#[derive(Default)]
pub(crate) struct Tables {
    /// Steps: the one before, and what was taken.
    steps: Vec<(u32, u32)>,
    paid: Bits,
    pub(super) floor: usize,
    pub(super) surely: Vec<Surely>,
    pub(super) needs: Vec<Need>,
    points: Vec<Vec<Point>>,
    now: Vec<Cell>,
    next: Vec<Cell>,
    grid: Vec<Cell>,
}

impl Tables {
    /// The cheapest way without the choices in `excluded`, those in `paid` for nothing; none where there is none.
    ///
    /// Least credit at a level doubles the work, and seldom matters: first it is left aside. Where what is found has
    /// enough of it, or gaining only what is at the level costs no more, that is the answer.
    pub(crate) fn cheapest(
        &mut self,
        task: &Task<'_>,
        excluded: &Bits,
        paid: &Bits,
    ) -> Option<Way> {
        let floor = task.compiled.floor;
        if floor == 0 {
            return self.solve(task, excluded, paid, 0);
        }
        let free = self.solve(task, excluded, paid, 0)?;
        if task.tally(&free.chosen, &free.open).complete {
            return Some(free);
        }
        let mut narrow = *excluded;
        for (number, choice) in task.choices.iter().enumerate() {
            if choice.is_gained() && choice.at < choice.credit {
                narrow.insert(number);
            }
        }
        let high = self.solve(task, &narrow, paid, 0);
        if let Some(high) = high
            && high.cost >> COST_SHIFT == free.cost >> COST_SHIFT
            && task.tally(&high.chosen, &high.open).complete
        {
            return Some(high);
        }
        self.solve(task, excluded, paid, floor)
    }

    fn solve(&mut self, task: &Task<'_>, excluded: &Bits, paid: &Bits, floor: u16) -> Option<Way> {
        self.paid = *paid;
        self.floor = usize::from(floor);
        let forms = &task.compiled.forms;
        self.steps.clear();
        self.surely.clear();
        self.surely.resize(forms.len(), Surely::default());
        self.needs.clear();
        self.needs.resize(forms.len(), Need::default());
        self.points.resize_with(forms.len(), Vec::new);
        for (number, form) in forms.iter().enumerate().rev() {
            let surely = self.surely_of(task, excluded, number, form);
            set(&mut self.surely, number, surely);
        }
        if !self.surely.first()?.feasible {
            return None;
        }
        self.ask(task);
        for (number, form) in forms.iter().enumerate().rev() {
            let mut points = self.points.get_mut(number).map(std::mem::take)?;
            points.clear();
            if at(&self.surely, number).feasible {
                if form.is_leaf() {
                    self.units(task, excluded, number, form, &mut points);
                } else {
                    self.groups(number, form, &mut points);
                }
            }
            set(&mut self.points, number, points);
        }
        let (total, floor) = (usize::from(task.compiled.total), self.floor);
        let best = self
            .points
            .first()?
            .iter()
            .filter(|point| point.credit >= total && point.level >= floor)
            .min_by_key(|point| point.cell.cost)?;
        let mut way = Way {
            cost: best.cell.cost,
            chosen: Bits::default(),
            open: [0; MOST_OTHER],
        };
        self.unwind(best.cell.step, &mut way);
        Some(way)
    }

    /// The points of a group of units or of other credit.
    fn units(
        &mut self,
        task: &Task<'_>,
        excluded: &Bits,
        number: usize,
        form: &Form,
        points: &mut Vec<Point>,
    ) {
        let need = at(&self.needs, number);
        let minimum = usize::from(form.minimum_components);
        let most = usize::from(form.maximum_components);
        let count = Self::available(task, excluded, number).count();
        let bounded = most < count || (form.other.is_some() && most < usize::from(u16::MAX));
        let all = count == minimum && form.other.is_none();
        let measure = Measure {
            components: if bounded { most } else { minimum.max(1) },
            saturates: !bounded,
            credit: need.credit,
            level: need.up_level,
        };
        let mut now = std::mem::take(&mut self.now);
        now.clear();
        now.resize(measure.size(), EMPTY);
        // What is held costs nothing, and where there is no most it can only help: it is taken first.
        let mut first = (0, 0, 0);
        let mut start = Cell {
            cost: 0,
            step: NOTHING,
        };
        for (choice, facts) in Self::available(task, excluded, number) {
            if all || (!bounded && self.cost(choice, facts) == 0) {
                first = (
                    (first.0 + 1).min(measure.components),
                    (first.1 + usize::from(facts.credit)).min(measure.credit),
                    (first.2 + usize::from(facts.at)).min(measure.level),
                );
                start = self.push(start, self.cost(choice, facts), choice);
            }
        }
        set(&mut now, measure.index(first.0, first.1, first.2), start);
        if !all {
            // Of choices that are alike no more are offered than can be of use, first those without conflict.
            let mut alike: Vec<((u16, u16, u32), usize)> = Vec::new();
            for contended in [false, true] {
                for (choice, facts) in Self::available(task, excluded, number) {
                    let cost = self.cost(choice, facts);
                    let offered = bounded || cost != 0;
                    if task.contended.contains(choice) != contended || !offered {
                        continue;
                    }
                    let (credit, level) = (usize::from(facts.credit), usize::from(facts.at));
                    let kind = (facts.credit, facts.at, cost);
                    let useful = measure.useful(credit, level, minimum);
                    match alike.iter_mut().find(|(known, _)| *known == kind) {
                        Some((_, count)) if *count >= useful => continue,
                        Some((_, count)) => *count += 1,
                        None => alike.push((kind, 1)),
                    }
                    self.take(&mut now, measure, choice, facts);
                }
            }
        }
        self.emit(task, form, need, measure, &now, points);
        self.now = now;
    }

    /// Offers one more choice to every place of the table.
    fn take(&mut self, now: &mut [Cell], measure: Measure, choice: usize, facts: &Choice) {
        let (credit, level) = (usize::from(facts.credit), usize::from(facts.at));
        let cost = self.cost(choice, facts);
        for (index, place) in measure.downward() {
            let cell = at(now, index);
            if cell.cost == NOTHING {
                continue;
            }
            let Some(target) = measure.step(place, credit, level) else {
                continue;
            };
            if cell.cost.saturating_add(cost) < at(now, target).cost {
                let better = self.push(cell, cost, choice);
                set(now, target, better);
            }
        }
    }

    fn cost(&self, choice: usize, facts: &Choice) -> u32 {
        if facts.cost == 0 || self.paid.contains(choice) {
            0
        } else {
            facts.cost
        }
    }

    fn push(&mut self, from: Cell, cost: u32, item: usize) -> Cell {
        let step = u32::try_from(self.steps.len()).unwrap_or(NOTHING);
        self.steps
            .push((from.step, u32::try_from(item).unwrap_or(0)));
        Cell {
            cost: from.cost.saturating_add(cost),
            step,
        }
    }

    /// The points of a group of groups.
    fn groups(&mut self, number: usize, form: &Form, points: &mut Vec<Point>) {
        let need = at(&self.needs, number);
        let all = self.all_needed(form);
        let minimum = usize::from(form.minimum_components);
        let most = usize::from(form.maximum_components);
        let bounded = most < form.children.len();
        let measure = Measure {
            components: match (all, bounded) {
                (true, _) => 0,
                (false, true) => most,
                (false, false) => minimum.max(1),
            },
            saturates: all || !bounded,
            credit: need.credit,
            level: need.up_level,
        };
        let mut now = std::mem::take(&mut self.now);
        let mut next = std::mem::take(&mut self.next);
        now.clear();
        now.resize(measure.size(), EMPTY);
        let start = Cell {
            cost: 0,
            step: NOTHING,
        };
        set(&mut now, 0, start);
        for child in &form.children {
            if !at(&self.surely, *child).feasible {
                continue;
            }
            next.clear();
            if all {
                next.resize(measure.size(), EMPTY);
            } else {
                next.extend_from_slice(&now);
            }
            let brought = self
                .points
                .get_mut(*child)
                .map(std::mem::take)
                .unwrap_or_default();
            for (index, place) in measure.downward() {
                let cell = at(&now, index);
                if cell.cost == NOTHING {
                    continue;
                }
                for point in &brought {
                    let Some(target) = measure.step(place, point.credit, point.level) else {
                        continue;
                    };
                    if cell.cost.saturating_add(point.cell.cost) < at(&next, target).cost {
                        let join = usize::try_from(JOIN | point.cell.step).unwrap_or(0);
                        let better = self.push(cell, point.cell.cost, join);
                        set(&mut next, target, better);
                    }
                }
            }
            set(&mut self.points, *child, brought);
            std::mem::swap(&mut now, &mut next);
        }
        self.emit_satisfied(form, need, measure, all, &now, points);
        self.now = now;
        self.next = next;
    }

    /// Of a table of units: what satisfies the group, with credit gained elsewhere where the group takes it.
    fn emit(
        &mut self,
        task: &Task<'_>,
        form: &Form,
        need: Need,
        measure: Measure,
        now: &[Cell],
        points: &mut Vec<Point>,
    ) {
        let (Some((ordinal, _)), Some(price)) = (&form.other, task.open_cost) else {
            self.emit_satisfied(form, need, measure, false, now, points);
            return;
        };
        let most = usize::from(form.maximum_components);
        let mut more = now.to_vec();
        for (index, place) in measure.downward() {
            let cell = at(now, index);
            if cell.cost == NOTHING || place.0 + 1 > most {
                continue;
            }
            let lacking = usize::from(form.minimum_components)
                .saturating_sub(place.0)
                .max(1);
            let useful = (measure.credit - place.1).max(measure.level - place.2);
            for credit in lacking..=lacking.max(useful) {
                let target = measure.index(
                    (place.0 + lacking).min(measure.components),
                    (place.1 + credit).min(measure.credit),
                    (place.2 + credit).min(measure.level),
                );
                let amount = u32::try_from(credit).unwrap_or(0);
                let cost = amount.saturating_mul(price).saturating_add(1);
                if cell.cost.saturating_add(cost) < at(&more, target).cost {
                    let item = (OPEN as usize) | (ordinal << 16) | credit;
                    let better = self.push(cell, cost, item);
                    set(&mut more, target, better);
                }
            }
        }
        self.emit_satisfied(form, need, measure, false, &more, points);
    }

    fn emit_satisfied(
        &mut self,
        form: &Form,
        need: Need,
        measure: Measure,
        all: bool,
        now: &[Cell],
        points: &mut Vec<Point>,
    ) {
        let root = form.parent.is_none();
        let minimum = usize::from(form.minimum_components).max(usize::from(!root));
        let least = usize::from(form.minimum_credit);
        let width = need.up_level + 1;
        let mut grid = std::mem::take(&mut self.grid);
        grid.clear();
        grid.resize((need.up_credit + 1) * width, EMPTY);
        for (index, (components, credit, level)) in measure.downward() {
            let cell = at(now, index);
            let satisfied = (all || components >= minimum) && credit >= least;
            if cell.cost == NOTHING || !satisfied {
                continue;
            }
            let place = credit.min(need.up_credit) * width + level.min(need.up_level);
            if cell.cost < at(&grid, place).cost {
                set(&mut grid, place, cell);
            }
        }
        // Kept are those than which none brings as much for as little.
        let mut best = vec![NOTHING; width + 1];
        for credit in (0..=need.up_credit).rev() {
            for level in (0..=need.up_level).rev() {
                let cell = at(&grid, credit * width + level);
                let others = best.get(level).copied().unwrap_or(NOTHING);
                let others = others.min(best.get(level + 1).copied().unwrap_or(NOTHING));
                if cell.cost < others {
                    points.push(Point {
                        credit,
                        level,
                        cell,
                    });
                }
                set(&mut best, level, others.min(cell.cost));
            }
        }
        self.grid = grid;
    }

    fn unwind(&self, step: u32, way: &mut Way) {
        let mut open = vec![step];
        while let Some(step) = open.pop() {
            let Some((before, item)) = self.steps.get(step as usize).copied() else {
                continue;
            };
            open.push(before);
            if item & JOIN != 0 {
                open.push(item & !JOIN);
            } else if item & OPEN != 0 {
                let ordinal = (item >> 16 & 0xff) as usize;
                let credit = u16::try_from(item & 0xffff).unwrap_or(u16::MAX);
                set(&mut way.open, ordinal, credit);
            } else {
                way.chosen.insert(item as usize);
            }
        }
    }
}
