//! Whether the library can be loaded, and what it says of itself.

use super::Lines;
use super::advice::advice;
use crate::adapter::{Descriptor, Fault, Found};

/// Keys of `[adapters]`, beside which an adapter's own table stands.
const TAKEN: [&str; 8] = [
    "directories",
    "sandbox",
    "worker",
    "memory",
    "silence",
    "time",
    "records",
    "issues",
];

/// Looks at handshake and descriptor; the library, where it can be run.
pub(super) fn look<'a>(
    found: Option<&'a Found>,
    lines: &mut Lines,
) -> Result<Option<&'a Found>, Fault> {
    let Some(found) = found else {
        lines.failed(
            "handshake",
            "The file is no adapter: it does not export the symbol iqf_adapter.",
            "Write sdk::export_adapter!(MyBody); and crate-type = [\"cdylib\", \"rlib\"] under [lib], and give the \
             library that the build made: target/release/lib….so.",
        );
        return Ok(None);
    };
    match &found.descriptor {
        Ok(descriptor) => {
            let (major, minor) = descriptor.abi;
            let mut message = format!(
                "ABI {major}.{minor}, record schema {}, built by {}",
                descriptor.record_schema,
                Some(descriptor.compiler.as_str())
                    .filter(|compiler| !compiler.is_empty())
                    .unwrap_or("a compiler that it does not name"),
            );
            if let Some(missing) = &found.unconfined {
                message = format!("{message}; not fully confined on this machine: {missing}");
            }
            lines.passed("handshake", message);
            describe(descriptor, lines);
            Ok(Some(found))
        }
        Err(fault @ Fault::Incompatible { field, .. })
            if ["name", "version", "formats"].contains(&field.as_str()) =>
        {
            lines.passed("handshake", "ABI and record schema fit");
            lines.failed("descriptor", fault.to_string(), NAME);
            Ok(None)
        }
        // What the machine lacks says nothing about the library.
        Err(Fault::SandboxUnavailable { missing }) => Err(Fault::SandboxUnavailable {
            missing: missing.clone(),
        }),
        Err(Fault::Host { action, source }) => Err(Fault::Host {
            action,
            source: std::io::Error::other(source.to_string()),
        }),
        Err(fault) => {
            lines.failed("handshake", fault.to_string(), advice(fault));
            Ok(None)
        }
    }
}

const NAME: &str = "NAME is 1 to 40 of a-z, 0-9 and hyphens; VERSION is not empty; FORMATS are media types with commas between.";

fn describe(descriptor: &Descriptor, lines: &mut Lines) {
    let Descriptor {
        name,
        version,
        formats,
        ..
    } = descriptor;
    let is_type = |format: &String| {
        let known = |part: &str| {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
            !part.is_empty() && part.bytes().all(allowed)
        };
        let bare = format.split(';').next().unwrap_or_default().trim();
        bare.split_once('/')
            .is_some_and(|(kind, name)| known(kind) && known(name))
    };
    let wrong = if TAKEN.contains(&name.as_str()) {
        Some(format!(
            "The name {name} is a key of [adapters] itself, so that its table could not be told from it."
        ))
    } else if name.starts_with('-') || name.ends_with('-') {
        Some(format!("The name {name} begins or ends with a hyphen."))
    } else if version.trim().is_empty() {
        Some("It does not say its version.".to_owned())
    } else if formats.is_empty() {
        Some("It does not say what media types it reads.".to_owned())
    } else {
        let other = formats.iter().find(|format| !is_type(format));
        other.map(|format| {
            format!("The format {format:?} is no media type, such as text/csv or application/xml.")
        })
    };
    match wrong {
        Some(wrong) => lines.failed("descriptor", wrong, NAME),
        None => lines.passed(
            "descriptor",
            format!("{name} {version}, reads {}", formats.join(", ")),
        ),
    }
}
