//! Whole files: everybody in one, or in one against another. Weights are estimated from the files, pairs that
//! share a key are scored, and each pair is a link, a case for a steward, or nothing.

use crate::block::keys;
use crate::compare::{Comparison, Prepared, compare};
use crate::frequency::Frequencies;
use crate::model::{Contribution, Evidence, Model, Score, probability};
use crate::person::Person;
use crate::rival::{Rival, weight};
use std::collections::HashMap;
use std::ops::Range;

/// What becomes of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// One person.
    Link,
    /// For a steward to decide.
    Case,
}

impl Decision {
    /// The word in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Link => "LINK",
            Self::Case => "CASE",
        }
    }
}

/// From which probability on a pair is what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// A link from here on.
    pub link: f64,
    /// A case from here on; below it the two are different people.
    pub case: f64,
}

impl Default for Thresholds {
    /// One link in ten thousand may be wrong. Probabilities of links bunch near 1, so that the average link is much
    /// surer than the threshold; the threshold itself is where one in two thousand is wrong. A case is worth a
    /// steward's look from one in fifty on.
    fn default() -> Self {
        Self {
            link: 0.9995,
            case: 0.02,
        }
    }
}

impl Thresholds {
    /// What a pair of that probability is; nothing below both thresholds.
    #[must_use]
    pub fn decide(&self, probability: f64) -> Option<Decision> {
        if probability >= self.link {
            Some(Decision::Link)
        } else if probability >= self.case {
            Some(Decision::Case)
        } else {
            None
        }
    }
}

/// How files are linked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The weights, or those to begin with.
    pub model: Model,
    /// Whether weights are estimated from the files.
    pub estimate: bool,
    /// From which probability on a pair is what.
    pub thresholds: Thresholds,
    /// Threads that compare.
    pub threads: usize,
    /// Keys of one field that more records share are passed over.
    pub coarse_most: usize,
    /// Other keys that more records share are passed over.
    pub most: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            model: Model::default(),
            estimate: true,
            thresholds: Thresholds::default(),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            coarse_most: 40,
            most: 400,
        }
    }
}

/// The records that are held against each other.
pub enum Batch<'a> {
    /// Everybody of one file against everybody else in it.
    Within(&'a [Person]),
    /// Everybody of one file against everybody of the other.
    Between(&'a [Person], &'a [Person]),
}

/// A pair that is a link or a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The place of the first record in its file.
    pub left: usize,
    /// The place of the second record in its file, which is the same file or the second one.
    pub right: usize,
    /// How probable it is that both are one person, and why.
    pub score: Score,
    /// What becomes of it.
    pub decision: Decision,
}

/// What came of files.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Links and cases, the most probable first.
    pub links: Vec<Link>,
    /// The weights with which they were scored.
    pub model: Model,
    /// How many pairs were compared.
    pub compared: usize,
    /// How many keys were passed over since too many records share them. Their records are found by other keys,
    /// unless they have none in common.
    pub passed_over: usize,
}

/// For how many pairs by chance, and from how many candidates, weights are estimated.
const RANDOM: usize = 30_000;
const SAMPLE: usize = 150_000;
/// How many candidates a record is taken to have.
const PAIRS_EACH: usize = 12;
/// Pairs less probable than this are nobody's rivals.
const RIVAL_FLOOR: f32 = -7.0;
/// How many rivals of a record are looked at.
const RIVALS: usize = 3;
/// A file lists a person once, mostly: that it does so twice is so much less probable, in log-odds, than that both
/// of two files list the person.
const TWICE: f32 = 4.0;

/// Links records.
#[must_use]
pub fn link(batch: &Batch<'_>, settings: &Settings) -> Outcome {
    let (mut left, mut right) = match batch {
        Batch::Within(people) => (ready(people, settings.threads), Vec::new()),
        Batch::Between(one, other) => {
            (ready(one, settings.threads), ready(other, settings.threads))
        }
    };
    let within = matches!(batch, Batch::Within(_));
    let mut model = settings.model.clone();
    if settings.estimate {
        model = model.with_frequencies(Frequencies::count(left.iter().chain(&right)));
    }
    for record in left.iter_mut().chain(&mut right) {
        record.weigh(model.frequencies());
    }
    let files = Files {
        within,
        left: &left,
        right: if within { &left } else { &right },
    };
    let index = Index::new(files.right, settings);
    let sample = settings
        .estimate
        .then(|| Sample::new(&files, &index, settings));
    if let Some(sample) = &sample {
        model = sample.estimate(model, &files, settings);
    }
    let (pairs, compared) = scored(&model, &files, &index, sample.as_ref(), settings);
    let mut links = decide(&model, &files, &pairs, settings);
    links.sort_by(|one, other| {
        other
            .score
            .log_odds
            .total_cmp(&one.score.log_odds)
            .then((one.left, one.right).cmp(&(other.left, other.right)))
    });
    Outcome {
        links,
        model,
        compared,
        passed_over: index.passed_over,
    }
}

/// The records of both files; of one file, twice the same.
struct Files<'a> {
    within: bool,
    left: &'a [Prepared],
    right: &'a [Prepared],
}

impl Files<'_> {
    fn pair(&self, left: usize, right: usize) -> Option<Comparison> {
        Some(compare(self.left.get(left)?, self.right.get(right)?))
    }
}

/// Makes records ready, on all threads.
fn ready(people: &[Person], threads: usize) -> Vec<Prepared> {
    let parts = parted(people.len(), threads, |range| {
        let people = people.get(range).unwrap_or_default();
        people.iter().map(Prepared::folded).collect::<Vec<_>>()
    });
    parts.into_iter().flatten().collect()
}

/// Does the work on ranges of so many things, on threads of their own; the answers are in the ranges' order.
fn parted<T: Send>(
    count: usize,
    threads: usize,
    work: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    let share = count.div_ceil(threads.max(1)).max(1);
    let ranges: Vec<Range<usize>> = (0..count)
        .step_by(share)
        .map(|from| from..(from + share).min(count))
        .collect();
    if ranges.len() <= 1 {
        return ranges.into_iter().map(work).collect();
    }
    std::thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = ranges
            .into_iter()
            .map(|range| scope.spawn(move || work(range)))
            .collect();
        running
            .into_iter()
            .map(|thread| match thread.join() {
                Ok(made) => made,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    })
}

/// Records by key: sorted, so that a key's records are found together.
struct Index {
    starts: HashMap<u64, (u32, u32)>,
    records: Vec<u32>,
    passed_over: usize,
}

impl Index {
    fn new(records: &[Prepared], settings: &Settings) -> Self {
        let parts = parted(records.len(), settings.threads, |range| {
            let from = range.start;
            let mut entries = Vec::new();
            for (record, place) in records.get(range).unwrap_or_default().iter().zip(from..) {
                let place = u32::try_from(place).unwrap_or(u32::MAX);
                entries.extend(
                    keys(record)
                        .into_iter()
                        .map(|key| (key.key, key.coarse, place)),
                );
            }
            entries
        });
        let mut entries: Vec<(u64, bool, u32)> = parts.into_iter().flatten().collect();
        entries.sort_unstable();
        let mut made = Self {
            starts: HashMap::new(),
            records: Vec::with_capacity(entries.len()),
            passed_over: 0,
        };
        for block in entries.chunk_by(|one, other| one.0 == other.0) {
            let Some((key, coarse, _)) = block.first() else {
                continue;
            };
            let most = if *coarse {
                settings.coarse_most
            } else {
                settings.most
            };
            if block.len() > most {
                made.passed_over += 1;
                continue;
            }
            let start = u32::try_from(made.records.len()).unwrap_or(u32::MAX);
            made.records
                .extend(block.iter().map(|(_, _, place)| *place));
            made.starts.insert(
                *key,
                (start, u32::try_from(made.records.len()).unwrap_or(u32::MAX)),
            );
        }
        made
    }

    /// Whom a record is worth comparing with, each once; within a file those after it.
    fn candidates(&self, record: &Prepared, place: usize, within: bool, found: &mut Vec<u32>) {
        found.clear();
        for key in keys(record) {
            if let Some((start, end)) = self.starts.get(&key.key) {
                let block = self
                    .records
                    .get(*start as usize..*end as usize)
                    .unwrap_or_default();
                found.extend_from_slice(block);
            }
        }
        if within {
            found.retain(|other| *other as usize > place);
        }
        found.sort_unstable();
        found.dedup();
    }
}

/// A pair that was compared.
struct Compared {
    left: u32,
    right: u32,
    comparison: Comparison,
}

/// Compares the records of those places with everybody who shares a key.
fn compared(
    files: &Files<'_>,
    index: &Index,
    places: impl Iterator<Item = usize>,
) -> Vec<Compared> {
    let (mut made, mut found) = (Vec::new(), Vec::new());
    for place in places {
        let Some(record) = files.left.get(place) else {
            continue;
        };
        index.candidates(record, place, files.within, &mut found);
        for other in &found {
            if let Some(comparison) = files.pair(place, *other as usize) {
                made.push(Compared {
                    left: u32::try_from(place).unwrap_or(u32::MAX),
                    right: *other,
                    comparison,
                });
            }
        }
    }
    made
}

/// Records of the left file, spread over it evenly, from which weights are estimated.
struct Sample {
    step: usize,
    records: usize,
    pairs: Vec<Compared>,
}

impl Sample {
    fn new(files: &Files<'_>, index: &Index, settings: &Settings) -> Self {
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

    fn estimate(&self, model: Model, files: &Files<'_>, settings: &Settings) -> Model {
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

/// Where fewer are known in the other file, it says nothing of twins.
const SEEN: f64 = 0.1;
/// Within one file nothing tells twins from one person under two given names, and there are no more of them than are
/// born.
const TWINS_MOST: f64 = 0.035;
/// From these log-odds on a record is surely somebody's.
const SURE: f32 = 4.0;
/// As many twins count as seen before, one in eighty.
const TWINS_BEFORE: f64 = 0.5;

/// A pair with its log-odds.
#[derive(Clone, Copy)]
struct Pair {
    left: u32,
    right: u32,
    odds: f32,
}

/// Scores all candidates; the answer has those that could be somebody, and how many were compared. A sample of
/// everybody need not be compared again.
fn scored(
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
fn decide(model: &Model, files: &Files<'_>, pairs: &[Pair], settings: &Settings) -> Vec<Link> {
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
            let mut rivals = 0.0_f32;
            for (mine, its) in [(one, other), (other, one)] {
                // The strongest of them speaks for all: more than one tell the same.
                let told = known
                    .get(&mine)
                    .into_iter()
                    .flatten()
                    .filter(|(_, rival)| *rival != its)
                    .take(RIVALS)
                    .map(|(odds, rival)| {
                        weight(
                            pair.odds,
                            Rival {
                                with_left: *odds,
                                with_right: between(its, *rival),
                            },
                        )
                    })
                    .fold(
                        0.0_f32,
                        |most, one| if one.abs() > most.abs() { one } else { most },
                    );
                rivals += told;
            }
            if !files.within {
                // Of two files each is taken to list a person once: nobody in one speaks for somebody in it.
                rivals = rivals.min(0.0);
            }
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
