//! An adapter that is asked to end in the middle of a file does so, and leaves nothing behind.

use super::trial::{Taken, Trial};
use super::{Kit, Lines};
use crate::adapter::{Fault, Options};
use std::fs::File;

/// Asks for the end as soon as anything comes of the huge file.
pub(super) fn look(kit: &Kit<'_>, huge: Option<File>, lines: &mut Lines) -> Result<(), Fault> {
    let check = "cancellation";
    let Some(huge) = huge else {
        lines.skipped(check, "there is no huge file to be cancelled");
        return Ok(());
    };
    kit.tell(check, 0, 1);
    let taken = Taken {
        hasty: true,
        counting: true,
        ..Taken::new(kit.asked.today)
    };
    let limits = Options {
        // Something comes soon.
        batch_size: 4 << 10,
        ..kit.limits.clone()
    };
    let trial = Trial::over(kit, &limits, &kit.asked.options, huge, taken)?;
    let left = children();
    match &trial.ended {
        _ if trial.taken.killed => lines.failed(
            check,
            "Asked to end, it did not within half a second, and was killed.",
            "Return at once what Output and Input fail with; in a long loop without either ask Output::cancelled.",
        ),
        Err(Fault::Cancelled) if left.is_some_and(|left| left > 0) => lines.failed(
            check,
            "A process of it is still there.",
            "Start no processes.",
        ),
        Err(Fault::Cancelled) => lines.passed(
            check,
            format!(
                "it ended by itself after {} KiB, {:?} after it had begun, and no process is left",
                trial.read >> 10,
                trial.time
            ),
        ),
        Ok(_) | Err(Fault::Refused { .. }) => {
            lines.skipped(check, "the file was at its end before it could be cancelled");
        }
        Err(fault) => lines.failed(check, trial.told(fault), super::advice::advice(fault)),
    }
    Ok(())
}

/// How many children this thread has, ended ones that nobody has waited for among them; nothing where the
/// kernel does not tell.
fn children() -> Option<usize> {
    let told = std::fs::read_to_string("/proc/thread-self/children").ok()?;
    Some(told.split_whitespace().count())
}
