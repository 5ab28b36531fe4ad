//! How many Open Badges are issued and verified in a second, on one thread:
//! `cargo run --release -p credential --example rates -- [SECONDS] [FILE]`. FILE gets the document, for others to be measured
//! on the same one (`tests/foreign/rates.js`).

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a tool for developers, which ends where something is wrong"
)]

use chrono::DateTime;
use credential::{
    Award, Body, Handed, Holder, Issuer, Kind, NoLists, Outcome, Route, Sealing, Trust, Word,
    bytes, did_key, method_of, open_badge, outcome, seal,
};
use ed25519_dalek::{Signer as _, SigningKey};
use proof::{KeyRing, Limits};
use std::time::{Duration, Instant};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let seconds = arguments
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or(5);
    let file = arguments.next();
    let key = SigningKey::from_bytes(&[7; 32]);
    let public = key.verifying_key().to_bytes();
    let now = DateTime::parse_from_rfc3339("2026-06-01T00:00:00Z")
        .unwrap()
        .to_utc();
    let issuer = Issuer {
        id: did_key(&public),
        name: "Invented registry".to_owned(),
        address: "https://registry.example".to_owned(),
    };
    let holder = Holder {
        id: "urn:uuid:00000000-0000-7000-8000-000000000001".to_owned(),
        given_name: Some("Rowan".to_owned()),
        family_name: Some("Made-Up".to_owned()),
    };
    let award = Award {
        id: "https://registry.example/credentials/credential_1".to_owned(),
        kind: Kind::Qualification,
        code: Some("500/9170/0".to_owned()),
        part_of: None,
        title: "An invented level 3 diploma".to_owned(),
        body: Some(Body {
            name: "An invented body".to_owned(),
            recognition_number: Some("RN0000".to_owned()),
        }),
        level: Some(schema::Level::L3),
        credit: Some(65),
        grade: Some("Pass".to_owned()),
        awarded_on: schema::parse_date("2026-01-15").ok(),
        started_on: None,
        valid_from: None,
        valid_until: None,
        route: Route::Award,
        word: Word::Attested,
        certificate_number: None,
        registration_number: None,
        evidence: Vec::new(),
        status: None,
    };
    let signer = |bytes: &[u8]| key.sign(bytes).to_bytes();
    let method = method_of(&issuer.id, &public);
    let sealing = Sealing {
        signer: &signer,
        method: &method,
        kid: &method,
        at: now,
    };
    let issue = || bytes(&seal(&open_badge(&award, &holder, &issuer, now), &sealing).unwrap());
    let document = issue();
    let keys = KeyRing::new();
    let trust = |_: &str| Trust::Own;
    let verify = || {
        let handed = Handed::read(document.as_bytes(), &Limits::default()).unwrap();
        let judgement = handed.prove(&keys, &trust, now).judge(&NoLists);
        assert_eq!(outcome(&judgement.checks, &[]), Outcome::Passed);
    };
    let time = Duration::from_secs(seconds);
    let issued = rate(time, || {
        issue();
    });
    let verified = rate(time, verify);
    println!(
        r#"{{"by":"registry","issued_a_second":{issued:.0},"verified_a_second":{verified:.0}}}"#
    );
    if let Some(file) = file {
        std::fs::write(file, document).unwrap();
    }
}

/// How often in a second, after a warm-up of a tenth of the time.
fn rate(time: Duration, work: impl Fn()) -> f64 {
    let count = |time: Duration| {
        let begun = Instant::now();
        let mut times = 0_u32;
        while begun.elapsed() < time {
            work();
            times += 1;
        }
        f64::from(times) / begun.elapsed().as_secs_f64()
    };
    count(time / 10);
    count(time)
}
