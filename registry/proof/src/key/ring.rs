//! A set of configured keys, filled from controller documents and key sets that the caller hands in.

use super::{ConfiguredKey, Keys, PublicKey, multikey, public_key};
use crate::Fault;
use chrono::{DateTime, Utc};
use schema::Code;
use serde_json::Value;
use std::collections::BTreeMap;

/// Configured keys by verification method. Fill it from what an operator configured; nothing is fetched.
#[derive(Debug, Clone, Default)]
pub struct KeyRing {
    keys: BTreeMap<String, ConfiguredKey>,
    /// The controllers whose keys could not be had, and why.
    missing: BTreeMap<String, Code>,
}

impl KeyRing {
    /// A ring without keys: only `did:key` resolves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one key of `controller` under the identifier `method`; it replaces one of the same identifier.
    pub fn add(&mut self, controller: &str, method: &str, key: PublicKey) {
        self.insert(ConfiguredKey {
            method: method.to_owned(),
            controller: controller.to_owned(),
            key,
            expires: None,
            revoked: None,
        });
    }

    /// Adds one key with its dates.
    pub fn insert(&mut self, key: ConfiguredKey) {
        self.keys.insert(key.method.clone(), key);
    }

    /// Adds the keys of a controller document: a DID document (`did:web`), or what an issuer publishes at
    /// its `https` identifier. Takes those that it lists, or embeds, under `assertionMethod`, that it
    /// controls itself and whose kind is known; says how many those were.
    ///
    /// # Errors
    /// `key-document-invalid` where the document has no `id`, or lists no usable key.
    pub fn add_controller_document(&mut self, document: &Value) -> Result<usize, Fault> {
        let fault = |place: &str| Fault::new(Code::KeyDocumentInvalid, place);
        let controller = document
            .get("id")
            .and_then(Value::as_str)
            .ok_or_else(|| fault("/id"))?;
        let absolute = |id: &str| match id.strip_prefix('#') {
            Some(fragment) => format!("{controller}#{fragment}"),
            None => id.to_owned(),
        };
        let methods = items(document.get("verificationMethod"));
        let mut added = 0;
        for assertion in items(document.get("assertionMethod")) {
            let method = match assertion {
                Value::String(reference) => {
                    let reference = absolute(reference);
                    methods.iter().copied().find(|method| {
                        method
                            .get("id")
                            .and_then(Value::as_str)
                            .is_some_and(|id| absolute(id) == reference)
                    })
                }
                embedded => Some(embedded),
            };
            let Some(method) = method else { continue };
            let text = |name: &str| method.get(name).and_then(Value::as_str);
            let (Some(id), Some(key)) = (text("id"), key_of(method)) else {
                continue;
            };
            if text("controller") != Some(controller) {
                continue;
            }
            let (Ok(expires), Ok(revoked)) = (time(method, "expires"), time(method, "revoked"))
            else {
                continue;
            };
            self.insert(ConfiguredKey {
                method: absolute(id),
                controller: controller.to_owned(),
                key,
                expires,
                revoked,
            });
            added += 1;
        }
        if added == 0 {
            return Err(fault("/assertionMethod"));
        }
        Ok(added)
    }

    /// Adds the keys of an issuer's JWK set (RFC 7517, section 5), each under its `kid`: as it stands where that is
    /// an address or a DID, otherwise as `{issuer}#{kid}`, without a `kid` by its place. Says how many were usable.
    ///
    /// # Errors
    /// `key-document-invalid` where there is no `keys` list, or no usable key in it.
    pub fn add_key_set(&mut self, issuer: &str, set: &Value) -> Result<usize, Fault> {
        let mut added = 0;
        for (place, jwk) in items(set.get("keys")).into_iter().enumerate() {
            let Some(key) = public_key(jwk) else { continue };
            let method = match jwk.get("kid").and_then(Value::as_str) {
                Some(kid) if kid.contains(':') => kid.to_owned(),
                Some(kid) => format!("{issuer}#{}", kid.trim_start_matches('#')),
                None => format!("{issuer}#keys/{place}"),
            };
            self.add(issuer, &method, key);
            added += 1;
        }
        if added == 0 {
            return Err(Fault::new(Code::KeyDocumentInvalid, "/keys"));
        }
        Ok(added)
    }

    /// Notes why no key of that controller is at hand. It is told where one of its keys is looked for.
    pub fn note_missing(&mut self, controller: &str, why: Code) {
        self.missing.insert(controller.to_owned(), why);
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

impl Keys for KeyRing {
    fn find(&self, method: &str) -> Option<ConfiguredKey> {
        self.keys.get(method).cloned()
    }

    fn controlled_by(&self, controller: &str) -> Vec<ConfiguredKey> {
        self.keys
            .values()
            .filter(|key| key.controller == controller)
            .cloned()
            .collect()
    }

    fn why_unknown(&self, controller: &str) -> Code {
        let noted = self.missing.get(controller).copied();
        noted.unwrap_or(Code::KeyUnknown)
    }
}

/// One value or the values of a list.
fn items(value: Option<&Value>) -> Vec<&Value> {
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => items.iter().collect(),
        Some(single) => vec![single],
    }
}

/// The key of a verification method. The type only says which member holds it.
fn key_of(method: &Value) -> Option<PublicKey> {
    match (method.get("publicKeyMultibase"), method.get("publicKeyJwk")) {
        (Some(text), None) => multikey(text.as_str()?),
        (None, Some(jwk)) => public_key(jwk),
        _ => None,
    }
}

/// A time of a verification method; an unreadable one makes the method unusable.
fn time(method: &Value, name: &str) -> Result<Option<DateTime<Utc>>, ()> {
    match method.get(name) {
        None => Ok(None),
        Some(value) => value
            .as_str()
            .and_then(|text| DateTime::parse_from_rfc3339(text).ok())
            .map(|time| Some(time.to_utc()))
            .ok_or(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const KEY: &str = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi";

    fn method(id: &str, controller: &str) -> Value {
        json!({"id": id, "type": "Multikey", "controller": controller, "publicKeyMultibase": KEY})
    }

    #[test]
    fn only_own_keys_that_may_assert_are_taken() {
        let body = "did:web:body.example";
        let mut ring = KeyRing::new();
        let document = json!({
            "id": body,
            "verificationMethod": [method("#a", body), method("did:web:body.example#b", body), method("#c", "did:web:other.example")],
            "assertionMethod": ["did:web:body.example#a", "#c", method("#d", body)],
            "authentication": ["#b"],
        });
        assert_eq!(ring.add_controller_document(&document), Ok(2));
        for (id, known) in [("a", true), ("b", false), ("c", false), ("d", true)] {
            assert_eq!(ring.find(&format!("{body}#{id}")).is_some(), known, "{id}");
        }
        assert_eq!(ring.controlled_by(body).len(), 2);
        assert!(ring.controlled_by("did:web:other.example").is_empty());
    }

    #[test]
    fn dates_are_read_and_what_cannot_be_read_is_not_taken() {
        let body = "https://body.example";
        let with = |name: &str, value: &str| {
            let mut method = method("#a", body);
            method[name] = json!(value);
            json!({"id": body, "assertionMethod": method})
        };
        let mut ring = KeyRing::new();
        ring.add_controller_document(&with("revoked", "2026-01-01T00:00:00Z"))
            .unwrap();
        assert!(
            ring.find("https://body.example#a")
                .unwrap()
                .revoked
                .is_some()
        );
        for wrong in [
            with("expires", "soon"),
            json!({"assertionMethod": method("#a", body)}),
            json!({"id": body}),
        ] {
            let fault = KeyRing::new().add_controller_document(&wrong).unwrap_err();
            assert_eq!(fault.code, Code::KeyDocumentInvalid);
        }
    }

    #[test]
    fn a_key_set_names_its_keys_below_the_issuer() {
        let mut ring = KeyRing::new();
        let jwk = |kid: Option<&str>| {
            let mut jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
            if let Some(kid) = kid {
                jwk["kid"] = json!(kid);
            }
            jwk
        };
        let set = json!({"keys": [jwk(Some("one")), jwk(Some("https://body.example/two")), jwk(None), {"kty": "oct", "k": "AA"}]});
        assert_eq!(ring.add_key_set("https://body.example", &set), Ok(3));
        for method in [
            "https://body.example#one",
            "https://body.example/two",
            "https://body.example#keys/2",
        ] {
            assert!(ring.find(method).is_some(), "{method}");
        }
        assert!(
            KeyRing::new()
                .add_key_set("https://body.example", &json!({"keys": []}))
                .is_err()
        );
    }
}
