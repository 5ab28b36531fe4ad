//! `/graphql`, as the GraphQL-over-HTTP specification says (draft of 2025): POST with JSON, GET for queries
//! only, media types by `Accept`, status codes by media type.

use super::imports::next_chunk;
use super::{Shared, identity, problem, upload};
use crate::access::{Caller, Right};
use crate::error::Error;
use crate::graphql::{Speaks, only_reads, operation};
use crate::limits::Allowance;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use async_graphql::http::GraphiQLSource;
use async_graphql::parser::types::{ExecutableDocument, Selection};
use async_graphql::{Request, Response};
use schema::Code;
use std::collections::HashMap;
use std::time::Duration;
use tracing::Instrument;

/// The media type of GraphQL answers.
const GRAPHQL: &str = "application/graphql-response+json";
/// The older one, with which every answer to a well-formed request is a 200.
const JSON: &str = "application/json";

/// Which media type the answer shall have.
fn accepted(request: &HttpRequest) -> Result<&'static str, Error> {
    let Some(accept) = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
    else {
        return Ok(JSON);
    };
    let mut best: Option<(f32, &'static str)> = None;
    for kind in accept.split(',') {
        let mut parts = kind.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let media = match name.as_str() {
            GRAPHQL => GRAPHQL,
            JSON | "*/*" | "application/*" => JSON,
            _ => continue,
        };
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
        // Among equals the first.
        if weight > best.map_or(0.0, |(weight, _)| weight) {
            best = Some((weight, media));
        }
    }
    best.map(|(_, media)| media)
        .ok_or_else(|| Error::from(Code::NotAcceptable))
}

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
    let media = accepted(request)?;
    let caller = identity::caller(request, shared).await?;
    let asked = receive(request, shared, &caller, body).await?;
    Ok(run(request, shared, caller, asked, media).await)
}

async fn receive(
    request: &HttpRequest,
    shared: &web::Data<Shared>,
    caller: &Caller,
    mut body: web::Payload,
) -> Result<Request, Error> {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let config = &shared.app.config.server;
    let limit = shared.app.config.graphql.body;
    match essence.as_str() {
        JSON => {
            let silence = Duration::from_secs(config.push_silence);
            let mut bytes = web::BytesMut::new();
            while let Some(chunk) = next_chunk(&mut body, silence).await? {
                if bytes.len() + chunk.len() > limit {
                    return Err(Error::with(
                        Code::TooLarge,
                        format!("A GraphQL request may have {limit} bytes at most."),
                    ));
                }
                bytes.extend_from_slice(&chunk);
            }
            parse(&bytes)
        }
        "multipart/form-data" => {
            // A plain form of another site can send such a body, but not this header.
            if !request.headers().contains_key("graphql-require-preflight") {
                return Err(Error::from(Code::PreflightMissing));
            }
            let pushing = [
                Right::PushOwnResults,
                Right::PushForOthers,
                Right::PresentOneself,
            ];
            if !pushing.iter().any(|right| caller.may(*right)) {
                caller.demand(Right::PushOwnResults)?;
            }
            upload::receive(shared, kind, body).await
        }
        _ => Err(Error::with(
            Code::UnsupportedMediaType,
            "Send application/json.",
        )),
    }
}

/// A request's JSON.
pub(super) fn parse(bytes: &[u8]) -> Result<Request, Error> {
    let value = serde_json::from_slice(bytes).map_err(|error| {
        Error::with(
            Code::BadRequest,
            format!(
                "The body is no JSON (line {}, column {}).",
                error.line(),
                error.column()
            ),
        )
    })?;
    understand(value)
}

/// A request out of its members. A batch is refused: it would multiply every limit.
fn understand(value: serde_json::Value) -> Result<Request, Error> {
    if value.is_array() {
        return Err(Error::with(
            Code::BadRequest,
            "A batch of requests is not taken; send them one by one.",
        ));
    }
    if !value.get("query").is_some_and(serde_json::Value::is_string) {
        return Err(Error::with(
            Code::BadRequest,
            "The request needs the member query, a text.",
        ));
    }
    for (member, object) in [
        ("variables", true),
        ("extensions", true),
        ("operationName", false),
    ] {
        let fits = |value: &serde_json::Value| {
            value.is_null()
                || if object {
                    value.is_object()
                } else {
                    value.is_string()
                }
        };
        if !value.get(member).is_none_or(fits) {
            return Err(Error::with(
                Code::BadRequest,
                format!("The member {member} has the wrong type."),
            ));
        }
    }
    serde_json::from_value(value).map_err(|_| Error::from(Code::BadRequest))
}

/// `GET /graphql`: a query, or GraphiQL for a browser.
pub(super) async fn get(request: HttpRequest, shared: web::Data<Shared>) -> HttpResponse {
    let wants_page = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if wants_page
        && shared.app.config.graphql.graphiql
        && !request.query_string().contains("query=")
    {
        return HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
            .body(
                GraphiQLSource::build()
                    .endpoint("/graphql")
                    .title("IQF registry")
                    .finish(),
            );
    }
    let media = match accepted(&request) {
        Ok(media) => media,
        Err(error) => return problem::answer(&request, &error),
    };
    let caller = match identity::caller(&request, &shared).await {
        Ok(caller) => caller,
        Err(error) => return problem::answer(&request, &error),
    };
    match over_get(&request) {
        Ok(asked) => run(&request, &shared, caller, asked, media).await,
        Err(error) if error.code() == Code::GetRefused => {
            let mut answer = problem::answer(&request, &error);
            answer
                .headers_mut()
                .insert(header::ALLOW, header::HeaderValue::from_static("POST"));
            answer
        }
        Err(error) => problem::answer(&request, &error),
    }
}

fn over_get(request: &HttpRequest) -> Result<Request, Error> {
    let needs = || {
        Error::with(
            Code::BadRequest,
            "The address needs query=, and may have variables=, operationName= and extensions=.",
        )
    };
    let members = web::Query::<HashMap<String, String>>::from_query(request.query_string())
        .map_err(|_| needs())?
        .into_inner();
    let mut value = serde_json::Map::new();
    for (name, text) in members {
        let member = match name.as_str() {
            "variables" | "extensions" => serde_json::from_str(&text).map_err(|_| needs())?,
            _ => text.into(),
        };
        value.insert(name, member);
    }
    let mut asked = understand(value.into())?;
    // What cannot be parsed is answered as any other broken document.
    if let Ok(document) = asked.parsed_query() {
        if !only_reads(document) {
            return Err(Error::with(
                Code::GetRefused,
                "Only queries are taken over GET. Send a mutation with POST.",
            ));
        }
        if names_people(document) {
            return Err(Error::with(
                Code::GetRefused,
                "learner, verify and verifyMany are not taken over GET, so that no fact about a person stands in an address. Send them with POST.",
            ));
        }
    }
    Ok(asked)
}

/// Whether a document asks, anywhere, for a field whose arguments name people.
fn names_people(document: &ExecutableDocument) -> bool {
    fn any(selections: &[async_graphql::Positioned<Selection>]) -> bool {
        selections.iter().any(|selection| match &selection.node {
            Selection::Field(field) => {
                let named =
                    ["learner", "verify", "verifyMany"].contains(&field.node.name.node.as_str());
                (named && !field.node.arguments.is_empty())
                    || any(&field.node.selection_set.node.items)
            }
            Selection::InlineFragment(fragment) => any(&fragment.node.selection_set.node.items),
            Selection::FragmentSpread(_) => false,
        })
    }
    document
        .operations
        .iter()
        .any(|(_, operation)| any(&operation.node.selection_set.node.items))
        || document
            .fragments
            .values()
            .any(|fragment| any(&fragment.node.selection_set.node.items))
}

async fn run(
    request: &HttpRequest,
    shared: &web::Data<Shared>,
    caller: Caller,
    asked: Request,
    media: &'static str,
) -> HttpResponse {
    let language = problem::language(request);
    let mut asked = asked
        .data(caller)
        .data(Speaks(language))
        .data(shared.queue.clone());
    if let Some(allowance) = request.extensions().get::<Allowance>() {
        asked = asked.data(allowance.clone());
    }
    let span = operation(&mut asked);
    let mut response = shared.documents.execute(asked).instrument(span).await;
    give_codes(&mut response);
    let (status, written) = if never_ran(&response) {
        // An answer to a request that never ran has no data, and is a 400 with the new media type; with the
        // old one it is a 200, since intermediaries may have written a 400 themselves.
        let status = if media == GRAPHQL {
            StatusCode::BAD_REQUEST
        } else {
            StatusCode::OK
        };
        let errors = serde_json::json!({ "errors": response.errors });
        (status, serde_json::to_vec(&errors))
    } else {
        (StatusCode::OK, serde_json::to_vec(&response))
    };
    match written {
        Ok(body) => HttpResponse::build(status)
            .insert_header(problem::speaks(language))
            .insert_header((header::CONTENT_TYPE, format!("{media}; charset=utf-8")))
            .body(body),
        Err(error) => problem::answer(request, &Error::internal(error)),
    }
}

/// Whether the request was refused before any of it ran.
fn never_ran(response: &Response) -> bool {
    !response.errors.is_empty()
        && response.data == async_graphql::Value::Null
        && response.errors.iter().all(|error| error.path.is_empty())
}

/// Errors of the engine itself carry no code: they speak of the document.
fn give_codes(response: &mut Response) {
    for error in &mut response.errors {
        if let Some(message) = syntax(&error.message) {
            error.message = message;
        }
        let mut extensions = error.extensions.take().unwrap_or_default();
        if extensions.get("code").is_none() {
            let limits = ["too deep", "too complex", "recursion", "directives"];
            let code = if limits.iter().any(|limit| error.message.contains(limit)) {
                Code::QueryTooComplex
            } else {
                Code::QueryInvalid
            };
            extensions.set("code", code.as_str());
        }
        error.extensions = Some(extensions);
    }
}

/// A fault of syntax in one line. The parser draws the whole document around it, and what stands in there
/// is nobody else's business.
fn syntax(message: &str) -> Option<String> {
    let (place, rest) = message
        .trim_start()
        .strip_prefix("--> ")?
        .split_once('\n')?;
    let (line, column) = place.trim().split_once(':')?;
    let expected = rest.rsplit_once("= ").map_or("", |(_, expected)| expected);
    Some(format!(
        "The document cannot be read at line {line}, column {column}: {}.",
        expected.trim()
    ))
}
