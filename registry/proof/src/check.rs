//! The result of a verification, as plain data.

use schema::Code;

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It holds.
    Passed,
    /// It could not be decided here: a key, a context or a method is not known, or nothing was given.
    NotChecked,
    /// It does not hold.
    Failed,
}

/// One check of one credential. Its sentence, without personal data, is [`Code::message`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What it came to.
    pub outcome: Outcome,
    /// The stable code that says why.
    pub code: Code,
    /// A JSON pointer into the document that was read; empty for the whole. Of a JWT's own parts
    /// `header/…` and `claims/…`.
    pub place: String,
}

impl Check {
    pub(crate) fn passed(code: Code, place: impl Into<String>) -> Self {
        Self::new(Outcome::Passed, code, place)
    }

    pub(crate) fn failed(code: Code, place: impl Into<String>) -> Self {
        Self::new(Outcome::Failed, code, place)
    }

    pub(crate) fn not_checked(code: Code, place: impl Into<String>) -> Self {
        Self::new(Outcome::NotChecked, code, place)
    }

    pub(crate) fn new(outcome: Outcome, code: Code, place: impl Into<String>) -> Self {
        Self {
            outcome,
            code,
            place: place.into(),
        }
    }
}

/// How a credential is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProofForm {
    /// A member `proof` with this cryptosuite, or, of suites before Data Integrity, this type.
    DataIntegrity(String),
    /// A JWT around the credential, with this algorithm.
    Jwt(String),
}

/// Where the key of a proof came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeySource {
    /// The caller's keys know it.
    Configured,
    /// The identifier is the key: `did:key`.
    DidKey,
    /// The document brought it along (`jwk` in a JWT's header): it proves that nothing was changed since
    /// somebody signed, and nobody's identity.
    Embedded,
}

/// One proof of a credential and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofResult {
    /// How it signs.
    pub form: ProofForm,
    /// The verification method (`kid` of a JWT) as the document names it.
    pub method: Option<String>,
    /// Whose key it is: the configured controller, or the `did:key`. `None` where that is not known.
    pub controller: Option<String>,
    /// Where the key came from; `None` where none was found.
    pub key_source: Option<KeySource>,
    /// Did somebody with that key sign exactly this?
    pub proof: Check,
    /// Is the key's controller the credential's issuer?
    pub issuer: Check,
}

/// What was found about one credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Where the credential stands in the document: empty for the outermost, otherwise a JSON pointer.
    pub place: String,
    /// Failed if any proof failed; else passed if at least one passed; else not checked. A proof within a JWT passes
    /// only where the JWT's own passed by a key of the issuer: it does not cover the claims.
    pub proof: Check,
    /// The issuer check of the proof that passed, best first.
    pub issuer: Check,
    /// `validFrom` and `validUntil` against the time given.
    pub validity: Check,
    /// Each proof for itself.
    pub proofs: Vec<ProofResult>,
    /// Each credential within, at any depth, in the order of the document, each judged for itself. What
    /// they came to does not change what this one came to.
    pub nested: Vec<Verification>,
}

impl Verification {
    /// The issuer's identifier, where proof and issuer both passed by a key of this source.
    #[must_use]
    pub fn established_issuer(&self, source: KeySource) -> Option<&str> {
        if self.proof.outcome != Outcome::Passed {
            return None;
        }
        self.proofs
            .iter()
            .find(|proof| {
                proof.proof.outcome == Outcome::Passed
                    && proof.issuer.outcome == Outcome::Passed
                    && proof.key_source == Some(source)
            })
            .and_then(|proof| proof.controller.as_deref())
    }
}
