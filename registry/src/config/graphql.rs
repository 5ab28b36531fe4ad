//! `[graphql]`: how much a query may ask for, what a developer is shown, which documents are trusted, and
//! how many sockets may be open.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The limits and switches of GraphQL. Each refusal names the limit by the key that stands here.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Graphql {
    /// The most bytes of a request, and of a message on a socket.
    pub body: usize,
    /// The most tokens of a document: names, numbers, texts and punctuation. They are counted before the
    /// document is read.
    pub tokens: usize,
    /// How far brackets, and fragments in fragments, may stand in each other: at most 64.
    pub recursion: usize,
    /// The most selections of a document, with its fragments written out wherever they are spread.
    pub selections: usize,
    /// How deep a query may be, in fields.
    pub depth: usize,
    /// What a query may cost: a field costs one, a list its length times what is in it; one of objects without
    /// pages counts as of five. A request with `"extensions": {"cost": true}` is told what it cost.
    pub cost: usize,
    /// The most aliases of a document.
    pub aliases: usize,
    /// The most directives at one place.
    pub directives: usize,
    /// The most lists and aliases that may be asked for about the schema itself. The usual introspection has
    /// ten.
    pub introspected: usize,
    /// The longest list that is taken as an argument or in a variable.
    pub list: usize,
    /// The longest text that is taken as an argument or in a variable, in bytes.
    pub text: usize,
    /// The longest document that is handed in to be verified, in bytes. `body` must have room for it, written as a text.
    pub document: usize,
    /// Seconds after which a request is given up, receiving it included. Receiving and keeping a file does not
    /// count.
    pub time: u64,
    /// How many requests a batch may have; 0 takes none. They share `body`, `cost` and `time`.
    pub batch: usize,
    /// Whether the schema may be asked for.
    pub introspection: bool,
    /// Whether a browser's GET of `/graphql` shows GraphiQL.
    pub graphiql: bool,
    /// Documents that clients name instead of sending them.
    pub trusted_documents: TrustedDocuments,
    /// The sockets at `/graphql/ws`.
    pub sockets: Sockets,
}

/// Documents that clients name by their SHA-256, as `"documentId": "sha256:…"` or in the form of automatic
/// persisted queries. Clients cannot add to them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TrustedDocuments {
    /// A folder, each `*.graphql` file of which is a document: its identifier is what `sha256sum` says.
    pub directory: Option<PathBuf>,
    /// A JSON file, an object of identifiers and documents.
    pub file: Option<PathBuf>,
    /// Whether every other document is refused.
    pub only: bool,
}

/// The limits of sockets.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sockets {
    /// How many may be open at once.
    pub at_once: usize,
    /// How many operations may run at once on each.
    pub operations: usize,
    /// Seconds within which `connection_init` must come.
    pub init: u64,
    /// Seconds after which a silent client is pinged.
    pub ping: u64,
    /// Seconds without a sign of the client after which its socket is closed.
    pub silence: u64,
    /// Seconds that a client may take to read what waits for it.
    pub reader: u64,
}

impl Default for Graphql {
    fn default() -> Self {
        Self {
            body: 2 * 1024 * 1024,
            tokens: 10_000,
            recursion: 50,
            selections: 10_000,
            depth: 15,
            cost: 5000,
            aliases: 100,
            directives: 10,
            introspected: 20,
            list: 100,
            text: 4096,
            document: 1024 * 1024,
            time: 30,
            batch: 0,
            introspection: true,
            graphiql: true,
            trusted_documents: TrustedDocuments::default(),
            sockets: Sockets::default(),
        }
    }
}

impl Default for Sockets {
    fn default() -> Self {
        Self {
            at_once: 1000,
            operations: 20,
            init: 10,
            ping: 20,
            silence: 60,
            reader: 20,
        }
    }
}
