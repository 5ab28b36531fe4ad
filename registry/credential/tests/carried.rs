//! Making documents and judging them.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it skipped"
)]

#[cfg(feature = "pdf")]
#[path = "carried/certificate.rs"]
mod certificate;
#[path = "carried/faults.rs"]
mod faults;
#[path = "carried/made.rs"]
mod made;
#[path = "carried/model.rs"]
mod model;
#[path = "carried/revoked.rs"]
mod revoked;
#[path = "carried/samples.rs"]
mod samples;
#[path = "carried/support.rs"]
mod support;
