//! The sealed form, and what files are.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails says where"
)]

mod kinds;
mod make;
mod sealed;
