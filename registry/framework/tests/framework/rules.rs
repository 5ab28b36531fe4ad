//! Each kind of rule of combination by itself, on small invented structures.

use crate::support::{day, facts};
use framework::Award;
use framework::structure::{
    Barred, Bound, Compiled, Completion, Contents, Group, Holding, LevelFloor, Objective,
    OtherCredit, Plan, Structure, StructureFault, UnitFacts,
};
use schema::{Level, Subject, UnitReference};

fn key(number: u16) -> String {
    format!("A/100/{number:04}")
}

fn a_unit(number: u16, credit: u16, level: Level) -> UnitFacts {
    UnitFacts {
        key: key(number),
        title: format!("Unit {number}"),
        level: Some(level),
        credit: Some(credit),
        guided_learning_hours: (credit * 10).checked_sub(number),
        equivalents: Vec::new(),
        confirmed: true,
    }
}

/// Units 1 to 6: credit 2, 3, 4, 5, 6, 7; the even ones at level 3, the others at level 2.
fn units() -> Vec<UnitFacts> {
    (1..=6)
        .map(|number| {
            let level = if number % 2 == 0 {
                Level::L3
            } else {
                Level::L2
            };
            a_unit(number, number + 1, level)
        })
        .collect()
}

fn list(code: &str, numbers: &[u16]) -> Group {
    Group::new(
        code,
        Contents::Units(numbers.iter().map(|number| key(*number)).collect()),
    )
}

fn structure(total_credit: u16, root: Group) -> Structure {
    Structure {
        qualification: "100/0001/8".into(),
        title: None,
        level: None,
        also: Vec::new(),
        total_credit,
        floor: None,
        root,
        barred: Vec::new(),
        confirmed: true,
        source: "invented".into(),
    }
}

fn award(number: u16) -> Award {
    let unit = UnitReference::parse(&key(number)).expect("a reference");
    let mut award = Award::new(format!("a{number}"), Subject::Unit(unit));
    award.awarded_on = Some(day("2019-01-15"));
    award.level = Some(Level::L3);
    award.credit = Some(4);
    award
}

fn awards(numbers: &[u16]) -> Vec<Award> {
    numbers.iter().map(|number| award(*number)).collect()
}

fn compiled(structure: &Structure, units: &[UnitFacts]) -> Compiled {
    Compiled::new(structure, |key| facts(units, key)).expect("it compiles")
}

fn cheapest(structure: &Structure, units: &[UnitFacts], awards: &[Award]) -> Completion {
    let compiled = compiled(structure, units);
    let holding = Holding::new(&compiled, awards, day("2020-01-15"));
    compiled.cheapest(&holding, Objective::Credit, Bound::default())
}

fn gain(completion: &Completion) -> &Plan {
    match completion {
        Completion::Cheapest(plan) => plan,
        other => panic!("{other:?}"),
    }
}

#[test]
fn least_credit_is_met_as_closely_as_can_be() {
    let rules = structure(9, list("all", &[1, 2, 3, 4, 5, 6]));
    let found = cheapest(&rules, &units(), &[]);
    assert_eq!(gain(&found).credit, 9);
    let found = cheapest(&rules, &units(), &awards(&[3]));
    assert_eq!((gain(&found).credit, gain(&found).units.len()), (5, 1));
    assert_eq!(
        cheapest(&rules, &units(), &awards(&[3, 4])),
        Completion::Complete
    );
}

#[test]
fn of_two_ways_of_one_credit_the_one_of_fewer_units_is_taken() {
    let rules = structure(7, list("all", &[1, 2, 3, 4, 5, 6]));
    assert_eq!(gain(&cheapest(&rules, &units(), &[])).units, [key(6)]);
}

#[test]
fn most_components_and_least_components_hold() {
    let mut group = list("all", &[1, 2, 3, 4, 5, 6]);
    group.minimum_components = Some(3);
    assert_eq!(
        gain(&cheapest(&structure(0, group.clone()), &units(), &[])).credit,
        2 + 3 + 4
    );
    group.maximum_components = Some(3);
    // Held are the three smallest: nine credits. Fourteen take three others' credit at most.
    let found = cheapest(&structure(14, group), &units(), &awards(&[1, 2, 3]));
    assert_eq!(gain(&found).credit, 7);
}

#[test]
fn credit_above_the_most_does_not_count() {
    let mut capped = list("capped", &[5, 6]);
    capped.maximum_credit = Some(8);
    let root = Group::new(
        "root",
        Contents::Groups(vec![capped, list("rest", &[1, 2, 3])]),
    );
    let rules = structure(12, root);
    let found = cheapest(&rules, &units(), &awards(&[5, 6]));
    assert_eq!(
        gain(&found).credit,
        4,
        "13 credits are held there, and 8 count"
    );
    let progress =
        compiled(&rules, &units()).progress(&awards(&[5, 6]), day("2020-01-15"), Bound::default());
    assert_eq!(
        (progress.credits_towards, progress.credits_remaining),
        (8, 4)
    );
}

#[test]
fn a_unit_in_two_groups_counts_in_one_and_in_both_where_the_rule_says_so() {
    let mut one = list("one", &[1, 2]);
    one.minimum_components = Some(2);
    let mut other = list("other", &[2, 3]);
    other.minimum_components = Some(1);
    let root = |other: Group| {
        let mut root = Group::new("root", Contents::Groups(vec![one.clone(), other]));
        root.minimum_components = Some(2);
        root
    };
    let found = cheapest(
        &structure(5, root(other.clone())),
        &units(),
        &awards(&[1, 2]),
    );
    assert_eq!(gain(&found).units, [key(3)]);
    other.overlaps = true;
    let rules = structure(5, root(other));
    assert_eq!(
        cheapest(&rules, &units(), &awards(&[1, 2])),
        Completion::Complete
    );
    // Gained once, it counts in both too.
    let found = cheapest(&rules, &units(), &[]);
    assert_eq!(gain(&found).credit, 5);
}

#[test]
fn of_a_barred_pair_one_counts() {
    let mut rules = structure(9, list("all", &[1, 2, 3, 4]));
    rules.barred.push(Barred {
        unit: key(3),
        with: vec![key(4)],
        reason: Some("They teach the same.".into()),
    });
    let found = cheapest(&rules, &units(), &awards(&[3, 4]));
    assert_eq!(
        gain(&found).credit,
        5,
        "5 of them count, and 4 more are 2 and 3"
    );
    let progress =
        compiled(&rules, &units()).progress(&awards(&[3, 4]), day("2020-01-15"), Bound::default());
    let barred = progress
        .explanation
        .iter()
        .find(|reason| reason.rule.ends_with("barred"));
    let barred = barred.expect("it is said");
    assert_eq!(barred.achievements, ["a4", "a3"]);
    assert!(
        barred
            .text(schema::Language::English)
            .contains("They teach the same.")
    );
}

#[test]
fn credit_at_or_above_a_level_is_asked() {
    let mut rules = structure(10, list("all", &[1, 2, 3, 4, 5, 6]));
    rules.floor = Some(LevelFloor {
        level: Level::L3,
        credit: 8,
    });
    // Units 1, 3, 5 are at level 2, 12 credits; at level 3 are 3, 5, 7 credits.
    let found = cheapest(&rules, &units(), &awards(&[1, 3, 5]));
    assert_eq!(gain(&found).credit, 8);
    assert_eq!(
        cheapest(&rules, &units(), &awards(&[3, 2, 4])),
        Completion::Complete
    );
}

#[test]
fn other_credit_counts_by_level_and_age() {
    let other = Group::new(
        "other",
        Contents::Other(OtherCredit {
            level: Some(Level::L3),
            within_months: Some(12),
            ..OtherCredit::default()
        }),
    );
    let mut other_group = other;
    other_group.maximum_credit = Some(6);
    let root = Group::new(
        "root",
        Contents::Groups(vec![list("all", &[1, 2]), other_group]),
    );
    let rules = structure(9, root);
    let mut outside = award(900);
    let cost = |outside: &Award| {
        let mut held = awards(&[1, 2]);
        held.push(outside.clone());
        match cheapest(&rules, &units(), &held) {
            Completion::Complete => 0,
            found => gain(&found).credit,
        }
    };
    assert_eq!(cost(&outside), 0, "awarded a year ago to the day");
    outside.awarded_on = Some(day("2019-01-14"));
    assert_eq!(cost(&outside), 4, "a day too old");
    let mut held = awards(&[1, 2]);
    held.push(outside.clone());
    let progress = compiled(&rules, &units()).progress(&held, day("2020-01-15"), Bound::default());
    assert!(
        progress
            .explanation
            .iter()
            .any(|reason| reason.achievements == ["a900"])
    );
    outside.awarded_on = Some(day("2019-06-01"));
    outside.level = Some(Level::L2);
    assert_eq!(cost(&outside), 4, "below the level");
    outside.level = Some(Level::L4);
    outside.credit = Some(9);
    assert_eq!(cost(&outside), 0, "six of nine count");
}

#[test]
fn what_is_accepted_in_the_place_of_several_counts_once() {
    let mut units = units();
    units[0].equivalents = vec![key(500)];
    units[1].equivalents = vec![key(500)];
    let mut group = list("all", &[1, 2]);
    group.minimum_components = Some(2);
    let rules = structure(5, group);
    let found = cheapest(&rules, &units, &awards(&[500]));
    assert_eq!(gain(&found).units, [key(1)], "it stands for the larger");
    assert_eq!(
        cheapest(&rules, &units, &awards(&[500, 2])),
        Completion::Complete
    );
}

#[test]
fn hours_and_credit_have_each_their_cheapest() {
    let mut units = units();
    units[4].guided_learning_hours = Some(1);
    let rules = structure(5, list("all", &[1, 2, 3, 4, 5, 6]));
    let compiled = compiled(&rules, &units);
    let of = |objective| compiled.cheapest(&Holding::default(), objective, Bound::default());
    assert_eq!(gain(&of(Objective::Credit)).credit, 5);
    let hours = of(Objective::GuidedLearningHours);
    assert_eq!(gain(&hours).units, [key(5)]);
    assert_eq!(gain(&hours).guided_learning_hours, Some(1));
}

#[test]
fn what_contradicts_itself_is_refused() {
    let units = units();
    let refused = |structure: &Structure| Compiled::new(structure, |key| facts(&units, key)).err();
    let unknown = refused(&structure(5, list("all", &[1, 99]))).expect("refused");
    assert_eq!(
        unknown.to_string(),
        "group all: the unit A/100/0099 is not known"
    );
    let mut group = list("all", &[1, 2]);
    group.minimum_components = Some(3);
    let contradiction = refused(&structure(5, group));
    assert!(matches!(
        contradiction,
        Some(StructureFault::Contradiction { .. })
    ));
    let twice = refused(&structure(5, list("all", &[1, 1])));
    assert!(matches!(twice, Some(StructureFault::Twice { .. })));
    let mut barred = structure(5, list("all", &[1, 2]));
    barred.barred.push(Barred {
        unit: key(1),
        with: vec![key(6)],
        reason: None,
    });
    assert!(matches!(
        refused(&barred),
        Some(StructureFault::BarredUnknown { .. })
    ));
    let many: Vec<u16> = (1..=600).collect();
    let all: Vec<UnitFacts> = many
        .iter()
        .map(|number| a_unit(*number, 1, Level::L3))
        .collect();
    let all: Vec<UnitFacts> = all
        .into_iter()
        .map(|mut unit| {
            unit.guided_learning_hours = None;
            unit
        })
        .collect();
    let large = Compiled::new(&structure(5, list("all", &many)), |key| facts(&all, key));
    assert!(matches!(large, Err(StructureFault::TooLarge)));
}

#[test]
fn a_full_group_of_other_credit_can_still_bring_credit_at_the_level() {
    // Unit 3 (4 credits, level 2) fills the group; four credits gained elsewhere are for the level alone.
    let mut other = Group::new("other", Contents::Other(OtherCredit::default()));
    other.maximum_credit = Some(4);
    let mut root = Group::new("root", Contents::Groups(vec![list("all", &[5]), other]));
    root.minimum_components = Some(2);
    let mut rules = structure(10, root);
    rules.floor = Some(LevelFloor {
        level: Level::L3,
        credit: 4,
    });
    let mut outside = award(900);
    outside.level = Some(Level::L2);
    let mut held = awards(&[5]);
    held.push(outside);
    let found = cheapest(&rules, &units(), &held);
    assert_eq!(
        (gain(&found).credit, gain(&found).other_credit.len()),
        (4, 1)
    );
}
