//! Sectors of the workforce.

use super::framework;
use async_graphql::{Context, Result, SimpleObject};
use framework::catalogue;

/// A sector of the children and young people's workforce.
#[derive(SimpleObject, Clone)]
pub struct Sector {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How many people work in it, by an estimate.
    pub workforce_estimate: Option<i32>,
    /// The year of the estimate, in the source's words.
    pub estimate_year: Option<String>,
}

impl Sector {
    /// As the framework has it.
    pub(in crate::graphql) fn of(sector: &catalogue::Sector) -> Self {
        Self {
            code: sector.code.clone(),
            name: sector.name.clone(),
            workforce_estimate: sector
                .workforce_estimate
                .and_then(|people| i32::try_from(people).ok()),
            estimate_year: sector.estimate_year.clone(),
        }
    }
}

pub(in crate::graphql) async fn sectors(context: &Context<'_>) -> Result<Vec<Sector>> {
    let framework = framework(context).await?;
    Ok(framework.sectors.iter().map(Sector::of).collect())
}
