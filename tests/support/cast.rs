//! One caller of each role, and the schema as it is served, for tests that walk over all of both.

use super::{Registry, uln};
use registry::access::{Caller, Role};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Nobody and then every role: the learner of number 1, the body RN5217.
pub(crate) fn cast(registry: &Registry) -> Vec<(&'static str, Option<String>)> {
    let mut cast = vec![("nobody", None)];
    for role in Role::ALL {
        let own = uln(1);
        let learner = (role == Role::Practitioner).then_some(own.as_str());
        let body = (role == Role::AwardingBody).then_some("RN5217");
        cast.push((role.as_str(), Some(registry.token(role, learner, body))));
    }
    cast
}

/// Who bears such a token.
pub(crate) fn bearer(registry: &Registry, token: Option<&String>) -> Caller {
    token.map_or_else(Caller::nobody, |token| {
        let now = registry.app.clock.now();
        registry.app.issuers.verify(token, now).unwrap()
    })
}

/// The served schema, as introspection tells it.
pub(crate) struct Introspected {
    types: BTreeMap<String, Value>,
}

impl Introspected {
    pub(crate) fn of(registry: &Registry) -> Self {
        let of_type = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
        let query = format!(
            "{{ __schema {{ types {{ kind name possibleTypes {{ name }} fields(includeDeprecated: true) {{
                name args {{ name type {{ {of_type} }} }} type {{ {of_type} }} }} }} }} }}"
        );
        let data = registry.data(&Caller::nobody(), &query, Value::Null);
        let types = data["__schema"]["types"].as_array().unwrap();
        let named = |one: &Value| (one["name"].as_str().unwrap().to_owned(), one.clone());
        Self {
            types: types.iter().map(named).collect(),
        }
    }

    /// The fields of a type: name, and the name of the type they give.
    pub(crate) fn fields(&self, of: &str) -> Vec<(String, String)> {
        let fields = self.types[of]["fields"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        fields
            .iter()
            .map(|field| {
                (
                    field["name"].as_str().unwrap().to_owned(),
                    innermost(&field["type"]),
                )
            })
            .collect()
    }

    /// Whether a type has fields of its own.
    pub(crate) fn is_object(&self, name: &str) -> bool {
        ["OBJECT", "UNION", "INTERFACE"].contains(&self.types[name]["kind"].as_str().unwrap())
    }

    /// Every object type.
    pub(crate) fn objects(&self) -> Vec<String> {
        let objects = self.types.values().filter(|one| one["kind"] == "OBJECT");
        objects
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .filter(|name| !name.starts_with("__"))
            .collect()
    }

    /// A selection of everything that can be had of a type, so many steps deep; but for fields that are
    /// left out and those that need arguments.
    pub(crate) fn all_of(&self, of: &str, steps: usize, without: &[&str]) -> String {
        let one = &self.types[of];
        if one["kind"] == "UNION" || one["kind"] == "INTERFACE" {
            let possible = one["possibleTypes"].as_array().unwrap().iter();
            let each = possible.map(|one| {
                let name = one["name"].as_str().unwrap();
                format!("... on {name} {{ {} }}", self.all_of(name, steps, without))
            });
            return format!("__typename {}", each.collect::<Vec<_>>().join(" "));
        }
        let mut selection = "__typename".to_owned();
        for field in one["fields"].as_array().unwrap() {
            let name = field["name"].as_str().unwrap();
            let arguments = field["args"].as_array().unwrap();
            let needs = arguments
                .iter()
                .any(|one| one["type"]["kind"] == "NON_NULL");
            let inner = innermost(&field["type"]);
            let kind = self.types[&inner]["kind"].as_str().unwrap();
            if needs || without.contains(&name) {
                continue;
            }
            match kind {
                "SCALAR" | "ENUM" => selection.push_str(&format!(" {name}")),
                _ if steps > 0 => {
                    let inside = self.all_of(&inner, steps - 1, without);
                    selection.push_str(&format!(" {name} {{ {inside} }}"));
                }
                _ => {}
            }
        }
        selection
    }
}

fn innermost(of: &Value) -> String {
    match of["name"].as_str() {
        Some(name) => name.to_owned(),
        None => innermost(&of["ofType"]),
    }
}

/// The codes of an answer's errors.
pub(crate) fn codes(answer: &Value) -> Vec<String> {
    let errors = answer["errors"].as_array().cloned().unwrap_or_default();
    errors
        .iter()
        .map(|error| {
            error["extensions"]["code"]
                .as_str()
                .unwrap_or("none")
                .to_owned()
        })
        .collect()
}

/// A body of the multipart convention with one file.
pub(crate) fn multipart(query: &str, variables: Value, file: &[u8]) -> (String, Vec<u8>) {
    let mut variables = variables;
    variables["file"] = Value::Null;
    let operations = json!({"query": query, "variables": variables});
    let mut body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{operations}\r\n--edge\r\n\
         Content-Disposition: form-data; name=\"map\"\r\n\r\n{{\"0\":[\"variables.file\"]}}\r\n--edge\r\n\
         Content-Disposition: form-data; name=\"0\"; filename=\"results.csv\"\r\nContent-Type: text/csv\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    ("multipart/form-data; boundary=edge".to_owned(), body)
}
