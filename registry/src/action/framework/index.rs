//! Where in the tables something stands, by the name that others call it.

use super::Framework;
use super::ask::reference_of;
use schema::fold_name;
use std::collections::HashMap;

/// Places in the tables of a [`Framework`].
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    /// Sectors, by code.
    pub(super) sectors: HashMap<String, usize>,
    /// Roles, by code.
    pub(super) roles: HashMap<String, usize>,
    /// Standards, by code.
    pub(super) standards: HashMap<String, usize>,
    /// Units, by key and by reference.
    pub(super) units: HashMap<String, usize>,
    /// Outcomes, by the unit's key.
    pub(super) outcomes: HashMap<String, Vec<usize>>,
    /// Code, title and suite of each standard, folded, in the table's order.
    pub(super) words: Vec<String>,
}

impl Index {
    pub(super) fn of(framework: &Framework) -> Self {
        let standards = framework.standards.iter();
        let words = standards.map(|one| {
            let parts = [one.code.as_str(), &one.title, &one.suite];
            fold_name(&parts.join(" "))
        });
        let mut outcomes: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, one) in framework.outcomes.iter().enumerate() {
            outcomes.entry(one.unit.clone()).or_default().push(place);
        }
        let mut units = places(&framework.units, |one| &one.facts.key);
        for (place, unit) in framework.units.iter().enumerate() {
            units.entry(reference_of(unit)).or_insert(place);
        }
        Self {
            units,
            sectors: places(&framework.sectors, |one| &one.code),
            roles: places(&framework.roles, |one| &one.code),
            standards: places(&framework.standards, |one| &one.code),
            outcomes,
            words: words.collect(),
        }
    }
}

fn places<T>(rows: &[T], name: impl Fn(&T) -> &String) -> HashMap<String, usize> {
    let rows = rows.iter().enumerate();
    rows.map(|(place, row)| (name(row).clone(), place))
        .collect()
}
