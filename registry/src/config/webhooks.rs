//! `[[webhooks]]`: whom the registry tells that an import has ended, or was taken back.

use serde::{Deserialize, Serialize};

/// An address that is told when an import of an awarding body has ended, or was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// The recognition number of the body whose imports it hears of.
    pub awarding_body: String,
    /// The address, `https://…`; `http://` only of this machine.
    pub url: String,
    /// Seconds that the receiver may take to answer.
    #[serde(default = "timeout")]
    pub timeout: u64,
    /// Whether the address may be `http://` of another machine.
    #[serde(default)]
    pub plain_http: bool,
    /// Whether the address may be one of a private network.
    #[serde(default)]
    pub private_network: bool,
}

fn timeout() -> u64 {
    10
}
