//! The adapter `elmo`: transcripts of records in the EMREX ELMO format, one learner's a document. The README
//! beside this crate says what becomes of each element.
//!
//! The way of a record: `document` walks the XML and gathers a `transcript` (what stands behind a result,
//! such as grading schemes and the signature, stands after it), `record` makes the records of it.

mod config;
mod credit;
mod date;
mod document;
mod identifier;
mod record;
#[cfg(test)]
mod tests;
mod title;
mod transcript;

use sdk::xml::Document;
use sdk::{Adapter, Input, Output, Stop};

/// The adapter.
#[derive(Debug)]
pub struct Elmo;

sdk::export_adapter!(Elmo);

impl Adapter for Elmo {
    const NAME: &'static str = "elmo";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const FORMATS: &'static str = "text/xml,application/xml";

    fn new(config: &str) -> Result<Self, Stop> {
        config::read(config).map(|()| Self)
    }

    fn run(&mut self, input: &mut Input<'_>, output: &mut Output<'_>) -> Result<(), Stop> {
        let mut document = Document::new(input)?;
        let transcript = document::read(&mut document)?;
        record::emit(&transcript, output)
    }
}
