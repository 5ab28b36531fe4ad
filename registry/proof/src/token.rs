//! A credential as a JWT (RFC 7515, 7519): taking it apart, and checking its signature with the algorithm
//! that the key is for and no other.

use crate::integrity::check_ed25519;
use crate::{Fault, Limits, PublicKey, json};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schema::Code;
use serde_json::{Map, Value};

/// Claims of the token that are no members of the credential.
const CLAIMS: [&str; 8] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf"];

/// Algorithms that are sound and not checked here.
const UNSUPPORTED: [&str; 8] = [
    "RS384", "RS512", "PS256", "PS384", "PS512", "ES384", "ES512", "ES256K",
];

/// A JWT taken apart.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) header: Map<String, Value>,
    pub(crate) claims: Map<String, Value>,
    /// What is signed: header and payload as they were sent.
    signed: String,
    signature: Vec<u8>,
}

/// What an algorithm's name means here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    EdDsa,
    Es256,
    Rs256,
}

impl Token {
    /// Takes a compact JWS apart; its parts are JSON objects, read strictly.
    pub(crate) fn parse(text: &str, limits: &Limits) -> Result<Self, Fault> {
        let unreadable = |place: &str| Fault::new(Code::CredentialTokenUnreadable, place);
        if text.len() > limits.document_bytes.saturating_mul(2) {
            return Err(Fault::new(Code::TooLarge, ""));
        }
        let mut parts = text.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(unreadable(""));
        };
        let object = |part: &str, place: &str| -> Result<Map<String, Value>, Fault> {
            let bytes = URL_SAFE_NO_PAD
                .decode(part)
                .map_err(|_| unreadable(place))?;
            match json::read(&bytes, limits) {
                Ok(Value::Object(object)) => Ok(object),
                Ok(_) => Err(unreadable(place)),
                Err(fault) if fault.code == Code::DocumentUnreadable => Err(unreadable(place)),
                Err(fault) => Err(Fault::new(fault.code, format!("{place}{}", fault.place))),
            }
        };
        Ok(Self {
            header: object(header, "header")?,
            claims: object(payload, "claims")?,
            signed: format!("{header}.{payload}"),
            signature: URL_SAFE_NO_PAD
                .decode(signature)
                .map_err(|_| unreadable("signature"))?,
        })
    }

    /// The text of a member of the header.
    pub(crate) fn header_text(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }

    /// The credential that the claims are: of VC 1.1 the claim `vc` with what the other claims say filled in,
    /// of VC 2.0 the claims themselves.
    pub(crate) fn credential(&self) -> Result<Map<String, Value>, Fault> {
        match (self.claims.get("vc"), self.claims.get("@context")) {
            (Some(Value::Object(credential)), None) => Ok(self.filled(credential.clone())),
            (None, Some(_)) => {
                let mut credential = self.claims.clone();
                for claim in CLAIMS {
                    credential.remove(claim);
                }
                Ok(credential)
            }
            _ => Err(Fault::new(Code::NotACredential, "claims")),
        }
    }

    /// The presentation that the claims are: the claim `vp` with its holder filled in, or, of VC 2.0, the claims themselves.
    pub(crate) fn presentation(&self) -> Result<Map<String, Value>, Fault> {
        let mut presentation = match (self.claims.get("vp"), self.claims.get("@context")) {
            (Some(Value::Object(presentation)), None) => presentation.clone(),
            (None, Some(_)) => {
                let mut presentation = self.claims.clone();
                for claim in CLAIMS.into_iter().chain(["nonce"]) {
                    presentation.remove(claim);
                }
                presentation
            }
            _ => return Err(Fault::new(Code::NotAPresentation, "claims")),
        };
        if let Some(Value::String(holder)) = self.claims.get("iss") {
            let stated = presentation.entry("holder");
            stated.or_insert_with(|| holder.as_str().into());
        }
        Ok(presentation)
    }

    /// The credential as the claim `vc` states it, which is what a proof within would be over.
    pub(crate) fn stated(&self) -> Option<&Map<String, Value>> {
        self.claims.get("vc").and_then(Value::as_object)
    }

    /// VC Data Model 1.1, section 6.3.1: what `iss`, `jti`, `sub`, `nbf`, `exp` say and `vc` leaves out.
    fn filled(&self, mut credential: Map<String, Value>) -> Map<String, Value> {
        let text = |name: &str| self.claims.get(name).and_then(Value::as_str);
        let time = |name: &str| {
            let seconds = self.claims.get(name)?.as_i64()?;
            let time = chrono::DateTime::from_timestamp(seconds, 0)?;
            Some(time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
        };
        let mut fill = |name: &str, value: Option<String>| {
            if let (None, Some(value)) = (credential.get(name), value) {
                credential.insert(name.to_owned(), value.into());
            }
        };
        fill("issuer", text("iss").map(str::to_owned));
        fill("id", text("jti").map(str::to_owned));
        fill("issuanceDate", time("nbf"));
        fill("expirationDate", time("exp"));
        if let (Some(Value::Object(subject)), Some(id)) =
            (credential.get_mut("credentialSubject"), text("sub"))
        {
            subject.entry("id").or_insert_with(|| id.into());
        }
        credential
    }

    /// The algorithm that the header names.
    ///
    /// # Errors
    /// `algorithm-refused` for none, a shared secret's or an unknown one; `proof-unsupported`.
    pub(crate) fn algorithm(&self) -> Result<Algorithm, Code> {
        match self.header_text("alg") {
            Some("EdDSA" | "Ed25519") => Ok(Algorithm::EdDsa),
            Some("ES256") => Ok(Algorithm::Es256),
            Some("RS256") => Ok(Algorithm::Rs256),
            Some(other) if UNSUPPORTED.contains(&other) => Err(Code::ProofUnsupported),
            _ => Err(Code::AlgorithmRefused),
        }
    }

    /// Checks the signature; the algorithm must be the key's.
    ///
    /// # Errors
    /// `algorithm-refused`, `proof-mismatch`.
    pub(crate) fn check(&self, algorithm: Algorithm, key: &PublicKey) -> Result<(), Code> {
        let message = self.signed.as_bytes();
        let result = match (algorithm, key) {
            (Algorithm::EdDsa, PublicKey::Ed25519(key)) => {
                let signature: [u8; 64] = self
                    .signature
                    .as_slice()
                    .try_into()
                    .map_err(|_| Code::ProofMismatch)?;
                return check_ed25519(message, &signature, key);
            }
            (Algorithm::Es256, PublicKey::P256(point)) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                    .verify(message, &self.signature)
            }
            (Algorithm::Rs256, PublicKey::Rsa { modulus, exponent }) => RsaPublicKeyComponents {
                n: modulus.as_slice(),
                e: exponent.as_slice(),
            }
            .verify(&RSA_PKCS1_2048_8192_SHA256, message, &self.signature),
            _ => return Err(Code::AlgorithmRefused),
        };
        result.map_err(|_| Code::ProofMismatch)
    }
}
