//! A clock that a test puts forward and back.

use chrono::{NaiveDateTime, TimeDelta};
use registry::app::Clock;
use std::sync::{Arc, Mutex};

/// See the module.
#[derive(Clone)]
pub(crate) struct Hands(Arc<Mutex<NaiveDateTime>>);

impl Hands {
    /// One that stands at noon of that day.
    pub(crate) fn at(day: &str) -> Self {
        let day = schema::parse_date(day).unwrap();
        Self(Arc::new(Mutex::new(day.and_hms_opt(12, 0, 0).unwrap())))
    }

    pub(crate) fn clock(&self) -> Clock {
        let hands = self.clone();
        Clock::new(move || hands.now())
    }

    pub(crate) fn now(&self) -> NaiveDateTime {
        *self.0.lock().unwrap()
    }

    /// Puts it forward, or back by a negative time.
    pub(crate) fn put(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}
