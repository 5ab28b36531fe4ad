//! Pushing a file and following what becomes of it.

use super::{Shared, digest, identity, problem};
use crate::access::Right;
use crate::action::import::spool::Spooling;
use crate::action::import::{Mode, Origin, Push, Report, enqueue, quota, see};
use crate::action::view;
use crate::db::Id;
use crate::error::Error;
use crate::limits::Allowance;
use actix_web::http::header;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use futures_util::StreamExt;
use schema::Code;
use serde::Deserialize;
use std::time::Duration;

/// How many issues a report lists at once; the rest are at the address of the issues.
const LISTED: i64 = 1000;

/// What may follow the `?` of a push.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PushQuery {
    mode: Option<String>,
    dry_run: Option<bool>,
    despite: Option<Despite>,
}

/// What a pusher knows of and has merged all the same.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Despite {
    /// That the file looks wrong as a whole.
    Quarantine,
}

/// `POST /imports/{adapter}`: the body is the file.
pub(super) async fn push(
    request: HttpRequest,
    shared: web::Data<Shared>,
    adapter: web::Path<String>,
    body: web::Payload,
) -> HttpResponse {
    let mut answer = match take(&request, &shared, adapter.into_inner(), body).await {
        Ok(report) => HttpResponse::Accepted()
            .insert_header((header::LOCATION, format!("/imports/{}", report.id)))
            .insert_header(problem::speaks(problem::language(&request)))
            .json(report),
        Err(error) => problem::answer(&request, &error),
    };
    let (name, wanted) = digest::WANTED;
    answer.headers_mut().insert(
        header::HeaderName::from_static(name),
        header::HeaderValue::from_static(wanted),
    );
    answer
}

async fn take(
    request: &HttpRequest,
    shared: &web::Data<Shared>,
    adapter: String,
    mut body: web::Payload,
) -> Result<Report, Error> {
    let caller = identity::caller(request, shared).await?;
    let learner = view::own_learner_of(&shared.app, &caller)
        .await?
        .map(|row| row.id);
    let origin = Origin::of(&caller, None, learner)?;
    if let Some(allowance) = request.extensions().get::<Allowance>() {
        allowance.push(caller.body())?;
    }
    let query = web::Query::<PushQuery>::from_query(request.query_string())
        .map_err(|_| {
            Error::with(
                Code::BadRequest,
                "Only mode=partial|atomic, dryRun=true|false and despite=quarantine may be asked for.",
            )
        })?
        .into_inner();
    let mode = match query.mode.as_deref() {
        None => Mode::default(),
        Some(text) => Mode::parse(text)
            .ok_or_else(|| Error::with(Code::BadRequest, "mode is partial or atomic."))?,
    };
    let key = match request.headers().get("idempotency-key") {
        Some(value) => Some(
            value
                .to_str()
                .map_err(|_| Error::from(Code::InputInvalid))?
                .to_owned(),
        ),
        None => None,
    };
    let expected = digest::announced(request)?;
    let limit = shared.app.config.server.import_limit;
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(Error::with(
            Code::TooLarge,
            format!("A pushed file may have {limit} bytes at most."),
        ));
    }
    // The same push again costs nothing.
    let again = match &key {
        Some(key) => quota::is_known(&shared.app, caller.pushing_key(), key.clone()).await?,
        None => false,
    };
    if !again {
        quota::look(&shared.app, &origin, announced.unwrap_or(0)).await?;
    }
    let app = shared.app.clone();
    let mut spooling = super::block(move || Spooling::begin(&app.config, limit))
        .await
        .map_err(Error::internal)??
        .expecting(expected);
    let silence = Duration::from_secs(shared.app.config.server.push_silence);
    loop {
        let Some(chunk) = next_chunk(&mut body, silence).await? else {
            break;
        };
        // Written off the event loop; the chunk that follows waits, which is what slows a fast client down.
        spooling = super::block(move || spooling.write(&chunk).map(|()| spooling))
            .await
            .map_err(Error::internal)??;
    }
    let restricted_too = caller.may(Right::ReadImports);
    let task = shared.clone();
    let job = super::block(move || {
        let file = spooling.finish()?;
        let push = Push {
            caller: caller.pushing_key(),
            origin,
            adapter,
            mode,
            dry_run: query.dry_run.unwrap_or(false),
            despite_quarantine: query.despite == Some(Despite::Quarantine),
            idempotency_key: key,
            file,
        };
        enqueue(&task.app, &task.queue, &push)
    })
    .await
    .map_err(Error::internal)??;
    // A job that was there already may have issues that are not this caller's to count.
    let count = if job.issues == 0 {
        0
    } else {
        let seen = see::Seen {
            job: job.clone(),
            restricted_too,
            own: true,
        };
        see::issues(&shared.app, &seen, None, 0).await?.1
    };
    let language = problem::language(request);
    Ok(Report::of(&job, Vec::new(), count, language))
}

/// The next bytes of a body; none at its end.
///
/// # Errors
/// [`Code::TooSlow`] after so much silence; [`Code::BadRequest`] where the client went away.
pub(super) async fn next_chunk(
    body: &mut web::Payload,
    silence: Duration,
) -> Result<Option<web::Bytes>, Error> {
    let chunk = tokio::time::timeout(silence, body.next())
        .await
        .map_err(|_| Error::from(Code::TooSlow))?;
    chunk
        .transpose()
        .map_err(|_| Error::with(Code::BadRequest, "The body ended before its end."))
}

/// `GET /imports/{id}`: state and counts.
pub(super) async fn show(
    request: HttpRequest,
    shared: web::Data<Shared>,
    id: web::Path<String>,
) -> HttpResponse {
    match look(&request, &shared, &id, None, LISTED).await {
        Ok((report, _)) => HttpResponse::Ok()
            .insert_header(problem::speaks(problem::language(&request)))
            .json(report),
        Err(error) => problem::answer(&request, &error),
    }
}

pub(super) async fn look(
    request: &HttpRequest,
    shared: &web::Data<Shared>,
    id: &str,
    after: Option<i64>,
    limit: i64,
) -> Result<(Report, Option<i64>), Error> {
    let caller = identity::caller(request, shared).await?;
    if caller.identity.is_none() {
        return Err(Error::from(Code::Unauthenticated));
    }
    let id = Id::read("import", id).ok_or_else(|| Error::from(Code::NotFound))?;
    let seen = see::see(&shared.app, &caller, id)
        .await?
        .ok_or_else(|| Error::from(Code::NotFound))?;
    let (mut rows, count) = see::issues(&shared.app, &seen, after, limit + 1).await?;
    let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).map(|row| row.ordinal);
    Ok((
        Report::of(&seen.job, rows, count, problem::language(request)),
        next,
    ))
}
