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

/// Where the document of a `did:web` stands, without the scheme: `example.org/.well-known/did.json`, or below a path. None where
/// the identifier is no such one: an address in numbers, a part that leads elsewhere.
#[must_use]
pub fn did_web_address(did: &str) -> Option<String> {
    let mut parts = did.strip_prefix("did:web:")?.split(':');
    let host = parts.next()?;
    let (name, port) = match host.to_ascii_lowercase().split_once("%3a") {
        Some((name, port)) => (name.to_owned(), Some(port.to_owned())),
        None => (host.to_ascii_lowercase(), None),
    };
    let letter = |one: char| one.is_ascii_alphanumeric() || matches!(one, '.' | '-');
    let named = name.chars().all(letter)
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        // The last part of an address in numbers is one.
        && name
            .rsplit('.')
            .find(|part| !part.is_empty())?
            .starts_with(|first: char| first.is_ascii_alphabetic());
    let counted = |port: &String| port.parse::<u16>().is_ok_and(|port| port > 0);
    if !named || !port.as_ref().is_none_or(counted) {
        return None;
    }
    let mut address = name;
    if let Some(port) = port {
        address = format!("{address}:{port}");
    }
    let mut below = false;
    for part in parts {
        let plain = |one: char| one.is_ascii_alphanumeric() || matches!(one, '.' | '-' | '_' | '~');
        if part.is_empty() || part.chars().all(|one| one == '.') || !part.chars().all(plain) {
            return None;
        }
        address = format!("{address}/{part}");
        below = true;
    }
    let place = if below {
        "did.json"
    } else {
        ".well-known/did.json"
    };
    Some(format!("{address}/{place}"))
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

    #[test]
    fn the_document_of_a_did_stands_at_one_address_and_nowhere_else() {
        for (did, address) in [
            ("did:web:a.example", Some("a.example/.well-known/did.json")),
            (
                "did:web:A.example%3A8443",
                Some("a.example:8443/.well-known/did.json"),
            ),
            (
                "did:web:localhost%3a80:x:y",
                Some("localhost:80/x/y/did.json"),
            ),
            (
                "did:web:a.example:issuers:5",
                Some("a.example/issuers/5/did.json"),
            ),
            ("did:web:a.example:..", None),
            ("did:web:a.example::x", None),
            ("did:web:a.example:x%2Fy", None),
            ("did:web:a.example/x", None),
            ("did:web:a.example#k", None),
            ("did:web:u@a.example", None),
            ("did:web:127.0.0.1", None),
            ("did:web:127.0.0.1.", None),
            ("did:web:0x7f000001", None),
            ("did:web:a.example%3A", None),
            ("did:web:a.example%3A0", None),
            ("did:web:a.example%3A99999", None),
            ("did:web:", None),
            ("did:key:a.example", None),
        ] {
            assert_eq!(did_web_address(did).as_deref(), address, "{did}");
        }
    }
}
