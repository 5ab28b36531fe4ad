//! The framework's tables, ready to be asked about people: made once for each state of the tables, not once a
//! question.

use super::Framework;
use super::award::Areas;
use crate::error::Error;
use framework::catalogue::RequirementKind;
use framework::structure::{Bound, Compiled, Nearest};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::{Mutex, Semaphore};

/// How much work a search of many structures may do in each.
const EACH_OF_MANY: Bound = Bound { branches: 2_000 };

/// The framework's tables, with what follows from them for everybody.
pub struct Prepared {
    /// The tables.
    pub framework: Arc<Framework>,
    /// Every structure once, ready to be asked which is nearest.
    pub nearest: Nearest,
    /// To which sectors qualifications belong.
    pub areas: Areas,
}

impl Prepared {
    /// Prepares tables.
    #[must_use]
    pub fn new(framework: Arc<Framework>) -> Self {
        // Qualifications that share their rules are one structure.
        let structures: BTreeMap<&str, &Compiled> = framework
            .structures
            .values()
            .map(|compiled| (compiled.structure().qualification.as_str(), compiled))
            .collect();
        let structures: Vec<Compiled> = structures.into_values().cloned().collect();
        Self {
            nearest: Nearest::new(structures, EACH_OF_MANY),
            areas: areas(&framework),
            framework,
        }
    }

    /// The sectors of a qualification.
    #[must_use]
    pub fn areas_of(&self, number: &str) -> &[String] {
        self.areas.get(number).map_or(&[], Vec::as_slice)
    }
}

/// To which sectors qualifications belong: those for which they themselves count, or others of the same rules.
pub(super) fn areas(framework: &Framework) -> Areas {
    let mut numbers: BTreeSet<&str> = framework.structures.keys().map(String::as_str).collect();
    numbers.extend(
        framework
            .links
            .iter()
            .filter_map(|link| link.qualification.as_deref()),
    );
    for requirement in &framework.requirements {
        if let RequirementKind::Qualification(named) = &requirement.kind {
            numbers.extend(named.iter().map(String::as_str));
        }
    }
    let sectors = |number: &str| -> BTreeSet<String> {
        let shared = framework.structure(number).map(Compiled::structure);
        let others = shared
            .into_iter()
            .flat_map(|one| one.also.iter().chain([&one.qualification]));
        let all = others.map(String::as_str).chain([number]);
        all.flat_map(|number| framework.sectors_of(number))
            .map(|sector| sector.code.clone())
            .collect()
    };
    numbers
        .into_iter()
        .map(|number| (number.to_owned(), sectors(number).into_iter().collect()))
        .collect()
}

/// Where rules are evaluated: away from the threads that answer requests, so many at a time as there are
/// processors.
pub struct Engines {
    permits: Arc<Semaphore>,
    prepared: Mutex<Option<Arc<Prepared>>>,
}

impl Default for Engines {
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            permits: Arc::new(Semaphore::new(processors)),
            prepared: Mutex::default(),
        }
    }
}

impl Engines {
    /// The tables, ready; those of the last call where they are the same.
    ///
    /// # Errors
    /// [`Error`] where preparing them failed.
    pub async fn prepare(&self, framework: Arc<Framework>) -> Result<Arc<Prepared>, Error> {
        let mut kept = self.prepared.lock().await;
        if let Some(known) = kept.as_ref()
            && Arc::ptr_eq(&known.framework, &framework)
        {
            return Ok(known.clone());
        }
        let ready = self.run(move || Arc::new(Prepared::new(framework))).await?;
        *kept = Some(ready.clone());
        Ok(ready)
    }

    /// Evaluates. Whoever asks and goes away leaves work behind that its bound ends.
    ///
    /// # Errors
    /// [`Error`] where it failed inside.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let permit = self.permits.clone().acquire_owned().await;
        let permit = permit.map_err(Error::internal)?;
        let span = tracing::Span::current();
        let done = tokio::task::spawn_blocking(move || {
            let answer = span.in_scope(work);
            drop(permit);
            answer
        });
        done.await.map_err(Error::internal)
    }
}
