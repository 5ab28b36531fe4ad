//! Employers' teams of people who shared with them. What a team sees of somebody is what their share gives, as it stands, and
//! ends with it; each look is in that person's ledger, through that share.

mod change;
mod check;
mod gap;
mod look;
mod room;
mod stand;

pub use change::{add, clear, make, remove};
pub use check::{NewClearance, NewTeam};
pub use gap::{Gap, Plan};
pub use look::{Member, Team, Together, find, list};
pub use stand::Standings;
