//! Units: what is stored of them, and what the framework says beyond that.

use super::{CommonCoreArea, KsfDimension, Standard, framework};
use crate::action::framework::Framework;
use crate::graphql::app;
use crate::graphql::framework::Level;
use crate::graphql::problem::told;
use crate::model::unit::{self, UnitRow};
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use framework::catalogue;
use schema::UnitReference;

/// A unit, as the framework has it, else as stated by results.
#[derive(Clone)]
pub struct Unit(pub UnitRow);

/// A unit, as the framework has it, else as stated by results.
#[Object]
impl Unit {
    /// The identifier.
    pub async fn id(&self) -> ID {
        ID(format!("unit_{}", self.0.reference))
    }

    /// The reference, with obliques; of a unit that has none, what the framework calls it by.
    async fn reference(&self) -> &str {
        &self.0.reference
    }

    /// The title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The level.
    async fn level(&self) -> Option<Level> {
        Level::at(self.0.level)
    }

    /// The credit.
    async fn credit(&self) -> Option<i32> {
        self.0.credit
    }

    /// Guided learning, in hours.
    async fn guided_learning_hours(&self) -> Option<i32> {
        self.0.guided_learning_hours
    }

    /// Whether the framework has it, and a source confirms its level, credit and hours.
    async fn confirmed(&self) -> bool {
        self.0.confirmed
    }

    /// What whoever gains it has learned.
    async fn outcomes(&self, context: &Context<'_>) -> Result<Vec<LearningOutcome>> {
        let of = |framework: &Framework, unit: &catalogue::Unit| {
            let outcomes = framework.outcomes_of(&unit.facts.key);
            outcomes.map(LearningOutcome::of).collect()
        };
        self.known(context, of).await
    }

    /// The areas of the Common Core that it covers, in the latest edition's words.
    async fn areas(&self, context: &Context<'_>) -> Result<Vec<CommonCoreArea>> {
        let of = |framework: &Framework, unit: &catalogue::Unit| {
            let areas = unit.areas.iter().filter_map(|code| framework.area(code));
            areas.map(CommonCoreArea::of).collect()
        };
        self.known(context, of).await
    }

    /// The National Occupational Standards it is linked with.
    async fn standards(&self, context: &Context<'_>) -> Result<Vec<Standard>> {
        let of = |framework: &Framework, unit: &catalogue::Unit| {
            let codes = unit.standards.iter();
            let standards = codes.filter_map(|code| framework.standard(code));
            standards.map(Standard::of).collect()
        };
        self.known(context, of).await
    }

    /// The dimensions of the Knowledge and Skills Framework it is linked with.
    async fn ksf(&self, context: &Context<'_>) -> Result<Vec<KsfDimension>> {
        let of = |framework: &Framework, unit: &catalogue::Unit| {
            let codes = unit.ksf.iter();
            let dimensions = codes.filter_map(|code| framework.dimension(code));
            dimensions.map(KsfDimension::of).collect()
        };
        self.known(context, of).await
    }

    /// The units that are accepted in its place.
    async fn equivalents(&self, context: &Context<'_>) -> Result<Vec<Self>> {
        let of = |framework: &Framework, unit: &catalogue::Unit| {
            let keys = unit.facts.equivalents.iter();
            keys.map(|key| Self::named(framework, key)).collect()
        };
        self.known(context, of).await
    }
}

impl Unit {
    /// What the framework says of it; nothing of a unit that it does not have.
    async fn known<T>(
        &self,
        context: &Context<'_>,
        says: impl FnOnce(&Framework, &catalogue::Unit) -> Vec<T>,
    ) -> Result<Vec<T>> {
        let framework = framework(context).await?;
        let unit = framework.unit(&self.0.reference);
        Ok(unit.map_or_else(Vec::new, |unit| says(&framework, unit)))
    }

    /// A unit that the framework names by its key, or by a reference of which it knows nothing else.
    pub(in crate::graphql) fn named(framework: &Framework, key: &str) -> Self {
        let unknown = || UnitRow {
            reference: key.to_owned(),
            title: key.to_owned(),
            level: None,
            credit: None,
            guided_learning_hours: None,
            confirmed: false,
        };
        Self(framework.unit(key).map_or_else(unknown, UnitRow::from))
    }
}

/// Something that whoever gains a unit has learned.
#[derive(SimpleObject, Clone)]
pub struct LearningOutcome {
    /// Its code within the unit.
    pub code: String,
    /// What has been learned.
    pub title: String,
    /// The criteria by which it is assessed.
    pub criteria: Vec<String>,
}

impl LearningOutcome {
    fn of(outcome: &catalogue::Outcome) -> Self {
        Self {
            code: outcome.code.clone(),
            title: outcome.title.clone(),
            criteria: outcome.criteria.clone(),
        }
    }
}

/// The unit of that reference, however it is written, or of that key.
pub(in crate::graphql) async fn unit(context: &Context<'_>, name: &str) -> Result<Option<Unit>> {
    let name = name.trim();
    let name =
        UnitReference::parse(name).map_or_else(|_| name.to_owned(), |found| found.to_string());
    let asked = name.clone();
    let found = app(context)?
        .db
        .read(move |connection| Ok(unit::find(connection, &asked)?))
        .await;
    if let Some(row) = found.map_err(|error| told(context, &error))? {
        return Ok(Some(Unit(row)));
    }
    let framework = framework(context).await?;
    let known = framework.unit(&name).is_some() || framework.is_accepted(&name);
    Ok(known.then(|| Unit::named(&framework, &name)))
}
