//! Why a request is not run: a code, words, and where a limit was hit, which one and what it allows.

use async_graphql::{Pos, Response, ServerError, Value};
use schema::Code;

/// A request that is not run.
#[derive(Debug)]
pub(super) struct Refusal {
    code: Code,
    words: String,
    limit: Option<Limit>,
    places: Vec<Pos>,
}

/// A limit that was hit, by its key in `[graphql]`.
#[derive(Debug, Clone, Copy)]
struct Limit {
    name: &'static str,
    allowed: usize,
    asked: Option<usize>,
}

impl Refusal {
    pub(super) fn new(code: Code, words: impl Into<String>) -> Self {
        Self {
            code,
            words: words.into(),
            limit: None,
            places: Vec::new(),
        }
    }

    /// The same, with where in the document the fault is.
    pub(super) fn at(self, places: Vec<Pos>) -> Self {
        Self { places, ..self }
    }

    /// A limit that was hit: `words` begin the sentence, "A document may have", and `what` ends it.
    pub(super) fn limit(
        code: Code,
        name: &'static str,
        (begin, allowed, end): (&str, usize, &str),
        asked: Option<usize>,
    ) -> Self {
        let told = asked.map_or_else(String::new, |asked| format!("; this one has {asked}"));
        Self {
            code,
            words: format!("{begin} {allowed} {end}{told}."),
            limit: Some(Limit {
                name,
                allowed,
                asked,
            }),
            places: Vec::new(),
        }
    }

    /// The answer.
    pub(super) fn response(self) -> Box<Response> {
        let mut error = ServerError::new(self.words, None);
        error.locations = self.places;
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("code", self.code.as_str());
        if let Some(limit) = self.limit {
            extensions.set("limit", limit.name);
            extensions.set("allowed", Value::from(limit.allowed));
            if let Some(asked) = limit.asked {
                extensions.set("asked", Value::from(asked));
            }
        }
        Box::new(Response::from_errors(vec![error]))
    }
}
