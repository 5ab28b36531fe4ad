//! Who issued a credential.

use crate::Config;
use crate::json::{Object, folded, items, only, text};
use proof::{KeySource, Verification};
use schema::RecognitionNumber;
use sdk::Body;
use serde_json::Value;
use std::collections::BTreeSet;

/// The body that a credential names as its issuer. Its number is the configured one where the configuration
/// knows the issuer and one of its keys signed this; else what the issuer says of itself, which proves nothing.
pub(crate) fn body(credential: &Object, checked: Option<&Verification>, config: &Config) -> Body {
    let empty = Object::new();
    let issuer = credential
        .get("issuer")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let mut body = Body {
        name: text(issuer, "name"),
        ..Body::default()
    };
    let (mut ukprns, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    for entry in items(issuer.get("otherIdentifier"))
        .iter()
        .filter_map(Value::as_object)
    {
        let value = text(entry, "identifier");
        match folded(&text(entry, "identifierType")).as_str() {
            "ukprn" => ukprns.insert(value),
            "ofqual" | "recognitionnumber" | "ofqualrecognitionnumber" => numbers.insert(value),
            _ if RecognitionNumber::parse(&value).is_ok() => numbers.insert(value),
            _ => continue,
        };
    }
    // Of several that differ none is the body's.
    body.ukprn = only(&ukprns).unwrap_or_default();
    body.recognition_number = only(&numbers).unwrap_or_default();
    let established = checked.and_then(|one| one.established_issuer(KeySource::Configured));
    if let Some(number) = established.and_then(|issuer| config.bodies.get(issuer)) {
        number.clone_into(&mut body.recognition_number);
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn of_several_numbers_none_is_the_bodys_in_whatever_order() {
        let entry = |kind: &str, value: &str| json!({"identifierType": kind, "identifier": value});
        let (one, other) = (entry("ofqual", "RN5217"), entry("ext:x", "RN5218"));
        for (entries, number) in [
            (json!([one, one]), "RN5217"),
            (json!([one, other]), ""),
            (json!([other, one]), ""),
        ] {
            let credential = json!({"issuer": {"otherIdentifier": entries}});
            let empty = Object::new();
            let config = Config::read("open-badges", "").unwrap_or_default();
            let body = body(credential.as_object().unwrap_or(&empty), None, &config);
            assert_eq!(body.recognition_number, number, "{entries}");
        }
    }
}
