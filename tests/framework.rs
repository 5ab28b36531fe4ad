//! The framework applied to people's records.

mod batch;
mod record;
mod stories;
