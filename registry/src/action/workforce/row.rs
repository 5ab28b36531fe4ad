//! The rows of a table, out of a protected workforce and of what is stated of needs and provision. Pure.

use super::cell::{Dimension, Grouping};
use super::protect::Group;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What counts of people are rounded to.
pub const ROUNDING: u32 = 5;
/// The most people of a cell that are not told. Source: NHS Digital, disclosure control methodology for Hospital Episode
/// Statistics, 2018.
const SUPPRESSED: u64 = 7;
/// The most rows of a table that is published.
const MOST_ROWS: usize = 100_000;
/// The most combinations that are looked at for one.
const MOST_COMBINATIONS: usize = 10_000_000;

/// How many posts are needed, or places to learn there are, in a role and area: the other keys say nothing.
pub type Stated = Group;

/// A row of a table, its keys by their places in lists of keys; 0 and no key where the table does not have the dimension,
/// else one more than the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The keys.
    pub keys: [usize; 5],
    /// How many people, to the nearest five; none where they are few or nobody.
    pub people: Option<u64>,
    /// How many posts are needed, where anybody says so.
    pub needed: Option<u64>,
    /// How many places to learn there are, where anybody says so.
    pub provision: Option<u64>,
}

type Cell = [usize; 5];

/// The rows of a table by their keys; none where they are more than are published. A table without dimensions has one row,
/// of one dimension a row for each key that anybody has, and of more a row for each combination whose parts, with one
/// dimension fewer, anybody has; and in each case where needs or provision are stated. All of *protected* people: that there
/// is a row says nothing of the others.
#[must_use]
pub fn rows(
    table: Grouping,
    protected: &[Group],
    needed: &[Stated],
    provision: &[Stated],
) -> Option<Vec<Row>> {
    let people = sums(table, protected);
    let stated = |all: &[Stated]| {
        let told = !table.has(Dimension::Level) && !table.has(Dimension::Status);
        let all: &[Stated] = if told { all } else { &[] };
        sums(table, all)
    };
    let (needed, provision) = (stated(needed), stated(provision));
    let mut cells = grid(table, protected)?;
    cells.extend(people.keys().chain(needed.keys()).chain(provision.keys()));
    if cells.len() > MOST_ROWS {
        return None;
    }
    let row = |keys: Cell| Row {
        keys,
        people: people.get(&keys).copied().and_then(told),
        needed: needed.get(&keys).copied(),
        provision: provision.get(&keys).copied(),
    };
    Some(cells.into_iter().map(row).collect())
}

/// What is told of so many people.
fn told(people: u64) -> Option<u64> {
    let base = u64::from(ROUNDING);
    (people > SUPPRESSED).then(|| (people + base / 2) / base * base)
}

/// How many there are in each cell that has any; where a zero is stated, it is one.
fn sums(table: Grouping, groups: &[Group]) -> BTreeMap<Cell, u64> {
    let mut sums = BTreeMap::new();
    for group in groups {
        *sums.entry(group.cell(table)).or_default() += u64::from(group.people);
    }
    sums
}

/// The combinations whose parts anybody has; none where they are too many.
fn grid(table: Grouping, protected: &[Group]) -> Option<BTreeSet<Cell>> {
    let telling = table.telling();
    let dimensions: Vec<Dimension> = telling.dimensions().collect();
    let anybody = |dimensions: &[Dimension]| -> BTreeSet<Cell> {
        let part = Grouping::of(dimensions);
        protected.iter().map(|group| group.cell(part)).collect()
    };
    let mut grid = BTreeSet::new();
    match dimensions.as_slice() {
        [] => {
            grid.insert(Cell::default());
        }
        [first, second] => {
            let (firsts, seconds) = (anybody(&[*first]), anybody(&[*second]));
            few(&firsts, &seconds)?;
            for one in &firsts {
                grid.extend(seconds.iter().map(|other| joined(one, other)));
            }
        }
        [first, second, third] => {
            let pairs = anybody(&[*first, *second]);
            let thirds = anybody(&[*third]);
            few(&pairs, &thirds)?;
            let parts = [[*first, *third], [*second, *third]].map(|part| {
                let cells = anybody(&part);
                (Grouping::of(&part), cells)
            });
            for one in &pairs {
                let all = thirds.iter().map(|other| joined(one, other));
                grid.extend(all.filter(|cell| {
                    let mut parts = parts.iter();
                    parts.all(|(part, cells)| cells.contains(&only(cell, *part)))
                }));
            }
        }
        _ => {}
    }
    if table == telling {
        return Some(grid);
    }
    // Each role's row has the sector of the role.
    let sector = Grouping::of(&[Dimension::Sector]);
    let role = Grouping::of(&[Dimension::Role]);
    let sectors: HashMap<Cell, Cell> = protected
        .iter()
        .map(|group| (group.cell(role), group.cell(sector)))
        .collect();
    let with_sector = |cell: Cell| {
        let sector = sectors.get(&only(&cell, role)).copied();
        joined(&cell, &sector.unwrap_or_default())
    };
    Some(grid.into_iter().map(with_sector).collect())
}

fn few(these: &BTreeSet<Cell>, those: &BTreeSet<Cell>) -> Option<()> {
    (these.len().saturating_mul(those.len()) <= MOST_COMBINATIONS).then_some(())
}

fn joined(one: &Cell, other: &Cell) -> Cell {
    let mut cell = *one;
    for (key, other) in cell.iter_mut().zip(other) {
        *key = (*key).max(*other);
    }
    cell
}

/// The part of a cell.
fn only(cell: &Cell, part: Grouping) -> Cell {
    let mut cell = *cell;
    for (dimension, key) in Dimension::ALL.iter().zip(&mut cell) {
        if !part.has(*dimension) {
            *key = 0;
        }
    }
    cell
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
