//! A hop to a thread that owns a connection: how long it waited, how long it ran, and in whose request.

use std::time::Instant;
use tracing::Span;

/// What a hop's span is called.
const HOP: &str = "database";

/// Whether the current work is a hop that is traced, so that its statements are told one by one.
#[must_use]
pub fn in_hop() -> bool {
    Span::current()
        .metadata()
        .is_some_and(|of| of.name() == HOP)
}

/// A hop that was asked for.
pub struct Hop {
    kind: &'static str,
    asked: Instant,
    span: Span,
}

impl Hop {
    /// A hop of that kind, `read` or `write`, for whoever asks now.
    #[must_use]
    pub fn ask(kind: &'static str) -> Self {
        let request = Span::current();
        // What belongs to no request starts no trace of its own, and an import has too many hops to tell.
        let many = |name| ["import", "reading", "merging", "worker"].contains(&name);
        let apart = request.metadata().is_none_or(|of| many(of.name()));
        let span = if apart {
            request
        } else {
            let hop = tracing::info_span!(
                target: super::TRACE, HOP,
                otel.name = kind,
                "registry.waited_us" = tracing::field::Empty,
            );
            if hop.is_disabled() { request } else { hop }
        };
        Self {
            kind,
            asked: Instant::now(),
            span,
        }
    }

    /// Runs the hop's work, in its request's span, so that log events of it carry the request's name.
    pub fn run<T>(self, work: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let done = self.within(work);
        self.tell(began);
        done
    }

    /// Does what is done for several requests at once in the span of this one.
    pub fn within<T>(&self, work: impl FnOnce() -> T) -> T {
        self.span.in_scope(work)
    }

    /// Tells how long the hop waited for work that began then, and how long that took.
    pub fn tell(self, began: Instant) {
        let waited = began.saturating_duration_since(self.asked);
        metrics::histogram!("registry_database_wait_seconds", "kind" => self.kind).record(waited);
        if tracing::span_enabled!(target: super::TRACE, tracing::Level::INFO) {
            let waited = u64::try_from(waited.as_micros()).unwrap_or(u64::MAX);
            self.span.record("registry.waited_us", waited);
        }
        metrics::histogram!("registry_database_run_seconds", "kind" => self.kind)
            .record(began.elapsed());
    }
}
