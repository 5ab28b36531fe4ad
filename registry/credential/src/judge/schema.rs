//! Whether a credential has what its standard asks for: Open Badges 3.0, CLR 2.0 and Bitstring Status Lists, on the Verifiable
//! Credentials Data Model 1.1 or 2.0. A document is held against
//! the tables of their classes, and the first thing that is wrong is named by its place.

mod classes;

use super::{Check, CheckName, has_type, items};
use crate::model::{NEWER, OLDER};
use chrono::DateTime;
use classes::{COMMON, KINDS, LEARNER_RECORD, OPEN_BADGES, PROFILE};
use proof::Outcome;
use schema::{Code, parse_date};
use serde_json::{Map, Value};

/// What a member may hold.
enum Shape {
    /// A text, or texts by language.
    Text,
    /// A time with its zone.
    Time,
    /// A day.
    Day,
    Number,
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these words, or one of one's own, marked so: `ext:…`.
    Extensible(&'static [&'static str]),
    Object(&'static Class),
    /// An identifier, or the thing itself.
    Reference(&'static Class),
    /// A compact JWS.
    Token,
    /// A credential that is judged for itself.
    Credential,
}

/// A member of a class.
struct Member {
    name: &'static str,
    shape: Shape,
    required: bool,
    many: bool,
}

/// A class of a data model.
struct Class {
    /// The type that its objects name.
    kind: Option<&'static str>,
    members: &'static [Member],
    /// Whether it may have other members too.
    open: bool,
}

const fn member(name: &'static str, shape: Shape, required: bool, many: bool) -> Member {
    Member {
        name,
        shape,
        required,
        many,
    }
}
const fn must(name: &'static str, shape: Shape) -> Member {
    member(name, shape, true, false)
}
const fn may(name: &'static str, shape: Shape) -> Member {
    member(name, shape, false, false)
}
const fn any(name: &'static str, shape: Shape) -> Member {
    member(name, shape, false, true)
}
const fn some(name: &'static str, shape: Shape) -> Member {
    member(name, shape, true, true)
}
const fn open(kind: &'static str, members: &'static [Member]) -> Class {
    Class {
        kind: Some(kind),
        members,
        open: true,
    }
}
const fn closed(kind: &'static str, members: &'static [Member]) -> Class {
    Class {
        kind: Some(kind),
        members,
        open: false,
    }
}

use Shape::{
    Credential, Day, Extensible, Flag, Number, Object, Reference, Text, Time, Token, Word,
};

/// Holds a credential that stands at `place` against its standard.
pub(super) fn check(credential: &Map<String, Value>, place: &str) -> Check {
    let named = |context: &str| {
        items(credential.get("@context"))
            .filter_map(Value::as_str)
            .any(|one| one.starts_with(context))
    };
    let kind = KINDS
        .iter()
        .find(|(types, ..)| types.iter().any(|kind| has_type(credential, kind)));
    let (result, code, at) = match kind {
        Some((_, subject, contexts)) => match credential_of(credential, subject, contexts) {
            Ok(()) => (Outcome::Passed, Code::SchemaValid, String::new()),
            Err(at) => (Outcome::Failed, Code::SchemaInvalid, at),
        },
        // It uses the standard's words, and is nothing that the standard knows.
        None if named(OPEN_BADGES) || named(LEARNER_RECORD) => {
            (Outcome::Failed, Code::SchemaInvalid, "/type".to_owned())
        }
        None => (Outcome::NotChecked, Code::SchemaUnknown, "/type".to_owned()),
    };
    Check::new(CheckName::Schema, result, code, format!("{place}{at}"))
}

/// What is wrong stands at the place that comes back.
type Wrong = Result<(), String>;

fn credential_of(
    credential: &Map<String, Value>,
    subject: &'static Class,
    contexts: &[&str],
) -> Wrong {
    let stated: Vec<&str> = items(credential.get("@context"))
        .filter_map(Value::as_str)
        .collect();
    let newer = match stated.first() {
        Some(first) if *first == NEWER => true,
        Some(first) if *first == OLDER => false,
        _ => return Err("/@context".to_owned()),
    };
    let known = |context: &&str| stated.iter().any(|one| one.starts_with(*context));
    if !contexts.iter().all(known) {
        return Err("/@context".to_owned());
    }
    if !has_type(credential, "VerifiableCredential") {
        return Err("/type".to_owned());
    }
    // An identifier is asked for by Open Badges alone.
    if !contexts.is_empty() && credential.get("id").and_then(Value::as_str).is_none() {
        return Err("/id".to_owned());
    }
    let (from, until) = match newer {
        true => ("validFrom", "validUntil"),
        false => ("issuanceDate", "expirationDate"),
    };
    // Of before the dates were renamed: some write the new name under the older model.
    let from = match credential.contains_key(from) {
        false if !newer => "validFrom",
        _ => from,
    };
    let from_required = !contexts.is_empty();
    one(credential, &member(from, Time, from_required, false))?;
    one(credential, &may(until, Time))?;
    one(credential, &must("issuer", Reference(&PROFILE)))?;
    for member in COMMON {
        one(credential, member)?;
    }
    one(credential, &must("credentialSubject", Object(subject)))
}

/// Checks one member of an object.
fn one(object: &Map<String, Value>, member: &Member) -> Wrong {
    let place = || format!("/{}", member.name);
    match object.get(member.name) {
        None if member.required => Err(place()),
        None => Ok(()),
        Some(Value::Array(items)) if member.many => {
            if member.required && items.is_empty() {
                return Err(place());
            }
            for (number, item) in items.iter().enumerate() {
                value(item, &member.shape)
                    .map_err(|below| format!("/{}/{number}{below}", member.name))?;
            }
            Ok(())
        }
        Some(single) => {
            value(single, &member.shape).map_err(|below| format!("/{}{below}", member.name))
        }
    }
}

fn value(value: &Value, shape: &Shape) -> Wrong {
    let holds = |holds: bool| if holds { Ok(()) } else { Err(String::new()) };
    let text = value.as_str();
    match shape {
        Text => holds(is_text(value)),
        Time => holds(text.is_some_and(|text| DateTime::parse_from_rfc3339(text).is_ok())),
        Day => holds(text.is_some_and(|text| text.len() == 10 && parse_date(text).is_ok())),
        Number => holds(value.is_number()),
        Flag => holds(value.is_boolean()),
        Word(words) => holds(text.is_some_and(|text| words.contains(&text))),
        Extensible(words) => {
            holds(text.is_some_and(|text| words.contains(&text) || text.starts_with("ext:")))
        }
        Token => holds(text.is_some_and(|text| text.split('.').count() == 3)),
        Credential => holds(value.is_object() || value.is_string()),
        Reference(_) if text.is_some() => Ok(()),
        Reference(class) | Object(class) => match value {
            Value::Object(members) => object(members, class),
            _ => Err(String::new()),
        },
    }
}

/// A text, or texts by language.
fn is_text(value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        Value::Object(texts) => {
            !texts.is_empty()
                && texts
                    .iter()
                    .all(|(language, text)| text.is_string() && (2..=5).contains(&language.len()))
        }
        _ => false,
    }
}

fn object(members: &Map<String, Value>, class: &Class) -> Wrong {
    if class.kind.is_some_and(|kind| !has_type(members, kind)) {
        return Err("/type".to_owned());
    }
    for member in class.members {
        one(members, member)?;
    }
    let known =
        |name: &String| name == "type" || class.members.iter().any(|member| member.name == name);
    match members.keys().find(|name| !known(name)) {
        Some(unknown) if !class.open => Err(format!("/{unknown}")),
        _ => Ok(()),
    }
}
