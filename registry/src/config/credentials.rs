//! `[credentials]`: the documents that the registry issues.

use serde::{Deserialize, Serialize};

/// The documents that the registry issues.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Credentials {
    /// The registry's name, as its documents state it.
    pub name: String,
    /// By what it is known as an issuer: `did:web`, which needs `server.origin` with `https://` and without a path; `did:key`, for
    /// trials; or `auto`, which is `did:web` where that can be and else `did:key`.
    pub issuer: IssuedAs,
    /// Seconds for which a status list that was fetched may be relied upon.
    pub list_lasts: u32,
    /// Seconds that the status list of another issuer, or its keys, are waited for.
    pub list_wait: u64,
    /// Whether conformance suites may issue and verify over the VC API, by a key that is made for them. For trials: it needs
    /// `listen` to be an address of this machine alone, and no proxies.
    pub conformance: bool,
}

/// By what the registry is known as an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum IssuedAs {
    /// `did:web` where that can be, else `did:key`.
    #[serde(rename = "auto")]
    Auto,
    /// By its address.
    #[serde(rename = "did:web")]
    DidWeb,
    /// By its key.
    #[serde(rename = "did:key")]
    DidKey,
}

impl Default for Credentials {
    fn default() -> Self {
        Self {
            name: "IQF registry".to_owned(),
            issuer: IssuedAs::Auto,
            list_lasts: 3600,
            list_wait: 5,
            conformance: false,
        }
    }
}
