//! What a trace says of an operation: its kind, and its name where nothing of anybody can be in it. Never its
//! text, never its variables.

use crate::telemetry::{TRACE, name};
use async_graphql::Request;
use async_graphql::parser::types::OperationType;
use tracing::Span;

/// The span of an operation; none where nobody traces, and then the document is not looked at.
#[must_use]
pub fn operation(request: &mut Request) -> Span {
    if !tracing::span_enabled!(target: TRACE, tracing::Level::INFO) {
        return Span::none();
    }
    let asked = request.operation_name.clone();
    let found = request.parsed_query().ok().and_then(|document| {
        let mut operations = document.operations.iter();
        operations
            .find(|(called, _)| {
                asked.is_none() || called.map(async_graphql::Name::as_str) == asked.as_deref()
            })
            .map(|(called, operation)| (called.map(ToString::to_string), operation.node.ty))
    });
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
