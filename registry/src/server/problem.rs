//! Errors outside GraphQL: problem documents (RFC 9457) with a stable type and code.

use crate::error::Error;
use crate::telemetry::RequestId;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use schema::{Code, Language};

/// The language that a request prefers: Welsh where it is wanted more than English, else English.
pub(super) fn language(request: &HttpRequest) -> Language {
    let accepted = request
        .headers()
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    // RFC 9110: languages with weights of at most 1; among equals the first.
    let (mut welsh, mut english) = (0.0, 0.0);
    for (place, one) in accepted.split(',').enumerate() {
        let (tag, weight) = one.split_once(';').unwrap_or((one, ""));
        let weight: f64 = match weight.trim().strip_prefix("q=") {
            Some(weight) => weight.trim().parse().unwrap_or(0.0),
            None => 1.0,
        };
        let tag = tag.trim().to_ascii_lowercase();
        let weight = weight
            - if weight > 0.0 {
                place as f64 * 1e-6
            } else {
                0.0
            };
        match tag.split('-').next() {
            Some("cy") => welsh = weight.max(welsh),
            Some("en") => english = weight.max(english),
            _ => {}
        }
    }
    if welsh > english {
        Language::Welsh
    } else {
        Language::English
    }
}

/// The header that says in which language an answer speaks.
pub(super) fn speaks(language: Language) -> (header::HeaderName, &'static str) {
    let tag = match language {
        Language::Welsh => "cy",
        Language::English => "en",
    };
    (header::CONTENT_LANGUAGE, tag)
}

/// The problem document of an error.
pub(super) fn answer(request: &HttpRequest, error: &Error) -> HttpResponse {
    let code = error.code();
    let status =
        StatusCode::from_u16(error.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = HttpResponse::build(status);
    if status == StatusCode::UNAUTHORIZED {
        // RFC 6750: no error is named to one who brought no token.
        let challenge = if request.headers().contains_key(header::AUTHORIZATION) {
            "Bearer error=\"invalid_token\""
        } else {
            "Bearer"
        };
        answer.insert_header((header::WWW_AUTHENTICATE, challenge));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        answer.insert_header((header::RETRY_AFTER, "2"));
    }
    let mut body = serde_json::json!({
        "type": format!("urn:iqf-registry:problem:{code}"),
        "title": code.message(language(request)),
        "status": status.as_u16(),
        "detail": error.message(language(request)),
        "code": code.as_str(),
    });
    if let (Error::Quota(quota), Some(members)) = (error, body.as_object_mut()) {
        answer.insert_header((header::RETRY_AFTER, quota.wait));
        members.insert("limit".to_owned(), quota.limit.into());
        members.insert("allowed".to_owned(), quota.allowed.into());
    }
    // What the log calls the request, so that its lines can be found.
    if let Some(id) = request.extensions().get::<RequestId>()
        && let Some(members) = body.as_object_mut()
    {
        let instance = format!("urn:iqf-registry:request:{id}");
        members.insert("instance".to_owned(), instance.into());
    }
    answer
        .insert_header(speaks(language(request)))
        .insert_header((header::CONTENT_TYPE, "application/problem+json"))
        .body(body.to_string())
}

/// The answer where no address is.
pub(super) async fn nowhere(request: HttpRequest) -> HttpResponse {
    answer(
        &request,
        &Error::with(Code::NotFound, "There is no such address."),
    )
}

/// The answer to a method that an address does not take.
pub(super) async fn method_not_allowed(
    request: HttpRequest,
    allowed: &'static str,
) -> HttpResponse {
    let mut answer = answer(&request, &Error::from(Code::MethodNotAllowed));
    answer
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(allowed));
    answer
}

/// The pattern of a request's address, never the address itself.
pub(super) fn route(request: &HttpRequest) -> String {
    request.match_pattern().unwrap_or_else(|| "none".to_owned())
}
