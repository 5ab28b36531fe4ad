//! The same people whatever the order in which they are told of.

use super::{cases, people};
use crate::support::{Registry, Row, csv};
use proptest::prelude::*;
use serde_json::Value;

/// Rows of people some of whom are alike: with and without numbers, with slips, twins and namesakes.
fn rows() -> Vec<Row> {
    let told = |learner: u32, result: &str| {
        Row::award(learner, result).with("postcode", format!("QQ{learner} 1AA"))
    };
    let unnumbered = |row: Row| row.without("uln");
    vec![
        told(1, "a1"),
        unnumbered(told(1, "a2")),
        // A slip in the name, and one in the date.
        unnumbered(told(1, "a3")).with("family_name", "Inventdb"),
        unnumbered(told(1, "a4")).with("date_of_birth", "1971-02-04"),
        // Two of one name and one day, each with a number, and somebody who could be either.
        told(2, "b1").with("given_name", "Rowan"),
        told(3, "c1")
            .with("given_name", "Rowan")
            .with("family_name", "Inventedc")
            .with("date_of_birth", "1972-04-03"),
        unnumbered(told(2, "b2"))
            .with("given_name", "Rowan")
            .without("postcode"),
        // Twins of one house.
        told(4, "d1").with("given_name", "Tamsin"),
        unnumbered(told(4, "e1")).with("given_name", "Jowan"),
        // One name and another day.
        unnumbered(told(5, "f1")),
        unnumbered(told(5, "g1")).with("date_of_birth", "1991-11-23"),
        // Married, and moved.
        told(6, "h1"),
        unnumbered(told(6, "h2")).with("family_name", "Trewhella"),
        unnumbered(told(6, "h3")).with("postcode", "ZZ9 9ZZ"),
    ]
}

/// What became of the rows: who is one person, and what stewards are asked.
fn became(order: &[usize], sizes: &[usize]) -> (Vec<Vec<String>>, Vec<String>) {
    let rows = rows();
    let registry = Registry::new();
    let mut rest: Vec<Row> = order.iter().map(|place| rows[*place].clone()).collect();
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let next: Vec<Row> = rest.drain(..(*size).min(rest.len())).collect();
        registry.push_csv("RN5217", &csv(&next));
    }
    let mut asked: Vec<String> = cases(&registry)
        .iter()
        .map(|case| {
            let side = |side: &Value| {
                format!(
                    "{} {} {}",
                    side["givenName"], side["familyName"], side["uln"]
                )
            };
            let mut sides = [side(&case["left"]), side(&case["right"])];
            sides.sort_unstable();
            format!("{sides:?} {:.4}", case["probability"].as_f64().unwrap())
        })
        .collect();
    asked.sort_unstable();
    (people(&registry), asked)
}

#[test]
fn those_who_are_one_are_joined_and_those_who_are_not_stay_apart() {
    let order: Vec<usize> = (0..rows().len()).collect();
    let (people, asked) = became(&order, &[100]);
    let together = |one: &str, other: &str| {
        people
            .iter()
            .any(|results| results.contains(&one.to_owned()) && results.contains(&other.to_owned()))
    };
    for (one, other) in [("a1", "a2"), ("a1", "a3"), ("a1", "a4"), ("h1", "h2")] {
        assert!(together(one, other), "{one} {other}: {people:?} {asked:?}");
    }
    for (one, other) in [
        ("b1", "c1"),
        ("b1", "b2"),
        ("c1", "b2"),
        ("d1", "e1"),
        ("f1", "g1"),
        ("a1", "b1"),
    ] {
        assert!(!together(one, other), "{one} {other}: {people:?}");
    }
    assert!(!asked.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 8, ..ProptestConfig::default() })]
    #[test]
    fn the_order_of_records_and_files_does_not_matter(
        order in Just((0..rows().len()).collect::<Vec<_>>()).prop_shuffle(),
        sizes in prop::collection::vec(1..6_usize, 1..4),
    ) {
        let first: Vec<usize> = (0..rows().len()).collect();
        prop_assert_eq!(became(&order, &sizes), became(&first, &[100]));
    }
}
