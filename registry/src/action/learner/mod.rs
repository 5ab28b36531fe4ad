//! Reading a person's record: one's own, or another's by right, which leaves its row in the ledger.

mod own;

pub use own::{FirstPage, Own, Wanted, own};

use super::framework::Records;
use super::ledger;
use super::view::{self, Heard, Moment, View};
use crate::access::{Caller, Right};
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::access_entry::{self, AccessRow};
use crate::model::achievement::{self, Held};
use crate::model::learner::{self, LearnerRow};
use crate::model::source;
use record::describe;
use schema::Uln;

/// Which learner is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Selector {
    /// By the registry's identifier.
    Id(Id),
    /// By ULN.
    Uln(Uln),
}

/// A learner as somebody sees them.
#[derive(Clone)]
pub struct Seen {
    /// The facts.
    pub row: LearnerRow,
    /// The ULNs, the oldest first; none where they were not asked for.
    pub ulns: Option<Vec<String>>,
    /// The first page of achievements, where it was asked for.
    pub first_page: Option<FirstPage>,
    /// With whom the record is read where rules are held against it.
    pub records: Records,
    /// As whom.
    pub view: View,
}

/// A learner's ULNs.
///
/// # Errors
/// [`Error`] where the database does not answer.
pub fn ulns(connection: &mut Connection, id: Id) -> Result<Vec<String>, Error> {
    Ok(learner::ulns_of(connection, &[id])?
        .into_iter()
        .map(|(_, uln)| uln)
        .collect())
}

/// A learner, by right; none without it, as for one who does not exist.
///
/// # Errors
/// [`Error`] where the database does not answer, or the look cannot be noted.
#[tracing::instrument(target = "registry::trace", name = "learner::look", skip_all)]
pub async fn look(app: &App, caller: &Caller, selector: Selector) -> Result<Option<Seen>, Error> {
    if ![
        Right::ReadOwnRecord,
        Right::ReadIdentities,
        Right::ReadOwnAwards,
    ]
    .iter()
    .any(|right| caller.may(*right))
    {
        return Ok(None);
    }
    let asker = caller.clone();
    let found = app
        .db
        .read(move |connection| {
            let row = match selector {
                Selector::Id(id) => learner::find(connection, id)?,
                Selector::Uln(uln) => by_uln(connection, &asker, uln)?,
            };
            let own = view::own_learner(connection, &asker)?.map(|own| own.id);
            // Asked for whether the learner is there or not, so that both take the same way.
            let id = row
                .as_ref()
                .map_or_else(|| Id::from_bytes([0; 16]), |row| row.id);
            let told = source::of_learners(connection, &[id])?;
            let Some(row) = row else { return Ok(None) };
            let Some(view) = view::view_of(&asker, own, id, &told) else {
                return Ok(None);
            };
            Ok(Some(match view {
                View::Own | View::Steward => {
                    let ulns = Some(ulns(connection, id)?);
                    Seen {
                        row,
                        ulns,
                        first_page: None,
                        records: Records::default(),
                        view,
                    }
                }
                View::Body(_) => {
                    let heard = view::hear(told)?;
                    if !stated(&heard, view, selector) {
                        return Ok(None);
                    }
                    as_told(&row, view, heard)
                }
            }))
        })
        .await?;
    match found {
        Some(seen) if seen.view != View::Own => {
            ledger::note(app, caller, seen.view, seen.row.id, "record").await?;
            Ok(Some(seen))
        }
        other => Ok(other),
    }
}

/// The learner of a ULN: for a body first the one for whom it uses the number itself.
fn by_uln(
    connection: &mut Connection,
    asker: &Caller,
    uln: Uln,
) -> Result<Option<LearnerRow>, Error> {
    if let Some(body) = asker.body().filter(|_| !asker.may(Right::ReadIdentities)) {
        let submitter = source::submitter_of(body);
        if let Some(row) = learner::find_by_stated_uln(connection, &submitter, uln)? {
            return Ok(Some(row));
        }
    }
    let row = learner::find_by_uln(connection, uln)?;
    if row.is_none() {
        // A number that is nobody's takes the same way as one that is somebody's.
        learner::find(connection, Id::from_bytes([0; 16]))?;
    }
    Ok(row)
}

/// Whether what a body asks by is its own word: that a ULN is this person's, others may have told.
fn stated(heard: &[Heard], view: View, selector: Selector) -> bool {
    let Selector::Uln(uln) = selector else {
        return true;
    };
    heard.iter().any(|one| {
        let person = &one.told.statement.person;
        view.sees(&one.source) && (person.uln == Some(uln) || person.linked_ulns.contains(&uln))
    })
}

/// The person as a body's own statements alone describe them.
pub(crate) fn as_told(row: &LearnerRow, view: View, heard: Vec<Heard>) -> Seen {
    let own: Vec<Heard> = heard
        .into_iter()
        .filter(|one| view.sees(&one.source))
        .collect();
    let mut ulns: Vec<String> = Vec::new();
    for uln in own.iter().filter_map(|one| one.told.statement.person.uln) {
        if !ulns.contains(&uln.to_string()) {
            ulns.push(uln.to_string());
        }
    }
    let told: Vec<_> = own.into_iter().map(|one| one.told).collect();
    let row = row.with(describe(&told));
    Seen {
        row,
        ulns: Some(ulns),
        first_page: None,
        records: Records::default(),
        view,
    }
}

/// All achievements of a learner as `view` sees them at `moment`, the oldest first.
///
/// # Errors
/// [`Error`] where the database does not answer.
#[tracing::instrument(target = "registry::trace", name = "learner::achievements", skip_all)]
pub async fn achievements(
    app: &App,
    learner: Id,
    view: View,
    moment: Moment,
) -> Result<Vec<Held>, Error> {
    let now = app.clock.now();
    app.db
        .read(move |connection| {
            if moment.is_now() && !matches!(view, View::Body(_)) {
                return Ok(achievement::all_of_learner(connection, learner)?);
            }
            let heard = view::hear(source::of_learners(connection, &[learner])?)?;
            let awards = view::awards(&heard, view, moment).into_iter();
            let awards = awards.map(|(id, award)| (learner, id, award)).collect();
            view::hold(connection, awards, now)
        })
        .await
}

/// A page of a learner's access ledger, the newest first.
///
/// # Errors
/// [`schema::Code::Forbidden`] for anybody but the person.
#[tracing::instrument(target = "registry::trace", name = "learner::ledger", skip_all)]
pub async fn ledger(
    app: &App,
    seen: &Seen,
    before: Option<Id>,
    limit: i64,
) -> Result<Vec<AccessRow>, Error> {
    if seen.view != View::Own {
        return Err(Error::from(schema::Code::Forbidden));
    }
    let id = seen.row.id;
    app.db
        .read(move |connection| Ok(access_entry::of_learner(connection, id, before, limit)?))
        .await
}
