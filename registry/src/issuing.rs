//! The registry as an issuer of documents: who it is to those who read them, with which keys it signs, and which
//! other issuers it believes.

use crate::config::{Config, CredentialIssuer, IssuedAs};
use crate::error::Error;
use crate::keys::Keys;
use chrono::{DateTime, Utc};
use credential::{Issuer, Sealing, Trust, controller_document, did_key, did_web, method_of};
use proof::{KeyRing, PublicKey};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// The registry as an issuer.
pub struct Issuing {
    issuer: Issuer,
    method: String,
    kid: String,
    /// Under what names the registry is known: by its address, and by every key that it has or had.
    own: HashSet<String>,
    listed: HashSet<String>,
    ring: KeyRing,
    document: Value,
}

impl Issuing {
    /// What follows from configuration and keys. Without keys nothing is the registry's own: that is for those who verify
    /// and never issue.
    ///
    /// # Errors
    /// A configuration error where an issuer's keys cannot be used.
    pub fn open(config: &Config, keys: Option<&Keys>) -> Result<Self, Error> {
        let address = config.origin();
        let published = keys.map(Keys::published).unwrap_or_default();
        let by_keys: Vec<String> = published.iter().map(|one| did_key(&one.key)).collect();
        let by_address = did_web(&address);
        let id = match config.credentials.issuer {
            IssuedAs::DidKey => None,
            IssuedAs::Auto | IssuedAs::DidWeb => by_address.clone(),
        };
        let current = published.first();
        let id = id.or_else(|| by_keys.first().cloned()).unwrap_or_default();
        let method = current.map(|one| method_of(&id, &one.key));
        let kid = match current {
            // The one name that a key has that is its own issuer.
            Some(_) if id.starts_with("did:key:") => method.clone(),
            Some(one) => Some(format!("{id}#{}", one.kid)),
            None => None,
        };
        let known: Vec<String> = by_address.iter().chain(&by_keys).cloned().collect();
        let subject = by_address.as_ref().unwrap_or(&id);
        let others: Vec<String> = known
            .iter()
            .filter(|one| *one != subject)
            .cloned()
            .collect();
        let document = controller_document(subject, &others, &published);
        let mut ring = KeyRing::new();
        if current.is_some() {
            let taken = ring.add_controller_document(&document);
            taken.map_err(Error::internal)?;
        }
        let mut issuing = Self {
            issuer: Issuer {
                id,
                name: config.credentials.name.clone(),
                address,
            },
            method: method.unwrap_or_default(),
            kid: kid.unwrap_or_default(),
            own: known.into_iter().collect(),
            listed: HashSet::new(),
            ring,
            document,
        };
        for (number, other) in config.sources.issuers.iter().enumerate() {
            issuing.list(number, other)?;
        }
        Ok(issuing)
    }

    /// Believes an issuer that the configuration lists. The registry's own names are nobody else's.
    fn list(&mut self, number: usize, other: &CredentialIssuer) -> Result<(), Error> {
        let wrong = |key: &str, problem: &str| {
            Error::configuration(format!("sources.issuers.{number}.{key}"), problem)
        };
        if self.own.contains(&other.id) {
            return Err(wrong("id", "is the registry itself"));
        }
        for text in &other.keys {
            let key = PublicKey::from_multikey(text)
                .ok_or_else(|| wrong("keys", "holds what is no Ed25519 Multikey"))?;
            self.ring
                .add(&other.id, &format!("{}#{text}", other.id), key);
        }
        if let Some(text) = &other.document {
            let document: Value =
                serde_json::from_str(text).map_err(|_| wrong("document", "is no JSON"))?;
            if document.get("id").and_then(Value::as_str) != Some(other.id.as_str()) {
                return Err(wrong("document", "is another issuer's"));
            }
            let taken = self.ring.add_controller_document(&document);
            taken.map_err(|_| wrong("document", "lists no usable key"))?;
        }
        if let Some(text) = &other.key_set {
            let set = serde_json::from_str(text).map_err(|_| wrong("key_set", "is no JSON"))?;
            let taken = self.ring.add_key_set(&other.id, &set);
            taken.map_err(|_| wrong("key_set", "lists no usable key"))?;
        }
        self.listed.insert(other.id.clone());
        Ok(())
    }

    /// Believes an issuer for this once, by its controller document.
    ///
    /// # Errors
    /// What is wrong with the document.
    pub fn believe(&mut self, document: &Value) -> Result<(), &'static str> {
        let id = document.get("id").and_then(Value::as_str);
        let id = id.ok_or("names nobody")?.to_owned();
        if self.own.contains(&id) {
            return Ok(());
        }
        let taken = self.ring.add_controller_document(document);
        taken.map_err(|_| "lists no usable key")?;
        self.listed.insert(id);
        Ok(())
    }

    /// Who issues.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// The document that says which keys are the issuer's, those that were in use before too.
    #[must_use]
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// The keys that are known.
    #[must_use]
    pub fn ring(&self) -> &KeyRing {
        &self.ring
    }

    /// How far an issuer is believed.
    #[must_use]
    pub fn trust(&self, issuer: &str) -> Trust {
        if self.own.contains(issuer) {
            Trust::Own
        } else if self.listed.contains(issuer) {
            Trust::Listed
        } else {
            Trust::Unknown
        }
    }

    /// The address of the status list of that number.
    #[must_use]
    pub fn list_address(&self, number: i32) -> String {
        format!("{}/status/{number}", self.issuer.address)
    }

    /// The number of the status list at an address that a credential of the registry's own names, whatever the registry's
    /// own address was then.
    #[must_use]
    pub fn list_number(address: &str) -> Option<i32> {
        address.rsplit_once("/status/")?.1.parse().ok()
    }

    /// The identifier of the credential of that name.
    #[must_use]
    pub fn credential_address(&self, shown: &str) -> String {
        format!("{}/credentials/{shown}", self.issuer.address)
    }

    /// The name of a credential of the registry's own, out of its identifier.
    #[must_use]
    pub fn credential_name(identifier: &str) -> Option<&str> {
        Some(identifier.rsplit_once("/credentials/")?.1)
    }

    /// The credential as a document with a Data Integrity proof, signed at that time.
    ///
    /// # Errors
    /// [`Error`] where it cannot be signed, which would be an error of ours.
    pub fn seal(
        &self,
        keys: &Keys,
        credential: &Map<String, Value>,
        at: DateTime<Utc>,
    ) -> Result<Map<String, Value>, Error> {
        let signer = |bytes: &[u8]| keys.sign(bytes);
        credential::seal(credential, &self.sealing(&signer, at)).map_err(Error::internal)
    }

    /// The credential as a JWT of type `kind`, signed at that time.
    #[must_use]
    pub fn token(
        &self,
        keys: &Keys,
        credential: &Map<String, Value>,
        kind: &str,
        at: DateTime<Utc>,
    ) -> String {
        let signer = |bytes: &[u8]| keys.sign(bytes);
        credential::token(credential, kind, &self.sealing(&signer, at))
    }

    fn sealing<'a>(&'a self, signer: &'a dyn credential::Signer, at: DateTime<Utc>) -> Sealing<'a> {
        Sealing {
            signer,
            method: &self.method,
            kid: &self.kid,
            at,
        }
    }
}
