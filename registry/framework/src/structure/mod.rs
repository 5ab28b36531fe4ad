//! Rules of combination: which units make a qualification. The model is that of the Learning Records Service's
//! "Routes to Achievement": a tree of groups with least and most credit and least and most components, barred
//! units, and least credit at or above a level.
//!
//! What the words mean here:
//! * a unit counts once, in one group, except in a group that [overlaps](Group::overlaps);
//! * a group's credit is that of what counts in it, up to its most credit; it reaches the parent only if the group
//!   itself is satisfied and something is in it;
//! * the components of a group of units are the units that count in it, those of a group of groups the groups in
//!   it that are satisfied and have something in them; what is above the most does not count;
//! * credit at or above a level is counted with the same caps, the higher levels first;
//! * of a barred pair one counts.

pub(crate) mod compile;
mod explain;
pub(crate) mod holding;
mod least;
mod measure;
mod nearest;
mod need;
mod progress;
mod quick;
mod search;
mod table;
mod task;
mod touch;
mod witness;

pub use compile::{Compiled, StructureFault};
pub use holding::Holding;
pub use nearest::{Near, Nearest, Workspace};
pub use progress::{GroupProgress, Progress};
pub use search::{Bound, Completion, Objective, Plan, Undecided};

use schema::Level;

/// A unit's facts, as far as rules of combination need them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitFacts {
    /// The unit's key: its reference, or the code by which its owner calls it.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Its level.
    pub level: Option<Level>,
    /// Its credit.
    pub credit: Option<u16>,
    /// Its guided learning hours.
    pub guided_learning_hours: Option<u16>,
    /// Keys of units that are accepted in its place.
    pub equivalents: Vec<String>,
    /// Whether level and credit were confirmed by a source.
    pub confirmed: bool,
}

/// The rules of combination of a qualification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Structure {
    /// The qualification's number.
    pub qualification: String,
    /// The qualification's title.
    pub title: Option<String>,
    /// The qualification's level.
    pub level: Option<Level>,
    /// Numbers of qualifications with the same rules, offered by other bodies.
    pub also: Vec<String>,
    /// The least credit in all.
    pub total_credit: u16,
    /// The least credit at or above a level.
    pub floor: Option<LevelFloor>,
    /// The outermost group.
    pub root: Group,
    /// Units that do not count together.
    pub barred: Vec<Barred>,
    /// Whether every figure was confirmed by a source.
    pub confirmed: bool,
    /// Where the rules were read.
    pub source: String,
}

/// The least credit that must be at or above a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LevelFloor {
    /// The level.
    pub level: Level,
    /// The credit.
    pub credit: u16,
}

/// A group of the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// A short code, unique in the structure, by which explanations cite the rule.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The least credit that must count in it.
    pub minimum_credit: Option<u16>,
    /// The most credit that counts in it.
    pub maximum_credit: Option<u16>,
    /// The least number of components. A group is mandatory where this is the number of what it lists.
    pub minimum_components: Option<u16>,
    /// The most components that count.
    pub maximum_components: Option<u16>,
    /// What is in it.
    pub contents: Contents,
    /// Whether what counts here may count in another group too. Such a group has minimums of its own and adds no
    /// credit to its parent, since credit counts once.
    pub overlaps: bool,
}

/// What a group lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contents {
    /// Units, by key.
    Units(Vec<String>),
    /// Groups.
    Groups(Vec<Group>),
    /// Credit from elsewhere.
    Other(OtherCredit),
}

/// Which credit from outside the lists a group takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OtherCredit {
    /// The level at or above which it must be.
    pub level: Option<Level>,
    /// The areas to one of which it must belong; empty: any.
    pub areas: Vec<String>,
    /// How many months before the day in question it may have been awarded at most.
    pub within_months: Option<u16>,
    /// Whether only units count that were taken as part of this qualification: its optional units, where their
    /// list is not held.
    pub part_only: bool,
}

/// Units that do not count together: the first does not count beside any of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barred {
    /// The unit.
    pub unit: String,
    /// Those it does not count with.
    pub with: Vec<String>,
    /// Why, in the words of the rules.
    pub reason: Option<String>,
}

impl Group {
    /// A group that asks for nothing.
    #[must_use]
    pub fn new(code: impl Into<String>, contents: Contents) -> Self {
        let code = code.into();
        Self {
            name: code.clone(),
            code,
            minimum_credit: None,
            maximum_credit: None,
            minimum_components: None,
            maximum_components: None,
            contents,
            overlaps: false,
        }
    }

    /// The group and all groups in it, each before those it holds, with its depth.
    #[must_use]
    pub fn walk(&self) -> Vec<(usize, &Self)> {
        let mut found = Vec::new();
        let mut open = vec![(0, self)];
        while let Some((depth, group)) = open.pop() {
            found.push((depth, group));
            if let Contents::Groups(groups) = &group.contents {
                open.extend(groups.iter().rev().map(|child| (depth + 1, child)));
            }
        }
        found
    }
}
