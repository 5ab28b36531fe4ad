//! People's records as rules see them: read for many at once, and once however much is asked of them.

use super::Framework;
use super::person::{Person, awards};
use super::prepare::Prepared;
use crate::action::learner::Seen;
use crate::action::view::{self, Heard, Moment, View};
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::achievement::{self, Counted, Held};
use crate::model::source;
use chrono::NaiveDateTime;
use framework::Award;
use schema::Date;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;

/// What counts of one person's record.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// The achievements that count, the oldest first.
    pub held: Vec<Held>,
    /// The same as rules see them.
    pub awards: Vec<Award>,
}

impl Record {
    /// An achievement that an answer cites.
    #[must_use]
    pub fn cited(&self, id: &str) -> Option<&Held> {
        let id = Id::read("achievement", id)?;
        self.held.iter().find(|held| held.achievement.id == id)
    }
}

/// What counts of these learners' records as `view` sees them: now, or as they stood on an earlier day. In one statement, or in
/// four where it is an earlier day or a body's own telling.
///
/// # Errors
/// [`Error`] where the database does not answer.
pub fn counting(
    connection: &mut Connection,
    learners: &[Id],
    view: View,
    as_of: Option<Date>,
    now: NaiveDateTime,
) -> Result<HashMap<Id, Vec<Held>>, Error> {
    let held = if as_of.is_none() && !matches!(view, View::Body(_)) {
        achievement::counting(connection, learners)?
    } else {
        let moment = Moment {
            as_of,
            known_at: None,
        };
        let mut told: HashMap<Id, Vec<Heard>> = HashMap::new();
        for heard in view::hear(source::of_learners(connection, learners)?)? {
            let of_one = told.entry(heard.source.learner_id).or_default();
            of_one.push(heard);
        }
        let concluded = told.iter().flat_map(|(learner, heard)| {
            let awards = view::awards(heard, view, moment).into_iter();
            awards.map(|(id, award)| (*learner, id, award))
        });
        let mut held = view::hold(connection, concluded.collect(), now)?;
        held.retain(|held| held.achievement.counts());
        held
    };
    let mut found: HashMap<Id, Vec<Held>> = learners.iter().map(|id| (*id, Vec::new())).collect();
    for one in held {
        let of_one = found.entry(one.achievement.learner_id).or_default();
        of_one.push(one);
    }
    Ok(found)
}

/// People whose records are read together, each once for each day that is asked about. A page of people has one of
/// these; so has a person alone.
#[derive(Clone, Default)]
pub struct Records {
    shared: Arc<Shared>,
}

/// Records by person and day; of no day as they stand now.
type Read = HashMap<(Id, Option<Date>), Arc<Record>>;

#[derive(Default)]
struct Shared {
    /// Who is read together; whoever is not among them is read alone.
    learners: Vec<Id>,
    /// What was read, by person and by day; none for now.
    read: Mutex<Read>,
}

impl Records {
    /// People who are asked about together.
    #[must_use]
    pub fn of(learners: Vec<Id>) -> Self {
        Self {
            shared: Arc::new(Shared {
                learners,
                read: Mutex::default(),
            }),
        }
    }

    /// What counts of a person on a day: of an earlier one than today as it stood then.
    async fn record(&self, app: &App, whom: &Whom, day: Date) -> Result<Rested, Error> {
        let now = app.clock.now();
        let as_of = Some(day).filter(|day| *day < now.date());
        let key = (whom.learner, as_of);
        // Held while it is read, so that who asks at the same time waits for the same answer.
        let mut read = self.shared.read.lock().await;
        let prepared = app.engines.prepare(whom.framework.clone()).await?;
        if let Some(record) = read.get(&key) {
            return Ok((prepared, record.clone()));
        }
        let together = self.shared.learners.contains(&whom.learner);
        let learners = if together {
            self.shared.learners.clone()
        } else {
            vec![whom.learner]
        };
        let (view, rules) = (whom.view, prepared.clone());
        let found = app
            .db
            .read(move |connection| {
                let found = counting(connection, &learners, view, as_of, now)?;
                let records = found.into_iter().map(|(learner, held)| {
                    let counted: Vec<Counted> = held.iter().map(Counted::from).collect();
                    let awards = awards(&counted, &rules);
                    (learner, Arc::new(Record { held, awards }))
                });
                Ok(records.collect::<HashMap<_, _>>())
            })
            .await?;
        let record = found.get(&whom.learner).cloned().unwrap_or_default();
        let found = found.into_iter().map(|(id, record)| ((id, as_of), record));
        read.extend(found);
        Ok((prepared, record))
    }
}

/// The rules, and what counts of a person.
type Rested = (Arc<Prepared>, Arc<Record>);

/// Of whom something is asked, as whom, by which rules.
#[derive(Clone)]
pub struct Whom {
    /// The person.
    pub learner: Id,
    /// The date of birth, as whoever asks sees it.
    pub born: Option<Date>,
    /// As whom it is asked.
    pub view: View,
    /// With whom the record is read.
    pub records: Records,
    /// The rules, as whoever asks found them.
    pub framework: Arc<Framework>,
}

impl Whom {
    /// A learner as somebody sees them.
    #[must_use]
    pub fn of(seen: &Seen, framework: Arc<Framework>) -> Self {
        Self {
            framework,
            learner: seen.row.id,
            born: seen.row.date_of_birth,
            view: seen.view,
            records: seen.records.clone(),
        }
    }
}

/// An answer of the rules, with the rules and the record that it rests on.
#[derive(Clone)]
pub struct Answered<T> {
    /// The rules.
    pub prepared: Arc<Prepared>,
    /// The record.
    pub record: Arc<Record>,
    /// The answer.
    pub answer: T,
}

/// Holds a person's record, as it stands on a day, against the rules.
///
/// # Errors
/// What `work` answers, or [`Error`] where the database does not.
#[tracing::instrument(target = "registry::trace", name = "framework::ask", skip_all)]
pub async fn ask<T: Send + 'static>(
    app: &App,
    whom: &Whom,
    day: Date,
    work: impl FnOnce(&Person<'_>) -> Result<T, Error> + Send + 'static,
) -> Result<Answered<T>, Error> {
    let (prepared, record) = whom.records.record(app, whom, day).await?;
    let (rules, held, born) = (prepared.clone(), record.clone(), whom.born);
    let answer = app.engines.run(move || {
        work(&Person {
            prepared: &rules,
            awards: &held.awards,
            born,
        })
    });
    Ok(Answered {
        answer: answer.await??,
        prepared,
        record,
    })
}
