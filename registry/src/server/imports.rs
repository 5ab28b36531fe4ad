//! Pushing a file and following what becomes of it.

use super::{Shared, identity, problem};
use crate::action::import::spool::Spooling;
use crate::action::import::{IssueReport, Mode, Origin, Push, Report, enqueue, see};
use crate::action::view;
use crate::db::Id;
use crate::error::Error;
use crate::limits::Allowance;
use actix_web::http::header;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use base64::Engine as _;
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
}

/// `POST /imports/{adapter}`: the body is the file.
pub(super) async fn push(
    request: HttpRequest,
    shared: web::Data<Shared>,
    adapter: web::Path<String>,
    body: web::Payload,
) -> HttpResponse {
    match take(&request, &shared, adapter.into_inner(), body).await {
        Ok(report) => HttpResponse::Accepted()
            .insert_header((header::LOCATION, format!("/imports/{}", report.id)))
            .insert_header(problem::speaks(problem::language(&request)))
            .json(report),
        Err(error) => problem::answer(&request, &error),
    }
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
                "Only mode=partial|atomic and dryRun=true|false may be asked for.",
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
    let expected = content_digest(request)?;
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
    let app = shared.app.clone();
    let mut spooling = super::block(move || Spooling::begin(&app.config, limit))
        .await
        .map_err(Error::internal)??;
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
    let shared = shared.clone();
    let job = super::block(move || {
        let file = spooling.finish()?;
        if expected.is_some_and(|expected| expected != file.digest) {
            crate::action::import::spool::remove(&shared.app.config, file.job);
            return Err(Error::from(Code::DigestMismatch));
        }
        let push = Push {
            caller: caller.pushing_key(),
            origin,
            adapter,
            mode,
            dry_run: query.dry_run.unwrap_or(false),
            idempotency_key: key,
            file,
        };
        enqueue(&shared.app, &shared.queue, &push)
    })
    .await
    .map_err(Error::internal)??;
    Ok(Report::of(
        &job,
        Vec::new(),
        job.issues,
        problem::language(request),
    ))
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

/// The SHA-256 of `Content-Digest` (RFC 9530), hexadecimal, where it is sent.
fn content_digest(request: &HttpRequest) -> Result<Option<String>, Error> {
    let Some(value) = request.headers().get("content-digest") else {
        return Ok(None);
    };
    let refuse = || {
        Error::with(
            Code::BadRequest,
            "Content-Digest is written sha-256=:BASE64: (RFC 9530).",
        )
    };
    let text = value.to_str().map_err(|_| refuse())?;
    for part in text.split(',') {
        let Some((algorithm, digest)) = part.trim().split_once('=') else {
            return Err(refuse());
        };
        if algorithm.eq_ignore_ascii_case("sha-256") {
            let digest = digest
                .trim()
                .strip_prefix(':')
                .and_then(|rest| rest.strip_suffix(':'))
                .ok_or_else(refuse)?;
            let bytes = base64::engine::general_purpose::STANDARD
                .decode(digest)
                .ok()
                .filter(|bytes| bytes.len() == 32)
                .ok_or_else(refuse)?;
            return Ok(Some(
                bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            ));
        }
    }
    Ok(None)
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

/// What may follow the `?` of the issues.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IssuesQuery {
    after: Option<i64>,
}

/// `GET /imports/{id}/issues`: what was noticed, as JSON, or as CSV by `Accept`. `?after=` goes on after
/// the number that `next` gave.
pub(super) async fn issues(
    request: HttpRequest,
    shared: web::Data<Shared>,
    id: web::Path<String>,
) -> HttpResponse {
    let Ok(query) = web::Query::<IssuesQuery>::from_query(request.query_string()) else {
        return problem::answer(
            &request,
            &Error::with(Code::BadRequest, "Only after=NUMBER may be asked for."),
        );
    };
    let (report, next) = match look(&request, &shared, &id, query.after, LISTED).await {
        Ok(found) => found,
        Err(error) => return problem::answer(&request, &error),
    };
    let accept = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    if !accept.contains("text/csv") {
        return HttpResponse::Ok().insert_header(problem::speaks(problem::language(&request))).json(serde_json::json!({"issues": report.issues, "issueCount": report.issue_count, "next": next}));
    }
    match as_csv(report.issues) {
        Ok(text) => {
            let mut answer = HttpResponse::Ok();
            if let Some(next) = next {
                answer.insert_header((header::LINK, format!("<?after={next}>; rel=\"next\"")));
            }
            answer
                .insert_header(problem::speaks(problem::language(&request)))
                .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8"))
                .body(text)
        }
        Err(error) => problem::answer(&request, &error),
    }
}

fn as_csv(issues: Vec<IssueReport>) -> Result<Vec<u8>, Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record([
            "severity", "code", "message", "row", "column", "path", "offset",
        ])
        .map_err(Error::internal)?;
    for issue in issues {
        let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
        writer
            .write_record([
                issue.severity,
                issue.code,
                // A spreadsheet must not take an adapter's words for a formula.
                harmless(issue.message),
                number(issue.row),
                number(issue.column.map(i64::from)),
                harmless(issue.path.unwrap_or_default()),
                number(issue.offset),
            ])
            .map_err(Error::internal)?;
    }
    writer
        .into_inner()
        .map_err(|error| Error::internal(error.error()))
}

fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t']) {
        format!("'{text}")
    } else {
        text
    }
}

async fn look(
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
