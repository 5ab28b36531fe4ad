//! What the list of early-years qualifications says of an award.

use framework::Award;
use framework::ratio::Listed;

/// What the Department for Education's list of early-years qualifications says of `award`. While no list is loaded
/// nothing is: then whether a qualification is full and relevant stays open, and only statuses decide.
#[must_use]
pub fn listed(_award: &Award) -> Listed {
    Listed::NoList
}
