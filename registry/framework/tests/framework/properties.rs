//! What holds of any structure and holding.

use framework::random::{Case, Size};
use framework::structure::{
    Bound, Compiled, Completion, Holding, Nearest, Objective, Progress, Workspace,
};

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

/// Whatever is held: also where awards stand for one of several units, and where another qualification is held with units
/// of it.
#[test]
fn no_bound_is_above_what_completing_costs() {
    let size = Size {
        units: (4, 24),
        shared: 40,
        barred: 6,
        overlaps: 15,
    };
    let (mut by_rule, mut at_first_sight, mut costs) = (0, 0, 0);
    for seed in 90_000..92_000 {
        let mut case = Case::new(seed, size);
        if seed % 3 == 0 {
            case = case.with_another_qualification(seed);
        }
        let Some(compiled) = case.compiled() else {
            continue;
        };
        let holding = Holding::new(&compiled, &case.awards, case.day);
        let Some(cost) = cost(&compiled, &case).map(u32::from) else {
            continue;
        };
        let least = compiled.least(&holding);
        assert!(
            least.is_some_and(|least| least <= cost),
            "seed {seed}: {least:?} for {cost}: {case:#?}"
        );
        assert!(compiled.at_least(&holding) <= cost, "seed {seed}");
        if cost > 0 {
            costs += 1;
            by_rule += usize::from(least == Some(cost));
            at_first_sight += usize::from(compiled.at_least(&holding) == cost);
        }
    }
    assert!(
        costs > 800 && by_rule > costs / 3 && by_rule > at_first_sight * 2,
        "{by_rule} by rule and {at_first_sight} at first sight of {costs}"
    );
}

/// A qualification and units taken as parts of it carry the same credit: it counts in their place, they in its, or as
/// much of it beside them as they do not carry; whatever costs the least.
#[test]
fn another_qualification_and_its_units_carry_their_credit_once() {
    let (mut by_itself, mut by_both) = (0, 0);
    for seed in 60_000..60_750 {
        let case = Case::new(seed, Size::default()).with_another_qualification(seed);
        let Some(compiled) = case.compiled() else {
            continue;
        };
        let order = |cost: Option<u16>| cost.map_or(u32::MAX, u32::from);
        let without = |left_out: &dyn Fn(&framework::Award) -> bool| {
            let mut fewer = case.clone();
            fewer.awards.retain(|award| !left_out(award));
            fewer
        };
        let units = order(cost(&compiled, &without(&|award| award.id == "another")));
        let whole = without(&|award| award.part_of.is_some());
        let holding = Holding::new(&compiled, &whole.awards, case.day);
        // Nobody is told to gain again what they hold.
        let again = match compiled.cheapest(&holding, Objective::Credit, Bound::default()) {
            Completion::Cheapest(plan) => case.awards.iter().any(|award| {
                let stands_for = |key: &String| {
                    let unit = case.units.iter().find(|unit| unit.key == *key);
                    key == award.code()
                        || unit.is_some_and(|unit| {
                            unit.equivalents.iter().any(|one| one == award.code())
                        })
                };
                award.part_of.is_some() && plan.units.iter().any(stands_for)
            }),
            _ => false,
        };
        let whole = order(cost(&compiled, &whole));
        let mut rest = case.clone();
        let parts = case.awards.iter().filter(|award| award.part_of.is_some());
        let carried: u16 = parts.filter_map(|award| award.credit).sum();
        for award in &mut rest.awards {
            award.part_of = None;
            if award.id == "another" {
                award.credit = award.credit.map(|credit| credit.saturating_sub(carried));
            }
        }
        let rest = order(cost(&compiled, &rest));
        let both = order(cost(&compiled, &case));
        let least = whole.min(units).min(rest);
        assert!(
            both >= least && both <= units.min(rest),
            "seed {seed}: {both}"
        );
        assert!(
            again || both == least,
            "seed {seed}: {both} {whole} {units} {rest}"
        );
        by_itself += usize::from(both < units.min(rest));
        by_both += usize::from(both < whole.min(units));
        // And what is asked of many at once says the same.
        let place = compiled.clone();
        let nearest = Nearest::new(vec![place], Bound::default());
        let near = nearest.near(
            &case.awards,
            case.day,
            1,
            |_| true,
            &mut Workspace::default(),
        );
        let near = near.first().map(|near| near.remaining);
        let expected = Some(both).filter(|cost| *cost > 0 && *cost < u32::MAX);
        assert_eq!(near, expected, "seed {seed}");
    }
    assert!(by_itself > 2 && by_both > 2, "{by_itself} {by_both}");
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
