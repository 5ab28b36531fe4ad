//! How far somebody has come towards a qualification.

use super::achievement::Achievement;
use super::catalogue::Unit;
use super::evaluated::Evaluated;
use super::framework::{self as register, Qualification};
use super::learner::Learner;
use super::problem::fail;
use super::reason::{Reason, reasons};
use super::scalar::Date;
use crate::action::framework::about;
use async_graphql::{Context, Object, Result};
use framework::structure;
use schema::{Code, QualificationNumber};

/// How far somebody has come towards a qualification: what counts where, what is still to be gained at the least, and why.
pub struct Progress(Evaluated<structure::Progress>);

/// How far somebody has come towards a qualification: what counts where, what is still to be gained at the least, and why.
#[Object]
impl Progress {
    /// The qualification.
    async fn qualification(&self, context: &Context<'_>) -> Result<Qualification> {
        let number = &self.0.answer.qualification;
        let found = register::named(context, number).await?;
        found.ok_or_else(|| fail(context, Code::Internal, None))
    }

    /// Whether its rules of combination are met.
    async fn complete(&self) -> bool {
        self.0.answer.complete
    }

    /// The credit held that counts, up to each group's most.
    async fn credits_towards(&self) -> i32 {
        whole(self.0.answer.credits_towards)
    }

    /// The credit required in all.
    async fn credits_required(&self) -> i32 {
        whole(self.0.answer.credits_required)
    }

    /// The least credit still to be gained; a lower bound of it where the explanation says that it was not decided.
    async fn credits_remaining(&self) -> i32 {
        whole(self.0.answer.credits_remaining)
    }

    /// Whether every figure it rests on was confirmed by a source.
    async fn confirmed(&self) -> bool {
        self.0.answer.confirmed
    }

    /// The groups of the rules, each before those it holds.
    async fn groups(&self) -> Vec<GroupProgress> {
        let groups = self.0.answer.groups.iter();
        groups
            .map(|group| GroupProgress(self.0.with(group.clone())))
            .collect()
    }

    /// The units of the cheapest way to complete it that are still to be gained.
    async fn next(&self) -> Vec<Unit> {
        self.0.units(&self.0.answer.next)
    }

    /// Why.
    async fn explanation(&self) -> Vec<Reason> {
        reasons(&self.0.answer.explanation)
    }
}

/// What counts in one group of the rules.
pub struct GroupProgress(Evaluated<structure::GroupProgress>);

/// What counts in one group of the rules.
#[Object]
impl GroupProgress {
    /// The group's name.
    async fn name(&self) -> &str {
        &self.0.answer.name
    }

    /// Whether what is held satisfies it.
    async fn satisfied(&self) -> bool {
        self.0.answer.satisfied
    }

    /// The credit held in it that counts.
    async fn credit(&self) -> i32 {
        whole(self.0.answer.credit)
    }

    /// Its least credit.
    async fn minimum_credit(&self) -> Option<i32> {
        self.0.answer.minimum_credit.map(whole)
    }

    /// How many parts of it are held.
    async fn components(&self) -> i32 {
        whole(self.0.answer.components)
    }

    /// The least number of parts.
    async fn minimum_components(&self) -> Option<i32> {
        self.0.answer.minimum_components.map(whole)
    }

    /// The achievements that count in it.
    async fn satisfied_by(&self) -> Vec<Achievement> {
        self.0.achievements(&self.0.answer.satisfied_by)
    }

    /// The units that the cheapest way still gains in it.
    async fn missing(&self) -> Vec<Unit> {
        self.0.units(&self.0.answer.missing)
    }
}

/// How many there are where nobody says.
pub(super) const NEAREST: u8 = 3;
/// The most that are told at once.
const MOST: u8 = 20;

fn whole(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

pub(super) async fn progress(
    context: &Context<'_>,
    learner: &Learner,
    number: &str,
    as_of: Option<Date>,
) -> Result<Progress> {
    let number = QualificationNumber::parse(number).map_err(|_| {
        let words = "A qualification number is seven digits and a digit or X, such as 601/7898/X.";
        fail(context, Code::InputInvalid, words)
    })?;
    let as_of = as_of.map(|day| day.0);
    let asked = Evaluated::of(context, learner, async |app, whom| {
        about::progress(app, whom, number, as_of).await
    });
    asked.await.map(Progress)
}

pub(super) async fn nearest(
    context: &Context<'_>,
    learner: &Learner,
    sector: Option<String>,
    first: Option<i32>,
) -> Result<Vec<Progress>> {
    let first = match first.map_or(Ok(NEAREST), u8::try_from) {
        Ok(first) if first <= MOST => usize::from(first),
        _ => {
            let words = format!("first must be from 0 to {MOST}.");
            return Err(fail(context, Code::InputInvalid, words.as_str()));
        }
    };
    let asked = Evaluated::of(context, learner, async |app, whom| {
        about::nearest(app, whom, sector, first).await
    });
    let found = asked.await?;
    let each = found.answer.iter();
    Ok(each.map(|one| Progress(found.with(one.clone()))).collect())
}
