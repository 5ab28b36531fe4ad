//! `[server]`: what the server takes at once, and how long it waits.

use super::network::Network;
use super::size;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The server's limits and switches.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// The address under which everybody reaches the server, such as `https://registry.example.org`: what is handed on, as
    /// links to shared records are, begins with it. Default: the address to listen on, over HTTP.
    pub origin: Option<String>,
    /// The most bytes of a pushed file: a number, or a text such as `"8 GiB"`.
    #[serde(deserialize_with = "size::bytes")]
    pub import_limit: u64,
    /// How many imports run at once.
    pub imports_at_once: usize,
    /// Where pushed files lie until they were read. Default: `spool` in the data directory. Servers that share a
    /// database and are given one folder on shared storage run each other's imports from their beginning.
    pub spool: Option<PathBuf>,
    /// Seconds after which the imports of a server that gives no sign of life are gone on with by another.
    pub import_lease: u64,
    /// Seconds without a byte after which a push is given up.
    pub push_silence: u64,
    /// Seconds that a graceful stop waits for requests under way.
    pub stop_within: u64,
    /// The networks whose proxies are believed when they say for whom they ask: `["10.0.0.0/8", "fd00::/8"]`.
    /// Nobody else is.
    pub trusted_proxies: Vec<Network>,
    /// The header in which they say it, `x-forwarded-for` or `forwarded`. The other one is not looked at: a
    /// proxy writes one of the two, and lets pass what its client wrote into the other.
    pub forwarded_header: ForwardedHeader,
}

/// A header in which proxies say for whom they ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`, of most proxies.
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            origin: None,
            import_limit: 8 * 1024 * 1024 * 1024,
            imports_at_once: 2,
            spool: None,
            import_lease: 30,
            push_silence: 30,
            stop_within: 10,
            trusted_proxies: Vec::new(),
            forwarded_header: ForwardedHeader::XForwardedFor,
        }
    }
}
