//! Roles of the workforce, what they ask by date, and to which roles they lead.

use super::{Sector, framework};
use crate::action::framework::Framework;
use crate::graphql::app;
use crate::graphql::connection::{Page, connection};
use crate::graphql::framework::Level;
use crate::graphql::scalar::Date;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use framework::catalogue;
use std::sync::Arc;

connection!(RoleConnection, RoleEdge, Role, "roles");

/// A role of the workforce.
#[derive(Clone)]
pub struct Role {
    framework: Arc<Framework>,
    role: catalogue::Role,
}

/// A role of the workforce.
#[Object]
impl Role {
    /// The identifier.
    pub async fn id(&self) -> ID {
        ID(format!("role_{}", self.role.code))
    }

    /// Its code.
    async fn code(&self) -> &str {
        &self.role.code
    }

    /// Its title.
    async fn title(&self) -> &str {
        &self.role.title
    }

    /// The sector it belongs to.
    async fn sector(&self) -> Sector {
        let code = &self.role.sector;
        // Tables are held against each other when they are imported: it is there.
        let unknown = || Sector {
            code: code.clone(),
            name: code.clone(),
            workforce_estimate: None,
            estimate_year: None,
        };
        self.framework.sector(code).map_or_else(unknown, Sector::of)
    }

    /// What it asks on a day, today where none is given.
    async fn requirements(
        &self,
        context: &Context<'_>,
        as_of: Option<Date>,
    ) -> Result<Vec<Requirement>> {
        let day = match as_of {
            Some(day) => day.0,
            None => app(context)?.clock.now().date(),
        };
        let asked = self.framework.requirements_of(&self.role.code, day);
        Ok(asked.map(Requirement::of).collect())
    }

    /// The roles to which a way leads from it.
    async fn next(&self) -> Vec<Self> {
        let places = self.framework.next(&self.role.code);
        let places = places.into_iter();
        places
            .filter_map(|place| Self::at(&self.framework, place))
            .collect()
    }
}

impl Role {
    /// The role of that code.
    pub(in crate::graphql) fn of(framework: &Arc<Framework>, code: &str) -> Option<Self> {
        Self::at(framework, framework.role_place(code)?)
    }

    fn at(framework: &Arc<Framework>, place: usize) -> Option<Self> {
        Some(Self {
            role: framework.roles.get(place)?.clone(),
            framework: framework.clone(),
        })
    }
}

/// Something that a role asks between two days.
#[derive(SimpleObject, Clone)]
pub struct Requirement {
    /// What it is about: `qualification`, `level`, `status`, `registration`, `ratio`; `other`: what no record of
    /// qualifications says.
    pub kind: String,
    /// Of the requirements of a role that have the same word here one is enough; null: it is asked by itself.
    pub alternative: Option<String>,
    /// The requirement in words.
    pub text: String,
    /// The least level.
    pub level: Option<Level>,
    /// The first day on which it is asked; null: since ever.
    pub valid_from: Option<Date>,
    /// The last day on which it is asked; null: until further notice.
    pub valid_until: Option<Date>,
    /// Where it was read.
    pub source: String,
    /// Whether that source confirms it.
    pub confirmed: bool,
}

impl Requirement {
    /// As the framework has it.
    pub(in crate::graphql) fn of(requirement: &catalogue::Requirement) -> Self {
        Self {
            kind: requirement.kind.name().to_owned(),
            alternative: requirement.alternative.clone(),
            text: requirement.text.clone(),
            level: requirement.level.and_then(Level::of),
            valid_from: requirement.valid_from.map(Date),
            valid_until: requirement.valid_until.map(Date),
            source: requirement.source.clone(),
            confirmed: requirement.confirmed,
        }
    }
}

pub(in crate::graphql) async fn role(context: &Context<'_>, code: &str) -> Result<Option<Role>> {
    Ok(Role::of(&framework(context).await?, code))
}

/// A page of the roles, of a sector where one is named, in the table's order.
pub(in crate::graphql) async fn roles(
    context: &Context<'_>,
    sector: Option<String>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<RoleConnection> {
    let framework = framework(context).await?;
    let read = |cursor: &str| framework.role_place(cursor.strip_prefix("role_")?);
    let page = Page::asked(context, first, after.as_deref(), read)?;
    let found = page.out_of(
        framework
            .roles
            .iter()
            .enumerate()
            .filter(|(_, role)| sector.as_ref().is_none_or(|sector| role.sector == *sector)),
    );
    let of = |role: &catalogue::Role| Role {
        framework: framework.clone(),
        role: role.clone(),
    };
    Ok(RoleConnection::page(
        &page,
        found,
        |role| format!("role_{}", role.code),
        of,
    ))
}
