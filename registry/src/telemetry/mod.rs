//! What an operator sees of the running registry: log events, traces, metrics. No personal data is in any of
//! them: no names, no birth dates, no ULNs, no texts of queries, no values of statements.
//!
//! Spans of the target [`REQUEST`] are always made, since log events carry their fields; those of the target
//! [`TRACE`] only where a collector takes traces, and cost next to nothing elsewhere.

mod collector;
mod hop;
pub mod metrics;
pub mod name;
mod request;

pub use hop::{Hop, in_hop};
pub use request::{Incoming, RequestId, Trace};

use crate::config::{self, Config, LogFormat};
use crate::error::Error;
use collector::Collector;
use opentelemetry::trace::{SpanContext, TraceContextExt, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracer, SdkTracerProvider,
};
use std::io::IsTerminal;
use std::time::Duration;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::filter::{EnvFilter, FilterExt, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry, fmt};

/// The target of spans whose fields stand in log events: a request, an import.
pub const REQUEST: &str = "registry::request";
/// The target of spans that are made for traces alone.
pub const TRACE: &str = "registry::trace";

/// How many spans wait for the collector at the most; what comes while it is away is dropped.
const WAITING: usize = 4096;
/// How long a stop waits for the last spans to be taken.
const LAST: Duration = Duration::from_secs(3);

/// What was started; its end hands the last spans to the collector.
pub struct Telemetry(Option<SdkTracerProvider>);

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(provider) = self.0.take() {
            // A collector that is away loses the last spans; nothing else waits for it.
            let _ = provider.shutdown_with_timeout(LAST);
        }
    }
}

/// Starts the log on standard error and, where a server runs and a collector is named, traces. A command that
/// a person runs shows only what went wrong, unless more is asked for.
///
/// # Errors
/// A configuration error where the level is no filter.
pub fn start(config: &Config, serves: bool, traces: bool) -> Result<Telemetry, Error> {
    let asked = config.log.level != config::Log::default().level;
    let level = if serves || asked {
        config.log.level.as_str()
    } else {
        "warn"
    };
    let mut events = EnvFilter::try_new(level)
        .map_err(|error| Error::configuration("log.level", format!("is no filter: {error}")))?;
    // It names addresses whole, and those of webhooks may be secret. Who wants to see them asks for it by name.
    if !level.contains("ureq") {
        events = events.add_directive("ureq=off".parse().map_err(Error::internal)?);
    }
    let shown = events
        .and(filter_fn(|of| !of.is_span()))
        .or(filter_fn(|of| of.is_span() && of.target() == REQUEST));
    let log = fmt::layer().with_writer(std::io::stderr);
    let log = match config.log.format {
        LogFormat::Json if serves => log
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .boxed(),
        _ => log.with_ansi(std::io::stderr().is_terminal()).boxed(),
    };
    let subscriber = Registry::default().with(log.with_filter(shown));
    let Some(address) = config.telemetry.otlp.as_deref().filter(|_| traces) else {
        subscriber.try_init().map_err(Error::internal)?;
        return Ok(Telemetry(None));
    };
    let provider = provider(&config.telemetry, address)?;
    let layer = tracing_opentelemetry::layer()
        .with_tracer::<SdkTracer>(provider.tracer("registry"))
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_level(false)
        .with_tracked_inactivity(false)
        .with_context_activation(false)
        // Events may quote an engine's words: they are for the log alone.
        .with_filter(filter_fn(|of| {
            of.is_span() && [REQUEST, TRACE].contains(&of.target())
        }));
    subscriber.with(layer).try_init().map_err(Error::internal)?;
    Ok(Telemetry(Some(provider)))
}

fn provider(config: &config::Telemetry, address: &str) -> Result<SdkTracerProvider, Error> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{}/v1/traces", address.trim_end_matches('/')))
        .with_http_client(Collector::new())
        .build()
        .map_err(|error| {
            Error::configuration("telemetry.otlp", format!("cannot be used: {error}"))
        })?;
    // A thread of its own sends what has gathered; the event loop never waits for it.
    let batches = BatchConfigBuilder::default()
        .with_max_queue_size(WAITING)
        .with_max_export_batch_size(512)
        .with_scheduled_delay(Duration::from_secs(1))
        .build();
    let processor = BatchSpanProcessor::builder(exporter)
        .with_batch_config(batches)
        .build();
    let resource = Resource::builder_empty()
        .with_attributes([
            KeyValue::new("service.name", config.service_name.clone()),
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
        ])
        .build();
    let ratio = Sampler::TraceIdRatioBased(config.ratio);
    Ok(SdkTracerProvider::builder()
        .with_span_processor(processor)
        .with_sampler(Sampler::ParentBased(Box::new(ratio)))
        .with_resource(resource)
        .build())
}

/// A place in a trace.
#[derive(Debug, Clone)]
pub struct Place(SpanContext);

impl Place {
    /// The trace, in hexadecimal.
    #[must_use]
    pub fn trace(&self) -> String {
        self.0.trace_id().to_string()
    }
}

/// The place in a trace where the current work stands, for work that goes on after it; none where nothing is
/// traced.
#[must_use]
pub fn here() -> Option<Place> {
    let context = Span::current().context();
    let span = context.span();
    Some(Place(span.span_context().clone())).filter(|place| place.0.is_valid())
}

/// Puts a span where [`here`] was, without keeping what was there open.
pub fn follow(span: &Span, from: Option<Place>) {
    if let Some(Place(from)) = from {
        let _ = span.set_parent(Context::new().with_remote_span_context(from));
    }
}

/// Gives a span that has begun the name under which the collector shows it.
pub fn rename(span: &Span, name: String) {
    span.context().span().update_name(name);
}
