//! HTTP: GraphQL over it, pushes, problems, and the addresses around them.

mod addresses;
mod graphql;
mod limits;
mod pushes;
mod uploads;
