//! From plain data to credentials without a proof.

mod achievement;
mod learning_model;
mod open_badge;
mod record;

#[cfg(feature = "pdf")]
pub(crate) use achievement::{level_name, narrative};
pub use learning_model::learning_model;
pub use open_badge::open_badge;
pub use record::{presentation, record};

use crate::{Bits, Entry, Issuer, Purpose};
use chrono::{DateTime, TimeDelta, Utc};
use schema::Date;
use serde_json::{Map, Value, json};

/// The Verifiable Credentials Data Model 2.0.
pub(crate) const CREDENTIALS: &str = "https://www.w3.org/ns/credentials/v2";
/// Open Badges 3.0.
pub(crate) const OPEN_BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
/// Comprehensive Learner Record 2.0.
pub(crate) const LEARNER_RECORD: &str =
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json";

/// An object's members.
pub(crate) fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Adds a member where there is a value for it.
pub(crate) fn put(to: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        to.insert(name.to_owned(), value.into());
    }
}

/// The beginning of a day.
pub(crate) fn begins(day: Date) -> String {
    format!("{day}T00:00:00Z")
}

/// The end of a day.
pub(crate) fn ends(day: Date) -> String {
    format!("{day}T23:59:59Z")
}

/// Who issues, as a profile of Open Badges.
fn profile(issuer: &Issuer) -> Value {
    json!({"id": issuer.id, "type": ["Profile"], "name": issuer.name, "url": issuer.address})
}

/// Where it is told whether a credential holds. Open Badges allows one such entry and no more.
fn status(entry: &Entry) -> Value {
    json!({
        "id": format!("{}#{}", entry.list, entry.index),
        "type": "BitstringStatusListEntry",
        "statusPurpose": entry.purpose.as_str(),
        "statusListIndex": entry.index.to_string(),
        "statusListCredential": entry.list,
    })
}

/// A status list as a credential: at that address, as it was at `at`, to be fetched again after `lasts`.
#[must_use]
pub fn list(
    issuer: &Issuer,
    address: &str,
    purpose: Purpose,
    bits: &Bits,
    at: DateTime<Utc>,
    lasts: TimeDelta,
) -> Map<String, Value> {
    members(json!({
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.id,
        "validFrom": crate::seal::time(at),
        "validUntil": crate::seal::time(at + lasts),
        "credentialSubject": {
            "id": format!("{address}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": purpose.as_str(),
            "encodedList": bits.encode(),
        },
    }))
}
