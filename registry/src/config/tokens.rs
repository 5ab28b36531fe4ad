//! `[tokens]`: whose tokens are believed.

use serde::{Deserialize, Serialize};

/// Who may issue tokens.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tokens {
    /// Whether tokens of the built-in issuer (`registry token`) are accepted.
    pub builtin: bool,
    /// The name of the built-in issuer, the `iss` of its tokens and receipts.
    pub builtin_name: String,
    /// Other issuers.
    pub issuers: Vec<Issuer>,
}

/// An issuer of tokens.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// Its `iss`.
    pub issuer: String,
    /// Its keys: a file, or an address beginning with `https://` (`http://` only for this machine).
    pub jwks: String,
    /// The `aud` that its tokens must carry.
    #[serde(default = "audience")]
    pub audience: String,
    /// Seconds by which its clock may differ.
    #[serde(default = "leeway")]
    pub leeway: u64,
    /// The algorithms that it signs with, of `EdDSA`, `ES256`, `RS256`.
    pub algorithms: Vec<String>,
    /// Seconds after which keys from an address are asked for again.
    #[serde(default = "refresh")]
    pub refresh: u64,
}

fn audience() -> String {
    "registry".to_owned()
}

fn leeway() -> u64 {
    30
}

fn refresh() -> u64 {
    300
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            builtin: true,
            builtin_name: "registry".to_owned(),
            issuers: Vec::new(),
        }
    }
}
