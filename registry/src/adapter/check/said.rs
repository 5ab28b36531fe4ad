//! What was said in all runs: places, words, and whether the registry would take the records.

use super::trial::{Said, Trial};
use super::{Kit, Lines};
use std::collections::BTreeMap;

/// Looks at everything that was noted.
pub(super) fn look(kit: &Kit<'_>, first: &[Trial], lines: &mut Lines) {
    let said = &kit.said;
    match (said.records, said.placeless) {
        (0, _) => lines.skipped("positions", "no record came of any file"),
        (_, (0, _)) => lines.passed(
            "positions",
            format!("each of {} records says where it stands", said.records),
        ),
        (all, (count, ordinal)) => lines.failed(
            "positions",
            format!(
                "{count} of {all} records do not say where they stand; the first is number {ordinal} of its file."
            ),
            "Set position: Some(Position::row(row)) or another place, so that a person can find the record in the file.",
        ),
    }
    issues(said, lines);
    records(kit, first, lines);
}

fn issues(said: &Said, lines: &mut Lines) {
    let codes = |codes: &BTreeMap<String, u64>| {
        let told: Vec<&str> = codes.keys().map(String::as_str).take(10).collect();
        told.join(", ")
    };
    if said.issues == 0 {
        lines.skipped(
            "issues",
            "no issue came of any file; a sample with a record that cannot be read would show one",
        );
    } else if !said.wordless_issues.is_empty() {
        lines.failed(
            "issues",
            format!("Issues have no words: {}.", codes(&said.wordless_issues)),
            "Say in plain words what is wrong and what is allowed, without a value of the file.",
        );
    } else if !said.placeless_issues.is_empty() {
        lines.failed(
            "issues",
            format!(
                "Issues do not say where: {}.",
                codes(&said.placeless_issues)
            ),
            "Give each issue its Position: row and column, byte, or path.",
        );
    } else {
        lines.passed(
            "issues",
            format!(
                "each of {} issues has a code, words and a place",
                said.issues
            ),
        );
    }
}

/// Only of the samples: what is damaged may well be rejected.
fn records(kit: &Kit<'_>, first: &[Trial], lines: &mut Lines) {
    let mut said = Said::default();
    first.iter().for_each(|trial| said.add(&trial.taken.said));
    if kit.asked.samples.is_empty() {
        return lines.skipped("records", "there is no --sample");
    }
    if kit.said.undecodable > 0 {
        return lines.failed(
            "records",
            format!("{} records are no ResultRecord.", kit.said.undecodable),
            "Encode them as schema/result_record.proto says.",
        );
    }
    let rejected: u64 = said.rejected.values().map(|(count, _)| count).sum();
    let kinds: Vec<String> = said
        .rejected
        .iter()
        .take(10)
        .map(|(kind, (count, first))| format!("{kind} {count} times, first at {first}"))
        .collect();
    let mut message = format!(
        "{} of {} records of the samples would be taken",
        said.records - rejected,
        said.records
    );
    if said.nameless > 0 {
        message = format!(
            "{message}, {} of them only where the person brings the file, since they name nobody",
            said.nameless
        );
    }
    if !kinds.is_empty() {
        message = format!("{message}; rejected: {}", kinds.join("; "));
    }
    if rejected == said.records {
        lines.failed(
            "records",
            message,
            "Each code is told with its words by registry import --dry-run; most often a date is not YYYY-MM-DD or a \
             number stands in the wrong field.",
        );
    } else {
        lines.passed("records", message);
    }
}
