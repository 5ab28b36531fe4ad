//! Reading an import: by whoever pushed it, by the body whose results it holds, and by stewards.

use crate::access::{Caller, Right};
use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use crate::model::import_issue::{self, IssueRow};
use crate::model::import_job::{self, JobRow, State, Whose};
use schema::Code;
use std::collections::{BTreeMap, BTreeSet};

/// An import as somebody sees it.
#[derive(Clone)]
pub struct Seen {
    /// The job.
    pub job: JobRow,
    /// Whether what it says of who is who is shown too.
    pub restricted_too: bool,
    /// Whether the caller pushed it, or it is of the body for which they speak.
    pub own: bool,
}

/// The import of that identifier; none for those who may not see it.
///
/// # Errors
/// [`Error`] where the database does not answer.
#[tracing::instrument(target = "registry::trace", name = "import::see", skip_all)]
pub async fn see(app: &App, caller: &Caller, id: Id) -> Result<Option<Seen>, Error> {
    if caller.identity.is_none() {
        return Ok(None);
    }
    let found = app
        .db
        .read(move |connection| Ok(import_job::find(connection, id)?))
        .await?;
    let steward = caller.may(Right::ReadImports);
    let own_body = caller.body().map(|body| body.to_string());
    Ok(found.and_then(|job| {
        let own = job.caller == caller.pushing_key()
            || (own_body.is_some() && job.awarding_body == own_body);
        (steward || own).then_some(Seen {
            job,
            restricted_too: steward,
            own,
        })
    }))
}

/// The imports that the caller may see, in one of `states` (in any where none is given), before the one of
/// identifier `before`, at most `limit`, the newest first: a steward's are all, others' those that they
/// pushed and those of the body for which they speak.
///
/// # Errors
/// [`Code::Unauthenticated`] for nobody; else [`Error`] where the database does not answer.
pub async fn list(
    app: &App,
    caller: &Caller,
    states: Vec<State>,
    before: Option<Id>,
    limit: i64,
) -> Result<Vec<Seen>, Error> {
    if caller.identity.is_none() {
        return Err(Error::from(Code::Unauthenticated));
    }
    let steward = caller.may(Right::ReadImports);
    let (key, body) = (
        caller.pushing_key(),
        caller.body().map(|body| body.to_string()),
    );
    let (pusher, body_too) = (key.clone(), body.clone());
    let states: BTreeSet<Option<State>> = match states.is_empty() {
        true => BTreeSet::from([None]),
        false => states.into_iter().map(Some).collect(),
    };
    let found = app.db.read(move |connection| {
        let whose = if steward {
            vec![Whose::Everybody]
        } else {
            let own = std::iter::once(Whose::Caller(&key));
            own.chain(body.as_deref().map(Whose::Body)).collect()
        };
        // Each is a range of an index, so that a page is cheap however many imports there are.
        let mut found: BTreeMap<Id, JobRow> = BTreeMap::new();
        for whose in whose {
            for state in &states {
                let jobs = import_job::newest(connection, whose, *state, before, limit)?;
                found.extend(jobs.into_iter().map(|job| (job.id, job)));
            }
        }
        Ok(found)
    });
    let newest = found.await?.into_values().rev();
    Ok(newest
        .take(usize::try_from(limit).unwrap_or(0))
        .map(|job| Seen {
            own: job.caller == pusher || (body_too.is_some() && job.awarding_body == body_too),
            job,
            restricted_too: steward,
        })
        .collect())
}

/// A page of the issues of an import, and how many there are.
///
/// # Errors
/// [`Error`] where the database does not answer.
pub async fn issues(
    app: &App,
    seen: &Seen,
    after: Option<i64>,
    limit: i64,
) -> Result<(Vec<IssueRow>, i64), Error> {
    let (id, restricted_too) = (seen.job.id, seen.restricted_too);
    app.db
        .read(move |connection| {
            let rows = import_issue::of_job(connection, id, restricted_too, after, limit)?;
            Ok((rows, import_issue::count(connection, id, restricted_too)?))
        })
        .await
}
