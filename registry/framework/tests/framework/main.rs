//! Whether the engines say what the rules say.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod diploma;
mod nearest;
mod path;
mod properties;
mod ratio;
mod room;
mod rules;
mod shipped;
mod solver;
mod stands;
mod support;
