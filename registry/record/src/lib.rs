//! The record of one person, as a pure function of everything that was told about them.
//!
//! Statements ([`Told`]) are what the registry keeps; awards are what it concludes. [`combine`] says which
//! statements speak of one award and what is true of it; it looks at the *set* of statements and never at
//! the order in which they came, so that every order gives the same record. A correction, a withdrawal, a
//! merge of two people or an undo is one more statement, or one fewer, and the same function again.
//!
//! The rules are those of the public contract, section 4: identity by the awarding body's own numbers, else
//! by learner, subject and date of award; facts by precedence; only a body's own word is its award.

mod award;
mod choice;
mod effect;
mod group;
mod index;
mod orphan;
mod person;
mod status;
mod told;

pub use award::{Award, Difference, Facts, combine};
pub use effect::{Effect, judge};
pub use person::{PersonFacts, describe};
pub use told::{SourceKind, Standing, Told};
