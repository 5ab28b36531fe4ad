//! Makes the documents that people carry, and judges documents that are handed in.
//!
//! A pure engine: it holds no keys, knows no clock, opens no file and no socket. What it reads and how proofs are checked is
//! the crate `proof`'s; the contexts are compiled in there.
//!
//! # Making
//! Plain data ([`Award`], [`Holder`], [`Issuer`]) becomes a credential without a proof ([`open_badge`], [`record`],
//! [`list`]), and that a document in one of two forms: [`seal()`] (a Data Integrity proof, `eddsa-rdfc-2022`) or [`token`] (a
//! JWT). [`learning_model`] gives the European Learning Model, which is not signed. Nothing else makes a credential's bytes.
//!
//! # Judging
//! [`Handed::read`] takes a file apart, [`Handed::prove`] checks its proofs, [`Proved::lists`] says what would have to be known
//! beside it, and [`Proved::judge`], check by check, what holds. Each check has three values. What could not be looked at is neither
//! passed nor failed: that is for whoever reads the judgement to see, not for this crate to guess.

#![forbid(unsafe_code)]

mod award;
mod issue;
mod issuer;
mod judge;
mod model;
#[cfg(feature = "pdf")]
mod render;
mod seal;
mod status;

pub use award::{Award, Body, Evidence, Holder, Issuer, Kind, Record, Route, Word};
pub use issue::{learning_model, list, open_badge, presentation, record};
pub use issuer::{
    PublishedKey, controller_document, did_key, did_web, did_web_address, method_of, multikey,
};
pub use judge::{
    Asked, Check, CheckName, Found, Handed, Judgement, Lists, NoLists, Outcome, Proved, Trust,
    outcome,
};
pub use model::{conforms, conforms_envelope, conforms_presentation, opened};
#[cfg(feature = "pdf")]
pub use render::{Certificate, RenderError, certificate};
pub use seal::{Form, Sealing, Signer, bytes, seal, seal_within, token};
pub use status::{Bits, Entry, LEAST_ENTRIES, Purpose};
