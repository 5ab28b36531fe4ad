//! Who a person is.

use crate::teller::{Teller, all, attested, day, presented, recorded};
use record::{SourceKind, describe};
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
    let decided = attested("RN5217").with(|told| told.kind = SourceKind::PriorLearning);
    let person = describe(&all(&[own, decided]));
    assert_eq!(person.family_name.as_deref(), Some("Marsh"));
}

#[test]
fn undated_names_of_one_day_are_the_same_in_whichever_order_they_came() {
    let at = |told: &mut record::Told, hour| {
        told.received_at = day("2014-07-01").and_hms_opt(hour, 0, 0).unwrap();
    };
    let said = |tellers: [Teller; 2], hours: [u32; 2]| {
        let [one, other] = tellers;
        let one = one.with(|told| at(told, hours[0]));
        let other = other.with(|told| at(told, hours[1]));
        describe(&all(&[one, other])).family_name
    };
    let row = presented("RN5133").family_name("Marsh");
    let row = row.with(|told| told.kind = SourceKind::AwardingBody);
    let badge = presented("RN5133").family_name("Reed");
    let of_two = [row.clone(), badge.clone()];
    assert_eq!(said(of_two.clone(), [9, 15]).as_deref(), Some("Reed"));
    assert_eq!(
        said(of_two, [15, 9]),
        said([row.clone(), badge.clone()], [9, 15])
    );
    // The later award says who she is now.
    let later = row.clone().family_name("O’Neill").awarded("2014-06-30");
    for hours in [[9, 15], [15, 9]] {
        let names = said([later.clone(), row.clone()], hours);
        assert_eq!(names.as_deref(), Some("O’Neill"));
    }
    // What one submitter says of one award again is a correction.
    let again = row.clone().family_name("Marshe");
    assert_eq!(
        said([row.clone(), again.clone()], [9, 15]).as_deref(),
        Some("Marshe")
    );
    assert_eq!(said([row, again], [15, 9]).as_deref(), Some("Marsh"));
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
