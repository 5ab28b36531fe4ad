//! The record of a person, proved by tables and by properties.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that finds something else than it expects is to fail, and the times are worth reading"
)]
#![expect(
    clippy::type_complexity,
    reason = "tables are read row by row, not by their type"
)]

mod effect;
mod identity;
mod person;
mod properties;
mod size;
mod status;
mod teller;
