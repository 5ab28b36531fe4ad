//! Runs an adapter over bytes in the test's own process and shows what came out.

mod damage;
mod fuzz;

pub use damage::Damage;
pub use fuzz::{Corpus, fuzz};

use crate::{Adapter, Input, Issue, Output, Sink, Stop};
use prost::Message;
use schema::wire::{ResultBatch, ResultRecord};

/// What an adapter made of a file.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The records, in order.
    pub records: Vec<ResultRecord>,
    /// The issues, in order.
    pub issues: Vec<Issue>,
    /// Why it gave up, where it did.
    pub stop: Option<Stop>,
}

impl Outcome {
    /// The codes of the issues, in order.
    #[must_use]
    pub fn codes(&self) -> Vec<&str> {
        self.issues
            .iter()
            .map(|issue| issue.code.as_str())
            .collect()
    }
}

/// Runs the adapter `A`, configured with the TOML document `config`, over `file`.
pub fn run<A: Adapter>(config: &str, file: &[u8]) -> Outcome {
    let mut outcome = Outcome::default();
    let ended = A::new(config).and_then(|mut adapter| {
        // A batch size of one hands every record over by itself, so that an adapter's tests also see what
        // came before a stop.
        let mut output = Output::new(&mut outcome, 1);
        adapter.run(&mut Input::new(file), &mut output)?;
        output.flush()
    });
    outcome.stop = ended.err();
    outcome
}

impl Sink for Outcome {
    fn batch(&mut self, bytes: &[u8], _count: u32) -> Result<(), Stop> {
        let batch = ResultBatch::decode(bytes)
            .map_err(|error| Stop::new("undecodable", error.to_string()))?;
        self.records.extend(batch.records);
        Ok(())
    }

    fn issue(&mut self, issue: &Issue) -> Result<(), Stop> {
        self.issues.push(issue.clone());
        Ok(())
    }

    fn cancelled(&mut self) -> bool {
        false
    }
}
