//! Which qualifications a person is closest to. For many people over many structures: what a person's awards do not
//! touch costs what it costs everybody. What they touch is looked at in the order of the least it can cost, known first
//! from sums, then from [a bound rule by rule](super::least); where [a plain way](super::witness) costs no more than
//! that, it is the answer. Few structures are left to be searched.

use super::compile::Compiled;
use super::holding::Holding;
use super::least::Points;
use super::search::{Bound, Objective, Search, Searched, plan};
use super::task::Task;
use super::touch::{Asked, Touched, Touches, Uses};
use super::witness::Witness;
use crate::award::Award;
use crate::bits::Bits;
use schema::Date;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::ops::RangeInclusive;

/// How near a qualification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    /// The structure's place in [`Nearest`].
    pub structure: usize,
    /// The least credit still to be gained.
    pub remaining: u32,
    /// Whether that is exact; else it is a lower bound, since the search met its bound.
    pub decided: bool,
}

/// Structures, ready to be asked which of them a person is closest to.
pub struct Nearest {
    structures: Vec<Compiled>,
    uses: Uses,
    /// What each costs somebody who holds nothing of it, by its place; none where nothing completes it, or it is
    /// complete so.
    empty: Vec<Option<Empty>>,
    /// The same, the cheapest first.
    unheld: Vec<Near>,
    bound: Bound,
}

/// What a structure costs somebody who holds nothing of it.
#[derive(Clone, Copy)]
struct Empty {
    credit: u32,
    /// The credit of the units that every completion has.
    mandatory: u32,
}

/// Room for one thread's questions about one [`Nearest`]. What was searched for one person is known for the next who
/// holds the same of that structure.
#[derive(Default)]
pub struct Workspace {
    search: Search,
    points: Points,
    witness: Witness,
    known: HashMap<(usize, Bits), Found>,
    touches: Touches,
    /// Of structures to which the person's awards are more than plain units.
    holdings: HashMap<usize, Holding>,
    open: BinaryHeap<Reverse<Candidate>>,
}

/// How many answers a workspace remembers.
const REMEMBERED: usize = 200_000;

/// A structure that may be among the nearest: the least it can cost, its place, and whether more can be said of that at
/// little cost. They are looked at in this order.
type Candidate = (u32, usize, Known);

/// What a search found.
#[derive(Clone, Copy)]
enum Found {
    /// What the structure costs; none where it is complete or nothing completes it.
    Cost(Option<Near>),
    /// It costs more than this.
    Beyond(u32),
}

/// How much is known of the least.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Known {
    /// By what is held in sum.
    BySum,
    /// By the rules.
    ByRule,
}

impl Nearest {
    /// Prepares structures.
    #[must_use]
    pub fn new(structures: Vec<Compiled>, bound: Bound) -> Self {
        let mut made = Self {
            structures: Vec::new(),
            uses: Uses::default(),
            empty: Vec::new(),
            unheld: Vec::new(),
            bound,
        };
        let mut room = Search::default();
        for (place, structure) in structures.iter().enumerate() {
            made.uses.add(structure, place);
            let holding = Holding::default();
            let within = 0..=u32::MAX;
            let near = search(structure, place, &holding, bound, within, &mut room).near();
            made.empty.push(near.map(|near| Empty {
                credit: near.remaining,
                mandatory: structure.mandatory_in_all(),
            }));
            made.unheld.extend(near);
        }
        made.unheld
            .sort_by_key(|near| (near.remaining, near.structure));
        made.structures = structures;
        made
    }

    /// A structure by its place.
    #[must_use]
    pub fn structure(&self, place: usize) -> Option<&Compiled> {
        self.structures.get(place)
    }

    /// The `first` nearest that are not complete, the nearest first and of those that are as near the first in place, of
    /// those that `among` lets pass.
    #[must_use]
    pub fn near(
        &self,
        awards: &[Award],
        day: Date,
        first: usize,
        among: impl Fn(&Compiled) -> bool,
        workspace: &mut Workspace,
    ) -> Vec<Near> {
        let asked = Asked { awards, day };
        let mut nearest = Vec::new();
        if first == 0 {
            return nearest;
        }
        self.uses.touch(asked, &mut workspace.touches);
        self.open(asked, &among, workspace);
        let untouched = |near: &&Near| {
            workspace
                .touches
                .of
                .get(near.structure)
                .is_none_or(|of| !of.is)
        };
        nearest.extend(
            self.unheld
                .iter()
                .filter(untouched)
                .filter(|near| self.structures.get(near.structure).is_some_and(&among))
                .take(first),
        );
        while let Some(Reverse((least, place, known))) = workspace.open.pop() {
            let worst = nearest
                .get(first - 1)
                .map(|near| (near.remaining, near.structure));
            if worst.is_some_and(|worst| (least, place) > worst) {
                break;
            }
            // Of those that are as near the first in place is the nearer.
            let most = worst.map_or(u32::MAX, |(remaining, other)| {
                remaining.saturating_sub(u32::from(place > other))
            });
            if known == Known::BySum {
                self.look_closer(least, place, workspace);
            } else if let Some(near) = self.cost(asked, place, least..=most, workspace) {
                nearest.push(near);
                nearest.sort_by_key(|near| (near.remaining, near.structure));
                nearest.truncate(first);
            }
        }
        nearest
    }

    /// Opens the question for the structures that are touched: the least that each can cost at first sight.
    fn open(&self, asked: Asked<'_>, among: impl Fn(&Compiled) -> bool, workspace: &mut Workspace) {
        workspace.open.clear();
        workspace.holdings.clear();
        for place in &workspace.touches.touched {
            let (Some(structure), Some(touch)) = (
                self.structures.get(*place),
                workspace.touches.of.get_mut(*place),
            ) else {
                continue;
            };
            if !among(structure) {
                continue;
            }
            if !touch.plain {
                let holding = Holding::new(structure, asked.awards, asked.day);
                if holding.whole.is_some() {
                    continue;
                }
                *touch = Touched::of(structure, &holding);
                if !touch.plain {
                    let held = touch.held(&holding.extra);
                    if let Some(least) = workspace.points.least(structure, held) {
                        let least = least.max(structure.at_least(&holding));
                        workspace.open.push(Reverse((least, *place, Known::ByRule)));
                        workspace.holdings.insert(*place, holding);
                    }
                    continue;
                }
            }
            // What is complete without units, or by none, is so with units. Units held save no more than their credit.
            if let Some(empty) = self.empty.get(*place).copied().flatten() {
                let floor = u32::from(structure.floor).saturating_sub(touch.level);
                let mandatory = empty.mandatory.saturating_sub(touch.mandatory);
                let least = empty.credit.saturating_sub(touch.credit);
                let least = least.max(floor).max(mandatory);
                workspace.open.push(Reverse((least, *place, Known::BySum)));
            }
        }
    }

    /// Looks closer at the least that a structure can cost, from plain units of it.
    fn look_closer(&self, least: u32, place: usize, workspace: &mut Workspace) {
        if let (Some(structure), Some(touch)) =
            (self.structures.get(place), workspace.touches.of.get(place))
            && let Some(closer) = workspace.points.least(structure, touch.held(&[]))
        {
            let least = closer.max(least);
            workspace.open.push(Reverse((least, place, Known::ByRule)));
        }
    }

    /// What a structure costs, which is known to be no less than the one end of `within`; none where it is complete, nothing
    /// completes it, or it costs more than the other end.
    fn cost(
        &self,
        asked: Asked<'_>,
        place: usize,
        within: RangeInclusive<u32>,
        workspace: &mut Workspace,
    ) -> Option<Near> {
        let (least, most) = (*within.start(), *within.end());
        let structure = self.structures.get(place)?;
        if let Some(holding) = workspace.holdings.get(&place) {
            let room = &mut workspace.search;
            let found = search(structure, place, holding, self.bound, within, room);
            return found.near();
        }
        let touch = workspace.touches.of.get(place)?;
        let plain = Holding {
            held: touch.held,
            ..Holding::default()
        };
        if least == 0 && structure.is_plainly_complete(&plain) == Some(true) {
            return None;
        }
        if least > 0 {
            // The points are those of another structure by now.
            workspace.points.least(structure, touch.held(&[]))?;
            let witness = &mut workspace.witness;
            let mut ways = workspace.points.ways(structure, least).take(WAYS);
            if ways.any(|way| witness.finds(structure, &touch.held, &way, least)) {
                return Some(Near {
                    structure: place,
                    remaining: least,
                    decided: true,
                });
            }
        }
        let key = (place, touch.held);
        match workspace.known.get(&key) {
            Some(Found::Beyond(more)) if *more < most => {}
            Some(found) => return found.near(),
            None => {}
        }
        let holding = Holding::new(structure, asked.awards, asked.day);
        let room = &mut workspace.search;
        let found = search(structure, place, &holding, self.bound, within, room);
        if workspace.known.len() >= REMEMBERED {
            workspace.known.clear();
        }
        workspace.known.insert(key, found);
        found.near()
    }
}

impl Found {
    fn near(self) -> Option<Near> {
        match self {
            Self::Cost(near) => near,
            Self::Beyond(_) => None,
        }
    }
}

/// How many ways to satisfy a structure's groups are tried for the least that it can cost.
const WAYS: usize = 4;

/// What a search says a structure costs, where that is known to be no less than the one end of `within`, and of use where
/// it is no more than the other.
fn search(
    structure: &Compiled,
    place: usize,
    holding: &Holding,
    bound: Bound,
    within: RangeInclusive<u32>,
    search: &mut Search,
) -> Found {
    let (least, most) = (*within.start(), *within.end());
    if least == 0 && structure.is_complete(holding, bound) == Some(true) {
        return Found::Cost(None);
    }
    let Some(task) = Task::new(structure, holding, Some(Objective::Credit)) else {
        // More is held than can be looked at.
        return Found::Cost(Some(Near {
            structure: place,
            remaining: structure.at_least(holding),
            decided: false,
        }));
    };
    let (remaining, decided) = match search.run_within(&task, bound, least, most) {
        Some(Searched::Found(way)) => (u32::from(plan(&task, &way).credit), true),
        Some(Searched::Bound { at_least, .. }) => (at_least, false),
        Some(Searched::None) => return Found::Cost(None),
        None => return Found::Beyond(most),
    };
    Found::Cost(Some(Near {
        structure: place,
        remaining,
        decided,
    }))
}
