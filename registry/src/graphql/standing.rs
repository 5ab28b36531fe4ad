//! Whether somebody meets what a role asks.

use super::catalogue::Role;
use super::evaluated::Evaluated;
use super::learner::Learner;
use super::reason::{Reason, Ternary, reasons};
use super::scalar::Date;
use crate::action::framework::about;
use async_graphql::{Context, Object, Result};

/// Whether somebody meets what a role asks on a day.
pub struct Standing(Evaluated<framework::Standing>);

/// Whether somebody meets what a role asks on a day.
#[Object]
impl Standing {
    /// The role.
    async fn role(&self) -> Result<Role> {
        self.0.role(&self.0.answer.role)
    }

    /// Whether everything is met; undetermined where the role asks something that no record says, such as experience.
    async fn meets(&self) -> Ternary {
        self.0.answer.meets.into()
    }

    /// What is met, and by which achievements.
    async fn met(&self) -> Vec<Reason> {
        reasons(&self.0.answer.met)
    }

    /// What is not met, or not known.
    async fn missing(&self) -> Vec<Reason> {
        reasons(&self.0.answer.missing)
    }
}

pub(super) async fn standing(
    context: &Context<'_>,
    learner: &Learner,
    role: String,
    as_of: Option<Date>,
) -> Result<Standing> {
    let as_of = as_of.map(|day| day.0);
    let asked = Evaluated::of(context, learner, async |app, whom| {
        about::standing(app, whom, role, as_of).await
    });
    asked.await.map(Standing)
}
