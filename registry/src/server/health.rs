//! Alive, ready, and what Prometheus wants to know.

use super::{Shared, problem};
use crate::action::import;
use crate::db::{Engine, steps};
use crate::error::Error;
use crate::telemetry;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use schema::Code;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long adapters that could be loaded are taken to be there still: each look starts a worker a library.
const LOOKED: Duration = Duration::from_secs(15);
/// How long they are taken to be away where none could be.
const MISSED: Duration = Duration::from_secs(3);

/// `GET /healthz`: the process answers.
pub(super) async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({"status": "alive"}))
}

/// When adapters were last looked at, and whether one could be used. Held for as long as a look takes: whoever
/// asks meanwhile waits for that one.
#[derive(Default)]
pub(super) struct Adapters(Arc<tokio::sync::Mutex<Option<(Instant, bool)>>>);

/// `GET /readyz`: database, schema and adapters are there, and the database takes changes. It says which are not, and nothing of why.
pub(super) async fn ready(shared: web::Data<Shared>) -> HttpResponse {
    let (database, schema) = database(&shared).await;
    let adapters = adapters(&shared).await;
    let writable = database && shared.app.db.takes_changes().await;
    let ready = database && writable && schema && adapters;
    let body = serde_json::json!({
        "status": if ready { "ready" } else { "not-ready" },
        "database": database,
        "writable": writable,
        "schema": schema,
        "adapters": adapters,
    });
    if ready {
        HttpResponse::Ok().json(body)
    } else {
        HttpResponse::ServiceUnavailable()
            .insert_header((header::RETRY_AFTER, "5"))
            .json(body)
    }
}

/// Whether the database answers, and whether its schema is this version's. An error, not an answer of no,
/// makes the thread connect again for whoever comes next.
async fn database(shared: &web::Data<Shared>) -> (bool, bool) {
    for _ in 0..2 {
        let look = shared.app.db.read(steps);
        match tokio::time::timeout(PATIENCE, look).await {
            Ok(Ok(steps)) => return (true, steps.missing.is_empty() && steps.unknown.is_empty()),
            Ok(Err(_)) => {}
            Err(_) => break,
        }
    }
    (false, false)
}

async fn adapters(shared: &web::Data<Shared>) -> bool {
    let mut known = shared.adapters.0.clone().lock_owned().await;
    if let Some((at, usable)) = *known
        && at.elapsed() < if usable { LOOKED } else { MISSED }
    {
        return usable;
    }
    let app = shared.app.clone();
    // The look has the lock with it: it goes on where the one who asked goes away, and there is one at a time.
    let looked = super::block(move || {
        let found = app.adapters.list(&import::read::options(&app.config));
        let usable = found.iter().any(|found| found.descriptor.is_ok());
        *known = Some((Instant::now(), usable));
        usable
    });
    looked.await.unwrap_or(false)
}

/// `GET /metrics`: Prometheus's text.
pub(super) async fn metrics(request: HttpRequest, shared: web::Data<Shared>) -> HttpResponse {
    let Some(metrics) = &shared.metrics else {
        return problem::answer(&request, &Error::from(Code::NotFound));
    };
    look(&shared);
    HttpResponse::Ok()
        .insert_header((
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        ))
        .body(metrics.render())
}

/// Looks at what is only looked at when somebody asks.
#[expect(clippy::cast_precision_loss, reason = "a gauge is a floating number")]
fn look(shared: &Shared) {
    telemetry::metrics::look_at_process();
    let (reading, writing) = shared.app.db.waiting();
    metrics::gauge!("registry_database_waiting", "kind" => "read").set(reading as f64);
    metrics::gauge!("registry_database_waiting", "kind" => "write").set(writing as f64);
    metrics::gauge!("registry_imports_waiting").set(shared.queue.waiting() as f64);
    let engine = match shared.app.db.engine() {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    metrics::gauge!("registry_build_info", "version" => env!("CARGO_PKG_VERSION"), "engine" => engine).set(1.0);
}
