//! What one table names and another must have, and what may stand in a table only once.

use super::Framework;
use super::ask::reference_of;
use framework::catalogue::{Fault, RowError};
use framework::shipped::Table;
use std::collections::HashSet;

/// Looks through all tables; every fault is told.
pub(super) fn check(framework: &Framework, faults: &mut Vec<RowError>) {
    let mut check = Check(faults);
    once(framework, &mut check);
    people(framework, &mut check);
    units(framework, &mut check);
}

fn once(framework: &Framework, check: &mut Check<'_>) {
    let sectors = framework.sectors.iter().map(|one| one.code.clone());
    check.once(Table::Sectors, "sector_id", sectors);
    let roles = framework.roles.iter().map(|one| one.code.clone());
    check.once(Table::Roles, "role_id", roles);
    let requirements = framework.requirements.iter().map(|one| one.code.clone());
    check.once(Table::Requirements, "requirement_id", requirements);
    let standards = framework.standards.iter().map(|one| one.code.clone());
    check.once(Table::Standards, "code", standards);
    let dimensions = framework.ksf.iter().map(|one| one.code.clone());
    check.once(Table::Ksf, "code", dimensions);
    let units = framework.units.iter().map(|one| one.facts.key.clone());
    check.once(Table::Units, "unit", units);
    let references = framework.units.iter().map(reference_of);
    check.once(Table::Units, "reference", references);
    let outcomes = framework.outcomes.iter();
    let outcomes = outcomes.map(|one| format!("{} of {}", one.code, one.unit));
    check.once(Table::Outcomes, "code", outcomes);
    let policies = framework.policies.iter();
    let policies = policies.map(|one| {
        let from = one.from.map(|day| day.to_string()).unwrap_or_default();
        format!("{} {} {from}", one.body, one.route.as_str())
    });
    check.once(Table::ClaimPolicies, "from", policies);
}

fn people(framework: &Framework, check: &mut Check<'_>) {
    for (place, role) in framework.roles.iter().enumerate() {
        let known = framework.sector(&role.sector).is_some();
        check.known(Table::Roles, place, "sector", &role.sector, known);
    }
    for (place, one) in framework.requirements.iter().enumerate() {
        let known = framework.role(&one.role).is_some();
        check.known(Table::Requirements, place, "role", &one.role, known);
    }
    for (place, link) in framework.links.iter().enumerate() {
        for (column, role) in [("from_role", &link.from), ("to_role", &link.to)] {
            let known = framework.role(role).is_some();
            check.known(Table::Pathways, place, column, role, known);
        }
    }
}

fn units(framework: &Framework, check: &mut Check<'_>) {
    for (place, unit) in framework.units.iter().enumerate() {
        for code in &unit.areas {
            let known = framework.common_core.iter().any(|area| area.code == *code);
            check.known(Table::Units, place, "areas", code, known);
        }
        for code in &unit.standards {
            let known = framework.standard(code).is_some();
            check.known(Table::Units, place, "standards", code, known);
        }
        for code in &unit.ksf {
            let known = framework.dimension(code).is_some();
            check.known(Table::Units, place, "ksf", code, known);
        }
    }
    for (place, one) in framework.outcomes.iter().enumerate() {
        let known = framework.unit(&one.unit).is_some();
        check.known(Table::Outcomes, place, "unit", &one.unit, known);
    }
}

struct Check<'a>(&'a mut Vec<RowError>);

impl Check<'_> {
    /// `place` counts rows from 0.
    fn tell(&mut self, table: Table, place: usize, column: &str, fault: Fault) {
        self.0.push(RowError {
            table: table.name(),
            row: place + 2,
            column: Some(column.to_owned()),
            fault,
        });
    }

    fn known(&mut self, table: Table, place: usize, column: &str, name: &str, known: bool) {
        if !known {
            let name = name.to_owned();
            self.tell(table, place, column, Fault::Unknown { name });
        }
    }

    fn once(&mut self, table: Table, column: &str, names: impl Iterator<Item = String>) {
        let mut seen = HashSet::new();
        for (place, name) in names.enumerate() {
            if seen.contains(&name) {
                let words = format!("{name:?} stands in an earlier row already");
                self.tell(table, place, column, Fault::Contradiction(words));
            } else {
                seen.insert(name);
            }
        }
    }
}
