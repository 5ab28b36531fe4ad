//! The rule engine against an independent solver of mixed-integer programmes, on random structures and holdings.
//! The programme is written from the rules' words and shares nothing with the engine but the case.

use chrono::Months;
use framework::Award;
use framework::random::{Case, Size};
use framework::structure::{
    Bound, Completion, Contents, Group, Holding, Objective, OtherCredit, Undecided, UnitFacts,
};
use microlp::{ComparisonOp, Error, LinearExpr, OptimizationDirection, Problem, Variable};
use schema::{Level, Route};
use std::collections::BTreeMap;

/// How many cases the suite looks at. A long trial looks at more: `IQF_CASES=100000 cargo test --release -p framework solver`.
fn cases() -> u64 {
    std::env::var("IQF_CASES").map_or(2_000, |number| number.parse().expect("a number"))
}

/// A unit or award that counts in a group.
struct Counted {
    variable: Variable,
    unit: Option<String>,
    award: Option<usize>,
    group: String,
    overlaps: bool,
}

struct Model<'a> {
    case: &'a Case,
    problem: Problem,
    counted: Vec<Counted>,
    /// Whether a unit is gained.
    gained: BTreeMap<String, Variable>,
    floor: Option<Level>,
    may_gain: bool,
    /// What a credit gained elsewhere costs.
    elsewhere: f64,
}

/// What a group gives its parent: credit, credit at level, and whether it is in use.
struct Given {
    credit: Variable,
    level: Variable,
    used: Variable,
}

fn sum(parts: &[(Variable, f64)]) -> LinearExpr {
    let mut sum = LinearExpr::empty();
    for (variable, factor) in parts {
        sum.add(*variable, *factor);
    }
    sum
}

impl Model<'_> {
    fn unit(&self, key: &str) -> &UnitFacts {
        self.case
            .units
            .iter()
            .find(|unit| unit.key == key)
            .expect("a unit")
    }

    fn at_level(&self, level: Option<Level>) -> bool {
        self.floor
            .is_none_or(|floor| level.is_some_and(|level| level >= floor))
    }

    fn listed(&self) -> Vec<String> {
        let mut listed = Vec::new();
        for (_, group) in self.case.structure.root.walk() {
            if let Contents::Units(keys) = &group.contents {
                listed.extend(keys.clone());
            }
        }
        listed
    }

    /// The awards that can stand for a unit: of it, or of what is accepted in its place and is no listed unit itself.
    fn awards_for(&self, key: &str) -> Vec<usize> {
        let listed = self.listed();
        let facts = self.unit(key);
        self.case
            .awards
            .iter()
            .enumerate()
            .filter(|(_, award)| {
                award.code() == key
                    || facts
                        .equivalents
                        .iter()
                        .any(|e| e == award.code() && !listed.contains(e))
            })
            .map(|(number, _)| number)
            .collect()
    }

    fn count(&mut self, group: &Group, unit: Option<&str>, award: Option<usize>) -> Variable {
        let variable = self.problem.add_binary_var(0.0);
        self.counted.push(Counted {
            variable,
            unit: unit.map(str::to_owned),
            award,
            group: group.code.clone(),
            overlaps: group.overlaps,
        });
        variable
    }

    fn group(&mut self, group: &Group, root: bool) -> Given {
        let used = self.problem.add_binary_var(0.0);
        let credit = self.problem.add_var(0.0, (0.0, f64::INFINITY));
        let level = self.problem.add_var(0.0, (0.0, f64::INFINITY));
        let mut components = Vec::new();
        let mut several = Vec::new();
        let mut credits = vec![(credit, -1.0)];
        let mut levels = vec![(level, -1.0)];
        match &group.contents {
            Contents::Units(keys) => {
                for key in keys {
                    let facts = self.unit(key).clone();
                    let value = f64::from(facts.credit.expect("credit"));
                    let mut ways: Vec<Option<usize>> =
                        self.awards_for(key).into_iter().map(Some).collect();
                    if self.may_gain {
                        ways.push(None);
                    }
                    for way in ways {
                        let variable = self.count(group, Some(key), way);
                        if way.is_none() {
                            let gained = self.gained[key];
                            self.problem.add_constraint(
                                [(variable, 1.0), (gained, -1.0)],
                                ComparisonOp::Le,
                                0.0,
                            );
                        }
                        components.push((variable, 1.0));
                        credits.push((variable, value));
                        if self.at_level(facts.level) {
                            levels.push((variable, value));
                        }
                    }
                }
            }
            Contents::Groups(groups) => {
                for child in groups {
                    let given = self.group(child, false);
                    components.push((given.used, 1.0));
                    if !child.overlaps {
                        credits.push((given.credit, 1.0));
                        levels.push((given.level, 1.0));
                    }
                    // Only what is in use brings anything.
                    self.problem.add_constraint(
                        [(given.used, 1.0), (used, -1.0)],
                        ComparisonOp::Le,
                        0.0,
                    );
                }
            }
            Contents::Other(rule) => {
                several = self.other(
                    group,
                    rule,
                    used,
                    &mut components,
                    &mut credits,
                    &mut levels,
                );
            }
        }
        for (variable, _) in &components {
            let variable = *variable;
            self.problem
                .add_constraint([(variable, 1.0), (used, -1.0)], ComparisonOp::Le, 0.0);
        }
        components.extend(several);
        let cap = group.maximum_credit.map_or(400.0, f64::from);
        for (value, parts) in [(credit, credits), (level, levels)] {
            self.problem
                .add_constraint(sum(&parts), ComparisonOp::Ge, 0.0);
            self.problem
                .add_constraint([(value, 1.0), (used, -cap)], ComparisonOp::Le, 0.0);
        }
        let least = f64::from(group.minimum_credit.unwrap_or(0));
        self.problem
            .add_constraint([(credit, 1.0), (used, -least)], ComparisonOp::Ge, 0.0);
        let mut limit = |bound: f64, operator| {
            let mut parts = components.clone();
            parts.push((used, -bound));
            self.problem.add_constraint(sum(&parts), operator, 0.0);
        };
        let least = group.minimum_components.unwrap_or(0);
        limit(
            f64::from(if root { least } else { least.max(1) }),
            ComparisonOp::Ge,
        );
        if let Some(most) = group.maximum_components {
            limit(f64::from(most), ComparisonOp::Le);
        }
        Given {
            credit,
            level,
            used,
        }
    }

    fn other(
        &mut self,
        group: &Group,
        rule: &OtherCredit,
        used: Variable,
        components: &mut Vec<(Variable, f64)>,
        credits: &mut Vec<(Variable, f64)>,
        levels: &mut Vec<(Variable, f64)>,
    ) -> Vec<(Variable, f64)> {
        let listed = self.listed();
        let awards: Vec<(usize, Award)> = self.case.awards.iter().cloned().enumerate().collect();
        for (number, award) in awards {
            let young = rule.within_months.is_none_or(|months| {
                let last = award.awarded_on.expect("a day") + Months::new(u32::from(months));
                self.case.day <= last
            });
            let high = rule.level.is_none_or(|least| award.level >= Some(least));
            if !young || !high || award.route == Route::Exemption {
                continue;
            }
            let own = listed.iter().any(|key| key == award.code());
            let stands: Vec<String> = listed
                .iter()
                .filter(|key| self.unit(key).equivalents.iter().any(|e| e == award.code()))
                .cloned()
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .collect();
            let (unit, facts) = if own {
                (
                    Some(award.code().to_owned()),
                    Some(self.unit(award.code()).clone()),
                )
            } else if let [one] = stands.as_slice() {
                // What stands for one unit counts in this group as that unit, by its own level and age.
                (Some(one.clone()), Some(self.unit(one).clone()))
            } else if stands.is_empty() {
                (None, None)
            } else {
                continue;
            };
            let value = f64::from(
                facts
                    .as_ref()
                    .map_or(award.credit, |unit| unit.credit)
                    .unwrap_or(0),
            );
            let level = facts.map_or(award.level, |unit| unit.level);
            let variable = self.count(group, unit.as_deref(), Some(number));
            components.push((variable, 1.0));
            credits.push((variable, value));
            if self.at_level(level) {
                levels.push((variable, value));
            }
        }
        if self.may_gain {
            // Credit gained elsewhere: any number of awards of at least one credit each.
            let amount = self.problem.add_integer_var(self.elsewhere, (0, 400));
            let awards = self.problem.add_integer_var(0.0, (0, 400));
            self.problem
                .add_constraint([(awards, 1.0), (amount, -1.0)], ComparisonOp::Le, 0.0);
            self.problem
                .add_constraint([(amount, 1.0), (awards, -400.0)], ComparisonOp::Le, 0.0);
            self.problem
                .add_constraint([(amount, 1.0), (used, -400.0)], ComparisonOp::Le, 0.0);
            credits.push((amount, 1.0));
            levels.push((amount, 1.0));
            return vec![(awards, 1.0)];
        }
        Vec::new()
    }

    /// What cannot count together.
    fn exclude(&mut self) {
        let mut pairs = Vec::new();
        for (place, one) in self.counted.iter().enumerate() {
            for other in self.counted.iter().skip(place + 1) {
                let same = (one.unit.is_some() && one.unit == other.unit)
                    || (one.award.is_some() && one.award == other.award);
                let twice = same && (one.group == other.group || !(one.overlaps || other.overlaps));
                let barred = self.case.structure.barred.iter().any(|pair| {
                    [(one, other), (other, one)].iter().any(|(left, right)| {
                        left.unit.as_ref() == Some(&pair.unit)
                            && right
                                .unit
                                .as_ref()
                                .is_some_and(|unit| pair.with.contains(unit))
                    })
                });
                if twice || barred {
                    pairs.push((one.variable, other.variable));
                }
            }
        }
        for (one, other) in pairs {
            self.problem
                .add_constraint([(one, 1.0), (other, 1.0)], ComparisonOp::Le, 1.0);
        }
    }
}

/// The least that is still to be gained; none inside where nothing completes it, none where the solver gave up on
/// its own arithmetic.
fn solve(case: &Case, objective: Objective, may_gain: bool) -> Option<Option<u32>> {
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let gained = case
        .units
        .iter()
        .map(|unit| {
            let price = match objective {
                Objective::Credit => unit.credit,
                Objective::GuidedLearningHours => unit.guided_learning_hours,
            };
            (
                unit.key.clone(),
                problem.add_binary_var(f64::from(price.unwrap_or(0))),
            )
        })
        .collect();
    let mut model = Model {
        case,
        problem,
        counted: Vec::new(),
        gained,
        floor: case.structure.floor.map(|floor| floor.level),
        may_gain,
        elsewhere: match objective {
            Objective::Credit => 1.0,
            Objective::GuidedLearningHours => 0.0,
        },
    };
    let root = model.group(&case.structure.root, true);
    model.exclude();
    let floor = case.structure.floor.map_or(0, |floor| floor.credit);
    for (value, least) in [
        (root.credit, f64::from(case.structure.total_credit)),
        (root.level, f64::from(floor)),
        (root.used, 1.0),
    ] {
        model
            .problem
            .add_constraint([(value, 1.0)], ComparisonOp::Ge, least);
    }
    match model.problem.solve() {
        Ok(outcome) => {
            let solution = outcome.into_solution().expect("a solution");
            assert_eq!(solution.status(), microlp::SolutionStatus::Optimal);
            Some(Some(solution.objective().round() as u32))
        }
        Err(Error::Infeasible) => Some(None),
        Err(Error::InternalError(_)) => None,
        Err(other) => panic!("{other}"),
    }
}

fn size() -> Size {
    Size {
        units: (4, 13),
        ..Size::default()
    }
}

#[test]
fn the_engine_and_the_solver_agree_on_random_structures() {
    let (mut complete, mut costs, mut impossible, mut looked, mut gave_up) = (0, 0, 0, 0, 0_u64);
    let mut reached = 0;
    for seed in 0..cases() {
        let case = Case::new(seed, size());
        let Some(compiled) = case.compiled() else {
            continue;
        };
        looked += 1;
        let holding = Holding::new(&compiled, &case.awards, case.day);
        let held = compiled
            .is_complete(&holding, Bound::default())
            .expect("decided");
        let (least, by_rule) = (compiled.at_least(&holding), compiled.least(&holding));
        let Some(expected) = solve(&case, Objective::Credit, true) else {
            gave_up += 1;
            continue;
        };
        // What can be gained stands in the programme beside what is held: nothing is to be gained just where
        // what is held completes it.
        assert_eq!(held, expected == Some(0), "seed {seed}: {case:#?}");
        // The bound is none only where nothing completes it.
        assert!(
            expected.is_none_or(|cost| by_rule.is_some_and(|least| least <= cost)),
            "seed {seed}: {by_rule:?} for {expected:?}: {case:#?}"
        );
        reached += u64::from(expected.is_some_and(|cost| cost > 0 && by_rule == Some(cost)));
        match compiled.cheapest(&holding, Objective::Credit, Bound::default()) {
            Completion::Complete => {
                complete += 1;
                assert_eq!(expected, Some(0), "seed {seed}");
            }
            Completion::Cheapest(plan) => {
                costs += 1;
                assert_eq!(
                    Some(u32::from(plan.credit)),
                    expected,
                    "seed {seed}: {case:#?}"
                );
                assert!(least <= u32::from(plan.credit), "seed {seed}");
            }
            Completion::Impossible => {
                impossible += 1;
                assert_eq!(expected, None, "seed {seed}: {case:#?}");
            }
            Completion::NotDecided(why) => panic!("seed {seed}: {why:?}"),
        }
    }
    assert!(
        gave_up * 500 <= cases(),
        "the solver gave up {gave_up} times"
    );
    // It is no idle bound, even of rules such as nobody would write.
    assert!(reached * 5 > costs * 2, "{reached} of {costs}");
    assert!(
        looked > cases() * 3 / 4 && complete > 50 && costs > 500 && impossible > 20,
        "{looked} cases: {complete} complete, {costs} to complete, {impossible} impossible"
    );
}

#[test]
fn the_engine_and_the_solver_agree_on_guided_hours() {
    let (mut decided, mut unknown) = (0, 0);
    for seed in 10_000..10_250 {
        let case = Case::new(seed, size());
        let Some(compiled) = case.compiled() else {
            continue;
        };
        let holding = Holding::new(&compiled, &case.awards, case.day);
        let objective = Objective::GuidedLearningHours;
        let Some(expected) = solve(&case, objective, true) else {
            continue;
        };
        match compiled.cheapest(&holding, objective, Bound::default()) {
            Completion::Complete => {}
            Completion::Cheapest(plan) => {
                decided += 1;
                let hours = plan.guided_learning_hours;
                assert_eq!(hours, expected, "seed {seed}: {case:#?}");
            }
            Completion::Impossible => {
                assert_eq!(expected, None, "seed {seed}: {case:#?}");
            }
            Completion::NotDecided(Undecided::HoursUnknown { of }) => {
                unknown += 1;
                assert!(!of.is_empty());
            }
            Completion::NotDecided(why) => panic!("seed {seed}: {why:?}"),
        }
    }
    assert!(decided > 80 && unknown > 5, "{decided} {unknown}");
}
