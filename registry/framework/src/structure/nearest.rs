//! Which qualifications a person is closest to. For many people over many structures: what a person's awards do not
//! touch costs what it costs everybody, what they touch is looked at in the order of the least it can cost.

use super::compile::Compiled;
use super::holding::Holding;
use super::search::{Bound, Objective, Search, Searched, plan};
use super::task::Task;
use crate::award::Award;
use crate::bits::Bits;
use schema::Date;
use std::collections::{BTreeMap, HashMap};

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
    /// The structures that an award of a code can matter to.
    by_code: HashMap<String, Vec<usize>>,
    /// Those to which any award can matter by its credit.
    by_credit: Vec<usize>,
    /// What each costs somebody who holds nothing of it, the cheapest first.
    unheld: Vec<Near>,
    bound: Bound,
}

/// Room for one thread's questions about one [`Nearest`]. Of people who hold the same of a structure the first is
/// looked at.
#[derive(Default)]
pub struct Workspace {
    search: Search,
    known: HashMap<(usize, Bits), Option<Near>>,
}

/// How many answers a workspace remembers.
const REMEMBERED: usize = 200_000;

impl Nearest {
    /// Prepares structures.
    #[must_use]
    pub fn new(structures: Vec<Compiled>, bound: Bound) -> Self {
        let mut by_code: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_credit = Vec::new();
        let mut unheld = Vec::new();
        let mut workspace = Workspace::default();
        for (place, structure) in structures.iter().enumerate() {
            let own = &structure.structure;
            let numbers = std::iter::once(&own.qualification).chain(&own.also);
            for code in structure.by_code.keys().chain(numbers) {
                by_code.entry(code.clone()).or_default().push(place);
            }
            if structure.forms.iter().any(|form| form.other.is_some()) {
                by_credit.push(place);
            }
            unheld.extend(cost(
                structure,
                place,
                &Holding::default(),
                bound,
                &mut workspace,
            ));
        }
        unheld.sort_by_key(|near| (near.remaining, near.structure));
        Self {
            structures,
            by_code,
            by_credit,
            unheld,
            bound,
        }
    }

    /// A structure by its place.
    #[must_use]
    pub fn structure(&self, place: usize) -> Option<&Compiled> {
        self.structures.get(place)
    }

    /// The `first` nearest that are not complete, the nearest first, of those that `among` lets pass.
    #[must_use]
    pub fn near(
        &self,
        awards: &[Award],
        day: Date,
        first: usize,
        among: impl Fn(&Compiled) -> bool,
        workspace: &mut Workspace,
    ) -> Vec<Near> {
        let mut touched: BTreeMap<usize, u32> = BTreeMap::new();
        let mut holdings = HashMap::new();
        let by_code = awards
            .iter()
            .filter_map(|award| self.by_code.get(award.code()))
            .flatten();
        let by_credit = self.by_credit.iter().filter(|_| !awards.is_empty());
        for place in by_code.chain(by_credit) {
            if touched.contains_key(place) {
                continue;
            }
            if let Some(structure) = self.structures.get(*place).filter(|one| among(one)) {
                let holding = Holding::new(structure, awards, day);
                touched.insert(*place, structure.at_least(&holding));
                holdings.insert(*place, holding);
            }
        }
        let mut order: Vec<(u32, usize)> = touched
            .iter()
            .map(|(place, least)| (*least, *place))
            .collect();
        order.sort_unstable();
        let mut nearest: Vec<Near> = self
            .unheld
            .iter()
            .filter(|near| !touched.contains_key(&near.structure))
            .filter(|near| self.structures.get(near.structure).is_some_and(&among))
            .take(first)
            .copied()
            .collect();
        for (least, place) in order {
            let worst = nearest
                .get(first.saturating_sub(1))
                .map(|near| near.remaining);
            if worst.is_some_and(|worst| least >= worst) {
                break;
            }
            let (Some(structure), Some(holding)) =
                (self.structures.get(place), holdings.get(&place))
            else {
                continue;
            };
            if let Some(near) = cost(structure, place, holding, self.bound, workspace) {
                nearest.push(near);
                nearest.sort_by_key(|near| (near.remaining, near.structure));
                nearest.truncate(first);
            }
        }
        nearest
    }
}

/// What a structure costs; none where it is complete or nothing completes it.
fn cost(
    structure: &Compiled,
    place: usize,
    holding: &Holding,
    bound: Bound,
    workspace: &mut Workspace,
) -> Option<Near> {
    let plain = holding.extra.is_empty() && holding.whole.is_none();
    let key = (place, holding.held);
    if let Some(known) = workspace.known.get(&key).filter(|_| plain) {
        return *known;
    }
    let near = search(structure, place, holding, bound, &mut workspace.search);
    if plain {
        if workspace.known.len() >= REMEMBERED {
            workspace.known.clear();
        }
        workspace.known.insert(key, near);
    }
    near
}

fn search(
    structure: &Compiled,
    place: usize,
    holding: &Holding,
    bound: Bound,
    search: &mut Search,
) -> Option<Near> {
    if structure.is_complete(holding, bound) == Some(true) {
        return None;
    }
    let Some(task) = Task::new(structure, holding, Some(Objective::Credit)) else {
        // More is held than can be looked at.
        return Some(Near {
            structure: place,
            remaining: structure.at_least(holding),
            decided: false,
        });
    };
    let (remaining, decided) = match search.run(&task, bound) {
        Searched::Found(way) => (u32::from(plan(&task, &way).credit), true),
        Searched::Bound { at_least, .. } => (at_least, false),
        Searched::None => return None,
    };
    Some(Near {
        structure: place,
        remaining,
        decided,
    })
}
