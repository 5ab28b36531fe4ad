//! `[quarantine]`: when a pushed file looks wrong as a whole.

use serde::{Deserialize, Serialize};

/// When a pushed file looks wrong as a whole: it is held then, and nothing of it merged, until whoever pushed
/// it pushes it again and says that it is right as it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Quarantine {
    /// Whether files are held at all.
    pub enabled: bool,
    /// The share of a file's records, between 0 and 1, of which more may not be rejected when it is read.
    pub rejected_share: f64,
    /// Files of fewer records are not held for what is rejected.
    pub rejected_least: u64,
    /// The share of all awards that a body ever told, between 0 and 1, of which one file may not withdraw more.
    pub withdrawn_share: f64,
    /// Files that withdraw fewer are not held for it.
    pub withdrawn_least: u64,
}

impl Default for Quarantine {
    fn default() -> Self {
        Self {
            enabled: true,
            rejected_share: 0.5,
            rejected_least: 20,
            withdrawn_share: 0.2,
            withdrawn_least: 50,
        }
    }
}
