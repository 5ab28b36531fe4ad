//! What rules say of a person's record, with what is needed to show it.

use super::achievement::Achievement;
use super::app;
use super::framework::{Qualification, Unit};
use super::learner::Learner;
use super::problem::told;
use super::role::Role;
use crate::action::framework::{Answered, Prepared, Whom, record::Record};
use crate::action::learner::Seen;
use crate::error::Error;
use crate::model::qualification::QualificationRow;
use async_graphql::{Context, Result};
use schema::QualificationNumber;
use std::sync::Arc;

/// An answer of the rules about somebody.
#[derive(Clone)]
pub(super) struct Evaluated<T> {
    seen: Seen,
    prepared: Arc<Prepared>,
    record: Arc<Record>,
    /// The answer.
    pub(super) answer: T,
}

impl<T> Evaluated<T> {
    /// The answer that `asked` gives about a learner.
    pub(super) async fn of(
        context: &Context<'_>,
        learner: &Learner,
        asked: impl AsyncFnOnce(&crate::app::App, &Whom) -> std::result::Result<Answered<T>, Error>,
    ) -> Result<Self> {
        let seen = learner.0.clone();
        let answered = asked(app(context)?, &Whom::from(&seen)).await;
        let Answered {
            prepared,
            record,
            answer,
        } = answered.map_err(|error| told(context, &error))?;
        Ok(Self {
            seen,
            prepared,
            record,
            answer,
        })
    }

    /// The same record with a part of the answer, or with what follows from it.
    pub(super) fn with<U>(&self, answer: U) -> Evaluated<U> {
        Evaluated {
            seen: self.seen.clone(),
            prepared: self.prepared.clone(),
            record: self.record.clone(),
            answer,
        }
    }

    /// The achievements that are cited.
    pub(super) fn achievements(&self, cited: &[String]) -> Vec<Achievement> {
        let held = cited.iter().filter_map(|id| self.record.cited(id));
        held.map(|held| Achievement::of(held.clone(), self.seen.view, Some(self.seen.clone())))
            .collect()
    }

    /// Units of the framework, by key.
    pub(super) fn units(&self, keys: &[String]) -> Vec<Unit> {
        let framework = &self.prepared.framework;
        keys.iter()
            .filter_map(|key| Unit::known(framework, key))
            .collect()
    }

    /// A role, by code.
    pub(super) fn role(&self, code: &str) -> Result<Role> {
        let role = Role::known(&self.prepared.framework, code);
        role.ok_or_else(|| async_graphql::Error::new("a role that rules name is not loaded"))
    }

    /// A qualification that rules name, as the register has it; one that it does not know under its number.
    pub(super) async fn qualification(
        &self,
        context: &Context<'_>,
        number: &str,
    ) -> Result<Option<Qualification>> {
        let rows = self.seen.records.qualifications(app(context)?).await;
        let rows = rows.map_err(|error| told(context, &error))?;
        if let Some(row) = rows.get(number) {
            return Ok(Some(Qualification(row.clone(), None)));
        }
        let Ok(number) = QualificationNumber::parse(number) else {
            return Ok(None);
        };
        let row = QualificationRow::unregistered(number, None);
        Ok(Some(Qualification(row, None)))
    }
}
