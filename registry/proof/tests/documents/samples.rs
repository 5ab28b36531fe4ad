//! The samples of 1EdTech's validator (Apache-2.0), where their folder is there: each judged as its name says.

use crate::fixtures::samples;
use chrono::{DateTime, Utc};
use proof::{Document, KeyRing, Limits, Outcome, PublicKey, Verification};
use schema::Code;
use serde_json::Value;

fn now() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-06-01T00:00:00Z")
        .unwrap()
        .to_utc()
}

/// The samples' issuers name their keys `ISSUER#MULTIKEY`. A controller that had published them so:
fn keys_of(value: &Value, ring: &mut KeyRing) {
    match value {
        Value::Object(members) => {
            let method = members.get("verificationMethod").and_then(Value::as_str);
            if let Some((controller, key)) = method.and_then(|method| method.split_once('#'))
                && let Some(public) = PublicKey::from_multikey(key)
                && !controller.starts_with("did:key:")
            {
                ring.add(controller, &format!("{controller}#{key}"), public);
            }
            members.values().for_each(|member| keys_of(member, ring));
        }
        Value::Array(items) => items.iter().for_each(|item| keys_of(item, ring)),
        _ => {}
    }
}

fn judge(name: &str) -> Option<Verification> {
    let bytes = samples(name)?;
    let document = Document::read(&bytes, &Limits::default())
        .unwrap_or_else(|fault| panic!("{name}: {fault}"));
    let mut ring = KeyRing::new();
    keys_of(&Value::Object(document.credential().clone()), &mut ring);
    Some(document.verify(&ring, now()))
}

#[test]
fn each_is_judged_as_its_name_says() {
    use Outcome::{Failed, NotChecked, Passed};
    for (name, proof, code, issuer, validity) in [
        (
            "openbadges3/simple.json",
            Passed,
            Code::ProofVerified,
            Passed,
            Code::CredentialCurrent,
        ),
        (
            "openbadges3/simple-json.png",
            Passed,
            Code::ProofVerified,
            Passed,
            Code::CredentialCurrent,
        ),
        (
            "openbadges3/complete.json",
            Passed,
            Code::ProofVerified,
            Passed,
            Code::CredentialCurrent,
        ),
        (
            "openbadges3/simple-did-key-method.json",
            Passed,
            Code::ProofVerified,
            Failed,
            Code::CredentialCurrent,
        ),
        (
            "openbadges3/simple-err-expired.json",
            Passed,
            Code::ProofVerified,
            Passed,
            Code::CredentialExpired,
        ),
        (
            "openbadges3/simple-err-proof-value.json",
            Failed,
            Code::ProofMismatch,
            NotChecked,
            Code::CredentialCurrent,
        ),
        (
            "openbadges3/simple-err-type.json",
            Failed,
            Code::TermUndefined,
            NotChecked,
            Code::CredentialCurrent,
        ),
        (
            "openbadges3/simple-noproof.json",
            NotChecked,
            Code::ProofMissing,
            NotChecked,
            Code::CredentialCurrent,
        ),
        (
            "openbadges3/simple.jwt",
            NotChecked,
            Code::KeyUnknown,
            NotChecked,
            Code::CredentialCurrent,
        ),
        (
            "openbadges3/simple-jwt.svg",
            Passed,
            Code::ProofVerified,
            NotChecked,
            Code::CredentialCurrent,
        ),
        (
            "openbadges3/bitstring-credential-status-revoked.json",
            Passed,
            Code::ProofVerified,
            Passed,
            Code::CredentialCurrent,
        ),
        (
            "openbadges3/bitstring-testlist.json",
            Passed,
            Code::ProofVerified,
            Passed,
            Code::CredentialCurrent,
        ),
        (
            "clr2/simple.json",
            Passed,
            Code::ProofVerified,
            Passed,
            Code::CredentialCurrent,
        ),
        (
            "clr2/simple-noproof.json",
            NotChecked,
            Code::ProofMissing,
            NotChecked,
            Code::CredentialCurrent,
        ),
    ] {
        let Some(judged) = judge(name) else { continue };
        println!(
            "{name}: {:?} {} | {:?} {} | {}",
            judged.proof.outcome,
            judged.proof.code,
            judged.issuer.outcome,
            judged.issuer.code,
            judged.validity.code
        );
        for inner in &judged.nested {
            println!(
                "   {}: {:?} {} at {}",
                inner.place, inner.proof.outcome, inner.proof.code, inner.proof.place
            );
        }
        assert_eq!(
            (judged.proof.outcome, judged.proof.code),
            (proof, code),
            "{name} {:?}",
            judged.proof
        );
        assert_eq!(judged.issuer.outcome, issuer, "{name}");
        assert_eq!(judged.validity.code, validity, "{name}");
    }
}
