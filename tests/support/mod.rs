//! What tests share: a registry with a database of its own, pushes, tokens, requests.

mod database;
mod files;
mod registry;

pub(crate) use files::{Row, csv, learning_events, samples, uln};
pub(crate) use registry::Registry;
