//! W3C Data Integrity: what `eddsa-rdfc-2022` hashes, and checking a signature over it. Issuing hashes by
//! the same function.

use crate::canonical::Budget;
use crate::key::base58btc;
use crate::linked_data::{Allowance, Refusal, canonical};
use crate::{Fault, Limits, PublicKey};
use ed25519_dalek::{Signature, VerifyingKey};
use schema::Code;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// The cryptosuite that this crate knows.
pub const CRYPTOSUITE: &str = "eddsa-rdfc-2022";

/// The 64 bytes that an `eddsa-rdfc-2022` proof signs: the hash of the proof's own configuration, then the
/// hash of the credential. `proof` is the proof without `proofValue`; the credential's `proof` member is left out.
///
/// # Errors
/// The code that says why there is no canonical form, with a JSON pointer into the credential (into the proof:
/// below `/proof`).
pub fn signing_input(
    credential: &Map<String, Value>,
    proof: &Map<String, Value>,
    limits: &Limits,
) -> Result<[u8; 64], Fault> {
    signing_input_after(credential, &[], proof, limits)
}

/// [`signing_input`] of a proof that comes after others and covers them too (`previousProof`).
///
/// # Errors
/// As [`signing_input`].
pub fn signing_input_after(
    credential: &Map<String, Value>,
    previous: &[&Value],
    proof: &Map<String, Value>,
    limits: &Limits,
) -> Result<[u8; 64], Fault> {
    let mut allowance = Allowance::new(limits);
    let fault = |refusal: Refusal, below: &str| {
        Fault::new(refusal.code, format!("{below}{}", refusal.place))
    };
    let document = match previous {
        [] => document_hash(credential, &mut allowance),
        previous => chained_hash(credential, previous, &mut allowance),
    };
    let document = document.map_err(|refusal| fault(refusal, ""))?;
    let configuration = configuration_hash(credential, proof, &mut allowance)
        .map_err(|refusal| fault(refusal, "/proof"))?;
    Ok(join(&configuration, &document))
}

impl Allowance {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            statements: limits.statements,
            canonical: Budget {
                steps: limits.canonical_steps,
                blank_nodes: limits.blank_nodes,
            },
            own_contexts: limits.own_contexts,
        }
    }
}

/// The hash of the credential without its proofs.
pub(crate) fn document_hash(
    credential: &Map<String, Value>,
    allowance: &mut Allowance,
) -> Result<[u8; 32], Refusal> {
    let mut unsecured = credential.clone();
    unsecured.remove("proof");
    Ok(Sha256::digest(canonical(&unsecured, allowance)?).into())
}

/// The hash of the credential with the proofs that came before one, which that one covers too (Data Integrity 1.0, section 4.5).
pub(crate) fn chained_hash(
    credential: &Map<String, Value>,
    previous: &[&Value],
    allowance: &mut Allowance,
) -> Result<[u8; 32], Refusal> {
    let mut chained = credential.clone();
    let previous = previous.iter().map(|proof| (*proof).clone()).collect();
    chained.insert("proof".to_owned(), Value::Array(previous));
    Ok(Sha256::digest(canonical(&chained, allowance)?).into())
}

/// The hash of the proof's configuration, under the credential's contexts.
pub(crate) fn configuration_hash(
    credential: &Map<String, Value>,
    proof: &Map<String, Value>,
    allowance: &mut Allowance,
) -> Result<[u8; 32], Refusal> {
    let mut configuration = proof.clone();
    configuration.remove("proofValue");
    configuration.remove("@context");
    if let Some(context) = credential.get("@context") {
        configuration.insert("@context".to_owned(), context.clone());
    }
    Ok(Sha256::digest(canonical(&configuration, allowance)?).into())
}

/// The hashes in the order in which they are signed.
pub(crate) fn join(configuration: &[u8; 32], document: &[u8; 32]) -> [u8; 64] {
    let mut input = [0; 64];
    let (first, second) = input.split_at_mut(32);
    first.copy_from_slice(configuration);
    second.copy_from_slice(document);
    input
}

/// Checks `proofValue` over the signing input.
///
/// # Errors
/// `proof-malformed`, `algorithm-refused` (the key is of another kind), `proof-mismatch`.
pub(crate) fn check_signature(
    proof_value: &str,
    input: &[u8; 64],
    key: &PublicKey,
) -> Result<(), Code> {
    let PublicKey::Ed25519(key) = key else {
        return Err(Code::AlgorithmRefused);
    };
    let bytes = base58btc(proof_value).ok_or(Code::ProofMalformed)?;
    let signature: [u8; 64] = bytes.try_into().map_err(|_| Code::ProofMalformed)?;
    check_ed25519(input, &signature, key)
}

/// Checks an Ed25519 signature, strictly: weak keys and second forms of a signature are refused.
pub(crate) fn check_ed25519(
    message: &[u8],
    signature: &[u8; 64],
    key: &[u8; 32],
) -> Result<(), Code> {
    VerifyingKey::from_bytes(key)
        .and_then(|key| key.verify_strict(message, &Signature::from_bytes(signature)))
        .map_err(|_| Code::ProofMismatch)
}
