//! Whether two could be about one person of whom the same number was told. The number says already that they are one;
//! what is asked is whether names and birth dates contradict it. A slip, a familiar form of a name or another spelling is
//! no contradiction, nor is a married name; a name and a birth date that both differ are somebody else's.

use crate::compare::{Comparison, EXACT, Field, MISSING, Name, Prepared, compare};
use crate::fold::known_name;
use crate::person::{BirthDate, Person};

/// What another form of the same name or date counts: one that is familiar, spelled otherwise, a part, or a slip.
const FORM: u8 = 1;
/// What another name or date counts.
const OTHER: u8 = 2;

/// Whether two could be about one person of whom the same number is told, by what is stated of them: see
/// [`schema::StatedPerson::facts`]. What only one of both states says nothing.
///
/// One difference is a married name or a slip; two are somebody else. Where the birth date is the same, a name in another
/// form is no second difference; where the birth date has a slip, both names may have other forms, and neither is another.
#[must_use]
pub fn facts_agree(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (one, other) = (Facts::of(one), Facts::of(other));
    let made = compare(&one.prepared(), &other.prepared());
    let divided_otherwise = one.given != other.given && one.words().eq(other.words());
    let (given, family) = if divided_otherwise {
        (FORM, 0)
    } else {
        (name(&made, Field::Given), name(&made, Field::Family))
    };
    let swapped = u8::from(made.level(Field::Order) > EXACT);
    let names = given + family + swapped;
    match born(&made) {
        Some(0) => names <= OTHER + FORM,
        Some(FORM) => given.max(family) <= FORM,
        Some(_) => names == 0,
        None => names <= OTHER,
    }
}

/// What is stated of somebody; empty where nothing is.
struct Facts<'a> {
    family: &'a str,
    given: &'a str,
    born: &'a str,
}

impl<'a> Facts<'a> {
    fn of(facts: &'a str) -> Self {
        let mut parts = facts.split('\u{1f}');
        let mut next = || parts.next().unwrap_or_default();
        Self {
            family: next(),
            given: next(),
            born: next(),
        }
    }

    /// The words of the whole name, however they are divided.
    fn words(&self) -> impl Iterator<Item = &'a str> {
        let names = [self.given, self.family].into_iter();
        let words = names.flat_map(|name| name.split([' ', '-']));
        words.filter(|word| !word.is_empty())
    }

    fn prepared(&self) -> Prepared {
        let mut prepared = Prepared::folded(&Person {
            given_name: Some(self.given.to_owned()),
            family_name: Some(self.family.to_owned()),
            date_of_birth: BirthDate::parse(self.born),
            ..Person::default()
        });
        // Two names that are both known as such are two names, one letter apart or not.
        let given: &mut Name = &mut prepared.given;
        given.known = known_name(given.first());
        prepared
    }
}

/// What two names count; nothing where either is unknown.
fn name(made: &Comparison, field: Field) -> u8 {
    match made.level(field) {
        MISSING | EXACT => 0,
        level if field.is_form(level) => FORM,
        _ => OTHER,
    }
}

/// What two birth dates count, where both are known.
fn born(made: &Comparison) -> Option<u8> {
    match made.level(Field::Birth) {
        MISSING => None,
        EXACT => Some(0),
        level if Field::Birth.is_form(level) => Some(FORM),
        _ => Some(OTHER),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn facts(given: &str, family: &str, born: &str) -> String {
        format!("{family}\u{1f}{given}\u{1f}{born}")
    }

    #[test]
    fn two_differences_are_somebody_else_and_another_form_of_a_name_is_none() {
        let known = facts("noor", "swinbank-oseibadu", "2000-05-19");
        for (given, family, born, agrees) in [
            ("noor", "swinbank-oseibadu", "2000-05-19", true),
            ("noor", "married", "2000-05-19", true),
            ("noor", "married", "2000-05-18", false),
            ("unlike", "other", "2000-05-19", false),
            // The whole name divided otherwise, or in the order of another country.
            ("noor swinbank", "oseibadu", "2000-05-19", true),
            ("noor swinbank", "oseibadu", "", true),
            ("noor swinbank", "oseibadu", "2000-05-18", true),
            ("noor swinbank", "oseibadu", "1975-11-02", false),
            ("swinbank-oseibadu", "noor", "2000-05-19", true),
            // Of a name that is not stated nothing is known.
            ("noor", "", "2000-05-18", true),
            ("unlike", "", "2000-05-18", false),
            ("unlike", "", "2000-05-19", true),
        ] {
            let stated = facts(given, family, born);
            assert_eq!(facts_agree(&known, &stated), agrees, "{stated:?}");
            assert_eq!(facts_agree(&stated, &known), agrees, "{stated:?}");
        }
    }

    #[test]
    fn a_former_name_beside_a_familiar_one_is_one_person() {
        let known = facts("tatyana", "kalish", "1983-07-12");
        for (given, family, born, agrees) in [
            ("tatiana", "ashham", "1983-07-12", true),
            ("tanya", "ashham", "1983-07-12", true),
            ("tatyanna", "ashham", "1983-07-12", true),
            // Without the birth date that is too little; with another one it is somebody else.
            ("tatiana", "ashham", "", false),
            ("tatiana", "ashham", "1983-12-07", false),
            ("tatiana", "kalish", "1983-12-07", true),
            ("tatiana", "khalish", "1983-12-07", true),
            ("tatiana", "kalish", "1955-03-30", false),
            ("tatyana", "kalish", "1955-03-30", true),
            ("dana", "ashham", "1983-07-12", false),
        ] {
            let stated = facts(given, family, born);
            assert_eq!(facts_agree(&known, &stated), agrees, "{stated:?}");
            assert_eq!(facts_agree(&stated, &known), agrees, "{stated:?}");
        }
        // Names that are both known as names are two, however near.
        let (tina, gina) = ("tina", "gina");
        let born = "1983-07-12";
        assert!(!facts_agree(
            &facts(tina, "kalish", born),
            &facts(gina, "ashham", born)
        ));
    }

    fn any_facts() -> impl Strategy<Value = String> {
        let given =
            prop::sample::select(vec!["", "tatyana", "tatiana", "dana", "noor swinbank", "j"]);
        let family = prop::sample::select(vec![
            "",
            "kalish",
            "khalish",
            "noor",
            "ashham",
            "swinbank-lee",
        ]);
        let born = prop::sample::select(vec!["", "1983-07-12", "1983-12-07", "1955-03-30"]);
        (given, family, born).prop_map(|(given, family, born)| facts(given, family, born))
    }

    proptest! {
        #[test]
        fn which_of_both_is_asked_does_not_matter(one in any_facts(), other in any_facts()) {
            prop_assert_eq!(facts_agree(&one, &other), facts_agree(&other, &one));
            prop_assert!(facts_agree(&one, &one));
        }
    }
}
