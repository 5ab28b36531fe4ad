//! Facts about how prior learning is accredited.

use super::framework;
use async_graphql::{Context, Result, SimpleObject};
use framework::catalogue;
use schema::fold_name;

/// A fact about how prior learning is accredited, as it was read in a source.
#[derive(SimpleObject, Clone)]
pub struct PriorLearningFact {
    /// What it is about, such as `definition`, `stage 1` or `evidence criteria`. Several facts can be about one topic.
    pub topic: String,
    /// The fact.
    pub text: String,
    /// Where it was read.
    pub source: String,
    /// Whether a source confirms it.
    pub confirmed: bool,
}

impl PriorLearningFact {
    fn of(fact: &catalogue::PriorLearningFact) -> Self {
        Self {
            topic: fact.topic.clone(),
            text: fact.fact.clone(),
            source: fact.source.clone(),
            confirmed: fact.confirmed,
        }
    }
}

/// The facts in the table's order; of one topic where it is named.
pub(in crate::graphql) async fn prior_learning_facts(
    context: &Context<'_>,
    topic: Option<String>,
) -> Result<Vec<PriorLearningFact>> {
    let framework = framework(context).await?;
    let topic = topic.map(|topic| fold_name(&topic));
    let facts = framework.prior_learning.iter();
    let wanted = facts.filter(|fact| {
        let topic = topic.as_ref();
        topic.is_none_or(|topic| fold_name(&fact.topic) == *topic)
    });
    Ok(wanted.map(PriorLearningFact::of).collect())
}
