//! A person's own shares.

use crate::access::{Caller, Right};
use crate::action::learner::Seen;
use crate::action::view::{self, View};
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::achievement::{self, Held};
use crate::model::learner;
use crate::model::share::{self, ShareRow};
use schema::Code;

/// A share as its maker sees it.
#[derive(Clone)]
pub struct OwnShare {
    /// The share.
    pub row: ShareRow,
    /// What of the record it is about, as it stands now.
    pub held: Vec<Held>,
}

impl OwnShare {
    /// The share with what `chosen` says of it, out of the maker's record.
    pub(super) fn of(row: ShareRow, chosen: &[(Id, Id)], record: &[Held]) -> Self {
        let of_it = chosen.iter().filter(|(share, _)| *share == row.id);
        let find = |(_, id): &(Id, Id)| record.iter().find(|held| held.achievement.id == *id);
        Self {
            held: of_it.filter_map(find).cloned().collect(),
            row,
        }
    }
}

/// Whose shares are this learner's: their own, and those of whoever was merged into them.
pub(crate) fn makers(connection: &mut Connection, learner: Id) -> Result<Vec<Id>, Error> {
    let merged = learner::members(connection, &[learner])?;
    let merged = merged.into_iter().map(|(id, _)| id);
    Ok(std::iter::once(learner).chain(merged).collect())
}

/// A page of a learner's shares, the newest first, ended ones too.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but the person.
#[tracing::instrument(target = "registry::trace", name = "share::list", skip_all)]
pub async fn list(
    app: &App,
    seen: &Seen,
    before: Option<Id>,
    limit: i64,
) -> Result<Vec<OwnShare>, Error> {
    if seen.view != View::Own {
        return Err(Error::from(Code::Forbidden));
    }
    let id = seen.row.id;
    app.db
        .read(move |connection| {
            let makers = makers(connection, id)?;
            let rows = share::of_learners(connection, &makers, before, limit)?;
            with_achievements(connection, id, rows)
        })
        .await
}

/// A share of one's own; none where it is another's, as for one that does not exist.
///
/// # Errors
/// [`Error`] where the database does not answer.
#[tracing::instrument(target = "registry::trace", name = "share::find", skip_all)]
pub async fn find(app: &App, caller: &Caller, id: Id) -> Result<Option<OwnShare>, Error> {
    if !caller.may(Right::ShareOwnRecord) {
        return Ok(None);
    }
    let caller = caller.clone();
    app.db
        .read(move |connection| own(connection, &caller, id))
        .await
}

/// Takes a share back: from now on it gives nothing. Taken back twice it is answered as the first time.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but a practitioner; [`Code::NotFound`] where it is another's, as for one that does not
/// exist.
#[tracing::instrument(target = "registry::trace", name = "share::revoke", skip_all)]
pub async fn revoke(app: &App, caller: &Caller, id: Id) -> Result<OwnShare, Error> {
    caller.demand(Right::ShareOwnRecord)?;
    let (caller, now) = (caller.clone(), app.clock.now());
    app.db
        .write(move |connection| {
            let none = || Error::from(Code::NotFound);
            own(connection, &caller, id)?.ok_or_else(none)?;
            share::revoke(connection, id, now)?;
            own(connection, &caller, id)?.ok_or_else(none)
        })
        .await
}

fn own(connection: &mut Connection, caller: &Caller, id: Id) -> Result<Option<OwnShare>, Error> {
    let learner = view::own_learner(connection, caller)?;
    let learner = learner.map_or_else(|| Id::from_bytes([0; 16]), |row| row.id);
    let makers = makers(connection, learner)?;
    let row = share::find(connection, &makers, id)?;
    let found = with_achievements(connection, learner, row.into_iter().collect())?;
    Ok(found.into_iter().next())
}

fn with_achievements(
    connection: &mut Connection,
    learner: Id,
    rows: Vec<ShareRow>,
) -> Result<Vec<OwnShare>, Error> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let chosen = share::achievements_of(connection, &ids)?;
    let record = achievement::all_of_learner(connection, learner)?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|row| OwnShare::of(row, &chosen, &record))
        .collect())
}
