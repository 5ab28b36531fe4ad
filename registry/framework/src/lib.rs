//! The framework's rules, as pure engines over plain data: rules of combination, standing in a role, pathways,
//! early-years ratios, Common Core coverage, levels elsewhere, comparison of qualifications. No input or output, no
//! clock, no database. What a regulation says is data with its day and its source ([`catalogue`], [`ratio`]), read
//! from tables; here stands only how such rules are applied.
//!
//! Every answer explains itself: each [`Reason`] cites the rule, where that rule was read, and the achievements it
//! rests on, and says whether everything it rests on was confirmed by a source.

mod award;
mod bits;
pub mod catalogue;
mod compare;
mod coverage;
mod level;
mod pathway;
mod place;
#[cfg(feature = "random")]
pub mod random;
#[cfg(feature = "random")]
pub mod random_large;
pub mod ratio;
mod reason;
pub mod shipped;
mod standing;
pub mod structure;

pub use award::{Award, Cap};
pub use compare::{Compared, Comparison, compare};
pub use coverage::{AreaCoverage, coverage};
pub use level::{LevelEquivalence, elsewhere};
pub use pathway::{Pathway, PathwayStep, StepCost, pathway};
pub use reason::{Reason, Says, Ternary};
pub use standing::{Holder, Standing, standing};
