//! What a credential says of itself: its issuer, its dates, and whether a token's claims say the same.

use crate::Check;
use crate::judge::CLOCKS_DIFFER;
use crate::token::Token;
use chrono::{DateTime, Utc};
use schema::Code;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// The issuer's identifier: `issuer` itself, or its `id`.
pub(crate) fn issuer(credential: &Map<String, Value>) -> Option<&str> {
    identifier(credential.get("issuer")?)
}

/// The holder's identifier: `holder` itself, or its `id`.
pub(crate) fn holder(presentation: &Map<String, Value>) -> Option<&str> {
    identifier(presentation.get("holder")?)
}

fn identifier(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Object(object) => object.get("id")?.as_str(),
        _ => None,
    }
}

/// The place of a subject that has the identifier of one before it. To RDF the two are one, so that what is
/// said of a subject elsewhere in the document could be shown as this credential's.
pub(crate) fn repeated_subject(credential: &Map<String, Value>) -> Option<usize> {
    let mut seen = HashSet::new();
    credential
        .get("credentialSubject")?
        .as_array()?
        .iter()
        .position(|subject| identifier(subject).is_some_and(|id| !seen.insert(id)))
}

/// Whether `type` names that type.
pub(crate) fn has_type(object: &Map<String, Value>, name: &str) -> bool {
    match object.get("type") {
        Some(Value::String(text)) => text == name,
        Some(Value::Array(items)) => items.iter().any(|item| item == name),
        _ => false,
    }
}

/// One of a credential's two dates under its newer or its older name.
///
/// # Errors
/// The place, where it is no time with a zone, or stands under both names.
fn date(
    credential: &Map<String, Value>,
    names: [&'static str; 2],
) -> Result<Option<DateTime<Utc>>, &'static str> {
    let mut found = None;
    for name in names {
        let Some(value) = credential.get(name) else {
            continue;
        };
        let time = value
            .as_str()
            .and_then(|text| DateTime::parse_from_rfc3339(text).ok())
            .ok_or(name)?;
        if found.replace(time.to_utc()).is_some() {
            return Err(name);
        }
    }
    Ok(found)
}

const FROM: [&str; 2] = ["validFrom", "issuanceDate"];
const UNTIL: [&str; 2] = ["validUntil", "expirationDate"];

/// A numeric date (RFC 7519): seconds, perhaps with a fraction.
fn numeric(claims: &Map<String, Value>, name: &str) -> Result<Option<DateTime<Utc>>, Code> {
    let Some(value) = claims.get(name) else {
        return Ok(None);
    };
    let seconds = value.as_f64().ok_or(Code::CredentialDatesInvalid)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "saturates; far beyond any date it is refused"
    )]
    let milliseconds = (seconds * 1000.0) as i64;
    DateTime::from_timestamp_millis(milliseconds)
        .map(Some)
        .ok_or(Code::CredentialDatesInvalid)
}

/// Is `now` within the credential's dates, and a token's? Both ends count as within; whoever issued may have had a clock
/// that is a little ahead of ours.
pub(crate) fn validity(
    place: &str,
    credential: &Map<String, Value>,
    token: Option<&Token>,
    now: DateTime<Utc>,
) -> Check {
    let invalid =
        |name: &str| Check::failed(Code::CredentialDatesInvalid, format!("{place}/{name}"));
    let (from, until) = match (date(credential, FROM), date(credential, UNTIL)) {
        (Ok(from), Ok(until)) => (from, until),
        (Err(name), _) | (_, Err(name)) => return invalid(name),
    };
    let name_of = |names: [&'static str; 2]| {
        names
            .into_iter()
            .find(|name| credential.contains_key(*name))
            .unwrap_or_default()
    };
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        return invalid(name_of(UNTIL));
    }
    if from.is_some_and(|from| now + CLOCKS_DIFFER < from) {
        return Check::failed(Code::CredentialNotYet, format!("{place}/{}", name_of(FROM)));
    }
    if until.is_some_and(|until| now > until) {
        return Check::failed(
            Code::CredentialExpired,
            format!("{place}/{}", name_of(UNTIL)),
        );
    }
    if let Some(token) = token {
        for (claim, late) in [("nbf", false), ("exp", true)] {
            let within = match numeric(&token.claims, claim) {
                Ok(None) => true,
                Ok(Some(time)) if late => now <= time,
                Ok(Some(time)) => now + CLOCKS_DIFFER >= time,
                Err(code) => return Check::failed(code, format!("claims/{claim}")),
            };
            if !within {
                let code = if late {
                    Code::CredentialExpired
                } else {
                    Code::CredentialNotYet
                };
                return Check::failed(code, format!("claims/{claim}"));
            }
        }
    }
    Check::passed(Code::CredentialCurrent, place)
}

/// The first claim of a token around a presentation that says something else than the presentation within.
pub(crate) fn contradiction_of_holder(
    token: &Token,
    presentation: &Map<String, Value>,
) -> Option<String> {
    let id = presentation.get("id").and_then(Value::as_str);
    let stated = [("iss", holder(presentation)), ("jti", id)];
    let differs = |claim: &str, stated: Option<&str>| {
        let claimed = token.claims.get(claim);
        claimed.is_some_and(|claimed| {
            !claimed.is_string() || stated.is_some_and(|stated| claimed != stated)
        })
    };
    let found = stated
        .into_iter()
        .find(|(claim, stated)| differs(claim, *stated));
    found.map(|(claim, _)| format!("claims/{claim}"))
}

/// The first claim of a token that says something else than the credential within: `iss` and `issuer`, `jti`
/// and `id`, `sub` and the one subject's `id`; of VC 1.1 also `nbf` and `exp` and their dates, to the second.
pub(crate) fn contradiction(token: &Token, credential: &Map<String, Value>) -> Option<String> {
    let subject = credential
        .get("credentialSubject")
        .and_then(|subject| match subject {
            Value::Array(items) => match items.as_slice() {
                [only] => identifier(only),
                _ => None,
            },
            single => identifier(single),
        });
    let id = credential.get("id").and_then(Value::as_str);
    for (claim, stated) in [("iss", issuer(credential)), ("jti", id), ("sub", subject)] {
        match (token.claims.get(claim), stated) {
            (None, _) => {}
            (Some(Value::String(claimed)), Some(stated)) if claimed == stated => {}
            // A token may name its subject or itself where the credential does not.
            (Some(Value::String(_)), None) if claim != "iss" => {}
            _ => return Some(format!("claims/{claim}")),
        }
    }
    if token.stated().is_some() {
        for (claim, names) in [("nbf", FROM), ("exp", UNTIL)] {
            let claimed = numeric(&token.claims, claim);
            let stated = date(credential, names);
            match (claimed, stated) {
                (Ok(Some(claimed)), Ok(Some(stated)))
                    if claimed.timestamp() != stated.timestamp() =>
                {
                    return Some(format!("claims/{claim}"));
                }
                (Err(_), _) => return Some(format!("claims/{claim}")),
                _ => {}
            }
        }
    }
    None
}
