//! `[telemetry]`: where traces go.

use serde::{Deserialize, Serialize};

/// Where traces go. Metrics are at `/metrics` always.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Telemetry {
    /// The address of a collector that takes OTLP over HTTP, such as `http://127.0.0.1:4318`; none for no
    /// traces.
    pub otlp: Option<String>,
    /// The name under which the collector shows this server.
    pub service_name: String,
    /// Which share of the requests is traced, between 0 and 1. Who asks with a `traceparent` has decided.
    pub ratio: f64,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self {
            otlp: None,
            service_name: "registry".to_owned(),
            ratio: 1.0,
        }
    }
}
