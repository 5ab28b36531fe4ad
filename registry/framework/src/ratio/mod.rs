//! Early-years ratios: at which levels a person counts, and whether a room has the staff it needs. The rules are rows
//! of a table with their days and sources; the answer cites them, says which facts were only declared, and leaves
//! open what the facts do not decide.

mod decide;
mod evidence;
mod facts;
mod gate;
mod need;
mod number;
mod question;
mod room;
mod rule;
mod world;

pub use decide::{LevelStanding, RatioStanding, counts_in_ratio};
pub use evidence::{EvidenceRule, evidence, evidence_rules};
pub use facts::{
    Declared, Evidence, EvidenceKind, Listed, Listing, Question, RatioAward, RatioFacts,
};
pub use number::{RatioNumber, StaffNeed, ratio_numbers};
pub use question::{ListedQuestion, questions};
pub use room::{AgeBand, RoomStaff, RoomStanding, in_ratio};
pub use rule::{Condition, Need, NeedKind, RatioRule, RuleKind, ratio_rules};
