//! Rules of combination: which units make a qualification.

use super::Unit;
use crate::action::framework::Framework;
use crate::graphql::framework::Level;
use async_graphql::SimpleObject;
use framework::structure::{self, Compiled, Contents};

/// Which units make a qualification.
#[derive(SimpleObject)]
pub struct Structure {
    /// The least credit in all.
    pub total_credit: i32,
    /// The least credit at or above a level.
    pub minimum_credit_at_or_above_level: Option<i32>,
    /// That level.
    pub minimum_credit_level: Option<Level>,
    /// Whether a source confirms the rules, and level and credit of the units they name.
    pub confirmed: bool,
    /// Where they were read.
    pub source: Option<String>,
    /// The outermost group.
    pub groups: Vec<Group>,
    /// Units that do not count together.
    pub barred: Vec<BarredPair>,
}

/// A group of units, or of groups. It is mandatory where `minimumComponents` is the number of what it lists.
#[derive(SimpleObject)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// The least credit that must count in it.
    pub minimum_credit: Option<i32>,
    /// The most credit that counts in it.
    pub maximum_credit: Option<i32>,
    /// The least number of units, or of groups, that must count in it.
    pub minimum_components: Option<i32>,
    /// The most that count.
    pub maximum_components: Option<i32>,
    /// The units it lists.
    pub units: Vec<Unit>,
    /// The groups it holds.
    pub groups: Vec<Group>,
    /// Of a group that takes credit from elsewhere: how many months ago that may have been awarded at most.
    pub other_credit_within_months: Option<i32>,
}

/// Two units of which one counts.
#[derive(SimpleObject)]
pub struct BarredPair {
    /// The two.
    pub units: Vec<Unit>,
    /// Why, in the words of the rules.
    pub reason: Option<String>,
}

impl Structure {
    /// The rules as the framework has them.
    pub(in crate::graphql) fn of(framework: &Framework, compiled: &Compiled) -> Self {
        let structure = compiled.structure();
        let barred = structure.barred.iter().flat_map(|barred| {
            barred.with.iter().map(|other| BarredPair {
                units: vec![
                    Unit::named(framework, &barred.unit),
                    Unit::named(framework, other),
                ],
                reason: barred.reason.clone(),
            })
        });
        Self {
            total_credit: i32::from(structure.total_credit),
            minimum_credit_at_or_above_level: structure.floor.map(|floor| i32::from(floor.credit)),
            minimum_credit_level: structure.floor.and_then(|floor| Level::of(floor.level)),
            confirmed: compiled.confirmed(),
            source: Some(structure.source.clone()),
            groups: vec![Group::of(framework, &structure.root)],
            barred: barred.collect(),
        }
    }
}

impl Group {
    fn of(framework: &Framework, group: &structure::Group) -> Self {
        let (mut units, mut groups, mut months) = (Vec::new(), Vec::new(), None);
        match &group.contents {
            Contents::Units(keys) => {
                units.extend(keys.iter().map(|key| Unit::named(framework, key)));
            }
            Contents::Groups(inner) => {
                groups.extend(inner.iter().map(|one| Self::of(framework, one)));
            }
            Contents::Other(other) => months = other.within_months.map(i32::from),
        }
        Self {
            name: group.name.clone(),
            minimum_credit: group.minimum_credit.map(i32::from),
            maximum_credit: group.maximum_credit.map(i32::from),
            minimum_components: group.minimum_components.map(i32::from),
            maximum_components: group.maximum_components.map(i32::from),
            units,
            groups,
            other_credit_within_months: months,
        }
    }
}
