//! Which areas of the Common Core somebody's units cover.

use super::achievement::Achievement;
use super::catalogue::CommonCoreArea;
use super::evaluated::Evaluated;
use super::learner::Learner;
use super::problem::fail;
use crate::action::framework::about;
use async_graphql::{Context, Object, Result};
use schema::Code;

/// An area of the Common Core, and what covers it.
pub struct AreaCoverage(Evaluated<framework::AreaCoverage>);

/// An area of the Common Core, and what covers it.
#[Object]
impl AreaCoverage {
    /// The area.
    async fn area(&self, context: &Context<'_>) -> Result<CommonCoreArea> {
        let area = self.0.area(&self.0.answer.area, self.0.answer.edition);
        area.ok_or_else(|| fail(context, Code::Internal, None))
    }

    /// Whether anything held covers it.
    async fn covered(&self) -> bool {
        self.0.answer.covered
    }

    /// The achievements that do.
    async fn by(&self) -> Vec<Achievement> {
        self.0.achievements(&self.0.answer.by)
    }
}

pub(super) async fn coverage(
    context: &Context<'_>,
    learner: &Learner,
) -> Result<Vec<AreaCoverage>> {
    let found = Evaluated::of(context, learner, async |app, whom| {
        about::coverage(app, whom).await
    });
    let found = found.await?;
    let each = found.answer.iter();
    Ok(each
        .map(|one| AreaCoverage(found.with(one.clone())))
        .collect())
}
