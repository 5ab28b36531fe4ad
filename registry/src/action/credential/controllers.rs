//! The keys of other issuers, fetched from where their `did:web` says: only of issuers on the operator's list, from public addresses
//! unless the operator allows more, bounded in size and time, never redirected, and remembered for a while, also that they could
//! not be had. What cannot be had leaves a document undetermined: it neither passes nor fails for that.

use crate::action::webhook::{Reach, client};
use crate::config::Config;
use chrono::{NaiveDateTime, TimeDelta};
use credential::did_web_address;
use proof::{KeyRing, Limits, read_json};
use schema::Code;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::Read as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The most bytes of a document.
const LONGEST: u64 = 256 * 1024;
/// For how long a document is relied upon: so long a key that was taken out of it goes on counting.
const FRESH: TimeDelta = TimeDelta::minutes(5);
/// After how long one that could not be had is asked for again.
const ASK_AGAIN: TimeDelta = TimeDelta::seconds(30);
const ACCEPTED: &str =
    "application/did+json, application/did, application/ld+json, application/json";

/// What became of asking for a document.
type Had = Result<Arc<Value>, Code>;

/// The issuers whose keys are fetched.
pub struct Controllers {
    places: HashMap<String, Place>,
    wait: Duration,
}

/// Where an issuer's document stands, and what was found there last. Whoever comes while it is asked for waits for that answer.
struct Place {
    address: String,
    reach: Reach,
    last: Mutex<Option<(NaiveDateTime, Had)>>,
}

impl Controllers {
    /// Those of a configuration. Nothing is fetched yet.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let fetched = config.sources.issuers.iter().filter(|one| one.is_fetched());
        let places = fetched.filter_map(|issuer| {
            let scheme = if issuer.plain_http { "http" } else { "https" };
            let place = Place {
                address: format!("{scheme}://{}", did_web_address(&issuer.id)?),
                reach: Reach {
                    own: issuer.private_network,
                    private: issuer.private_network,
                },
                last: Mutex::new(None),
            };
            Some((issuer.id.clone(), place))
        });
        Self {
            places: places.collect(),
            wait: Duration::from_secs(config.credentials.list_wait),
        }
    }

    /// The keys of `ring` and, of those issuers whose keys are fetched, theirs as they are at `now`. It blocks.
    pub fn with_keys<'a, 'i>(
        &self,
        ring: &'a KeyRing,
        issuers: impl Iterator<Item = &'i str>,
        now: NaiveDateTime,
    ) -> Cow<'a, KeyRing> {
        self.with(ring, issuers, |place| place.get(now, self.wait))
    }

    /// The keys of `ring`, and of those issuers whose keys would be fetched that nobody was asked.
    pub fn without_asking<'a, 'i>(
        &self,
        ring: &'a KeyRing,
        issuers: impl Iterator<Item = &'i str>,
    ) -> Cow<'a, KeyRing> {
        self.with(ring, issuers, |_| Err(Code::NotAskedOffline))
    }

    fn with<'a, 'i>(
        &self,
        ring: &'a KeyRing,
        issuers: impl Iterator<Item = &'i str>,
        get: impl Fn(&Place) -> Had,
    ) -> Cow<'a, KeyRing> {
        let mut ring = Cow::Borrowed(ring);
        let mut seen = HashSet::new();
        for issuer in issuers.filter(|issuer| seen.insert(*issuer)) {
            let Some(place) = self.places.get(issuer) else {
                continue;
            };
            let ring = ring.to_mut();
            let taken = get(place).and_then(|document| {
                let is_its = document.get("id").and_then(Value::as_str) == Some(issuer);
                if !is_its {
                    return Err(Code::KeyDocumentInvalid);
                }
                ring.add_controller_document(&document)
                    .map_err(|fault| fault.code)
            });
            if let Err(code) = taken {
                ring.note_missing(issuer, code);
            }
        }
        ring
    }
}

impl Place {
    /// The document as it was a little while ago, or as it is now.
    fn get(&self, now: NaiveDateTime, wait: Duration) -> Had {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, had)) = last.as_ref() {
            let fresh = if had.is_ok() { FRESH } else { ASK_AGAIN };
            if *at <= now && now < *at + fresh {
                return had.clone();
            }
        }
        let had = self.fetch(wait);
        if let Err(code) = &had {
            tracing::warn!(address = self.address, %code, "an issuer's keys could not be had");
        }
        *last = Some((now, had.clone()));
        had
    }

    fn fetch(&self, wait: Duration) -> Had {
        let unreachable = Code::IssuerKeysUnreachable;
        let answer = client(self.reach, wait)
            .get(&self.address)
            .header("accept", ACCEPTED)
            .call();
        let mut answer = answer.map_err(|_| unreachable)?;
        if !answer.status().is_success() {
            return Err(unreachable);
        }
        let mut bytes = Vec::new();
        let read = answer
            .body_mut()
            .as_reader()
            .take(LONGEST + 1)
            .read_to_end(&mut bytes);
        match read {
            Ok(read) if read as u64 <= LONGEST => {}
            _ => return Err(unreachable),
        }
        // Strictly: of a member that stands twice one reader takes the first and another the last.
        let document = read_json(&bytes, &Limits::default());
        document.map(Arc::new).map_err(|_| Code::KeyDocumentInvalid)
    }
}
