//! Making a workforce of which no table has a small cell, out of one that has. Pure; see the [module](super) for what it
//! is for and why that is enough.

use super::cell::{Dimension, Grouping};
use std::collections::HashMap;

/// People who are alike in every dimension, each by the place of its key in a list of keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// A key for each of [`Dimension::ALL`].
    pub keys: [usize; 5],
    /// How many they are.
    pub people: u32,
}

impl Group {
    /// What tells its cell of a table from the others.
    pub(super) fn cell(&self, table: Grouping) -> [usize; 5] {
        let mut cell = [0; 5];
        for ((dimension, key), of) in Dimension::ALL.iter().zip(&self.keys).zip(&mut cell) {
            if table.has(*dimension) {
                *of = *key + 1;
            }
        }
        cell
    }
}

/// Of how many people a cell is not small any more, and what small cells are rounded to.
const BASE: u32 = 5;
/// How often it is looked for a better choice.
const PASSES: usize = 20;

/// How many each group has in the protected workforce, in the order given. Keys of sector and role go together: groups of
/// one role are of one sector.
#[must_use]
pub fn protect(groups: &[Group]) -> Vec<u32> {
    let cells = Cells::of(groups);
    let rounded = cells.to_round(groups);
    let mut people: Vec<u32> = groups.iter().map(|group| group.people).collect();
    cells.choose(groups, &rounded, &mut people);
    people
}

/// The cells of all tables, each with a number of its own.
struct Cells {
    /// Those in which each group is.
    of: Vec<Vec<usize>>,
    /// How many people each has.
    people: Vec<i64>,
}

impl Cells {
    fn of(groups: &[Group]) -> Self {
        let mut tables: Vec<Grouping> = Grouping::all().map(Grouping::telling).collect();
        tables.sort();
        tables.dedup();
        let mut of: Vec<Vec<usize>> = vec![Vec::with_capacity(tables.len()); groups.len()];
        let mut people: Vec<i64> = Vec::new();
        for table in tables {
            let mut numbers: HashMap<[usize; 5], usize> = HashMap::new();
            for (group, of) in groups.iter().zip(&mut of) {
                let number = *numbers.entry(group.cell(table)).or_insert(people.len());
                if number == people.len() {
                    people.push(0);
                }
                add(&mut people, number, group.people.into());
                of.push(number);
            }
        }
        Self { of, people }
    }

    /// Which groups have to be rounded: those of every small cell; and since a cell has fewer without them, those of the
    /// cells that are small without them. What is left of each cell is nobody, or at least five. It makes no difference in
    /// which order they are found: a cell that has become small stays it until nothing is left of it.
    fn to_round(&self, groups: &[Group]) -> Vec<bool> {
        let mut left = self.people.clone();
        let mut rounded = vec![false; groups.len()];
        let mut more = true;
        while more {
            more = false;
            let all = groups.iter().zip(&self.of).zip(&mut rounded);
            for ((group, cells), rounded) in all.filter(|(_, rounded)| !**rounded) {
                let small = |cell: &usize| (1..i64::from(BASE)).contains(&at(&left, *cell));
                if cells.iter().any(small) {
                    *rounded = true;
                    more = true;
                    for cell in cells {
                        add(&mut left, *cell, -i64::from(group.people));
                    }
                }
            }
        }
        rounded
    }

    /// Rounds each of those down or up to a multiple of five: by turns whichever brings the cells in which it is nearer to
    /// what they had, by the sum of the squares of what they differ, until nothing is better otherwise. Of a small cell one
    /// is raised at the most, so that it has five afterwards, or none.
    fn choose(&self, groups: &[Group], rounded: &[bool], people: &mut [u32]) {
        let mut differs = vec![0; self.people.len()];
        let mut raised = vec![0; self.people.len()];
        for _ in 0..PASSES {
            let mut better = false;
            let all = groups.iter().zip(&self.of).zip(rounded).zip(&mut *people);
            for (((group, cells), rounded), people) in all {
                let over = group.people % BASE;
                if !rounded || over == 0 {
                    continue;
                }
                let down = group.people - over;
                let chosen = i64::from(*people) - i64::from(group.people);
                let own = i64::from(chosen > 0);
                // What the cells differ without this group. Up goes before down where
                // Σ (differ + 5 - over)² < Σ (differ - over)².
                let sum: i64 = cells.iter().map(|cell| at(&differs, *cell) - chosen).sum();
                let each = i64::try_from(cells.len()).unwrap_or_default();
                let nearer = 2 * sum < each * (2 * i64::from(over) - i64::from(BASE));
                let room = |cell: &usize| {
                    at(&self.people, *cell) >= BASE.into() || at(&raised, *cell) == own
                };
                let up = nearer && cells.iter().all(room);
                let now = if up { down + BASE } else { down };
                if now != *people {
                    better = true;
                    let change = i64::from(now) - i64::from(*people);
                    *people = now;
                    for cell in cells {
                        add(&mut differs, *cell, change);
                        add(&mut raised, *cell, i64::from(up) - own);
                    }
                }
            }
            if !better {
                break;
            }
        }
    }
}

fn at(numbers: &[i64], place: usize) -> i64 {
    numbers.get(place).copied().unwrap_or_default()
}

fn add(numbers: &mut [i64], place: usize, more: i64) {
    if let Some(number) = numbers.get_mut(place) {
        *number += more;
    }
}
