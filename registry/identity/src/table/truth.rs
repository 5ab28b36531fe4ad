//! What is known to be true, and how near to it links come.

use super::{People, TableError};
use crate::link::{Decision, Outcome};
use std::collections::HashSet;
use std::io::Read;

/// The pairs that are one person, either id first.
#[derive(Debug, Clone, Default)]
pub struct Truth(HashSet<(String, String)>);

impl Truth {
    /// Reads a table whose first two columns are ids.
    ///
    /// # Errors
    /// It is no table.
    pub fn read(from: impl Read) -> Result<Self, TableError> {
        let mut made = HashSet::new();
        for row in csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(from)
            .records()
        {
            let row = row?;
            if let (Some(one), Some(other)) = (row.get(0), row.get(1)) {
                made.insert(ordered(one, other));
            }
        }
        Ok(Self(made))
    }
}

fn ordered(one: &str, other: &str) -> (String, String) {
    if one <= other {
        (one.to_owned(), other.to_owned())
    } else {
        (other.to_owned(), one.to_owned())
    }
}

/// How near links come to the truth.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Measure {
    /// Pairs that are one person.
    pub true_pairs: usize,
    /// Of them, those that are links or cases: the most that any threshold reaches.
    pub found: usize,
    /// Links.
    pub links: usize,
    /// Of them, wrong ones.
    pub wrong_links: usize,
    /// Cases for stewards.
    pub cases: usize,
    /// The share of links that are right.
    pub precision: f64,
    /// The share of true pairs that are links.
    pub recall: f64,
    /// The best harmonic mean of precision and recall over all thresholds.
    pub best_f1: f64,
    /// The same at a probability of one half.
    pub f1_at_half: f64,
    /// The share of true pairs found before the share of right ones falls below 0.999.
    pub recall_at_0_999: f64,
    /// The same for 0.9999.
    pub recall_at_0_9999: f64,
}

/// Measures links, most probable first.
#[must_use]
pub fn measure(left: &People, right: &People, outcome: &Outcome, truth: &Truth) -> Measure {
    let all = truth.0.len();
    let (mut right_ones, mut links, mut wrong_links, mut right_links) = (0_usize, 0, 0, 0);
    let mut made = Measure {
        true_pairs: all,
        found: 0,
        links: 0,
        wrong_links: 0,
        cases: 0,
        precision: 1.0,
        recall: 0.0,
        best_f1: 0.0,
        f1_at_half: 0.0,
        recall_at_0_999: 0.0,
        recall_at_0_9999: 0.0,
    };
    let total = all.max(1) as f64;
    for (link, place) in outcome.links.iter().zip(1_usize..) {
        let ids = (left.ids.get(link.left), right.ids.get(link.right));
        let (Some(one), Some(other)) = ids else {
            continue;
        };
        let is_true = truth.0.contains(&ordered(one, other));
        right_ones += usize::from(is_true);
        if link.decision == Decision::Link {
            links += 1;
            right_links += usize::from(is_true);
            wrong_links += usize::from(!is_true);
        }
        let (precision, recall) = (right_ones as f64 / place as f64, right_ones as f64 / total);
        let f1 = 2.0 * precision * recall / (precision + recall).max(1e-9);
        made.best_f1 = made.best_f1.max(f1);
        if link.score.probability >= 0.5 {
            made.f1_at_half = f1;
        }
        if precision >= 0.999 {
            made.recall_at_0_999 = recall;
        }
        if precision >= 0.9999 {
            made.recall_at_0_9999 = recall;
        }
    }
    made.found = right_ones;
    made.links = links;
    made.wrong_links = wrong_links;
    made.cases = outcome.links.len() - links;
    if links > 0 {
        made.precision = right_links as f64 / links as f64;
    }
    made.recall = right_links as f64 / total;
    made
}
