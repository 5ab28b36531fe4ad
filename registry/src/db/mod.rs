//! The database: threads that own a connection each and take closures. Nothing outside `db` and `model`
//! writes SQL, and nothing touches a connection but inside [`Db::read`] and [`Db::write`].

mod bulk;
mod connection;
mod id;
mod migrate;
mod reader;
pub mod tables;
mod writer;

pub(crate) use bulk::insert;
pub use connection::{Connection, Engine, Purpose, Watch};
pub(crate) use connection::{at_most, either};
pub use id::Id;
pub use migrate::{Migrated, migrate, schema_is_current};

use crate::error::Error;
use reader::Readers;
use schema::Code;
use tokio::sync::oneshot;
use writer::{Urgency, Writer};

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Db {
    readers: Readers,
    writer: Writer,
    url: std::sync::Arc<str>,
    engine: Engine,
}

impl Db {
    /// Connects `readers` reading threads and the writing thread. On SQLite the schema is brought to this
    /// version first; on PostgreSQL `registry migrate` does that.
    ///
    /// # Errors
    /// [`Error`] where the database cannot be reached or its schema is not this version's.
    pub fn open(url: &str, readers: Option<usize>) -> Result<Self, Error> {
        Self::open_watched(url, readers, None)
    }

    /// [`Db::open`], with somebody who hears every statement.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub fn open_watched(
        url: &str,
        readers: Option<usize>,
        watch: Option<&Watch>,
    ) -> Result<Self, Error> {
        let engine = Engine::of(url)?;
        let mut connection = Connection::open(url, Purpose::Write)?;
        if engine == Engine::Sqlite {
            migrate(&mut connection)?;
        } else if !schema_is_current(&mut connection)? {
            return Err(Error::configuration(
                "database",
                "does not have this version's schema. Run `registry migrate` first",
            ));
        }
        if let Some(watch) = watch {
            connection.watch(watch);
        }
        // Measured on two cores: more readers than this only take the processor from each other.
        let count = readers.unwrap_or(if engine == Engine::Sqlite { 2 } else { 4 });
        Ok(Self {
            readers: Readers::start(url, count.max(1), watch)?,
            writer: Writer::start(url, connection)?,
            url: url.into(),
            engine,
        })
    }

    /// Which engine it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Runs queries on a reading thread.
    ///
    /// # Errors
    /// What `work` answers, or [`Code::Unavailable`] where too many wait already.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.readers
            .submit(work)?
            .await
            .map_err(|_| Error::from(Code::Unavailable))?
    }

    /// Runs changes on the writing thread, under a savepoint of their own in a transaction shared with
    /// others. The answer comes after the commit.
    ///
    /// # Errors
    /// What `work` answers, after all it did was taken back; or the commit's failure.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.writer
            .submit(Urgency::Answered, work)?
            .await
            .map_err(|_| Error::from(Code::Unavailable))?
    }

    /// [`Db::read`] for a thread that may wait.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn read_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.readers
            .submit(work)?
            .blocking_recv()
            .map_err(|_| Error::from(Code::Unavailable))?
    }

    /// [`Db::write`] for a thread that may wait.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn write_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        wait(self.writer.submit(Urgency::Answered, work)?)
    }

    /// A way to write much, a transaction at a time. PostgreSQL gives it a connection of its own; on SQLite,
    /// which has one writer, each transaction takes its turn with everybody else's.
    ///
    /// # Errors
    /// [`Error`] where no connection can be made.
    pub fn bulk(&self) -> Result<Bulk, Error> {
        Ok(match self.engine {
            Engine::Sqlite => Bulk::Shared(self.clone()),
            Engine::Postgres => Bulk::Own(Box::new(Connection::open(&self.url, Purpose::Write)?)),
        })
    }
}

/// See [`Db::bulk`].
pub enum Bulk {
    /// The one writer, in turn with others.
    Shared(Db),
    /// A connection of its own.
    Own(Box<Connection>),
}

impl Bulk {
    /// Runs one transaction; blocks until it is committed.
    ///
    /// # Errors
    /// What `work` answers, after all it did was taken back; or the commit's failure.
    pub fn transaction<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        match self {
            Self::Shared(db) => wait(db.writer.submit(Urgency::Bulk, work)?),
            Self::Own(connection) => connection.transaction(work),
        }
    }

    /// Runs one transaction of many, whose commit need not wait for the disk: a power cut may take it back
    /// together with everything after it, and never without. The next [`Bulk::transaction`] makes it last.
    ///
    /// # Errors
    /// What `work` answers, after all it did was taken back; or the commit's failure.
    pub fn hurried<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        match self {
            Self::Shared(db) => wait(db.writer.submit(Urgency::Hurried, work)?),
            Self::Own(connection) => connection.transaction(|connection| {
                connection.batch("SET LOCAL synchronous_commit = off")?;
                work(connection)
            }),
        }
    }
}

fn wait<T>(answer: oneshot::Receiver<Result<T, Error>>) -> Result<T, Error> {
    answer
        .blocking_recv()
        .map_err(|_| Error::from(Code::Unavailable))?
}
