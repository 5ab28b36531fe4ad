//! Weights from data: how probable grades are by chance from pairs drawn at random, everything else by
//! expectation and maximisation over the pairs that share a key. The shipped weights count as so many records
//! seen before, so that little data moves them little.

use super::kind::{KINDS, PairKind, Role};
use super::{Model, log_sum, shipped};
use crate::compare::{Comparison, EXACT, FIELDS, Field, LEVELS, MISSING};

/// How many pairs the shipped tables count for.
const STRENGTH: f64 = 60.0;
/// How many records the shipped expectations count for.
const RECORDS: f64 = 40.0;
const ROUNDS: usize = 40;
/// Where no expectation moves by more than this share, it is done.
const STILL: f64 = 0.005;
/// A pair that is so surely of none of the kinds that could be taken for one person teaches nothing.
const TEACHES: f32 = 1e-3;

/// What data says.
pub(crate) struct Evidence<'a> {
    /// Pairs that share a key.
    pub candidates: Vec<Comparison>,
    /// Pairs drawn at random.
    pub random: &'a [Comparison],
    /// For how many records the candidates are all there are; a pair within one file is of two of them.
    pub records: f64,
    /// With how many records each could have been paired.
    pub others: f64,
}

impl Model {
    /// The weights as the data moves them. `twins` is how many there are for one record, where that is known.
    pub(crate) fn estimate(self, evidence: Evidence<'_>, twins: Option<f64>) -> Self {
        let mut model = self.with_population(evidence.others);
        let shipped = model.clone();
        for _ in 0..2 {
            model.estimate_chance(&shipped, evidence.random);
        }
        let mut pairs = evidence.candidates;
        for round in 0..ROUNDS {
            let before = model.expected;
            model.step(
                &shipped,
                &mut pairs,
                evidence.records,
                round == 1 || round == 4,
            );
            if let Some(twins) = twins {
                model.set_twins(twins);
            }
            let still = before
                .iter()
                .zip(&model.expected)
                .all(|(before, now)| (before - now).abs() <= STILL * (before + 1e-3));
            if still && round > 4 {
                break;
            }
        }
        model
    }

    /// Grades by chance, each pair as far as it is one of strangers.
    fn estimate_chance(&mut self, shipped: &Self, random: &[Comparison]) {
        let mut counts = [[0.0_f64; LEVELS]; FIELDS];
        for pair in random {
            let kinds = self.kinds(pair);
            let strangers = kinds.last().copied().unwrap_or(0.0);
            let weight = f64::from((strangers - log_sum(&kinds)).exp());
            add(&mut counts, pair, weight, |field| field != Field::Order);
        }
        for (field, counts) in Field::ALL.into_iter().zip(&counts) {
            let seen: f64 = counts.iter().sum();
            let prior = shipped.tables.get(Role::Chance, field);
            // What did not occur is not impossible, and no more probable than was thought.
            let unseen = 0.5 / (seen + 1.0);
            if let Some(grades) = self.tables.get_mut(Role::Chance, field) {
                for ((grade, count), prior) in grades.iter_mut().zip(counts).zip(prior).skip(1) {
                    let share = (count + STRENGTH * prior) / (seen + STRENGTH);
                    *grade = share.max(prior.min(unseen));
                }
            }
        }
        self.settle();
    }

    /// One step of expectation and maximisation.
    fn step(&mut self, shipped: &Self, pairs: &mut Vec<Comparison>, records: f64, prune: bool) {
        let mut found = [0.0_f64; KINDS];
        let mut counts = [[[0.0_f64; LEVELS]; FIELDS]; super::ROLES];
        let mut keep = Vec::with_capacity(if prune { pairs.len() / 4 } else { 0 });
        for pair in pairs.iter() {
            let mut shares = self.kinds(pair);
            let most = shares.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            for share in &mut shares {
                // What is e²⁰ times less probable than something else teaches nothing.
                *share = if *share < most - 20.0 {
                    0.0
                } else {
                    (*share - most).exp()
                };
            }
            let sum: f32 = shares.iter().sum();
            let near = [
                PairKind::Twins,
                PairKind::TwinsApart,
                PairKind::Household,
                PairKind::LookAlike,
            ];
            let telling: f32 = shares.iter().take(super::MATCHES).sum::<f32>()
                + near
                    .iter()
                    .filter_map(|kind| shares.get(*kind as usize))
                    .sum::<f32>();
            if prune && telling > TEACHES * sum {
                keep.push(*pair);
            }
            for ((kind, share), found) in PairKind::ALL.iter().zip(&shares).zip(&mut found) {
                let share = f64::from(share / sum);
                *found += share;
                if share < 1e-5 || *kind == PairKind::Strangers {
                    continue;
                }
                for ((field, level), value) in Field::ALL.iter().zip(&pair.levels).zip(0_usize..) {
                    let role = kind.role(*field);
                    if *level == MISSING || !role.is_learned() {
                        continue;
                    }
                    let place = counts
                        .get_mut(role as usize)
                        .and_then(|fields| fields.get_mut(value))
                        .and_then(|grades| grades.get_mut(usize::from(*level)));
                    if let Some(place) = place {
                        *place += share;
                    }
                }
            }
        }
        if prune {
            *pairs = keep;
        }
        for (((kind, expected), found), prior) in PairKind::ALL
            .iter()
            .zip(&mut self.expected)
            .zip(&found)
            .zip(&shipped.expected)
        {
            if !matches!(kind, PairKind::Community | PairKind::Strangers) {
                let share = (found + RECORDS * prior) / (records + RECORDS);
                *expected = share.max(shipped::least(*kind));
            }
        }
        for (role, fields) in Role::ALL.into_iter().zip(&counts) {
            for (field, counts) in Field::ALL.into_iter().zip(fields) {
                let seen: f64 = counts.iter().sum();
                let prior = *shipped.tables.get(role, field);
                if seen <= 0.0 || !role.is_learned() {
                    continue;
                }
                if let Some(grades) = self.tables.get_mut(role, field) {
                    for ((grade, count), prior) in grades.iter_mut().zip(counts).zip(prior).skip(1)
                    {
                        *grade = (count + STRENGTH * prior) / (seen + STRENGTH);
                    }
                }
            }
        }
        self.tie_initials();
        self.tie_slips();
        self.settle();
    }

    fn set_twins(&mut self, twins: f64) {
        for (kind, expected) in PairKind::ALL.iter().zip(&mut self.expected) {
            if *kind == PairKind::Twins {
                *expected = twins.max(shipped::least(*kind));
            }
        }
        self.settle();
    }

    /// Whether a pair is of twins, or of one person under two given names: nothing in it says which.
    pub(crate) fn like_twins(&self, pair: &Comparison) -> bool {
        /// From this grade on given names are two names.
        const TWO_NAMES: u8 = 6;
        let kinds = self.kinds(pair);
        let twins = kinds
            .get(PairKind::Twins as usize)
            .copied()
            .unwrap_or(f32::NEG_INFINITY);
        let (same, other) = kinds.split_at(super::MATCHES);
        pair.level(Field::Given) >= TWO_NAMES
            && log_sum(other) < twins + 0.7
            && log_sum(same) > twins - 9.0
    }

    /// Names of relatives and of people of one name are mistyped as often as anybody's.
    fn tie_slips(&mut self) {
        /// Another spelling, a slip of the keys, and similar.
        const WRITTEN: [usize; 3] = [2, 5, 7];
        for (role, field) in [
            (Role::Kin, Field::Family),
            (Role::Alike, Field::Family),
            (Role::Alike, Field::Given),
        ] {
            let same = *self.tables.get(Role::Same, field);
            let at =
                |grades: &[f64; LEVELS], grade: usize| grades.get(grade).copied().unwrap_or(0.0);
            let exact = at(&same, usize::from(EXACT)).max(1e-6);
            if let Some(grades) = self.tables.get_mut(role, field) {
                let equal = at(grades, usize::from(EXACT));
                for grade in WRITTEN {
                    if let Some(place) = grades.get_mut(grade) {
                        *place = equal * at(&same, grade) / exact;
                    }
                }
            }
        }
    }

    /// Who writes initials does so of everybody: twins and relatives share an initial as often as names do.
    fn tie_initials(&mut self) {
        const INITIAL: usize = 4;
        let written = self
            .tables
            .get(Role::Same, Field::Given)
            .get(INITIAL)
            .copied()
            .unwrap_or(0.0);
        for (role, share) in [(Role::Twin, 0.25), (Role::Kin, 0.12)] {
            if let Some(grade) = self
                .tables
                .get_mut(role, Field::Given)
                .and_then(|grades| grades.get_mut(INITIAL))
            {
                *grade = written * share;
            }
        }
    }
}

/// Adds a pair's grades.
fn add(
    counts: &mut [[f64; LEVELS]; FIELDS],
    pair: &Comparison,
    weight: f64,
    of: impl Fn(Field) -> bool,
) {
    for ((field, counts), level) in Field::ALL.into_iter().zip(counts).zip(&pair.levels) {
        if *level >= EXACT
            && of(field)
            && let Some(count) = counts.get_mut(usize::from(*level))
        {
            *count += weight;
        }
    }
}
