//! Whether a credential or presentation has the form that the Verifiable Credentials Data Model asks for, whatever it tells: version
//! 2.0 in whole, of version 1.1 what a proof does not find out by itself. What a standard on top of it asks for is looked at elsewhere.

use crate::judge::{enveloped, has_type, items};
use chrono::{DateTime, FixedOffset};
use proof::Fault;
use schema::Code;
use serde_json::{Map, Value};

/// The context that a document of version 2.0 names first.
pub(crate) const NEWER: &str = "https://www.w3.org/ns/credentials/v2";
/// The context that a document of version 1.1 names first.
pub(crate) const OLDER: &str = "https://www.w3.org/2018/credentials/v1";

/// Members whose objects say of what type they are.
const TYPED: [&str; 7] = [
    "credentialStatus",
    "credentialSchema",
    "termsOfUse",
    "evidence",
    "refreshService",
    "renderMethod",
    "confidenceMethod",
];

/// What is wrong stands at the place that comes back.
type Wrong = Result<(), String>;
/// Objects, each with its place.
type Placed<'a> = Vec<(String, &'a Map<String, Value>)>;

/// Holds a credential against the data model.
///
/// # Errors
/// [`Code::SchemaInvalid`] with the place of the first thing that is wrong; [`Code::CredentialDatesInvalid`] for a date.
pub fn conforms(credential: &Map<String, Value>) -> Result<(), Fault> {
    credential_of(credential).map_err(invalid)?;
    let newer = first_context(credential) == Some(NEWER);
    let (from, until) = match newer {
        true => ("validFrom", "validUntil"),
        false => ("issuanceDate", "expirationDate"),
    };
    let dates = |place: &str| fault(Code::CredentialDatesInvalid, place);
    if !newer && !credential.contains_key(from) {
        return Err(dates("/issuanceDate"));
    }
    let from = date(credential, from).map_err(|place| dates(&place))?;
    let ends = date(credential, until).map_err(|place| dates(&place))?;
    match (from, ends) {
        (Some(from), Some(ends)) if ends < from => Err(dates(&format!("/{until}"))),
        _ => Ok(()),
    }
}

/// Holds a presentation against the data model; of what is in it only that it is a credential, or an envelope around one.
///
/// # Errors
/// [`Code::SchemaInvalid`] with the place of the first thing that is wrong.
pub fn conforms_presentation(presentation: &Map<String, Value>) -> Result<(), Fault> {
    presentation_of(presentation).map_err(invalid)
}

/// The token of an enveloped credential.
///
/// # Errors
/// [`Code::SchemaInvalid`] with the place of what makes it no such envelope.
pub fn opened(members: &Map<String, Value>) -> Result<&str, Fault> {
    let is_one = has_type(members, "EnvelopedVerifiableCredential");
    holds(is_one, "/type").map_err(invalid)?;
    envelope_of(members, "").map_err(invalid)?;
    enveloped(members).ok_or_else(|| invalid("/id"))
}

/// Holds the envelope around a presentation against the data model.
///
/// # Errors
/// [`Code::SchemaInvalid`] with the place of the first thing that is wrong.
pub fn conforms_envelope(members: &Map<String, Value>) -> Result<(), Fault> {
    named(members, "").map_err(invalid)
}

fn fault(code: Code, place: &str) -> Fault {
    Fault {
        code,
        place: place.to_owned(),
    }
}

fn invalid(place: impl Into<String>) -> Fault {
    Fault {
        code: Code::SchemaInvalid,
        place: place.into(),
    }
}

fn holds(holds: bool, place: &str) -> Wrong {
    if holds { Ok(()) } else { Err(place.to_owned()) }
}

fn credential_of(credential: &Map<String, Value>) -> Wrong {
    contexts(credential)?;
    types(credential, "")?;
    holds(has_type(credential, "VerifiableCredential"), "/type")?;
    identifier(credential, "")?;
    language_values(credential, "")?;
    match credential.get("issuer") {
        Some(Value::String(issuer)) => holds(is_url(issuer), "/issuer")?,
        Some(Value::Object(issuer)) => {
            holds(issuer.contains_key("id"), "/issuer/id")?;
            identifier(issuer, "/issuer")?;
            language_values(issuer, "/issuer")?;
        }
        _ => return Err("/issuer".to_owned()),
    }
    each(credential, "credentialSubject", true, &|subject, place| {
        holds(!subject.is_empty(), place)?;
        identifier(subject, place)
    })?;
    for member in TYPED {
        each(credential, member, false, &|object, place| {
            types(object, place)?;
            identifier(object, place)?;
            let named = member != "credentialSchema" || object.contains_key("id");
            holds(named, &format!("{place}/id"))?;
            status(object, place)
        })?;
    }
    let mut resources = Vec::new();
    for (place, resource) in objects(credential, "relatedResource")? {
        let id = resource.get("id").and_then(Value::as_str);
        let id = id.filter(|id| is_url(id) && !resources.contains(id));
        resources.push(id.ok_or_else(|| format!("{place}/id"))?);
        let text = |name: &str| resource.get(name).is_some_and(Value::is_string);
        holds(text("digestSRI") || text("digestMultibase"), &place)?;
    }
    proofs(credential)
}

fn presentation_of(presentation: &Map<String, Value>) -> Wrong {
    contexts(presentation)?;
    types(presentation, "")?;
    holds(has_type(presentation, "VerifiablePresentation"), "/type")?;
    identifier(presentation, "")?;
    match presentation.get("holder") {
        None => {}
        Some(Value::String(holder)) => holds(is_url(holder), "/holder")?,
        Some(Value::Object(holder)) => {
            holds(holder.contains_key("id"), "/holder/id")?;
            identifier(holder, "/holder")?;
        }
        Some(_) => return Err("/holder".to_owned()),
    }
    let newer = first_context(presentation) == Some(NEWER);
    let held = presentation.get("verifiableCredential");
    for (number, held) in items(held).enumerate() {
        let place = format!("/verifiableCredential/{number}");
        match held {
            Value::Object(held) if has_type(held, "EnvelopedVerifiableCredential") => {
                envelope_of(held, &place)?;
            }
            Value::Object(held) => {
                let is_one = has_type(held, "VerifiableCredential");
                holds(is_one, &format!("{place}/type"))?;
            }
            // As version 1.1 had tokens.
            Value::String(_) => holds(!newer, &place)?,
            _ => return Err(place),
        }
    }
    proofs(presentation)
}

/// An envelope names the context that says what it is, and holds a token.
fn envelope_of(envelope: &Map<String, Value>, place: &str) -> Wrong {
    named(envelope, place)?;
    holds(enveloped(envelope).is_some(), &format!("{place}/id"))
}

fn named(envelope: &Map<String, Value>, place: &str) -> Wrong {
    let named = items(envelope.get("@context")).any(|context| context == NEWER);
    holds(named, &format!("{place}/@context"))
}

fn first_context(object: &Map<String, Value>) -> Option<&str> {
    object.get("@context")?.as_array()?.first()?.as_str()
}

/// An ordered set of addresses and contexts, the data model's first.
fn contexts(object: &Map<String, Value>) -> Wrong {
    let Some(Value::Array(contexts)) = object.get("@context") else {
        return Err("/@context".to_owned());
    };
    let first = first_context(object).is_some_and(|first| [NEWER, OLDER].contains(&first));
    holds(first, "/@context/0")?;
    for (number, context) in contexts.iter().enumerate() {
        let one = match context {
            Value::String(address) => is_url(address),
            other => other.is_object(),
        };
        holds(one, &format!("/@context/{number}"))?;
    }
    Ok(())
}

/// One word or address, or several.
fn types(object: &Map<String, Value>, place: &str) -> Wrong {
    let mut stated = items(object.get("type")).peekable();
    let word = |one: &Value| one.as_str().is_some_and(|word| !word.trim().is_empty());
    let holds_all = stated.peek().is_some() && stated.all(word);
    holds(holds_all, &format!("{place}/type"))
}

/// Where there is an identifier, it is one address.
fn identifier(object: &Map<String, Value>, place: &str) -> Wrong {
    let id = object.get("id");
    let is_one = id.is_none_or(|id| id.as_str().is_some_and(is_url));
    holds(is_one, &format!("{place}/id"))
}

/// Names and descriptions: a text, or texts that say their language.
fn language_values(object: &Map<String, Value>, place: &str) -> Wrong {
    for name in ["name", "description"] {
        let place = format!("{place}/{name}");
        let mut values = items(object.get(name));
        holds(values.all(is_language_value), &place)?;
    }
    Ok(())
}

fn is_language_value(value: &Value) -> bool {
    let Value::Object(members) = value else {
        return value.is_string();
    };
    let known = |(name, value): (&String, &Value)| {
        ["@value", "@language", "@direction"].contains(&name.as_str()) && value.is_string()
    };
    members.contains_key("@value") && members.iter().all(known)
}

/// What a Bitstring Status List's entry must say (version 1.0, section 2.1).
fn status(entry: &Map<String, Value>, place: &str) -> Wrong {
    if !has_type(entry, "BitstringStatusListEntry") {
        return Ok(());
    }
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    let index = text("statusListIndex");
    let counted = |index: &str| !index.is_empty() && index.bytes().all(|one| one.is_ascii_digit());
    for (name, is_there) in [
        ("statusPurpose", text("statusPurpose").is_some()),
        ("statusListIndex", index.is_some_and(counted)),
        (
            "statusListCredential",
            text("statusListCredential").is_some_and(is_url),
        ),
    ] {
        holds(is_there, &format!("{place}/{name}"))?;
    }
    Ok(())
}

/// Each proof is an object of some type.
fn proofs(object: &Map<String, Value>) -> Wrong {
    each(object, "proof", false, &|proof, place| types(proof, place))
}

/// Looks at each object of a member.
fn each(
    object: &Map<String, Value>,
    member: &str,
    required: bool,
    look: &dyn Fn(&Map<String, Value>, &str) -> Wrong,
) -> Wrong {
    let found = objects(object, member)?;
    holds(!(required && found.is_empty()), &format!("/{member}"))?;
    found.iter().try_for_each(|(place, one)| look(one, place))
}

/// The objects of a member, one or several, each with its place.
fn objects<'a>(object: &'a Map<String, Value>, member: &str) -> Result<Placed<'a>, String> {
    let value = object.get(member);
    let several = value.is_some_and(Value::is_array);
    let one = |(number, value): (usize, &'a Value)| {
        let place = match several {
            true => format!("/{member}/{number}"),
            false => format!("/{member}"),
        };
        match value {
            Value::Object(members) => Ok((place, members)),
            _ => Err(place),
        }
    };
    items(value).enumerate().map(one).collect()
}

/// A time with its zone, where there is one (XML Schema 1.1, `dateTimeStamp`).
///
/// # Errors
/// Its place, where it is something else.
fn date(
    object: &Map<String, Value>,
    member: &str,
) -> Result<Option<DateTime<FixedOffset>>, String> {
    let Some(value) = object.get(member) else {
        return Ok(None);
    };
    let stamp = |text: &str| {
        // Of what is read the standard allows neither small letters nor a blank.
        let plain = text
            .bytes()
            .all(|one| !one.is_ascii_lowercase() && one != b' ');
        DateTime::parse_from_rfc3339(text).ok().filter(|_| plain)
    };
    let found = value.as_str().and_then(stamp);
    found.map(Some).ok_or_else(|| format!("/{member}"))
}

/// An absolute address: a scheme, and something behind it that needs no escaping.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let mut letters = scheme.bytes();
    let named = letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|one| one.is_ascii_alphanumeric() || b"+-.".contains(&one));
    let plain =
        |one: char| !one.is_whitespace() && !one.is_control() && !"<>\"{}|\\^`".contains(one);
    named && !rest.is_empty() && rest.chars().all(plain)
}

#[cfg(test)]
mod tests;
