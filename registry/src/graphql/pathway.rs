//! The way from where somebody stands to a role.

use super::catalogue::Role;
use super::evaluated::Evaluated;
use super::framework::{self as register, Qualification};
use super::learner::Learner;
use super::reason::{Reason, reasons};
use crate::action::framework::about;
use async_graphql::{Context, Object, Result};

/// The way to a role that takes somebody the least credit still to be gained.
pub struct Pathway(Evaluated<framework::Pathway>);

/// The way to a role that takes somebody the least credit still to be gained.
#[Object]
impl Pathway {
    /// The role it begins at, one in which the person stands; none where there is no way.
    async fn from(&self) -> Option<Result<Role>> {
        let code = self.0.answer.from.as_deref()?;
        Some(self.0.role(code))
    }

    /// The role it leads to.
    async fn to(&self) -> Result<Role> {
        self.0.role(&self.0.answer.to)
    }

    /// The steps, in order; none where the person stands in the role already.
    async fn steps(&self) -> Vec<PathwayStep> {
        let steps = self.0.answer.steps.iter();
        steps
            .map(|step| PathwayStep(self.0.with(step.clone())))
            .collect()
    }

    /// The credit of all steps of which it is known.
    async fn credit(&self) -> i32 {
        i32::try_from(self.0.answer.credit).unwrap_or(i32::MAX)
    }

    /// Whether there is a way at all.
    async fn reachable(&self) -> bool {
        self.0.answer.reachable
    }
}

/// A step of a way.
pub struct PathwayStep(Evaluated<framework::PathwayStep>);

/// A step of a way.
#[Object]
impl PathwayStep {
    /// The role it leads to.
    async fn role(&self) -> Result<Role> {
        self.0.role(&self.0.answer.role)
    }

    /// By what, in the words in which it was read.
    async fn via(&self) -> &str {
        &self.0.answer.via
    }

    /// The qualification to be gained, where the way names one.
    async fn qualification(&self, context: &Context<'_>) -> Option<Result<Qualification>> {
        let number = self.0.answer.qualification.as_deref()?;
        register::named(context, number).await.transpose()
    }

    /// The credit still to be gained; 0 where it is not known, which the explanation says.
    async fn credit(&self) -> i32 {
        i32::try_from(self.0.answer.credit).unwrap_or(i32::MAX)
    }

    /// Why.
    async fn explanation(&self) -> Vec<Reason> {
        reasons(&self.0.answer.explanation)
    }
}

pub(super) async fn pathway(
    context: &Context<'_>,
    learner: &Learner,
    to: String,
) -> Result<Pathway> {
    let asked = Evaluated::of(context, learner, async |app, whom| {
        about::pathway(app, whom, to).await
    });
    asked.await.map(Pathway)
}
