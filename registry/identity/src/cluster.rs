//! Which records of a register are one person, concluded from everything that ties any two of them. The answer is a
//! function of the set of ties: in which order the records came does not matter, and a tie that goes takes with it
//! what followed from it and nothing else.

use crate::link::{Decision, Thresholds};
use crate::model::probability;
use crate::rival::Told;
use std::collections::{BTreeSet, HashMap};

/// How many rivals of a record are looked at.
const RIVALS: usize = 3;
/// The log-odds of two who are not tied: they are nobody's rivals.
const STRANGERS: f32 = -7.0;

/// Something that ties two records, which are named by their places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tie {
    /// One of the two.
    pub left: usize,
    /// The other one.
    pub right: usize,
    /// How likely they are one person, in log-odds, whatever else is known.
    pub log_odds: f32,
    /// What a person decided: whether both are one.
    pub ruling: Option<bool>,
}

/// What a register knows of some of its records: all that are tied to each other, directly or by others.
#[derive(Debug, Clone, Copy)]
pub struct Register<'a> {
    /// By place: whether the record has a number that is meant to be one person's alone. Two such records are never
    /// joined by likeness.
    pub numbered: &'a [bool],
    /// Who is one person for certain: by a steward's word, or by that of whoever gives the numbers.
    pub bonds: &'a [(usize, usize)],
    /// Likeness, and what was decided about it.
    pub ties: &'a [Tie],
}

/// What follows.
#[derive(Debug, Clone, PartialEq)]
pub struct Clusters {
    /// By place: the first place of those who are the same person.
    pub first: Vec<usize>,
    /// By tie: how likely both are one person, in log-odds, with everything else that is known; and what becomes of
    /// it: a link that joins two, a case for a steward, or neither.
    pub ties: Vec<(f32, Option<Decision>)>,
}

/// Concludes who is who.
#[must_use]
pub fn conclude(register: &Register<'_>, thresholds: &Thresholds) -> Clusters {
    let totals = totals(register);
    let mut groups = Groups::new(register.numbered);
    let apart: Vec<(usize, usize)> = register
        .ties
        .iter()
        .filter(|tie| tie.ruling == Some(false))
        .map(|tie| (tie.left, tie.right))
        .collect();
    for (one, other) in register.bonds {
        groups.join(*one, *other);
    }
    let mut verdicts: Vec<Option<Decision>> = register
        .ties
        .iter()
        .zip(&totals)
        .map(|(tie, total)| match tie.ruling {
            Some(_) => None,
            None => thresholds.decide(probability(*total)),
        })
        .collect();
    // The surest first: what contradicts them is not joined any more.
    let mut order: Vec<usize> = (0..totals.len()).collect();
    let key = |place: &usize| {
        let tie = register.ties.get(*place);
        (
            totals.get(*place).copied().unwrap_or(STRANGERS),
            tie.map_or((0, 0), |tie| (tie.left, tie.right)),
        )
    };
    order.sort_by(|one, other| {
        let ((first, its), (second, others)) = (key(one), key(other));
        second.total_cmp(&first).then(its.cmp(&others))
    });
    for place in order {
        let (Some(tie), Some(verdict)) = (register.ties.get(place), verdicts.get_mut(place)) else {
            continue;
        };
        if *verdict == Some(Decision::Link)
            && !groups.together(tie.left, tie.right)
            && !groups.join_if(tie.left, tie.right, &apart)
        {
            *verdict = Some(Decision::Case);
        }
    }
    for (tie, verdict) in register.ties.iter().zip(&mut verdicts) {
        // Nobody need decide what was decided by others.
        if *verdict == Some(Decision::Case) && groups.together(tie.left, tie.right) {
            *verdict = None;
        }
    }
    Clusters {
        first: (0..register.numbered.len())
            .map(|place| groups.first(place))
            .collect(),
        ties: totals.into_iter().zip(verdicts).collect(),
    }
}

/// What each tie comes to once the rivals of both sides are heard.
fn totals(register: &Register<'_>) -> Vec<f32> {
    let mut known: HashMap<usize, Vec<(f32, usize)>> = HashMap::new();
    let mut odds: HashMap<(usize, usize), f32> = HashMap::new();
    for tie in register.ties {
        let (one, other) = (tie.left, tie.right);
        odds.insert((one.min(other), one.max(other)), tie.log_odds);
        // Somebody of whom it was decided that they are another is nobody's rival.
        if tie.ruling != Some(false) {
            known.entry(one).or_default().push((tie.log_odds, other));
            known.entry(other).or_default().push((tie.log_odds, one));
        }
    }
    for others in known.values_mut() {
        others.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    }
    let between = |one: usize, other: usize| {
        let pair = (one.min(other), one.max(other));
        odds.get(&pair).copied().unwrap_or(STRANGERS)
    };
    register
        .ties
        .iter()
        .map(|tie| {
            let mut told = Told::default();
            for (side, mine, its) in [(0, tie.left, tie.right), (1, tie.right, tie.left)] {
                let others = known.get(&mine).into_iter().flatten();
                for (with_mine, rival) in others.filter(|(_, rival)| *rival != its).take(RIVALS) {
                    told.hear(side, tie.log_odds, *with_mine, between(its, *rival));
                }
            }
            let total = tie.log_odds + told.within();
            let numbered = |place| register.numbered.get(place).copied().unwrap_or(false);
            // A third record is one of the two, and does not make one of two numbers.
            if numbered(tie.left) && numbered(tie.right) {
                total.min(tie.log_odds)
            } else {
                total
            }
        })
        .collect()
}

/// Records that are the same person.
struct Groups {
    first: Vec<usize>,
    members: Vec<Vec<usize>>,
    numbered: Vec<bool>,
}

impl Groups {
    fn new(numbered: &[bool]) -> Self {
        Self {
            first: (0..numbered.len()).collect(),
            members: (0..numbered.len()).map(|place| vec![place]).collect(),
            numbered: numbered.to_vec(),
        }
    }

    fn first(&self, place: usize) -> usize {
        self.first.get(place).copied().unwrap_or(place)
    }

    fn together(&self, one: usize, other: usize) -> bool {
        self.first(one) == self.first(other)
    }

    fn members(&self, place: usize) -> &[usize] {
        self.members
            .get(self.first(place))
            .map_or(&[], Vec::as_slice)
    }

    fn is_numbered(&self, place: usize) -> bool {
        self.numbered
            .get(self.first(place))
            .copied()
            .unwrap_or(false)
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.first(one), self.first(other));
        if one == other {
            return;
        }
        let (kept, gone) = (one.min(other), one.max(other));
        let numbered = self.is_numbered(kept) || self.is_numbered(gone);
        let moved = self
            .members
            .get_mut(gone)
            .map(std::mem::take)
            .unwrap_or_default();
        for place in &moved {
            if let Some(first) = self.first.get_mut(*place) {
                *first = kept;
            }
        }
        if let Some(members) = self.members.get_mut(kept) {
            members.extend(moved);
        }
        if let Some(flag) = self.numbered.get_mut(kept) {
            *flag = numbered;
        }
    }

    /// Joins two groups, unless both have a number, or somebody of one was found to be another than somebody of the
    /// other; answers whether it did.
    fn join_if(&mut self, one: usize, other: usize, apart: &[(usize, usize)]) -> bool {
        if self.is_numbered(one) && self.is_numbered(other) {
            return false;
        }
        let left: BTreeSet<usize> = self.members(one).iter().copied().collect();
        let right: BTreeSet<usize> = self.members(other).iter().copied().collect();
        let parts = |(one, other): &(usize, usize)| {
            (left.contains(one) && right.contains(other))
                || (left.contains(other) && right.contains(one))
        };
        if apart.iter().any(parts) {
            return false;
        }
        self.join(one, other);
        true
    }
}

#[cfg(test)]
#[expect(
    clippy::indexing_slicing,
    reason = "places are those of the register that a test made"
)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tie(left: usize, right: usize, log_odds: f32) -> Tie {
        Tie {
            left,
            right,
            log_odds,
            ruling: None,
        }
    }

    fn concluded(
        numbered: &[bool],
        bonds: &[(usize, usize)],
        ties: &[Tie],
    ) -> (Vec<usize>, Vec<Option<Decision>>) {
        let register = Register {
            numbered,
            bonds,
            ties,
        };
        let clusters = conclude(&register, &Thresholds::default());
        let verdicts = clusters.ties.iter().map(|(_, verdict)| *verdict);
        (clusters.first, verdicts.collect())
    }

    #[test]
    fn who_is_like_nobody_else_is_linked_and_who_is_like_two_is_a_case() {
        let alone = concluded(&[true, false], &[], &[tie(0, 1, 9.0)]);
        assert_eq!(alone, (vec![0, 0], vec![Some(Decision::Link)]));
        // Two people of one name, both with numbers, and a record without one.
        let ties = [tie(0, 2, 9.0), tie(1, 2, 9.0), tie(0, 1, -5.0)];
        let (first, verdicts) = concluded(&[true, true, false], &[], &ties);
        assert_eq!(first, [0, 1, 2]);
        assert_eq!(verdicts, [Some(Decision::Case), Some(Decision::Case), None]);
    }

    #[test]
    fn a_ruling_stands_whatever_the_odds() {
        let ruled = |ruling| Tie {
            ruling: Some(ruling),
            ..tie(0, 1, 12.0)
        };
        let (first, verdicts) = concluded(&[false, false], &[], &[ruled(false)]);
        assert_eq!((first, verdicts), (vec![0, 1], vec![None]));
        // Nor are they joined by way of a third.
        let ties = [ruled(false), tie(0, 2, 10.0), tie(1, 2, 9.0)];
        let (first, verdicts) = concluded(&[false, false, false], &[], &ties);
        assert_eq!(first, [0, 1, 0]);
        assert_eq!(verdicts.last(), Some(&Some(Decision::Case)));
        // A bond is stronger than either.
        let (first, _) = concluded(&[true, true], &[(1, 0)], &[tie(0, 1, -6.0)]);
        assert_eq!(first, [0, 0]);
    }

    #[test]
    fn two_numbers_are_not_joined_by_a_third_record() {
        let ties = [tie(0, 2, 12.0), tie(1, 2, 11.0), tie(0, 1, 10.0)];
        let (first, verdicts) = concluded(&[true, true, false], &[], &ties);
        assert_eq!(first, [0, 1, 0]);
        assert_eq!(
            verdicts,
            [
                Some(Decision::Link),
                Some(Decision::Case),
                Some(Decision::Case)
            ]
        );
    }

    type Drawn = (Vec<bool>, Vec<(usize, usize)>, Vec<Tie>);

    prop_compose! {
        fn any_register()(
            numbered in prop::collection::vec(any::<bool>(), 6),
            bonds in prop::collection::vec((0..6_usize, 0..6_usize), 0..2),
            drawn in prop::collection::btree_map((0..6_usize, 0..6_usize), (-4.0_f32..14.0, prop::option::weighted(0.1, any::<bool>())), 0..12),
        ) -> Drawn {
            let ties = drawn.into_iter().filter(|((one, other), _)| one < other)
                .map(|((left, right), (log_odds, ruling))| Tie { left, right, log_odds, ruling }).collect();
            (numbered, bonds, ties)
        }
    }

    proptest! {
        #[test]
        fn the_order_of_records_and_ties_does_not_matter(
            (numbered, bonds, ties) in any_register(), order in Just((0..6_usize).collect::<Vec<_>>()).prop_shuffle()
        ) {
            let (first, verdicts) = concluded(&numbered, &bonds, &ties);
            // The same under other places, the ties backwards.
            let at = |place: usize| order.get(place).copied().unwrap_or(place);
            let mut others = vec![false; 6];
            for (place, flag) in numbered.iter().enumerate() {
                others[at(place)] = *flag;
            }
            let bonds: Vec<_> = bonds.iter().map(|(one, other)| (at(*other), at(*one))).collect();
            let turned: Vec<Tie> = ties.iter().rev()
                .map(|tie| Tie { left: at(tie.right), right: at(tie.left), ..*tie }).collect();
            let (again, back) = concluded(&others, &bonds, &turned);
            for one in 0..6 {
                for other in 0..6 {
                    prop_assert_eq!(first[one] == first[other], again[at(one)] == again[at(other)]);
                }
            }
            let back: Vec<_> = back.into_iter().rev().collect();
            prop_assert_eq!(verdicts, back);
        }

        #[test]
        fn rulings_and_numbers_are_kept((numbered, bonds, ties) in any_register()) {
            let (first, verdicts) = concluded(&numbered, &[], &ties);
            for tie in ties.iter().filter(|tie| tie.ruling == Some(false)) {
                prop_assert_ne!(first[tie.left], first[tie.right]);
            }
            for group in 0..6 {
                let members = (0..6).filter(|place| first[*place] == group && numbered[*place]);
                prop_assert!(members.count() <= 1);
            }
            for (tie, verdict) in ties.iter().zip(verdicts) {
                if verdict == Some(Decision::Link) {
                    prop_assert_eq!(first[tie.left], first[tie.right]);
                }
            }
            let (first, _) = concluded(&numbered, &bonds, &ties);
            for (one, other) in bonds {
                prop_assert_eq!(first[one], first[other]);
            }
        }
    }
}
