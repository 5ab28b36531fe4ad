//! What checking said, in the words of the record.

use proof::{Check, KeySource, Outcome, ProofForm, ProofResult, Verification};
use sdk::{Proof, ProofCheck};

/// The longest identifier of a key that is told, in characters.
const LONGEST: usize = 1000;

/// What checking one credential said, proof by proof. Where it has no proof, or none could be looked at, one
/// entry says so.
pub(crate) fn of(verification: &Verification) -> Vec<Proof> {
    if verification.proofs.is_empty() {
        return vec![Proof {
            path: verification.place.clone(),
            checks: vec![check("proof", &verification.proof)],
            ..Proof::default()
        }];
    }
    let place = &verification.place;
    verification
        .proofs
        .iter()
        .map(|proof| told(place, proof))
        .collect()
}

fn told(place: &str, result: &ProofResult) -> Proof {
    let (form, suite) = match &result.form {
        ProofForm::DataIntegrity(suite) => ("data-integrity", suite),
        ProofForm::Jwt(algorithm) => ("jwt", algorithm),
    };
    let source = match result.key_source {
        None => "",
        Some(KeySource::Configured) => "configured",
        Some(KeySource::DidKey) => "did-key",
        Some(KeySource::Embedded) => "embedded",
    };
    Proof {
        path: place.to_owned(),
        form: form.to_owned(),
        suite: short(suite),
        method: short(result.method.as_deref().unwrap_or_default()),
        controller: short(result.controller.as_deref().unwrap_or_default()),
        key_source: source.to_owned(),
        checks: vec![
            check("proof", &result.proof),
            check("issuer", &result.issuer),
        ],
    }
}

fn check(name: &str, check: &Check) -> ProofCheck {
    let result = match check.outcome {
        Outcome::Passed => "passed",
        Outcome::Failed => "failed",
        Outcome::NotChecked => "not-checked",
    };
    ProofCheck {
        name: name.to_owned(),
        result: result.to_owned(),
        code: check.code.as_str().to_owned(),
    }
}

fn short(text: &str) -> String {
    let kept = text.chars().nth(LONGEST).is_none() && !text.chars().any(char::is_control);
    if kept { text.to_owned() } else { String::new() }
}
