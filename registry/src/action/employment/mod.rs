//! Employment: posts that people hold, posts that are needed, and places to learn for them, out of documented tables. The
//! figures of the workforce rest on these.

mod import;
mod row;

pub use import::{Fault, Imported, Kind, import};
