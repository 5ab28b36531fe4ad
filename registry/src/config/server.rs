//! `[server]`: what the server takes at once, and how long it waits.

use serde::{Deserialize, Serialize};

/// The server's limits and switches.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// The most bytes of a pushed file.
    pub import_limit: u64,
    /// How many imports run at once.
    pub imports_at_once: usize,
    /// Seconds without a byte after which a push is given up.
    pub push_silence: u64,
    /// Seconds that a graceful stop waits for requests under way.
    pub stop_within: u64,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            import_limit: 8 * 1024 * 1024 * 1024,
            imports_at_once: 2,
            push_silence: 30,
            stop_within: 10,
        }
    }
}
