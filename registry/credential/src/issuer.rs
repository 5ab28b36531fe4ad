//! The issuer's identifiers and the document that says which keys are its own.

use crate::issue::{members, put};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A public key of the issuer's, in use or retired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedKey {
    /// The name under which the issuer's key set has it.
    pub kid: String,
    /// The 32 bytes of an Ed25519 key.
    pub key: [u8; 32],
}

/// The key as a Multikey: the multicodec of Ed25519 before it, in base58.
#[must_use]
pub fn multikey(key: &[u8; 32]) -> String {
    let bytes: Vec<u8> = [0xed, 0x01].iter().chain(key).copied().collect();
    format!("z{}", bs58::encode(bytes).into_string())
}

/// The identifier that is the key itself.
#[must_use]
pub fn did_key(key: &[u8; 32]) -> String {
    format!("did:key:{}", multikey(key))
}

/// The `did:web` of an origin such as `https://registry.example.org`. None where it has a path (the document would
/// have to stand below it), or is served without encryption, from where nobody may take keys.
#[must_use]
pub fn did_web(origin: &str) -> Option<String> {
    let host = origin.strip_prefix("https://")?.trim_end_matches('/');
    let is_host =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | ':');
    let named = !host.is_empty()
        && host.chars().all(is_host)
        // An address in numbers is none that the method allows.
        && host.chars().any(|one| one.is_ascii_alphabetic());
    named.then(|| format!("did:web:{}", host.to_ascii_lowercase().replace(':', "%3A")))
}

/// The verification method by which a key signs for that issuer with Data Integrity: the Multikey is its fragment.
#[must_use]
pub fn method_of(did: &str, key: &[u8; 32]) -> String {
    format!("{did}#{}", multikey(key))
}

/// The document of an issuer (Controlled Identifiers 1.0; a DID document): each key twice, as a Multikey for Data Integrity
/// and as a JWK, under its name in the key set, for tokens.
#[must_use]
pub fn controller_document(did: &str, also_known_as: &[String], keys: &[PublishedKey]) -> Value {
    let mut methods = Vec::new();
    for PublishedKey { kid, key } in keys {
        methods.push(json!({
            "id": method_of(did, key),
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": multikey(key),
        }));
        methods.push(json!({
            "id": format!("{did}#{kid}"),
            "type": "JsonWebKey",
            "controller": did,
            "publicKeyJwk": {
                "kty": "OKP",
                "crv": "Ed25519",
                "alg": "EdDSA",
                "use": "sig",
                "kid": kid,
                "x": URL_SAFE_NO_PAD.encode(key),
            },
        }));
    }
    let names: Vec<Value> = methods.iter().map(|method| method["id"].clone()).collect();
    let mut document = members(json!({
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/multikey/v1",
            "https://w3id.org/security/jwk/v1",
        ],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": names,
    }));
    if !also_known_as.is_empty() {
        put(&mut document, "alsoKnownAs", Some(also_known_as.to_vec()));
    }
    document.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_did_only_where_its_document_can_be_fetched_safely() {
        for (origin, did) in [
            (
                "https://registry.example.org",
                Some("did:web:registry.example.org"),
            ),
            (
                "https://Registry.example.org/",
                Some("did:web:registry.example.org"),
            ),
            ("https://localhost:8443", Some("did:web:localhost%3A8443")),
            ("https://registry.example.org/sub", None),
            ("http://registry.example.org", None),
            ("https://127.0.0.1:8443", None),
            ("https://", None),
            ("https://a@b", None),
        ] {
            assert_eq!(did_web(origin).as_deref(), did, "{origin}");
        }
    }
}
