//! The event that an import has ended: CloudEvents 1.0, in its JSON form.

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

/// The event's type.
const TYPE: &str = "org.iqf-registry.import.ended";
/// What it comes from.
const SOURCE: &str = "urn:iqf-registry:imports";

/// Stores an event for each address that shall hear of the job, which has ended; to be called in the
/// transaction that stores its end.
///
/// # Errors
/// The engine's error.
pub fn announce(
    connection: &mut Connection,
    webhooks: &[Webhook],
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
        let row = DeliveryRow {
            id,
            awarding_body: body.to_owned(),
            url: webhook.url.clone(),
            content: event(id, job, issues, now)?.to_string(),
            state: State::Waiting.as_str().to_owned(),
            attempts: 0,
            created_at: now,
            due_at: now,
            ended_at: None,
            problem: None,
        };
        webhook_delivery::insert(connection, &row)?;
    }
    Ok(())
}

/// The event of that identifier.
fn event(id: Id, job: &JobRow, issues: i64, now: NaiveDateTime) -> Result<Value, Error> {
    Ok(json!({
        "specversion": "1.0",
        "id": id.show("event"),
        "source": SOURCE,
        "type": TYPE,
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
