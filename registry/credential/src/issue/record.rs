//! Several awards in one document.

use super::{CREDENTIALS, LEARNER_RECORD, OPEN_BADGES, members, profile, put, status};
use crate::{Holder, Issuer, Record};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

/// Signed Open Badges of one person as a `ClrCredential` (Comprehensive Learner Record 2.0), issued at `at`. Each keeps its
/// own proof: it can be taken out and shown alone.
#[must_use]
pub fn record(
    record: &Record,
    badges: &[Map<String, Value>],
    holder: &Holder,
    issuer: &Issuer,
    at: DateTime<Utc>,
) -> Map<String, Value> {
    // Whose it is the badges say: `identifier` means something else in the record's context than in theirs.
    let subject = json!({
        "id": holder.id,
        "type": ["ClrSubject"],
        "verifiableCredential": badges,
    });
    let mut credential = members(json!({
        "@context": [CREDENTIALS, LEARNER_RECORD, OPEN_BADGES],
        "id": record.id,
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Record of achievements",
        "issuer": profile(issuer),
        "validFrom": crate::seal::time(at),
        "awardedDate": crate::seal::time(at),
        "partial": record.partial,
        "credentialSubject": subject,
    }));
    put(
        &mut credential,
        "credentialStatus",
        record.status.as_ref().map(status),
    );
    credential
}

/// Signed credentials handed on together, with nobody's word around them: a presentation without a proof.
#[must_use]
pub fn presentation(credentials: &[Map<String, Value>]) -> Map<String, Value> {
    members(json!({
        "@context": [CREDENTIALS],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": credentials,
    }))
}
