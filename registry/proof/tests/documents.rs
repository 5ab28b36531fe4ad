//! Documents made by others, and what becomes of them when they are changed.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it skipped"
)]

#[path = "documents/fixtures.rs"]
mod fixtures;
#[path = "documents/hostile.rs"]
mod hostile;
#[path = "documents/integrity.rs"]
mod integrity;
#[path = "documents/record.rs"]
mod record;
#[path = "documents/samples.rs"]
mod samples;
#[path = "documents/tampering.rs"]
mod tampering;
#[path = "documents/token.rs"]
mod token;
