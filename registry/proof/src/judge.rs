//! Judging the proofs of one credential or presentation, each for itself.

use crate::expected::{ASSERTION, Expected};
use crate::integrity::{CRYPTOSUITE, check_signature, configuration_hash, join};
use crate::key::{public_key, resolve};
use crate::linked_data::{Allowance, Refusal};
use crate::token::Token;
use crate::{
    Check, ConfiguredKey, KeySource, Keys, Outcome, ProofForm, ProofResult, PublicKey, claims,
};
use chrono::{DateTime, TimeDelta, Utc};
use schema::Code;
use serde_json::{Map, Value};

/// How far a clock elsewhere may be ahead of ours: when a proof says when it was made, and from when a credential holds.
pub(crate) const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(5);

/// The signature suite before Data Integrity that hashes in the same way.
const OLDER_SUITE: &str = "Ed25519Signature2020";

/// A proof of which nothing more is known.
pub(crate) fn unmade(proof: Check) -> ProofResult {
    let issuer = Check::not_checked(Code::IssuerNotEstablished, proof.place.clone());
    ProofResult {
        form: ProofForm::DataIntegrity(String::new()),
        method: None,
        controller: None,
        key_source: None,
        proof,
        issuer,
    }
}

/// A key with whose it is and where it came from.
struct Found {
    key: PublicKey,
    controller: Option<String>,
    source: KeySource,
    configured: Option<ConfiguredKey>,
}

impl From<ConfiguredKey> for Found {
    fn from(key: ConfiguredKey) -> Self {
        Self {
            key: key.key.clone(),
            controller: Some(key.controller.clone()),
            source: KeySource::Configured,
            configured: Some(key),
        }
    }
}

impl Found {
    /// Whether the key still counts for a signature said to be made at that time.
    fn is_valid(&self, made: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
        self.configured.as_ref().is_none_or(|key| {
            key.revoked.is_none_or(|revoked| now < revoked)
                && key
                    .expires
                    .is_none_or(|expires| made.unwrap_or(now) <= expires)
        })
    }
}

/// What is signed: who must have signed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speaker {
    /// A credential, by its `issuer`.
    Issuer,
    /// A presentation, by its `holder`.
    Holder,
}

/// Judges the proofs of one credential or presentation.
pub(crate) struct Judge<'a> {
    pub(crate) place: &'a str,
    pub(crate) keys: &'a dyn Keys,
    pub(crate) now: DateTime<Utc>,
    pub(crate) expected: &'a Expected<'a>,
    pub(crate) speaker: Speaker,
}

impl Judge<'_> {
    /// The key of a verification method: configured, or the method itself.
    fn find(&self, method: &str) -> Option<Found> {
        if let Some(key) = self.keys.find(method) {
            return Some(key.into());
        }
        let (controller, key) = resolve(method)?;
        Some(Found {
            key,
            controller: Some(controller),
            source: KeySource::DidKey,
            configured: None,
        })
    }

    /// The identifier of whoever the document names as the one who signed it.
    fn named<'m>(&self, members: &'m Map<String, Value>) -> Option<&'m str> {
        match self.speaker {
            Speaker::Issuer => claims::issuer(members),
            Speaker::Holder => claims::holder(members),
        }
    }

    fn issuer_check(&self, credential: &Map<String, Value>, controller: Option<&str>) -> Check {
        let member = match self.speaker {
            Speaker::Issuer => "issuer",
            Speaker::Holder => "holder",
        };
        let place = format!("{}/{member}", self.place);
        match (controller, self.named(credential)) {
            (Some(controller), Some(issuer)) if controller == issuer => {
                Check::passed(Code::IssuerEstablished, place)
            }
            (Some(_), Some(_)) => Check::failed(Code::IssuerMismatch, place),
            _ => Check::not_checked(Code::IssuerNotEstablished, place),
        }
    }

    /// Judges a proof that is a member of the credential. `document` gives the hash of all that it covers beside itself.
    pub(crate) fn embedded(
        &self,
        place: &str,
        proof: &Value,
        credential: &Map<String, Value>,
        document: &mut dyn FnMut(&mut Allowance) -> Result<[u8; 32], Refusal>,
        allowance: &mut Allowance,
    ) -> ProofResult {
        let Some(proof) = proof.as_object() else {
            return unmade(Check::failed(Code::ProofMalformed, place));
        };
        let text = |name: &str| proof.get(name).and_then(Value::as_str);
        let (Some(kind), suite) = (text("type"), text("cryptosuite")) else {
            return unmade(Check::failed(Code::ProofMalformed, format!("{place}/type")));
        };
        let form = ProofForm::DataIntegrity(
            if kind == "DataIntegrityProof" {
                suite.unwrap_or_default()
            } else {
                kind
            }
            .to_owned(),
        );
        let method = text("verificationMethod");
        let found = method.and_then(|method| self.find(method));
        let controller = found.as_ref().and_then(|found| found.controller.clone());
        let supported = match (kind, suite) {
            ("DataIntegrityProof", Some(suite)) => suite == CRYPTOSUITE,
            ("DataIntegrityProof", None) => {
                return ProofResult {
                    form,
                    ..unmade(Check::failed(
                        Code::ProofMalformed,
                        format!("{place}/cryptosuite"),
                    ))
                };
            }
            (kind, _) => kind == OLDER_SUITE,
        };
        let check = if !supported {
            Check::not_checked(Code::ProofUnsupported, place)
        } else {
            self.check_embedded(
                place,
                proof,
                credential,
                found.as_ref(),
                document,
                allowance,
            )
        };
        ProofResult {
            form,
            method: method.map(str::to_owned),
            issuer: self.issuer_check(credential, controller.as_deref()),
            controller,
            key_source: found.as_ref().map(|found| found.source),
            proof: check,
        }
    }

    fn check_embedded(
        &self,
        place: &str,
        proof: &Map<String, Value>,
        credential: &Map<String, Value>,
        found: Option<&Found>,
        document: &mut dyn FnMut(&mut Allowance) -> Result<[u8; 32], Refusal>,
        allowance: &mut Allowance,
    ) -> Check {
        let at = |name: &str| format!("{place}/{name}");
        let malformed = |name: &str| Check::failed(Code::ProofMalformed, at(name));
        let text = |name: &str| proof.get(name).and_then(Value::as_str);
        let (Some(value), Some(_)) = (text("proofValue"), text("verificationMethod")) else {
            return malformed(if text("proofValue").is_none() {
                "proofValue"
            } else {
                "verificationMethod"
            });
        };
        let purpose = text("proofPurpose");
        if !purpose.is_some_and(|purpose| self.expected.purposes.contains(&purpose)) {
            return Check::failed(Code::ProofPurposeWrong, at("proofPurpose"));
        }
        if let Some(challenge) = self.expected.challenge
            && text("challenge") != Some(challenge)
        {
            return Check::failed(Code::ChallengeWrong, at("challenge"));
        }
        if !self.expected.is_for(proof.get("domain")) {
            return Check::failed(Code::DomainWrong, at("domain"));
        }
        let time = |name: &str| match proof.get(name) {
            None => Ok(None),
            Some(value) => value
                .as_str()
                .and_then(|text| DateTime::parse_from_rfc3339(text).ok())
                .map(|time| Some(time.to_utc()))
                .ok_or(()),
        };
        let Ok(created) = time("created") else {
            return malformed("created");
        };
        let Ok(expires) = time("expires") else {
            return malformed("expires");
        };
        // Of the keys that are configured it is known that they may assert, and no more.
        let usable = found
            .filter(|found| purpose == Some(ASSERTION) || found.source != KeySource::Configured);
        let Some(found) = usable else {
            let method = text("verificationMethod").unwrap_or_default();
            let code = self.unknown(method);
            return Check::not_checked(code, at("verificationMethod"));
        };
        if let Some(subject) = claims::repeated_subject(credential) {
            return Check::failed(
                Code::LinkedDataInvalid,
                format!("{}/credentialSubject/{subject}", self.place),
            );
        }
        let input = match (
            document(allowance),
            configuration_hash(credential, proof, allowance),
        ) {
            (Ok(document), Ok(configuration)) => join(&configuration, &document),
            (Err(refusal), _) => return refused(&refusal, self.place),
            (_, Err(refusal)) => return refused(&refusal, place),
        };
        if let Err(code) = check_signature(value, &input, &found.key) {
            return Check::failed(code, place);
        }
        if created.is_some_and(|created| created > self.now + CLOCKS_DIFFER) {
            return Check::failed(Code::ProofNotYet, at("created"));
        }
        if expires.is_some_and(|expires| self.now > expires) {
            return Check::failed(Code::ProofExpired, at("expires"));
        }
        if !found.is_valid(created, self.now) {
            return Check::failed(Code::KeyNoLongerValid, at("verificationMethod"));
        }
        Check::passed(Code::ProofVerified, place)
    }

    /// Why no key of whoever controls that method is known.
    fn unknown(&self, method: &str) -> Code {
        let controller = method.split_once('#').map_or(method, |(before, _)| before);
        self.keys.why_unknown(controller)
    }

    /// Judges a JWT around the credential.
    pub(crate) fn token(&self, token: &Token, credential: &Map<String, Value>) -> ProofResult {
        let issuer = self.named(credential);
        let (check, found) = self.check_token(token, credential, issuer);
        let controller = found.as_ref().and_then(|found| found.controller.clone());
        ProofResult {
            form: ProofForm::Jwt(token.header_text("alg").unwrap_or_default().to_owned()),
            method: token.header_text("kid").map(str::to_owned),
            issuer: self.issuer_check(credential, controller.as_deref()),
            controller,
            key_source: found.as_ref().map(|found| found.source),
            proof: check,
        }
    }

    fn check_token(
        &self,
        token: &Token,
        credential: &Map<String, Value>,
        issuer: Option<&str>,
    ) -> (Check, Option<Found>) {
        let place = self.place;
        // An extension that must be understood is one that is not (RFC 7515, section 4.1.11).
        if token.header.contains_key("crit") {
            return (Check::failed(Code::ProofMalformed, "header/crit"), None);
        }
        let algorithm = match token.algorithm() {
            Ok(algorithm) => algorithm,
            Err(Code::ProofUnsupported) => {
                return (
                    Check::not_checked(Code::ProofUnsupported, "header/alg"),
                    None,
                );
            }
            Err(code) => return (Check::failed(code, "header/alg"), None),
        };
        if self.speaker == Speaker::Holder
            && let Err(check) = self.expected.in_claims(token)
        {
            return (check, None);
        }
        let mut candidates = self.token_keys(token, issuer);
        if self.speaker == Speaker::Holder {
            // Of the keys that are configured it is known that they may assert, and no more.
            candidates.retain(|found| found.source != KeySource::Configured);
        }
        if candidates.is_empty() {
            let code = self.unknown(issuer.unwrap_or_default());
            return (Check::not_checked(code, "header"), None);
        }
        let mut worst = Code::AlgorithmRefused;
        let mut only = None;
        let several = candidates.len() > 1;
        for found in candidates {
            match token.check(algorithm, &found.key) {
                Ok(()) => {
                    let contradiction = match self.speaker {
                        Speaker::Issuer => claims::contradiction(token, credential),
                        Speaker::Holder => claims::contradiction_of_holder(token, credential),
                    };
                    let check = if let Some(claim) = contradiction {
                        Check::failed(Code::ClaimsContradict, claim)
                    } else if found.is_valid(issued(token), self.now) {
                        Check::passed(Code::ProofVerified, place)
                    } else {
                        Check::failed(Code::KeyNoLongerValid, "header")
                    };
                    return (check, Some(found));
                }
                Err(Code::ProofMismatch) => worst = Code::ProofMismatch,
                Err(_) => {}
            }
            // Of several keys none is the one that failed.
            only = (!several).then_some(found);
        }
        let at = if worst == Code::AlgorithmRefused {
            "header/alg"
        } else {
            place
        };
        (Check::failed(worst, at), only)
    }

    /// The keys that may have signed a token: the one that `kid` names; else, where the header brings its key,
    /// that one, known or not; else every key of the issuer.
    fn token_keys(&self, token: &Token, issuer: Option<&str>) -> Vec<Found> {
        let own = issuer
            .map(|issuer| self.keys.controlled_by(issuer))
            .unwrap_or_default();
        if let Some(kid) = token.header_text("kid") {
            let below = issuer.map(|issuer| format!("{issuer}#{}", kid.trim_start_matches('#')));
            let found = self
                .find(kid)
                .or_else(|| below.and_then(|method| self.find(&method)));
            if let Some(found) = found {
                return vec![found];
            }
        }
        if let Some(jwk) = token.header.get("jwk") {
            let Some(key) = public_key(jwk) else {
                return Vec::new();
            };
            let known = own.into_iter().find(|known| known.key.is(&key));
            return vec![known.map_or(
                Found {
                    key,
                    controller: None,
                    source: KeySource::Embedded,
                    configured: None,
                },
                Found::from,
            )];
        }
        if token.header.contains_key("kid") {
            return Vec::new();
        }
        own.into_iter().map(Found::from).collect()
    }
}

/// When a token says that it was made.
fn issued(token: &Token) -> Option<DateTime<Utc>> {
    let seconds = token
        .claims
        .get("iat")
        .or_else(|| token.claims.get("nbf"))?
        .as_i64()?;
    DateTime::from_timestamp(seconds, 0)
}

/// A document that has no canonical form: not decided where we lack something, failed where it is wrong.
fn refused(refusal: &Refusal, below: &str) -> Check {
    let outcome = match refusal.code {
        Code::ContextUnknown | Code::ContextInline | Code::ProofTooCostly => Outcome::NotChecked,
        _ => Outcome::Failed,
    };
    Check::new(outcome, refusal.code, format!("{below}{}", refusal.place))
}
