//! What one award counts at, if it is full and relevant or is not, and if a status is held or is not. Where that is
//! not known both are looked at, and only what is so in every case is said to be so.

use super::facts::within;
use super::need::{Held, answer, held};
use super::{Condition, Listed, RatioAward, RatioFacts, RatioRule, RuleKind};
use crate::reason::Ternary;
use chrono::Datelike;
use schema::Date;
use std::collections::BTreeSet;

/// The levels that ratios know, the highest first. Everybody counts as unqualified besides.
pub(crate) const LEVELS: [u8; 3] = [6, 3, 2];

/// What must still be held, or is.
#[derive(Debug, Clone)]
pub(crate) struct Asked<'a> {
    pub(crate) rule: &'a RatioRule,
    pub(crate) level: u8,
    pub(crate) met: Ternary,
    pub(crate) held: Held,
}

/// What an award comes to in one case.
pub(crate) struct World<'a> {
    pub(crate) levels: [Ternary; 3],
    /// The same before it is asked what must also be held.
    base: [Ternary; 3],
    /// The rules that gave the levels.
    pub(crate) gave: Vec<&'a RatioRule>,
    pub(crate) asked: Vec<Asked<'a>>,
    /// Rules whose dates, or other conditions, the facts do not decide.
    pub(crate) open: Vec<&'a RatioRule>,
    pub(crate) routes: Vec<&'a RatioRule>,
    /// Rules that say that nothing else is asked.
    pub(crate) free: Vec<&'a RatioRule>,
    pub(crate) declared: BTreeSet<String>,
}

/// An award under the rules.
pub(crate) struct Case<'a> {
    pub(crate) rules: &'a [RatioRule],
    pub(crate) facts: &'a RatioFacts,
    pub(crate) award: &'a RatioAward,
    /// The award's level; of a status the level at which rules look at it.
    pub(crate) level: Option<u8>,
}

impl<'a> Case<'a> {
    /// When the award was begun: on record, else declared.
    pub(crate) fn started(&self, declared: &mut BTreeSet<String>) -> Option<(Date, Date)> {
        let day = self.award.started_on.or_else(|| {
            let day = self.facts.declared.started_on?;
            declared.insert("startedOn".into());
            Some(day)
        });
        // Whatever is not known of it, it was begun before it was awarded.
        day.map(|day| (day, day))
            .or_else(|| Some((Date::MIN, self.award.awarded?.1)))
    }

    /// Whether a rule's level, status and dates fit.
    pub(crate) fn fits(
        &self,
        rule: &RatioRule,
        full: bool,
        status: bool,
        declared: &mut BTreeSet<String>,
    ) -> Ternary {
        let level = match (rule.levels, self.level) {
            (None, _) => true,
            (Some((least, most)), Some(level)) => (least..=most).contains(&level),
            (Some(_), None) => false,
        };
        let states = rule.full_and_relevant.is_none_or(|asked| asked == full)
            && rule.status.is_none_or(|asked| asked == status);
        let now = within(Some((self.facts.on, self.facts.on)), rule.on);
        if !level || !states || now != Ternary::Yes {
            return Ternary::No;
        }
        let mut fits = within(self.award.awarded, rule.awarded);
        if rule.started != (None, None) {
            fits = fits.and(within(self.started(declared), rule.started));
        }
        fits
    }

    /// Whether the conditions of a rule hold that concern the award.
    pub(crate) fn holds(&self, rule: &RatioRule, on: &mut Held) -> Ternary {
        let listing = match &self.award.listed {
            Listed::On(listing) => Some(listing),
            Listed::Not | Listed::NoList => None,
        };
        rule.conditions.iter().fold(Ternary::Yes, |all, condition| {
            all.and(match condition {
                Condition::Degree => Ternary::of(listing.and_then(|listing| listing.degree)),
                Condition::ListedPractitioner => {
                    Ternary::of(listing.and_then(|listing| listing.practitioner))
                }
                // What is on the list is related to early years: policy since 2025/26.
                Condition::Answer(id) if id == "earlyYearsRelated" && listing.is_some() => {
                    Ternary::Yes
                }
                Condition::Answer(id) => answer(self.facts, id, on),
                Condition::Age { least, apprentice } => age(self.facts, *least, *apprentice, on),
                _ => Ternary::Yes,
            })
        })
    }

    /// What the award comes to, in one case.
    pub(crate) fn world(&self, full: bool, status: bool) -> World<'a> {
        let mut world = World {
            levels: [Ternary::No; 3],
            base: [Ternary::No; 3],
            gave: Vec::new(),
            asked: Vec::new(),
            open: Vec::new(),
            routes: Vec::new(),
            free: Vec::new(),
            declared: BTreeSet::new(),
        };
        for rule in self.rules {
            match rule.kind {
                RuleKind::Matrix | RuleKind::Exception => self.give(rule, full, status, &mut world),
                RuleKind::Extra | RuleKind::History => self.ask(rule, full, status, &mut world),
                RuleKind::Gate | RuleKind::Route | RuleKind::Trainee => {}
            }
        }
        for rule in self
            .rules
            .iter()
            .filter(|rule| rule.kind == RuleKind::Route)
        {
            let mut on = Held::default();
            let reached = rule
                .route_to
                .is_some_and(|to| world.level(to) == Ternary::Yes);
            let fits = self
                .fits(rule, full, status, &mut world.declared)
                .and(self.holds(rule, &mut on));
            if fits == Ternary::Yes && !reached {
                world.declared.append(&mut on.declared);
                world.routes.push(rule);
            }
        }
        world
    }

    fn give(&self, rule: &'a RatioRule, full: bool, status: bool, world: &mut World<'a>) {
        let mut on = Held::default();
        let fits = self
            .fits(rule, full, status, &mut world.declared)
            .and(self.holds(rule, &mut on));
        if fits == Ternary::No {
            return;
        }
        world.declared.append(&mut on.declared);
        if fits == Ternary::Yes {
            world.gave.push(rule);
        } else {
            world.open.push(rule);
        }
        for (level, state) in LEVELS.iter().zip(&mut world.levels) {
            if rule.counts_at.contains(level) {
                *state = state.or(fits);
            }
        }
        world.base = world.levels;
    }

    fn ask(&self, rule: &'a RatioRule, full: bool, status: bool, world: &mut World<'a>) {
        if rule.kind == RuleKind::History && status {
            let exempt = rule
                .status_exempt_from
                .is_none_or(|from| from <= self.facts.on);
            if exempt {
                return;
            }
        }
        let fits = self.fits(rule, full, status, &mut world.declared);
        if fits == Ternary::No || !full {
            return;
        }
        if rule.needs.is_empty() && rule.conditions.is_empty() && fits == Ternary::Yes {
            world.free.push(rule);
        }
        let mut asked: Vec<(u8, Ternary, Held)> = Vec::new();
        for need in &rule.needs {
            let mut on = Held::default();
            let met = held(&need.what, self.award.awarded, self.facts, &mut on);
            asked.push((need.level, met, on));
        }
        if !rule.conditions.is_empty() {
            let mut on = Held::default();
            let met = self.holds(rule, &mut on);
            asked.extend(rule.counts_at.iter().map(|level| (*level, met, on.clone())));
        }
        for (level, met, held) in asked {
            world.declared.extend(held.declared.iter().cloned());
            // Where it is open whether the rule applies, what is not held leaves it open.
            let allows = match (fits, met) {
                (_, Ternary::Yes) => Ternary::Yes,
                (Ternary::Yes, met) => met,
                _ => Ternary::Undetermined,
            };
            let Some(place) = LEVELS.iter().position(|one| *one == level) else {
                continue;
            };
            if world
                .base
                .get(place)
                .is_none_or(|base| *base == Ternary::No)
            {
                continue;
            }
            if let Some(state) = world.levels.get_mut(place) {
                *state = state.and(allows);
            }
            if fits != Ternary::Yes && met != Ternary::Yes {
                world.open.push(rule);
            }
            world.asked.push(Asked {
                rule,
                level,
                met: allows,
                held,
            });
        }
    }
}

impl World<'_> {
    pub(crate) fn level(&self, level: u8) -> Ternary {
        LEVELS
            .iter()
            .position(|one| *one == level)
            .and_then(|place| self.levels.get(place))
            .copied()
            .unwrap_or(Ternary::No)
    }
}

/// Whether the person has reached an age; an apprentice another.
pub(crate) fn age(facts: &RatioFacts, least: u16, apprentice: u16, on: &mut Held) -> Ternary {
    let Some(birth) = facts.date_of_birth else {
        return Ternary::Undetermined;
    };
    let day = facts.on;
    let mut years = day.year() - birth.year();
    if (day.month(), day.day()) < (birth.month(), birth.day()) {
        years -= 1;
    }
    if years >= i32::from(least) {
        return Ternary::Yes;
    }
    if years >= i32::from(apprentice) {
        return answer(facts, "apprentice", on);
    }
    Ternary::No
}
