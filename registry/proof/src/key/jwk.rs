//! Public keys as JSON Web Keys (RFC 7517, 7518, 8037).

use super::PublicKey;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// Members that only private or shared keys have. Whoever publishes one has no secret left.
const SECRET: [&str; 2] = ["d", "k"];

/// The smallest and the largest RSA modulus that is taken, in bytes.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

/// The key that a JWK is, if it is one for verifying signatures.
pub(crate) fn public_key(jwk: &Value) -> Option<PublicKey> {
    if SECRET.iter().any(|member| jwk.get(member).is_some())
        || jwk.get("use").is_some_and(|purpose| purpose != "sig")
    {
        return None;
    }
    if let Some(operations) = jwk.get("key_ops") {
        operations
            .as_array()?
            .iter()
            .find(|operation| *operation == "verify")?;
    }
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
    let (key, algorithm) = match (text("kty")?, text("crv")) {
        ("OKP", Some("Ed25519")) => (
            PublicKey::Ed25519(bytes("x")?.try_into().ok()?),
            ["EdDSA", "Ed25519"].as_slice(),
        ),
        ("EC", Some("P-256")) => {
            let (x, y) = (bytes("x")?, bytes("y")?);
            if x.len() != 32 || y.len() != 32 {
                return None;
            }
            let point = [&[4], x.as_slice(), y.as_slice()].concat();
            (PublicKey::P256(point), ["ES256"].as_slice())
        }
        ("RSA", None) => {
            let (modulus, exponent) = (trimmed(&bytes("n")?), trimmed(&bytes("e")?));
            if !RSA_BYTES.contains(&modulus.len()) || exponent.is_empty() || exponent.len() > 4 {
                return None;
            }
            (PublicKey::Rsa { modulus, exponent }, ["RS256"].as_slice())
        }
        _ => return None,
    };
    // A key that names an algorithm is for no other.
    match jwk.get("alg").map(Value::as_str) {
        None => Some(key),
        Some(named) => algorithm.contains(&named?).then_some(key),
    }
}

/// The number's bytes without leading zeros.
fn trimmed(bytes: &[u8]) -> Vec<u8> {
    bytes
        .iter()
        .copied()
        .skip_while(|byte| *byte == 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    // RFC 8037, appendix A.2.
    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    #[test]
    fn an_okp_key_is_read_and_its_algorithm_pinned() {
        assert!(public_key(&json!({"kty": "OKP", "crv": "Ed25519", "x": X})).is_some());
        assert!(public_key(&json!({"kty": "OKP", "crv": "Ed25519", "x": X, "alg": "EdDSA", "use": "sig", "key_ops": ["verify"]})).is_some());
        for wrong in [
            json!({"kty": "OKP", "crv": "Ed25519", "x": X, "alg": "RS256"}),
            json!({"kty": "OKP", "crv": "Ed25519", "x": X, "alg": 7}),
            json!({"kty": "OKP", "crv": "Ed25519", "x": X, "use": "enc"}),
            json!({"kty": "OKP", "crv": "Ed25519", "x": X, "key_ops": ["encrypt"]}),
            json!({"kty": "OKP", "crv": "Ed25519", "x": X, "d": X}),
            json!({"kty": "OKP", "crv": "X25519", "x": X}),
            json!({"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}),
            json!({"kty": "oct", "k": X}),
            json!({"kty": "EC", "crv": "P-256", "x": X, "y": "AAAA"}),
            json!({"kty": "RSA", "n": X, "e": "AQAB"}),
            json!([]),
        ] {
            assert_eq!(public_key(&wrong), None, "{wrong}");
        }
    }
}
