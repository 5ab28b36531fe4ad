//! Files that are broken, or meant to break something.

use super::{BADGE, badge, read, stop};
use proptest::prelude::*;
use serde_json::json;

/// A PNG chunk. Its checksum is not looked at by all readers; this one is right where it is zero anyway.
fn svg(inner: &str) -> String {
    format!(
        "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' xmlns:openbadges='https://purl.imsglobal.org/ob/v3p0'><openbadges:credential><![CDATA[{inner}]]></openbadges:credential></svg>"
    )
}

#[test]
fn a_truncated_badge_is_never_a_badge() {
    let whole = BADGE.trim_ascii_end();
    for length in 0..whole.len() {
        let outcome = read(whole.get(..length).unwrap_or_default());
        assert!(outcome.stop.is_some(), "cut after {length} bytes");
        assert!(outcome.records.is_empty());
    }
    let baked = svg(&String::from_utf8_lossy(BADGE));
    assert_eq!(read(&baked).records.len(), 1);
    for length in (0..baked.len()).step_by(3) {
        let outcome = read(baked.as_bytes().get(..length).unwrap_or_default());
        assert!(outcome.records.is_empty(), "cut after {length} bytes");
    }
}

#[test]
fn what_is_no_credential_stops_with_its_code() {
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(5000), "]".repeat(5000));
    let twice = String::from_utf8_lossy(&badge(&[])).replacen('{', "{\"id\":\"x\",", 1);
    for (file, code) in [
        (String::new(), "file-empty"),
        ("text".into(), "document-unreadable"),
        ("{}".into(), "not-a-credential"),
        ("[]".into(), "document-unreadable"),
        ("eyJ.e30.".into(), "credential-token-unreadable"),
        (deep, "document-too-deep"),
        (twice, "member-twice"),
        (
            "<svg xmlns='http://www.w3.org/2000/svg'/>".into(),
            "image-without-credential",
        ),
        ("<html>".into(), "image-unreadable"),
        ("\u{89}PNG\r\n".into(), "document-unreadable"),
        ("x".repeat(9 * 1024 * 1024), "file-too-large"),
    ] {
        assert_eq!(
            stop(&read(&file)),
            code,
            "{:?}",
            file.get(..40.min(file.len()))
        );
    }
}

#[test]
fn long_words_and_many_of_them_are_bounded() {
    let many: Vec<_> = (0..5000)
        .map(|number| json!({"targetCode": format!("{number}"), "targetName": "x".repeat(50)}))
        .collect();
    let long = "w".repeat(200_000);
    let outcome = read(badge(&[
        ("/credentialSubject/achievement/alignment", json!(many)),
        ("/credentialSubject/role", json!(long)),
        ("/id", json!(format!("urn:{long}"))),
    ]));
    assert_eq!(outcome.records.len(), 1);
    for record in outcome.records {
        let bytes: usize = record
            .stated
            .iter()
            .map(|field| field.name.len() + field.value.len())
            .sum();
        assert!(record.stated.len() <= 400 && bytes <= 64 * 1024);
        assert_eq!(record.record_id, "");
    }
}

proptest! {
    #[test]
    fn no_mutation_makes_it_panic(
        baked in any::<bool>(),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let text = String::from_utf8_lossy(BADGE).into_owned();
        let mut file = if baked { svg(&text) } else { text }.into_bytes();
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
            "/id", "/type", "/issuer/id", "/issuer/name", "/issuer/otherIdentifier", "/validFrom", "/validUntil", "/awardedDate", "/proof",
            "/credentialSubject/id", "/credentialSubject/identifier", "/credentialSubject/achievement", "/credentialSubject/creditsEarned",
            "/credentialSubject/result", "/credentialSubject/achievement/name", "/credentialSubject/achievement/alignment",
            "/credentialSubject/achievement/otherIdentifier", "/credentialSubject/achievement/resultDescription",
        ]),
        value in prop::sample::select(vec![
            json!(null), json!(true), json!(-1.5), json!(""), json!("text"), json!([]), json!({}), json!([[]]), json!([null]),
            json!([{"id": 5}]), json!({"@value": 1}), json!({"en": {"en": "x"}}), json!([{"type": "X", "identifier": {}}]),
        ]),
    ) {
        let _ = read(badge(&[(place, value)]));
    }
}
