//! The framework as far as results need it: qualifications, awarding bodies, levels. Open to all. The rest of it
//! stands in `catalogue`.

use super::app;
use super::catalogue::{self, Qualifications, Sector, Structure};
use super::problem::told;
use super::scalar::Date;
use crate::action::framework::Framework;
use crate::model::awarding_body::{self, BodyRow};
use crate::model::qualification::{self, QualificationRow};
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Enum, ID, Object, Result};
use schema::{QualificationNumber, RecognitionNumber};

/// A level of the Regulated Qualifications Framework.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Entry level 1.
    #[graphql(name = "ENTRY_1")]
    Entry1,
    /// Entry level 2.
    #[graphql(name = "ENTRY_2")]
    Entry2,
    /// Entry level 3.
    #[graphql(name = "ENTRY_3")]
    Entry3,
    /// Level 1.
    #[graphql(name = "L1")]
    L1,
    /// Level 2.
    #[graphql(name = "L2")]
    L2,
    /// Level 3.
    #[graphql(name = "L3")]
    L3,
    /// Level 4.
    #[graphql(name = "L4")]
    L4,
    /// Level 5.
    #[graphql(name = "L5")]
    L5,
    /// Level 6.
    #[graphql(name = "L6")]
    L6,
    /// Level 7.
    #[graphql(name = "L7")]
    L7,
    /// Level 8.
    #[graphql(name = "L8")]
    L8,
}

impl Level {
    const ALL: [(Self, schema::Level); 11] = [
        (Self::Entry1, schema::Level::Entry1),
        (Self::Entry2, schema::Level::Entry2),
        (Self::Entry3, schema::Level::Entry3),
        (Self::L1, schema::Level::L1),
        (Self::L2, schema::Level::L2),
        (Self::L3, schema::Level::L3),
        (Self::L4, schema::Level::L4),
        (Self::L5, schema::Level::L5),
        (Self::L6, schema::Level::L6),
        (Self::L7, schema::Level::L7),
        (Self::L8, schema::Level::L8),
    ];

    pub(super) fn of(level: schema::Level) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|(_, other)| *other == level)
            .map(|(shown, _)| shown)
    }

    pub(super) fn at(place: Option<i16>) -> Option<Self> {
        place.and_then(schema::Level::from_place).and_then(Self::of)
    }

    pub(super) fn level(self) -> Option<schema::Level> {
        Self::ALL
            .into_iter()
            .find(|(shown, _)| *shown == self)
            .map(|(_, level)| level)
    }
}

/// A regulated qualification, or one that a result named and the register does not know.
#[derive(Clone)]
pub struct Qualification(pub QualificationRow, pub Option<BodyRow>);

/// A regulated qualification, or one that a result named and the register does not know.
#[Object]
impl Qualification {
    /// The identifier.
    pub async fn id(&self) -> ID {
        ID(format!("qualification_{}", self.0.number))
    }

    /// The number in the register, with obliques.
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// The title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The level, where it is a single one.
    async fn level(&self) -> Option<Level> {
        Level::at(self.0.level)
    }

    /// The level of the European Qualifications Framework, as the register states it.
    async fn eqf_level(&self) -> Option<i32> {
        self.0.eqf_level.map(i32::from)
    }

    /// The type, in the register's words.
    #[graphql(name = "type")]
    async fn kind(&self) -> Option<&str> {
        self.0.kind.as_deref()
    }

    /// The body that owns it.
    async fn awarding_body(&self, context: &Context<'_>) -> Option<Result<AwardingBody>> {
        if let Some(body) = &self.1 {
            return Some(Ok(AwardingBody(body.clone())));
        }
        let number = RecognitionNumber::parse(self.0.body.as_deref()?).ok()?;
        awarding_body(context, number).await.transpose()
    }

    /// Whether the register that was loaded knows it.
    async fn registered(&self) -> bool {
        self.0.registered
    }

    /// Total credit; zero bears no credit.
    async fn total_credit(&self) -> Option<i32> {
        self.0.total_credit
    }

    /// Total qualification time, in hours.
    async fn total_qualification_time(&self) -> Option<i32> {
        self.0.total_qualification_time
    }

    /// Guided learning, in hours.
    async fn guided_learning_hours(&self) -> Option<i32> {
        self.0.guided_learning_hours
    }

    /// The first day on which learners could be registered.
    async fn operational_from(&self) -> Option<Date> {
        self.0.operational_from.map(Date)
    }

    /// The last day on which learners could be registered.
    async fn operational_until(&self) -> Option<Date> {
        self.0.operational_until.map(Date)
    }

    /// The last day on which it could be certificated.
    async fn certification_until(&self) -> Option<Date> {
        self.0.certification_until.map(Date)
    }

    /// Which units make it; null where the framework does not say.
    async fn structure(&self, context: &Context<'_>) -> Option<Result<Structure>> {
        let framework = match catalogue::framework(context).await {
            Ok(framework) => framework,
            Err(error) => return Some(Err(error)),
        };
        let compiled = framework.structure(&self.0.number)?;
        Some(Ok(Structure::of(&framework, compiled)))
    }

    /// The sectors in which a role asks for it by its number, or a way leads to a role by it.
    async fn sectors(&self, context: &Context<'_>) -> Result<Vec<Sector>> {
        let framework = catalogue::framework(context).await?;
        let sectors = framework.sectors_of(&self.0.number);
        Ok(sectors.map(Sector::of).collect())
    }

    /// The qualifications of other bodies with the same rules of combination.
    async fn equivalents(&self, context: &Context<'_>) -> Result<Vec<Self>> {
        let framework = catalogue::framework(context).await?;
        let numbers: Vec<String> = framework.equivalents_of(&self.0.number).collect();
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let loader = context.data::<DataLoader<Qualifications>>()?;
        let mut found = loader
            .load_many(numbers.iter().cloned())
            .await
            .map_err(|error| told(context, &error))?;
        let known = |number: String| {
            let known = found.remove(&number);
            known.or_else(|| Self::of_framework(&framework, &number))
        };
        Ok(numbers.into_iter().filter_map(known).collect())
    }
}

impl Qualification {
    /// One that the framework has rules for, whatever the register knows.
    fn of_framework(framework: &Framework, number: &str) -> Option<Self> {
        let structure = framework.structure(number)?.structure();
        let number = QualificationNumber::parse(number).ok()?;
        // What is said of one is not said of those with the same rules.
        let itself = QualificationNumber::parse(&structure.qualification) == Ok(number);
        let title = structure.title.as_deref().filter(|_| itself);
        let level = structure.level.filter(|_| itself);
        let row = QualificationRow {
            level: level.map(schema::Level::place),
            total_credit: Some(i32::from(structure.total_credit)),
            ..QualificationRow::unregistered(number, title)
        };
        Some(Self(row, None))
    }
}

/// An awarding body.
#[derive(Clone)]
pub struct AwardingBody(pub BodyRow);

/// An awarding body.
#[Object]
impl AwardingBody {
    /// The identifier.
    pub async fn id(&self) -> ID {
        ID(format!("awarding-body_{}", self.0.recognition_number))
    }

    /// The recognition number.
    async fn recognition_number(&self) -> &str {
        &self.0.recognition_number
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The acronym.
    async fn acronym(&self) -> Option<&str> {
        self.0.acronym.as_deref()
    }

    /// Whether the register that was loaded says that it is recognised now.
    async fn recognised(&self) -> bool {
        self.0.recognised_on(None)
    }
}

/// A qualification that the framework names: as the register has it, else as the framework does, else under its number
/// alone. Those that one request names are read together.
pub(super) async fn named(context: &Context<'_>, number: &str) -> Result<Option<Qualification>> {
    let Ok(number) = QualificationNumber::parse(number) else {
        return Ok(None);
    };
    let loader = context.data::<DataLoader<Qualifications>>()?;
    let found = loader.load_one(number.to_string()).await;
    if let Some(found) = found.map_err(|error| told(context, &error))? {
        return Ok(Some(found));
    }
    let framework = catalogue::framework(context).await?;
    let known = Qualification::of_framework(&framework, number.as_str());
    let alone = || Qualification(QualificationRow::unregistered(number, None), None);
    Ok(Some(known.unwrap_or_else(alone)))
}

pub(super) async fn qualification(
    context: &Context<'_>,
    number: QualificationNumber,
) -> Result<Option<Qualification>> {
    let found = app(context)?
        .db
        .read(move |connection| {
            let Some(row) = qualification::find(connection, number)? else {
                return Ok(None);
            };
            let body = match row
                .body
                .as_deref()
                .and_then(|number| RecognitionNumber::parse(number).ok())
            {
                Some(number) => awarding_body::find(connection, number)?,
                None => None,
            };
            Ok(Some(Qualification(row, body)))
        })
        .await;
    match found.map_err(|error| told(context, &error))? {
        Some(found) => Ok(Some(found)),
        None => {
            let framework = catalogue::framework(context).await?;
            Ok(Qualification::of_framework(&framework, number.as_str()))
        }
    }
}

pub(super) async fn awarding_body(
    context: &Context<'_>,
    number: RecognitionNumber,
) -> Result<Option<AwardingBody>> {
    let found = app(context)?
        .db
        .read(move |connection| Ok(awarding_body::find(connection, number)?))
        .await;
    found
        .map(|row| row.map(AwardingBody))
        .map_err(|error| told(context, &error))
}
