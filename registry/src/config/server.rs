//! `[server]`: what the server takes at once, and how long it waits.

use super::network::Network;
use super::size;
use serde::{Deserialize, Serialize};

/// The server's limits and switches.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// The most bytes of a pushed file: a number, or a text such as `"8 GiB"`.
    #[serde(deserialize_with = "size::bytes")]
    pub import_limit: u64,
    /// How many imports run at once.
    pub imports_at_once: usize,
    /// Seconds without a byte after which a push is given up.
    pub push_silence: u64,
    /// Seconds that a graceful stop waits for requests under way.
    pub stop_within: u64,
    /// The networks whose proxies are believed when they say, in `Forwarded` or `X-Forwarded-For`, for whom
    /// they ask: `["10.0.0.0/8", "fd00::/8"]`. Nobody else is.
    pub trusted_proxies: Vec<Network>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            import_limit: 8 * 1024 * 1024 * 1024,
            imports_at_once: 2,
            push_silence: 30,
            stop_within: 10,
            trusted_proxies: Vec::new(),
        }
    }
}
