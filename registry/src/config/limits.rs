//! `[limits]`: how often somebody may ask.

use super::size;
use serde::{Deserialize, Serialize};

/// How often somebody may ask. Who has no token is told apart by address (IPv6 by its first 64 bits), who has
/// one by its subject.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Whether there are limits at all.
    pub enabled: bool,
    /// Requests without a token, or with one that does not hold, of one address.
    pub anonymous: Rate,
    /// Requests with a token, of one subject.
    pub token: Rate,
    /// Verifications without a token that did not come out valid, of one address.
    pub anonymous_verification: Rate,
    /// Verifications with a token that did not come out valid, of one subject.
    pub verification: Rate,
    /// Pushed files, of one awarding body.
    pub push: Rate,
    /// How many files an awarding body may push in 24 hours. This and the two that follow are counted in the
    /// database, so that servers that share it share them; of pushes at the same moment one may be too many.
    pub pushes_per_day: u64,
    /// How many bytes an awarding body may push in 24 hours: a number, or a text such as `"8 GiB"`.
    #[serde(deserialize_with = "size::bytes")]
    pub bytes_per_day: u64,
    /// How many imports of an awarding body may wait or run at once.
    pub waiting_jobs: u64,
    /// How many addresses and subjects are remembered: twice as many entries over all limits together, since
    /// whoever asks takes of two or three of them. Whoever has not asked for longest is forgotten first.
    pub remembered: usize,
}

/// A rate that is kept over time, and what may come at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// How many a minute.
    pub per_minute: u32,
    /// How many at once, after a while of silence.
    pub burst: u32,
}

impl Rate {
    const fn new(per_minute: u32, burst: u32) -> Self {
        Self { per_minute, burst }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            enabled: true,
            // A program that runs away is held; a team, a proxy without a name, or a night's batch is not.
            anonymous: Rate::new(30_000, 10_000),
            token: Rate::new(120_000, 20_000),
            // Somebody who mistypes is not hurt, and those that come out valid cost nothing. Whoever guesses
            // among forty years of birth dates, 14 610, for one family name and one certificate, needs a day
            // without a token (24 hours) and half a day with one (12 hours).
            anonymous_verification: Rate::new(10, 300),
            verification: Rate::new(20, 200),
            push: Rate::new(600, 600),
            // A body that pushes each result by itself has room; one that sends the same file without end has
            // not.
            pushes_per_day: 20_000,
            bytes_per_day: 100 << 30,
            waiting_jobs: 1000,
            remembered: 100_000,
        }
    }
}

impl Limits {
    /// Every rate with its name.
    #[must_use]
    pub fn rates(&self) -> [(&'static str, Rate); 5] {
        [
            ("anonymous", self.anonymous),
            ("token", self.token),
            ("anonymous_verification", self.anonymous_verification),
            ("verification", self.verification),
            ("push", self.push),
        ]
    }
}
