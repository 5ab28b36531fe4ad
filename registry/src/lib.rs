//! The registry: server and command line. The map is in the README.

pub mod access;
pub mod action;
pub mod adapter;
pub mod app;
pub mod cli;
pub mod config;
pub mod db;
pub mod error;
pub mod graphql;
pub mod issuing;
pub mod keys;
pub mod limits;
pub mod model;
pub mod server;
pub mod telemetry;
