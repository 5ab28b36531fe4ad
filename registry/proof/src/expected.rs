//! What a proof must say beside the signature: for what it was made, in answer to what, and for whom.

use crate::Check;
use crate::token::Token;
use schema::Code;
use serde_json::Value;

/// The purpose of whoever states a credential.
pub(crate) const ASSERTION: &str = "assertionMethod";
/// The purpose of whoever shows that they are the holder.
const AUTHENTICATION: &str = "authentication";

/// What whoever verifies expects of a proof.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The purposes of which a proof must have one. It does not bind tokens, which say none.
    pub purposes: &'a [&'a str],
    /// The challenge that must be answered (`challenge`; `nonce` of a token). None where any will do.
    pub challenge: Option<&'a str>,
    /// For whom it must be (`domain`; `aud` of a token), each of them and nobody else. Empty where anybody will do.
    pub domains: &'a [&'a str],
}

/// A credential's proof, as it is handed to anybody.
impl Default for Expected<'_> {
    fn default() -> Self {
        Self {
            purposes: &[ASSERTION],
            challenge: None,
            domains: &[],
        }
    }
}

impl Expected<'static> {
    /// A presentation's proof, in answer to nothing and for nobody in particular.
    pub const PRESENTED: Self = Self {
        purposes: &[AUTHENTICATION, ASSERTION],
        challenge: None,
        domains: &[],
    };
}

impl Expected<'_> {
    /// Whether these are the domains that are expected.
    pub(crate) fn is_for(&self, stated: Option<&Value>) -> bool {
        if self.domains.is_empty() {
            return true;
        }
        let stated: Vec<&Value> = match stated {
            None => Vec::new(),
            Some(Value::Array(items)) => items.iter().collect(),
            Some(single) => vec![single],
        };
        let known = |one: &&Value| one.as_str().is_some_and(|one| self.domains.contains(&one));
        let named = |domain: &&str| stated.iter().any(|one| *one == domain);
        stated.iter().all(known) && self.domains.iter().all(named)
    }

    /// Whether a token's claims are what is expected. A token that is for somebody (`aud`) is for nobody else.
    ///
    /// # Errors
    /// The failed check.
    pub(crate) fn in_claims(&self, token: &Token) -> Result<(), Check> {
        let nonce = token.claims.get("nonce").and_then(Value::as_str);
        if self.challenge.is_some() && nonce != self.challenge {
            return Err(Check::failed(Code::ChallengeWrong, "claims/nonce"));
        }
        if !self.is_for(token.claims.get("aud")) {
            return Err(Check::failed(Code::DomainWrong, "claims/aud"));
        }
        Ok(())
    }
}
