//! Two qualifications side by side: what they share, what of one counts in the other, where they differ.

use crate::level::code;
use crate::structure::{Contents, Structure, UnitFacts};
use schema::Level;
use std::collections::BTreeSet;

/// A qualification, as far as it is compared.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// Its number.
    pub number: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its level.
    pub level: Option<Level>,
    /// Its credit.
    pub total_credit: Option<u32>,
    /// Its guided learning hours.
    pub guided_learning_hours: Option<u32>,
    /// Its type.
    pub kind: Option<&'a str>,
    /// Its rules of combination, where known.
    pub structure: Option<&'a Structure>,
    /// Other units known to belong to it, by key.
    pub units: &'a [String],
}

/// Two qualifications side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Keys of the units that both have, or that stand for each other.
    pub shared_units: Vec<String>,
    /// The credit of those units, up to what the right one requires in all.
    pub transferable_credit: u32,
    /// Where they differ, in English.
    pub differences: Vec<String>,
}

/// Compares two qualifications; `unit` gives a unit's facts by its key.
pub fn compare<'a>(
    left: &Compared<'_>,
    right: &Compared<'_>,
    unit: impl Fn(&str) -> Option<&'a UnitFacts>,
) -> Comparison {
    let (of_left, of_right) = (units(left), units(right));
    let stands_for = |one: &str, other: &str| {
        unit(one).is_some_and(|facts| facts.equivalents.iter().any(|key| key == other))
    };
    let counts = |key: &String| {
        of_right.contains(key)
            || of_right
                .iter()
                .any(|other| stands_for(key, other) || stands_for(other, key))
    };
    let (shared, only_left): (Vec<String>, Vec<String>) = of_left.iter().cloned().partition(counts);
    let only_right: Vec<&String> = of_right
        .iter()
        .filter(|key| {
            !of_left.contains(*key)
                && !of_left
                    .iter()
                    .any(|other| stands_for(key, other) || stands_for(other, key))
        })
        .collect();
    let credit: u32 = shared
        .iter()
        .filter_map(|key| unit(key)?.credit)
        .map(u32::from)
        .sum();
    let most = right
        .structure
        .map(|structure| u32::from(structure.total_credit))
        .or(right.total_credit)
        .unwrap_or(u32::MAX);
    let mut differences = Vec::new();
    let mut differ = |what: &str, one: Option<String>, other: Option<String>| {
        if one != other {
            let say = |value: Option<String>| value.unwrap_or_else(|| "not known".to_owned());
            differences.push(format!("{what}: {} and {}", say(one), say(other)));
        }
    };
    differ("Level", left.level.map(code), right.level.map(code));
    differ(
        "Credit",
        left.total_credit.map(|credit| credit.to_string()),
        right.total_credit.map(|credit| credit.to_string()),
    );
    differ(
        "Guided learning hours",
        left.guided_learning_hours.map(|hours| hours.to_string()),
        right.guided_learning_hours.map(|hours| hours.to_string()),
    );
    differ(
        "Type",
        left.kind.map(str::to_owned),
        right.kind.map(str::to_owned),
    );
    let title = |key: &String| unit(key).map_or_else(|| key.clone(), |facts| facts.title.clone());
    for (number, only) in [
        (left.number, only_left.iter().map(title).collect::<Vec<_>>()),
        (right.number, only_right.into_iter().map(title).collect()),
    ] {
        if !only.is_empty() {
            differences.push(format!("Only in {number}: {}", only.join("; ")));
        }
    }
    for one in [left, right] {
        if one.structure.is_none() {
            differences.push(format!("The rules of {} are not held here.", one.number));
        }
    }
    Comparison {
        shared_units: shared,
        transferable_credit: credit.min(most),
        differences,
    }
}

fn units(one: &Compared<'_>) -> BTreeSet<String> {
    let mut keys: BTreeSet<String> = one.units.iter().cloned().collect();
    for (_, group) in one
        .structure
        .map_or_else(Vec::new, |structure| structure.root.walk())
    {
        if let Contents::Units(listed) = &group.contents {
            keys.extend(listed.iter().cloned());
        }
    }
    keys
}
