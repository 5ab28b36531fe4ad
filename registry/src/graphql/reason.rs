//! Sentences of an explanation, and what may stay open.

use super::verify::Language;
use async_graphql::{Context, Enum, ID, Object};

/// Yes, no, or what the facts do not decide.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum Ternary {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// The facts do not say.
    Undetermined,
}

impl From<framework::Ternary> for Ternary {
    fn from(value: framework::Ternary) -> Self {
        match value {
            framework::Ternary::Yes => Self::Yes,
            framework::Ternary::No => Self::No,
            framework::Ternary::Undetermined => Self::Undetermined,
        }
    }
}

/// A sentence of an explanation.
pub struct Reason(framework::Reason);

/// A sentence of an explanation.
#[Object]
impl Reason {
    /// The sentence; words of a rule stand as they were read. What rests on a figure that no source confirmed says so.
    async fn text(&self, context: &Context<'_>, language: Option<Language>) -> String {
        self.0.text(Language::or(language, context))
    }

    /// The rule that it cites, by its code: of a requirement, a group of rules of combination, a rule on ratios.
    async fn rule(&self) -> &str {
        &self.0.rule
    }

    /// Where the rule was read.
    async fn source(&self) -> Option<&str> {
        self.0.source.as_deref()
    }

    /// The achievements it rests on.
    async fn achievements(&self) -> Vec<ID> {
        self.0.achievements.iter().cloned().map(ID).collect()
    }
}

impl From<framework::Reason> for Reason {
    fn from(reason: framework::Reason) -> Self {
        Self(reason)
    }
}

/// The sentences of an explanation.
pub(super) fn reasons(reasons: &[framework::Reason]) -> Vec<Reason> {
    reasons.iter().cloned().map(Reason).collect()
}
