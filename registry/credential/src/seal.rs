//! From a credential to a document: the one place where the bytes of a credential are made.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SecondsFormat, Utc};
use proof::{CRYPTOSUITE, Fault, Limits, signing_input};
use serde_json::{Map, Value, json};

/// Signs with an Ed25519 key that stays where it is.
pub trait Signer {
    /// The signature of these bytes.
    fn sign(&self, bytes: &[u8]) -> [u8; 64];
}

impl<F: Fn(&[u8]) -> [u8; 64]> Signer for F {
    fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self(bytes)
    }
}

/// With which key a document is signed, and when.
#[derive(Clone, Copy)]
pub struct Sealing<'a> {
    /// The key.
    pub signer: &'a dyn Signer,
    /// The key's verification method for Data Integrity, as the issuer's document has it.
    pub method: &'a str,
    /// The key's name for tokens: its verification method that is a JWK.
    pub kid: &'a str,
    /// The time of the signature.
    pub at: DateTime<Utc>,
}

/// The two forms in which a credential is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// JSON with a member `proof`.
    DataIntegrity,
    /// A JWT, whose claims are the credential's members.
    Token,
}

/// The credential as a document with an `eddsa-rdfc-2022` proof.
///
/// # Errors
/// A [`Fault`] where the credential has no canonical form: it uses what its contexts do not define.
pub fn seal(
    credential: &Map<String, Value>,
    sealing: &Sealing<'_>,
) -> Result<Map<String, Value>, Fault> {
    seal_within(credential, sealing, &Limits::default())
}

/// [`seal()`] within other limits. A proof that is there already stays, in a set with the new one.
///
/// # Errors
/// As [`seal()`].
pub fn seal_within(
    credential: &Map<String, Value>,
    sealing: &Sealing<'_>,
    limits: &Limits,
) -> Result<Map<String, Value>, Fault> {
    let mut proof = Map::new();
    for (name, value) in [
        ("type", "DataIntegrityProof"),
        ("cryptosuite", CRYPTOSUITE),
        ("created", &time(sealing.at)),
        ("verificationMethod", sealing.method),
        ("proofPurpose", "assertionMethod"),
    ] {
        proof.insert(name.to_owned(), value.into());
    }
    let input = signing_input(credential, &proof, limits)?;
    let signature = sealing.signer.sign(&input);
    let value = format!("z{}", bs58::encode(signature).into_string());
    proof.insert("proofValue".to_owned(), value.into());
    let mut document = credential.clone();
    let proof = match document.remove("proof") {
        None => Value::Object(proof),
        Some(Value::Array(mut proofs)) => {
            proofs.push(proof.into());
            Value::Array(proofs)
        }
        Some(before) => Value::Array(vec![before, proof.into()]),
    };
    document.insert("proof".to_owned(), proof);
    Ok(document)
}

/// The credential as a JWT (Securing Verifiable Credentials using JOSE, and Open Badges 3.0, section 8.2): the claims are its
/// members, and beside them `iss`, `sub`, `jti`, `nbf`, `exp` and `iat`; there is no claim `vc`. `kind` is the
/// header's `typ`.
#[must_use]
pub fn token(credential: &Map<String, Value>, kind: &str, sealing: &Sealing<'_>) -> String {
    let header = json!({"alg": "EdDSA", "kid": sealing.kid, "typ": kind});
    let mut claims = credential.clone();
    let identifier = |name: &str| {
        let value = credential.get(name)?;
        let id = value.get("id").unwrap_or(value);
        id.as_str().map(Value::from)
    };
    let seconds = |name: &str| {
        let stated = credential.get(name)?.as_str()?;
        let time = DateTime::parse_from_rfc3339(stated).ok()?;
        Some(Value::from(time.timestamp()))
    };
    for (claim, value) in [
        ("iss", identifier("issuer")),
        ("sub", identifier("credentialSubject")),
        ("jti", identifier("id")),
        ("nbf", seconds("validFrom")),
        ("exp", seconds("validUntil")),
        ("iat", Some(sealing.at.timestamp().into())),
    ] {
        if let Some(value) = value {
            claims.insert(claim.to_owned(), value);
        }
    }
    let encoded = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let mut token = format!("{}.{}", encoded(header), encoded(Value::Object(claims)));
    let signature = sealing.signer.sign(token.as_bytes());
    token.push('.');
    token.push_str(&URL_SAFE_NO_PAD.encode(signature));
    token
}

/// A document as it is handed out: readable, and the same each time.
#[must_use]
pub fn bytes(document: &Map<String, Value>) -> String {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}

/// A time as credentials write it: UTC, whole seconds.
pub(crate) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
