//! Reads credentials and checks their proofs: Open Badges 3.0, CLR 2.0 and any other credential of the
//! Verifiable Credentials Data Model 1.1 or 2.0, as JSON, as a JWT, or baked into a PNG or SVG.
//!
//! A pure engine: it holds no keys, knows no clock, opens no file and no socket. JSON-LD contexts are
//! compiled in (see `contexts/README.md`); a document that names another one is not judged. It runs inside an
//! adapter's sandbox as well as in the registry.
//!
//! # The flow
//! ```
//! use proof::{Document, KeyRing, Limits, Outcome};
//! # fn main() -> Result<(), proof::Fault> {
//! # let bytes = include_bytes!("../tests/fixtures/open-badge-v2.json");
//! # let now = chrono::DateTime::parse_from_rfc3339("2026-11-01T00:00:00Z").unwrap().to_utc();
//! // 1. Read: finds out by itself whether it is JSON, a JWT, a PNG or an SVG. A `Fault` has a stable
//! //    code and a place and means that there is no document to speak of.
//! let document = Document::read(bytes, &Limits::default())?;
//!
//! // 2. What it says, as JSON, whatever it was packed in. `document.credentials()` gives those within as
//! //    well (CLR), each with its place, a JSON pointer.
//! let credential = document.credential();
//! assert_eq!(credential["name"], "Invented badge");
//!
//! // 3. Keys that somebody configured: controller documents or JWKS, handed in as data.
//! //    `did:key` needs none. Anything that implements `Keys` will do.
//! let keys = KeyRing::new();
//!
//! // 4. Check. Every credential within (CLR) has a verification of its own.
//! let verification = document.verify(&keys, now);
//! assert_eq!(verification.proof.outcome, Outcome::Passed);
//! for inner in &verification.nested {
//!     println!("{} {:?} {}", inner.place, inner.proof.outcome, inner.proof.code);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What a verification says
//! [`Verification`] has three checks of one credential, each [`Outcome::Passed`], [`Outcome::Failed`] or
//! [`Outcome::NotChecked`], each with a [`schema::Code`] and a place, never with personal data:
//!
//! * `proof`: the bytes are what the holder of some key signed. It says nothing about *whose* key it is.
//! * `issuer`: that key belongs to the credential's issuer. Passed only where a configured controller, or
//!   a `did:key`, *is* the issuer. Whether the issuer is an awarding body is the caller's to know:
//!   look at [`Verification::established_issuer`] and at [`ProofResult::key_source`].
//! * `validity`: `validFrom`/`validUntil` (or their VC 1.1 names, or `nbf`/`exp`) against the time given.
//!
//! Only "proof passed **and** issuer passed **and** the key's source is [`KeySource::Configured`]" is an
//! awarding body's own word.
//!
//! A [`Presentation`] is credentials handed over together by their holder: its own proof is checked by [`Presentation::verify`], against
//! what was [`Expected`] of it (challenge, domain), and what is in it is read and verified as a document each.
//!
//! Proofs stand in a set, each for itself, or in a chain: one with `previousProof` covers those that it names too.
//!
//! # What a proof covers, and what not
//! `eddsa-rdfc-2022` signs statements, not text: the order of array items, empty arrays, `null` members
//! and the order of members are not signed. Do not read a meaning into the order of `type`, `achievement`
//! or `verifiableCredential`. What the contexts do not define would not be signed either, so that an
//! undefined term, a relative identifier or an inline context is refused here.
//!
//! Statements are about identifiers, wherever they stand. What two objects of the same `id` say may be moved or copied
//! from one to the other without breaking the proof around both. A record (CLR) whose subject is also the subject of
//! the credentials within is such a document: take what a credential *within* says only from that credential, by
//! its own verification, never as the word of the issuer around it; and take of the outer one only the members
//! that its own kind of subject has. Two subjects of the same `id` in one credential are refused (`linked-data-invalid`).

#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    expect(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::print_stderr,
        reason = "a test fails by panicking, and says what it skipped"
    )
)]

mod canonical;
mod check;
mod claims;
mod context;
mod document;
mod expected;
mod fault;
mod image;
mod integrity;
mod json;
mod judge;
mod key;
mod limits;
mod linked_data;
mod presentation;
mod token;
mod verify;

pub use check::{Check, KeySource, Outcome, ProofForm, ProofResult, Verification};
pub use context::known_contexts;
pub use document::{Container, Credential, Document};
pub use expected::Expected;
pub use fault::Fault;
pub use integrity::{CRYPTOSUITE, signing_input, signing_input_after};
pub use json::read as read_json;
pub use key::{ConfiguredKey, KeyRing, Keys, PublicKey};
pub use limits::Limits;
pub use presentation::Presentation;

#[cfg(test)]
mod foreign;
