//! How fast the rule engine answers: complete or not, cheapest completion, nearest; on the shipped diploma, on a
//! large invented structure of 150 units, and on random ones. Run in release:
//! `cargo run --release -p framework --example measure --features random`.

#![expect(clippy::print_stdout, reason = "it measures and prints")]

use framework::Award;
use framework::catalogue::{structures, units};
use framework::random::{Case, Draw, Size};
use framework::random_large::large;
use framework::shipped::Table;
use framework::structure::{
    Bound, Compiled, Holding, Nearest, Objective, Structure, UnitFacts, Workspace,
};
use schema::{Date, Subject, UnitReference};
use std::hint::black_box;
use std::time::Instant;

/// Times a question over many holdings: median and 99th percentile, in nanoseconds.
fn time(name: &str, holdings: &[Holding], mut ask: impl FnMut(&Holding)) {
    for holding in holdings {
        ask(holding);
    }
    let mut taken: Vec<u128> = Vec::new();
    for holding in holdings {
        let rounds = 20;
        let began = Instant::now();
        for _ in 0..rounds {
            ask(black_box(holding));
        }
        taken.push(began.elapsed().as_nanos() / rounds);
    }
    taken.sort_unstable();
    let at = |share: usize| taken.get(taken.len() * share / 100).copied().unwrap_or(0);
    let mean = taken.iter().sum::<u128>() / taken.len().max(1) as u128;
    println!(
        "{name}: mean {mean} ns, median {} ns, 99 % {} ns",
        at(50),
        at(99)
    );
}

fn report(name: &str, compiled: &Compiled, holdings: &[Holding]) {
    println!("{name}: {} holdings", holdings.len());
    let bound = Bound::default();
    time("  complete or not", holdings, |holding| {
        black_box(compiled.is_complete(holding, bound));
    });
    time("  least it can cost", holdings, |holding| {
        black_box(compiled.at_least(holding));
    });
    time("  the same by every rule", holdings, |holding| {
        black_box(compiled.least(holding));
    });
    time("  cheapest by credit", holdings, |holding| {
        black_box(compiled.cheapest(holding, Objective::Credit, bound));
    });
    time("  cheapest by guided hours", holdings, |holding| {
        black_box(compiled.cheapest(holding, Objective::GuidedLearningHours, bound));
    });
}

fn award(key: &str, number: usize, day: Date) -> Award {
    let subject = UnitReference::parse(key)
        .map_or_else(|_| Subject::Unidentified(key.to_owned()), Subject::Unit);
    let mut award = Award::new(format!("a{number}"), subject);
    award.awarded_on = Some(day);
    award
}

/// People who each hold some of the units.
fn people(keys: &[String], count: u64, day: Date) -> Vec<Vec<Award>> {
    (0..count)
        .map(|seed| {
            let mut draw = Draw::new(seed);
            let share = u64::from(draw.within(0, 100));
            let mut awards = Vec::new();
            for key in keys {
                if draw.chance(share) {
                    awards.push(award(key, awards.len(), day));
                }
            }
            awards
        })
        .collect()
}

fn main() {
    let day = Date::from_ymd_opt(2014, 6, 1).unwrap_or_default();
    let shipped: Vec<UnitFacts> = units(Table::Units.shipped())
        .unwrap_or_default()
        .into_iter()
        .map(|unit| unit.facts)
        .collect();
    let rules = structures(
        Table::Structures.shipped(),
        Table::Groups.shipped(),
        Table::Barred.shipped(),
    )
    .unwrap_or_default();
    let compile = |structure: &Structure, units: &[UnitFacts]| {
        Compiled::new(structure, |key| units.iter().find(|unit| unit.key == key)).ok()
    };
    let mut all = Vec::new();
    let keys = |units: &[UnitFacts]| {
        units
            .iter()
            .map(|unit| unit.key.clone())
            .collect::<Vec<_>>()
    };
    let (structure, facts) = large(7);
    let cases = [
        ("the shipped diploma", rules.first().cloned(), shipped),
        ("150 units", Some(structure), facts),
    ];
    for (name, structure, units) in cases {
        let Some(compiled) = structure.and_then(|structure| compile(&structure, &units)) else {
            continue;
        };
        let holdings: Vec<Holding> = people(&keys(&units), 400, day)
            .iter()
            .map(|awards| Holding::new(&compiled, awards, day))
            .collect();
        report(name, &compiled, &holdings);
        all.push(compiled);
    }
    let mut random: Vec<(Compiled, Holding)> = Vec::new();
    for seed in 0..2_000 {
        let case = Case::new(seed, Size::default());
        if let Some(compiled) = case.compiled() {
            let holding = Holding::new(&compiled, &case.awards, case.day);
            random.push((compiled, holding));
        }
    }
    let mut taken: Vec<(u128, u128)> = random
        .iter()
        .map(|(compiled, holding)| {
            let began = Instant::now();
            black_box(compiled.is_complete(holding, Bound::default()));
            let complete = began.elapsed().as_nanos();
            let began = Instant::now();
            black_box(compiled.cheapest(holding, Objective::Credit, Bound::default()));
            (complete, began.elapsed().as_nanos())
        })
        .collect();
    for (name, of) in [
        (
            "complete or not",
            (|one: &(u128, u128)| one.0) as fn(&(u128, u128)) -> u128,
        ),
        ("cheapest by credit", |one| one.1),
    ] {
        taken.sort_unstable_by_key(of);
        let at = |share: usize| taken.get(taken.len() * share / 100).map_or(0, of);
        println!("random, {name}: median {} ns, 99 % {} ns", at(50), at(99));
    }
    for seed in 0..60 {
        let (structure, units) = large(seed);
        all.extend(compile(&structure, &units));
    }
    let nearest = Nearest::new(all, Bound::default());
    let keys: Vec<String> = (0..150)
        .map(|number| format!("A/900/{number:04}"))
        .collect();
    let few: Vec<Vec<Award>> = (0..2_000)
        .map(|seed| {
            let mut draw = Draw::new(seed);
            let count = usize::from(draw.within(1, 6));
            keys.iter()
                .skip(usize::from(draw.within(0, 140)))
                .take(count)
                .enumerate()
                .map(|(number, key)| award(key, number, day))
                .collect()
        })
        .collect();
    let name = "nearest 3 of 62 structures";
    time_nearest(&format!("{name}, 1 to 6 units held"), &nearest, &few);
    for most in [15, 60] {
        let name = format!("{name}, up to {most} % of the units held");
        time_nearest(&name, &nearest, &share_of(&keys, most, day));
    }
    // Rules such as nobody would write, of few units, so that hardly any sum comes out even.
    let drawn = random.into_iter().map(|(compiled, _)| compiled).take(62);
    let nearest = Nearest::new(drawn.collect(), Bound::default());
    let held: Vec<Vec<Award>> = (0..500)
        .map(|seed| Case::new(seed, Size::default()).awards)
        .collect();
    time_nearest("nearest 3 of 62 drawn structures", &nearest, &held);
}

/// Times the question which is nearest over many people, in nanoseconds.
fn time_nearest(name: &str, nearest: &Nearest, people: &[Vec<Award>]) {
    let day = Date::from_ymd_opt(2020, 6, 1).unwrap_or_default();
    let mut workspace = Workspace::default();
    let began = Instant::now();
    for awards in people {
        black_box(nearest.near(awards, day, 3, |_| true, &mut workspace));
    }
    let each = began.elapsed().as_nanos() / people.len().max(1) as u128;
    println!("{name}: {each} ns a person");
}

/// People who hold up to that many in a hundred of the units, any of them.
fn share_of(keys: &[String], most: u16, day: Date) -> Vec<Vec<Award>> {
    (0..2_000)
        .map(|seed| {
            let mut draw = Draw::new(seed ^ 0x6d61_6e79);
            let share = u64::from(draw.within(1, most));
            let held: Vec<&String> = keys.iter().filter(|_| draw.chance(share)).collect();
            held.iter()
                .enumerate()
                .map(|(number, key)| award(key, number, day))
                .collect()
        })
        .collect()
}
