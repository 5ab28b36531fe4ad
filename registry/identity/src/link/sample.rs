//! The part of the files from which weights are estimated.

use super::index::{Compared, Index, compared};
use super::{Files, Settings, parted};
use crate::compare::Comparison;
use crate::model::{Evidence, Model};

/// For how many pairs by chance, and from how many candidates, weights are estimated.
const RANDOM: usize = 30_000;
const SAMPLE: usize = 150_000;
/// How many candidates a record is taken to have.
const PAIRS_EACH: usize = 12;
/// Where fewer are known in the other file, it says nothing of twins.
const SEEN: f64 = 0.1;
/// Within one file nothing tells twins from one person under two given names, and there are no more of them than are
/// born.
const TWINS_MOST: f64 = 0.035;
/// From these log-odds on a record is surely somebody's.
const SURE: f32 = 4.0;
/// As many twins count as seen before, one in eighty.
const TWINS_BEFORE: f64 = 0.5;

/// Records of the left file, spread over it evenly, from which weights are estimated.
pub(super) struct Sample {
    pub(super) step: usize,
    records: usize,
    pub(super) pairs: Vec<Compared>,
}

impl Sample {
    pub(super) fn new(files: &Files<'_>, index: &Index, settings: &Settings) -> Self {
        let count = files.left.len();
        let step = (count * PAIRS_EACH).div_ceil(SAMPLE).max(1);
        let records = count.div_ceil(step);
        let parts = parted(records, settings.threads, |range| {
            compared(files, index, range.map(|number| number * step))
        });
        Self {
            step,
            records,
            pairs: parts.into_iter().flatten().collect(),
        }
    }

    pub(super) fn estimate(&self, model: Model, files: &Files<'_>, settings: &Settings) -> Model {
        let (count, others) = (files.left.len(), files.right.len());
        let random = parted(RANDOM.min(count * others), settings.threads, |range| {
            // A walk by fixed steps visits pairs evenly and is the same each time.
            let spread = |number: usize, by: u64, most: usize| {
                let step = (number as u64 + 1).wrapping_mul(by);
                ((u128::from(step) * most as u128) >> 64) as usize
            };
            range
                .map(|number| {
                    let left = spread(number, 0x9e37_79b9_7f4a_7c15, count);
                    (left, spread(number, 0xd1b5_4a32_d192_ed03, others))
                })
                .filter(|(left, right)| !files.within || left != right)
                .filter_map(|(left, right)| files.pair(left, right))
                .collect::<Vec<_>>()
        });
        let random: Vec<Comparison> = random.into_iter().flatten().collect();
        let candidates = || self.pairs.iter().map(|pair| pair.comparison).collect();
        // Within a file a pair is of two records, and is seen from the first of them only.
        let (records, others) = if files.within {
            (self.records as f64 / 2.0, others.saturating_sub(1) as f64)
        } else {
            (self.records as f64, others as f64)
        };
        let evidence = || Evidence {
            candidates: candidates(),
            random: &random,
            records,
            others,
        };
        let found = model.clone().estimate(evidence(), None);
        match self.twins(&found, files) {
            Some(twins) => model.estimate(evidence(), Some(twins)),
            None => found,
        }
    }

    /// How many twins there are for one record. A pair of twins and one person under two given names look the same;
    /// but of twins, either has a record of their own in the other file as often as anybody has.
    fn twins(&self, model: &Model, files: &Files<'_>) -> Option<f64> {
        let known = model.expected_matches().min(1.0);
        if files.within {
            return (model.expected_twins() > TWINS_MOST).then_some(TWINS_MOST);
        }
        if known < SEEN {
            return None;
        }
        let (mut all, mut with_own) = (0_usize, 0_usize);
        for pairs in self.pairs.chunk_by(|one, other| one.left == other.left) {
            let own = pairs.iter().any(|pair| {
                model.log_odds(&pair.comparison) > SURE && !model.like_twins(&pair.comparison)
            });
            let like = pairs
                .iter()
                .filter(|pair| model.like_twins(&pair.comparison))
                .count();
            all += like;
            with_own += if own { like } else { 0 };
        }
        let twins = (with_own as f64 / known).min(all as f64);
        Some((twins + TWINS_BEFORE) / (self.records as f64 + TWINS_BEFORE / 0.012))
    }
}
