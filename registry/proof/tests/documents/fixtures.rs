//! The fixtures, which other implementations signed, and the keys of their invented bodies.

use chrono::{DateTime, Utc};
use proof::{Document, Fault, KeyRing, Limits, Verification};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The invented body that signs with configured keys.
pub(crate) const BODY: &str = "https://body.example/issuers/RN0000";

/// A time within the dates of the fixtures.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-06-01T00:00:00Z")
        .unwrap()
        .to_utc()
}

pub(crate) fn bytes(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn json(name: &str) -> Value {
    serde_json::from_slice(&bytes(name)).unwrap()
}

/// The body's keys as it would publish them.
pub(crate) fn keys() -> KeyRing {
    let mut ring = KeyRing::new();
    ring.add_controller_document(&json("controller-document.json"))
        .unwrap();
    assert_eq!(ring.add_key_set(BODY, &json("key-set.json")), Ok(3));
    ring
}

pub(crate) fn read(bytes: &[u8]) -> Result<Document, Fault> {
    Document::read(bytes, &Limits::default())
}

pub(crate) fn verify(bytes: &[u8]) -> Verification {
    read(bytes).unwrap().verify(&keys(), now())
}

pub(crate) fn verify_value(value: &Value) -> Verification {
    verify(value.to_string().as_bytes())
}

/// The optional folder of real files; none, said loudly, where it is not there.
pub(crate) fn samples(name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("IQF_SAMPLES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples"),
        PathBuf::from,
    );
    let found = std::fs::read(folder.join(name)).ok();
    if found.is_none() {
        eprintln!("SKIPPED: no sample {name}; set IQF_SAMPLES to the folder of samples");
    }
    found
}
