//! `/graphql`, as the GraphQL-over-HTTP specification says (edition of September 2026): POST with JSON, GET
//! for queries only, media types by `Accept`. How an answer is told stands in `accept`, how a request is
//! understood in `ask`.

use super::accept::{self, JSON, Media, Told};
use super::ask::{self, Asked};
use super::imports::next_chunk;
use super::{Shared, identity, problem, upload};
use crate::access::{Caller, Right};
use crate::error::Error;
use crate::graphql::{Budget, Speaks, Way};
use crate::limits::Allowance;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use async_graphql::http::GraphiQLSource;
use async_graphql::{Request, Response, Value};
use schema::{Code, Language};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// How many errors an answer to a request that never ran has at the most.
const ERRORS: usize = 20;
/// How long an error's words are at the most, in bytes: they may repeat a name of the document.
const WORDS: usize = 400;

/// `POST /graphql`.
pub(super) async fn post(
    request: HttpRequest,
    shared: web::Data<Shared>,
    body: web::Payload,
) -> HttpResponse {
    match take(&request, &shared, body).await {
        Ok(answer) => answer,
        Err(error) => problem::answer(&request, &error),
    }
}

/// Who asks is looked at before what they send: nobody's file is taken who may not push one.
async fn take(
    request: &HttpRequest,
    shared: &web::Data<Shared>,
    body: web::Payload,
) -> Result<HttpResponse, Error> {
    let media = Media::of(request)?;
    let caller = identity::caller(request, shared).await?;
    let (asked, until) = receive(request, shared, &caller, body).await?;
    let mut run = Run::new(request, shared, caller, Way::Body, until);
    match asked {
        Asked::One(one) => Ok(run.one(media, *one).await),
        Asked::Batch(requests) => Ok(run.batch(media, requests).await),
    }
}

/// When what begins now must have ended.
fn ending(shared: &Shared) -> Instant {
    Instant::now() + Duration::from_secs(shared.app.config.graphql.time)
}

/// What is asked, and until when there is time for it: receiving counts, unless it is a file.
async fn receive(
    request: &HttpRequest,
    shared: &web::Data<Shared>,
    caller: &Caller,
    body: web::Payload,
) -> Result<(Asked, Instant), Error> {
    let headers = request.headers();
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut parts = kind.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let parts: Vec<&str> = parts.collect();
    let encoded = headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|encoding| encoding != "identity");
    if encoded {
        return Err(Error::with(
            Code::UnsupportedMediaType,
            "Send the content as it is, without a content encoding.",
        ));
    }
    match essence.as_str() {
        JSON if accept::charset(&parts).is_none_or(accept::is_utf8) => {
            let until = ending(shared);
            let read = timeout_at(until, read(shared, body)).await;
            let bytes = read.map_err(|_| Error::from(Code::TooSlow))??;
            let asked = ask::of_body(&bytes, shared.app.config.graphql.batch)?;
            Ok((asked, until))
        }
        "multipart/form-data" => {
            // A plain form of another site can send such a body, but not this header.
            if !headers.contains_key("graphql-require-preflight") {
                return Err(Error::from(Code::PreflightMissing));
            }
            let pushing = [
                Right::PushOwnResults,
                Right::PushForOthers,
                Right::PresentOneself,
                Right::ClaimPriorLearning,
            ];
            if !pushing.iter().any(|right| caller.may(*right)) {
                caller.demand(Right::PushOwnResults)?;
            }
            // Before the body, as at the address of pushes: nothing is kept of what is one too many.
            if let Some(allowance) = allowance(request) {
                allowance.push_ahead(caller.body())?;
            }
            let asked = upload::receive(shared, kind, body).await?;
            Ok((Asked::One(Box::new(asked)), ending(shared)))
        }
        _ => Err(Error::with(
            Code::UnsupportedMediaType,
            "Send application/json in UTF-8.",
        )),
    }
}

/// The bytes of a body, within its limit.
pub(super) async fn read(
    shared: &web::Data<Shared>,
    mut body: web::Payload,
) -> Result<web::BytesMut, Error> {
    let limit = shared.app.config.graphql.body;
    let silence = Duration::from_secs(shared.app.config.server.push_silence);
    let mut bytes = web::BytesMut::new();
    while let Some(chunk) = next_chunk(&mut body, silence).await? {
        if bytes.len() + chunk.len() > limit {
            return Err(Error::with(
                Code::TooLarge,
                format!("A request may have {limit} bytes at most."),
            ));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// `GET /graphql`: a query, or GraphiQL for a browser.
pub(super) async fn get(request: HttpRequest, shared: web::Data<Shared>) -> HttpResponse {
    let wants_page = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    let asks = ["query=", "documentId=", "extensions="];
    if wants_page
        && shared.app.config.graphql.graphiql
        && !asks.iter().any(|one| request.query_string().contains(one))
    {
        return HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
            .body(
                GraphiQLSource::build()
                    .endpoint("/graphql")
                    .subscription_endpoint("/graphql/ws")
                    .title("IQF registry")
                    .finish(),
            );
    }
    match look(&request, &shared).await {
        Ok(answer) => answer,
        Err(error) => problem::answer(&request, &error),
    }
}

async fn look(request: &HttpRequest, shared: &web::Data<Shared>) -> Result<HttpResponse, Error> {
    let media = Media::of(request)?;
    let caller = identity::caller(request, shared).await?;
    let asked = ask::of_address(request.query_string())?;
    let mut answer = Run::new(request, shared, caller, Way::Address, ending(shared))
        .one(media, asked)
        .await;
    if answer.status() == StatusCode::METHOD_NOT_ALLOWED {
        let post = HeaderValue::from_static("POST");
        answer.headers_mut().insert(header::ALLOW, post);
    }
    Ok(answer)
}

/// What the one who asks may still do.
fn allowance(request: &HttpRequest) -> Option<Allowance> {
    request.extensions().get::<Allowance>().cloned()
}

/// What the requests of one body share: who asks, in which language, until when, at which cost.
struct Run<'a> {
    shared: &'a web::Data<Shared>,
    request: &'a HttpRequest,
    caller: Caller,
    language: Language,
    way: Way,
    budget: Budget,
    until: Instant,
}

impl<'a> Run<'a> {
    fn new(
        request: &'a HttpRequest,
        shared: &'a web::Data<Shared>,
        caller: Caller,
        way: Way,
        until: Instant,
    ) -> Self {
        Self {
            shared,
            request,
            caller,
            language: problem::language(request),
            way,
            budget: shared.documents.budget(),
            until,
        }
    }

    async fn one(&mut self, media: Media, asked: Request) -> HttpResponse {
        let response = self.run(asked).await;
        // What a limit refused took all that was asked for along.
        let limited = response.data == Value::Null
            && allowance(self.request).is_some_and(|allowance| allowance.refused().is_some());
        let status = if limited {
            StatusCode::TOO_MANY_REQUESTS
        } else {
            media.status(&response)
        };
        self.written(media, status, &Told::of(&response))
    }

    /// Each request of a batch is answered in its place.
    async fn batch(&mut self, media: Media, requests: Vec<Request>) -> HttpResponse {
        let mut responses = Vec::with_capacity(requests.len());
        for asked in requests {
            responses.push(self.run(asked).await);
        }
        // The whole has data wherever a part has: it is a partial answer where any part failed.
        let mut whole = Response::new(true);
        let errors = responses.iter().flat_map(|response| &response.errors);
        whole.errors = errors.cloned().collect();
        let told: Vec<Told<'_>> = responses.iter().map(Told::of).collect();
        self.written(media, media.status(&whole), &told)
    }

    async fn run(&mut self, asked: Request) -> Response {
        let mut asked = asked
            .data(self.caller.clone())
            .data(Speaks(self.language))
            .data(self.shared.queue.clone());
        if let Some(allowance) = allowance(self.request) {
            asked = asked.data(allowance);
        }
        let documents = &self.shared.documents;
        let answer = documents.answer(asked, self.way, &mut self.budget, self.until);
        let mut response = answer.await;
        finish(&mut response, self.shared.app.config.graphql.introspection);
        response
    }

    fn written(
        &self,
        media: Media,
        status: StatusCode,
        answer: &impl serde::Serialize,
    ) -> HttpResponse {
        match serde_json::to_vec(answer) {
            Ok(body) => HttpResponse::build(status)
                .insert_header(problem::speaks(self.language))
                .insert_header((header::CONTENT_TYPE, media.content_type(status)))
                .body(body),
            Err(error) => problem::answer(self.request, &Error::internal(error)),
        }
    }
}

/// Gives each error a code, and bounds what is told: errors of the engine itself carry no code, since they
/// speak of the document. Where the schema is not shown, `shown`, they do not name what a document lacks.
pub(super) fn finish(response: &mut Response, shown: bool) {
    if accept::never_ran(response) {
        response.errors.truncate(ERRORS);
    }
    for error in &mut response.errors {
        if !shown && error.message.contains("is required but not provided") {
            "Something that is needed here is not given.".clone_into(&mut error.message);
        }
        if error.message.len() > WORDS {
            let mut end = WORDS;
            while !error.message.is_char_boundary(end) {
                end -= 1;
            }
            error.message.truncate(end);
            error.message.push('…');
        }
        let extensions = error.extensions.get_or_insert_default();
        if extensions.get("code").is_none() {
            let code = if error.message.contains("recursion") {
                Code::QueryTooComplex
            } else {
                Code::QueryInvalid
            };
            extensions.set("code", Value::from(code.as_str()));
        }
    }
}
