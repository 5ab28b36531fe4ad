//! The keys of an issuer: which of a JWK Set can be used, and for which algorithm.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::VerifyingKey;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use std::collections::HashMap;

/// A key with the one algorithm that it is for.
pub(super) struct Key {
    pub(super) key: DecodingKey,
    pub(super) algorithm: Algorithm,
}

/// An issuer's keys, by `kid`; a key without one stands under the empty name.
pub(super) type Keys = HashMap<String, Key>;

/// The key that a token means: the one it names, or the only one where it names none.
pub(super) fn meant<'k>(keys: &'k Keys, kid: &str) -> Option<&'k Key> {
    keys.get(kid).or_else(|| {
        let mut all = keys.values();
        all.next()
            .filter(|_| kid.is_empty() && all.next().is_none())
    })
}

/// The keys of a JWK Set. Keys of a kind that is not understood are passed over (RFC 7517, section 5).
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(text: &str) -> Result<Keys, String> {
    #[derive(Deserialize)]
    struct Set {
        keys: Vec<serde_json::Value>,
    }
    let set: Set = serde_json::from_str(text).map_err(|error| format!("no JWK Set: {error}"))?;
    let known: Vec<Jwk> = set
        .keys
        .into_iter()
        .filter_map(|key| serde_json::from_value(key).ok())
        .collect();
    let keys = usable(known.iter());
    if keys.is_empty() {
        Err("no key that can be used".to_owned())
    } else {
        Ok(keys)
    }
}

/// The keys of a set that fit an allowed algorithm. Symmetric keys and keys for encryption are left out,
/// and so is a key whose own `alg` contradicts its type.
pub(super) fn usable<'a>(keys: impl Iterator<Item = &'a Jwk>) -> Keys {
    keys.filter_map(|jwk| Some((jwk.common.key_id.clone().unwrap_or_default(), key(jwk)?)))
        .collect()
}

fn key(jwk: &Jwk) -> Option<Key> {
    use jsonwebtoken::jwk::{
        AlgorithmParameters as Of, EllipticCurve as Curve, KeyAlgorithm, PublicKeyUse,
    };
    if matches!(jwk.common.public_key_use, Some(PublicKeyUse::Encryption)) {
        return None;
    }
    let (algorithm, named) = match &jwk.algorithm {
        Of::OctetKeyPair(pair) if pair.curve == Curve::Ed25519 => {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        Of::EllipticCurve(curve) if curve.curve == Curve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        Of::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
        _ => return None,
    };
    if jwk
        .common
        .key_algorithm
        .is_some_and(|stated| stated != named)
    {
        return None;
    }
    if weak(&jwk.algorithm) {
        tracing::warn!(kid = ?jwk.common.key_id, "a key that is too weak is passed over");
        return None;
    }
    DecodingKey::from_jwk(jwk)
        .ok()
        .map(|key| Key { key, algorithm })
}

/// Whether signatures of the key prove nothing: under an Ed25519 key of small order one signature fits many
/// messages, and RSA below 2048 bits is within reach (RFC 7518, section 3.3).
fn weak(parameters: &jsonwebtoken::jwk::AlgorithmParameters) -> bool {
    use jsonwebtoken::jwk::AlgorithmParameters as Of;
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    match parameters {
        Of::OctetKeyPair(pair) => bytes(&pair.x)
            .try_into()
            .ok()
            .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
            .is_none_or(|key| key.is_weak()),
        Of::RSA(key) => {
            let modulus = bytes(&key.n);
            let length = modulus.iter().skip_while(|byte| **byte == 0).count();
            let exponent = bytes(&key.e);
            length < 256
                || exponent.iter().all(|byte| *byte == 0)
                || exponent.ends_with(&[1])
                    && exponent.iter().filter(|byte| **byte != 0).count() == 1
        }
        _ => false,
    }
}
