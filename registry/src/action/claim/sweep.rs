//! What becomes of claims by time alone: those concerned are reminded of what is due, and what can be appealed against no
//! more is closed.

use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::claim::{self, Change, ClaimRow, EventRow, Known};
use ::claim::{Reminder, State, reminder};
use chrono::{Days, NaiveDateTime};

/// How many claims are looked at together.
const CHUNK: i64 = 200;
/// No body's terms remind earlier than this, in days.
const EARLIEST: u64 = 3650;

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Claims of which those concerned were reminded.
    pub reminded: usize,
    /// Claims that were closed.
    pub closed: usize,
}

/// Reminds and closes; blocks. Done twice, or by two servers, it does nothing twice.
///
/// # Errors
/// The database's failure.
pub fn sweep(app: &App) -> Result<Swept, Error> {
    let now = app.clock.now();
    let until = now.date().checked_add_days(Days::new(EARLIEST));
    let until = until.unwrap_or(now.date());
    let (mut swept, mut after) = (Swept::default(), Id::from_bytes([0; 16]));
    loop {
        let ids = app
            .db
            .read_blocking(move |connection| Ok(claim::due_by(connection, until, after, CHUNK)?))?;
        let Some(last) = ids.last() else {
            return Ok(swept);
        };
        after = *last;
        for id in ids {
            // Each by itself, so that nobody waits for all of them.
            let due = app.db.read_blocking(move |connection| {
                let stored = claim::load(connection, &[id])?.pop();
                Ok(stored.is_some_and(|stored| next(&stored.claim, now).is_some()))
            })?;
            if !due {
                continue;
            }
            let done = app
                .db
                .write_blocking(move |connection| pass(connection, id, now))?;
            match done {
                Some(Next::Close) => swept.closed += 1,
                Some(Next::Remind(_)) => swept.reminded += 1,
                None => continue,
            }
            app.claims.news(id);
        }
    }
}

/// What time alone does to a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Remind(Reminder),
    Close,
}

fn next(row: &ClaimRow, now: NaiveDateTime) -> Option<Next> {
    let (today, state) = (now.date(), State::parse(&row.state)?);
    let decided = matches!(
        state,
        State::Awarded | State::PartlyAwarded | State::Declined
    );
    if decided {
        return row
            .due
            .is_some_and(|due| due < today)
            .then_some(Next::Close);
    }
    let last = match row.reminded {
        0 => None,
        1 => Some(Reminder::Near),
        _ => Some(Reminder::Passed),
    };
    let terms = serde_json::from_str(&row.terms).ok()?;
    reminder(&terms, row.due, last, today).map(Next::Remind)
}

fn pass(connection: &mut Connection, id: Id, now: NaiveDateTime) -> Result<Option<Next>, Error> {
    claim::lock(connection, id)?;
    let Some(stored) = claim::load(connection, &[id])?.pop() else {
        return Ok(None);
    };
    let Some(what) = next(&stored.claim, now) else {
        return Ok(None);
    };
    let was = stored.claim.clone();
    let version = was.version;
    let (row, action) = match what {
        Next::Close => {
            let known = Known::of(connection, std::slice::from_ref(&stored), &[])?;
            let closed = stored.case(&known)?.close(now.date())?;
            let row = ClaimRow {
                state: closed.state().as_str().to_owned(),
                due: None,
                ..was
            };
            (row, "close")
        }
        Next::Remind(reminder) => {
            let reminded = match reminder {
                Reminder::Near => 1,
                Reminder::Passed => 2,
            };
            let action = match reminder {
                Reminder::Near => "dueSoon",
                Reminder::Passed => "overdue",
            };
            (ClaimRow { reminded, ..was }, action)
        }
    };
    let row = ClaimRow {
        version: version + 1,
        changed_at: now,
        ..row
    };
    let event = EventRow {
        claim_id: id,
        number: i32::try_from(stored.events.len()).unwrap_or(i32::MAX - 1) + 1,
        at: now,
        by_whom: "the registry".to_owned(),
        part: "registry".to_owned(),
        action: action.to_owned(),
        from_state: stored.claim.state.clone(),
        to_state: row.state.clone(),
        note: row.due.map(|due| due.to_string()),
    };
    let erase_on = row.erase_on(now.date());
    let change = Change {
        claim: row,
        parts: None,
        evidence: Vec::new(),
        judgements: Vec::new(),
        erase_on,
        granted: Vec::new(),
        event,
    };
    claim::change(connection, change, version)?;
    Ok(Some(what))
}
