//! Documents that the tests sign themselves, as somebody else than the registry.

use credential::{did_key, method_of};
use ed25519_dalek::{Signer as _, SigningKey};
use proof::{Limits, signing_input_after};
use serde_json::{Value, json};

/// Somebody with a key.
pub(super) struct Somebody {
    pub(super) key: SigningKey,
    pub(super) did: String,
    pub(super) method: String,
}

impl Somebody {
    /// One who is known by the key.
    pub(super) fn new(seed: u8) -> Self {
        let key = SigningKey::from_bytes(&[seed; 32]);
        let did = did_key(&key.verifying_key().to_bytes());
        Self::known_as(seed, &did)
    }

    /// One who is known by another name.
    pub(super) fn known_as(seed: u8, did: &str) -> Self {
        let key = SigningKey::from_bytes(&[seed; 32]);
        Self {
            method: method_of(did, &key.verifying_key().to_bytes()),
            did: did.to_owned(),
            key,
        }
    }

    pub(super) fn public(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    /// A credential that says little, unsigned.
    pub(super) fn credential(&self) -> Value {
        json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiableCredential"],
            "issuer": self.did,
            "credentialSubject": {"id": "did:example:subject"},
        })
    }

    /// The document with a proof; `members` are put into the proof, or taken out of it where they are null, before it is signed.
    pub(super) fn signed(&self, document: &Value, members: &Value) -> Value {
        let proof = self.proof(document, members);
        let mut signed = document.clone();
        signed["proof"] = proof;
        signed
    }

    /// A proof of the document.
    pub(super) fn proof(&self, document: &Value, members: &Value) -> Value {
        self.proof_after(document, &json!([]), members)
    }

    /// A proof of the document and of the proofs before it.
    pub(super) fn proof_after(&self, document: &Value, before: &Value, members: &Value) -> Value {
        let mut proof = json!({
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": "2026-01-01T00:00:00Z",
            "verificationMethod": self.method,
            "proofPurpose": "assertionMethod",
        });
        let proof = proof.as_object_mut().unwrap();
        for (name, value) in members.as_object().into_iter().flatten() {
            proof.insert(name.clone(), value.clone());
            if value.is_null() {
                proof.remove(name);
            }
        }
        let limits = Limits {
            own_contexts: true,
            ..Limits::default()
        };
        let before: Vec<&Value> = before.as_array().unwrap().iter().collect();
        let document = document.as_object().unwrap();
        let input = signing_input_after(document, &before, proof, &limits).unwrap();
        let signature = self.key.sign(&input).to_bytes();
        let value = format!("z{}", bs58::encode(signature).into_string());
        proof.insert("proofValue".to_owned(), value.into());
        Value::Object(proof.clone())
    }

    /// A token of these claims.
    pub(super) fn token(&self, kind: &str, claims: &Value) -> String {
        use base64::Engine as _;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let header = json!({"alg": "EdDSA", "kid": self.method, "typ": kind});
        let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let input = format!("{}.{}", encoded(&header), encoded(claims));
        let signature = self.key.sign(input.as_bytes()).to_bytes();
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}
