//! The source's own words, flattened: a path, and what stands there.

use crate::json::Object;
use sdk::StatedField;
use serde_json::Value;

/// The most fields and bytes that are kept; the rest is in the document.
const MOST_FIELDS: usize = 400;
const MOST_BYTES: usize = 64 * 1024;

/// What tells nothing about the award, or is a document of its own: pictures, endorsements by others, long
/// descriptions, proofs (told separately), and credentials within.
const LEFT_OUT: [&str; 15] = [
    "@context",
    "proof",
    "image",
    "endorsement",
    "endorsementJwt",
    "evidence",
    "criteria",
    "description",
    "targetDescription",
    "narrative",
    "verifiableCredential",
    "association",
    "termsOfUse",
    "refreshService",
    "credentialSchema",
];

/// The fields of a credential.
pub(crate) fn of(credential: &Object) -> Vec<StatedField> {
    let mut words = Words::default();
    let mut path = String::new();
    words.object(credential, &mut path);
    words.fields
}

#[derive(Default)]
struct Words {
    fields: Vec<StatedField>,
    bytes: usize,
}

impl Words {
    fn object(&mut self, object: &Object, path: &mut String) {
        for (name, value) in object {
            if LEFT_OUT.contains(&name.as_str()) {
                continue;
            }
            // What a CLR lists beside its credentials is nobody's award.
            if name == "achievement" && value.is_array() && path == "credentialSubject" {
                continue;
            }
            let length = path.len();
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(name);
            self.value(value, path);
            path.truncate(length);
        }
    }

    fn value(&mut self, value: &Value, path: &mut String) {
        match value {
            Value::Null => {}
            Value::Bool(flag) => self.add(path, flag.to_string()),
            Value::Number(number) => self.add(path, number.to_string()),
            Value::String(text) => self.add(path, text.clone()),
            Value::Object(object) => self.object(object, path),
            Value::Array(items) => {
                for (place, item) in items.iter().enumerate() {
                    let length = path.len();
                    if items.len() > 1 {
                        path.push_str(&format!("[{place}]"));
                    }
                    self.value(item, path);
                    path.truncate(length);
                }
            }
        }
    }

    fn add(&mut self, path: &str, value: String) {
        let bytes = self.bytes + path.len() + value.len();
        if value.trim().is_empty() || self.fields.len() >= MOST_FIELDS || bytes > MOST_BYTES {
            return;
        }
        self.bytes = bytes;
        self.fields.push(StatedField {
            name: path.to_owned(),
            value,
        });
    }
}
