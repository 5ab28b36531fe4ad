//! Public keys and where they come from: what the caller configured, or the identifier itself (`did:key`).

mod did_key;
mod jwk;
mod ring;

pub(crate) use did_key::{base58btc, multikey, resolve};
pub(crate) use jwk::public_key;
pub use ring::KeyRing;

use chrono::{DateTime, Utc};
use schema::Code;

/// A public key that can verify.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublicKey {
    /// Ed25519 (RFC 8032), the 32 bytes.
    Ed25519([u8; 32]),
    /// A point on P-256 as SEC 1 has it, uncompressed (65 bytes) or compressed (33).
    P256(Vec<u8>),
    /// RSA, big-endian without leading zeros.
    Rsa {
        /// The modulus.
        modulus: Vec<u8>,
        /// The public exponent.
        exponent: Vec<u8>,
    },
}

impl PublicKey {
    /// Reads a Multikey: base58btc, of type Ed25519 (`z6Mk…`) or P-256 (`zDn…`). `None` for anything else.
    #[must_use]
    pub fn from_multikey(text: &str) -> Option<Self> {
        multikey(text)
    }

    /// Reads a JWK (RFC 7517): OKP with Ed25519, EC with P-256, or RSA from 2048 to 8192 bits. `None` for
    /// anything else: a secret or private key, a key for encryption, another curve.
    #[must_use]
    pub fn from_jwk(jwk: &serde_json::Value) -> Option<Self> {
        public_key(jwk)
    }

    /// Whether both are one key, in whichever form a point was written.
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::P256(one), Self::P256(other)) => compressed(one) == compressed(other),
            (one, other) => one == other,
        }
    }
}

/// The compressed form of a point (SEC 1, section 2.3.3): x, and before it whether y is odd.
fn compressed(point: &[u8]) -> Vec<u8> {
    match point {
        [4, rest @ ..] if rest.len() == 64 => {
            let odd = rest.last().map_or(0, |last| last & 1);
            [&[2 | odd], rest.get(..32).unwrap_or_default()].concat()
        }
        other => other.to_vec(),
    }
}

/// A key that somebody configured, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfiguredKey {
    /// The verification method's identifier, absolute: `https://body.example/keys#1`.
    pub method: String,
    /// Whose key it is: an issuer's identifier.
    pub controller: String,
    /// The key.
    pub key: PublicKey,
    /// Signatures made after this do not count.
    pub expires: Option<DateTime<Utc>>,
    /// From this time on no signature counts, whenever it says it was made.
    pub revoked: Option<DateTime<Utc>>,
}

/// The caller's keys. The registry answers from its configuration, an adapter from its own table.
pub trait Keys {
    /// The key of this verification method, if it is known and may assert.
    fn find(&self, method: &str) -> Option<ConfiguredKey>;

    /// Every key of this controller that may assert.
    fn controlled_by(&self, controller: &str) -> Vec<ConfiguredKey>;

    /// Why no key of this controller is known: it was not configured, or its keys could not be had.
    fn why_unknown(&self, _controller: &str) -> Code {
        Code::KeyUnknown
    }
}
