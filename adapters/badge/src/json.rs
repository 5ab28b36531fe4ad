//! Small readings of JSON-LD: one value or several, texts in one language or several.

use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// An object's members.
pub type Object = Map<String, Value>;

/// One value, or the values of a list.
pub fn items(value: Option<&Value>) -> &[Value] {
    match value {
        None | Some(Value::Null) => &[],
        Some(Value::Array(items)) => items,
        Some(single) => std::slice::from_ref(single),
    }
}

/// Whether `type` names one of these types.
#[must_use]
pub fn has_type(object: &Object, names: &[&str]) -> bool {
    let types = items(object.get("type").or_else(|| object.get("@type")));
    types
        .iter()
        .filter_map(Value::as_str)
        .any(|one| names.contains(&one))
}

/// The text of a member; empty where there is none. Of several languages English, else Welsh, else the one
/// without a language, else the first by its tag; empty where one language has several, of which none goes first: a
/// list has no order that a proof would cover.
#[must_use]
pub fn text(object: &Object, name: &str) -> String {
    let found = tagged(object, name);
    let of = |wanted: &str| {
        let primary = |language: &str| language.split('-').next() == Some(wanted);
        found.iter().find(|(language, _)| primary(language))
    };
    of("en")
        .or_else(|| of("cy"))
        .or_else(|| of(""))
        .or_else(|| found.first_key_value())
        .and_then(|(_, texts)| only(texts))
        .unwrap_or_default()
}

/// Every text of a member, in whatever language.
pub(crate) fn texts(object: &Object, name: &str) -> BTreeSet<String> {
    tagged(object, name).into_values().flatten().collect()
}

/// The one value; none where there are several.
pub(crate) fn only<T: Clone + Ord>(values: &BTreeSet<T>) -> Option<T> {
    match values.len() {
        1 => values.first().cloned(),
        _ => None,
    }
}

/// The texts of a member by their language.
fn tagged(object: &Object, name: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = Vec::new();
    for value in items(object.get(name)) {
        match value {
            Value::String(text) => found.push((String::new(), text.clone())),
            Value::Number(number) => found.push((String::new(), number.to_string())),
            Value::Object(map) => languages(map, &mut found),
            _ => {}
        }
    }
    let mut tagged: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (language, text) in found {
        let text = text.trim().to_owned();
        tagged.entry(language).or_default().insert(text);
    }
    tagged
}

/// A language-tagged value, or a map of languages.
fn languages(map: &Object, found: &mut Vec<(String, String)>) {
    if let Some(text) = map.get("@value").and_then(Value::as_str) {
        let language = map
            .get("@language")
            .and_then(Value::as_str)
            .unwrap_or_default();
        found.push((language.to_ascii_lowercase(), text.to_owned()));
        return;
    }
    for (language, value) in map {
        if let Some(text) = value.as_str() {
            found.push((language.to_ascii_lowercase(), text.to_owned()));
        }
    }
}

/// The identifier of a member that is one, or an object with one.
pub(crate) fn id<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    match object.get(name)? {
        Value::String(id) => Some(id),
        Value::Object(inner) => inner.get("id")?.as_str(),
        _ => None,
    }
}

/// A text if it is at most as long as the registry keeps identifiers.
pub(crate) fn identifier(text: &str) -> String {
    let fits = text.chars().count() <= 128 && !text.chars().any(char::is_control);
    if fits { text.to_owned() } else { String::new() }
}

/// A type's name without case, namespace, hyphens and the like: `ext:Uln` is `uln`.
pub(crate) fn folded(kind: &str) -> String {
    let kind = kind.rsplit_once(':').map_or(kind, |(_, kind)| kind);
    let letters = kind.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_text_in_several_languages_is_english_then_welsh() {
        let of = |name: Value| {
            let object = json!({ "name": name });
            object
                .as_object()
                .map(|object| text(object, "name"))
                .unwrap_or_default()
        };
        assert_eq!(of(json!(" Play ")), "Play");
        assert_eq!(of(json!({"cy": "Chwarae", "en-GB": "Play"})), "Play");
        assert_eq!(
            of(
                json!([{"@value": "Lek", "@language": "no"}, {"@value": "Chwarae", "@language": "cy"}])
            ),
            "Chwarae"
        );
        assert_eq!(
            of(json!([{"@value": "Lek", "@language": "no"}, "Spiel"])),
            "Spiel"
        );
        assert_eq!(of(json!({"no": "Lek"})), "Lek");
        assert_eq!(of(json!(["Play", "Play"])), "Play");
        assert_eq!(of(json!(["Play", "Work"])), "");
        for names in [
            json!({"en-US": "Work", "en-GB": "Play"}),
            json!({"en-GB": "Play", "en-US": "Work"}),
        ] {
            assert_eq!(of(names), "Play");
        }
        assert_eq!(of(json!(null)), "");
        assert_eq!(of(json!([[["deep"]]])), "");
    }
}
