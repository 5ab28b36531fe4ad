//! The Common Core of skills and knowledge, the Knowledge and Skills Framework, levels elsewhere.

use super::framework;
use crate::graphql::framework::Level;
use async_graphql::{Context, Result, SimpleObject};
use framework::catalogue;

/// An area of the Common Core of skills and knowledge for the children's workforce.
#[derive(SimpleObject, Clone)]
pub struct CommonCoreArea {
    /// Its number.
    pub code: String,
    /// Its title in this edition.
    pub title: String,
    /// The edition's year.
    pub edition: i32,
    /// Its headings of skills and knowledge.
    pub headings: Vec<String>,
}

impl CommonCoreArea {
    /// As the framework has it.
    pub(in crate::graphql) fn of(area: &catalogue::CommonCoreArea) -> Self {
        Self {
            code: area.code.clone(),
            title: area.title.clone(),
            edition: i32::from(area.edition),
            headings: area.headings.clone(),
        }
    }
}

/// A dimension of the health service's Knowledge and Skills Framework.
#[derive(SimpleObject, Clone)]
pub struct KsfDimension {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Whether it is one of those that every post has.
    pub core: bool,
    /// Whether a source confirms it.
    pub confirmed: bool,
}

impl KsfDimension {
    /// As the framework has it.
    pub(in crate::graphql) fn of(dimension: &catalogue::KsfDimension) -> Self {
        Self {
            code: dimension.code.clone(),
            title: dimension.title.clone(),
            core: dimension.core,
            confirmed: dimension.confirmed,
        }
    }
}

/// A level and what it is called in other frameworks, as a source states it.
#[derive(SimpleObject, Clone)]
pub struct LevelEquivalence {
    /// The level of the Regulated Qualifications Framework, in England and Northern Ireland.
    pub level: Option<Level>,
    /// The level of the European Qualifications Framework.
    pub eqf: Option<i32>,
    /// The level of the Credit and Qualifications Framework for Wales.
    pub cqfw: Option<String>,
    /// The level of the Scottish Credit and Qualifications Framework; two are parted by a stroke.
    pub scqf: Option<String>,
    /// The level of Ireland's National Framework of Qualifications; two are parted by a stroke.
    pub nfq: Option<String>,
    /// The level of the frameworks for higher education.
    pub fheq: Option<String>,
    /// Where that was read.
    pub source: String,
}

impl LevelEquivalence {
    fn of(row: &framework::LevelEquivalence) -> Self {
        Self {
            level: row.level.and_then(Level::of),
            eqf: row.eqf.map(i32::from),
            cqfw: row.cqfw.clone(),
            scqf: row.scqf.clone(),
            nfq: row.nfq.clone(),
            fheq: row.fheq.clone(),
            source: row.source.clone(),
        }
    }
}

/// The areas of an edition, the latest where none is named.
pub(in crate::graphql) async fn common_core(
    context: &Context<'_>,
    edition: Option<i32>,
) -> Result<Vec<CommonCoreArea>> {
    let framework = framework(context).await?;
    let edition = edition.or_else(|| framework.edition().map(i32::from));
    let areas = framework.common_core.iter();
    Ok(areas
        .filter(|area| Some(i32::from(area.edition)) == edition)
        .map(CommonCoreArea::of)
        .collect())
}

pub(in crate::graphql) async fn ksf(context: &Context<'_>) -> Result<Vec<KsfDimension>> {
    let framework = framework(context).await?;
    Ok(framework.ksf.iter().map(KsfDimension::of).collect())
}

pub(in crate::graphql) async fn levels(context: &Context<'_>) -> Result<Vec<LevelEquivalence>> {
    let framework = framework(context).await?;
    Ok(framework.levels.iter().map(LevelEquivalence::of).collect())
}
