//! What an achievement credential (Open Badges 3.0) says, as a record. The adapters `open-badges` and `clr`
//! share it; it is no adapter itself.
//!
//! `file` reads and checks a document, `fragment` with keys that stand in their own addresses; `credential` makes a record of one credential with the help of
//! `subject` (what was achieved), `holder`, `issuer`, `result` and `words`; `proofs` says what checking said.

mod alignment;
mod config;
mod credential;
mod file;
mod fragment;
mod holder;
mod issuer;
mod json;
mod proofs;
mod result;
mod subject;
mod words;

pub use config::Config;
pub use credential::{Credential, Outcome};
pub use file::{File, now, place};
pub use json::{has_type, items, text};
pub use subject::number;
