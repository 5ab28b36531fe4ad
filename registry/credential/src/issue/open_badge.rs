//! Open Badges 3.0: one award.

use super::achievement;
use super::{CREDENTIALS, OPEN_BADGES, begins, ends, members, profile, put, status};
use crate::{Award, Holder, Issuer};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

/// An award as an `OpenBadgeCredential`, which is the shorter name of `AchievementCredential` and so the one that stands after
/// compaction (Open Badges 3.0, on Verifiable Credentials 2.0), issued at `at`. It holds from
/// the day of the award, or the first day of its validity where that is later.
#[must_use]
pub fn open_badge(
    award: &Award,
    holder: &Holder,
    issuer: &Issuer,
    at: DateTime<Utc>,
) -> Map<String, Value> {
    let from = award.valid_from.max(award.awarded_on);
    let mut badge = members(json!({
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": award.id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": award.title,
        "issuer": profile(issuer),
        "validFrom": from.map_or_else(|| crate::seal::time(at), begins),
        "credentialSubject": subject(award, holder, issuer),
    }));
    put(&mut badge, "awardedDate", award.awarded_on.map(begins));
    put(&mut badge, "validUntil", award.valid_until.map(ends));
    put(
        &mut badge,
        "credentialStatus",
        award.status.as_ref().map(status),
    );
    let evidence: Vec<Value> = award
        .evidence
        .iter()
        .map(|one| {
            let mut evidence = members(json!({"type": ["Evidence"], "name": one.name}));
            put(&mut evidence, "description", one.description.clone());
            evidence.into()
        })
        .collect();
    if !evidence.is_empty() {
        put(&mut badge, "evidence", Some(evidence));
    }
    badge
}

fn subject(award: &Award, holder: &Holder, issuer: &Issuer) -> Map<String, Value> {
    let mut subject = members(json!({
        "id": holder.id,
        "type": ["AchievementSubject"],
        "achievement": achievement::of(award, issuer),
    }));
    let identities = identities(holder);
    if !identities.is_empty() {
        put(&mut subject, "identifier", Some(identities));
    }
    put(&mut subject, "creditsEarned", award.credit);
    put(
        &mut subject,
        "activityStartDate",
        award.started_on.map(begins),
    );
    put(
        &mut subject,
        "licenseNumber",
        award.registration_number.clone(),
    );
    put(&mut subject, "narrative", achievement::narrative(award));
    let source = award.body.as_ref();
    let source = source.map(|body| achievement::of_body(body, issuer));
    put(&mut subject, "source", source);
    if let Some(grade) = &award.grade {
        let result = json!([{
            "type": ["Result"],
            "resultDescription": achievement::grade_description(award),
            "value": grade,
        }]);
        put(&mut subject, "result", Some(result));
    }
    subject
}

/// The holder's names, in the open: without them nobody could tell whose award is shown.
fn identities(holder: &Holder) -> Vec<Value> {
    let name = holder.name();
    let whole = (!name.is_empty()).then_some(name);
    let named = [
        ("name", whole.as_ref()),
        ("ext:givenName", holder.given_name.as_ref()),
        ("ext:familyName", holder.family_name.as_ref()),
    ];
    named
        .into_iter()
        .filter_map(|(kind, value)| {
            Some(json!({
                "type": "IdentityObject",
                "hashed": false,
                "identityType": kind,
                "identityHash": value?,
            }))
        })
        .collect()
}
