//! The compiled-in contexts, cut to the words that a document uses. The library copies every definition that is in force at each
//! object with a context of its own; of the hundreds that the contexts have a document uses some thirty. A definition whose
//! word stands neither in the document nor in another definition changes nothing of what comes out.

use crate::context::LOADABLE_VALUES;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// No word that a compiled-in context defines is longer, in bytes.
const LONGEST: usize = 128;

/// What the definitions themselves name, by itself or before a colon. It is always kept.
static NAMED: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let mut named = HashSet::new();
    for context in LOADABLE_VALUES.values() {
        collect(context, false, &mut named);
    }
    named
});

/// The words of a document; none where all shall count as used.
pub(super) struct Words<'a>(Option<HashSet<&'a str>>);

/// The words of this object.
pub(super) fn words_of(object: &Map<String, Value>) -> Words<'_> {
    let mut words = HashSet::new();
    members(object, true, &mut words);
    Words(Some(words))
}

/// Nothing is cut.
#[cfg(test)]
pub(super) fn every_word(_: &Map<String, Value>) -> Words<'_> {
    Words(None)
}

impl Words<'_> {
    /// The text of each context that the document, or another context, may load.
    pub(super) fn contexts(&self) -> HashMap<&'static str, Vec<u8>> {
        let loaded = LOADABLE_VALUES
            .iter()
            .filter(|(address, _)| self.uses(address));
        let text = |(address, document): (&&'static str, &Value)| {
            (*address, self.definition(document).to_string().into_bytes())
        };
        loaded.map(text).collect()
    }

    /// A context without the definitions that are not used.
    pub(super) fn context(&self, context: &Value) -> Value {
        match context {
            Value::Object(members) => {
                let used = members
                    .iter()
                    .filter(|(name, _)| name.starts_with('@') || self.uses(name));
                let kept = used.map(|(name, member)| (name.clone(), self.definition(member)));
                Value::Object(kept.collect())
            }
            Value::Array(items) => items.iter().map(|item| self.context(item)).collect(),
            other => other.clone(),
        }
    }

    /// A definition, or a document with a context, the context within it cut.
    fn definition(&self, value: &Value) -> Value {
        let Value::Object(members) = value else {
            return value.clone();
        };
        let cut = members.iter().map(|(name, member)| {
            let member = match name.as_str() {
                "@context" => self.context(member),
                _ => member.clone(),
            };
            (name.clone(), member)
        });
        Value::Object(cut.collect())
    }

    fn uses(&self, word: &str) -> bool {
        let words = self.0.as_ref();
        words.is_none_or(|words| words.contains(word) || NAMED.contains(word))
    }
}

/// Collects texts, and members' names where `names` says so; of a name only what stands before its colon otherwise.
fn collect<'a>(value: &'a Value, names: bool, words: &mut HashSet<&'a str>) {
    match value {
        Value::Object(object) => members(object, names, words),
        Value::Array(items) => items.iter().for_each(|item| collect(item, names, words)),
        Value::String(text) => word(text, true, words),
        _ => {}
    }
}

fn members<'a>(object: &'a Map<String, Value>, names: bool, words: &mut HashSet<&'a str>) {
    for (name, value) in object {
        word(name, names, words);
        collect(value, names, words);
    }
}

fn word<'a>(text: &'a str, whole: bool, words: &mut HashSet<&'a str>) {
    if whole && text.len() <= LONGEST {
        words.insert(text);
    }
    let prefix = text.split_once(':').map(|(prefix, _)| prefix);
    if let Some(prefix) = prefix.filter(|prefix| prefix.len() <= LONGEST) {
        words.insert(prefix);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_word_of_a_context_is_longer_than_is_looked_for() {
        fn longest(value: &Value) -> usize {
            match value {
                Value::Object(members) => {
                    let each = members
                        .iter()
                        .map(|(name, member)| name.len().max(longest(member)));
                    each.max().unwrap_or_default()
                }
                Value::Array(items) => items.iter().map(longest).max().unwrap_or_default(),
                _ => 0,
            }
        }
        assert!(LOADABLE_VALUES.values().map(longest).max() <= Some(LONGEST));
    }

    #[test]
    fn what_is_used_stays_with_what_it_is_made_of_and_the_rest_goes() {
        let document = json!({"@context": "https://www.w3.org/ns/credentials/v2", "type": "VerifiableCredential", "issuer": "urn:a"});
        let words = words_of(document.as_object().unwrap());
        let contexts = words.contexts();
        let text = &contexts["https://www.w3.org/ns/credentials/v2"];
        let context: Value = serde_json::from_slice(text).unwrap();
        let credential = &context["@context"]["VerifiableCredential"]["@context"];
        assert!(credential["issuer"].is_object());
        assert!(credential.get("evidence").is_none());
        assert_eq!(context["@context"]["@protected"], true);
        assert!(context["@context"].get("VerifiablePresentation").is_none());
        // A word before a colon, and one that definitions name.
        let words = json!({"a": "cred:b"});
        let words = words_of(words.as_object().unwrap());
        let context = json!({"cred": "urn:c#", "other": "urn:d#", "@vocab": "urn:v#"});
        let kept = json!({"cred": "urn:c#", "@vocab": "urn:v#"});
        assert_eq!(words.context(&context), kept);
    }
}
