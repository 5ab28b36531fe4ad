//! A huge file is read in bounded memory and time.

use super::advice::advice;
use super::grow::Grown;
use super::trial::{Taken, Trial};
use super::{Kit, Lines};
use crate::adapter::{Fault, Options};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::rc::Rc;
use std::time::Duration;

/// The most time that a huge file may take.
const LONGEST: Duration = Duration::from_secs(300);
/// The least memory that an adapter gets, in bytes.
const LEAST: u64 = 32 << 20;

/// Reads a file made of the sample of that number; gives it back for others.
pub(super) fn look(
    kit: &Kit<'_>,
    sample: Option<usize>,
    lines: &mut Lines,
) -> Result<Option<File>, Fault> {
    let check = "huge";
    let Some(sample) = sample.and_then(|place| kit.asked.samples.get(place)) else {
        lines.skipped(check, "there is no --sample that could be made larger");
        return Ok(None);
    };
    kit.tell(check, 0, 1);
    let grown = Grown::of(&sample.bytes);
    let problem = "writing a file";
    let file = tempfile::tempfile().map_err(Fault::host(problem))?;
    let mut writer = BufWriter::new(file);
    grown
        .write(&mut writer, kit.asked.huge)
        .and_then(|()| writer.flush())
        .map_err(Fault::host(problem))?;
    let file = writer
        .into_inner()
        .map_err(|error| Fault::host(problem)(error.into_error()))?;
    let memory = kit.asked.huge.max(LEAST).min(kit.limits.memory);
    let limits = Options {
        memory,
        wall: LONGEST,
        // What there is much of in the file there may be much of here.
        records_max: u64::MAX,
        issues_max: u64::MAX,
        ..kit.limits.clone()
    };
    let taken = Taken {
        counting: true,
        size: kit.asked.huge,
        heard: Some(Rc::clone(&kit.asked.progress)),
        ..Taken::new(kit.asked.today)
    };
    let input = file.try_clone().map_err(Fault::host(problem))?;
    let trial = Trial::over(kit, &limits, &kit.asked.options, input, taken)?;
    let of = format!("{} MiB made of {}", kit.asked.huge >> 20, sample.name);
    match (trial.failure(), &trial.ended) {
        (Some(said), ended) => lines.failed(
            check,
            format!("{of}, in {} MiB of memory: {said}", memory >> 20),
            ended.as_ref().err().map_or("", advice),
        ),
        (None, Err(fault)) => lines.passed(
            check,
            format!("{of}: refused after {} KiB: {fault}", trial.read >> 10),
        ),
        (None, Ok(summary)) => lines.passed(
            check,
            format!(
                "{of}: {} records and {} issues in {:.1} s, within {} MiB of memory",
                summary.records,
                summary.issues,
                trial.time.as_secs_f64(),
                memory >> 20
            ),
        ),
    }
    Ok(Some(file))
}
