//! Whether somebody meets what a role asks.

use super::catalogue::Role;
use super::evaluated::{Evaluated, role};
use super::learner::Learner;
use super::reason::{Reason, Ternary, reasons};
use super::scalar::Date;
use crate::action::framework::{Prepared, about};
use async_graphql::{Context, Object, Result};
use std::sync::Arc;

/// Whether somebody meets what a role asks on a day.
pub struct Standing {
    prepared: Arc<Prepared>,
    answer: framework::Standing,
}

/// Whether somebody meets what a role asks on a day.
#[Object]
impl Standing {
    /// The role.
    async fn role(&self) -> Result<Role> {
        role(&self.prepared, &self.answer.role)
    }

    /// Whether everything is met; undetermined where the role asks something that no record says, such as experience.
    async fn meets(&self) -> Ternary {
        self.answer.meets.into()
    }

    /// What is met, and by which achievements.
    async fn met(&self) -> Vec<Reason> {
        reasons(&self.answer.met)
    }

    /// What is not met, or not known.
    async fn missing(&self) -> Vec<Reason> {
        reasons(&self.answer.missing)
    }
}

impl Standing {
    /// What the rules say.
    pub(super) fn of(prepared: Arc<Prepared>, answer: framework::Standing) -> Self {
        Self { prepared, answer }
    }
}

pub(super) async fn standing(
    context: &Context<'_>,
    learner: &Learner,
    code: String,
    as_of: Option<Date>,
) -> Result<Standing> {
    let as_of = as_of.map(|day| day.0);
    let asked = Evaluated::of(context, learner, async |app, whom| {
        about::standing(app, whom, code, as_of).await
    });
    let evaluated = asked.await?;
    let prepared = evaluated.rules().clone();
    Ok(Standing::of(prepared, evaluated.answer))
}
