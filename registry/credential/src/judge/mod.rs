//! Judging a document: each check for itself, each with three values.

mod attached;
mod proved;
mod revocation;
mod schema;

use ::schema::Code;
use chrono::{DateTime, Utc};
use proof::{Document, Expected, Fault, Keys, Limits};
use proved::Part;
use serde_json::{Map, Value};

pub use proved::Proved;
pub use revocation::{Asked, Found, Lists, NoLists};

/// What a check came to.
pub use proof::Outcome;

/// The checks of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckName {
    /// Is it the word of the issuer that it names, and is that one known?
    Issuer,
    /// Is it what was signed?
    Proof,
    /// Does it have what the standard asks for?
    Schema,
    /// Is it within its dates?
    Validity,
    /// Has the issuer taken it back?
    Revocation,
    /// Does what it tells of still stand?
    Status,
}

/// A check with its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Which.
    pub name: CheckName,
    /// What became of it.
    pub result: Outcome,
    /// Why.
    pub code: Code,
    /// A JSON pointer into the document, or `claims/…`, `header/…` of a token; empty for the whole.
    pub place: String,
}

impl Check {
    /// A check with its result.
    #[must_use]
    pub fn new(name: CheckName, result: Outcome, code: Code, place: impl Into<String>) -> Self {
        let place = place.into();
        Self {
            name,
            result,
            code,
            place,
        }
    }

    fn of(name: CheckName, check: &proof::Check) -> Self {
        Self::new(name, check.outcome, check.code, check.place.clone())
    }
}

/// How far an issuer is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The registry itself.
    Own,
    /// Somebody on the operator's list.
    Listed,
    /// Anybody.
    Unknown,
}

/// What was found about a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The checks in the order in which they are told. Of several credentials in one document each check says the worst.
    pub checks: Vec<Check>,
    /// The least that is believed of any of its issuers.
    pub trust: Trust,
    /// The identifiers of the credentials in it that are proved to be the registry's own.
    pub own: Vec<String>,
}

impl Judgement {
    /// The judgement of what could not be read at all. What is too much to read, or of a kind that is not read here, is not
    /// judged, and all else is no document that a standard allows.
    #[must_use]
    pub fn unreadable(fault: &Fault) -> Self {
        let result = match fault.code {
            Code::TooLarge
            | Code::DocumentTooDeep
            | Code::DocumentTooComplex
            | Code::ProofUnsupported => Outcome::NotChecked,
            _ => Outcome::Failed,
        };
        let open = |name| Check::new(name, Outcome::NotChecked, Code::NotEstablished, "");
        Self {
            checks: vec![
                open(CheckName::Issuer),
                open(CheckName::Proof),
                Check::new(CheckName::Schema, result, fault.code, fault.place.clone()),
                open(CheckName::Validity),
                open(CheckName::Revocation),
            ],
            trust: Trust::Unknown,
            own: Vec::new(),
        }
    }

    /// What that check came to.
    #[must_use]
    pub fn check(&self, name: CheckName) -> Option<&Check> {
        self.checks.iter().find(|check| check.name == name)
    }
}

/// Failed where any of the checks failed; not checked where one that is required was not; else passed.
#[must_use]
pub fn outcome(checks: &[Check], required: &[CheckName]) -> Outcome {
    if checks.iter().any(|check| check.result == Outcome::Failed) {
        return Outcome::Failed;
    }
    let passed = |name: &CheckName| {
        let mut of_name = checks.iter().filter(|check| check.name == *name).peekable();
        of_name.peek().is_some() && of_name.all(|check| check.result == Outcome::Passed)
    };
    if required.iter().all(passed) {
        Outcome::Passed
    } else {
        Outcome::NotChecked
    }
}

/// Steps of canonicalisation that a credential of some size needs; see [`Limits::canonical_steps`].
const HONEST_STEPS: usize = 5_000;

/// A file that was handed in: one credential, or several in a presentation.
#[derive(Debug, Clone)]
pub struct Handed {
    /// Each with the place at which it stands.
    documents: Vec<(String, Document)>,
}

impl Handed {
    /// Reads a file: a credential as JSON, as a JWT, in a PNG or SVG, or attached to a certificate of ours (PDF); or a
    /// presentation without a proof of its own.
    ///
    /// # Errors
    /// A [`Fault`] where there is no credential to speak of; see [`Judgement::unreadable`].
    pub fn read(bytes: &[u8], limits: &Limits) -> Result<Self, Fault> {
        let bytes = if attached::is_pdf(bytes) && bytes.len() <= limits.file_bytes {
            attached::attached(bytes).unwrap_or(bytes)
        } else {
            bytes
        };
        match Document::read(bytes, limits) {
            Ok(document) => Ok(Self {
                documents: vec![(String::new(), document)],
            }),
            Err(fault) if fault.code == Code::NotACredential => {
                Self::presentation(bytes, limits)?.ok_or(fault)
            }
            Err(fault) => Err(fault),
        }
    }

    /// Reads a presentation; none where it is something else.
    fn presentation(bytes: &[u8], limits: &Limits) -> Result<Option<Self>, Fault> {
        let Ok(Value::Object(members)) = proof::read_json(bytes.trim_ascii(), limits) else {
            return Ok(None);
        };
        if !has_type(&members, "VerifiablePresentation") {
            return Ok(None);
        }
        if members.contains_key("proof") {
            return Err(Fault {
                code: Code::ProofUnsupported,
                place: "/proof".to_owned(),
            });
        }
        let held: Vec<&Value> = items(members.get("verifiableCredential")).collect();
        if held.len() > limits.credentials {
            return Err(Fault {
                code: Code::DocumentTooComplex,
                place: String::new(),
            });
        }
        // All of them together cost no more than one document may, but for what an honest one needs.
        let limits = Limits {
            canonical_steps: (limits.canonical_steps / held.len().max(1)).max(HONEST_STEPS),
            ..*limits
        };
        let mut documents = Vec::with_capacity(held.len());
        for (at, held) in held.into_iter().enumerate() {
            let place = format!("/verifiableCredential/{at}");
            let text = match held {
                Value::String(token) => token.clone(),
                other => match other.as_object().and_then(enveloped) {
                    Some(token) => token.to_owned(),
                    None => other.to_string(),
                },
            };
            let document = Document::read(text.as_bytes(), &limits).map_err(|fault| Fault {
                code: fault.code,
                place: format!("{place}{}", fault.place),
            })?;
            documents.push((place, document));
        }
        Ok((!documents.is_empty()).then_some(Self { documents }))
    }

    /// The identifiers of the issuers that the credentials name, those within others too.
    pub fn issuers(&self) -> impl Iterator<Item = &str> {
        let documents = self.documents.iter();
        let credentials = documents.flat_map(|(_, document)| document.credentials());
        credentials.filter_map(|credential| issuer(credential.members))
    }

    /// The credentials' members, the outermost alone.
    pub fn credentials(&self) -> impl Iterator<Item = &Map<String, Value>> {
        let documents = self.documents.iter();
        documents.map(|(_, document)| document.credential())
    }

    /// Checks the proofs with these keys as of `now`. `trust` says how far an issuer is believed.
    #[must_use]
    pub fn prove<'a>(
        &'a self,
        keys: &'a dyn Keys,
        trust: &'a dyn Fn(&str) -> Trust,
        now: DateTime<Utc>,
    ) -> Proved<'a> {
        self.prove_expecting(keys, trust, &Expected::default(), now)
    }

    /// [`Handed::prove`], with what the proofs of the outermost credentials must say beside.
    #[must_use]
    pub fn prove_expecting<'a>(
        &'a self,
        keys: &'a dyn Keys,
        trust: &'a dyn Fn(&str) -> Trust,
        expected: &Expected<'_>,
        now: DateTime<Utc>,
    ) -> Proved<'a> {
        let mut parts = Vec::new();
        for (place, document) in &self.documents {
            let verification = document.verify_expecting(keys, expected, now);
            let mut nested = verification.nested.clone();
            nested.retain(|inner| is_held(&inner.place));
            for verification in std::iter::once(verification).chain(nested) {
                let found = document
                    .credentials()
                    .find(|credential| credential.place == verification.place);
                parts.push(Part {
                    place: format!("{place}{}", verification.place),
                    trust: found
                        .and_then(|credential| issuer(credential.members))
                        .map_or(Trust::Unknown, trust),
                    members: found.map(|credential| credential.members),
                    verification,
                });
            }
        }
        Proved {
            parts,
            keys,
            trust,
            now,
        }
    }
}

/// Whether a credential within is what the one around it hands on. What others endorse is their word, and no part of it.
fn is_held(place: &str) -> bool {
    place.starts_with("/credentialSubject/verifiableCredential") && !place.contains("/endorsement")
}

/// The issuer's identifier.
pub(crate) fn issuer(credential: &Map<String, Value>) -> Option<&str> {
    let issuer = credential.get("issuer")?;
    issuer.get("id").unwrap_or(issuer).as_str()
}

/// Whether `type` names that type.
pub(crate) fn has_type(object: &Map<String, Value>, name: &str) -> bool {
    items(object.get("type")).any(|kind| kind == name)
}

/// One value, or the values of a list.
pub(crate) fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let (list, single) = match value {
        Some(Value::Array(items)) => (items.as_slice(), None),
        other => (&[][..], other),
    };
    list.iter().chain(single)
}

/// The token of an enveloped credential.
pub(crate) fn enveloped(members: &Map<String, Value>) -> Option<&str> {
    let id = members.get("id")?.as_str()?;
    let token = id
        .strip_prefix("data:application/vc+jwt,")
        .or_else(|| id.strip_prefix("data:application/vc-ld+jwt,"))
        .or_else(|| id.strip_prefix("data:application/jwt,"))?;
    has_type(members, "EnvelopedVerifiableCredential").then_some(token)
}
