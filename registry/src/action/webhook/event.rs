//! The events that an import has ended, and that it was taken back: CloudEvents 1.0, in their JSON form.

use crate::action::import::Report;
use crate::config::Webhook;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::import_issue;
use crate::model::import_job::JobRow;
use crate::model::webhook_delivery::{self, DeliveryRow, State};
use chrono::{NaiveDateTime, SecondsFormat};
use schema::{Code, Language};
use serde_json::{Value, json};

/// What it comes from.
const SOURCE: &str = "urn:iqf-registry:imports";
/// How many events may wait for one address. What comes on top of them is given up at once, so that a receiver
/// that is away cannot fill the database.
const MOST: i64 = 10_000;

/// What an event tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// The import has ended, well or badly, or was cancelled.
    Ended,
    /// The import was taken back, but for what was changed later.
    Undone,
}

impl Happened {
    /// The event's type.
    fn kind(self) -> &'static str {
        match self {
            Self::Ended => "org.iqf-registry.import.ended",
            Self::Undone => "org.iqf-registry.import.undone",
        }
    }
}

/// Stores an event for each address that shall hear of the job; to be called in the transaction that stores what
/// happened to it.
///
/// # Errors
/// The engine's error.
pub fn announce(
    connection: &mut Connection,
    webhooks: &[Webhook],
    happened: Happened,
    job: &JobRow,
    now: NaiveDateTime,
) -> Result<(), Error> {
    let Some(body) = job.awarding_body.as_deref() else {
        return Ok(());
    };
    let own = webhooks.iter().filter(|one| one.awarding_body == body);
    let mut issues = None;
    for webhook in own {
        let issues = match issues {
            Some(known) => known,
            // Those that tell of people known from elsewhere are not the body's to count.
            None => *issues.insert(import_issue::count(connection, job.id, false)?),
        };
        let id = Id::new();
        let full = webhook_delivery::is_full(connection, &webhook.url, MOST)?;
        let state = if full { State::GivenUp } else { State::Waiting };
        let row = DeliveryRow {
            id,
            awarding_body: body.to_owned(),
            url: webhook.url.clone(),
            content: event(id, happened, job, issues, now)?.to_string(),
            state: state.as_str().to_owned(),
            attempts: 0,
            created_at: now,
            due_at: now,
            ended_at: full.then_some(now),
            problem: full.then(|| "too many wait".to_owned()),
        };
        webhook_delivery::insert(connection, &row)?;
        if full {
            let event = id.show("event");
            tracing::warn!(event, body, "an event is given up: too many wait");
        }
    }
    Ok(())
}

/// The event of that identifier.
fn event(
    id: Id,
    happened: Happened,
    job: &JobRow,
    issues: i64,
    now: NaiveDateTime,
) -> Result<Value, Error> {
    Ok(json!({
        "specversion": "1.0",
        "id": id.show("event"),
        "source": SOURCE,
        "type": happened.kind(),
        "subject": job.id.show("import"),
        "time": now.and_utc().to_rfc3339_opts(SecondsFormat::Millis, true),
        "datacontenttype": "application/json",
        "data": data(job, issues)?,
    }))
}

/// The job as its address tells it, but for what could speak of a person: the issues, of which there is only
/// the number, and an adapter's own words.
fn data(job: &JobRow, issues: i64) -> Result<Value, Error> {
    let report = Report::of(job, Vec::new(), issues, Language::English);
    let mut data = serde_json::to_value(report).map_err(Error::internal)?;
    if let Some(members) = data.as_object_mut() {
        members.remove("issues");
        if let Some(code) = &job.error_code {
            let words = Code::parse(code).map(|code| code.message(Language::English));
            members.insert("error".to_owned(), json!({"code": code, "message": words}));
        }
    }
    Ok(data)
}
