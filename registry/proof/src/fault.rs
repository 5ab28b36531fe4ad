//! Why a document could not be read at all.

use schema::Code;

/// What is wrong with a document, and where. Holds nothing of what the document says but member names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The stable code; its sentence is [`Code::message`].
    pub code: Code,
    /// A JSON pointer (RFC 6901) into the credential; empty for the whole document. Of what is not JSON
    /// yet, `byte N` of the file.
    pub place: String,
}

impl Fault {
    pub(crate) fn new(code: Code, place: impl Into<String>) -> Self {
        Self {
            code,
            place: place.into(),
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} at \"{}\"", self.code, self.place)
    }
}

impl std::error::Error for Fault {}
