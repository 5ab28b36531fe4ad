//! A claim of prior learning, from draft to decision and appeal: what may be done next, by whom, and what comes of it.
//!
//! Each stage of a claim is a type of its own ([`Claim`]), with a method for each move that is legal there: a move that is
//! not legal does not compile. Credit exists only as [`Granted`], which nothing but [`Claim::assure`] makes. Whoever works
//! with stored claims takes [`AnyClaim`], where an illegal move is refused with its code.
//!
//! Nobody is on both sides of one claim. Two tokens are the same person when issuer and subject are equal or the learner is
//! ([`Person`]); that is looked at anew at every move, with all that is known of every token by then.
//!
//! ```compile_fail
//! fn jump(draft: claim::Claim<claim::Draft>, by: &claim::Actor) {
//!     // There is no credit without assessment: a draft cannot be assured.
//!     let _ = draft.assure(by, claim::Assurance::Agree, None, 0);
//! }
//! ```
//! ```compile_fail
//! // Nor can anybody make credit by hand.
//! fn forge() -> claim::Granted {
//!     claim::Granted { unit: 0, credit: Some(9) }
//! }
//! ```

mod any;
mod decision;
mod due;
mod evidence;
mod facts;
mod judgement;
mod moves;
mod person;
mod route;
mod stage;
mod terms;

pub use any::{Action, ActionKind, AnyClaim, Done};
pub use decision::{Decision, Feedback, Granted, Outcome};
pub use due::{Reminder, due, reminder};
pub use evidence::{Evidence, EvidenceKind, MOST_EVIDENCE};
pub use facts::{Criterion, Facts, Key, Unit};
pub use judgement::{Judgement, Met, Qualities, Quality};
pub use moves::{AppealAssured, Appointment, Assurance, Assured, Begun, Judged};
pub use person::{Actor, Part, Person, Token};
pub use route::{ClaimRoute, Judging};
pub use stage::{
    Appeal, Appealed, Awarded, Claim, Closed, Declined, Draft, First, InAssessment, InAssurance,
    PartlyAwarded, Round, State, Submitted, Withdrawn,
};
pub use terms::{Assessors, Sampling, Terms};
