//! Whole files.

use crate::people::{generated, person};
use generate::{Likeness, Plan};
use identity::table::{Truth, measure, read, write};
use identity::{Batch, BirthDate, Decision, Model, Person, Settings, block_keys, link};
use proptest::prelude::*;
use std::collections::{HashMap, HashSet};

/// People of whom many look alike, and the same with one slip each, of a kind that goes by their number.
fn files(count: u64) -> (Vec<generate::Person>, Vec<Person>, Vec<Person>) {
    let plan = Plan {
        look_alikes: 0.6,
        ..Plan::new(count, 3)
    };
    let people: Vec<generate::Person> = (0..count).map(|number| plan.person(number)).collect();
    let left: Vec<Person> = people.iter().map(generated).collect();
    let right = left
        .iter()
        .enumerate()
        .map(|(number, person)| with_slip(number, person))
        .collect();
    (people, left, right)
}

fn with_slip(number: usize, person: &Person) -> Person {
    let mut slipped = person.clone();
    let drop_one = |name: &Option<String>| {
        name.as_ref().map(|name| {
            name.chars()
                .enumerate()
                .filter(|(place, _)| *place != 2)
                .map(|(_, letter)| letter)
                .collect()
        })
    };
    match number % 8 {
        0 => slipped.family_name = drop_one(&person.family_name),
        1 => slipped.given_name = drop_one(&person.given_name),
        2 => std::mem::swap(&mut slipped.given_name, &mut slipped.family_name),
        3 => slipped.postcode = Some("QQ99 9ZZ".to_owned()),
        4 => {
            slipped.date_of_birth = person.date_of_birth.map(|born| BirthDate {
                month: born.day,
                day: born.month,
                ..born
            });
        }
        _ => {}
    }
    slipped
}

#[test]
fn those_who_look_alike_are_not_linked() {
    let (people, left, right) = files(6000);
    let outcome = link(&Batch::Between(&left, &right), &Settings::default());
    let links: Vec<_> = outcome
        .links
        .iter()
        .filter(|link| link.decision == Decision::Link)
        .collect();
    let wrong: Vec<_> = links
        .iter()
        .filter(|link| link.left != link.right)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(links.len() > 4000, "{} links", links.len());
    let twins = people
        .iter()
        .filter(|person| person.likeness == Likeness::Twin)
        .count();
    assert!(twins > 400, "{twins} twins");
    // Whoever is not linked is at least looked at.
    let found: HashSet<usize> = outcome
        .links
        .iter()
        .filter(|link| link.left == link.right)
        .map(|link| link.left)
        .collect();
    assert!(found.len() > 5980, "{} found", found.len());
}

#[test]
fn records_of_one_person_share_a_key() {
    let (_, left, right) = files(6000);
    let missed = left
        .iter()
        .zip(&right)
        .filter(|(one, other)| {
            let keys: HashSet<u64> = block_keys(one).iter().map(|key| key.key).collect();
            !block_keys(other).iter().any(|key| keys.contains(&key.key))
        })
        .count();
    assert!(missed <= 6, "{missed} missed");
}

#[test]
fn one_file_is_held_against_itself() {
    let (_, left, right) = files(1000);
    let all: Vec<Person> = left.into_iter().chain(right).collect();
    let outcome = link(&Batch::Within(&all), &Settings::default());
    let links: Vec<_> = outcome
        .links
        .iter()
        .filter(|link| link.decision == Decision::Link)
        .collect();
    assert!(links.len() > 500, "{} links", links.len());
    assert!(
        links.iter().all(|link| link.right == link.left + 1000),
        "a link of two people"
    );
}

#[test]
fn a_third_record_joins_two_once() {
    let settings = Settings {
        estimate: false,
        model: Model::default().with_population(9_000_000.0),
        ..Settings::default()
    };
    // Of two lives too little agrees, and a record knows both.
    let mut one = person("Rowan", "Thistlewood", "1988-03-07", "QQ1 2AB");
    let other = person("Rowan", "Ashgrove", "1988-03-07", "ZZ9 9ZZ");
    let mut both = person("Rowan", "Ashgrove", "1988-03-07", "ZZ9 9ZZ");
    one.uln = Some("9276308686".to_owned());
    both.uln.clone_from(&one.uln);
    let odds = |one: &Person, other: &Person| settings.model.score(one, other).log_odds;
    let (pair, weaker) = (
        odds(&one, &other),
        odds(&one, &both).min(odds(&other, &both)),
    );
    assert!(pair < 0.0 && weaker > 7.0, "{pair} {weaker}");
    for people in [
        [&one, &other, &both],
        [&other, &both, &one],
        [&both, &one, &other],
    ] {
        let places = |person: &Person| people.iter().position(|other| *other == person);
        let (first, second) = (places(&one), places(&other));
        let people = people.map(Person::clone);
        let found = link(&Batch::Within(&people), &settings).links;
        let two = found
            .iter()
            .find(|link| {
                let ends = (Some(link.left), Some(link.right));
                ends == (first, second) || ends == (second, first)
            })
            .expect("the two");
        let told = two.score.log_odds - pair;
        assert!((told - weaker).abs() < 0.5, "{told} {weaker}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn the_order_of_records_does_not_matter(order in Just((0..240_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let settings = Settings {
            estimate: false,
            model: Model::default().with_population(240.0),
            ..Settings::default()
        };
        let people = groups(80);
        let shuffled: Vec<Person> = order.iter().map(|place| people[*place].clone()).collect();
        let told = |people: &[Person], name: &dyn Fn(usize) -> usize| -> HashMap<(usize, usize), f32> {
            let found = link(&Batch::Within(people), &settings).links;
            found
                .iter()
                .map(|link| {
                    let (one, other) = (name(link.left), name(link.right));
                    ((one.min(other), one.max(other)), link.score.log_odds)
                })
                .collect()
        };
        let (there, back) = (told(&people, &|place| place), told(&shuffled, &|place| order[place]));
        // What is on the edge of being a case may fall on either side of it.
        let edge = (0.02_f32 / 0.98).ln();
        for pair in there.keys().chain(back.keys()) {
            let odds = |of: &HashMap<(usize, usize), f32>| of.get(pair).copied().unwrap_or(edge);
            prop_assert!((odds(&there) - odds(&back)).abs() < 0.01, "{:?} {} {}", pair, odds(&there), odds(&back));
        }
        prop_assert!(there.len() > 160, "{}", there.len());
    }
}

/// Three records each of people of whom many look alike, every one with a slip of its own.
fn groups(count: u64) -> Vec<Person> {
    let (_, left, right) = files(count);
    let third: Vec<Person> = right
        .iter()
        .enumerate()
        .map(|(number, person)| with_slip(number + 3, person))
        .collect();
    [left, right, third].concat()
}

#[test]
fn threads_and_runs_do_not_matter() {
    let (_, left, right) = files(1500);
    let settings = |threads| Settings {
        threads,
        ..Settings::default()
    };
    let batch = Batch::Between(&left, &right);
    let (one, four) = (link(&batch, &settings(1)), link(&batch, &settings(4)));
    assert_eq!(one.links, four.links);
}

#[test]
fn few_records_are_judged_by_the_shipped_weights() {
    let (_, left, right) = files(8);
    let outcome = link(&Batch::Between(&left, &right), &Settings::default());
    assert!(
        outcome
            .links
            .iter()
            .filter(|link| link.decision == Decision::Link)
            .all(|link| link.left == link.right)
    );
    assert!(
        link(&Batch::Within(&[]), &Settings::default())
            .links
            .is_empty()
    );
    assert!(
        link(&Batch::Within(&left[..1]), &Settings::default())
            .links
            .is_empty()
    );
}

#[test]
fn tables_are_read_linked_and_measured() {
    let left = "rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, date_of_birth, soc_sec_id, colour\n\
        a1, rowan, thistlewood, 7, mill lane, , ashby, 2119, sa, 19880307, 1804974, red\n\
        a2, juniper, thistlewood, 7, mill lane, , ashby, 2119, sa, 19880307, 6089216, red\n";
    let right = "id,first_name,family_name,address,dob,postcode,nino\nb1,Rowan,Thistlewood,7 Mill Lane,07/03/1988,2119,1804974\n";
    let (left, right) = (
        read(left.as_bytes()).expect("a table"),
        read(right.as_bytes()).expect("a table"),
    );
    assert_eq!(left.unknown, ["colour"]);
    let outcome = link(
        &Batch::Between(&left.people, &right.people),
        &Settings::default(),
    );
    let truth = Truth::read("left,right\nb1,a1\n".as_bytes()).expect("pairs");
    let measured = measure(&left, &right, &outcome, &truth);
    assert_eq!(
        (measured.links, measured.wrong_links),
        (1, 0),
        "{:?}",
        outcome.links
    );
    let mut written = Vec::new();
    write(&mut written, &left, &right, &outcome).expect("written");
    let written = String::from_utf8(written).expect("text");
    assert!(
        written.starts_with("left_id,right_id,score,decision,explanation\na1,b1,0.99"),
        "{written}"
    );
    assert!(read("name\nx\n".as_bytes()).is_err());
}
