//! The framework as it is loaded: sectors, roles and what they ask, units and rules of combination, ratios, the Common
//! Core, standards, levels elsewhere. What applies its rules to a record is the crate `framework`; here stands
//! which rules there are, how they come in and how everybody is handed the ones in force; and how people's records are
//! read, held against them, and asked about.

pub mod about;
mod ask;
pub mod award;
pub mod batch;
mod check;
mod current;
mod import;
mod index;
mod listed;
mod person;
mod prepare;
pub mod record;
mod report;

pub use ask::reference_of;
pub use current::{Current, in_force};
pub use import::{LARGEST, TableFile, import};
pub use person::{Near, Person, awards};
pub use prepare::{Engines, Prepared};
pub use record::{Answered, Records, Whom};
pub use report::{Imported, Issue, TableReport};

mod early_years;

pub use early_years::{EarlyYears, Sought};

use framework::LevelEquivalence;
use framework::catalogue::{
    self, ClaimPolicy, CommonCoreArea, Fault, KsfDimension, Link, Outcome, PriorLearningFact,
    Requirement, Role, RowError, Sector, Standard, Unit,
};
use framework::ratio::{
    EvidenceRule, ListedQuestion, RatioNumber, RatioRule, evidence_rules, questions, ratio_numbers,
    ratio_rules,
};
use framework::shipped::Table;
use framework::structure::Compiled;
use index::Index;
use std::collections::BTreeMap;

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
    /// What whoever gains a unit has learned.
    pub outcomes: Vec<Outcome>,
    /// On which terms awarding bodies take claims of prior learning.
    pub policies: Vec<ClaimPolicy>,
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
    /// The list of early-years qualifications, which is imported by itself.
    pub early_years: EarlyYears,
    index: Index,
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
            outcomes: table(&text, Table::Outcomes, catalogue::outcomes, &mut faults),
            policies: table(
                &text,
                Table::ClaimPolicies,
                catalogue::claim_policies,
                &mut faults,
            ),
            questions: table(&text, Table::Questions, questions, &mut faults),
            evidence: table(&text, Table::Evidence, evidence_rules, &mut faults),
            ratio_rules: table(&text, Table::RatioRules, ratio_rules, &mut faults),
            ratio_numbers: table(&text, Table::RatioNumbers, ratio_numbers, &mut faults),
            structures: BTreeMap::new(),
            early_years: EarlyYears::default(),
            index: Index::default(),
        };
        framework.index = Index::of(&framework);
        if faults.is_empty() {
            check::check(&framework, &mut faults);
        }
        // A unit that could not be read is told once, and not again by whatever names it.
        match framework.compile(&text, faults.is_empty()) {
            Ok(structures) => framework.structures = structures,
            Err(more) => faults.extend(more),
        }
        if faults.is_empty() {
            Ok(framework)
        } else {
            Err(faults)
        }
    }

    fn compile<'a>(
        &self,
        text: &impl Fn(Table) -> &'a str,
        sound: bool,
    ) -> Result<BTreeMap<String, Compiled>, Vec<RowError>> {
        let of = |table, heading| {
            Some(text(table))
                .filter(|text| !text.trim().is_empty())
                .unwrap_or(heading)
        };
        let structures = catalogue::structures(
            of(
                Table::Structures,
                "qualification,total_credit,verified,source",
            ),
            of(Table::Groups, "qualification,group,parent,name,kind"),
            of(Table::Barred, "qualification,unit,with"),
        )?;
        if !sound {
            return Ok(BTreeMap::new());
        }
        let (mut compiled, mut faults) = (BTreeMap::new(), Vec::new());
        for (place, structure) in structures.iter().enumerate() {
            let mut numbers = structure.also.iter().chain([&structure.qualification]);
            if let Some(number) = numbers.find(|number| compiled.contains_key(*number)) {
                let words = format!("an earlier structure says which units make {number}");
                faults.push(RowError {
                    table: Table::Structures.name(),
                    row: place + 2,
                    column: Some("also".to_owned()),
                    fault: Fault::Contradiction(words),
                });
            }
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
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
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
