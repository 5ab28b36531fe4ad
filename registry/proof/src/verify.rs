//! Judging a document: each credential for itself, and what its proofs come to together.

use crate::document::{Document, Part};
use crate::expected::Expected;
use crate::integrity::{chained_hash, document_hash};
use crate::judge::{Judge, Speaker, unmade};
use crate::linked_data::{Allowance, Refusal};
use crate::token::Token;
use crate::{Check, Keys, Limits, Outcome, ProofResult, Verification, claims};
use chrono::{DateTime, Utc};
use schema::Code;
use serde_json::{Map, Value};

impl Document {
    /// Checks every credential of the document with these keys, as of `now`. All of them together cost no
    /// more than the limits allow; what the allowance does not reach is `proof-too-costly`, not checked.
    #[must_use]
    pub fn verify(&self, keys: &dyn Keys, now: DateTime<Utc>) -> Verification {
        self.verify_expecting(keys, &Expected::default(), now)
    }

    /// [`Document::verify`], with what the proofs of the outermost credential must say beside.
    #[must_use]
    pub fn verify_expecting(
        &self,
        keys: &dyn Keys,
        expected: &Expected<'_>,
        now: DateTime<Utc>,
    ) -> Verification {
        let mut allowance = Allowance::new(&self.limits);
        let within = Expected::default();
        let mut judged = self.parts.iter().map(|part| {
            let expected = if part.place.is_empty() {
                expected
            } else {
                &within
            };
            self.verify_part(part, keys, expected, now, &mut allowance)
        });
        let mut outermost = judged.next().unwrap_or_else(|| nothing(""));
        outermost.nested = judged.collect();
        outermost
    }

    fn verify_part(
        &self,
        part: &Part,
        keys: &dyn Keys,
        expected: &Expected<'_>,
        now: DateTime<Utc>,
        allowance: &mut Allowance,
    ) -> Verification {
        let place = part.place.as_str();
        if let Err(fault) = &part.content {
            let mut verification = nothing(place);
            verification.proof = Check::failed(fault.code, place);
            return verification;
        }
        let Some((root, members)) = self.content(part) else {
            return nothing(place);
        };
        // A credential within a token's credential is not the token's: it has its own proofs.
        let own_root = part
            .content
            .as_ref()
            .is_ok_and(|(_, pointer)| pointer.is_empty());
        let token = root.token.as_ref().filter(|_| own_root);
        let judge = Judge {
            place,
            keys,
            now,
            expected,
            speaker: Speaker::Issuer,
        };
        judge.verification(members, token, &self.limits, allowance)
    }
}

impl Judge<'_> {
    /// What is found about one credential or presentation, signed as a whole by a token or by proofs within.
    pub(crate) fn verification(
        &self,
        members: &Map<String, Value>,
        token: Option<&Token>,
        limits: &Limits,
        allowance: &mut Allowance,
    ) -> Verification {
        let place = self.place;
        let mut proofs = Vec::new();
        if let Some(token) = token {
            proofs.push(self.token(token, members));
        }
        let signed = token.and_then(Token::stated).unwrap_or(members);
        proofs.extend(self.all_embedded(signed, limits, allowance));
        if token.is_some() {
            only_with_the_token(&mut proofs);
        }
        Verification {
            place: place.to_owned(),
            proof: overall(place, &proofs),
            issuer: issuer_of(place, &proofs),
            validity: claims::validity(place, members, token, self.now),
            proofs,
            nested: Vec::new(),
        }
    }

    /// The proofs that are members: a set, each for itself, or a chain, where one covers those before it too.
    fn all_embedded(
        &self,
        signed: &Map<String, Value>,
        limits: &Limits,
        allowance: &mut Allowance,
    ) -> Vec<ProofResult> {
        let place = self.place;
        let all: Vec<(String, &Value)> = match signed.get("proof") {
            None => Vec::new(),
            Some(Value::Array(items)) => items
                .iter()
                .enumerate()
                .map(|(number, proof)| (format!("{place}/proof/{number}"), proof))
                .collect(),
            Some(single) => vec![(format!("{place}/proof"), single)],
        };
        let mut document: Option<Result<[u8; 32], Refusal>> = None;
        let mut proofs = Vec::new();
        for (number, (at, proof)) in all.iter().enumerate() {
            if number >= limits.proofs {
                proofs.push(unmade(Check::not_checked(Code::ProofTooCostly, at)));
                break;
            }
            let previous = match previous(proof, &all) {
                Ok(previous) => previous,
                Err(()) => {
                    let at = format!("{at}/previousProof");
                    proofs.push(unmade(Check::failed(Code::ProofMalformed, at)));
                    continue;
                }
            };
            let mut hash = |allowance: &mut Allowance| match previous.as_slice() {
                [] => document
                    .get_or_insert_with(|| document_hash(signed, allowance))
                    .clone(),
                previous => chained_hash(signed, previous, allowance),
            };
            proofs.push(self.embedded(at, proof, signed, &mut hash, allowance));
        }
        proofs
    }
}

/// The proofs that one names as those before it (Data Integrity 1.0, section 4.5).
///
/// # Errors
/// It names none that is there, or not as the standard says.
fn previous<'a>(proof: &Value, all: &[(String, &'a Value)]) -> Result<Vec<&'a Value>, ()> {
    let names: Vec<&Value> = match proof.get("previousProof") {
        None => Vec::new(),
        Some(Value::Array(names)) if !names.is_empty() => names.iter().collect(),
        Some(Value::Array(_)) => return Err(()),
        Some(name) => vec![name],
    };
    let find = |name: &Value| {
        let mut found = all.iter().map(|(_, one)| *one);
        let found = found.find(|one| name.is_string() && one.get("id") == Some(name));
        found.ok_or(())
    };
    names.into_iter().map(find).collect()
}

/// Under a token the claims become members that a proof within does not cover: whom it is about, until when it
/// holds. What such a proof says counts only where the issuer signed the claims too.
fn only_with_the_token(proofs: &mut [ProofResult]) {
    let Some((token, within)) = proofs.split_first_mut() else {
        return;
    };
    let passed = |check: &Check| check.outcome == Outcome::Passed;
    if passed(&token.proof) && passed(&token.issuer) {
        return;
    }
    for proof in within.iter_mut().filter(|one| passed(&one.proof)) {
        let place = std::mem::take(&mut proof.proof.place);
        proof.proof = Check::not_checked(Code::ProofUnsupported, place);
    }
}

/// What is said of a credential before anything is known.
fn nothing(place: &str) -> Verification {
    Verification {
        place: place.to_owned(),
        proof: Check::not_checked(Code::ProofMissing, place),
        issuer: Check::not_checked(Code::IssuerNotEstablished, place),
        validity: Check::not_checked(Code::CredentialDatesInvalid, place),
        proofs: Vec::new(),
        nested: Vec::new(),
    }
}

/// Failed if any failed, else passed if any passed, else why the first could not be made.
fn overall(place: &str, proofs: &[ProofResult]) -> Check {
    let with = |outcome| {
        proofs
            .iter()
            .map(|proof| &proof.proof)
            .find(|check| check.outcome == outcome)
    };
    with(Outcome::Failed)
        .or_else(|| with(Outcome::Passed))
        .or_else(|| with(Outcome::NotChecked))
        .cloned()
        .unwrap_or_else(|| Check::not_checked(Code::ProofMissing, place))
}

/// The best issuer check among the proofs that passed.
fn issuer_of(place: &str, proofs: &[ProofResult]) -> Check {
    proofs
        .iter()
        .filter(|proof| proof.proof.outcome == Outcome::Passed)
        .map(|proof| &proof.issuer)
        .min_by_key(|check| match check.outcome {
            Outcome::Passed => 0,
            Outcome::Failed => 1,
            Outcome::NotChecked => 2,
        })
        .cloned()
        .unwrap_or_else(|| Check::not_checked(Code::IssuerNotEstablished, place))
}
