//! What is looked at in a document before any library reads it: its contexts, its keywords, and how its members are named.

use super::Refusal;
use crate::context::{hides_nothing, is_for_examples, is_known};
use crate::json::push_pointer;
use schema::Code;
use serde_json::{Map, Value};

/// Keywords that a document may write as they are. Everything else has an alias (`id`, `type`), or says
/// what RDF does not keep (`@index`, `@direction`), or could hide something from a reader of the JSON.
const KEYWORDS: [&str; 4] = ["@context", "@value", "@language", "@type"];

/// What is kept in mind while an object is looked at.
pub(super) struct Look {
    /// See [`crate::Limits::own_contexts`].
    pub(super) own_contexts: bool,
    /// Whether a value has the form of a keyword.
    pub(super) keyword_like: bool,
}

/// Looks at every context and keyword before any library does.
pub(super) fn inspect(
    object: &Map<String, Value>,
    place: &mut String,
    look: &mut Look,
) -> Result<(), Refusal> {
    for (name, value) in object {
        let length = place.len();
        push_pointer(place, name);
        if name == "@context" {
            contexts(value, place, look.own_contexts)?;
        } else if !is_plain(name, object, look.own_contexts)
            || name == "type" && !look.own_contexts && names_by_address(value)
        {
            return Err(Refusal::new(Code::TermUndefined, place.as_str()));
        } else {
            inspect_value(value, place, look)?;
        }
        place.truncate(length);
    }
    Ok(())
}

/// Whether a member is named as a reader of the JSON would look for it. JSON-LD knows more names for the same thing: its
/// address (`https://…#validUntil`), a prefix and a word, in some contexts the name of a class (`Criteria`
/// for `criteria`). A signed member renamed so would still be covered by the proof, and hidden from everybody.
fn is_plain(name: &str, object: &Map<String, Value>, own_contexts: bool) -> bool {
    if name == "@direction" {
        return own_contexts && object.contains_key("@value");
    }
    if name.starts_with('@') {
        // Without a value the others say nothing, and JSON-LD drops the object with the member that it stands for.
        let says = name == "@context" || object.contains_key("@value");
        return says && KEYWORDS.contains(&name);
    }
    !name.contains(':') && !name.starts_with(|first: char| first.is_ascii_uppercase())
}

/// Whether a type is named by its address, which hides it in the same way.
fn names_by_address(types: &Value) -> bool {
    let by_address = |name: &Value| name.as_str().is_some_and(|name| name.contains(':'));
    by_address(types)
        || types
            .as_array()
            .is_some_and(|types| types.iter().any(by_address))
}

fn inspect_value(value: &Value, place: &mut String, look: &mut Look) -> Result<(), Refusal> {
    match value {
        Value::Object(object) => inspect(object, place, look),
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                let length = place.len();
                push_pointer(place, &number.to_string());
                // JSON-LD takes a list in a list for one, which whoever reads the JSON does not.
                if item.is_array() {
                    return Err(Refusal::new(Code::LinkedDataInvalid, place.as_str()));
                }
                inspect_value(item, place, look)?;
                place.truncate(length);
            }
            Ok(())
        }
        Value::String(text) => {
            look.keyword_like |= is_keyword_like(text);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// A context is named by its address, one or several; `null` and inline contexts change what words mean.
fn contexts(value: &Value, place: &str, own: bool) -> Result<(), Refusal> {
    let one = |value: &Value, place: String| match value {
        Value::String(address) if is_known(address).is_some() => Ok(()),
        Value::String(address) if own && is_for_examples(address) => Ok(()),
        Value::Object(_) if own && hides_nothing(value) => Ok(()),
        Value::String(_) => Err(Refusal::new(Code::ContextUnknown, place)),
        _ => Err(Refusal::new(Code::ContextInline, place)),
    };
    match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(number, item)| one(item, format!("{place}/{number}"))),
        single => one(single, place.to_owned()),
    }
}

/// JSON-LD drops a value of the form of a keyword where it stands for an identifier.
pub(super) fn is_keyword_like(text: &str) -> bool {
    text.strip_prefix('@')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphabetic()))
}
