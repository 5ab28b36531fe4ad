//! Pairs of people, scored with the shipped weights.

use crate::people::person;
use identity::{Decision, Model, Person, Thresholds, fold_name};

fn decision(one: &Person, other: &Person) -> Option<Decision> {
    Thresholds::default().decide(Model::default().score(one, other).probability)
}

fn rowan() -> Person {
    person("Rowan", "Thistlewood", "1988-03-07", "QQ1 2AB")
}

#[test]
fn the_same_facts_are_one_person() {
    assert_eq!(decision(&rowan(), &rowan()), Some(Decision::Link));
    let written = person("ROWAN", "Thistle-wood", "07/03/1988", "qq12ab");
    assert_eq!(decision(&rowan(), &written), Some(Decision::Link));
}

#[test]
fn slips_and_swaps_are_one_person_or_a_case() {
    for other in [
        person("Rowan", "Thistelwood", "1988-03-07", "QQ1 2AB"),
        person("Thistlewood", "Rowan", "1988-03-07", "QQ1 2AB"),
        person("Rowan", "Thistlewood", "1988-07-03", "QQ1 2AB"),
        person("Rowan", "Thistlewood", "1988-03-17", "QQ1 2AB"),
        person("Rowan", "Thistlewood", "1988-03-07", "ZZ9 9ZZ"),
        person("Rowan", "Other-Name", "1988-03-07", "QQ1 2AB"),
    ] {
        assert!(
            decision(&rowan(), &other).is_some(),
            "{:?}",
            Model::default().score(&rowan(), &other)
        );
    }
}

#[test]
fn those_who_live_together_are_not_one_person() {
    let twin = person("Juniper", "Thistlewood", "1988-03-07", "QQ1 2AB");
    let mother = person("Rosalind", "Thistlewood", "1960-11-20", "QQ1 2AB");
    let namesake_son = person("Rowan", "Thistlewood", "2012-09-30", "QQ1 2AB");
    let husband = person("Edmund", "Thistlewood", "1986-05-14", "QQ1 2AB");
    for other in [twin, mother, namesake_son, husband] {
        let score = Model::default().score(&rowan(), &other);
        assert_ne!(
            decision(&rowan(), &other),
            Some(Decision::Link),
            "{score:?}"
        );
        assert!(score.probability < 0.5, "{score:?}");
    }
}

#[test]
fn people_of_one_common_name_are_not_one_person() {
    let one = person("Sarah", "Smith", "1985-06-01", "QQ1 2AB");
    let other = person("Sarah", "Smith", "1985-06-01", "ZZ9 9ZZ");
    assert_ne!(decision(&one, &other), Some(Decision::Link));
    let born_later = person("Sarah", "Smith", "1991-02-11", "ZZ9 9ZZ");
    assert_eq!(decision(&one, &born_later), None);
}

#[test]
fn a_rare_name_says_more_than_a_common_one() {
    let model = Model::default();
    let common = person("Sarah", "Smith", "1985-06-01", "QQ1 2AB");
    let odds = |person: &Person| model.score(person, person).log_odds;
    assert!(odds(&rowan()) > odds(&common));
}

#[test]
fn scripts_and_spellings_are_one_name() {
    for (one, other) in [
        ("Юлия", "Yuliya"),
        ("Zoë", "Zoe"),
        ("Mohammed", "Muhammad"),
        ("Elizabeth", "Liz"),
        ("Müller", "Mueller"),
    ] {
        let (one, other) = (
            person(one, "Thistlewood", "1988-03-07", "QQ1 2AB"),
            person(other, "Thistlewood", "1988-03-07", "QQ1 2AB"),
        );
        assert!(decision(&one, &other).is_some());
    }
    assert_eq!(fold_name("  Mrs O’Neill-Müller "), "oneill muller");
}

#[test]
fn a_former_name_is_known() {
    let mut married = person("Rowan", "Ashgrove", "1988-03-07", "ZZ9 9ZZ");
    let unknown = Model::default().score(&rowan(), &married).log_odds;
    married.former_names.push("Thistlewood".to_owned());
    let known = Model::default().score(&rowan(), &married).log_odds;
    assert!(known > unknown + 3.0, "{known} {unknown}");
}

#[test]
fn a_number_of_ones_own_outweighs_a_changed_life() {
    let mut one = rowan();
    let mut other = person("Rowan", "Ashgrove", "1988-03-07", "ZZ9 9ZZ");
    one.uln = Some("9276308686".to_owned());
    other.uln = Some("9276308686".to_owned());
    assert_eq!(decision(&one, &other), Some(Decision::Link));
    other.uln = Some("1234567890".to_owned());
    assert_ne!(decision(&one, &other), Some(Decision::Link));
}

#[test]
fn weights_survive_a_file() {
    let model = Model::default();
    let again = Model::from_json(&model.to_json().expect("weights")).expect("the same weights");
    let other = person("Rowan", "Thistelwood", "1988-03-17", "QQ1 2AB");
    let (before, after) = (model.score(&rowan(), &other), again.score(&rowan(), &other));
    assert!((before.log_odds - after.log_odds).abs() < 0.01);
    assert!(Model::from_json("{}").is_err());
    assert!(
        Model::from_json(&model.to_json().expect("weights").replacen(
            "\"format\": 1",
            "\"format\": 9",
            1
        ))
        .is_err()
    );
}
