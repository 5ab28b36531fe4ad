//! Who a person is.

use crate::teller::{all, attested, presented, recorded};
use record::describe;
use schema::Gender;

#[test]
fn names_are_the_best_sources_newest_and_others_are_former() {
    let told = all(&[
        attested("RN5133").family_name("Marsh").acted("2014-07-01"),
        attested("RN5133")
            .family_name("O’Neill")
            .acted("2016-07-01"),
        attested("RN5217")
            .family_name("O'NEILL")
            .acted("2015-07-01"),
        recorded("RN5133").family_name("Reed").acted("2020-01-01"),
        presented("RN5133")
            .family_name("Nobody")
            .acted("2021-01-01"),
    ]);
    let person = describe(&told);
    assert_eq!(person.family_name.as_deref(), Some("O’Neill"));
    assert_eq!(person.former_names, ["Reed", "Marsh"], "the newest first");
    assert_eq!(format!("{person:?}"), "PersonFacts(…)");
    let reversed: Vec<_> = told.into_iter().rev().collect();
    assert!(describe(&reversed) == person);
}

#[test]
fn what_is_presented_describes_only_who_is_known_by_nothing_else() {
    let own = presented("RN5133").family_name("Marsh");
    let person = describe(&all(std::slice::from_ref(&own)));
    assert_eq!(person.family_name.as_deref(), Some("Marsh"));
    let person = describe(&all(&[own, recorded("RN5133")]));
    assert_eq!((person.family_name, person.former_names), (None, vec![]));
}

#[test]
fn what_a_claim_decided_takes_nobodys_word_of_the_person_away() {
    let own = presented("RN5133").family_name("Marsh");
    let decided = attested("RN5217").with(|told| told.kind = record::SourceKind::PriorLearning);
    let person = describe(&all(&[own, decided]));
    assert_eq!(person.family_name.as_deref(), Some("Marsh"));
}

#[test]
fn a_known_gender_goes_before_not_known() {
    let gender =
        |gender| attested("RN5133").with(|told| told.statement.person.gender = Some(gender));
    let not_known = gender(Gender::NotKnown).acted("2015-01-01");
    let female = gender(Gender::Female).acted("2014-01-01");
    let person = describe(&all(&[not_known.clone(), female]));
    assert_eq!(person.gender, Some(Gender::Female));
    assert_eq!(describe(&all(&[not_known])).gender, Some(Gender::NotKnown));
    assert!(describe::<record::Told>(&[]) == record::PersonFacts::default());
}
