//! Whole files: everybody in one, or in one against another. Weights are estimated from the files, pairs that
//! share a key are scored, and each pair is a link, a case for a steward, or nothing.

mod decide;
mod index;
mod sample;

use crate::compare::{Comparison, Prepared, compare};
use crate::frequency::Frequencies;
use crate::model::{Model, Score};
use crate::person::Person;
use decide::{decide, scored};
use index::Index;
use sample::Sample;
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
