//! Files that are broken, or meant to break something.

use super::{badge, read, record, stop};
use proptest::prelude::*;
use serde_json::{Value, json};

fn whole() -> String {
    let parts = [("isParentOf", "urn:achievement:1", "urn:achievement:2")];
    record(&[badge(1, "601/7898/X"), badge(2, "L/601/1693")], &parts).to_string()
}

#[test]
fn a_truncated_record_is_no_record() {
    let whole = whole();
    for length in 0..whole.len() {
        let outcome = read(whole.as_bytes().get(..length).unwrap_or_default());
        assert!(
            outcome.stop.is_some() && outcome.records.is_empty(),
            "cut after {length} bytes"
        );
    }
}

/// Records within records, and associations in circles and long chains, end.
#[test]
fn nesting_and_circles_end() {
    let mut nested = record(&[badge(1, "")], &[]);
    for _ in 0..6 {
        nested = record(&[nested], &[]);
    }
    let outcome = read(nested.to_string());
    assert_eq!((stop(&outcome), outcome.records.len()), ("", 1));
    for _ in 0..60 {
        nested = record(&[nested], &[]);
    }
    assert_eq!(stop(&read(nested.to_string())), "document-too-deep");

    let names: Vec<String> = (0..2000)
        .map(|number| format!("urn:achievement:{number}"))
        .collect();
    let mut circle: Vec<(&str, &str, &str)> = names
        .windows(2)
        .filter_map(|two| match two {
            [one, other] => Some(("isPartOf", one.as_str(), other.as_str())),
            _ => None,
        })
        .collect();
    circle.push(("isPartOf", "urn:achievement:1999", "urn:achievement:0"));
    let outcome = read(record(&[badge(0, "")], &circle).to_string());
    assert_eq!(outcome.records.len(), 1);
}

#[test]
fn more_credentials_than_a_record_may_hold_are_refused() {
    let many: Vec<Value> = (0..600).map(|number| badge(number, "")).collect();
    assert_eq!(
        stop(&read(record(&many, &[]).to_string())),
        "document-too-complex"
    );
}

proptest! {
    #[test]
    fn no_mutation_makes_it_panic(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut file = whole().into_bytes();
        for (place, byte) in changes {
            let place = place.index(file.len());
            if let Some(slot) = file.get_mut(place) {
                *slot = byte;
            }
        }
        let _ = read(&file);
    }

    #[test]
    fn members_of_any_kind_are_survived(
        place in prop::sample::select(vec![
            "/credentialSubject", "/credentialSubject/verifiableCredential", "/credentialSubject/association", "/credentialSubject/id",
            "/credentialSubject/achievement", "/credentialSubject/identifier", "/credentialSubject/association/0",
            "/credentialSubject/association/0/sourceId", "/credentialSubject/verifiableCredential/0", "/credentialSubject/verifiableCredential/0/credentialSubject",
        ]),
        value in prop::sample::select(vec![
            json!(null), json!(true), json!(1), json!(""), json!("eyJ.x.y"), json!([]), json!({}), json!([[]]), json!([null, 1, "x"]),
            json!([{"type": "VerifiableCredential"}]), json!({"type": ["EnvelopedVerifiableCredential"], "id": "data:application/vc+jwt,ey"}),
        ]),
    ) {
        let mut file: Value = serde_json::from_str(&whole()).unwrap_or_default();
        if let Some(slot) = file.pointer_mut(place) {
            *slot = value;
        }
        let _ = read(file.to_string());
    }
}
