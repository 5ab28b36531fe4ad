//! The way of a result file: spooled and digested (`spool`), made a job (`submit`), read by an adapter in
//! its worker and staged (`read`), and merged into the records (`merge`): linked to learners (`link`), held
//! against the register (`catalogue`) and settled (`settle`); what became of ULNs is remembered (`uln`). `run` drives a job from wherever it stands to
//! its end, so that a killed import goes on; `queue` does so for a running server, and again where the
//! database or the disk failed. Who runs a job has claimed it (`claim`) and gives
//! signs of life (`beat`); it ends where somebody cancels it (`cancel`). `undo` takes a whole import back.

mod beat;
pub mod cancel;
mod catalogue;
mod claim;
mod follow;
mod link;
mod merge;
mod origin;
mod prepare;
mod quarantine;
mod queue;
pub(crate) mod quota;
pub(crate) mod read;
mod report;
mod run;
pub mod see;
pub(crate) mod settle;
pub mod spool;
mod submit;
mod uln;
pub mod undo;

pub use follow::Follow;
pub(crate) use link::LINKED;
pub use origin::Origin;
pub use queue::{Queue, enqueue};
pub use report::{Counts, IssueReport, Problem, Report, report};
pub use run::{Progress, Silent, run};
pub use submit::{Mode, Push, Submitted, carry_out, submit};
