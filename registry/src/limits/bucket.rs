//! One limit: a rate with a burst, kept as the time at which all that was taken is given back (the generic
//! cell rate algorithm). Deciding is a look-up and one exchange, however many ask.

use crate::config::Rate;
use std::sync::atomic::{AtomicI64, Ordering};

/// A minute in microseconds.
const MINUTE: i64 = 60_000_000;
/// How much more than the burst may be owed: what is charged after the fact, such as a hundred verifications
/// at once.
const DEBT: i64 = 100;

/// A limit, in microseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    /// How long one takes to be given back.
    every: i64,
    /// How long a whole burst takes.
    whole: i64,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Whether it may be done.
    pub granted: bool,
    /// How many more may be done now.
    pub remaining: u32,
    /// Seconds until the whole burst may be done; where it was refused, until one may.
    pub reset: u64,
}

impl Bucket {
    pub(super) fn new(rate: Rate) -> Self {
        let every = (MINUTE / i64::from(rate.per_minute.max(1))).max(1);
        Self {
            every,
            whole: every.saturating_mul(i64::from(rate.burst.max(1))),
        }
    }

    /// Seconds in which a whole burst is given back.
    pub(super) fn window(&self) -> u64 {
        seconds(self.whole)
    }

    /// Takes `many` at a time, where one at least is left.
    pub(super) fn take(&self, kept: &AtomicI64, many: i64, now: i64) -> Decision {
        let most = now.saturating_add(self.whole + self.every.saturating_mul(DEBT));
        let mut before = kept.load(Ordering::Relaxed);
        loop {
            // A clock that was put back must not lock anybody out.
            let at = before.max(now).min(most);
            let left = self.whole - (at - now);
            if left < self.every {
                return Decision {
                    granted: false,
                    remaining: 0,
                    reset: seconds(self.every - left),
                };
            }
            let after = at.saturating_add(self.every.saturating_mul(many)).min(most);
            match kept.compare_exchange_weak(before, after, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => {
                    let left = (self.whole - (after - now)).max(0) / self.every;
                    return Decision {
                        granted: true,
                        remaining: u32::try_from(left).unwrap_or(u32::MAX),
                        reset: seconds(after - now),
                    };
                }
                Err(other) => before = other,
            }
        }
    }

    /// Gives back what was taken and not used.
    pub(super) fn give_back(&self, kept: &AtomicI64, many: i64) {
        kept.fetch_sub(self.every.saturating_mul(many), Ordering::Relaxed);
    }
}

fn seconds(microseconds: i64) -> u64 {
    u64::try_from(microseconds.max(0))
        .unwrap_or(0)
        .div_ceil(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::{Bucket, MINUTE};
    use crate::config::Rate;
    use std::sync::atomic::AtomicI64;

    fn bucket(per_minute: u32, burst: u32) -> Bucket {
        Bucket::new(Rate { per_minute, burst })
    }

    #[test]
    fn a_burst_is_granted_and_then_one_at_a_time() {
        let (bucket, kept, now) = (bucket(60, 3), AtomicI64::new(0), 1_000 * MINUTE);
        let taken: Vec<_> = (0..4).map(|_| bucket.take(&kept, 1, now)).collect();
        assert_eq!(
            taken.iter().map(|one| one.granted).collect::<Vec<_>>(),
            [true, true, true, false]
        );
        assert_eq!(
            taken.iter().map(|one| one.remaining).collect::<Vec<_>>(),
            [2, 1, 0, 0]
        );
        assert_eq!(
            taken.iter().map(|one| one.reset).collect::<Vec<_>>(),
            [1, 2, 3, 1]
        );
        assert!(!bucket.take(&kept, 1, now + 999_999).granted);
        assert!(bucket.take(&kept, 1, now + 1_000_000).granted);
        assert_eq!(bucket.take(&kept, 1, now + 10 * MINUTE).remaining, 2);
        assert_eq!(bucket.window(), 3);
    }

    #[test]
    fn what_is_owed_is_bounded_and_what_was_not_used_comes_back() {
        let (bucket, kept, now) = (bucket(60, 3), AtomicI64::new(0), 1_000 * MINUTE);
        assert!(bucket.take(&kept, 100_000, now).granted);
        assert_eq!(bucket.take(&kept, 1, now).reset, 101);
        bucket.give_back(&kept, 101);
        assert!(bucket.take(&kept, 1, now).granted);
        // A day earlier.
        assert!(bucket.take(&kept, 100, now - 1440 * MINUTE).reset <= 103);
    }
}
