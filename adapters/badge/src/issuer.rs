//! Who issued a credential.

use crate::Config;
use crate::json::{Object, folded, items, text};
use proof::{KeySource, Verification};
use schema::RecognitionNumber;
use sdk::Body;
use serde_json::Value;

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
    for entry in items(issuer.get("otherIdentifier"))
        .iter()
        .filter_map(Value::as_object)
    {
        let value = text(entry, "identifier");
        match folded(&text(entry, "identifierType")).as_str() {
            "ukprn" => body.ukprn = value,
            "ofqual" | "recognitionnumber" | "ofqualrecognitionnumber" => {
                body.recognition_number = value;
            }
            _ if RecognitionNumber::parse(&value).is_ok() => body.recognition_number = value,
            _ => {}
        }
    }
    let established = checked.and_then(|one| one.established_issuer(KeySource::Configured));
    if let Some(number) = established.and_then(|issuer| config.bodies.get(issuer)) {
        number.clone_into(&mut body.recognition_number);
    }
    body
}
