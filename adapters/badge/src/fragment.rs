//! Keys that stand in the address that names them: `https://body.example/issuers/1#z6Mk…`. Such a key says, as
//! one in a JWT's header does, whether anything was changed since somebody signed; it says nothing of who.

use chrono::{DateTime, Utc};
use proof::{Check, ConfiguredKey, Document, KeySource, Keys, Outcome, PublicKey, Verification};

/// The keys of fragments.
struct Fragments;

impl Keys for Fragments {
    fn find(&self, method: &str) -> Option<ConfiguredKey> {
        let (_, fragment) = method.split_once('#')?;
        Some(ConfiguredKey {
            method: method.to_owned(),
            // Nobody's: no issuer has an empty identifier.
            controller: String::new(),
            key: PublicKey::from_multikey(fragment)?,
            expires: None,
            revoked: None,
        })
    }

    fn controlled_by(&self, _: &str) -> Vec<ConfiguredKey> {
        Vec::new()
    }
}

/// Looks again at the proofs whose key was not known, with the keys of fragments.
pub(crate) fn look_again(document: &Document, found: &mut Verification, now: DateTime<Utc>) {
    let waits = |one: &Verification| one.proofs.iter().any(waiting);
    if !waits(found) && !found.nested.iter().any(waits) {
        return;
    }
    let again = document.verify(&Fragments, now);
    join(found, &again);
    for (inner, again) in found.nested.iter_mut().zip(&again.nested) {
        join(inner, again);
    }
}

/// The proof was not made for want of its key, which its method names.
fn waiting(proof: &proof::ProofResult) -> bool {
    proof.key_source.is_none()
        && proof.proof.outcome == Outcome::NotChecked
        && proof
            .method
            .as_deref()
            .is_some_and(|method| Fragments.find(method).is_some())
}

fn join(found: &mut Verification, again: &Verification) {
    for (proof, again) in found.proofs.iter_mut().zip(&again.proofs) {
        if waiting(proof) && again.key_source == Some(KeySource::Configured) {
            proof.proof = again.proof.clone();
            proof.key_source = Some(KeySource::Embedded);
        }
    }
    if let Some(check) = overall(found) {
        found.proof = check;
    }
}

/// Failed if any failed, else passed if any passed, else why the first could not be made.
fn overall(found: &Verification) -> Option<Check> {
    [Outcome::Failed, Outcome::Passed, Outcome::NotChecked]
        .into_iter()
        .find_map(|outcome| {
            let mut checks = found.proofs.iter().map(|proof| &proof.proof);
            checks.find(|check| check.outcome == outcome)
        })
        .cloned()
}
