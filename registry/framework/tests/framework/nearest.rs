//! The nearest of many structures, against looking at every one.

use crate::support::{day, diploma, optional, progress};
use framework::random::{Case, Draw, Size};
use framework::random_large::large;
use framework::structure::{
    Bound, Compiled, Completion, Holding, Near, Nearest, Objective, Workspace,
};
use framework::{Award, Cap};
use schema::{Date, Subject, UnitReference};

/// What looking at every structure would find, where all is decided.
fn looked_at(compiled: &[Compiled], awards: &[Award], day: Date, first: usize) -> Vec<Near> {
    let mut all = Vec::new();
    for (structure, one) in compiled.iter().enumerate() {
        let holding = Holding::new(one, awards, day);
        match one.cheapest(&holding, Objective::Credit, Bound::default()) {
            Completion::Cheapest(plan) => {
                let remaining = u32::from(plan.credit);
                all.push(Near {
                    structure,
                    remaining,
                    decided: true,
                });
            }
            Completion::Complete | Completion::Impossible => {}
            Completion::NotDecided(why) => panic!("{structure}: {why:?}"),
        }
    }
    all.sort_by_key(|near| (near.remaining, near.structure));
    all.truncate(first);
    all
}

/// Structures of which somebody who holds nothing has completed none. They share their units' references.
fn structures(count: usize, mut seed: u64) -> Vec<Compiled> {
    let mut compiled = Vec::new();
    while compiled.len() < count {
        seed += 1;
        let case = Case::new(seed, Size::default());
        let empty = case
            .compiled()
            .filter(|one| one.is_complete(&Holding::default(), Bound::default()) == Some(false));
        compiled.extend(empty);
    }
    compiled
}

#[test]
fn the_nearest_are_those_that_looking_at_all_would_find() {
    let day = day("2020-06-01");
    let (mut found_some, mut capped) = (0, 0);
    for set in 0..4 {
        let compiled = structures(24, 60_000 + set * 1_000);
        let nearest = Nearest::new(compiled.clone(), Bound::default());
        let mut workspace = Workspace::default();
        for seed in 70_000 + set * 100..70_060 + set * 100 {
            let mut draw = Draw::new(seed);
            let mut case = Case::new(seed, Size::default());
            if draw.chance(30) {
                case = case.with_another_qualification(seed);
            }
            let cap = draw.chance(20);
            for award in case.awards.iter_mut().filter(|_| cap) {
                award.cap = draw.chance(50).then(|| Cap {
                    body: "a body".into(),
                    share: 30,
                });
            }
            capped += usize::from(cap);
            let first = usize::from(draw.within(1, 5));
            let expected = looked_at(&compiled, &case.awards, day, first);
            let found = nearest.near(&case.awards, day, first, |_| true, &mut workspace);
            assert_eq!(found, expected, "seed {seed}");
            found_some += usize::from(!found.is_empty());
            let none = nearest.near(&case.awards, day, first, |_| false, &mut workspace);
            assert!(none.is_empty());
        }
    }
    assert!(found_some > 200 && capped > 20, "{found_some} {capped}");
}

/// Rules as bodies write them, of the same 150 units: here hardly anything is left to be searched.
#[test]
fn the_nearest_of_large_structures_are_those_that_looking_at_all_would_find() {
    let compiled: Vec<Compiled> = (0..20)
        .filter_map(|seed| {
            let (structure, units) = large(seed);
            let unit = |key: &str| units.iter().find(|unit| unit.key == key);
            Compiled::new(&structure, unit).ok()
        })
        .collect();
    assert_eq!(compiled.len(), 20);
    let keys: Vec<String> = large(0).1.into_iter().map(|unit| unit.key).collect();
    let nearest = Nearest::new(compiled.clone(), Bound::default());
    let mut workspace = Workspace::default();
    let day = day("2020-06-01");
    let (mut far, mut complete) = (0, 0);
    for seed in 0..120 {
        let mut draw = Draw::new(seed);
        let share = u64::from(draw.within(1, 90));
        let held = keys.iter().filter(|_| draw.chance(share));
        let awards: Vec<Award> = held
            .map(|key| {
                let unit = UnitReference::parse(key).expect("a unit");
                Award::new(key.clone(), Subject::Unit(unit))
            })
            .collect();
        let expected = looked_at(&compiled, &awards, day, 3);
        let found = nearest.near(&awards, day, 3, |_| true, &mut workspace);
        assert_eq!(found, expected, "seed {seed}");
        far += usize::from(found.iter().any(|near| near.remaining > 20));
        complete += usize::from(looked_at(&compiled, &awards, day, 20).len() < 20);
    }
    assert!(far > 10 && complete > 3, "{far} {complete}");
}

/// One structure, asked about somebody who holds units of it: what is answered without a search is what a search finds.
#[test]
fn the_nearest_of_one_is_what_completing_it_costs() {
    let (mut costs, mut nothing) = (0, 0);
    for seed in 80_000..82_500 {
        let case = Case::new(seed, Size::default());
        let Some(compiled) = case.compiled() else {
            continue;
        };
        let one = [compiled.clone()];
        let expected = looked_at(&one, &case.awards, case.day, 1);
        let nearest = Nearest::new(one.to_vec(), Bound::default());
        let mut workspace = Workspace::default();
        // Asked again it is the same, though the first answer may be remembered.
        for _ in 0..2 {
            let found = nearest.near(&case.awards, case.day, 1, |_| true, &mut workspace);
            assert_eq!(found, expected, "seed {seed}: {case:#?}");
        }
        costs += usize::from(!expected.is_empty());
        nothing += usize::from(expected.is_empty());
    }
    assert!(costs > 1_000 && nothing > 200, "{costs} {nothing}");
}

#[test]
fn who_holds_more_than_can_be_looked_at_is_told_that_it_was_not_decided() {
    let awards: Vec<_> = (0..500).map(|number| optional(number, 1)).collect();
    let nearest = Nearest::new(vec![diploma()], Bound::default());
    let day = day("2014-06-01");
    let found = nearest.near(&awards, day, 1, |_| true, &mut Workspace::default());
    let told = progress(&awards);
    assert!(!told.complete && !told.decided);
    assert_eq!(
        found,
        [Near {
            structure: 0,
            remaining: told.credits_remaining,
            decided: false,
        }]
    );
    let text = told.explanation[0].text(schema::Language::English);
    assert!(
        text.starts_with("The cheapest way was not decided"),
        "{text}"
    );
}
