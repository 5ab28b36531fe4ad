//! Who hears of statements: tests that count them, the log where one was slow, and traces. None of them hears
//! a value.

use crate::telemetry::{self, name};
use diesel::connection::{DebugQuery, InstrumentationEvent};
use std::fmt::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tracing::Span;

/// Who shall hear of a connection's statements.
#[derive(Clone, Default)]
pub struct Hearing {
    /// Somebody who hears every statement.
    pub watch: Option<Watch>,
    /// How long a statement may take before the log hears of it; none for no statement.
    pub slow: Option<Duration>,
}

impl Hearing {
    /// What the configuration asks for.
    #[must_use]
    pub fn slower_than(milliseconds: u64) -> Self {
        Self {
            watch: None,
            slow: (milliseconds > 0).then(|| Duration::from_millis(milliseconds)),
        }
    }

    /// What a connection calls before and after every statement.
    pub(super) fn ear(&self) -> impl FnMut(InstrumentationEvent<'_>) + Send + use<> {
        let Self { watch, slow } = self.clone();
        let mut began = None;
        let mut traced = Span::none();
        move |event| match event {
            InstrumentationEvent::StartQuery { query, .. } => {
                if let Some(watch) = &watch {
                    watch.hear(query);
                }
                if slow.is_some() {
                    began = Some(Instant::now());
                }
                if tracing::span_enabled!(target: telemetry::TRACE, tracing::Level::INFO)
                    && telemetry::in_hop()
                {
                    let named = name::summary(&name::statement(&words(query)));
                    traced = tracing::info_span!(
                        target: telemetry::TRACE, "statement",
                        otel.name = named, otel.kind = "client",
                    );
                }
            }
            InstrumentationEvent::FinishQuery { query, error, .. } => {
                drop(std::mem::replace(&mut traced, Span::none()));
                let (Some(slow), Some(began)) = (slow, began.take()) else {
                    return;
                };
                let took = began.elapsed();
                if took >= slow {
                    metrics::counter!("registry_slow_statements_total").increment(1);
                    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
                    tracing::warn!(
                        target: "registry::slow_query",
                        duration_ms,
                        statement = name::statement(&words(query)),
                        failed = error.is_some(),
                        "slow statement"
                    );
                }
            }
            _ => {}
        }
    }
}

/// Hears every statement, values left out: for tests that count them.
#[derive(Clone, Default)]
pub struct Watch(Arc<Mutex<Vec<String>>>);

impl Watch {
    /// What was heard since this was last asked.
    #[must_use]
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn hear(&self, query: &dyn DebugQuery) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(words(query));
    }
}

/// A statement without its values, which may be somebody's and long: they are not even formatted.
fn words(query: &dyn DebugQuery) -> String {
    let mut words = Words::default();
    // Fails where the values begin, which is what is wanted.
    let _ = write!(words, "{query}");
    words.text
}

/// Takes a statement's text up to the mark behind which its values stand.
#[derive(Default)]
struct Words {
    text: String,
}

impl Words {
    const MARK: &str = " -- binds";
}

impl Write for Words {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let known = self.text.len().saturating_sub(Self::MARK.len());
        self.text.push_str(part);
        // The mark may have come in parts.
        let seen = self.text.as_bytes().get(known..).unwrap_or_default();
        match memchr::memmem::find(seen, Self::MARK.as_bytes()) {
            Some(place) => {
                self.text.truncate(known + place);
                Err(fmt::Error)
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_left_out_however_the_text_comes() {
        for parts in [
            &["SELECT ?", " -- binds: [", "1]"][..],
            &["SELECT ? --", " bin", "ds: [1]"],
            &["SELECT ? -- binds: [1]"],
        ] {
            let mut words = Words::default();
            let ended = parts.iter().try_for_each(|part| words.write_str(part));
            assert_eq!((words.text.as_str(), ended), ("SELECT ?", Err(fmt::Error)));
        }
    }
}
