//! The first run over each sample, as an import would make it: every way to fail has a line of its own.

use super::advice::advice;
use super::trial::Trial;
use super::{Kit, Lines};
use crate::adapter::Fault;

/// The checks that a failing run belongs to.
pub(super) const FAULTS: [&str; 7] = [
    "crash",
    "sandbox",
    "protocol",
    "time",
    "memory",
    "bounds",
    "whole-file",
];

/// What is read where there is no sample: it may be refused.
const ANYTHING: [(&str, &[u8]); 4] = [
    ("a line of text", b"one line of text\n"),
    ("a table", b"uln,title,grade\n1,2,3\n4,5,6\n"),
    (
        "an XML document",
        b"<?xml version=\"1.0\"?><a><b>1</b><b>2</b></a>",
    ),
    ("a JSON document", b"{\"type\": [\"a\", \"b\"], \"id\": 1}"),
];

/// The trials, a sample each; nothing where the adapter must be mended first.
pub(super) fn look<'b>(kit: &mut Kit<'b>, lines: &mut Lines) -> Result<Option<Vec<Trial>>, Fault> {
    let samples = &kit.asked.samples;
    let files: Vec<(&str, &[u8])> = if samples.is_empty() {
        ANYTHING.to_vec()
    } else {
        let file = |sample: &'b super::Sample| (sample.name.as_str(), sample.bytes.as_slice());
        samples.iter().map(file).collect()
    };
    let mut trials = Vec::new();
    let mut failures: Vec<(&'static str, String, &'static str)> = Vec::new();
    for (done, (name, bytes)) in files.iter().enumerate() {
        kit.tell("reads", done, files.len());
        let trial = kit.run(bytes)?;
        match &trial.ended {
            Ok(_) => {}
            Err(Fault::Refused { .. }) if samples.is_empty() => {}
            Err(fault) => {
                let said = format!("{name}: {}", trial.told(fault));
                failures.push((check(fault), said, advice(fault)));
            }
        }
        trials.push(trial);
    }
    reads(kit, &trials, lines);
    for check in FAULTS {
        match failures.iter().find(|(failed, ..)| *failed == check) {
            Some((_, said, advice)) => lines.failed(check, said, *advice),
            None if failures.is_empty() => lines.passed(check, seen(check, kit, &trials)),
            None => lines.skipped(check, "a sample was not read to its end"),
        }
    }
    // What is told of the samples is told by `reads` too, where a sample was refused.
    if let Some((_, said, advice)) = failures.iter().find(|(failed, ..)| *failed == "reads") {
        lines.0.retain(|line| line.check != "reads");
        lines.failed("reads", said, *advice);
    }
    Ok(failures.is_empty().then_some(trials))
}

fn reads(kit: &Kit<'_>, trials: &[Trial], lines: &mut Lines) {
    let count = |of: fn(&Trial) -> u64| trials.iter().map(of).sum::<u64>();
    let (records, issues) = (
        count(|trial| trial.taken.said.records),
        count(|trial| trial.taken.said.issues),
    );
    if kit.asked.samples.is_empty() {
        lines.skipped(
            "reads",
            "there is no --sample; whether it reads its own format was not checked",
        );
    } else if records == 0 {
        lines.failed(
            "reads",
            format!("No record came of the samples, and {issues} issues."),
            "Give a sample that holds results, and look at the issues with registry import --dry-run.",
        );
    } else {
        lines.passed(
            "reads",
            format!(
                "samples: {}, records: {records}, issues: {issues}",
                trials.len()
            ),
        );
    }
}

/// The check that a fault belongs to.
fn check(fault: &Fault) -> &'static str {
    match fault {
        Fault::Panicked { .. } | Fault::Crashed { .. } | Fault::Exited { .. } => "crash",
        Fault::Sandbox { .. } => "sandbox",
        Fault::Stalled { .. } | Fault::Timeout { .. } => "time",
        Fault::Memory { .. } => "memory",
        Fault::TooMuch { .. } => "bounds",
        Fault::StoppedEarly { .. } => "whole-file",
        Fault::Refused { .. } => "reads",
        _ => "protocol",
    }
}

fn seen(check: &str, kit: &Kit<'_>, trials: &[Trial]) -> String {
    match check {
        "crash" => "no panic, no signal, no exit".to_owned(),
        "sandbox" => "no system call that an adapter may not make".to_owned(),
        "protocol" => "what it hands over is what it says it is".to_owned(),
        "time" => {
            let longest = trials.iter().map(|trial| trial.time).max();
            format!("the longest run took {:?}", longest.unwrap_or_default())
        }
        "memory" => format!("within {} MiB", kit.limits.memory >> 20),
        "bounds" => {
            let largest = trials.iter().map(|trial| trial.taken.said.largest).max();
            format!(
                "the largest record has {} of at most {} bytes",
                largest.unwrap_or_default(),
                kit.limits.record_max
            )
        }
        _ => "every byte of the file was read".to_owned(),
    }
}
