//! 1EdTech's samples, where their folder is there: each judged as its name says.

use crate::support::{at, samples};
use credential::{CheckName, Found, Handed, Judgement, NoLists, Outcome, Trust, outcome};
use proof::{Document, KeyRing, Limits, PublicKey};
use schema::Code;
use serde_json::Value;

/// The samples' issuers name their keys `ISSUER#MULTIKEY`. A controller that had published them so.
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

fn judged(name: &str, list: Option<&str>) -> Option<Judgement> {
    let bytes = samples(name)?;
    let handed =
        Handed::read(&bytes, &Limits::default()).unwrap_or_else(|fault| panic!("{name}: {fault}"));
    let mut ring = KeyRing::new();
    for source in std::iter::once(bytes).chain(list.and_then(samples)) {
        if let Ok(document) = Document::read(&source, &Limits::default()) {
            let credential = document.credential().clone();
            keys_of(&Value::Object(credential), &mut ring);
        }
    }
    let trust = |_: &str| Trust::Listed;
    let proved = handed.prove(&ring, &trust, at("2026-06-01T00:00:00Z"));
    let lists = |_: &str| match list.and_then(samples) {
        Some(bytes) => Found::Text(String::from_utf8(bytes).unwrap()),
        None => Found::Unreachable,
    };
    Some(if list.is_some() {
        proved.judge(&lists)
    } else {
        proved.judge(&NoLists)
    })
}

#[test]
fn each_is_judged_as_its_name_says() {
    let four = [
        CheckName::Issuer,
        CheckName::Proof,
        CheckName::Schema,
        CheckName::Validity,
    ];
    // File, the outcome without the lists, and the check that decides it.
    for (name, expected, decided_by) in [
        ("openbadges3/simple.json", Outcome::Passed, None),
        ("openbadges3/simple-json.png", Outcome::Passed, None),
        ("openbadges3/complete.json", Outcome::Passed, None),
        ("clr2/simple.json", Outcome::Passed, None),
        (
            "openbadges3/bitstring-credential-status-revoked.json",
            Outcome::Passed,
            None,
        ),
        // Its key is the document's own and proves nobody's identity.
        (
            "openbadges3/simple-jwt.svg",
            Outcome::NotChecked,
            Some((CheckName::Issuer, Code::IssuerNotEstablished)),
        ),
        // Of a draft: under a context of its own, and without an achievement.
        (
            "openbadges3/simple.jwt",
            Outcome::Failed,
            Some((CheckName::Schema, Code::SchemaInvalid)),
        ),
        // Drafts, too: one has no achievement, the other a context of its own.
        (
            "openbadges3/simple-noproof.json",
            Outcome::Failed,
            Some((CheckName::Proof, Code::ProofMissing)),
        ),
        (
            "clr2/simple-noproof.json",
            Outcome::Failed,
            Some((CheckName::Schema, Code::SchemaInvalid)),
        ),
        // Signed by a key that is not the issuer's.
        (
            "openbadges3/simple-did-key-method.json",
            Outcome::Failed,
            Some((CheckName::Issuer, Code::IssuerMismatch)),
        ),
        (
            "openbadges3/simple-err-expired.json",
            Outcome::Failed,
            Some((CheckName::Validity, Code::CredentialExpired)),
        ),
        (
            "openbadges3/simple-err-proof-value.json",
            Outcome::Failed,
            Some((CheckName::Proof, Code::ProofMismatch)),
        ),
        (
            "openbadges3/simple-err-type.json",
            Outcome::Failed,
            Some((CheckName::Schema, Code::SchemaInvalid)),
        ),
        ("openbadges3/bitstring-testlist.json", Outcome::Passed, None),
    ] {
        let Some(judgement) = judged(name, None) else {
            return;
        };
        assert_eq!(
            outcome(&judgement.checks, &four),
            expected,
            "{name} {judgement:?}"
        );
        if let Some((check, code)) = decided_by {
            assert_eq!(
                judgement.check(check).unwrap().code,
                code,
                "{name} {judgement:?}"
            );
        }
    }
}

#[test]
fn the_revoked_one_is_revoked_by_its_list() {
    let name = "openbadges3/bitstring-credential-status-revoked.json";
    let Some(judgement) = judged(name, Some("openbadges3/bitstring-testlist.json")) else {
        return;
    };
    let check = judgement.check(CheckName::Revocation).unwrap();
    assert_eq!(
        (check.result, check.code),
        (Outcome::Failed, Code::CredentialRevoked),
        "{judgement:?}"
    );
    let unreachable = judged(name, Some("openbadges3/no-such-file")).unwrap();
    let check = unreachable.check(CheckName::Revocation).unwrap();
    assert_eq!(check.code, Code::StatusListUnreachable);
}
