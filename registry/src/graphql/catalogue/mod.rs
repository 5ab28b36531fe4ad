//! The framework: roles and what they ask, sectors, units, the Common Core, standards, dimensions, levels
//! elsewhere, rules of combination. Open to everybody; answered out of memory, so that a page costs no more
//! statements than a single one.

mod comparison;
mod core;
mod load;
mod prior_learning;
mod role;
mod search;
mod sector;
mod standard;
mod structure;
mod unit;

pub use self::core::{CommonCoreArea, KsfDimension, LevelEquivalence};
pub(super) use self::core::{common_core, ksf, levels};
pub use comparison::Comparison;
pub(super) use comparison::compare;
pub(super) use load::Qualifications;
pub use prior_learning::PriorLearningFact;
pub(super) use prior_learning::prior_learning_facts;
pub use role::{Role, RoleConnection};
pub(super) use role::{role, roles};
pub(super) use search::{Given, qualifications, units};
pub use search::{QualificationConnection, UnitConnection};
pub use sector::Sector;
pub(super) use sector::sectors;
pub(super) use standard::standards;
pub use standard::{Standard, StandardConnection};
pub use structure::Structure;
pub use unit::Unit;
pub(super) use unit::unit;

use super::app;
use super::problem::told;
use crate::action::framework::Framework;
use async_graphql::{Context, Result};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// The framework as a request found it: it asks once, and all its parts see the same.
#[derive(Default)]
pub(super) struct Found(OnceCell<Arc<Framework>>);

/// The framework in force. What follows something for long asks each time.
pub(in crate::graphql) async fn framework(context: &Context<'_>) -> Result<Arc<Framework>> {
    let app = app(context)?;
    let found = match context.data_opt::<Found>() {
        Some(found) => found.0.get_or_try_init(|| app.framework()).await.cloned(),
        None => app.framework().await,
    };
    found.map_err(|error| told(context, &error))
}
