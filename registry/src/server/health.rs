//! Alive, ready, and what Prometheus wants to know.

use super::{Shared, problem};
use crate::action::import;
use crate::adapter;
use crate::error::Error;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use schema::Code;

/// `GET /healthz`: the process answers.
pub(super) async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({"status": "alive"}))
}

/// `GET /readyz`: database, schema and adapters are there, and the database takes changes.
pub(super) async fn ready(shared: web::Data<Shared>) -> HttpResponse {
    let database = shared
        .app
        .db
        .read(|connection| Ok(connection.answers()?))
        .await
        .is_ok();
    let writable = database && shared.app.db.takes_changes().await;
    let app = shared.app.clone();
    let adapters = web::block(move || {
        let found = adapter::list(&import::read::options(&app.config));
        found.iter().any(|found| found.descriptor.is_ok())
    })
    .await
    .unwrap_or(false);
    let body =
        serde_json::json!({"database": database, "writable": writable, "adapters": adapters});
    if database && writable && adapters {
        HttpResponse::Ok().json(body)
    } else {
        HttpResponse::ServiceUnavailable().json(body)
    }
}

/// `GET /metrics`: Prometheus's text.
pub(super) async fn metrics(request: HttpRequest, shared: web::Data<Shared>) -> HttpResponse {
    match &shared.metrics {
        Some(metrics) => HttpResponse::Ok()
            .insert_header((
                header::CONTENT_TYPE,
                "text/plain; version=0.0.4; charset=utf-8",
            ))
            .body(metrics.render()),
        None => problem::answer(&request, &Error::from(Code::NotFound)),
    }
}
