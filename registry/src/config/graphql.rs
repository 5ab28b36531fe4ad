//! `[graphql]`: how much a query may ask for, and what a developer is shown.

use serde::{Deserialize, Serialize};

/// The limits and switches of GraphQL.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Graphql {
    /// The most bytes of a request.
    pub body: usize,
    /// How deep a query may be.
    pub depth: usize,
    /// What a query may cost: a field costs one, a list its length times what is in it.
    pub cost: usize,
    /// Whether the schema may be asked for.
    pub introspection: bool,
    /// Whether a browser's GET of `/graphql` shows GraphiQL.
    pub graphiql: bool,
}

impl Default for Graphql {
    fn default() -> Self {
        Self {
            body: 256 * 1024,
            depth: 15,
            cost: 5000,
            introspection: true,
            graphiql: true,
        }
    }
}
