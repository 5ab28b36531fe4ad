//! The registry's integration tests, one module an area. They run on SQLite, and with
//! `REGISTRY_TEST_DATABASE=postgres://…` (a server on which databases may be made) on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::needless_pass_by_value,
    reason = "a test fails by panicking, and says on standard error why it was skipped"
)]

mod access;
mod adapter;
mod carry;
mod catalogue;
mod claim;
mod command;
mod early_years;
mod employment;
mod framework;
mod generate;
mod identity;
mod import;
mod ledger;
mod operate;
mod order;
mod outage;
mod protocol;
mod published;
mod quarantine;
mod queue;
mod register;
mod samples;
mod search;
mod share;
mod standards;
mod stored;
mod support;
mod team;
mod undo;
mod verify;
mod webhook;
mod workforce;
