//! `[log]`: what is written to standard error.

use serde::{Deserialize, Serialize};

/// What is written to standard error.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// Which events: `info`, `debug`, or a list such as `registry=debug,warn`.
    pub level: String,
    /// `json`, or `text` for people.
    pub format: LogFormat,
    /// Whether every request leaves an event: route, status, duration, who asked by role.
    pub access: bool,
    /// Statements to the database that take as many milliseconds leave an event, without values; 0 for none.
    pub slow_query_ms: u64,
}

/// How log events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "said at the key")]
pub enum LogFormat {
    Json,
    Text,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            level: "info".to_owned(),
            format: LogFormat::Json,
            access: true,
            slow_query_ms: 500,
        }
    }
}
