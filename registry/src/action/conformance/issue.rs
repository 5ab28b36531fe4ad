//! `POST /credentials/issue`: signs the credential that is handed in, where the data model allows it.

use super::{Problem, Trial, limits, options, request};
use chrono::{DateTime, Utc};
use credential::{Sealing, conforms, seal_within, token};
use ed25519_dalek::Signer as _;
use schema::Code;
use serde_json::{Map, Value, json};

const NEWER: &str = "https://www.w3.org/ns/credentials/v2";
const OLDER: &str = "https://www.w3.org/2018/credentials/v1";
/// What the older data model's context does not define and a proof needs.
const INTEGRITY: &str = "https://w3id.org/security/data-integrity/v2";

/// A credential as it was issued.
#[derive(Debug, Clone, PartialEq)]
pub struct Issued {
    /// With its proof, or in an envelope.
    pub credential: Value,
    /// Whether the answer is to be the credential alone (`options.bare`).
    pub bare: bool,
}

/// Issues the credential of a request: with an `eddsa-rdfc-2022` proof, or, where `options.mediaType` is `application/vc+jwt`, as
/// a token in an envelope. Whoever it names as its issuer stays.
///
/// # Errors
/// What is wrong with the request or the credential.
pub fn issue(trial: &Trial, body: &[u8], at: DateTime<Utc>) -> Result<Issued, Problem> {
    let mut request = request(body)?;
    let options = options(&mut request)?;
    let Some(Value::Object(mut credential)) = request.remove("credential") else {
        return Err(Problem::new(Code::RequestInvalid, "/credential"));
    };
    let enveloped = match options.get("mediaType").map(Value::as_str) {
        None | Some(Some("application/vc")) => false,
        Some(Some("application/vc+jwt")) => true,
        Some(_) => return Err(Problem::new(Code::RequestInvalid, "/options/mediaType")),
    };
    let bare = match options.get("bare") {
        None => false,
        Some(Value::Bool(bare)) => *bare,
        Some(_) => return Err(Problem::new(Code::RequestInvalid, "/options/bare")),
    };
    let below = |problem: Problem| problem.below("/credential");
    conforms(&credential).map_err(|fault| below(fault.into()))?;
    if !enveloped {
        with_integrity(&mut credential);
    }
    let signer = |bytes: &[u8]| trial.key.sign(bytes).to_bytes();
    let sealing = Sealing {
        signer: &signer,
        method: &trial.method,
        kid: &trial.method,
        at,
    };
    // A token covers words that nothing defines; no credential of the data model has any.
    let sealed = seal_within(&credential, &sealing, &limits());
    let sealed = sealed.map_err(|fault| below(fault.into()))?;
    let credential = if enveloped {
        let token = token(&credential, "vc+jwt", &sealing);
        json!({
            "@context": NEWER,
            "id": format!("data:application/vc+jwt,{token}"),
            "type": "EnvelopedVerifiableCredential",
        })
    } else {
        sealed.into()
    };
    Ok(Issued { credential, bare })
}

/// Adds the context that a proof of the older data model needs.
fn with_integrity(credential: &mut Map<String, Value>) {
    if let Some(Value::Array(contexts)) = credential.get_mut("@context")
        && contexts.first().is_some_and(|first| first == OLDER)
        && !contexts.iter().any(|one| one == INTEGRITY)
    {
        contexts.push(INTEGRITY.into());
    }
}
