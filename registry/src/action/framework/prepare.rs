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

/// To which sectors qualifications belong: those of the roles that ask for them, and of those to which they lead. Those
/// of shared rules belong together.
fn areas(framework: &Framework) -> Areas {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for requirement in &framework.requirements {
        let role = framework.role(&requirement.role);
        if let (RequirementKind::Qualification(numbers), Some(role)) = (&requirement.kind, role) {
            for number in numbers {
                found.entry(number).or_default().insert(&role.sector);
            }
        }
    }
    for link in &framework.links {
        if let (Some(number), Some(role)) = (&link.qualification, framework.role(&link.to)) {
            found.entry(number).or_default().insert(&role.sector);
        }
    }
    for (number, compiled) in &framework.structures {
        let structure = compiled.structure();
        let shared: BTreeSet<&str> = structure
            .also
            .iter()
            .chain([&structure.qualification])
            .filter_map(|other| found.get(other.as_str()))
            .flatten()
            .copied()
            .collect();
        found.entry(number).or_default().extend(shared);
    }
    let owned = |sectors: BTreeSet<&str>| sectors.into_iter().map(str::to_owned).collect();
    found
        .into_iter()
        .map(|(number, sectors)| (number.to_owned(), owned(sectors)))
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
