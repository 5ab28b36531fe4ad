//! How much of a document is read before it is refused.

/// Bounds on what a hostile document can cost. Each is a count of what its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file (of an image: with its picture).
    pub file_bytes: usize,
    /// Bytes of the credential itself, unpacked.
    pub document_bytes: usize,
    /// Objects and arrays within each other.
    pub depth: usize,
    /// Objects, arrays, members and items in all.
    pub nodes: usize,
    /// Credentials within the credential, at any depth.
    pub credentials: usize,
    /// Proofs of one credential.
    pub proofs: usize,
    /// RDF statements of one credential.
    pub statements: usize,
    /// Blank nodes of one credential.
    pub blank_nodes: usize,
    /// Steps of canonicalisation: a step hashes one statement or related node. Graphs made to be costly
    /// need factorially many, honest credentials a few for each statement.
    pub canonical_steps: usize,
    /// Whether a document may bring contexts of its own, name types by their address and use the W3C's context for examples. For
    /// the suites that test conformance alone: under such contexts a word may mean what no reader of the JSON takes it for.
    pub own_contexts: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 8 * 1024 * 1024,
            document_bytes: 2 * 1024 * 1024,
            depth: 64,
            nodes: 100_000,
            credentials: 500,
            proofs: 16,
            statements: 100_000,
            blank_nodes: 5_000,
            canonical_steps: 500_000,
            own_contexts: false,
        }
    }
}
