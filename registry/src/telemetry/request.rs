//! The identifier of a request, and the trace that it belongs to.

use super::Place;
use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use std::fmt;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// The longest identifier that a client may give.
const LONGEST: usize = 64;
/// The shortest one: less would not tell two requests apart.
const SHORTEST: usize = 8;

/// What a request is called in the log, in its answer, and in problem documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// The client's own name for the request, where it is 8 to 64 letters, digits, `-`, `_`, `.` and not a
    /// number alone: a number could be somebody's.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (SHORTEST..=LONGEST).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            && text.bytes().any(|byte| byte.is_ascii_alphabetic());
        fits.then(|| Self(text.to_owned()))
    }

    /// A new one.
    #[must_use]
    pub fn new() -> Self {
        Self(format!("{:032x}", rand::random::<u128>()))
    }

    /// The identifier.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for RequestId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The trace in which a client asks: `traceparent` of W3C Trace Context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trace {
    trace: u128,
    parent: u64,
    flags: u8,
}

impl Trace {
    /// Reads the header. What follows the parts of version 00 in a later version is passed over.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(5, '-');
        let version = hexadecimal(parts.next()?, 2)?;
        let trace = hexadecimal(parts.next()?, 32)?;
        let parent = hexadecimal(parts.next()?, 16)?;
        let flags = hexadecimal(parts.next()?, 2)?;
        let more = parts.next().is_some();
        if version == 0xff || (version == 0 && more) || trace == 0 || parent == 0 {
            return None;
        }
        Some(Self {
            trace,
            parent: u64::try_from(parent).ok()?,
            flags: u8::try_from(flags).ok()?,
        })
    }
}

/// A number of so many hexadecimal digits, without capitals.
fn hexadecimal(text: &str, digits: usize) -> Option<u128> {
    let fits = text.len() == digits
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    fits.then(|| u128::from_str_radix(text, 16).ok()).flatten()
}

/// What a request brings with it.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// What it is called.
    pub id: RequestId,
    /// The trace in which it asks.
    pub trace: Option<Trace>,
}

impl Incoming {
    /// Out of `X-Request-Id` and `traceparent`: without the first the trace gives the name, without both it is
    /// made.
    #[must_use]
    pub fn of(id: Option<&str>, traceparent: Option<&str>) -> Self {
        let trace = traceparent.and_then(Trace::parse);
        let id = id
            .and_then(RequestId::parse)
            .or_else(|| trace.map(|trace| RequestId(format!("{:032x}", trace.trace))))
            .unwrap_or_default();
        Self { id, trace }
    }

    /// The span of the request. Its fields stand in every log event of the request.
    #[must_use]
    pub fn span(&self, method: &'static str) -> Span {
        let span = tracing::info_span!(
            target: super::REQUEST, "request",
            request_id = self.id.as_str(),
            trace_id = tracing::field::Empty,
            otel.kind = tracing::field::Empty,
        );
        // Whether anybody traces is told by a span that only traces want.
        if !tracing::span_enabled!(target: super::TRACE, tracing::Level::INFO) {
            return span;
        }
        if let Some(Trace {
            trace,
            parent,
            flags,
        }) = self.trace
        {
            let parent = SpanContext::new(
                TraceId::from(trace),
                SpanId::from(parent),
                TraceFlags::new(flags & 1),
                true,
                TraceState::NONE,
            );
            let _ = span.set_parent(Context::new().with_remote_span_context(parent));
        }
        span.set_attribute("http.request.method", method);
        span.record("otel.kind", "server");
        if let Some(here) = span.in_scope(super::here) {
            span.record("trace_id", here.trace());
        }
        span
    }
}

impl RequestId {
    /// The span of one operation of many that a request sets going, such as those on a socket: `number` tells
    /// them apart, and `from` is where the request stands in its trace.
    #[must_use]
    pub fn operation(&self, number: u64, from: Option<Place>) -> Span {
        let span = tracing::info_span!(
            target: super::REQUEST, "operation",
            request_id = format_args!("{self}-{number}"),
            trace_id = from.as_ref().map(Place::trace),
        );
        super::follow(&span, from);
        span
    }
}

#[cfg(test)]
mod tests {
    use super::{Incoming, RequestId, Trace};

    #[test]
    fn a_client_names_a_request_only_in_plain_bounded_words() {
        for (text, fits) in [
            ("checkout-4711-ab", true),
            ("0af7651916cd43dd8448eb211c80319c", true),
            ("a.b_c-d1", true),
            ("short", false),
            ("1234567890", false),
            ("with space in it", false),
            ("line\nfeed-line", false),
            ("caf\u{e9}-caf\u{e9}", false),
            ("\"quoted-id\"", false),
        ] {
            assert_eq!(RequestId::parse(text).is_some(), fits, "{text}");
        }
        assert!(RequestId::parse(&"a".repeat(64)).is_some());
        assert!(RequestId::parse(&"a".repeat(65)).is_none());
    }

    #[test]
    fn a_trace_parent_is_read_as_the_recommendation_says() {
        let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert!(Trace::parse(good).is_some());
        assert!(Trace::parse(&good.replace("00-0a", "cc-0a")).is_some());
        assert!(Trace::parse(&format!("{}-more", good.replace("00-0a", "cc-0a"))).is_some());
        for wrong in [
            format!("{good}-more"),
            good.replace("00-0a", "ff-0a"),
            good.to_uppercase(),
            good.replace("0af7651916cd43dd8448eb211c80319c", &"0".repeat(32)),
            good.replace("b7ad6b7169203331", &"0".repeat(16)),
            good.replace("-01", "-1"),
            String::new(),
            "-".repeat(55),
        ] {
            assert_eq!(Trace::parse(&wrong), None, "{wrong}");
        }
        let incoming = Incoming::of(None, Some(good));
        assert_eq!(incoming.id.as_str(), "0af7651916cd43dd8448eb211c80319c");
        assert_eq!(
            Incoming::of(Some("my-own-id"), Some(good)).id.as_str(),
            "my-own-id"
        );
        assert_eq!(Incoming::of(Some("!"), None).id.as_str().len(), 32);
    }
}
