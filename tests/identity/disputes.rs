//! One ULN told of people whose facts disagree.

use super::merges::own;
use super::{cases, learner, people};
use crate::support::{Registry, Row, csv, learning_events, uln};
use proptest::prelude::*;
use registry::action::import::Origin;
use registry::action::import::undo::undo;
use registry::db::Id;
use serde_json::{Value, json};

/// Something that is told: by which body, or by the Learning Records Service of learner 1.
#[derive(Clone, Debug)]
enum Told {
    Row(&'static str, Row),
    Events,
}

/// A row of somebody's with a day of the act, so that which is the first does not hang on which came first.
fn row(learner: u32, result: &str, day: u32) -> Row {
    Row::award(learner, result)
        .with("action_date", format!("2016-01-{day:02}"))
        .with("awarded_on", format!("2015-06-{day:02}"))
}

/// Of somebody else, under the number of learner 1.
fn stranger(row: Row) -> Row {
    row.with("uln", uln(1))
        .with("given_name", "Zed")
        .with("family_name", "Stranger")
        .with("date_of_birth", "1950-01-01")
}

/// The number of learner 1 told of them, of a stranger who has one of his own, and of somebody who has none.
fn all() -> Vec<Told> {
    let own = |row: Row| Told::Row("RN5217", row);
    let other = |row: Row| Told::Row("RN5156", row);
    vec![
        own(row(1, "a1", 1)),
        other(row(1, "a2", 2).with("family_name", "Married")),
        // Two differences from the first, one from the second.
        own(row(1, "a3", 3)
            .with("family_name", "Married")
            .with("date_of_birth", "1971-02-04")),
        other(stranger(row(1, "z1", 4))),
        other(stranger(row(1, "z2", 5)).with("uln", uln(7))),
        own(stranger(row(1, "z3", 6)).without("uln")),
        Told::Events,
        own(row(2, "y1", 7)
            .with("uln", uln(1))
            .with("given_name", "Jowan")
            .with("family_name", "Unlike")),
        // A name that is divided otherwise.
        other(
            row(1, "a4", 8)
                .with("given_name", "Ada Inventedb")
                .with("family_name", "Married"),
        ),
    ]
}

fn push(registry: &Registry, told: &[Told]) {
    for one in told {
        match one {
            Told::Row(body, row) => drop(registry.push_csv(body, &csv(std::slice::from_ref(row)))),
            Told::Events => {
                let events =
                    learning_events(&uln(1), &[("71", "500/8887/7", "2012-07-01", "Pass")]);
                registry.push("lrs", Origin::Operator, &events);
            }
        }
    }
}

/// Who is one person, what those of the numbers see, and what stewards are asked.
fn became(told: &[Told]) -> (Vec<Vec<String>>, Vec<Value>, usize) {
    let registry = Registry::new();
    push(&registry, told);
    let seen = |number| {
        let query = "query($uln: String!) { learner(uln: $uln) { id } }";
        let found = registry.data(&registry.steward(), query, json!({"uln": uln(number)}));
        match found["learner"].is_null() {
            true => Value::Null,
            false => json!(own(&registry, number)),
        }
    };
    let seen = [1, 7].map(seen).to_vec();
    (people(&registry), seen, cases(&registry).len())
}

#[test]
fn the_number_is_theirs_of_whom_most_tell_however_much_each_tells() {
    let all: [Told; 9] = all().try_into().unwrap();
    let [ada, married, _, stranger, ..] = all;
    let registry = Registry::new();
    push(&registry, &[stranger, Told::Events]);
    let first = learner(&registry, 1);
    assert_eq!(registry.record(&uln(1)).len(), 2);
    // Another body's word is as much, whatever days it states and however often; two outweigh one.
    let older = row(1, "a0", 1).with("action_date", "2001-01-01");
    push(&registry, &[ada, Told::Row("RN5217", older)]);
    assert_eq!(learner(&registry, 1), first);
    assert_eq!(registry.record(&uln(1)).len(), 2);
    push(&registry, &[married]);
    assert_ne!(learner(&registry, 1), first);
    let seen = registry.data(
        &registry.practitioner(&uln(1)),
        "{ me { givenName achievements { totalCount } } }",
        Value::Null,
    );
    // What the Learning Records Service says of the number alone came along.
    assert_eq!(
        seen["me"],
        json!({"givenName": "Ada", "achievements": {"totalCount": 4}})
    );
    let seen = registry.data(
        &registry.practitioner(&first),
        "{ me { uln givenName achievements { totalCount } } }",
        Value::Null,
    );
    assert_eq!(
        seen["me"],
        json!({"uln": null, "givenName": "Zed", "achievements": {"totalCount": 1}})
    );
    // The body finds whom it told of by the number that it uses.
    let query = "query($uln: String!) { learner(uln: $uln) { id givenName } }";
    let of_body = registry.data(&registry.body("RN5156"), query, json!({"uln": uln(1)}));
    assert!(of_body["learner"]["givenName"].is_string(), "{of_body}");
}

#[test]
fn the_stranger_is_one_with_himself_under_his_own_number() {
    let (people, seen, asked) = became(&all());
    let together = |results: &[&str]| {
        people.iter().any(|person| {
            results
                .iter()
                .all(|one| person.contains(&(*one).to_owned()))
        })
    };
    assert!(together(&["a1", "a2", "a3"]), "{people:?}");
    assert!(together(&["z1", "z2", "z3"]), "{people:?}");
    for (one, other) in [("a1", "z1"), ("a1", "y1"), ("z1", "y1")] {
        assert!(!together(&[one, other]), "{people:?}");
    }
    assert_eq!(asked, 0, "{people:?}");
    assert!(seen.iter().all(|one| !one.is_null()));
}

#[test]
fn a_former_name_in_another_spelling_is_one_person_in_any_order() {
    let of = |body, result, day, given: &str, family: &str| {
        let row = row(1, result, day);
        let row = row.with("given_name", given).with("family_name", family);
        Told::Row(body, row)
    };
    let told = [
        of("RN5217", "a1", 1, "Tatyana", "Kalish"),
        of("RN5156", "a2", 2, "Tatiana", "Ashham"),
        // Without a number, like both: a steward is asked.
        match of("RN5133", "a3", 3, "Tatyana", "Ashham") {
            Told::Row(body, row) => Told::Row(body, row.without("uln")),
            events => events,
        },
        Told::Events,
    ];
    let expected = became(&told);
    assert_eq!(expected.0, [vec!["500/8887/7", "a1", "a2"], vec!["a3"]]);
    for order in [[1, 0, 2, 3], [3, 2, 1, 0], [2, 1, 3, 0], [3, 0, 2, 1]] {
        assert_eq!(
            became(&order.map(|at| told[at].clone())),
            expected,
            "{order:?}"
        );
    }
}

#[test]
fn who_disputed_a_number_and_is_taken_back_disputes_it_no_longer() {
    let registry = Registry::new();
    let all = all();
    push(&registry, &all[3..4]);
    let before = own(&registry, 1);
    let pushed = [all[0].clone(), all[1].clone()].map(|one| match one {
        Told::Row(body, row) => registry.push_csv(body, &csv(&[row])).id,
        Told::Events => String::new(),
    });
    assert_eq!(own(&registry, 1).0["me"]["givenName"], "Ada");
    for (id, left) in pushed.iter().rev().zip([2, 1]) {
        let id = Id::read("import", id).unwrap();
        assert_eq!(undo(&registry.app, id, &()).unwrap().1, 0);
        // As many tell of one as of the other, or nobody any more: it is his who was told of first.
        assert_eq!(own(&registry, 1), before);
        assert_eq!(people(&registry).len(), left);
    }
}

#[test]
fn who_joined_two_others_and_is_taken_back_joins_them_no_longer() {
    let registry = Registry::new();
    let told = |body: &str, said: &[(&str, &str, &str, &str)]| {
        let rows: Vec<Row> = said
            .iter()
            .map(|(result, given, family, born)| {
                Row::award(1, result)
                    .with("given_name", *given)
                    .with("family_name", *family)
                    .with("date_of_birth", *born)
            })
            .collect();
        registry.push_csv(body, &csv(&rows)).id
    };
    let middle = told("RN5217", &[("m", "Ada", "Middle", "1971-02-04")]);
    // Two, each of whom differs from her in two facts and from the other in three.
    told("RN5156", &[("a", "Zoe", "Left", "1971-02-04")]);
    told("RN5133", &[("c", "Ada", "Right", "1950-01-01")]);
    assert_eq!(people(&registry).len(), 3);
    // What agrees with her and with one of them makes all of them one.
    let bridges = [
        ("t", "Zoe", "Middle", "1971-02-04"),
        ("u", "Ada", "Middle", "1950-01-01"),
    ];
    let bridges = told("RN5217", &bridges);
    assert_eq!(people(&registry), [["a", "c", "m", "t", "u"]]);
    for import in [middle, bridges] {
        let id = Id::read("import", &import).unwrap();
        assert_eq!(undo(&registry.app, id, &()).unwrap().1, 0);
    }
    assert_eq!(people(&registry), [["a"], ["c"]]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 12, ..ProptestConfig::default() })]
    #[test]
    fn the_order_in_which_it_is_told_does_not_matter(
        // Two bodies always tell of her: where as many tell of another, it is theirs who was told of first.
        (told, shuffled) in prop::sample::subsequence(all()[2..].to_vec(), 1..=7)
            .prop_map(|rest| [all()[..2].to_vec(), rest].concat())
            .prop_flat_map(|told| (Just(told.clone()), Just(told).prop_shuffle()))
    ) {
        prop_assert_eq!(became(&told), became(&shuffled));
    }
}
