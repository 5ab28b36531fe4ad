//! Claims of prior learning, proved move by move and by properties.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that finds something else than it expects is to fail"
)]

mod moves;
mod people;
mod properties;
mod story;
mod world;
