//! Errors as GraphQL tells them: words, and the stable code in `extensions.code`.

use crate::error::Error;
use async_graphql::{Context, ErrorExtensions};
use schema::{Code, Language};

/// The language in which the request wants to be answered.
#[derive(Debug, Clone, Copy, Default)]
pub struct Speaks(pub Language);

pub(super) fn language(context: &Context<'_>) -> Language {
    context
        .data::<Speaks>()
        .map(|speaks| speaks.0)
        .unwrap_or_default()
}

/// An error of an action.
pub(super) fn told(context: &Context<'_>, error: &Error) -> async_graphql::Error {
    let code = error.code();
    async_graphql::Error::new(error.message(language(context))).extend_with(|_, extensions| {
        extensions.set("code", code.as_str());
        if let Error::Quota(quota) = error {
            extensions.set("limit", quota.limit);
            extensions.set("allowed", quota.allowed);
            extensions.set("retryAfter", quota.wait);
        }
    })
}

/// An error with a code, and words of its own where the code's do not say enough.
pub(super) fn fail<'a>(
    context: &Context<'_>,
    code: Code,
    words: impl Into<Option<&'a str>>,
) -> async_graphql::Error {
    match words.into() {
        Some(words) => told(context, &Error::with(code, words)),
        None => told(context, &Error::from(code)),
    }
}
