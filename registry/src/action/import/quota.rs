//! Quotas of an awarding body: how much it may push in a day, and how many of its imports may wait. They are
//! counted in the database, in the transaction that stores the job, so that servers that share it share them.

use super::origin::Origin;
use crate::app::App;
use crate::config::Limits;
use crate::db::Connection;
use crate::error::{Error, Quota};
use crate::model::body_usage::{self, Usage};
use crate::model::import_job;
use chrono::{NaiveDateTime, TimeDelta};

/// Who pushes on the command line. Nobody counts for them.
pub(super) const OPERATOR: &str = "operator";
/// In which time a body's pushes are counted together.
const DAY: TimeDelta = TimeDelta::days(1);
/// How soon it makes sense to ask again whether an import has ended, in seconds.
const SOON: u64 = 10;

/// Looks before a file is received whether it could be taken.
///
/// # Errors
/// [`Error::Quota`] where a quota is used up.
pub async fn look(app: &App, origin: &Origin, bytes: u64) -> Result<(), Error> {
    let Origin::Body(body) = origin else {
        return Ok(());
    };
    if !app.config.limits.enabled {
        return Ok(());
    }
    let (limits, body, now) = (app.config.limits.clone(), body.to_string(), app.clock.now());
    app.db
        .read(move |connection| check(connection, &limits, &body, bytes, now))
        .await
}

/// Whether the caller pushed under that key before.
///
/// # Errors
/// [`Error`] where the database does not answer.
pub async fn is_known(app: &App, caller: String, key: String) -> Result<bool, Error> {
    app.db
        .read(move |connection| Ok(import_job::find_by_key(connection, &caller, &key)?.is_some()))
        .await
}

/// Whether the body may push so many bytes more.
///
/// # Errors
/// [`Error::Quota`] where a quota is used up.
pub(super) fn check(
    connection: &mut Connection,
    limits: &Limits,
    body: &str,
    bytes: u64,
    now: NaiveDateTime,
) -> Result<(), Error> {
    if !limits.enabled {
        return Ok(());
    }
    let used = body_usage::since(connection, body, now - DAY)?;
    match exceeded(limits, &used, bytes, now) {
        None => Ok(()),
        Some(quota) => {
            metrics::counter!("registry_rate_limited_total", "limit" => quota.limit).increment(1);
            Err(Error::Quota(quota))
        }
    }
}

fn exceeded(limits: &Limits, used: &Usage, bytes: u64, now: NaiveDateTime) -> Option<Quota> {
    let number = |value: i64| u64::try_from(value).unwrap_or(0);
    // The oldest of them is a day old then.
    let free = used.oldest.map_or(DAY, |oldest| oldest + DAY - now);
    let wait = number(free.num_seconds().saturating_add(1)).max(1);
    let quota = |limit, allowed, wait| {
        Some(Quota {
            limit,
            allowed,
            wait,
        })
    };
    if number(used.unfinished) >= limits.waiting_jobs {
        quota("waiting_jobs", limits.waiting_jobs, SOON)
    } else if number(used.pushes) >= limits.pushes_per_day {
        quota("pushes_per_day", limits.pushes_per_day, wait)
    } else if number(used.bytes).saturating_add(bytes) > limits.bytes_per_day {
        quota("bytes_per_day", limits.bytes_per_day, wait)
    } else {
        None
    }
}
