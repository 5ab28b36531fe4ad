//! Few connections that many callers share: statements are sent without waiting for the answers before them.

use super::share;
use crate::Failure;
use crate::fill::learner;
use crate::query::{HeldTuple, PAGE, Record, Texts, WholeTuple, one_held, whole_record};
use registry::db::Id;
use registry::model::achievement::AchievementRow;
use registry::model::awarding_body::BodyRow;
use registry::model::learner::LearnerRow;
use registry::model::qualification::QualificationRow;
use registry::model::unit::UnitRow;
use std::cell::Cell;
use std::sync::Arc;
use tokio_postgres::types::{FromSql, ToSql};
use tokio_postgres::{Client, NoTls, Row, Statement};

/// A worker's connections, taken in turn.
pub(crate) struct Pipes {
    open: Vec<Arc<Pipe>>,
    next: Cell<usize>,
}

/// A connection with its statements prepared.
pub(crate) struct Pipe {
    client: Client,
    person: Statement,
    held: Statement,
    whole: Statement,
}

impl Pipe {
    async fn prepare(client: Client, texts: &Texts) -> Result<Arc<Self>, Failure> {
        Ok(Arc::new(Self {
            person: client.prepare(&texts.person).await?,
            held: client.prepare(&texts.held).await?,
            whole: client.prepare(&texts.whole).await?,
            client,
        }))
    }

    /// So many connections for all workers, on a thread of their own that ends with the last who holds one.
    pub(crate) fn apart(url: String, count: usize) -> Result<Vec<Arc<Self>>, Failure> {
        let (answer, opened) = std::sync::mpsc::channel();
        std::thread::spawn(move || -> Result<(), Failure> {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            let local = tokio::task::LocalSet::new();
            local.block_on(&runtime, async move {
                let (mut pipes, mut connections) = (Vec::new(), Vec::new());
                for _ in 0..count {
                    let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
                    connections.push(tokio::task::spawn_local(connection));
                    pipes.push(Self::prepare(client, &Texts::new()).await?);
                }
                answer.send(pipes)?;
                for connection in connections {
                    connection.await??;
                }
                Ok(())
            })
        });
        // A thread that fails drops its end.
        Ok(opened.recv()?)
    }
}

impl Pipes {
    /// A worker's view of connections that all share.
    pub(crate) fn shared(open: Vec<Arc<Pipe>>) -> Self {
        Self {
            open,
            next: Cell::new(0),
        }
    }

    /// Opens this worker's share of `count` connections.
    pub(crate) async fn open(url: &str, worker: usize, count: usize) -> Result<Self, Failure> {
        let texts = Texts::new();
        let mut open = Vec::new();
        for _ in 0..share(worker, count) {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
            tokio::task::spawn_local(connection);
            open.push(Pipe::prepare(client, &texts).await?);
        }
        Ok(Self {
            open,
            next: Cell::new(0),
        })
    }

    fn pipe(&self) -> Result<&Pipe, Failure> {
        let next = self.next.get();
        self.next.set(next.wrapping_add(1));
        self.open
            .get(next % self.open.len().max(1))
            .map(Arc::as_ref)
            .ok_or_else(|| "no connection".into())
    }

    /// The person and what they hold, both statements sent at once.
    pub(crate) async fn two(&self, number: u32) -> Result<Record, Failure> {
        let pipe = self.pipe()?;
        let id = learner(number).bytes();
        let (id, nothing) = (id.as_slice(), [0_u8; 16]);
        let nothing = nothing.as_slice();
        let of_person: [&(dyn ToSql + Sync); 1] = [&id];
        let of_held: [&(dyn ToSql + Sync); 5] = [&"qualification", &"unit", &id, &nothing, &PAGE];
        let person = pipe.client.query_opt(&pipe.person, &of_person);
        let held = pipe.client.query(&pipe.held, &of_held);
        let (person, held) = futures_util::future::try_join(person, held).await?;
        let person = Cells::of(&person.ok_or("a learner is missing")?).learner()?;
        let held: Result<Vec<_>, Failure> = held
            .iter()
            .map(|row| Ok(one_held(Cells::of(row).held()?)))
            .collect();
        Ok((person, held?))
    }

    /// Both in one statement.
    pub(crate) async fn whole(&self, number: u32) -> Result<Record, Failure> {
        let pipe = self.pipe()?;
        let id = learner(number).bytes();
        let id = id.as_slice();
        let rows = pipe
            .client
            .query(&pipe.whole, &[&"qualification", &"unit", &id, &PAGE])
            .await?;
        let rows: Result<Vec<WholeTuple>, Failure> =
            rows.iter().map(|row| Cells::of(row).whole()).collect();
        whole_record(rows?).ok_or_else(|| "a learner is missing".into())
    }
}

/// A row read from left to right.
struct Cells<'a> {
    row: &'a Row,
    place: usize,
}

impl<'a> Cells<'a> {
    fn of(row: &'a Row) -> Self {
        Self { row, place: 0 }
    }

    fn next<T: FromSql<'a>>(&mut self) -> Result<T, Failure> {
        let value = self.row.try_get(self.place)?;
        self.place += 1;
        Ok(value)
    }

    fn id(&mut self) -> Result<Id, Failure> {
        let bytes: &[u8] = self.next()?;
        Ok(Id::from_bytes(bytes.try_into()?))
    }

    fn id_or_none(&mut self) -> Result<Option<Id>, Failure> {
        let bytes: Option<&[u8]> = self.next()?;
        Ok(match bytes {
            Some(bytes) => Some(Id::from_bytes(bytes.try_into()?)),
            None => None,
        })
    }

    /// Whether the joined row that begins here is there: its first column is never null. Steps over `width`
    /// columns where it is not.
    fn there(&mut self, width: usize) -> Result<bool, Failure> {
        struct Null(bool);
        impl FromSql<'_> for Null {
            fn from_sql(
                _: &tokio_postgres::types::Type,
                _: &[u8],
            ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
                Ok(Self(false))
            }
            fn from_sql_null(
                _: &tokio_postgres::types::Type,
            ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
                Ok(Self(true))
            }
            fn accepts(_: &tokio_postgres::types::Type) -> bool {
                true
            }
        }
        let Null(null) = self.row.try_get(self.place)?;
        if null {
            self.place += width;
        }
        Ok(!null)
    }

    fn held(&mut self) -> Result<HeldTuple, Failure> {
        Ok((
            self.achievement()?,
            self.qualification()?,
            self.unit()?,
            self.body()?,
        ))
    }

    fn whole(&mut self) -> Result<WholeTuple, Failure> {
        let person = self.learner()?;
        let achievement = if self.there(30)? {
            Some(self.achievement()?)
        } else {
            None
        };
        Ok((
            person,
            achievement,
            self.qualification()?,
            self.unit()?,
            self.body()?,
        ))
    }

    fn learner(&mut self) -> Result<LearnerRow, Failure> {
        Ok(LearnerRow {
            id: self.id()?,
            given_name: self.next()?,
            family_name: self.next()?,
            family_key: self.next()?,
            date_of_birth: self.next()?,
            gender: self.next()?,
            postcode: self.next()?,
            former_names: self.next()?,
            merged_into: self.id_or_none()?,
            created_at: self.next()?,
            own_facts: self.next()?,
        })
    }

    fn achievement(&mut self) -> Result<AchievementRow, Failure> {
        Ok(AchievementRow {
            id: self.id()?,
            learner_id: self.id()?,
            subject_kind: self.next()?,
            subject_code: self.next()?,
            title: self.next()?,
            part_of: self.next()?,
            body: self.next()?,
            body_stated: self.next()?,
            awarded_on: self.next()?,
            awarded_on_stated: self.next()?,
            started_on: self.next()?,
            valid_from: self.next()?,
            valid_until: self.next()?,
            grade: self.next()?,
            level: self.next()?,
            credit: self.next()?,
            status: self.next()?,
            status_since: self.next()?,
            status_reason: self.next()?,
            route: self.next()?,
            standing: self.next()?,
            result_id: self.next()?,
            certificate_number: self.next()?,
            centre: self.next()?,
            registration_number: self.next()?,
            registration_conditions: self.next()?,
            registration_state: self.next()?,
            version: self.next()?,
            replaced_by: self.id_or_none()?,
            changed_at: self.next()?,
        })
    }

    fn qualification(&mut self) -> Result<Option<QualificationRow>, Failure> {
        if !self.there(16)? {
            return Ok(None);
        }
        Ok(Some(QualificationRow {
            number: self.next()?,
            title: self.next()?,
            body: self.next()?,
            body_name: self.next()?,
            level: self.next()?,
            level_stated: self.next()?,
            eqf_level: self.next()?,
            kind: self.next()?,
            status: self.next()?,
            total_credit: self.next()?,
            total_qualification_time: self.next()?,
            guided_learning_hours: self.next()?,
            operational_from: self.next()?,
            operational_until: self.next()?,
            certification_until: self.next()?,
            registered: self.next()?,
        }))
    }

    fn unit(&mut self) -> Result<Option<UnitRow>, Failure> {
        if !self.there(6)? {
            return Ok(None);
        }
        Ok(Some(UnitRow {
            reference: self.next()?,
            title: self.next()?,
            level: self.next()?,
            credit: self.next()?,
            guided_learning_hours: self.next()?,
            confirmed: self.next()?,
        }))
    }

    fn body(&mut self) -> Result<Option<BodyRow>, Failure> {
        if !self.there(9)? {
            return Ok(None);
        }
        Ok(Some(BodyRow {
            recognition_number: self.next()?,
            name: self.next()?,
            name_key: self.next()?,
            legal_name: self.next()?,
            acronym: self.next()?,
            status: self.next()?,
            recognised_from: self.next()?,
            recognised_until: self.next()?,
            registered: self.next()?,
        }))
    }
}
