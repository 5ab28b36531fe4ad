//! The shipped tables, and awards to hold against them.

use framework::Award;
use framework::catalogue::{Unit, structures, units};
use framework::shipped::Table;
use framework::structure::{Bound, Compiled, Progress, UnitFacts};
use schema::{Date, Level, QualificationNumber, Subject, UnitReference, parse_date};

pub(crate) const DIPLOMA: &str = "500/9170/0";

pub(crate) fn day(text: &str) -> Date {
    parse_date(text).expect("a day")
}

pub(crate) fn shipped_units() -> Vec<Unit> {
    units(Table::Units.shipped()).expect("units")
}

pub(crate) fn diploma() -> Compiled {
    let units = shipped_units();
    let structures = structures(
        Table::Structures.shipped(),
        Table::Groups.shipped(),
        Table::Barred.shipped(),
    )
    .expect("structures");
    let structure = structures.iter().find(|one| one.qualification == DIPLOMA);
    Compiled::new(structure.expect("the diploma"), |key| {
        units
            .iter()
            .map(|unit| &unit.facts)
            .find(|unit| unit.key == key)
    })
    .expect("it compiles")
}

/// A unit of the diploma, held; `code` is its reference or its owner's code.
pub(crate) fn unit(code: &str) -> Award {
    let units = shipped_units();
    let found = units
        .iter()
        .find(|unit| unit.facts.key == code || unit.owner_code.as_deref() == Some(code))
        .expect("a unit");
    let subject = UnitReference::parse(&found.facts.key).map_or_else(
        |_| Subject::Unidentified(found.facts.key.clone()),
        Subject::Unit,
    );
    let mut award = Award::new(format!("award of {code}"), subject);
    award.title.clone_from(&found.facts.title);
    award.level = found.facts.level;
    award.credit = found.facts.credit;
    award.awarded_on = Some(day("2013-03-01"));
    award.part_of = Some(DIPLOMA.into());
    award
}

/// An optional unit that the shipped table does not list.
pub(crate) fn optional(number: u16, credit: u16) -> Award {
    let reference = UnitReference::parse(&format!("A/700/{number:04}")).expect("a reference");
    let mut award = Award::new(format!("optional {number}"), Subject::Unit(reference));
    award.level = Some(Level::L3);
    award.credit = Some(credit);
    award.awarded_on = Some(day("2013-03-01"));
    award.part_of = Some(DIPLOMA.into());
    award
}

pub(crate) fn qualification(id: &str, number: &str, level: Level) -> Award {
    let number = QualificationNumber::parse(number).expect("a number");
    let mut award = Award::new(id, Subject::Qualification(number));
    award.level = Some(level);
    award.awarded_on = Some(day("2013-03-01"));
    award
}

pub(crate) fn progress(awards: &[Award]) -> Progress {
    diploma().progress(awards, day("2014-06-01"), Bound::default())
}

pub(crate) fn facts<'a>(units: &'a [UnitFacts], key: &str) -> Option<&'a UnitFacts> {
    units.iter().find(|unit| unit.key == key)
}
