//! Teams: people who shared with their employer, seen by what they share and for as long as they do.

mod changes;
mod chris;
mod induction;
mod looks;
mod support;

pub(crate) use changes::refuse;
