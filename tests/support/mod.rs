//! What tests share: a registry with a database of its own, pushes, tokens, requests.

mod cast;
mod database;
mod files;
mod registry;
mod tokens;

pub(crate) use cast::{Introspected, bearer, cast, codes, multipart};
pub(crate) use files::{Row, csv, learning_events, samples, uln};
pub(crate) use registry::{Answer, Registry, Served, built};
pub(crate) use tokens::{KeyServer, TestKey, base64, token};
