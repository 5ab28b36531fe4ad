//! The registry's integration tests, one module an area.

mod adapter;
mod catalogue;
