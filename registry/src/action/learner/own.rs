//! One's own record: the read that is made most, so those who ask at the same time are answered together.

use super::{Seen, ulns};
use crate::access::{Caller, LearnerClaim, Right};
use crate::action::framework::Records;
use crate::action::view::{self, View};
use crate::app::App;
use crate::db::{Connection, Id, Question};
use crate::error::Error;
use crate::model::achievement::{self, Held};
use crate::model::learner::{self, LearnerRow};
use std::collections::HashMap;

/// The first achievements of a record, read in the same hop as the person.
#[derive(Clone)]
pub struct FirstPage {
    /// How many were asked for.
    pub limit: i64,
    /// What there was.
    pub held: Vec<Held>,
}

/// What shall be read with the person.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// The ULNs.
    pub ulns: bool,
    /// So many achievements.
    pub achievements: Option<i64>,
}

/// A person's question for their own record.
#[derive(Debug, Clone)]
pub struct Own {
    learner: Id,
    wanted: Wanted,
}

/// The learner whom the token names, with what is wanted, in one hop.
///
/// # Errors
/// [`Error`] where the caller is no practitioner, or the database does not answer.
#[tracing::instrument(target = "registry::trace", name = "learner::own", skip_all)]
pub async fn own(app: &App, caller: &Caller, wanted: Wanted) -> Result<Option<Seen>, Error> {
    caller.demand(Right::ReadOwnRecord)?;
    if let Some(LearnerClaim::Id(learner)) = caller.own_learner() {
        let learner = *learner;
        return app.db.ask(&app.own_records, Own { learner, wanted }).await;
    }
    let caller = caller.clone();
    app.db
        .read(move |connection| {
            let Some(row) = view::own_learner(connection, &caller)? else {
                return Ok(None);
            };
            seen(connection, row, wanted).map(Some)
        })
        .await
}

impl Question for Own {
    type Answer = Option<Seen>;

    fn answer(connection: &mut Connection, asked: &[Self]) -> Result<Vec<Option<Seen>>, Error> {
        if let [alone] = asked {
            let row = learner::find(connection, alone.learner)?;
            let seen = row.map(|row| seen(connection, row, alone.wanted));
            return Ok(vec![seen.transpose()?]);
        }
        let ids: Vec<Id> = asked.iter().map(|own| own.learner).collect();
        let rows = learner::find_all(connection, &ids)?;
        let found: Vec<(Wanted, Option<LearnerRow>)> = asked
            .iter()
            .map(|own| (own.wanted, rows.get(&own.learner).cloned()))
            .collect();
        let numbers = numbers(connection, &found)?;
        let mut pages = pages(connection, &found)?;
        found
            .into_iter()
            .map(|(wanted, row)| {
                let Some(row) = row else { return Ok(None) };
                let first_page = match wanted.page() {
                    None => None,
                    Some(limit) => match pages.as_mut().and_then(|pages| pages.remove(&row.id)) {
                        Some(mut held) => {
                            held.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
                            Some(FirstPage { limit, held })
                        }
                        // Too many to tell, or the same person asks twice.
                        None => return seen(connection, row, wanted).map(Some),
                    },
                };
                Ok(Some(Seen {
                    ulns: wanted
                        .ulns
                        .then(|| numbers.get(&row.id).cloned().unwrap_or_default()),
                    row,
                    first_page,
                    records: Records::default(),
                    view: View::Own,
                }))
            })
            .collect()
    }
}

impl Wanted {
    /// How long a first page is wanted.
    fn page(self) -> Option<i64> {
        self.achievements.filter(|limit| *limit > 0)
    }
}

/// The ULNs of those who want them.
fn numbers(
    connection: &mut Connection,
    found: &[(Wanted, Option<LearnerRow>)],
) -> Result<HashMap<Id, Vec<String>>, Error> {
    let wanting: Vec<Id> = found
        .iter()
        .filter(|(wanted, _)| wanted.ulns)
        .filter_map(|(_, row)| Some(row.as_ref()?.id))
        .collect();
    let mut numbers: HashMap<Id, Vec<String>> = HashMap::new();
    if !wanting.is_empty() {
        for (id, uln) in learner::ulns_of(connection, &wanting)? {
            numbers.entry(id).or_default().push(uln);
        }
    }
    Ok(numbers)
}

/// The achievements of those who want some; none where there are so many that some may be left out, which
/// only a look at each can tell.
fn pages(
    connection: &mut Connection,
    found: &[(Wanted, Option<LearnerRow>)],
) -> Result<Option<HashMap<Id, Vec<Held>>>, Error> {
    let wanting: Vec<(Id, i64)> = found
        .iter()
        .filter_map(|(wanted, row)| Some((row.as_ref()?.id, wanted.page()?)))
        .collect();
    let mut pages: HashMap<Id, Vec<Held>> = HashMap::new();
    if wanting.is_empty() {
        return Ok(Some(pages));
    }
    let ids: Vec<Id> = wanting.iter().map(|(id, _)| *id).collect();
    let room: i64 = wanting.iter().map(|(_, limit)| limit).sum();
    let held = achievement::of_learners(connection, &ids, room)?;
    if i64::try_from(held.len()).is_ok_and(|count| count >= room) {
        return Ok(None);
    }
    pages.extend(ids.into_iter().map(|id| (id, Vec::new())));
    for one in held {
        let page = pages.entry(one.achievement.learner_id).or_default();
        page.push(one);
    }
    Ok(Some(pages))
}

fn seen(connection: &mut Connection, row: LearnerRow, wanted: Wanted) -> Result<Seen, Error> {
    let numbers = if wanted.ulns {
        Some(ulns(connection, row.id)?)
    } else {
        None
    };
    let first_page = match wanted.page() {
        Some(limit) => Some(FirstPage {
            limit,
            held: achievement::of_learner(connection, row.id, None, limit)?,
        }),
        None => None,
    };
    Ok(Seen {
        row,
        ulns: numbers,
        first_page,
        records: Records::default(),
        view: View::Own,
    })
}
