//! Who is worth comparing with whom, and the comparisons.

use super::{Files, Settings, parted};
use crate::block::keys;
use crate::compare::{Comparison, Prepared};
use std::collections::HashMap;

/// Records by key: sorted, so that a key's records are found together.
pub(super) struct Index {
    starts: HashMap<u64, (u32, u32)>,
    records: Vec<u32>,
    pub(super) passed_over: usize,
}

impl Index {
    pub(super) fn new(records: &[Prepared], settings: &Settings) -> Self {
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
pub(super) struct Compared {
    pub(super) left: u32,
    pub(super) right: u32,
    pub(super) comparison: Comparison,
}

/// Compares the records of those places with everybody who shares a key.
pub(super) fn compared(
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
