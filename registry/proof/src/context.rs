//! The JSON-LD contexts that are compiled in. Nothing else is ever loaded. `contexts/README.md` says where
//! each file comes from.

use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::LazyLock;

macro_rules! contexts {
    ($($address:literal => $file:literal,)*) => {
        /// Address and text of each context.
        const CONTEXTS: &[(&str, &str)] = &[$(($address, include_str!(concat!("../contexts/", $file)))),*];
    };
}

contexts! {
    "https://www.w3.org/2018/credentials/v1" => "w3c/credentials-v1.jsonld",
    "https://www.w3.org/ns/credentials/v2" => "w3c/credentials-v2.jsonld",
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json" => "open-badges-context/ob-3.0.0.jsonld",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.0.json" => "open-badges-context/ob-3.0.0.jsonld",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json" => "open-badges-context/ob-3.0.1.jsonld",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json" => "open-badges-context/ob-3.0.2.jsonld",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json" => "1edtech/ob-3.0.3.jsonld",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json" => "open-badges-context/ob-extensions.jsonld",
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json" => "1edtech/clr-2.0.1.jsonld",
    "https://w3id.org/security/data-integrity/v1" => "security/data-integrity-v1.jsonld",
    "https://w3id.org/security/data-integrity/v2" => "security/data-integrity-v2.jsonld",
    "https://w3id.org/security/multikey/v1" => "security/multikey-v1.jsonld",
    "https://w3id.org/security/suites/ed25519-2020/v1" => "security/ed25519-signature-2020-v1.jsonld",
}

/// The W3C's context for examples, which defines every word (`@vocab`). It counts where [`crate::Limits::own_contexts`] says so.
const EXAMPLES: (&str, &str) = (
    "https://www.w3.org/ns/credentials/examples/v2",
    r#"{"@context":{"@vocab":"https://www.w3.org/ns/credentials/examples#"}}"#,
);

/// Whatever the contexts leave undefined expands to an identifier below this one, and is found there.
/// `.invalid` belongs to nobody (RFC 2606).
pub(crate) const UNDEFINED: &str = "https://undefined.invalid/";
/// Undefined members, types and words of a vocabulary.
pub(crate) const UNDEFINED_TERM: &str = "https://undefined.invalid/term#";
/// Relative identifiers.
pub(crate) const UNDEFINED_BASE: &str = "https://undefined.invalid/base/";

/// The contexts as they are read: where one of them clears all definitions
/// (`"@context": null`), the vocabulary of the undefined is put back, lest an undefined term vanish behind it.
pub(crate) static LOADABLE_VALUES: LazyLock<HashMap<&'static str, Value>> = LazyLock::new(|| {
    CONTEXTS
        .iter()
        .map(|(address, text)| {
            let mut context = serde_json::from_str::<Value>(text).unwrap_or_default();
            guard(&mut context);
            (*address, context)
        })
        .collect()
});

/// The same as texts, for the JSON-LD library.
pub(crate) static LOADABLE: LazyLock<HashMap<&'static str, Vec<u8>>> = LazyLock::new(|| {
    let contexts = LOADABLE_VALUES.iter();
    contexts
        .map(|(address, context)| (*address, context.to_string().into_bytes()))
        .collect()
});

fn guard(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name == "@context" && member.is_null() {
                    *member = json!([null, { "@vocab": UNDEFINED_TERM }]);
                } else {
                    guard(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(guard),
        _ => {}
    }
}

/// The address, if that context is compiled in.
pub(crate) fn is_known(address: &str) -> Option<&'static str> {
    CONTEXTS
        .iter()
        .map(|(known, _)| *known)
        .find(|known| *known == address)
}

/// Whether the address is that of the context for examples.
pub(crate) fn is_for_examples(address: &str) -> bool {
    address == EXAMPLES.0
}

/// The text of the context for examples, for the JSON-LD library.
pub(crate) fn load_for_examples(address: &str) -> Option<Vec<u8>> {
    let (examples, text) = EXAMPLES;
    (address == examples).then(|| text.as_bytes().to_vec())
}

/// Whether a context that a document brings can be taken without hiding anything: it imports none, moves no base, and
/// takes no word's meaning away.
pub(crate) fn hides_nothing(context: &Value) -> bool {
    match context {
        Value::Object(members) => members.iter().all(|(name, member)| match name.as_str() {
            "@import" | "@base" => false,
            "@vocab" | "@language" | "@direction" if member.is_null() => true,
            _ => !member.is_null() && hides_nothing(member),
        }),
        Value::Array(items) => items.iter().all(hides_nothing),
        _ => true,
    }
}

/// Puts the vocabulary of the undefined where a context that a document brings takes the vocabulary away.
pub(crate) fn watch(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name == "@vocab" && member.is_null() {
                    *member = UNDEFINED_TERM.into();
                } else {
                    watch(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(watch),
        _ => {}
    }
}

/// The addresses of the contexts that are compiled in.
pub fn known_contexts() -> impl Iterator<Item = &'static str> {
    CONTEXTS.iter().map(|(address, _)| *address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_context_is_json_with_a_context_and_defines_no_vocabulary() {
        for (address, text) in CONTEXTS {
            let context: Value = serde_json::from_str(text).unwrap();
            assert!(context.get("@context").is_some(), "{address}");
            // With a vocabulary of its own a context would define every word.
            assert!(!text.contains("\"@vocab\":"), "{address}");
            assert!(!text.contains("@import"), "{address}");
            assert!(LOADABLE_VALUES.contains_key(address), "{address}");
        }
    }
}
