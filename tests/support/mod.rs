//! What tests share: a registry with a database of its own, pushes, tokens, requests.

mod cast;
mod clock;
pub(crate) mod database;
pub(crate) mod disk;
mod files;
pub(crate) mod kills;
pub(crate) mod meaning;
pub(crate) mod orders;
mod process;
mod registry;
pub(crate) mod seeded;
mod tokens;

pub(crate) use cast::{Introspected, bearer, cast, codes, multipart};
pub(crate) use clock::Hands;
pub(crate) use files::{Row, csv, learning_events, samples, uln, uln_report};
pub(crate) use process::{Process, command, command_after};
pub(crate) use registry::{Answer, Registry, Served, built, push_of, push_of_body, request};
pub(crate) use tokens::{KeyServer, TestKey, base64, token};
