//! Files that are cut off, empty, or damaged at random: whatever they hold, the adapter reads them or refuses
//! them in words.

use super::advice::advice;
use super::{Kit, Lines};
use crate::adapter::Fault;
use sdk::harness::Damage;
use std::time::Instant;

/// Samples up to this size are cut off at every byte.
const SMALL: usize = 600;
/// How often a larger one is, within the time.
const CUTS: usize = 600;
/// How often each is at least, and how many damaged files are tried at least, however slow the machine is.
const LEAST: usize = 8;
/// One in so many hostile files is nothing but random bytes.
const RANDOM: u64 = 8;

/// Runs all three.
pub(super) fn look(kit: &mut Kit<'_>, lines: &mut Lines) -> Result<(), Fault> {
    truncated(kit, lines)?;
    empty(kit, lines)?;
    hostile(kit, lines)
}

fn truncated(kit: &mut Kit<'_>, lines: &mut Lines) -> Result<(), Fault> {
    let check = "truncated";
    let samples = &kit.asked.samples;
    if samples.is_empty() {
        lines.skipped(check, "there is no --sample");
        return Ok(());
    }
    let (mut made, mut all) = (0, 0);
    let began = Instant::now();
    for (done, sample) in samples.iter().enumerate() {
        let places = places(sample.bytes.len());
        all += places.len();
        // Each sample gets its part of the time.
        let part = (done as u32 + 1, samples.len() as u32);
        let until = kit.asked.time * part.0 / part.1;
        for (count, place) in places.into_iter().enumerate() {
            if count >= LEAST && began.elapsed() > until {
                break;
            }
            made += 1;
            kit.tell(check, made, all);
            let file = sample.bytes.get(..place).unwrap_or_default();
            let trial = kit.run(file)?;
            if let Some(said) = trial.failure() {
                let kept = keep(kit, check, file);
                let what = trial.ended.as_ref().err().map_or("", advice);
                lines.failed(
                    check,
                    format!("{}, cut off after {place} bytes: {said}{kept}", sample.name),
                    what,
                );
                return Ok(());
            }
        }
    }
    let more = if made < all {
        "; more with --seconds"
    } else {
        ""
    };
    lines.passed(
        check,
        format!("cut off at {made} of {all} places: read or refused in words{more}"),
    );
    Ok(())
}

/// Where a file of so many bytes is cut off, in an order in which the first few are spread over all of it.
fn places(length: usize) -> Vec<usize> {
    let all: Vec<usize> = if length <= SMALL {
        (0..length).collect()
    } else {
        // The ends whole, since headings and last elements stand there.
        let end = SMALL / 6;
        let between = CUTS - 2 * end;
        let step = |number: usize| end + (length - 2 * end) * number / between;
        (0..end)
            .chain((0..between).map(step))
            .chain(length - end..length)
            .collect()
    };
    // A stride that shares no factor with the number of places comes to each once.
    let stride = [251, 257, 263]
        .into_iter()
        .find(|stride| !all.len().is_multiple_of(*stride))
        .unwrap_or(1);
    (0..all.len())
        .filter_map(|number| all.get(number * stride % all.len()).copied())
        .collect()
}

fn empty(kit: &mut Kit<'_>, lines: &mut Lines) -> Result<(), Fault> {
    kit.tell("empty", 0, 1);
    let trial = kit.run(b"")?;
    let records = trial.taken.said.records;
    match (trial.failure(), &trial.ended) {
        (Some(said), ended) => {
            lines.failed("empty", said, ended.as_ref().err().map_or("", advice));
        }
        (None, Ok(_)) if records > 0 => lines.failed(
            "empty",
            format!("{records} records came of an empty file."),
            "An empty file holds nothing: hand over nothing.",
        ),
        (None, Ok(_)) => lines.passed("empty", "read as a file without records"),
        (None, Err(fault)) => lines.passed("empty", format!("refused: {fault}")),
    }
    Ok(())
}

fn hostile(kit: &mut Kit<'_>, lines: &mut Lines) -> Result<(), Fault> {
    let check = "hostile";
    let corpus = kit.asked.samples.iter().map(|sample| sample.bytes.clone());
    let damage = Damage::new(corpus.collect());
    let nothing = Damage::new(Vec::new());
    let (began, first) = (Instant::now(), kit.asked.seed);
    let milliseconds = |time: std::time::Duration| time.as_millis() as usize;
    let mut seed = first;
    while began.elapsed() < kit.asked.time || seed - first < LEAST as u64 {
        kit.tell(
            check,
            milliseconds(began.elapsed()),
            milliseconds(kit.asked.time),
        );
        let source = if seed.is_multiple_of(RANDOM) {
            &nothing
        } else {
            &damage
        };
        let file = source.file(seed);
        let trial = kit.run(&file)?;
        if let Some(said) = trial.failure() {
            let kept = keep(kit, check, &file);
            lines.failed(
                check,
                format!("A file damaged at random (--seed {seed} makes it first): {said}{kept}"),
                trial.ended.as_ref().err().map_or("", advice),
            );
            return Ok(());
        }
        seed += 1;
    }
    let of = if kit.asked.samples.is_empty() {
        "of random bytes and pieces alone, since there is no --sample"
    } else {
        "made of the samples, and of random bytes"
    };
    lines.passed(
        check,
        format!("{} files {of}: read or refused in words", seed - first),
    );
    Ok(())
}

/// Writes the file an adapter fails at where that is wanted, and says where.
fn keep(kit: &Kit<'_>, check: &str, file: &[u8]) -> String {
    let Some(folder) = &kit.asked.keep else {
        return " (--keep DIR writes the file)".to_owned();
    };
    let path = folder.join(format!("{check}-input"));
    match std::fs::write(&path, file) {
        Ok(()) => format!(" (the file is {})", path.display()),
        Err(error) => format!(" (the file could not be written: {error})"),
    }
}

#[cfg(test)]
mod tests {
    use super::places;

    #[test]
    fn a_small_file_is_cut_at_every_byte_and_a_large_one_at_both_ends_and_between() {
        for length in [0, 1, 251, 257, 600, 601, 5000, 1 << 20] {
            let order = places(length);
            let mut sorted = order.clone();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(sorted.len(), order.len(), "{length}");
            assert_eq!(order.len(), length.min(600), "{length}");
            assert!(order.iter().all(|place| *place < length));
            assert!(length == 0 || (sorted.contains(&0) && sorted.contains(&(length - 1))));
        }
        let first: Vec<usize> = places(600).into_iter().take(8).collect();
        assert!(first.iter().any(|place| *place > 400) && first.iter().any(|place| *place < 200));
    }
}
