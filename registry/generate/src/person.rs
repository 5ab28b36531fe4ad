//! Who the learners are, and who of them look alike.
//!
//! Learners live in groups of four neighbouring numbers. Most of a group have nothing to do with each other; in
//! some there are people whom a register easily takes for one: twins at one address, parent and child with the
//! same initial, namesakes born at about the same time. A learner is worked out from the group's stream and the
//! members' own, never from who was made before.

use crate::draw::{Draw, Purpose, day, later};
use crate::names::{GivenName, family};
use crate::number::Numbers;
use chrono::Datelike;
use schema::{Date, Gender, fold_name};

/// Whom a learner looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Likeness {
    /// Nobody whom this set knows of.
    #[default]
    None,
    /// Their sibling at the same address.
    Sibling,
    /// Their twin at the same address.
    Twin,
    /// Their parent at the same address, with the same initial: this one is the child.
    Child,
    /// Their child at the same address, with the same initial: this one is the parent.
    Parent,
    /// Whom they live with as a couple.
    Partner,
    /// Somebody of the same name elsewhere, born at about the same time.
    Namesake,
}

impl Likeness {
    /// The word for it in the truth's files; empty for nobody.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Sibling => "sibling",
            Self::Twin => "twin",
            Self::Child => "child",
            Self::Parent => "parent",
            Self::Partner => "partner",
            Self::Namesake => "namesake",
        }
    }
}

/// A learner.
#[derive(Clone)]
pub struct Person {
    /// The learner's number in the population, from 0.
    pub number: u64,
    /// A ULN whose check digit fits.
    pub uln: String,
    /// Given names.
    pub given_name: String,
    /// The family name today.
    pub family_name: String,
    /// The family name before, and the first day of today's.
    pub former_name: Option<(String, Date)>,
    /// Date of birth.
    pub date_of_birth: Date,
    /// Gender.
    pub gender: Gender,
    /// A postcode of an area that does not exist.
    pub postcode: String,
    /// The number of the first learner of the household.
    pub household: u64,
    /// Whom the learner looks like.
    pub likeness: Likeness,
    /// The number of that learner; it may be beyond the end of a population.
    pub alike: Option<u64>,
    pub(crate) familiar: &'static [&'static str],
    pub(crate) spellings: &'static [&'static str],
}

impl Person {
    /// The family name on a day.
    #[must_use]
    pub fn family_name_on(&self, on: Date) -> &str {
        match &self.former_name {
            Some((former, since)) if on < *since => former,
            _ => &self.family_name,
        }
    }

    fn take_given(&mut self, given: GivenName) {
        self.given_name = given.name;
        self.familiar = given.familiar;
        self.spellings = given.spellings;
    }

    fn given(&self) -> GivenName {
        GivenName {
            name: self.given_name.clone(),
            familiar: self.familiar,
            spellings: self.spellings,
        }
    }

    /// The family name at birth.
    fn first_family_name(&self) -> String {
        match &self.former_name {
            Some((former, _)) => former.clone(),
            None => self.family_name.clone(),
        }
    }
}

/// Personal data never reaches a log through debug output; that it is invented is no reason to get used to it.
impl std::fmt::Debug for Person {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Person({})", self.number)
    }
}

/// Learners by number.
pub(crate) struct Population {
    seed: u64,
    look_alikes: f64,
    numbers: Numbers,
}

/// A learner's place among those who look alike: whose likeness is taken, and how.
#[derive(Clone, Copy)]
struct Seat {
    likeness: Likeness,
    other: Option<u64>,
    /// The other was first, and this one is made like them.
    second: bool,
    /// Children of a family of four: the number of a parent.
    parent: Option<u64>,
}

const ALONE: Seat = Seat {
    likeness: Likeness::None,
    other: None,
    second: false,
    parent: None,
};

/// Areas to which no postcode is assigned.
const AREAS: &[&str] = &["JJ", "QQ", "VV", "XX", "ZZ"];
const LETTERS: &[char] = &[
    'A', 'B', 'D', 'E', 'F', 'G', 'H', 'J', 'L', 'N', 'P', 'Q', 'R', 'S', 'T', 'U', 'W', 'X', 'Y',
    'Z',
];
/// Nobody changes a name after this day, so that every set tells of the past.
const LAST_CHANGE: (i32, u32, u32) = (2024, 6, 30);

impl Population {
    pub(crate) fn new(seed: u64, look_alikes: f64) -> Self {
        Self {
            seed,
            look_alikes,
            numbers: Numbers::of(seed),
        }
    }

    /// The learner of that number.
    pub(crate) fn person(&self, number: u64) -> Person {
        let seat = self.seat(number);
        let mut person = self.alone(number);
        let mut draw = Draw::of(self.seed, Purpose::Likeness, number);
        person.likeness = seat.likeness;
        person.alike = seat.other;
        match (seat.other, seat.second) {
            (Some(other), true) => {
                let first = self.person(other);
                self.resemble(&mut person, &first, &mut draw);
            }
            (Some(_), false) => prepare(&mut person, &mut draw),
            (None, _) => {}
        }
        if let (Some(parent), false) = (seat.parent, seat.second) {
            let parent = self.person(parent);
            person.family_name = parent.family_name.clone();
            person.former_name = None;
            person.postcode = parent.postcode.clone();
            person.household = parent.household;
            person.date_of_birth = born_after(parent.date_of_birth, &mut draw);
        }
        person
    }

    fn seat(&self, number: u64) -> Seat {
        let (group, place) = (number / 4 * 4, number % 4);
        let mut draw = Draw::of(self.seed, Purpose::Household, group);
        let partner = number ^ 1;
        let second = number % 2 == 1;
        let pair = |likeness| Seat {
            likeness,
            other: Some(partner),
            second,
            parent: None,
        };
        if draw.chance(self.look_alikes * 0.2) {
            return if place < 2 {
                pair(Likeness::Partner)
            } else {
                Seat {
                    parent: Some(group),
                    ..pair(Likeness::Twin)
                }
            };
        }
        let [first, last] = [0, 1].map(|_| {
            draw.chance(self.look_alikes * 0.8)
                .then(|| draw.weighted(&[25, 20, 15, 20, 20]))
        });
        match if place < 2 { first } else { last } {
            None => ALONE,
            Some(0) => pair(Likeness::Sibling),
            Some(1) => pair(Likeness::Twin),
            Some(2) if second => pair(Likeness::Child),
            Some(2) => pair(Likeness::Parent),
            Some(3) => pair(Likeness::Partner),
            Some(_) => pair(Likeness::Namesake),
        }
    }

    /// The learner without regard to anybody else.
    fn alone(&self, number: u64) -> Person {
        let mut draw = Draw::of(self.seed, Purpose::Person, number);
        // The workforce is mostly women; some records do not say.
        let woman = draw.chance(0.82);
        let gender = match draw.weighted(&[96, 2, 2]) {
            0 if woman => Gender::Female,
            0 => Gender::Male,
            1 => Gender::NotSpecified,
            _ => Gender::NotKnown,
        };
        let given = GivenName::draw(&mut draw, woman);
        let family_name = family(&mut draw);
        // More of them are young.
        let year = draw.between(1950, 2006).max(draw.between(1950, 2006));
        let born = day(
            i32::try_from(year).unwrap_or(1990),
            draw.between(1, 12),
            draw.between(1, 31),
        );
        let postcode = format!(
            "{}{} {}{}{}",
            draw.pick(AREAS),
            draw.between(1, 99),
            draw.below(10),
            draw.pick(LETTERS),
            draw.pick(LETTERS)
        );
        let mut person = Person {
            number,
            uln: self.numbers.uln(number),
            given_name: String::new(),
            family_name,
            former_name: None,
            date_of_birth: born,
            gender,
            postcode,
            household: number,
            likeness: Likeness::None,
            alike: None,
            familiar: &[],
            spellings: &[],
        };
        person.take_given(given);
        if draw.chance(if woman { 0.22 } else { 0.02 }) {
            let name = match draw.below(5) {
                0 => format!("{}-{}", person.family_name, family(&mut draw)),
                _ => family(&mut draw),
            };
            rename(&mut person, name, &mut draw);
        }
        person
    }

    /// Makes `person` look like `first`, as their likeness says.
    fn resemble(&self, person: &mut Person, first: &Person, draw: &mut Draw) {
        let woman = first.gender == Gender::Female;
        if person.likeness != Likeness::Namesake {
            person.household = first.household;
            person.postcode.clone_from(&first.postcode);
        }
        match person.likeness {
            Likeness::None | Likeness::Parent => {}
            Likeness::Sibling => {
                person.former_name = None;
                person.family_name = first.first_family_name();
                let years = draw.between(1, 6);
                person.date_of_birth = later(first.date_of_birth, years * 365 + draw.below(300));
            }
            Likeness::Twin => {
                person.former_name = None;
                person.family_name = first.first_family_name();
                person.date_of_birth = first.date_of_birth;
                if draw.chance(0.3) {
                    person.gender = first.gender;
                    person.take_given(first.given().alike(draw, woman));
                }
                if fold_name(&person.given_name) == fold_name(&first.given_name) {
                    person.given_name.push_str(" Robin");
                }
            }
            Likeness::Child => {
                person.former_name = None;
                person.family_name.clone_from(&first.family_name);
                person.gender = first.gender;
                person.take_given(first.given().alike(draw, woman));
                person.date_of_birth = born_after(first.date_of_birth, draw);
            }
            Likeness::Partner => {
                let born = later(first.date_of_birth, draw.below(5 * 365));
                person.date_of_birth = born;
                person.former_name = None;
                person.family_name = person.first_family_name();
                if draw.chance(0.6) {
                    let name = first.family_name.clone();
                    rename(person, name, draw);
                }
            }
            Likeness::Namesake => {
                person.gender = first.gender;
                person.take_given(first.given());
                person.former_name.clone_from(&first.former_name);
                person.family_name.clone_from(&first.family_name);
                let born = first.date_of_birth;
                person.date_of_birth = match draw.below(3) {
                    0 => later(born, draw.between(1, 3)),
                    1 => day(born.year() + 1, born.month(), born.day()),
                    _ => later(born, draw.between(4, 40)),
                };
            }
        }
    }
}

/// Leaves room for the one who will be made like this person.
fn prepare(person: &mut Person, draw: &mut Draw) {
    let latest = match person.likeness {
        Likeness::Parent => 1983,
        Likeness::Partner => 1980,
        Likeness::Sibling => 1999,
        _ => 2005,
    };
    let born = person.date_of_birth;
    if born.year() > latest {
        let years = draw.below(20);
        let year = latest - i32::try_from(years).unwrap_or_default();
        person.date_of_birth = day(year, born.month(), born.day());
    }
    if person.likeness == Likeness::Partner {
        person.former_name = None;
    }
}

/// A day of birth of a child.
fn born_after(parent: Date, draw: &mut Draw) -> Date {
    later(parent, draw.between(20 * 365, 22 * 365 + 200))
}

/// Gives a person another family name at some time as an adult, if that time has come.
fn rename(person: &mut Person, name: String, draw: &mut Draw) {
    let (year, month, last) = LAST_CHANGE;
    let since = later(person.date_of_birth, draw.between(22 * 365, 38 * 365));
    if since <= day(year, month, last) && fold_name(&name) != fold_name(&person.family_name) {
        let former = std::mem::replace(&mut person.family_name, name);
        person.former_name = Some((former, since));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(seed: u64, share: f64, count: u64) -> Vec<Person> {
        let population = Population::new(seed, share);
        (0..count).map(|number| population.person(number)).collect()
    }

    #[test]
    fn those_who_look_alike_do_and_are_not_the_same() {
        let people = all(7, 1.0, 4000);
        let mut seen = std::collections::BTreeMap::new();
        for person in &people {
            let other = person.alike.and_then(|other| people.get(other as usize));
            let Some(other) = other else { continue };
            *seen.entry(person.likeness.as_str()).or_insert(0) += 1;
            assert_eq!(other.alike, Some(person.number));
            let same_day = person.date_of_birth == other.date_of_birth;
            let same_given = person.given_name == other.given_name;
            let years = (person.date_of_birth - other.date_of_birth)
                .num_days()
                .abs()
                / 365;
            match person.likeness {
                Likeness::None => assert_eq!(person.alike, None),
                Likeness::Twin => assert!(same_day && !same_given),
                Likeness::Namesake => {
                    assert!(same_given && !same_day && years <= 1, "{}", person.number);
                    assert_eq!(person.family_name, other.family_name);
                    assert_ne!(person.household, other.household);
                }
                Likeness::Child | Likeness::Parent => {
                    assert!((19..30).contains(&years), "{years}");
                    assert_eq!(
                        person.given_name.chars().next(),
                        other.given_name.chars().next()
                    );
                }
                Likeness::Sibling => assert!((1..8).contains(&years)),
                Likeness::Partner => assert!(years <= 5),
            }
            if person.likeness != Likeness::Namesake {
                assert_eq!(
                    (person.household, &person.postcode),
                    (other.household, &other.postcode)
                );
            }
        }
        assert_eq!(seen.len(), 6, "{seen:?}");
    }

    #[test]
    fn the_share_of_those_who_look_alike_is_what_was_asked_for() {
        let people = all(3, 0.1, 20_000);
        let alike = people.iter().filter(|one| one.alike.is_some()).count();
        assert!((1700..2300).contains(&alike), "{alike}");
        assert!(all(3, 0.0, 2000).iter().all(|one| one.alike.is_none()));
    }

    #[test]
    fn names_have_what_names_have_and_keep_to_their_length() {
        let people = all(5, 0.1, 20_000);
        for sign in ["-", "'", "’", " ", "ŵ", "ŷ", "ł", "é", "ñ", "Ż"] {
            let bears =
                |one: &Person| one.family_name.contains(sign) || one.given_name.contains(sign);
            assert!(people.iter().any(bears), "{sign}");
        }
        for person in &people {
            for name in [&person.given_name, &person.family_name] {
                assert!((1..=60).contains(&name.chars().count()), "{}", name.len());
            }
            assert!(person.date_of_birth < day(2009, 1, 1));
            assert!(person.date_of_birth >= day(1930, 1, 1));
        }
        let names: std::collections::HashSet<_> =
            people.iter().map(|one| &one.family_name).collect();
        assert!(names.len() > 4000, "{}", names.len());
    }
}
