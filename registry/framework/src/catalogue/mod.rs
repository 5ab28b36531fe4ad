//! The framework's tables as typed rows: sectors, roles and what they ask, pathways, the Common Core, standards,
//! units and their outcomes, structures, levels, the health service's Knowledge and Skills Framework, prior learning. Each function
//! takes a table's text and gives its rows, or every fault with row and column.
//!
//! Columns and their meaning stand in `data/README.md`; rules on ratios are read in [`crate::ratio`].

mod core;
mod outcomes;
mod people;
mod policy;
mod structures;
mod table;
mod units;

pub use self::core::{
    CommonCoreArea, KsfDimension, PriorLearningFact, Standard, common_core, ksf, levels,
    prior_learning, standards,
};
pub use outcomes::{Outcome, outcomes};
pub use people::{
    Link, LinkKind, Requirement, RequirementKind, Role, Sector, pathways, requirements, roles,
    sectors,
};
pub use policy::{ClaimPolicy, claim_policies};
pub use structures::{barred, groups, structures};
pub use table::{Fault, RowError};
pub(crate) use table::{Row, read};
pub use units::{Unit, units};
