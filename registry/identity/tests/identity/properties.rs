//! What holds of any two people.

use crate::people::{generated, person};
use generate::Plan;
use identity::{Field, Model, block_keys, compare, fold_address, fold_name, skeleton};
use proptest::prelude::*;

fn slipped(name: &str, at: usize, letter: char) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let at = at % letters.len().max(1);
    if let Some(place) = letters.get_mut(at) {
        *place = letter;
    }
    letters.into_iter().collect()
}

proptest! {
    #[test]
    fn folding_twice_changes_nothing(text in "\\PC{0,24}") {
        let folded = fold_name(&text);
        prop_assert_eq!(fold_name(&folded), folded.clone());
        let line = fold_address(&text);
        prop_assert_eq!(fold_address(&line), line.clone());
        prop_assert!(skeleton(&folded).chars().all(|letter| letter.is_ascii_lowercase()));
    }

    #[test]
    fn sides_do_not_matter_and_contributions_sum(one in 0_u64..4000, step in 0_u64..3, at in 0_usize..9, letter in "[a-z]") {
        let plan = Plan { look_alikes: 0.8, ..Plan::new(4000, 5) };
        let letter = letter.chars().next().expect("a letter");
        let left = generated(&plan.person(one));
        let mut right = generated(&plan.person(one + step));
        right.family_name = right.family_name.map(|name| slipped(&name, at, letter));
        let model = Model::default();
        let (there, back) = (model.score(&left, &right), model.score(&right, &left));
        prop_assert!((there.log_odds - back.log_odds).abs() < 1e-3, "{:?} {:?}", there, back);
        let sum: f32 = there.contributions.iter().map(|part| part.weight).sum();
        prop_assert!((sum - there.log_odds).abs() < 1e-2);
        prop_assert!((0.0..=1.0).contains(&there.probability));
    }

    #[test]
    fn any_text_is_compared(given in "\\PC{0,12}", family in "\\PC{0,12}", born in "\\PC{0,10}", code in "\\PC{0,9}") {
        let (one, other) = (person(&given, &family, &born, &code), person(&family, &given, &born, &code));
        let model = Model::default();
        let (there, back) = (model.score(&one, &other), model.score(&other, &one));
        prop_assert!(there.log_odds.is_finite());
        prop_assert!((there.log_odds - back.log_odds).abs() < 1e-3);
        let keys = block_keys(&one);
        prop_assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
    }
}

#[test]
fn a_better_agreement_never_lowers() {
    let model = Model::default();
    let one = person("Rowan", "Thistlewood", "1988-03-07", "QQ1 2AB");
    let odds = |given: &str, family: &str, born: &str, code: &str| {
        model
            .score(&one, &person(given, family, born, code))
            .log_odds
    };
    let falling =
        |odds: &[f32]| assert!(odds.windows(2).all(|pair| pair[0] >= pair[1]), "{odds:?}");
    let rest = ("Thistlewood", "1988-03-07", "QQ1 2AB");
    falling(&["Rowan", "Rowzn", "Juniper"].map(|given| odds(given, rest.0, rest.1, rest.2)));
    falling(
        &["Thistlewood", "Thistlewodo", "Quibble"]
            .map(|family| odds("Rowan", family, rest.1, rest.2)),
    );
    falling(
        &["1988-03-07", "1988-03-17", "1971-12-25"].map(|born| odds("Rowan", rest.0, born, rest.2)),
    );
    falling(
        &["QQ1 2AB", "QQ1 2AC", "QQ1 9XY", "ZZ9 9ZZ"]
            .map(|code| odds("Rowan", rest.0, rest.1, code)),
    );
}

#[test]
fn grades_are_what_they_are_called() {
    let model = Model::default();
    let one = person("Rowan", "Thistlewood", "1988-03-07", "QQ1 2AB");
    let words = |other: &identity::Person, field: Field| {
        compare(&model.prepare(&one), &model.prepare(other)).words(field)
    };
    let at = |born: &str| person("Rowan", "Thistlewood", born, "QQ1 2AB");
    for (born, expected) in [
        ("1988-03-07", "equal"),
        ("1988-07-03", "day and month swapped"),
        ("1988-03-08", "one slip in day or month"),
        ("1989-03-07", "one slip in the year"),
        ("1958-03-07", "two of three parts equal"),
        ("1988-11-25", "same year"),
        ("1971-12-25", "different"),
    ] {
        assert_eq!(words(&at(born), Field::Birth), expected, "{born}");
    }
    let swapped = person("Thistlewood", "Rowan", "1988-03-07", "QQ1 2AB");
    assert_eq!(words(&swapped, Field::Order), "swapped");
    assert_eq!(words(&swapped, Field::Family), "equal");
    assert_eq!(
        words(&person("R", "Thistlewood", "", ""), Field::Given),
        "initial"
    );
    assert_eq!(
        words(
            &person("Rowan", "Ashgrove-Thistlewood", "", ""),
            Field::Family
        ),
        "one part equal"
    );
}
