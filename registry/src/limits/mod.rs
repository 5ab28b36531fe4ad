//! How often somebody may ask. Who has a token is told apart by it, who has none by address. What is
//! remembered is bounded, and holds no names: subjects are kept as a keyed digest.

mod bucket;

pub use bucket::Decision;

use crate::app::Clock;
use crate::config;
use crate::error::Error;
use bucket::Bucket;
use quick_cache::sync::Cache;
use schema::{Code, RecognitionNumber};
use std::collections::hash_map::RandomState;
use std::convert::Infallible;
use std::hash::{BuildHasher, Hash};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

/// The limits that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "said at the keys of the configuration")]
pub enum Limit {
    Anonymous,
    Token,
    AnonymousVerification,
    Verification,
    Push,
}

impl Limit {
    /// Its name, as `RateLimit-Policy` tells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Token => "token",
            Self::AnonymousVerification => "anonymous-verification",
            Self::Verification => "verification",
            Self::Push => "push",
        }
    }
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    known: bool,
    digest: (u64, u64),
}

/// The limits of a running registry, with what was taken of them.
pub struct Limits {
    enabled: bool,
    rates: [(config::Rate, Bucket); 5],
    taken: Cache<(Limit, u64, u64), Arc<AtomicI64>>,
    keys: (RandomState, RandomState),
    clock: Clock,
}

impl Limits {
    /// The limits as configured; nothing is taken of them yet.
    #[must_use]
    pub fn new(config: &config::Limits, clock: Clock) -> Self {
        let rates = config.rates().map(|(_, rate)| (rate, Bucket::new(rate)));
        // Each of a few limits at a time: whoever has a token takes of two or three of the five.
        let remembered = if config.enabled { config.remembered } else { 1 };
        Self {
            enabled: config.enabled,
            rates,
            taken: Cache::new(remembered.saturating_mul(2)),
            keys: (RandomState::new(), RandomState::new()),
            clock,
        }
    }

    /// How many are remembered now.
    #[must_use]
    pub fn remembered(&self) -> usize {
        self.taken.len()
    }

    /// Somebody without a token, or with one that does not hold. An IPv6 address counts with all that share
    /// its first 64 bits: one household has as many.
    #[must_use]
    pub fn address(&self, address: IpAddr) -> Who {
        let network = match address.to_canonical() {
            IpAddr::V4(address) => u128::from(address.to_bits()),
            IpAddr::V6(address) => address.to_bits() >> 64 << 64,
        };
        self.who(false, &network)
    }

    /// The subject of a token.
    #[must_use]
    pub fn subject(&self, issuer: &str, subject: &str) -> Who {
        self.who(true, &(issuer, subject))
    }

    fn who(&self, known: bool, of: &impl Hash) -> Who {
        Who {
            known,
            digest: (self.keys.0.hash_one(of), self.keys.1.hash_one(of)),
        }
    }

    fn bucket(&self, limit: Limit) -> &(config::Rate, Bucket) {
        let [anonymous, token, anonymous_verification, verification, push] = &self.rates;
        match limit {
            Limit::Anonymous => anonymous,
            Limit::Token => token,
            Limit::AnonymousVerification => anonymous_verification,
            Limit::Verification => verification,
            Limit::Push => push,
        }
    }

    /// The burst, and the seconds in which it is given back: `q` and `w` of `RateLimit-Policy`.
    #[must_use]
    pub fn policy(&self, limit: Limit) -> (u32, u64) {
        let (rate, bucket) = self.bucket(limit);
        (rate.burst, bucket.window())
    }

    fn kept(&self, limit: Limit, who: Who) -> Arc<AtomicI64> {
        let key = (limit, who.digest.0, who.digest.1);
        let fresh = || Ok::<_, Infallible>(Arc::default());
        match self.taken.get_or_insert_with(&key, fresh) {
            Ok(kept) => kept,
            Err(never) => match never {},
        }
    }

    fn take(&self, limit: Limit, who: Who, many: i64) -> (Decision, Arc<AtomicI64>) {
        let kept = self.kept(limit, who);
        let now = self.clock.now().and_utc().timestamp_micros();
        let decision = self.bucket(limit).1.take(&kept, many, now);
        if !decision.granted {
            metrics::counter!("registry_rate_limited_total", "limit" => limit.as_str())
                .increment(1);
        }
        (decision, kept)
    }
}

/// What one who asks may still do: handed to whatever a request sets going.
#[derive(Clone)]
pub struct Allowance(Arc<Held>);

struct Held {
    limits: Arc<Limits>,
    who: Who,
    /// Seconds to wait where something within the request was refused; 0 where nothing was.
    refused: AtomicU64,
    /// Whether a push was taken before its file came.
    ahead: AtomicBool,
}

impl Allowance {
    /// Of somebody.
    #[must_use]
    pub fn of(limits: Arc<Limits>, who: Who) -> Self {
        Self(Arc::new(Held {
            limits,
            who,
            refused: AtomicU64::new(0),
            ahead: AtomicBool::new(false),
        }))
    }

    /// The limit on requests that holds for the one who asks.
    #[must_use]
    pub fn limit(&self) -> Limit {
        if self.0.who.known {
            Limit::Token
        } else {
            Limit::Anonymous
        }
    }

    /// Takes one request: an HTTP request, or an operation over a socket. None where there are no limits.
    #[must_use]
    pub fn request(&self) -> Option<Decision> {
        let limits = &self.0.limits;
        limits
            .enabled
            .then(|| limits.take(self.limit(), self.0.who, 1).0)
    }

    /// Takes so many verifications; those that come out valid are given back by [`Reserved::settle`].
    ///
    /// # Errors
    /// [`Code::RateLimited`] where too many came out otherwise lately.
    pub fn verifications(&self, many: usize) -> Result<Reserved, Error> {
        let many = i64::try_from(many).unwrap_or(i64::MAX);
        let limit = if self.0.who.known {
            Limit::Verification
        } else {
            Limit::AnonymousVerification
        };
        if !self.0.limits.enabled {
            return Ok(Reserved(None));
        }
        let (decision, kept) = self.0.limits.take(limit, self.0.who, many);
        self.judge(decision)?;
        Ok(Reserved(Some((self.0.limits.bucket(limit).1, kept))))
    }

    /// Takes one pushed file before it has come: the next [`Allowance::push`] takes none.
    ///
    /// # Errors
    /// As [`Allowance::push`].
    pub fn push_ahead(&self, body: Option<RecognitionNumber>) -> Result<(), Error> {
        self.push(body)?;
        self.0.ahead.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Takes one pushed file, of a body or, where nobody's word is a body's, of whoever pushes it.
    ///
    /// # Errors
    /// [`Code::RateLimited`] where too many were pushed lately.
    pub fn push(&self, body: Option<RecognitionNumber>) -> Result<(), Error> {
        let limits = &self.0.limits;
        if !limits.enabled || self.0.ahead.swap(false, Ordering::Relaxed) {
            return Ok(());
        }
        let who = body.map_or(self.0.who, |body| limits.who(true, &body.to_string()));
        self.judge(limits.take(Limit::Push, who, 1).0)
    }

    /// Seconds to wait, where something within the request was refused.
    #[must_use]
    pub fn refused(&self) -> Option<u64> {
        Some(self.0.refused.load(Ordering::Relaxed)).filter(|wait| *wait > 0)
    }

    fn judge(&self, decision: Decision) -> Result<(), Error> {
        if decision.granted {
            return Ok(());
        }
        self.0
            .refused
            .store(decision.reset.max(1), Ordering::Relaxed);
        Err(Error::from(Code::RateLimited))
    }
}

/// Verifications that were taken.
#[must_use]
pub struct Reserved(Option<(Bucket, Arc<AtomicI64>)>);

impl Reserved {
    /// Gives back those that came out valid.
    pub fn settle(self, valid: usize) {
        if let Some((bucket, kept)) = self.0 {
            bucket.give_back(&kept, i64::try_from(valid).unwrap_or(0));
        }
    }
}
