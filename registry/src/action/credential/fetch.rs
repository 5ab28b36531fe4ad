//! Fetching the status lists of other issuers: from public addresses only, bounded in size and time, never redirected, and
//! remembered for a while.

use crate::action::webhook::{Reach, client};
use crate::app::App;
use crate::config::Config;
use chrono::{NaiveDateTime, TimeDelta};
use credential::Found;
use quick_cache::sync::Cache;
use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

/// The most bytes of a list. One of a million entries, none of them like the other, has 170 000.
const LONGEST: u64 = 1024 * 1024;
/// How many lists are remembered.
const REMEMBERED: usize = 32;
/// For how long they are.
const FRESH: TimeDelta = TimeDelta::seconds(60);
/// What is accepted: the forms of a credential.
const ACCEPTED: &str = "application/vc, application/vc+jwt, application/ld+json, application/json";

/// Lists that were fetched lately, by their address.
pub struct Fetched(Cache<String, (NaiveDateTime, Arc<str>)>);

impl Default for Fetched {
    fn default() -> Self {
        Self(Cache::new(REMEMBERED))
    }
}

impl Fetched {
    /// The list at that address: as it was a little while ago, or as it is now. It blocks.
    #[must_use]
    pub fn get(&self, app: &App, address: &str) -> Found {
        let now = app.clock.now();
        if let Some((at, text)) = self.0.get(address)
            && at <= now
            && now < at + FRESH
        {
            return Found::Text(text.to_string());
        }
        let found = get(&app.config, address);
        if let Found::Text(text) = &found {
            self.0
                .insert(address.to_owned(), (now, text.as_str().into()));
        }
        found
    }
}

/// Fetches what is at that address: over HTTPS from a public one, or below the registry's own. It blocks.
#[must_use]
pub fn get(config: &Config, address: &str) -> Found {
    let own = format!("{}/", config.origin());
    let is_own = address.starts_with(&own);
    if !is_own && !address.starts_with("https://") {
        return Found::Unreachable;
    }
    // Where the operator has put the registry itself may be reached, wherever that is.
    let reach = Reach {
        own: is_own,
        private: is_own,
    };
    let wait = Duration::from_secs(config.credentials.list_wait);
    let answer = client(reach, wait)
        .get(address)
        .header("accept", ACCEPTED)
        .call();
    let Ok(mut answer) = answer else {
        return Found::Unreachable;
    };
    if !answer.status().is_success() {
        return Found::Unreachable;
    }
    let mut text = String::new();
    let body = answer.body_mut().as_reader();
    match body.take(LONGEST + 1).read_to_string(&mut text) {
        Ok(read) if read as u64 <= LONGEST => Found::Text(text),
        _ => Found::Unreachable,
    }
}
