//! What an adapter author needs. An adapter turns one source's file into a stream of result records: it
//! implements [`Adapter`], names itself in [`export_adapter!`], and is built as a dynamic library.
//!
//! The registry loads it only in a sandboxed worker process. It may read its input and hand over records
//! and issues; it cannot open files, reach the network or start processes.

pub mod abi;
mod adapter;
mod day;
pub mod harness;
mod input;
mod options;
mod output;
#[cfg(feature = "xml")]
pub mod xml;

pub use adapter::{Adapter, Issue, Stop};
pub use day::day;
pub use input::Input;
pub use options::{no_options, options};
pub use output::{Output, Sink};
pub use schema::Severity;
pub use schema::wire::{
    Body, Person, Position, Proof, ProofCheck, Registration, ResultBatch, ResultRecord,
    StatedField, Subject, UlnChange,
};

/// The version of this kit, told in an adapter's descriptor.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
