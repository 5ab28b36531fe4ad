//! Finding qualifications and units by words of their titles. The index is rows of the same database, written in
//! the transaction that writes what is found, so that the next query finds what a transaction committed; no engine
//! needs an extension for it. `word` says by which words something is found, `index` keeps them, `ask` asks.

mod ask;
mod index;
mod text;
mod word;

pub use ask::{After, Filter, Found, ask};
pub use index::{Entry, begin, change, complete, is_complete};
pub use word::Sought;

/// What can be searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Qualifications, by their numbers.
    Qualification,
    /// Units, by their references.
    Unit,
}

impl Kind {
    /// Its name in the index, which is also its table's.
    fn name(self) -> &'static str {
        match self {
            Self::Qualification => "qualification",
            Self::Unit => "unit",
        }
    }

    /// The column of what is found.
    fn key(self) -> &'static str {
        match self {
            Self::Qualification => "number",
            Self::Unit => "reference",
        }
    }
}
