//! An invented registry with an invented award.

use chrono::{DateTime, TimeDelta, Utc};
use credential::{
    Award, Body, Entry, Found, Handed, Holder, Issuer, Judgement, Kind, Lists, PublishedKey,
    Purpose, Record, Route, Sealing, Trust, Word, controller_document, did_key, method_of,
};
use ed25519_dalek::{Signer as _, SigningKey};
use proof::{KeyRing, Limits};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

pub(crate) const DID: &str = "did:web:registry.example";
pub(crate) const LIST: &str = "https://registry.example/status/suspension-1";

pub(crate) fn now() -> DateTime<Utc> {
    at("2026-06-01T12:00:00Z")
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// A key of the registry's: 1 is in use, 2 was before, all others are somebody else's.
pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

pub(crate) fn public(seed: u8) -> [u8; 32] {
    key(seed).verifying_key().to_bytes()
}

pub(crate) fn issuer() -> Issuer {
    Issuer {
        id: DID.into(),
        name: "Invented registry".into(),
        address: "https://registry.example".into(),
    }
}

pub(crate) fn holder() -> Holder {
    Holder {
        id: "urn:uuid:00000000-0000-7000-8000-000000000001".into(),
        given_name: Some("Rowan".into()),
        family_name: Some("Made-Up".into()),
    }
}

pub(crate) fn award() -> Award {
    Award {
        id: "https://registry.example/credentials/credential_1".into(),
        kind: Kind::Qualification,
        code: Some("500/9170/0".into()),
        part_of: None,
        title: "Level 3 Diploma for the Children and Young People's Workforce (QCF)".into(),
        body: Some(Body {
            name: "City & Guilds".into(),
            recognition_number: Some("RN5217".into()),
        }),
        level: Some(schema::Level::L3),
        credit: Some(65),
        grade: Some("Pass".into()),
        awarded_on: schema::parse_date("2026-01-15").ok(),
        started_on: schema::parse_date("2024-09-02").ok(),
        valid_from: None,
        valid_until: None,
        route: Route::PriorLearning,
        word: Word::Attested,
        certificate_number: Some("DEMO-C-000002".into()),
        registration_number: None,
        evidence: vec![credential::Evidence {
            name: "Observation at work".into(),
            description: Some("Seen in an invented nursery.".into()),
        }],
        status: Some(Entry {
            list: LIST.into(),
            index: 77,
            purpose: Purpose::Suspension,
        }),
    }
}

/// Signs with the key of that seed, as the issuer of that identifier, at that time.
pub(crate) fn sealed_by(
    seed: u8,
    did: &str,
    credential: &Map<String, Value>,
    time: DateTime<Utc>,
) -> Map<String, Value> {
    let signer = |bytes: &[u8]| key(seed).sign(bytes).to_bytes();
    let sealing = Sealing {
        signer: &signer,
        method: &method_of(did, &public(seed)),
        kid: "",
        at: time,
    };
    credential::seal(credential, &sealing).unwrap()
}

pub(crate) fn sealed(credential: &Map<String, Value>) -> Map<String, Value> {
    sealed_by(1, DID, credential, now())
}

pub(crate) fn token_by(seed: u8, kid: &str, credential: &Map<String, Value>) -> String {
    let signer = |bytes: &[u8]| key(seed).sign(bytes).to_bytes();
    let sealing = Sealing {
        signer: &signer,
        method: "",
        kid,
        at: now(),
    };
    credential::token(credential, "JWT", &sealing)
}

pub(crate) fn token(credential: &Map<String, Value>) -> String {
    token_by(1, &format!("{DID}#one"), credential)
}

pub(crate) fn badge() -> Map<String, Value> {
    credential::open_badge(&award(), &holder(), &issuer(), now())
}

pub(crate) fn record_of(badges: &[Map<String, Value>]) -> Map<String, Value> {
    let record = Record {
        id: "https://registry.example/credentials/credential_9".into(),
        partial: false,
        status: None,
    };
    credential::record(&record, badges, &holder(), &issuer(), now())
}

/// The keys that the registry publishes.
pub(crate) fn keys() -> KeyRing {
    let published = [("one", 1), ("before", 2)].map(|(kid, seed)| PublishedKey {
        kid: kid.into(),
        key: public(seed),
    });
    let document = controller_document(DID, &[], &published);
    let mut ring = KeyRing::new();
    assert_eq!(ring.add_controller_document(&document), Ok(4));
    ring
}

pub(crate) fn trust(issuer: &str) -> Trust {
    if issuer == DID || issuer == did_key(&public(1)) {
        Trust::Own
    } else if issuer == "did:web:body.example" {
        Trust::Listed
    } else {
        Trust::Unknown
    }
}

/// The registry's list at [`LIST`] with these bits set.
pub(crate) fn list(set: &[u32]) -> Map<String, Value> {
    list_of(LIST, Purpose::Suspension, set, now())
}

pub(crate) fn list_of(
    address: &str,
    purpose: Purpose,
    set: &[u32],
    made: DateTime<Utc>,
) -> Map<String, Value> {
    let mut bits = credential::Bits::new(1);
    set.iter().for_each(|index| bits.set(*index));
    credential::list(
        &issuer(),
        address,
        purpose,
        &bits,
        made,
        TimeDelta::hours(1),
    )
}

pub(crate) fn text(document: &Map<String, Value>) -> String {
    credential::bytes(document)
}

pub(crate) fn judge(text: &str, lists: &dyn Lists) -> Judgement {
    judge_at(text, lists, now())
}

pub(crate) fn judge_at(text: &str, lists: &dyn Lists, time: DateTime<Utc>) -> Judgement {
    match Handed::read(text.as_bytes(), &Limits::default()) {
        Ok(handed) => handed.prove(&keys(), &trust, time).judge(lists),
        Err(fault) => Judgement::unreadable(&fault),
    }
}

/// Every list is the registry's, with nothing set.
pub(crate) fn all_is_well(address: &str) -> Found {
    assert_eq!(address, LIST);
    Found::Text(text(&sealed(&list(&[]))))
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
