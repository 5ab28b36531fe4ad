//! The sandbox, and each adapter, loaded as an import would load it.

use super::Findings;
use crate::action::import::read::options;
use crate::adapter;
use crate::config::{Config, Sandbox};

pub(super) fn look(config: &Config, findings: &mut Findings) {
    let required = config.adapters.sandbox == Sandbox::Required;
    match adapter::look_at_sandbox() {
        Ok(has) => {
            let mode = if required { "required" } else { "best effort" };
            findings.ok("sandbox", format!("{has}; {mode}"));
        }
        Err(missing) if required => findings.fault(
            "sandbox",
            missing,
            "Use Linux 5.13 or newer with Landlock enabled (lsm=landlock,…); no adapter is loaded without.",
        ),
        Err(missing) => findings.warning(
            "sandbox",
            missing,
            "Use Linux 5.13 or newer with Landlock enabled (lsm=landlock,…); adapters are loaded all the same.",
        ),
    }
    let options = options(config);
    let found = adapter::list(&options);
    if !found.iter().any(|one| one.descriptor.is_ok()) {
        let places: Vec<String> = options
            .directories
            .iter()
            .map(|place| place.display().to_string())
            .collect();
        findings.fault(
            "adapters",
            format!("there is none that can be used in {}", places.join(", ")),
            "Name the folder of the libraries in adapters.directories.",
        );
    }
    let mut names = Vec::new();
    for one in found {
        match one.descriptor {
            Ok(adapter) if names.contains(&adapter.name) => findings.warning(
                "adapters",
                format!(
                    "{} calls itself {}, as another does",
                    one.path.display(),
                    adapter.name
                ),
                "The first one counts; remove the other.",
            ),
            Ok(adapter) => {
                findings.ok(
                    "adapters",
                    format!(
                        "{} {}, sha256 {}",
                        adapter.name, adapter.version, one.digest
                    ),
                );
                names.push(adapter.name);
            }
            Err(fault) => findings.fault(
                "adapters",
                format!("{}: {fault}", one.path.display()),
                "Build it again for this version, or take it out of the folder.",
            ),
        }
    }
}
