//! The way of stored events to their receivers. One thread looks for what is due; each address that has
//! something due is served by a thread of its own, one event after the other, so that a slow receiver holds
//! up nobody else.
//!
//! An event is claimed before it is sent, for a little longer than sending can take. A server that is killed
//! meanwhile leaves it due again, so it is sent at least once, and always with the same identifier.

use super::send::{Answer, send};
use crate::app::App;
use crate::config::Webhook;
use crate::error::Error;
use crate::model::webhook_delivery::{self, DeliveryRow, State};
use chrono::TimeDelta;
use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often is looked for what is due, and how often where the database does not answer.
const EVERY: Duration = Duration::from_millis(500);
const TROUBLED: Duration = Duration::from_secs(5);
/// How many addresses are served at once.
const AT_ONCE: usize = 16;
/// How many events one address is sent before others that wait have their turn.
const TURN: usize = 16;
/// How long an event stays claimed beyond what its receiver may take.
const MARGIN: TimeDelta = TimeDelta::seconds(30);
/// How long an event is tried, and how long at most between two attempts.
const GIVEN_UP_AFTER: TimeDelta = TimeDelta::days(1);
const LONGEST_WAIT: i64 = 3600;
/// How many events are forgotten at once: who writes waits meanwhile.
const FORGOTTEN: i64 = 1000;
/// How long it is remembered what became of one.
const REMEMBERED: TimeDelta = TimeDelta::days(30);
/// How often what is stale is swept.
const SWEPT: Duration = Duration::from_secs(3600);

/// Delivers events until it is stopped or dropped.
pub struct Deliverer(Option<Arc<Work>>);

struct Work {
    app: Arc<App>,
    state: Mutex<Progress>,
    bell: Condvar,
}

#[derive(Default)]
struct Progress {
    stopped: bool,
    /// An address had its turn, and may have more.
    more: bool,
    /// The addresses that are served now.
    busy: BTreeSet<String>,
}

impl Deliverer {
    /// Starts to deliver, where there is anybody to be told.
    ///
    /// # Errors
    /// [`Error`] where no thread can be started.
    pub fn start(app: &Arc<App>) -> Result<Self, Error> {
        if app.config.webhooks.is_empty() {
            return Ok(Self(None));
        }
        let work = Arc::new(Work {
            app: app.clone(),
            state: Mutex::default(),
            bell: Condvar::new(),
        });
        let own = work.clone();
        std::thread::Builder::new()
            .name("webhooks".to_owned())
            .spawn(move || own.run())
            .map_err(Error::internal)?;
        Ok(Self(Some(work)))
    }

    /// Takes up nothing more. What is under way is claimed, and sent again by whoever comes next where it does
    /// not come to its end.
    pub fn stop(&self) {
        if let Some(work) = &self.0 {
            work.state().stopped = true;
            work.bell.notify_all();
        }
    }
}

impl Drop for Deliverer {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Work {
    fn state(&self) -> MutexGuard<'_, Progress> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(self: Arc<Self>) {
        let mut swept: Option<Instant> = None;
        loop {
            let mut pause = EVERY;
            if swept.is_none_or(|at| at.elapsed() >= SWEPT) {
                match sweep(&self.app) {
                    Ok(()) => swept = Some(Instant::now()),
                    Err(_) => pause = TROUBLED,
                }
            }
            match self.due() {
                Ok(urls) => urls.into_iter().for_each(|url| self.clone().serve(url)),
                Err(_) => pause = TROUBLED,
            }
            let state = self.state();
            let (mut state, _) = self
                .bell
                .wait_timeout_while(state, pause, |state| !state.stopped && !state.more)
                .unwrap_or_else(PoisonError::into_inner);
            if state.stopped {
                return;
            }
            state.more = false;
        }
    }

    /// The addresses to be served that are not.
    fn due(&self) -> Result<Vec<String>, Error> {
        let (idle, room) = {
            let state = self.state();
            let urls = self.app.config.webhooks.iter().map(|one| &one.url);
            let idle: BTreeSet<String> = urls
                .filter(|url| !state.busy.contains(*url))
                .cloned()
                .collect();
            (idle, AT_ONCE.saturating_sub(state.busy.len()))
        };
        if idle.is_empty() || room == 0 {
            return Ok(Vec::new());
        }
        let now = self.app.clock.now();
        let due = self.app.db.read_blocking(move |connection| {
            let idle: Vec<&str> = idle.iter().map(String::as_str).collect();
            Ok(webhook_delivery::due(connection, &idle, now)?)
        })?;
        let mut urls: Vec<String> = Vec::new();
        for (url, body) in due {
            if urls.len() < room && !urls.contains(&url) && is_configured(&self.app, &url, &body) {
                urls.push(url);
            }
        }
        Ok(urls)
    }

    /// Serves an address on a thread of its own.
    fn serve(self: Arc<Self>, url: String) {
        self.state().busy.insert(url.clone());
        let serving = Serving { work: self, url };
        // Where there is no thread now, the address is idle again and found the next time.
        let started = std::thread::Builder::new()
            .name("webhook".to_owned())
            .spawn(move || serving.run());
        if let Err(error) = started {
            drop(Error::internal(error));
        }
    }
}

fn is_configured(app: &App, url: &str, body: &str) -> bool {
    let mut webhooks = app.config.webhooks.iter();
    webhooks.any(|one| one.url == url && one.awarding_body == body)
}

/// Gives up what nobody sends any more, since its address is no longer configured, and drops what ended long ago. A
/// server that delivers does so by itself; one that has nobody to tell, when it starts.
///
/// # Errors
/// [`Error`] where the database does not answer, or takes no changes.
pub fn sweep(app: &App) -> Result<(), Error> {
    let now = app.clock.now();
    let (stale, old) = (now - GIVEN_UP_AFTER - GIVEN_UP_AFTER, now - REMEMBERED);
    // Mostly there is nothing, and whoever may only read is left alone.
    let mut waiting = app.db.read_blocking(move |connection| {
        Ok(webhook_delivery::waiting_since(connection, stale, now)?)
    })?;
    waiting.retain(|(url, body)| !is_configured(app, url, body));
    for (url, body) in waiting {
        let whose = body.clone();
        let events = app.db.write_blocking(move |connection| {
            let whose = (url.as_str(), whose.as_str());
            Ok(webhook_delivery::give_up(connection, whose, stale, now)?)
        })?;
        tracing::warn!(
            body,
            events,
            "events are given up: their address is no longer configured"
        );
    }
    loop {
        let gone = app.db.read_blocking(move |connection| {
            Ok(webhook_delivery::ended_before(connection, old, FORGOTTEN)?)
        })?;
        if gone.is_empty() {
            return Ok(());
        }
        app.db
            .write_blocking(move |connection| Ok(webhook_delivery::forget(connection, &gone)?))?;
    }
}

/// An address that is being served; idle again when this is dropped.
struct Serving {
    work: Arc<Work>,
    url: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.work.state().busy.remove(&self.url);
        self.work.bell.notify_all();
    }
}

impl Serving {
    fn run(&self) {
        for _ in 0..TURN {
            if self.work.state().stopped {
                return;
            }
            match self.next() {
                Ok(true) => {}
                // What the database could not be told is due again when the claim ends.
                Ok(false) | Err(_) => return,
            }
        }
        self.work.state().more = true;
    }

    /// Sends the next event; answers whether there was one and it was taken.
    fn next(&self) -> Result<bool, Error> {
        let app = &self.work.app;
        let own = app.config.webhooks.iter().filter(|one| one.url == self.url);
        let own: Vec<Webhook> = own.cloned().collect();
        let longest = own.iter().map(|one| one.timeout).max().unwrap_or(0);
        let now = app.clock.now();
        let longest = TimeDelta::seconds(i64::try_from(longest).unwrap_or(0));
        let (url, until) = (self.url.clone(), now + longest + MARGIN);
        let bodies: Vec<String> = own.iter().map(|one| one.awarding_body.clone()).collect();
        let claimed = app.db.write_blocking(move |connection| {
            let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
            Ok(webhook_delivery::claim(
                connection, &url, &bodies, now, until,
            )?)
        })?;
        let Some(row) = claimed else {
            return Ok(false);
        };
        let Some(webhook) = own
            .iter()
            .find(|one| one.awarding_body == row.awarding_body)
        else {
            return Ok(false);
        };
        let began = Instant::now();
        let answer = send(&app.keys, webhook, &row.content, now.and_utc().timestamp());
        metrics::histogram!("registry_webhook_delivery_seconds").record(began.elapsed());
        // Where it was not taken the next one probably will not be either, and others wait for the place.
        let goes_on = !matches!(answer, Answer::NotTaken { .. });
        self.settle(row, answer)?;
        Ok(goes_on)
    }

    fn settle(&self, row: DeliveryRow, answer: Answer) -> Result<(), Error> {
        let app = &self.work.app;
        let now = app.clock.now();
        let event = row.id.show("event");
        let (ended, problem, wait) = match answer {
            Answer::Taken => (Some(State::Delivered), None, 0),
            Answer::Unwanted => (Some(State::GivenUp), Some("status 410".to_owned()), 0),
            Answer::NotTaken { problem, wait } => {
                let asked = wait.and_then(|wait| i64::try_from(wait).ok()).unwrap_or(0);
                let wait = pause(row.attempts, rand::random()).max(asked.min(LONGEST_WAIT) * 1000);
                let late = now + TimeDelta::milliseconds(wait) > row.created_at + GIVEN_UP_AFTER;
                (late.then_some(State::GivenUp), Some(problem), wait)
            }
        };
        let told = problem.as_deref();
        let (body, attempts) = (&row.awarding_body, row.attempts);
        match ended {
            Some(State::Delivered) => {
                tracing::info!(event, body, attempts, "an event is delivered");
            }
            Some(_) => tracing::warn!(event, body, attempts, told, "an event is given up"),
            None => tracing::info!(event, body, attempts, told, "an event was not taken"),
        }
        let result = ended.map_or("not-taken", State::as_str);
        metrics::counter!("registry_webhook_deliveries_total", "result" => result).increment(1);
        app.db.write_blocking(move |connection| {
            let told = problem.as_deref();
            match ended {
                Some(state) => webhook_delivery::end(connection, row.id, state, told, now)?,
                None => {
                    let due = now + TimeDelta::milliseconds(wait);
                    webhook_delivery::put_off(connection, &row, told.unwrap_or_default(), due)?;
                }
            }
            Ok(())
        })
    }
}

/// Milliseconds until the next attempt: a second after the first, twice as long after each, an hour at most;
/// and by chance, from 0 to 1, up to a fifth longer, so that many do not come at once.
fn pause(attempts: i32, chance: f64) -> i64 {
    let doubled = u32::try_from(attempts.saturating_sub(1))
        .unwrap_or(0)
        .min(12);
    let whole = 1000 * (1_i64 << doubled).min(LONGEST_WAIT);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a part of a second does not matter"
    )]
    let longer = (whole as f64 * 0.2 * chance) as i64;
    whole + longer
}

#[cfg(test)]
mod tests {
    use super::pause;

    #[test]
    fn attempts_come_less_and_less_often_and_once_an_hour_at_least() {
        let waits: Vec<i64> = (1..=14)
            .map(|attempts| pause(attempts, 0.0) / 1000)
            .collect();
        assert_eq!(
            waits,
            [
                1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600
            ]
        );
        assert_eq!(pause(1, 1.0), 1200);
        assert_eq!(pause(i32::MAX, 1.0), 3600 * 1200);
        assert_eq!(pause(0, 0.0), 1000);
    }
}
