//! What a trace says of an operation: its kind, and its name where nothing of anybody can be in it. Never its
//! text, never its variables.

use crate::telemetry::{TRACE, name};
use async_graphql::parser::types::{ExecutableDocument, OperationType};
use tracing::Span;

/// The span of an operation; none where nobody traces, and then the document is not looked at.
#[must_use]
pub(super) fn operation(document: &ExecutableDocument, asked: Option<&str>) -> Span {
    if !tracing::span_enabled!(target: TRACE, tracing::Level::INFO) {
        return Span::none();
    }
    let found = document
        .operations
        .iter()
        .find(|(called, _)| asked.is_none() || called.map(async_graphql::Name::as_str) == asked)
        .map(|(called, operation)| (called.map(ToString::to_string), operation.node.ty));
    let (called, kind) = match found {
        Some((called, OperationType::Query)) => (called, "query"),
        Some((called, OperationType::Mutation)) => (called, "mutation"),
        Some((called, OperationType::Subscription)) => (called, "subscription"),
        None => (None, "unreadable"),
    };
    let called = called.as_deref().and_then(name::operation);
    let shown = called.map_or_else(|| kind.to_owned(), |called| format!("{kind} {called}"));
    tracing::info_span!(
        target: TRACE, "graphql",
        otel.name = shown,
        "graphql.operation.type" = kind,
        "graphql.operation.name" = called,
    )
}
