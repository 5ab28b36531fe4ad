//! Whether an adapter takes its own options, and refuses what it does not know.

use super::trial::told;
use super::{Kit, Lines};
use crate::adapter::Fault;
use crate::adapter::host::create;

/// A key that nobody has.
const UNKNOWN: &str = "a-key-that-nobody-knows";
/// What the registry may add, with a key of a later one.
const ADDED: &str = "\n[import]\nawarding_body = \"RN5217\"\na-key-of-a-later-registry = true\n";

/// Whether the adapter can be run with its options at all.
pub(super) fn look(kit: &Kit<'_>, lines: &mut Lines) -> Result<bool, Fault> {
    let check = "options";
    let given = kit.asked.options.as_str();
    if let Made::Failed(said) | Made::Refused(said) = make(kit, given)? {
        lines.failed(
            check,
            format!("It did not take its options. {said}"),
            "Give the options that it needs with --options FILE, as they stand in its table of registry.toml.",
        );
        return Ok(false);
    }
    for (options, what) in [
        (
            format!("{UNKNOWN} = true\n{given}"),
            "a key that it cannot know",
        ),
        ("= [\n".to_owned(), "options that are no TOML"),
    ] {
        let said = match make(kit, &options)? {
            Made::Refused(_) => continue,
            Made::Taken => "It took them.".to_owned(),
            Made::Failed(said) => said,
        };
        lines.failed(
            check,
            format!("Given {what}, it did not refuse them in words. {said}"),
            "In new, return a Stop that says what is wrong: sdk::options reads a table (with serde's \
             deny_unknown_fields), sdk::no_options is for none. A misspelt key would go unnoticed.",
        );
        return Ok(true);
    }
    if !given.contains("[import")
        && let Made::Failed(said) | Made::Refused(said) = make(kit, &format!("{given}{ADDED}"))?
    {
        lines.failed(
            check,
            format!("It did not take the table import, which the registry adds. {said}"),
            "Take a table import with any keys: sdk::options leaves it out of yours.",
        );
        return Ok(true);
    }
    lines.passed(
        check,
        "its own are taken; an unknown key and broken TOML are refused in words",
    );
    Ok(true)
}

/// What came of making an instance.
enum Made {
    Taken,
    /// In words.
    Refused(String),
    /// In another way, or without words.
    Failed(String),
}

fn make(kit: &Kit<'_>, options: &str) -> Result<Made, Fault> {
    let (made, log) = create(&kit.limits, &kit.library, options);
    Ok(match made {
        Ok(()) => Made::Taken,
        Err(fault @ (Fault::Host { .. } | Fault::SandboxUnavailable { .. })) => return Err(fault),
        Err(fault @ Fault::Refused { .. }) if fault.has_words() => Made::Refused(fault.to_string()),
        Err(fault) => Made::Failed(told(&fault, &log)),
    })
}
