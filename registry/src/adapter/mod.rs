//! The registry's side of the adapter boundary. An adapter's code never runs in this process, not even to
//! read its name: a worker, this same program started as `registry adapter-host`, loads the library under
//! Landlock and seccomp and sends frames through a pipe. The host takes them as hostile input, bounds them,
//! and ends each failing of an adapter in its own [`Fault`].

pub mod check;
mod fault;
mod find;
mod frame;
mod host;
mod intake;
mod known;
mod library;
mod options;
mod process;
mod sandbox;
pub mod worker;

pub use fault::{Fault, Limit};
pub use find::{ask, find, list};
pub use host::{Sink, SinkClosed, Summary, run};
pub use known::Known;
pub use options::{Options, Sandbox};
pub use sandbox::look as look_at_sandbox;

use std::path::PathBuf;

/// What a library says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Descriptor {
    /// The `{adapter}` of `/imports/{adapter}`.
    pub name: String,
    /// The adapter's own version.
    pub version: String,
    /// The media types it reads.
    pub formats: Vec<String>,
    /// The major and minor number of the ABI it was built for.
    pub abi: (u32, u32),
    /// The version of the kit it was built with; empty where none was used.
    pub sdk_version: String,
    /// What built it.
    pub compiler: String,
    /// The number of the record schema it speaks.
    pub record_schema: u32,
}

/// A library that exports the adapter's symbol, and what came of asking it who it is.
#[derive(Debug)]
pub struct Found {
    /// Where it is.
    pub path: PathBuf,
    /// The SHA-256 of its bytes, in hexadecimal. [`run`] refuses a library that has changed since.
    pub digest: String,
    /// What it says of itself, or why it could not be asked.
    pub descriptor: Result<Descriptor, Fault>,
    /// What of the sandbox this machine lacks; only ever with [`Sandbox::BestEffort`].
    pub unconfined: Option<String>,
}
