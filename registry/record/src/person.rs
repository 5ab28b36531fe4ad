//! Who a person is, from what was told about them.

use crate::told::Order;
use crate::{SourceKind, Standing, Told};
use schema::{Date, Gender, Verb, fold_name};
use std::borrow::Borrow;
use std::cmp::Reverse;
use std::collections::HashSet;

/// A person as the record shows them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PersonFacts {
    /// Given names.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Date of birth.
    pub date_of_birth: Option<Date>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Postcode.
    pub postcode: Option<String>,
    /// Family names that other statements gave and that differ, the newest first.
    pub former_names: Vec<String>,
}

/// Personal data never reaches a log through debug output.
impl std::fmt::Debug for PersonFacts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("PersonFacts(…)")
    }
}

/// How new what a statement says of the person is: as [`Told::order`], but of one day's statements about several awards that of
/// the latest award is the newest, in whichever order they arrived.
fn newness(one: &Told) -> (Date, bool, Verb, Option<Date>, Order<'_>) {
    let order = one.order();
    (
        order.0,
        order.1,
        one.statement.verb,
        one.statement.awarded_on,
        order,
    )
}

/// The person by precedence, the newest statement first: names as the best source last gave them.
#[must_use]
pub fn describe<T: Borrow<Told>>(told: &[T]) -> PersonFacts {
    let mut ranked: Vec<&Told> = told.iter().map(Borrow::borrow).collect();
    ranked.sort_by_cached_key(|one| (one.precedence(), Reverse(newness(one))));
    // What a claim decided says nothing of the person, and takes nobody's word of them away.
    let trusted = ranked
        .iter()
        .filter(|one| one.kind != SourceKind::PriorLearning)
        .any(|one| one.standing != Standing::SelfPresented);
    ranked.retain(|one| !trusted || one.standing != Standing::SelfPresented);
    let persons = || ranked.iter().map(|one| &one.statement.person);
    let family_name = persons().find_map(|person| person.family_name.clone());
    let mut known: HashSet<String> = family_name.iter().map(|name| fold_name(name)).collect();
    let mut by_day = ranked.clone();
    by_day.sort_by_cached_key(|one| Reverse(newness(one)));
    let former_names = by_day
        .iter()
        .filter_map(|one| one.statement.person.family_name.as_ref())
        .filter(|name| known.insert(fold_name(name)))
        .cloned()
        .collect();
    // "Not known" is what a source writes that has nothing to say.
    let stated = |gender: &Gender| *gender != Gender::NotKnown;
    PersonFacts {
        given_name: persons().find_map(|person| person.given_name.clone()),
        family_name,
        date_of_birth: persons().find_map(|person| person.date_of_birth),
        gender: persons()
            .find_map(|person| person.gender.filter(stated))
            .or_else(|| persons().find_map(|person| person.gender)),
        postcode: persons().find_map(|person| person.postcode.clone()),
        former_names,
    }
}
