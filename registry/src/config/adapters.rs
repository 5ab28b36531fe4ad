//! `[adapters]`: where adapters are found, how they are confined, and what a file may cost.
//! `[sources]`: whose word is believed.

use super::size::Size;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The adapters' limits and tables.
#[derive(Debug, Clone, Serialize)]
pub struct Adapters {
    /// Where libraries are looked for. Default: the folder of the running program.
    pub directories: Vec<PathBuf>,
    /// `required` refuses to load an adapter that cannot be confined; `best-effort` confines as far as the
    /// machine can.
    pub sandbox: Sandbox,
    /// The program started as worker. Default: the running program.
    pub worker: Option<PathBuf>,
    /// The most address space of a worker, in bytes.
    pub memory: u64,
    /// Seconds without a sign after which a worker is ended.
    pub silence: u64,
    /// Seconds that a worker may take in all.
    pub time: u64,
    /// The most records of a file.
    pub records: u64,
    /// The most issues of a file.
    pub issues: u64,
    /// A table for each adapter, by its name.
    #[serde(flatten)]
    pub tables: BTreeMap<String, figment::value::Value>,
}

/// Written by hand, since serde's own way of keeping the tables loses the name of a key with a wrong value.
impl<'de> Deserialize<'de> for Adapters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Table;

        impl<'de> Visitor<'de> for Table {
            type Value = Adapters;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a table")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Adapters, M::Error> {
                let mut adapters = Adapters::default();
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "directories" => adapters.directories = map.next_value()?,
                        "sandbox" => adapters.sandbox = map.next_value()?,
                        "worker" => adapters.worker = map.next_value()?,
                        "memory" => adapters.memory = map.next_value::<Size>()?.0,
                        "silence" => adapters.silence = map.next_value()?,
                        "time" => adapters.time = map.next_value()?,
                        "records" => adapters.records = map.next_value()?,
                        "issues" => adapters.issues = map.next_value()?,
                        _ => {
                            adapters.tables.insert(key, map.next_value()?);
                        }
                    }
                }
                Ok(adapters)
            }
        }

        deserializer.deserialize_map(Table)
    }
}

/// How strictly adapters are confined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "said at the key")]
pub enum Sandbox {
    Required,
    BestEffort,
}

impl Default for Adapters {
    fn default() -> Self {
        Self {
            directories: Vec::new(),
            sandbox: Sandbox::Required,
            worker: None,
            memory: 512 * 1024 * 1024,
            silence: 30,
            time: 3600,
            records: 20_000_000,
            issues: 100_000,
            tables: BTreeMap::new(),
        }
    }
}

/// What sources are believed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sources {
    /// Adapters whose imports by an operator or steward are a trusted recorder's word.
    pub trusted_recorders: Vec<String>,
    /// Issuers of credentials whose keys somebody has looked at, told to every adapter that checks proofs.
    pub issuers: Vec<CredentialIssuer>,
}

/// An issuer of credentials. One of `keys`, `document` and `key_set` is needed, but for a `did:web`, whose document is fetched from
/// its address where none of them is there.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CredentialIssuer {
    /// The identifier that its credentials name.
    pub id: String,
    /// Its recognition number, where it is an awarding body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awarding_body: Option<String>,
    /// Ed25519 keys in Multikey form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// A controller document (DID document) as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// A JWK set as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_set: Option<String>,
    /// Whether its document may be fetched from an address of a private network, or of this machine.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub private_network: bool,
    /// Whether it may be fetched without encryption, where it is of a private network.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub plain_http: bool,
}

impl CredentialIssuer {
    /// Whether its keys are to be fetched: it is a `did:web`, and nothing says which they are.
    #[must_use]
    pub fn is_fetched(&self) -> bool {
        self.id.starts_with("did:web:")
            && self.keys.is_empty()
            && self.document.is_none()
            && self.key_set.is_none()
    }

    /// What adapters are told of it, who fetch nothing.
    pub(super) fn for_adapters(&self) -> Self {
        Self {
            private_network: false,
            plain_http: false,
            ..self.clone()
        }
    }
}

impl Default for Sources {
    fn default() -> Self {
        Self {
            trusted_recorders: vec!["lrs".to_owned()],
            issuers: Vec::new(),
        }
    }
}
