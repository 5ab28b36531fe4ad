//! What every part of the running registry is handed: configuration, database, clock, keys, issuers.

use crate::access::Issuers;
use crate::action::claim::Changes;
use crate::action::conformance::Trial;
use crate::action::credential::{Controllers, Fetched};
use crate::action::evidence::Files;
use crate::action::framework::{Current, Engines, Framework};
use crate::action::identity::Likeness;
use crate::action::learner::Own;
use crate::action::verify::Candidates;
use crate::adapter::Known;
use crate::config::Config;
use crate::db::{Db, Hearing, Lane, Watch};
use crate::error::Error;
use crate::issuing::Issuing;
use crate::keys::Keys;
use crate::limits::Limits;
use crate::model::search;
use chrono::{NaiveDateTime, SubsecRound};
use std::sync::Arc;

/// The time, handed in so that tests can say what it is.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> NaiveDateTime + Send + Sync>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(|| chrono::Utc::now().naive_utc()))
    }

    /// A clock of the caller's making.
    pub fn new(now: impl Fn() -> NaiveDateTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Now, in UTC, to the microsecond: PostgreSQL keeps no more.
    #[must_use]
    pub fn now(&self) -> NaiveDateTime {
        (self.0)().trunc_subsecs(6)
    }
}

/// The running registry.
pub struct App {
    /// The configuration.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The registry's own key.
    pub keys: Keys,
    /// The registry as an issuer of documents, and whom it believes.
    pub issuing: Issuing,
    /// Whose tokens are believed.
    pub issuers: Issuers,
    /// How often somebody may ask.
    pub limits: Arc<Limits>,
    /// How learners are compared.
    pub likeness: Arc<Likeness>,
    /// What adapters said of themselves.
    pub adapters: Known,
    /// The framework, as far as it is at hand; ask [`App::framework`].
    pub current: Current,
    /// Those who ask for their own records at the same time.
    pub own_records: Lane<Own>,
    /// Those who verify at the same time.
    pub candidates: Lane<Candidates>,
    /// Where the framework's rules are held against records, and documents are judged.
    pub engines: Engines,
    /// Who follows claims.
    pub claims: Changes,
    /// Files of evidence.
    pub files: Arc<Files>,
    /// Status lists of other issuers that were fetched lately.
    pub lists: Fetched,
    /// Other issuers whose keys are fetched.
    pub controllers: Controllers,
    /// What conformance suites are served by, where the configuration has them served.
    pub trial: Option<Trial>,
}

impl App {
    /// Opens the database and the keys. What was stored before there was an index to search is taken into it first.
    ///
    /// # Errors
    /// [`Error`] where either cannot be opened, or an issuer's key file cannot be read.
    pub fn open(config: Config, clock: Clock) -> Result<Arc<Self>, Error> {
        Self::open_watched(config, clock, None)
    }

    /// [`App::open`], with somebody who hears every statement to the database.
    ///
    /// # Errors
    /// As [`App::open`].
    pub fn open_watched(
        config: Config,
        clock: Clock,
        watch: Option<&Watch>,
    ) -> Result<Arc<Self>, Error> {
        let hearing = Hearing {
            watch: watch.cloned(),
            ..Hearing::slower_than(config.log.slow_query_ms)
        };
        let db = Db::open_heard(&config.database_url(), config.database_readers, &hearing)?;
        if !db.read_blocking(|connection| Ok(search::is_complete(connection)?))? {
            db.bulk()?
                .transaction(|connection| Ok(search::complete(connection)?))?;
        }
        let keys = Keys::of(&config)?;
        let issuing = Issuing::open(&config, Some(&keys))?;
        let controllers = Controllers::of(&config);
        let trial = Trial::of(&config)?;
        let issuers = Issuers::open(&config.tokens, &keys)?;
        let limits = Arc::new(Limits::new(&config.limits, clock.clone()));
        let likeness = Arc::new(Likeness::new(&config.matching));
        let files = Arc::new(Files::of(&config)?);
        Ok(Arc::new(Self {
            files,
            limits,
            likeness,
            config,
            db,
            clock,
            keys,
            issuing,
            issuers,
            adapters: Known::default(),
            current: Current::default(),
            own_records: Lane::default(),
            candidates: Lane::default(),
            engines: Engines::default(),
            claims: Changes::default(),
            lists: Fetched::default(),
            controllers,
            trial,
        }))
    }

    /// The framework as it is in the database now: empty where nothing was ever imported. It costs a small query;
    /// a request asks once.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn framework(&self) -> Result<Arc<Framework>, Error> {
        self.current.get(&self.db).await
    }
}
