//! Whether a person counts in the early-years ratios on a day, at which levels, and why.

use super::facts::within;
use super::gate::{Gate, gate};
use super::need::{Held, answer, held};
use super::world::{Asked, Case, LEVELS, World, age};
use super::{Condition, RatioAward, RatioFacts, RatioRule, RuleKind};
use crate::reason::{Reason, Says, Ternary};
use std::collections::BTreeSet;

/// Whether a person counts at one level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelStanding {
    /// The level: 6, 3 or 2.
    pub level: u8,
    /// Whether they count at it.
    pub counts: Ternary,
    /// Where they do, the achievements that are enough for it.
    pub by: Vec<String>,
}

/// Whether a person counts in the ratios.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatioStanding {
    /// The levels at which they are established to count, the highest first; 0 is unqualified, at which everybody does.
    pub counts_at: Vec<u8>,
    /// Yes: at a level above unqualified. No: at none. Undetermined: at none for certain, and facts are missing that
    /// could give one.
    pub outcome: Ternary,
    /// Each level by itself.
    pub levels: Vec<LevelStanding>,
    /// What must also be held to count at a level that is not established.
    pub must_also_hold: Vec<Reason>,
    /// Routes that may lead to a level, never by themselves.
    pub possible_routes: Vec<Reason>,
    /// Why.
    pub explanation: Vec<Reason>,
    /// Facts that the answer rests on and that are not on record, by the names of the question's input.
    pub declared_facts_used: Vec<String>,
}

/// Whether a person counts in the ratios on a day, by the rules given.
#[must_use]
pub fn counts_in_ratio(rules: &[RatioRule], facts: &RatioFacts) -> RatioStanding {
    let mut answer = Answer {
        facts,
        levels: [Ternary::No; 3],
        by: [const { Vec::new() }; 3],
        full: Ternary::No,
        must: Vec::new(),
        routes: Vec::new(),
        explanation: Vec::new(),
        declared: BTreeSet::new(),
    };
    for award in &facts.awards {
        answer.award(rules, award);
    }
    answer.trainee(rules);
    answer.finish()
}

struct Answer<'a> {
    facts: &'a RatioFacts,
    levels: [Ternary; 3],
    /// What is enough for each level: of several, what came first.
    by: [Vec<String>; 3],
    /// Whether anything full and relevant is held.
    full: Ternary,
    must: Vec<(u8, Reason)>,
    routes: Vec<(u8, Reason)>,
    explanation: Vec<Reason>,
    declared: BTreeSet<String>,
}

fn cite(says: Says, rule: &RatioRule, award: Option<&RatioAward>) -> Reason {
    Reason::new(says, rule.id.clone(), Some(&rule.source), rule.confirmed)
        .resting_on(award.map(|award| award.achievement.clone()))
}

/// What an award needs beside itself to count at the level of that place: the status held beside it, and what is asked
/// and held.
fn enough_for(
    place: usize,
    award: &RatioAward,
    gate: &Gate<'_>,
    worlds: &[World<'_>],
) -> Vec<String> {
    let mut by = vec![award.achievement.clone()];
    by.extend(gate.beside.iter().cloned());
    for asked in worlds.iter().flat_map(|world| &world.asked) {
        if LEVELS.get(place) == Some(&asked.level) {
            let held = asked.held.achievements.iter();
            by.extend(held.map(|(achievement, _)| achievement.clone()));
        }
    }
    by.sort();
    by.dedup();
    by
}

impl<'a> Answer<'a> {
    fn award(&mut self, rules: &'a [RatioRule], award: &'a RatioAward) {
        let on = self.facts.on;
        let made = within(award.awarded, (None, Some(on)));
        let valid = award.valid_until.is_none_or(|until| on <= until);
        // Where the day of the award is not known it is taken to lie behind: the award is on record.
        if (made == Ternary::No && award.awarded.is_some()) || !valid {
            return;
        }
        let made = if award.awarded.is_none() {
            Ternary::Yes
        } else {
            made
        };
        let mut case = Case {
            rules,
            facts: self.facts,
            award,
            level: award.level,
        };
        let mut declared = BTreeSet::new();
        let gate = gate(&case, &mut declared);
        if gate.status == Ternary::Yes && case.level.is_none() {
            let least = gate.rules.iter().find_map(|rule| rule.levels);
            case.level = least.map(|(least, _)| least);
        }
        let both = |state: Ternary| match state {
            Ternary::Yes => vec![true],
            Ternary::No => vec![false],
            Ternary::Undetermined => vec![true, false],
        };
        let mut worlds = Vec::new();
        for full in both(gate.full) {
            for status in both(gate.status) {
                worlds.push(case.world(full, status));
            }
        }
        let mut levels = [Ternary::No; 3];
        for (place, level) in levels.iter_mut().enumerate() {
            let states: Vec<Ternary> = worlds
                .iter()
                .filter_map(|world| world.levels.get(place))
                .copied()
                .collect();
            *level = match states.first() {
                Some(first) if states.iter().all(|state| state == first) => *first,
                Some(_) => Ternary::Undetermined,
                None => Ternary::No,
            }
            .and(made);
        }
        self.full = self.full.or(gate.full.and(made));
        self.declared.append(&mut declared);
        self.tell(award, &gate, worlds, levels);
    }

    /// Takes an award's answer into the person's, and says why.
    fn tell(
        &mut self,
        award: &'a RatioAward,
        gate: &Gate<'a>,
        worlds: Vec<World<'a>>,
        levels: [Ternary; 3],
    ) {
        for (place, (all, one)) in self.levels.iter_mut().zip(levels).enumerate() {
            let enough = one == Ternary::Yes && *all != Ternary::Yes;
            *all = all.or(one);
            if let Some(by) = self.by.get_mut(place).filter(|_| enough) {
                *by = enough_for(place, award, gate, &worlds);
            }
        }
        let title = award.title.clone();
        let counted: Vec<String> = LEVELS
            .iter()
            .zip(levels)
            .filter(|(_, state)| *state == Ternary::Yes)
            .map(|(level, _)| level.to_string())
            .chain(["0".to_owned()])
            .collect();
        for rule in &gate.rules {
            let says = if gate.full == Ternary::No {
                Says::NotApproved {
                    title: title.clone(),
                }
            } else {
                Says::NotYetKnown {
                    title: title.clone(),
                    fact: rule.text.clone(),
                }
            };
            if gate.full != Ternary::Yes {
                self.say(cite(says, rule, Some(award)));
            }
        }
        if gate.full == Ternary::No && gate.rules.is_empty() {
            let says = Says::NotApproved {
                title: title.clone(),
            };
            let reason = Reason::new(says, "list", None, true);
            self.say(reason.resting_on([award.achievement.clone()]));
        }
        if gate.full == Ternary::Undetermined && gate.rules.is_empty() && award.status.is_none() {
            let says = Says::FullNotKnown {
                title: title.clone(),
            };
            let reason = Reason::new(says, "list", None, true);
            self.say(reason.resting_on([award.achievement.clone()]));
        }
        // Where it is open whether it counts at all, that it counts as unqualified would mislead.
        let open = gate.full == Ternary::Undetermined && !levels.contains(&Ternary::Yes);
        for mut world in worlds {
            self.declared.append(&mut world.declared);
            for rule in gate
                .rules
                .iter()
                .filter(|_| gate.full == Ternary::Yes)
                .chain(&world.gave)
                .filter(|_| !open)
            {
                let says = Says::CountsAt {
                    title: title.clone(),
                    levels: counted.join(", "),
                };
                self.say(cite(says, rule, Some(award)));
            }
            for rule in world.free.iter().filter(|_| !open) {
                let says = Says::NothingElse {
                    title: title.clone(),
                    requirement: rule.text.clone(),
                };
                self.say(cite(says, rule, Some(award)));
            }
            for rule in &world.open {
                let says = Says::NotYetKnown {
                    title: title.clone(),
                    fact: rule.text.clone(),
                };
                self.say(cite(says, rule, Some(award)));
            }
            for asked in world.asked {
                self.asked(award, asked);
            }
            for rule in world.routes {
                self.route(rule, award);
            }
        }
    }

    fn asked(&mut self, award: &RatioAward, asked: Asked<'_>) {
        let requirement = asked.rule.text.clone();
        if asked.met != Ternary::Yes {
            let says = Says::MustHold {
                level: u32::from(asked.level),
                requirement,
            };
            let reason = cite(says, asked.rule, Some(award));
            if !self.must.contains(&(asked.level, reason.clone())) {
                self.must.push((asked.level, reason));
            }
            return;
        }
        for (achievement, title) in asked.held.achievements {
            let says = Says::Holds {
                title,
                requirement: requirement.clone(),
            };
            self.say(cite(says, asked.rule, None).resting_on([achievement]));
        }
        for fact in asked.held.declared {
            self.say(cite(Says::Declared { fact }, asked.rule, None));
        }
    }

    fn route(&mut self, rule: &RatioRule, award: &RatioAward) {
        let level = rule.route_to.unwrap_or(0);
        let says = Says::Route {
            level: u32::from(level),
            text: rule.text.clone(),
        };
        let reason = cite(says, rule, Some(award));
        if !self.routes.contains(&(level, reason.clone())) {
            self.routes.push((level, reason));
        }
    }

    fn say(&mut self, reason: Reason) {
        if !self.explanation.contains(&reason) {
            self.explanation.push(reason);
        }
    }

    /// Who is studying, or came by experience: what is declared of it, where anything is.
    fn trainee(&mut self, rules: &'a [RatioRule]) {
        let mut applied: Vec<(&RatioRule, Ternary, Held)> = Vec::new();
        let mut instead = BTreeSet::new();
        for rule in rules
            .iter()
            .rev()
            .filter(|rule| rule.kind == RuleKind::Trainee)
        {
            let raised = rule.conditions.iter().any(|condition| {
                matches!(condition, Condition::Answer(id)
                    if self.facts.declared.answers.get(id) == Some(&true))
            });
            let today = within(Some((self.facts.on, self.facts.on)), rule.on);
            if !raised || today != Ternary::Yes || instead.contains(&rule.id) {
                continue;
            }
            let mut on = Held::default();
            let fits = rule.conditions.iter().fold(Ternary::Yes, |all, condition| {
                all.and(match condition {
                    Condition::Answer(id) => answer(self.facts, id, &mut on),
                    Condition::Age { least, apprentice } => {
                        age(self.facts, *least, *apprentice, &mut on)
                    }
                    Condition::NothingFullAndRelevant => match self.full {
                        Ternary::Yes => Ternary::No,
                        Ternary::No => Ternary::Yes,
                        Ternary::Undetermined => Ternary::Undetermined,
                    },
                    _ => Ternary::Yes,
                })
            });
            if fits == Ternary::Yes {
                instead.extend(rule.instead_of.iter().cloned());
            }
            if fits != Ternary::No {
                applied.push((rule, fits, on));
            }
        }
        for (rule, fits, mut on) in applied.into_iter().rev() {
            let mut counts = fits;
            for need in &rule.needs {
                let mut shown = Held::default();
                let met = held(&need.what, None, self.facts, &mut shown);
                counts = counts.and(met);
                if met != Ternary::Yes {
                    let says = Says::MustHold {
                        level: u32::from(need.level),
                        requirement: rule.text.clone(),
                    };
                    self.must.push((need.level, cite(says, rule, None)));
                }
                on.declared.append(&mut shown.declared);
                on.achievements.append(&mut shown.achievements);
            }
            let ids: Vec<String> = on.achievements.into_iter().map(|(id, _)| id).collect();
            for (place, level) in LEVELS.iter().enumerate() {
                if let (Some(state), Some(by)) =
                    (self.levels.get_mut(place), self.by.get_mut(place))
                    && rule.counts_at.contains(level)
                {
                    if counts == Ternary::Yes && *state != Ternary::Yes {
                        by.clone_from(&ids);
                    }
                    *state = state.or(counts);
                }
            }
            let says = if counts == Ternary::Yes {
                let levels: Vec<String> = rule.counts_at.iter().map(ToString::to_string).collect();
                Says::CountsAt {
                    title: rule.text.clone(),
                    levels: levels.join(", "),
                }
            } else {
                Says::NotKnown {
                    requirement: rule.text.clone(),
                }
            };
            self.say(cite(says, rule, None).resting_on(ids));
            for fact in &on.declared {
                self.say(cite(Says::Declared { fact: fact.clone() }, rule, None));
            }
            self.declared.append(&mut on.declared);
        }
    }

    fn finish(mut self) -> RatioStanding {
        let levels: Vec<LevelStanding> = LEVELS
            .iter()
            .zip(self.levels)
            .zip(self.by)
            .map(|((level, counts), by)| LevelStanding {
                level: *level,
                counts,
                by,
            })
            .collect();
        let at = |level: u8| {
            levels
                .iter()
                .any(|one| one.level == level && one.counts == Ternary::Yes)
        };
        let outcome = self
            .levels
            .iter()
            .fold(Ternary::No, |all, state| all.or(*state));
        if outcome == Ternary::No {
            let says = Says::Unqualified {
                on: self.facts.on.to_string(),
            };
            self.explanation
                .push(Reason::new(says, "unqualified", None, true));
        }
        let unmet = |list: Vec<(u8, Reason)>| {
            let open = list.into_iter().filter(|(level, _)| !at(*level));
            open.map(|(_, reason)| reason).collect()
        };
        RatioStanding {
            counts_at: LEVELS
                .iter()
                .copied()
                .filter(|level| at(*level))
                .chain([0])
                .collect(),
            outcome,
            must_also_hold: unmet(self.must),
            possible_routes: unmet(self.routes),
            levels,
            explanation: self.explanation,
            declared_facts_used: self.declared.into_iter().collect(),
        }
    }
}
