//! Scores of all pairs, and what becomes of each once its rivals are known.

use super::index::{Compared, Index, compared};
use super::sample::Sample;
use super::{Files, Link, Settings, parted};
use crate::compare::compare;
use crate::model::{Contribution, Model, probability};
use crate::rival::Told;
use std::collections::HashMap;

/// Pairs less probable than this are nobody's rivals.
const RIVAL_FLOOR: f32 = -7.0;
/// How many rivals of a record are looked at.
const RIVALS: usize = 3;
/// A file lists a person once, mostly: that it does so twice is so much less probable, in log-odds, than that both
/// of two files list the person.
const TWICE: f32 = 4.0;

/// A pair with its log-odds.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    left: u32,
    right: u32,
    odds: f32,
}

/// Scores all candidates; the answer has those that could be somebody, and how many were compared. A sample of
/// everybody need not be compared again.
pub(super) fn scored(
    model: &Model,
    files: &Files<'_>,
    index: &Index,
    sample: Option<&Sample>,
    settings: &Settings,
) -> (Vec<Pair>, usize) {
    let likely = |pairs: &[Compared]| -> Vec<Pair> {
        pairs
            .iter()
            .map(|pair| Pair {
                left: pair.left,
                right: pair.right,
                odds: model.log_odds(&pair.comparison),
            })
            .filter(|pair| pair.odds > RIVAL_FLOOR)
            .collect()
    };
    if let Some(sample) = sample.filter(|sample| sample.step == 1) {
        let parts = parted(sample.pairs.len(), settings.threads, |range| {
            likely(sample.pairs.get(range).unwrap_or_default())
        });
        return (parts.into_iter().flatten().collect(), sample.pairs.len());
    }
    let parts = parted(files.left.len(), settings.threads, |range| {
        let (mut made, mut count) = (Vec::new(), 0);
        // A few at a time, so that what was compared need not be held.
        for place in range {
            let pairs = compared(files, index, std::iter::once(place));
            count += pairs.len();
            made.extend(likely(&pairs));
        }
        (made, count)
    });
    let count = parts.iter().map(|(_, count)| count).sum();
    (
        parts.into_iter().flat_map(|(pairs, _)| pairs).collect(),
        count,
    )
}

/// A record of either file.
type Seat = (bool, u32);

/// Looks at each pair's rivals and decides.
pub(super) fn decide(
    model: &Model,
    files: &Files<'_>,
    pairs: &[Pair],
    settings: &Settings,
) -> Vec<Link> {
    let seat = |right: bool, place: u32| (right && !files.within, place);
    let mut known: HashMap<Seat, Vec<(f32, Seat)>> = HashMap::new();
    for pair in pairs {
        let (one, other) = (seat(false, pair.left), seat(true, pair.right));
        known.entry(one).or_default().push((pair.odds, other));
        known.entry(other).or_default().push((pair.odds, one));
    }
    for others in known.values_mut() {
        others.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        others.truncate(RIVALS + 1);
    }
    let record = |seat: Seat| {
        let file = if seat.0 { files.right } else { files.left };
        file.get(seat.1 as usize)
    };
    let between = |one: Seat, other: Seat| -> f32 {
        let (Some(first), Some(second)) = (record(one), record(other)) else {
            return RIVAL_FLOOR;
        };
        let odds = model.log_odds(&compare(first, second));
        if one.0 == other.0 && !files.within {
            odds - TWICE
        } else {
            odds
        }
    };
    let parts = parted(pairs.len(), settings.threads, |range| {
        let mut made = Vec::new();
        for pair in pairs.get(range).unwrap_or_default() {
            let (one, other) = (seat(false, pair.left), seat(true, pair.right));
            let mut told = Told::default();
            for (side, mine, its) in [(0, one, other), (1, other, one)] {
                let others = known.get(&mine).into_iter().flatten();
                for (odds, rival) in others.filter(|(_, rival)| *rival != its).take(RIVALS) {
                    told.hear(side, pair.odds, *odds, between(its, *rival));
                }
            }
            let rivals = if files.within {
                told.within()
            } else {
                told.between()
            };
            let total = pair.odds + rivals;
            let Some(decision) = settings.thresholds.decide(probability(total)) else {
                continue;
            };
            let Some(comparison) = files.pair(pair.left as usize, pair.right as usize) else {
                continue;
            };
            let mut score = model.explain(&comparison);
            if rivals != 0.0 {
                let agreement = if rivals < 0.0 {
                    "somebody else fits better"
                } else {
                    "a third record joins them"
                };
                score.contributions.push(Contribution {
                    field: "rivals",
                    agreement,
                    weight: rivals,
                });
                score.log_odds = total;
                score.probability = probability(total);
            }
            made.push(Link {
                left: pair.left as usize,
                right: pair.right as usize,
                score,
                decision,
            });
        }
        made
    });
    parts.into_iter().flatten().collect()
}
