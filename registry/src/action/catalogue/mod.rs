//! The catalogue: what the regulator's register says of awarding bodies and qualifications, brought in from
//! the extracts that it publishes. An extract may be imported again at any time, whole or after a kill, and
//! the extracts in any order.

mod against;
mod column;
mod conflict;
mod early_years;
mod import;
mod organisation;
mod owner;
mod qualification;
mod report;
mod search;
mod value;

pub use against::{Contradiction, against, against_unit, withdrawn};
pub use conflict::{Conflict, Said, conflicts};
pub use early_years::import_early_years;
pub use import::{Format, import};
pub use report::{Imported, Issue};
pub use search::{Asked, Search};
