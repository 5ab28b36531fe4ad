//! The table `[adapters.elmo]`, which has no keys of its own.

use sdk::Stop;
use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// What the registry adds.
    #[serde(default, rename = "import")]
    _import: Option<IgnoredAny>,
}

/// Reads the table.
///
/// # Errors
/// `config-invalid` where it holds anything.
pub(crate) fn read(config: &str) -> Result<(), Stop> {
    toml::from_str::<Table>(config).map(|_| ()).map_err(|_| {
        Stop::new(
            "config-invalid",
            "The adapter elmo has no keys to configure.",
        )
    })
}
