//! Reading an import: by whoever pushed it, by the body whose results it holds, and by stewards.

use crate::access::{Caller, Right};
use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use crate::model::import_issue::{self, IssueRow};
use crate::model::import_job::{self, JobRow};

/// An import as somebody sees it.
#[derive(Clone)]
pub struct Seen {
    /// The job.
    pub job: JobRow,
    /// Whether what it says of who is who is shown too.
    pub restricted_too: bool,
}

/// The import of that identifier; none for those who may not see it.
///
/// # Errors
/// [`Error`] where the database does not answer.
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
    Ok(found
        .filter(|job| {
            steward
                || job.caller == caller.pushing_key()
                || (own_body.is_some() && job.awarding_body == own_body)
        })
        .map(|job| Seen {
            job,
            restricted_too: steward,
        }))
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
