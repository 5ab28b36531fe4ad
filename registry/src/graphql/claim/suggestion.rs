//! Which units are within reach by prior learning.

use crate::action::claim::{self, Suggestion};
use crate::graphql::app;
use crate::graphql::catalogue::{self, Unit};
use crate::graphql::learner::Learner;
use crate::graphql::problem::told;
use crate::graphql::reason::{Reason, reasons};
use async_graphql::{Context, Object, Result};

/// A unit within reach by prior learning: a role still asks for it, and something on record can be evidence of it.
pub struct ClaimSuggestion(Suggestion, Unit);

/// A unit within reach by prior learning: a role still asks for it, and something on record can be evidence of it.
#[Object]
impl ClaimSuggestion {
    /// The unit.
    async fn unit(&self) -> Unit {
        self.1.clone()
    }

    /// What asks for it, and what could show it.
    async fn why(&self) -> Vec<Reason> {
        reasons(&self.0.why)
    }

    /// Which evidence would serve, each by its kind.
    async fn evidence(&self) -> &[String] {
        &self.0.evidence
    }
}

pub(in crate::graphql) async fn suggested(
    context: &Context<'_>,
    learner: &Learner,
    role: String,
) -> Result<Vec<ClaimSuggestion>> {
    let framework = catalogue::framework(context).await?;
    let found = claim::suggest(app(context)?, &learner.0, framework.clone(), role).await;
    let found = found.map_err(|error| told(context, &error))?;
    let suggestions = found.answer.into_iter();
    Ok(suggestions
        .map(|one| {
            let unit = Unit::named(&framework, &one.unit);
            ClaimSuggestion(one, unit)
        })
        .collect())
}
