//! The framework's rules, as pure engines over plain data: rules of combination, standing in a role, pathways,
//! early-years ratios, Common Core coverage, levels elsewhere, comparison of qualifications. No input or output, no
//! clock, no database. What a regulation says is data with its day and its source ([`catalogue`], [`ratio`]), read
//! from tables; here stands only how such rules are applied.
//!
//! Every answer explains itself: each [`Reason`] cites the rule, where that rule was read, and the achievements it
//! rests on, and says whether everything it rests on was confirmed by a source.

mod award;
mod bits;
mod level;
mod place;
#[cfg(feature = "random")]
pub mod random;
mod reason;
pub mod structure;

pub use award::Award;
pub use level::{LevelEquivalence, elsewhere};
pub use reason::{Reason, Says, Ternary};
