//! People for tests.

use identity::{BirthDate, Person};

/// A person of whom the usual is known.
pub(crate) fn person(given: &str, family: &str, born: &str, postcode: &str) -> Person {
    Person {
        given_name: Some(given.to_owned()),
        family_name: Some(family.to_owned()),
        date_of_birth: BirthDate::parse(born),
        postcode: Some(postcode.to_owned()),
        ..Person::default()
    }
}

/// A person of the generator's population.
pub(crate) fn generated(person: &generate::Person) -> Person {
    Person {
        given_name: Some(person.given_name.clone()),
        family_name: Some(person.family_name.clone()),
        date_of_birth: Some(person.date_of_birth.into()),
        gender: Some(person.gender),
        postcode: Some(person.postcode.clone()),
        ..Person::default()
    }
}
