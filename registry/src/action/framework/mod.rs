//! The framework as it is loaded: sectors, roles and what they ask, units and rules of combination, ratios, the Common
//! Core, standards, levels elsewhere. What applies its rules to a record is the crate `framework`; here stands
//! which rules there are, and beneath it how people's records are read, held against them, and asked about.

pub mod about;
pub mod award;
pub mod batch;
mod listed;
mod person;
mod prepare;
pub mod record;

pub use person::{Near, Person};
pub use prepare::{Engines, Prepared};
pub use record::{Answered, Records, Whom};

use framework::LevelEquivalence;
use framework::catalogue::{
    self, CommonCoreArea, Fault, KsfDimension, Link, PriorLearningFact, Requirement, Role,
    RowError, Sector, Standard, Unit,
};
use framework::ratio::{
    EvidenceRule, ListedQuestion, RatioNumber, RatioRule, evidence_rules, questions, ratio_numbers,
    ratio_rules,
};
use framework::shipped::Table;
use framework::structure::Compiled;
use std::collections::{BTreeMap, HashMap};

/// Every table of the framework, read and held against each other; rules of combination are ready to be evaluated.
#[derive(Debug, Clone, Default)]
pub struct Framework {
    /// Sectors, in the table's order, as all that follow.
    pub sectors: Vec<Sector>,
    /// Roles.
    pub roles: Vec<Role>,
    /// What roles ask, by date.
    pub requirements: Vec<Requirement>,
    /// Ways from one role to another.
    pub links: Vec<Link>,
    /// Areas of the Common Core, of every edition.
    pub common_core: Vec<CommonCoreArea>,
    /// National Occupational Standards.
    pub standards: Vec<Standard>,
    /// Dimensions of the Knowledge and Skills Framework.
    pub ksf: Vec<KsfDimension>,
    /// Levels elsewhere.
    pub levels: Vec<LevelEquivalence>,
    /// How prior learning is accredited.
    pub prior_learning: Vec<PriorLearningFact>,
    /// Units.
    pub units: Vec<Unit>,
    /// Rules of combination, by the number of each qualification that has them.
    pub structures: BTreeMap<String, Compiled>,
    /// Questions about early-years qualifications.
    pub questions: Vec<ListedQuestion>,
    /// Which awards show what must also be held.
    pub evidence: Vec<EvidenceRule>,
    /// Who counts in the early-years ratios.
    pub ratio_rules: Vec<RatioRule>,
    /// How many children to an adult.
    pub ratio_numbers: Vec<RatioNumber>,
    places: HashMap<String, usize>,
}

impl Framework {
    /// Reads the tables; `text` gives each, empty where it is not loaded.
    ///
    /// # Errors
    /// Every [`RowError`]: of the tables by themselves, else of what one names and another does not have.
    pub fn of<'a>(text: impl Fn(Table) -> &'a str) -> Result<Self, Vec<RowError>> {
        let mut faults = Vec::new();
        let mut framework = Self {
            sectors: table(&text, Table::Sectors, catalogue::sectors, &mut faults),
            roles: table(&text, Table::Roles, catalogue::roles, &mut faults),
            requirements: table(
                &text,
                Table::Requirements,
                catalogue::requirements,
                &mut faults,
            ),
            links: table(&text, Table::Pathways, catalogue::pathways, &mut faults),
            common_core: table(
                &text,
                Table::CommonCore,
                catalogue::common_core,
                &mut faults,
            ),
            standards: table(&text, Table::Standards, catalogue::standards, &mut faults),
            ksf: table(&text, Table::Ksf, catalogue::ksf, &mut faults),
            levels: table(&text, Table::Levels, catalogue::levels, &mut faults),
            prior_learning: table(
                &text,
                Table::PriorLearning,
                catalogue::prior_learning,
                &mut faults,
            ),
            units: table(&text, Table::Units, catalogue::units, &mut faults),
            questions: table(&text, Table::Questions, questions, &mut faults),
            evidence: table(&text, Table::Evidence, evidence_rules, &mut faults),
            ratio_rules: table(&text, Table::RatioRules, ratio_rules, &mut faults),
            ratio_numbers: table(&text, Table::RatioNumbers, ratio_numbers, &mut faults),
            structures: BTreeMap::new(),
            places: HashMap::new(),
        };
        let units = framework.units.iter().enumerate();
        framework.places = units
            .map(|(place, unit)| (unit.facts.key.clone(), place))
            .collect();
        if faults.is_empty() {
            framework.check(&mut faults);
        }
        match framework.compile(&text) {
            Ok(structures) => framework.structures = structures,
            Err(more) => faults.extend(more),
        }
        if faults.is_empty() {
            Ok(framework)
        } else {
            Err(faults)
        }
    }

    /// A unit by its key.
    #[must_use]
    pub fn unit(&self, key: &str) -> Option<&Unit> {
        self.units.get(*self.places.get(key)?)
    }

    /// A role by its code.
    #[must_use]
    pub fn role(&self, code: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.code == code)
    }

    /// A sector by its code.
    #[must_use]
    pub fn sector(&self, code: &str) -> Option<&Sector> {
        self.sectors.iter().find(|sector| sector.code == code)
    }

    /// What one table names and another must have.
    fn check(&self, faults: &mut Vec<RowError>) {
        let mut ask = |table: Table, place: usize, column: &str, name: &str, known: bool| {
            if !known {
                faults.push(RowError {
                    table: table.name(),
                    row: place + 2,
                    column: Some(column.to_owned()),
                    fault: Fault::Unknown {
                        name: name.to_owned(),
                    },
                });
            }
        };
        for (place, role) in self.roles.iter().enumerate() {
            let known = self.sector(&role.sector).is_some();
            ask(Table::Roles, place, "sector", &role.sector, known);
        }
        for (place, one) in self.requirements.iter().enumerate() {
            let known = self.role(&one.role).is_some();
            ask(Table::Requirements, place, "role", &one.role, known);
        }
        for (place, link) in self.links.iter().enumerate() {
            for (column, role) in [("from_role", &link.from), ("to_role", &link.to)] {
                let known = self.role(role).is_some();
                ask(Table::Pathways, place, column, role, known);
            }
        }
    }

    fn compile<'a>(
        &self,
        text: &impl Fn(Table) -> &'a str,
    ) -> Result<BTreeMap<String, Compiled>, Vec<RowError>> {
        let of = |table| text(table);
        if of(Table::Structures).trim().is_empty() {
            return Ok(BTreeMap::new());
        }
        let structures =
            catalogue::structures(of(Table::Structures), of(Table::Groups), of(Table::Barred))?;
        let (mut compiled, mut faults) = (BTreeMap::new(), Vec::new());
        for (place, structure) in structures.iter().enumerate() {
            match Compiled::new(structure, |key| self.unit(key).map(|unit| &unit.facts)) {
                Ok(ready) => {
                    for number in structure.also.iter().chain([&structure.qualification]) {
                        compiled.insert(number.clone(), ready.clone());
                    }
                }
                Err(error) => faults.push(RowError {
                    table: Table::Structures.name(),
                    row: place + 2,
                    column: None,
                    fault: Fault::Contradiction(error.to_string()),
                }),
            }
        }
        if faults.is_empty() {
            Ok(compiled)
        } else {
            Err(faults)
        }
    }
}

fn table<'a, T>(
    text: &impl Fn(Table) -> &'a str,
    table: Table,
    read: impl Fn(&str) -> Result<Vec<T>, Vec<RowError>>,
    faults: &mut Vec<RowError>,
) -> Vec<T> {
    let text = text(table);
    if text.trim().is_empty() {
        return Vec::new();
    }
    read(text).unwrap_or_else(|more| {
        faults.extend(more);
        Vec::new()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_tables_hold_together() {
        let framework = Framework::of(Table::shipped).unwrap();
        assert!(framework.structures.contains_key("500/9170/0"));
        for role in &framework.roles {
            assert!(framework.sector(&role.sector).is_some());
        }
    }

    #[test]
    fn what_one_table_names_another_must_have() {
        let faults = Framework::of(|table| match table {
            Table::Sectors => "",
            other => other.shipped(),
        });
        let faults = faults.err().unwrap();
        assert!(faults.iter().all(|fault| fault.table == "roles"));
        assert_eq!(faults.first().unwrap().column.as_deref(), Some("sector"));
    }
}
