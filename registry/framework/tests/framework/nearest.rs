//! The nearest of many structures, against looking at every one.

use crate::support::{day, diploma, optional, progress};
use framework::random::{Case, Size};
use framework::structure::{Bound, Completion, Holding, Near, Nearest, Objective, Workspace};

#[test]
fn the_nearest_are_those_that_looking_at_all_would_find() {
    let mut compiled = Vec::new();
    let mut seed = 60_000;
    while compiled.len() < 24 {
        seed += 1;
        let case = Case::new(seed, Size::default());
        let empty = case
            .compiled()
            .filter(|one| one.is_complete(&Holding::default(), Bound::default()) == Some(false));
        compiled.extend(empty);
    }
    let nearest = Nearest::new(compiled.clone(), Bound::default());
    let mut workspace = Workspace::default();
    let day = day("2020-06-01");
    let mut nonempty = 0;
    for seed in 70_000..70_060 {
        let awards = Case::new(seed, Size::default()).awards;
        let mut all: Vec<Near> = Vec::new();
        for (structure, one) in compiled.iter().enumerate() {
            let holding = Holding::new(one, &awards, day);
            let found = one.cheapest(&holding, Objective::Credit, Bound::default());
            if let Completion::Cheapest(plan) = found {
                let remaining = u32::from(plan.credit);
                all.push(Near {
                    structure,
                    remaining,
                    decided: true,
                });
            }
        }
        all.sort_by_key(|near| (near.remaining, near.structure));
        all.truncate(3);
        let found = nearest.near(&awards, day, 3, |_| true, &mut workspace);
        let costs = |list: &[Near]| list.iter().map(|near| near.remaining).collect::<Vec<_>>();
        assert_eq!(costs(&found), costs(&all), "seed {seed}");
        nonempty += usize::from(!found.is_empty());
        let none = nearest.near(&awards, day, 3, |_| false, &mut workspace);
        assert!(none.is_empty());
    }
    assert!(nonempty > 40);
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
