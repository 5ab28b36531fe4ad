//! Whether an adapter takes its own options, and refuses what it does not know.

use super::trial::Trial;
use super::{Kit, Lines};
use crate::adapter::Fault;

/// A key that nobody has.
const UNKNOWN: &str = "a-key-that-nobody-knows";
/// What the registry may add, with a key of a later one.
const ADDED: &str = "\n[import]\nawarding_body = \"RN5217\"\na-key-of-a-later-registry = true\n";

/// Whether the adapter can be run with its options at all.
pub(super) fn look(kit: &Kit<'_>, lines: &mut Lines) -> Result<bool, Fault> {
    let given = kit.asked.options.as_str();
    // One byte at least: an adapter that refuses its options has read nothing of the file then.
    let sample = kit.asked.samples.first();
    let file = sample.map_or(b"x\n".as_slice(), |sample| sample.bytes.as_slice());
    let with = |options: &str| Trial::run(kit, &kit.limits, options, file);
    let own = with(given)?;
    if let Some((_, message)) = refused(&own) {
        lines.failed(
            "options",
            format!("It refused its options: {message}"),
            "Give the options that it needs with --options FILE, as they stand in its table of registry.toml.",
        );
        return Ok(false);
    }
    if let Err(fault @ Fault::Panicked { .. }) = &own.ended
        && own.read == 0
    {
        lines.failed(
            "options",
            own.told(fault),
            "Neither new nor the beginning of run may panic, whatever the options say.",
        );
        return Ok(false);
    }
    let unknown = with(&format!("{UNKNOWN} = true\n{given}"))?;
    let broken = with("= [\n")?;
    for (trial, what) in [
        (&unknown, "a key that it cannot know"),
        (&broken, "options that are no TOML"),
    ] {
        let fault = match &trial.ended {
            _ if refused(trial).is_some_and(|(_, message)| !message.trim().is_empty()) => continue,
            Err(fault @ Fault::Refused { .. }) if trial.read > 0 => {
                format!("It began to read, and said: {fault}")
            }
            Err(fault) => trial.told(fault),
            Ok(_) => "It read the file as if nothing were wrong.".to_owned(),
        };
        lines.failed(
            "options",
            format!("Given {what}, it did not refuse them in words. {fault}"),
            "In new, return a Stop that says what is wrong: sdk::options for a table (with serde's \
             deny_unknown_fields), sdk::no_options where there are none. A misspelt key would go unnoticed.",
        );
        return Ok(true);
    }
    if !given.contains("[import") {
        let added = with(&format!("{given}{ADDED}"))?;
        if let Some((_, message)) = refused(&added) {
            lines.failed(
                "options",
                format!("It refused the table import, which the registry adds: {message}"),
                "Take a table import with any keys: sdk::options leaves it out of yours.",
            );
            return Ok(true);
        }
    }
    lines.passed(
        "options",
        "its own are taken; an unknown key and broken TOML are refused in words",
    );
    Ok(true)
}

/// Code and words of a refusal that came before anything was read.
fn refused(trial: &Trial) -> Option<(&str, &str)> {
    match &trial.ended {
        Err(Fault::Refused { code, message, .. }) if trial.read == 0 => Some((code, message)),
        _ => None,
    }
}
