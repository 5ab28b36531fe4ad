//! Whether the engine takes for one person who is, and for two who are.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

mod files;
mod pairs;
mod people;
mod properties;
