//! HTTP: GraphQL over it, pushes, problems, and the addresses around them.

mod addresses;
mod client;
mod digests;
mod graphql;
mod hostile;
mod issues;
mod limits;
mod progress;
mod pushes;
mod quotas;
mod requests;
mod socket;
mod suggestions;
mod trusted;
mod uploads;

pub(crate) use client::Socket;
