//! HTTP: GraphQL over it, pushes, problems, and the addresses around them.

mod addresses;
mod client;
mod graphql;
mod hostile;
mod limits;
mod progress;
mod pushes;
mod requests;
mod socket;
mod suggestions;
mod trusted;
mod uploads;

pub(crate) use client::Socket;
