//! Numbers drawn from a seed. Whatever is drawn for a learner comes from a stream of its own, so that it depends
//! on the seed and the learner's number and on nothing that was drawn before.
//!
//! The generator is ChaCha with 8 rounds: its output is defined by its algorithm, and its crate promises that no
//! version will give other numbers. What turns them into choices is here and not in a library, since those may
//! change how they do it.

use chrono::Days;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use schema::Date;

/// What a stream is for. Mistakes have a stream of their own, so that people and awards are the same however
/// many mistakes are made about them.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    Numbers = 1,
    Catalogue = 2,
    Household = 3,
    Person = 4,
    Likeness = 5,
    Awards = 6,
    Mistakes = 7,
    Documents = 8,
}

/// A stream of choices.
pub(crate) struct Draw(ChaCha8Rng);

impl Draw {
    /// The stream of that number.
    pub(crate) fn of(seed: u64, purpose: Purpose, number: u64) -> Self {
        let mut key = [0_u8; 32];
        let words = seed.to_le_bytes().into_iter().chain([purpose as u8]);
        for (place, byte) in key.iter_mut().zip(words) {
            *place = byte;
        }
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(number);
        Self(generator)
    }

    /// A number less than `bound`; 0 where that is 0.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(bound)) >> 32) as u32
    }

    /// A number from `least` to `most`.
    pub(crate) fn between(&mut self, least: u32, most: u32) -> u32 {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// True in that share of cases.
    pub(crate) fn chance(&mut self, share: f64) -> bool {
        f64::from(self.0.next_u32()) < share * 4_294_967_296.0
    }

    /// One of `items`.
    pub(crate) fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let place = self.below(items.len() as u32) as usize;
        items.get(place).copied().unwrap_or_default()
    }

    /// One of as many choices as there are weights, by its place.
    pub(crate) fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().sum());
        weights
            .iter()
            .position(|weight| match left.checked_sub(*weight) {
                Some(rest) => {
                    left = rest;
                    false
                }
                None => true,
            })
            .unwrap_or_default()
    }

    /// A day from `first` to `last`; `first` where that is not before `last`.
    pub(crate) fn day(&mut self, first: Date, last: Date) -> Date {
        let days = u32::try_from((last - first).num_days()).unwrap_or(0);
        later(first, self.between(0, days))
    }
}

/// So many days later.
pub(crate) fn later(day: Date, days: u32) -> Date {
    day.checked_add_days(Days::new(u64::from(days)))
        .unwrap_or(day)
}

/// The day of those numbers; the last of the month where the month is shorter.
pub(crate) fn day(year: i32, month: u32, day: u32) -> Date {
    (0..4)
        .find_map(|less| Date::from_ymd_opt(year, month, day - less))
        .unwrap_or_default()
}
