//! Claims: a job is run by whoever has claimed it, and by nobody else. A claim is a lease by the database's
//! clock; while the job runs it is renewed ([`super::beat`]). It is read in each of the run's transactions
//! ([`Held`]), so that a run whose claim was taken over changes nothing any more.
//!
//! Whose turn it is: the submitter whose last turn is longest ago, and of one submitter's jobs the oldest. So
//! a body that pushed a hundred files waits for the one file of another at most once.

use super::spool;
use crate::app::App;
use crate::config::Config;
use crate::db::{Bulk, Connection, Id};
use crate::error::Error;
use crate::model::import_claim::{self, ClaimRow, Locked, Looking};
use crate::model::import_job::{self, JobRow};
use chrono::{NaiveDateTime, TimeDelta};
use schema::Code;
use std::fs::File;
use std::path::Path;
use std::time::Duration;

/// How many jobs are looked at for one that is free.
const LOOKED_AT: i64 = 32;

/// Who claims.
#[derive(Debug, Clone)]
pub(super) struct Claimant {
    /// The server, by the name in its data directory.
    pub(super) server: String,
    /// The spool that it can read.
    pub(super) spool: String,
    /// How long a claim lasts.
    pub(super) lease: Duration,
}

impl Claimant {
    /// This server.
    ///
    /// # Errors
    /// [`Error`] where its name cannot be read or written.
    pub(super) fn of(config: &Config) -> Result<Self, Error> {
        Ok(Self {
            server: spool::server_name(config)?,
            spool: spool::spool_name(config)?,
            lease: Duration::from_secs(config.server.import_lease),
        })
    }

    /// The claim of that token, as of now.
    fn row(&self, job: Id, token: Id, now: NaiveDateTime, cancel_asked: bool) -> ClaimRow {
        ClaimRow {
            job_id: job,
            token,
            server: self.server.clone(),
            claimed_until: now + TimeDelta::from_std(self.lease).unwrap_or(TimeDelta::MAX),
            cancel_asked,
        }
    }
}

/// A claimed job.
pub(super) struct Claimed {
    pub(super) job: JobRow,
    /// What tells the claim from others.
    pub(super) token: Id,
    /// Whether the job shall be ended instead of being run.
    pub(super) cancel: bool,
    /// How long the claim lasts.
    pub(super) lease: Duration,
    alive: Option<Alive>,
}

impl Claimed {
    /// Takes apart what is kept until the end of the run.
    pub(super) fn alive(&mut self) -> Option<Alive> {
        self.alive.take()
    }
}

/// A lock on a job's file: as long as it is there, so is the process that runs the job. It tells other
/// processes of the same server, and nobody else, that the claim of a killed one need not be waited for.
///
/// It is given back expressly: a worker that is being started for another job holds copies of all descriptors
/// for a moment, and a lock lasts as long as any copy.
pub(super) struct Alive(File);

impl Alive {
    /// None where another process has it, and where there is no file.
    fn take(path: &Path) -> Option<Self> {
        let file = File::open(path).ok()?;
        file.try_lock().ok()?;
        Some(Self(file))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// Claims the job whose turn it is; none where all that `claimant` could run is being run.
///
/// # Errors
/// [`Error`] where the database does not answer.
pub(super) fn next(app: &App, claimant: &Claimant, but: Vec<Id>) -> Result<Option<Claimed>, Error> {
    let looking = Looking {
        server: claimant.server.clone(),
        spool: claimant.spool.clone(),
        but,
    };
    let waiting = app.db.read_blocking(move |connection| {
        Ok(import_claim::waiting(connection, &looking, LOOKED_AT)?)
    })?;
    for id in waiting {
        if let Some(claimed) = claim(app, claimant, id)? {
            return Ok(Some(claimed));
        }
    }
    Ok(None)
}

/// Claims a job, whoever's turn it is; none where somebody else has it, or it has ended.
///
/// # Errors
/// [`Error`] where the database does not answer.
pub(super) fn claim(app: &App, claimant: &Claimant, id: Id) -> Result<Option<Claimed>, Error> {
    let alive = Alive::take(&spool::path(&app.config, id));
    let (token, lease) = (Id::new(), claimant.lease);
    let (claimant, alone) = (claimant.clone(), alive.is_some());
    let taken = app
        .db
        .write_blocking(move |connection| take(connection, &claimant, id, token, alone))?;
    Ok(taken.map(|(job, cancel)| Claimed {
        job,
        token,
        cancel,
        lease,
        alive,
    }))
}

fn take(
    connection: &mut Connection,
    claimant: &Claimant,
    id: Id,
    token: Id,
    alone: bool,
) -> Result<Option<(JobRow, bool)>, Error> {
    let job = import_job::lock(connection, id)?.filter(|job| !job.state().ended());
    let Some(job) = job else {
        return Ok(None);
    };
    let now = connection.clock()?;
    let cancel = match import_claim::lock(connection, id)? {
        Locked::Busy => return Ok(None),
        Locked::None => {
            import_claim::insert(connection, &claimant.row(id, token, now, false))?;
            false
        }
        Locked::Claim(other) => {
            let gone = alone && other.server == claimant.server;
            if other.claimed_until > now && !gone {
                return Ok(None);
            }
            let cancel = other.cancel_asked;
            import_claim::replace(connection, &claimant.row(id, token, now, cancel))?;
            cancel
        }
    };
    import_claim::take_turn(connection, &job.submitter, now)?;
    Ok(Some((job, cancel)))
}

/// A claim on a job that is not stored yet.
pub(super) struct First {
    claimant: Claimant,
    token: Id,
    alive: Option<Alive>,
}

impl First {
    /// The claim on the job of that identifier, whose file is there.
    ///
    /// # Errors
    /// As [`Claimant::of`].
    pub(super) fn of(config: &Config, job: Id) -> Result<Self, Error> {
        Ok(Self {
            claimant: Claimant::of(config)?,
            token: Id::new(),
            alive: Alive::take(&spool::path(config, job)),
        })
    }

    /// What stores it, in the transaction that stores the job.
    pub(super) fn storing(
        &self,
    ) -> impl FnOnce(&mut Connection, &JobRow) -> Result<(), Error> + Send + use<> {
        let (claimant, token) = (self.claimant.clone(), self.token);
        move |connection, job| {
            let now = connection.clock()?;
            import_claim::insert(connection, &claimant.row(job.id, token, now, false))?;
            Ok(import_claim::take_turn(connection, &job.submitter, now)?)
        }
    }

    /// The job, when it is stored.
    pub(super) fn stored(self, job: JobRow) -> Claimed {
        Claimed {
            job,
            token: self.token,
            cancel: false,
            lease: self.claimant.lease,
            alive: self.alive,
        }
    }
}

/// Takes a job over, whoever runs it, so that it ends; nobody but who runs it in the middle of a step keeps it.
/// That one is asked to end it, and none is answered.
///
/// # Errors
/// [`Error`] where the database fails.
pub(super) fn to_cancel(
    connection: &mut Connection,
    claimant: &Claimant,
    job: JobRow,
) -> Result<Option<Claimed>, Error> {
    let token = Id::new();
    let row = claimant.row(job.id, token, connection.clock()?, true);
    match import_claim::lock(connection, job.id)? {
        Locked::Busy => {
            import_claim::ask_to_cancel(connection, job.id)?;
            return Ok(None);
        }
        Locked::None => import_claim::insert(connection, &row)?,
        Locked::Claim(_) => import_claim::replace(connection, &row)?,
    }
    Ok(Some(Claimed {
        job,
        token,
        cancel: true,
        lease: claimant.lease,
        alive: None,
    }))
}

/// Gives a claim back, so that anybody may take it at once. Where the database does not answer the claim runs
/// out by itself.
pub(super) fn release(app: &App, job: Id, token: Id) {
    let released = app.db.write_blocking(move |connection| {
        let now = connection.clock()?;
        Ok(import_claim::runs_out(connection, job, token, now)?)
    });
    if let Err(error) = released {
        tracing::debug!(%job, code = %error.code(), "a claim is left to run out");
    }
}

/// A way to write much for a claimed job: each transaction begins with a look at the claim, and is over before
/// anybody can take the job over.
pub(super) struct Held {
    bulk: Bulk,
    job: Id,
    token: Id,
    /// Whether the job ends where somebody asked for it: until something of it counts.
    heeds: bool,
}

impl Held {
    /// # Errors
    /// [`Error`] where no connection can be made.
    pub(super) fn new(app: &App, claimed: &Claimed) -> Result<Self, Error> {
        Ok(Self {
            bulk: app.db.bulk()?,
            job: claimed.job.id,
            token: claimed.token,
            heeds: !claimed.job.merged(),
        })
    }

    /// From now on the job goes to its end, whoever asks for another.
    pub(super) fn no_way_back(&mut self) {
        self.heeds = false;
    }

    /// Whether the job can still be ended without having changed anything.
    pub(super) fn heeds(&self) -> bool {
        self.heeds
    }

    /// [`Bulk::transaction`].
    ///
    /// # Errors
    /// As there; [`Code::StateConflict`] where another has the job, [`Code::ImportCancelled`] where it shall
    /// end.
    pub(super) fn transaction<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let work = self.guarded(work);
        self.bulk.transaction(work)
    }

    /// [`Bulk::hurried`].
    ///
    /// # Errors
    /// As [`Held::transaction`].
    pub(super) fn hurried<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let work = self.guarded(work);
        self.bulk.hurried(work)
    }

    fn guarded<T, W>(
        &self,
        work: W,
    ) -> impl FnOnce(&mut Connection) -> Result<T, Error> + Send + use<T, W>
    where
        T: Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    {
        let (job, token, heeds) = (self.job, self.token, self.heeds);
        move |connection: &mut Connection| match import_claim::heed(connection, job, token)? {
            None => Err(lost()),
            Some(true) if heeds => Err(Error::from(Code::ImportCancelled)),
            Some(_) => work(connection),
        }
    }
}

/// Another has the job.
pub(super) fn lost() -> Error {
    Error::with(
        Code::StateConflict,
        "This import is being run already, by another process or another server.",
    )
}
