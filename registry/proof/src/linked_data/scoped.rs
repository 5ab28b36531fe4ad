//! Objects of several types whose contexts are scoped to the type (JSON-LD 1.1, section 4.1.8). The library applies
//! only the last type's scoped context; the standard says all, in code point order. Such a combination
//! gets a type of its own here, with all the scoped contexts, that means the same as the last.

use crate::context::{LOADABLE_VALUES, is_known};
use serde_json::{Map, Value, json};

/// How the names of combined types begin: after every letter in code point order, so that theirs is the
/// scoped context that counts.
const COMBINED: &str = "~combined-";

/// Rewrites the object's types and gives the context that defines the combined ones, if any was needed.
/// `None` where the document itself uses such a name.
pub(super) fn combine(object: &mut Map<String, Value>) -> Option<Value> {
    let mut combined = Combined {
        definitions: Map::new(),
        contexts: Vec::new(),
        clash: false,
    };
    combined.object(object);
    (!combined.clash).then_some(Value::Object(combined.definitions))
}

struct Combined {
    definitions: Map<String, Value>,
    /// The addresses of the contexts that are active, outermost first.
    contexts: Vec<&'static str>,
    clash: bool,
}

impl Combined {
    fn object(&mut self, object: &mut Map<String, Value>) {
        let outer = self.contexts.len();
        match object.get("@context") {
            Some(Value::Array(items)) => items.iter().for_each(|item| self.activate(item)),
            Some(single) => self.activate(single),
            None => {}
        }
        if let Some(Value::Array(types)) = object.get_mut("type") {
            self.types(types);
        }
        for (name, value) in object.iter_mut() {
            self.clash |= name.starts_with(COMBINED);
            if name != "@context" && name != "type" {
                self.value(value);
            }
        }
        self.contexts.truncate(outer);
    }

    fn value(&mut self, value: &mut Value) {
        match value {
            Value::Object(object) => self.object(object),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            _ => {}
        }
    }

    fn activate(&mut self, context: &Value) {
        if let Some(address) = context.as_str().and_then(is_known) {
            self.contexts.push(address);
        }
    }

    /// Where two types or more have scoped contexts, the last of them becomes the combination.
    fn types(&mut self, types: &mut [Value]) {
        self.clash |= types
            .iter()
            .any(|name| name.as_str().is_some_and(|name| name.starts_with(COMBINED)));
        let mut scoped: Vec<(String, &'static Value)> = types
            .iter()
            .filter_map(|name| {
                let definition = self.definition(name.as_str()?)?;
                definition.get("@context")?;
                Some((name.as_str()?.to_owned(), definition))
            })
            .collect();
        scoped.sort_by(|(left, _), (right, _)| left.cmp(right));
        scoped.dedup_by(|(left, _), (right, _)| left == right);
        let Some((last, definition)) = scoped.last().cloned() else {
            return;
        };
        if scoped.len() < 2 {
            return;
        }
        let contexts: Vec<&Value> = scoped
            .iter()
            .filter_map(|(_, definition)| definition.get("@context"))
            .collect();
        let meaning = json!({ "@id": definition.get("@id"), "@context": contexts });
        let known = self
            .definitions
            .iter()
            .find(|(_, known)| **known == meaning);
        let name = match known {
            Some((name, _)) => name.clone(),
            None => {
                let name = format!("{COMBINED}{}", self.definitions.len());
                self.definitions.insert(name.clone(), meaning);
                name
            }
        };
        for stated in types {
            if *stated == last {
                *stated = Value::String(name.clone());
            }
        }
    }

    /// What the innermost active context that knows the type says of it.
    fn definition(&self, name: &str) -> Option<&'static Value> {
        self.contexts
            .iter()
            .rev()
            .find_map(|address| LOADABLE_VALUES.get(address)?.get("@context")?.get(name))
    }
}
