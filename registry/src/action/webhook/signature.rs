//! HTTP Message Signatures (RFC 9421) with Ed25519: what a receiver checks to know that an event is the
//! registry's, whole, and meant for it.

use crate::keys::Keys;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The label under which the signature stands.
const LABEL: &str = "registry";

/// The headers that a signature adds to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// `Content-Digest` (RFC 9530).
    pub content_digest: String,
    /// `Signature-Input`.
    pub input: String,
    /// `Signature`.
    pub signature: String,
}

/// What is signed of a message.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// The method.
    pub method: &'a str,
    /// The address, whole.
    pub target_uri: &'a str,
    /// `Content-Type`.
    pub content_type: &'a str,
    /// The content.
    pub content: &'a [u8],
}

/// Signs a message with the registry's key at that time, in seconds since 1970.
#[must_use]
pub fn sign(keys: &Keys, message: Message<'_>, created: i64) -> Signed {
    let content_digest = format!(
        "sha-256=:{}:",
        STANDARD.encode(Sha256::digest(message.content))
    );
    let components = [
        ("@method", message.method),
        ("@target-uri", message.target_uri),
        ("content-digest", &content_digest),
        ("content-type", message.content_type),
    ];
    let parameters = format!(
        ";created={created};alg=\"ed25519\";keyid=\"{}\"",
        keys.kid()
    );
    let signature = keys.sign(base(&components, &parameters).as_bytes());
    Signed {
        input: format!("{LABEL}={}{parameters}", covered(&components)),
        signature: format!("{LABEL}=:{}:", STANDARD.encode(signature)),
        content_digest,
    }
}

/// The signature base (section 2.5): each component on its line, then what is covered and how. The values have
/// no line breaks and no white space around them.
#[must_use]
pub fn base(components: &[(&str, &str)], parameters: &str) -> String {
    let mut text = String::new();
    for (name, value) in components {
        text.push_str(&format!("\"{name}\": {value}\n"));
    }
    text.push_str(&format!(
        "\"@signature-params\": {}{parameters}",
        covered(components)
    ));
    text
}

fn covered(components: &[(&str, &str)]) -> String {
    let names: Vec<String> = components
        .iter()
        .map(|(name, _)| format!("\"{name}\""))
        .collect();
    format!("({})", names.join(" "))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::base;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use ed25519_dalek::pkcs8::DecodePrivateKey;
    use ed25519_dalek::{Signer, SigningKey};

    /// RFC 9421, appendix B.2.6, with the key of appendix B.1.4.
    #[test]
    fn the_standards_own_example_comes_out() {
        let key = "-----BEGIN PRIVATE KEY-----\n\
                   MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n\
                   -----END PRIVATE KEY-----\n";
        let key = SigningKey::from_pkcs8_pem(key).unwrap();
        let components = [
            ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("@method", "POST"),
            ("@path", "/foo"),
            ("@authority", "example.com"),
            ("content-type", "application/json"),
            ("content-length", "18"),
        ];
        let text = base(
            &components,
            ";created=1618884473;keyid=\"test-key-ed25519\"",
        );
        assert_eq!(
            STANDARD.encode(key.sign(text.as_bytes()).to_bytes()),
            "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
        );
    }
}
