//! What rules say of a person's record, with what is needed to show it.

use super::achievement::Achievement;
use super::app;
use super::catalogue::{self, CommonCoreArea, Role, Unit};
use super::learner::Learner;
use super::problem::told;
use crate::action::framework::{Answered, Prepared, Whom, record::Record};
use crate::action::learner::Seen;
use crate::app::App;
use crate::error::Error;
use async_graphql::{Context, Result};
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
        asked: impl AsyncFnOnce(&App, &Whom) -> std::result::Result<Answered<T>, Error>,
    ) -> Result<Self> {
        let seen = learner.0.clone();
        let whom = Whom::of(&seen, catalogue::framework(context).await?);
        let answered = asked(app(context)?, &whom).await;
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

    /// The rules that gave it.
    pub(super) fn rules(&self) -> &Arc<Prepared> {
        &self.prepared
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
        keys.iter().map(|key| Unit::named(framework, key)).collect()
    }

    /// A role, by code.
    pub(super) fn role(&self, code: &str) -> Result<Role> {
        role(&self.prepared, code)
    }

    /// An area of the Common Core.
    pub(super) fn area(&self, code: &str, edition: u16) -> Option<CommonCoreArea> {
        let mut areas = self.prepared.framework.common_core.iter();
        areas
            .find(|area| area.code == code && area.edition == edition)
            .map(CommonCoreArea::of)
    }
}

/// A role of the framework, by code.
pub(super) fn role(prepared: &Prepared, code: &str) -> Result<Role> {
    // Tables are held against each other when they are imported: it is there.
    Role::of(&prepared.framework, code)
        .ok_or_else(|| async_graphql::Error::new("The role is not loaded."))
}
