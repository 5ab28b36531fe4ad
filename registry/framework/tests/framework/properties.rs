//! What holds of any structure and holding.

use framework::random::{Case, Size};
use framework::structure::{Bound, Compiled, Completion, Holding, Objective, Progress};

fn cost(compiled: &Compiled, case: &Case) -> Option<u16> {
    let holding = Holding::new(compiled, &case.awards, case.day);
    match compiled.cheapest(&holding, Objective::Credit, Bound::default()) {
        Completion::Complete => Some(0),
        Completion::Cheapest(plan) => Some(plan.credit),
        Completion::Impossible => None,
        Completion::NotDecided(why) => panic!("{why:?}"),
    }
}

#[test]
fn one_more_award_never_costs_more() {
    let mut cheaper = 0;
    for seed in 20_000..20_600 {
        let full = Case::new(seed, Size::default());
        let Some(compiled) = full.compiled() else {
            continue;
        };
        let mut fewer = full.clone();
        let Some(_) = fewer.awards.pop() else {
            continue;
        };
        let (more, less) = (cost(&compiled, &full), cost(&compiled, &fewer));
        let order = |cost: Option<u16>| cost.map_or(u32::MAX, u32::from);
        assert!(order(more) <= order(less), "seed {seed}: {more:?} {less:?}");
        cheaper += usize::from(order(more) < order(less));
    }
    assert!(cheaper > 50, "{cheaper}");
}

#[test]
fn a_plan_completes_what_it_was_made_for_and_nothing_in_it_is_idle() {
    let mut plans = 0;
    for seed in 30_000..30_300 {
        let case = Case::new(seed, Size::default());
        let Some(compiled) = case.compiled() else {
            continue;
        };
        let progress = compiled.progress(&case.awards, case.day, Bound::default());
        let Completion::Cheapest(plan) = &progress.completion else {
            continue;
        };
        if !plan.other_credit.is_empty() {
            continue;
        }
        plans += 1;
        let gain = |keys: &[String]| {
            let mut awards = case.awards.clone();
            for key in keys {
                let unit = schema::UnitReference::parse(key).expect("a unit");
                let mut award =
                    framework::Award::new(format!("gained {key}"), schema::Subject::Unit(unit));
                // Gained long ago, so that no group of other credit takes it in another's place.
                award.awarded_on = case.day.checked_sub_months(chrono::Months::new(600));
                awards.push(award);
            }
            let holding = Holding::new(&compiled, &awards, case.day);
            compiled
                .is_complete(&holding, Bound::default())
                .expect("decided")
        };
        assert!(gain(&plan.units), "seed {seed}: {plan:?}");
        for left_out in 0..plan.units.len() {
            let mut keys = plan.units.clone();
            keys.remove(left_out);
            assert!(!gain(&keys), "seed {seed}: {plan:?} without {left_out}");
        }
    }
    assert!(plans > 80, "{plans}");
}

/// What an answer says, without saying by which achievements.
fn said(progress: &Progress) -> impl PartialEq + use<> {
    let groups: Vec<_> = progress
        .groups
        .iter()
        .map(|group| {
            (
                group.satisfied,
                group.taken,
                group.credit,
                group.components,
                group.missing.clone(),
            )
        })
        .collect();
    (
        progress.complete,
        progress.credits_towards,
        progress.credits_remaining,
        groups,
    )
}

#[test]
fn without_a_cited_achievement_the_answer_is_another() {
    let (mut changed, mut replaced) = (0, 0);
    for seed in 40_000..40_150 {
        let case = Case::new(seed, Size::default());
        let Some(compiled) = case.compiled() else {
            continue;
        };
        let answer = compiled.progress(&case.awards, case.day, Bound::default());
        let cited = answer
            .groups
            .first()
            .map_or_else(Vec::new, |root| root.satisfied_by.clone());
        for id in &cited {
            let mut awards = case.awards.clone();
            awards.retain(|award| award.id != *id);
            let other = compiled.progress(&awards, case.day, Bound::default());
            assert_ne!(answer, other, "seed {seed}: {id}");
            // Where nothing completes it, there is no least.
            let least = |progress: &Progress| match progress.completion {
                Completion::Impossible => u32::MAX,
                _ => progress.credits_remaining,
            };
            assert!(least(&other) >= least(&answer), "seed {seed}");
            if said(&answer) == said(&other) {
                // Another award stands in for it: then the answer cites that one in its group.
                let stands_in = other
                    .groups
                    .iter()
                    .zip(&answer.groups)
                    .any(|(now, before)| {
                        now.satisfied_by
                            .iter()
                            .any(|one| !before.satisfied_by.contains(one))
                    });
                assert!(
                    stands_in,
                    "seed {seed}: {id} changes nothing\n{answer:#?}\n{other:#?}"
                );
                replaced += 1;
            } else {
                changed += 1;
            }
        }
    }
    assert!(
        changed > 300 && replaced * 10 < changed,
        "{changed} {replaced}"
    );
}

#[test]
fn the_bound_is_honest() {
    let mut met = 0;
    for seed in 50_000..50_200 {
        let case = Case::new(seed, Size::default());
        let Some(compiled) = case.compiled() else {
            continue;
        };
        let holding = Holding::new(&compiled, &case.awards, case.day);
        let exact = cost(&compiled, &case).map(u32::from);
        let bound = Bound { branches: 1 };
        match compiled.cheapest(&holding, Objective::Credit, bound) {
            Completion::NotDecided(framework::structure::Undecided::Bound { at_least, best }) => {
                met += 1;
                assert!(exact.is_none_or(|exact| at_least <= exact), "seed {seed}");
                assert!(best.is_none_or(|best| Some(u32::from(best.credit)) >= exact));
            }
            Completion::Complete => assert_eq!(exact, Some(0)),
            Completion::Cheapest(plan) => assert_eq!(Some(u32::from(plan.credit)), exact),
            Completion::Impossible => assert_eq!(exact, None),
            Completion::NotDecided(why) => panic!("{why:?}"),
        }
        let progress = compiled.progress(&case.awards, case.day, bound);
        assert!(progress.decided || !progress.complete);
    }
    assert!(met > 5, "{met}");
}
