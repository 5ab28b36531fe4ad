//! The database: threads that own a connection each and take closures. Nothing outside `db` and `model`
//! writes SQL, and nothing touches a connection but inside [`Db::read`] and [`Db::write`].

mod bulk;
mod connection;
mod hearing;
mod id;
pub mod inspect;
mod line;
mod migrate;
mod reader;
mod seat;
pub mod tables;
mod wait;
mod writer;

pub(crate) use bulk::{insert, insert_few};
pub use connection::{Connection, Engine, Purpose};
pub(crate) use connection::{at_most, either, in_parts};
pub use hearing::{Hearing, Watch};
pub use id::Id;
pub use migrate::{Migrated, Steps, migrate, schema_is_current, steps};

use crate::error::Error;
use line::Losses;
use reader::Readers;
pub use reader::{Lane, Question};
use std::time::Duration;
pub use writer::Appended;
use writer::{Urgency, Writer};

/// The longest that anybody waits for an answer of the database. It is longer than either engine waits for a
/// lock, so that its own words are heard first.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Db {
    readers: Readers,
    writer: Writer,
    url: std::sync::Arc<str>,
    engine: Engine,
    hearing: Hearing,
}

impl Db {
    /// Connects `readers` reading threads and the writing thread. On SQLite the schema is brought to this
    /// version first; on PostgreSQL `registry migrate` does that.
    ///
    /// # Errors
    /// [`Error`] where the database cannot be reached or its schema is not this version's.
    pub fn open(url: &str, readers: Option<usize>) -> Result<Self, Error> {
        Self::open_heard(url, readers, &Hearing::default())
    }

    /// [`Db::open`], with those who hear of statements.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub fn open_heard(url: &str, readers: Option<usize>, hearing: &Hearing) -> Result<Self, Error> {
        let engine = Engine::of(url)?;
        let mut connection = Connection::open(url, Purpose::Answer)?;
        if engine == Engine::Sqlite {
            migrate(&mut connection)?;
        } else if !schema_is_current(&mut connection)? {
            return Err(Error::configuration(
                "database",
                "does not have this version's schema. Run `registry migrate` first",
            ));
        }
        connection.heard_by(hearing);
        // Measured on two cores: more readers than this only take the processor from each other.
        let count = readers.unwrap_or(if engine == Engine::Sqlite { 2 } else { 4 });
        let (url, losses) = (url.into(), Losses::default());
        Ok(Self {
            readers: Readers::start(&url, count.max(1), &losses, hearing)?,
            writer: Writer::start(&url, connection, &losses, hearing)?,
            url,
            engine,
            hearing: hearing.clone(),
        })
    }

    /// How many hops wait for a reading thread, and for the writing one.
    #[must_use]
    pub fn waiting(&self) -> (usize, usize) {
        (self.readers.waiting(), self.writer.waiting())
    }

    /// Which engine it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Runs queries on a reading thread.
    ///
    /// # Errors
    /// What `work` answers, or [`schema::Code::Unavailable`] where too many wait already or no answer comes
    /// in time.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        wait::wait(self.readers.submit(work)?).await
    }

    /// Asks a question, on PostgreSQL together with those of its kind that wait. SQLite has no round trip to
    /// share, and parses a text anew for each number of values.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn ask<Q: Question>(&self, lane: &Lane<Q>, question: Q) -> Result<Q::Answer, Error> {
        let answers = self.ask_all(lane, vec![question]).await?;
        let mut answers = answers.into_iter();
        answers.next().ok_or_else(|| Error::internal("no answer"))
    }

    /// [`Db::ask`] for several questions; their answers come in the same order.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn ask_all<Q: Question>(
        &self,
        lane: &Lane<Q>,
        questions: Vec<Q>,
    ) -> Result<Vec<Q::Answer>, Error> {
        if self.engine == Engine::Sqlite {
            let alone = move |connection: &mut Connection| {
                let mut answers = Vec::with_capacity(questions.len());
                for question in questions.chunks(1) {
                    answers.extend(Q::answer(connection, question)?);
                }
                Ok(answers)
            };
            return self.read(alone).await;
        }
        wait::wait(self.readers.ask(lane, questions)?).await
    }

    /// Runs changes on the writing thread, under a savepoint of their own in a transaction shared with
    /// others. The answer comes after the commit.
    ///
    /// # Errors
    /// What `work` answers, after all it did was taken back; or the commit's failure; or
    /// [`schema::Code::Unavailable`] where no answer comes in time: then it may be done all the same.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        wait::wait(self.writer.submit(Urgency::Answered, work)?).await
    }

    /// Stores rows, durably, together with those of whoever comes at the same time: one statement for all.
    ///
    /// # Errors
    /// The failure of these rows or of the commit; or [`schema::Code::Unavailable`] where no answer comes in
    /// time: then they may be stored all the same.
    pub async fn append<R: Appended>(&self, rows: Vec<R>) -> Result<(), Error> {
        wait::wait(self.writer.append(rows)?).await
    }

    /// [`Db::read`] for a thread that may wait.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn read_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        wait::block(self.readers.submit(work)?, Some(ANSWER_WITHIN))
    }

    /// [`Db::write`] for a thread that may wait.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn write_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        wait::block(
            self.writer.submit(Urgency::Answered, work)?,
            Some(ANSWER_WITHIN),
        )
    }

    /// Whether changes are taken now.
    pub async fn takes_changes(&self) -> bool {
        let asked = self.write(|connection| {
            if connection.takes_changes()? {
                Ok(())
            } else {
                // Told as a failure, so that the next change begins with a new connection.
                Err(Error::from(schema::Code::Unavailable))
            }
        });
        asked.await.is_ok()
    }

    /// A way to write much, a transaction at a time. PostgreSQL gives it a connection of its own; on SQLite,
    /// which has one writer, each transaction takes its turn with everybody else's.
    ///
    /// # Errors
    /// [`Error`] where no connection can be made.
    pub fn bulk(&self) -> Result<Bulk, Error> {
        Ok(match self.engine {
            Engine::Sqlite => Bulk::Shared(self.clone()),
            Engine::Postgres => {
                let mut connection = Connection::open(&self.url, Purpose::Write)?;
                connection.heard_by(&self.hearing);
                Bulk::Own(Box::new(connection))
            }
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
            Self::Shared(db) => wait::block(db.writer.submit(Urgency::Bulk, work)?, None),
            Self::Own(connection) => own(connection, work),
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
            Self::Shared(db) => wait::block(db.writer.submit(Urgency::Hurried, work)?, None),
            Self::Own(connection) => own(connection, |connection| {
                connection.batch("SET LOCAL synchronous_commit = off")?;
                work(connection)
            }),
        }
    }
}

/// A transaction on a connection of its own. Whatever was said last: a connection that is dead was an outage.
fn own<T>(
    connection: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<T, Error>,
) -> Result<T, Error> {
    connection.transaction(work).map_err(|error| match error {
        Error::Internal { id, .. } if !connection.alive() => Error::Internal {
            id,
            unavailable: true,
        },
        other => other,
    })
}
