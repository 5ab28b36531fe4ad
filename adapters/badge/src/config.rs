//! The table of an adapter that reads credentials: issuers whose keys somebody has looked at.

use proof::{KeyRing, PublicKey};
use sdk::Stop;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What the configuration says.
#[derive(Debug, Default)]
pub struct Config {
    pub(crate) keys: KeyRing,
    /// The awarding bodies that issuers are, by the issuer's identifier.
    pub(crate) bodies: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Table {
    import: Import,
    issuers: Vec<Issuer>,
}

/// What the registry adds. Later registries may add more.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Import {
    issuers: Vec<Issuer>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Issuer {
    /// The identifier that its credentials name.
    id: String,
    /// The number in Ofqual's register, where the issuer is such a body.
    #[serde(default)]
    awarding_body: Option<String>,
    /// Keys in Multikey form (`z6Mk…`), each the verification method `{id}#{key}`.
    #[serde(default)]
    keys: Vec<String>,
    /// A controller document (DID document) as JSON.
    #[serde(default)]
    document: Option<String>,
    /// A JWK set as JSON.
    #[serde(default)]
    key_set: Option<String>,
}

impl Config {
    /// Reads the table of the adapter `adapter`.
    ///
    /// # Errors
    /// `config-invalid`, saying which key is wrong.
    pub fn read(adapter: &str, config: &str) -> Result<Self, Stop> {
        let wrong = |what: String| {
            let mut message = format!("Configuration of {adapter}: {what}.");
            while message.len() > 500 {
                message.pop();
            }
            Stop::new("config-invalid", message)
        };
        let table: Table =
            toml::from_str(config).map_err(|error| wrong(error.message().to_owned()))?;
        let mut read = Self::default();
        let issuers = table.issuers.iter().chain(&table.import.issuers);
        for (place, issuer) in issuers.enumerate() {
            read.add(issuer)
                .map_err(|what| wrong(format!("issuers[{place}]: {what}")))?;
        }
        Ok(read)
    }

    fn add(&mut self, issuer: &Issuer) -> Result<(), &'static str> {
        for text in &issuer.keys {
            let key =
                PublicKey::from_multikey(text).ok_or("keys holds what is no Ed25519 Multikey")?;
            self.keys
                .add(&issuer.id, &format!("{}#{text}", issuer.id), key);
        }
        if let Some(document) = &issuer.document {
            let document: serde_json::Value =
                serde_json::from_str(document).map_err(|_| "document is no JSON")?;
            if document.get("id").and_then(serde_json::Value::as_str) != Some(issuer.id.as_str()) {
                return Err("document is another issuer's");
            }
            self.keys
                .add_controller_document(&document)
                .map_err(|_| "document lists no usable key")?;
        }
        if let Some(set) = &issuer.key_set {
            let set = serde_json::from_str(set).map_err(|_| "key_set is no JSON")?;
            self.keys
                .add_key_set(&issuer.id, &set)
                .map_err(|_| "key_set lists no usable key")?;
        }
        if let Some(body) = &issuer.awarding_body {
            if schema::RecognitionNumber::parse(body).is_err() {
                return Err("awarding_body is no recognition number");
            }
            self.bodies.insert(issuer.id.clone(), body.clone());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi";

    #[test]
    fn issuers_stand_in_the_table_and_in_what_the_registry_adds() {
        let one =
            format!("id = 'https://body.example', awarding_body = 'RN5217', keys = ['{KEY}']");
        for table in [
            format!("issuers = [{{ {one} }}]"),
            format!("[import]\nawarding_body = 'RN5217'\nissuers = [{{ {one} }}]"),
        ] {
            let read = Config::read("open-badges", &table);
            assert_eq!(
                read.as_ref().map(|config| config.keys.len()),
                Ok(1),
                "{table}"
            );
            let bodies = read.map(|config| config.bodies.len());
            assert_eq!(bodies, Ok(1));
        }
    }

    #[test]
    fn what_is_wrong_is_told_by_its_key() {
        for (table, part) in [
            ("colour = 'red'", "colour"),
            ("issuers = [{ id = 'x', keys = ['z6Mk'] }]", "keys"),
            ("issuers = [{ id = 'x', document = '{' }]", "document"),
            (
                "issuers = [{ id = 'x', document = '{\"id\":\"y\"}' }]",
                "another issuer's",
            ),
            ("issuers = [{ id = 'x', key_set = '{}' }]", "key_set"),
            (
                "issuers = [{ id = 'x', awarding_body = 'Body' }]",
                "awarding_body",
            ),
        ] {
            let stop = Config::read("clr", table).err();
            let message = stop.map(|stop| stop.message).unwrap_or_default();
            assert!(message.contains(part), "{table}: {message}");
        }
    }
}
