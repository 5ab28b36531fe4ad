//! The same bytes give the same records and issues: a second time, and however they come.

use super::trial::Trial;
use super::{Kit, Lines};
use crate::adapter::{Fault, Options};

/// Files of which every byte is handed over by itself.
const BYTEWISE: usize = 256 << 10;

/// Compares with the first run over each sample.
pub(super) fn look(kit: &mut Kit<'_>, first: &[Trial], lines: &mut Lines) -> Result<(), Fault> {
    if kit.asked.samples.is_empty() {
        for check in ["determinism", "pieces"] {
            lines.skipped(check, "there is no --sample");
        }
        return Ok(());
    }
    let (mut differs, mut again) = (None, 0);
    let (mut divided, mut pieces) = (None, 0);
    for (done, (sample, first)) in kit.asked.samples.iter().zip(first).enumerate() {
        kit.tell("determinism", done, kit.asked.samples.len());
        for _ in 0..2 {
            again += 1;
            let trial = kit.run(&sample.bytes)?;
            if differs.is_none() {
                differs = difference(&trial, first).map(|how| format!("{}: {how}", sample.name));
            }
        }
        // What differs from one run to the next says nothing about pieces.
        if differs.is_some() {
            continue;
        }
        let bytewise = sample.bytes.len() <= BYTEWISE;
        for (read_max, batch_size) in [(1, 1), (7, 192 << 10), (64 << 10, 4 << 10)] {
            if divided.is_some() || (read_max == 1 && !bytewise) {
                continue;
            }
            pieces += 1;
            let limits = Options {
                read_max,
                batch_size,
                ..kit.limits.clone()
            };
            let trial = Trial::run(kit, &limits, &kit.asked.options, &sample.bytes)?;
            divided = difference(&trial, first).map(|how| {
                format!(
                    "{}, read {read_max} bytes at a time and handed over in batches of {batch_size}: {how}",
                    sample.name
                )
            });
        }
    }
    match &differs {
        Some(how) => lines.failed(
            "determinism",
            how,
            "Let nothing but file and options decide: no order of a HashMap, no random number, no address; days \
             of today only where the format's own rules need them.",
        ),
        None => lines.passed(
            "determinism",
            format!("the same records and issues in {again} further runs"),
        ),
    }
    match divided {
        _ if differs.is_some() => lines.skipped("pieces", "it is not the same each time"),
        Some(how) => lines.failed(
            "pieces",
            how,
            "A read may give fewer bytes than were asked for: use BufRead, read_exact or read_until, and never take \
             one read for a line or the whole file.",
        ),
        None => lines.passed(
            "pieces",
            format!("the same in {pieces} runs, 1 byte, 7 bytes and 64 KiB at a time"),
        ),
    }
    Ok(())
}

fn difference(trial: &Trial, first: &Trial) -> Option<String> {
    if let Err(fault) = &trial.ended {
        return Some(trial.told(fault));
    }
    let ([records, issues], [records_first, issues_first]) =
        (trial.taken.digest(), first.taken.digest());
    let (said, before) = (&trial.taken.said, &first.taken.said);
    if records != records_first {
        return Some(format!(
            "The records are others than in the first run ({} then, {} now).",
            before.records, said.records
        ));
    }
    (issues != issues_first).then(|| {
        format!(
            "The issues are others than in the first run ({} then, {} now).",
            before.issues, said.issues
        )
    })
}
