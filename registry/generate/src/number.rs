//! ULNs of invented learners: valid, and different for different learners.

use crate::draw::{Draw, Purpose};

/// The most learners a population can have.
pub const LEARNERS_MOST: u64 = 100_000_000;

/// How many first eight digits there are, the first digit not being zero.
const BLOCKS: u64 = 90_000_000;
/// How many ninth digits are taken under each: one of the eleven remainders has no check digit, so that nine or
/// ten of the ten can be used.
const EACH: u64 = 9;
/// Has no factor in common with `BLOCKS * EACH`, so that its multiples meet every number once.
const STEP: u64 = 500_607_529;

/// Gives learners their ULNs.
pub(crate) struct Numbers {
    start: u64,
}

impl Numbers {
    pub(crate) fn of(seed: u64) -> Self {
        let mut draw = Draw::of(seed, Purpose::Numbers, 0);
        Self {
            start: u64::from(draw.below((BLOCKS * EACH) as u32)),
        }
    }

    /// The ULN of the learner of that number.
    pub(crate) fn uln(&self, learner: u64) -> String {
        let place = (self.start + learner % LEARNERS_MOST * STEP) % (BLOCKS * EACH);
        let digits = 10_000_000 + place / EACH;
        let mut left = digits;
        let sum: u64 = (3..=10)
            .map(|weight| {
                let digit = left % 10;
                left /= 10;
                digit * weight
            })
            .sum();
        let remainder = |ninth: u64| (sum + 2 * ninth) % 11;
        let ninth = (0..10)
            .filter(|ninth| remainder(*ninth) != 0)
            .nth((place % EACH) as usize)
            .unwrap_or_default();
        let check = 10 - remainder(ninth);
        format!("{digits}{ninth}{check}")
    }
}

/// The ULN with a last digit that does not fit, `by` from 1 to 9.
pub(crate) fn with_wrong_check_digit(uln: &str, by: u32) -> String {
    let (stem, check) = uln.split_at(uln.len().saturating_sub(1));
    let check: u32 = check.parse().unwrap_or_default();
    format!("{stem}{}", (check + by) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use schema::{IdentifierError, Uln};
    use std::collections::HashSet;

    #[test]
    fn numbers_do_not_repeat() {
        let numbers = Numbers::of(1);
        let seen: HashSet<String> = (0..50_000).map(|learner| numbers.uln(learner)).collect();
        assert_eq!(seen.len(), 50_000);
    }

    #[test]
    fn the_step_meets_every_number() {
        let (mut one, mut other) = (STEP, BLOCKS * EACH);
        while other != 0 {
            (one, other) = (other, one % other);
        }
        assert_eq!(one, 1);
    }

    proptest::proptest! {
        #[test]
        fn every_number_is_valid_and_its_neighbour_is_not(seed: u64, learner in 0..LEARNERS_MOST, by in 1_u32..10) {
            let uln = Numbers::of(seed).uln(learner);
            proptest::prop_assert!(Uln::parse(&uln).is_ok());
            let wrong = with_wrong_check_digit(&uln, by);
            proptest::prop_assert_eq!(Uln::parse(&wrong), Err(IdentifierError::CheckDigit));
        }
    }
}
