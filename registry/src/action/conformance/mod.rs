//! What conformance suites ask for (VC API): issue any credential, verify any credential or presentation. For trials alone: what is
//! asked for is signed, by a key that is made for it and is not the registry's, so that nobody who believes the registry believes
//! it; and documents may bring contexts of their own, as those of the suites do.

mod issue;
mod verify;

pub use issue::{Issued, issue};
pub use verify::{Verified, verify_credential, verify_presentation};

use crate::config::Config;
use crate::error::Error;
use crate::keys;
use credential::{did_key, method_of};
use ed25519_dalek::SigningKey;
use proof::{Fault, Limits, read_json};
use schema::Code;
use serde_json::{Map, Value};

/// Where the key of trials lies, among the registry's keys.
const FILE: &str = "conformance.pem";

/// The issuer that conformance suites see.
pub struct Trial {
    key: SigningKey,
    did: String,
    method: String,
}

impl Trial {
    /// The issuer, where the configuration has suites served.
    ///
    /// # Errors
    /// [`Error`] where its key cannot be read or written.
    pub fn of(config: &Config) -> Result<Option<Self>, Error> {
        if !config.credentials.conformance {
            return Ok(None);
        }
        let key = keys::own(config, FILE)?;
        let public = key.verifying_key().to_bytes();
        let did = did_key(&public);
        Ok(Some(Self {
            method: method_of(&did, &public),
            did,
            key,
        }))
    }

    /// Its identifier, which suites are told: a `did:key`.
    #[must_use]
    pub fn did(&self) -> &str {
        &self.did
    }
}

/// Why something was not issued, or does not verify.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Why.
    pub code: Code,
    /// Where: a JSON pointer into what was handed in, or a part of a token.
    pub place: String,
}

impl Problem {
    fn new(code: Code, place: impl Into<String>) -> Self {
        Self {
            code,
            place: place.into(),
        }
    }

    fn below(mut self, place: &str) -> Self {
        // Places of a token's own parts stay as they are.
        if !self
            .place
            .starts_with(|first: char| first.is_ascii_alphabetic())
        {
            self.place.insert_str(0, place);
        }
        self
    }

    /// The type under which the standards know such a problem.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.code {
            Code::SchemaInvalid
            | Code::CredentialDatesInvalid
            | Code::NotACredential
            | Code::NotAPresentation
            | Code::RequestInvalid => "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR",
            Code::TooLarge
            | Code::DocumentUnreadable
            | Code::DocumentTooDeep
            | Code::DocumentTooComplex
            | Code::MemberTwice
            | Code::NumberInexact
            | Code::CredentialTokenUnreadable => {
                "https://www.w3.org/TR/vc-data-model#PARSING_ERROR"
            }
            Code::CredentialExpired | Code::CredentialNotYet => {
                "https://www.w3.org/TR/vc-data-model#RANGE_ERROR"
            }
            Code::TermUndefined => "https://w3id.org/security#DATA_LOSS_DETECTION_ERROR",
            Code::ContextUnknown | Code::ContextInline | Code::LinkedDataInvalid => {
                "https://w3id.org/security#PROOF_TRANSFORMATION_ERROR"
            }
            Code::DomainWrong => "https://w3id.org/security#INVALID_DOMAIN_ERROR",
            Code::ChallengeWrong => "https://w3id.org/security#INVALID_CHALLENGE_ERROR",
            Code::StatusListUnreachable => {
                "https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR"
            }
            Code::StatusListInvalid
            | Code::StatusListExpired
            | Code::StatusListUnproved
            | Code::StatusUnsupported
            | Code::CredentialRevoked
            | Code::CredentialSuspended => {
                "https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR"
            }
            _ => "https://w3id.org/security#PROOF_VERIFICATION_ERROR",
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::new(fault.code, fault.place)
    }
}

/// How much of a suite's document is read: contexts of its own, too.
fn limits() -> Limits {
    Limits {
        own_contexts: true,
        ..Limits::default()
    }
}

/// A request's members.
///
/// # Errors
/// It is no JSON, or no object.
fn request(body: &[u8]) -> Result<Map<String, Value>, Problem> {
    match read_json(body, &limits())? {
        Value::Object(members) => Ok(members),
        _ => Err(Problem::new(Code::RequestInvalid, "")),
    }
}

/// A request's options; none are as good as empty ones.
///
/// # Errors
/// They are no object.
fn options(request: &mut Map<String, Value>) -> Result<Map<String, Value>, Problem> {
    match request.remove("options") {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(options)) => Ok(options),
        Some(_) => Err(Problem::new(Code::RequestInvalid, "/options")),
    }
}
