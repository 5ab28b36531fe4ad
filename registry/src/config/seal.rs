//! `[seal]`: the secret that seals the registry's private keys at rest.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The secret that seals the registry's private keys at rest. Without one they lie open in their folder, readable by their owner.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Seal {
    /// A file that holds the secret, such as one that the system hands to the service. It goes before `passphrase`.
    pub file: Option<PathBuf>,
    /// The secret itself, for the environment: `REGISTRY_SEAL__PASSPHRASE`.
    pub passphrase: Option<String>,
    /// A file that holds the secret of before: keys that it opens are sealed anew at the next start.
    pub former_file: Option<PathBuf>,
}
