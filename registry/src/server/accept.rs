//! Which media type an answer has, by what is accepted (RFC 9110, section 12.5.1); and for answers of GraphQL with which
//! status (GraphQL over HTTP, September 2026, "Body" and "Status Codes").

use crate::error::Error;
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::http::header;
use async_graphql::{Response, ServerError, Value};
use schema::Code;
use serde::Serialize;
use std::collections::BTreeMap;

/// The media type of GraphQL answers.
const GRAPHQL: &str = "application/graphql-response+json";
/// The older one.
pub(super) const JSON: &str = "application/json";

/// The status of an answer that has both data and errors.
const PARTIAL: u16 = 294;

/// The media type that the client would have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// GraphQL's own.
    GraphQl,
    /// JSON: of a client that does not know the other, or does not mind.
    Json,
}

/// How well a media type is liked, by the range of `Accept` that names it most exactly (RFC 9110, section
/// 12.5.1), and the place of that range.
#[derive(Default, Clone, Copy)]
struct Liked {
    exactness: u8,
    weight: f32,
    place: usize,
}

impl Media {
    /// Which media type the answer shall have.
    ///
    /// # Errors
    /// [`Code::NotAcceptable`] where neither is accepted.
    pub(super) fn of(request: &HttpRequest) -> Result<Self, Error> {
        // Among equals the older type, which everything can read.
        Ok(match first_of(request, &[JSON, GRAPHQL])? {
            GRAPHQL => Self::GraphQl,
            _ => Self::Json,
        })
    }

    /// The header of an answer of that status. A client that only knows the older type trusts it in a good
    /// answer; what failed carries GraphQL's own type, so that no intermediary's answer is taken for it.
    pub(super) fn content_type(self, status: StatusCode) -> String {
        let media = match self {
            Self::Json if status.is_success() => JSON,
            _ => GRAPHQL,
        };
        format!("{media}; charset=utf-8")
    }

    /// The status of an answer.
    pub(super) fn status(self, response: &Response) -> StatusCode {
        if never_ran(response) {
            return refused(response);
        }
        // The status of partial answers is GraphQL's own and only known beside its media type.
        match self {
            Self::GraphQl if !response.errors.is_empty() => {
                StatusCode::from_u16(PARTIAL).unwrap_or(StatusCode::OK)
            }
            _ => StatusCode::OK,
        }
    }
}

/// Which of these media types the client likes best, in UTF-8; among equals the one that it names first, and where one
/// range takes several, or nothing is said, the first of these.
///
/// # Errors
/// [`Code::NotAcceptable`] where none of them is accepted.
pub(super) fn first_of(
    request: &HttpRequest,
    media: &[&'static str],
) -> Result<&'static str, Error> {
    let mut given = request.headers().get_all(header::ACCEPT).peekable();
    let first = media.first().copied().unwrap_or_default();
    if given.peek().is_none() {
        return Ok(first);
    }
    let ranges: Vec<&str> = given
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut best: Option<(&'static str, Liked)> = None;
    for name in media {
        let kind = name.split('/').next().unwrap_or_default();
        let mut liked = Liked::default();
        for (place, range) in ranges.iter().enumerate() {
            let mut parts = range.split(';').map(str::trim);
            let range = parts.next().unwrap_or_default().to_ascii_lowercase();
            let exactness = match range.strip_suffix("/*") {
                _ if range == *name => 3,
                Some(one) if one == kind => 2,
                Some("*") => 1,
                _ => continue,
            };
            let parts: Vec<&str> = parts.collect();
            if exactness > liked.exactness && charset(&parts).is_none_or(is_utf8) {
                liked = Liked {
                    exactness,
                    weight: weight(&parts),
                    place,
                };
            }
        }
        let better = best.is_none_or(|(_, other)| {
            liked.weight > other.weight
                || (liked.weight == other.weight && liked.place < other.place)
        });
        if liked.weight > 0.0 && better {
            best = Some((name, liked));
        }
    }
    best.map(|(name, _)| name)
        .ok_or_else(|| Error::from(Code::NotAcceptable))
}

/// An answer as it is written, its fields in the order of the query: one to a request that never ran has no
/// data.
#[derive(Serialize)]
pub(super) struct Told<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "<[ServerError]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}

impl<'a> Told<'a> {
    pub(super) fn of(response: &'a Response) -> Self {
        Self {
            data: (!never_ran(response)).then_some(&response.data),
            errors: &response.errors,
            extensions: &response.extensions,
        }
    }
}

/// Whether the request was refused before any of it ran: such an answer has no data.
pub(super) fn never_ran(response: &Response) -> bool {
    !response.errors.is_empty()
        && response.data == Value::Null
        && response.errors.iter().all(|error| error.path.is_empty())
}

/// The status of an answer without data: what cannot be read is a 400; what can be, and is not valid, a 422.
fn refused(response: &Response) -> StatusCode {
    let code = response
        .errors
        .first()
        .and_then(|error| error.extensions.as_ref()?.get("code"));
    let code = match code {
        Some(Value::String(code)) => Code::parse(code),
        _ => None,
    };
    let status = match code {
        Some(Code::QueryUnreadable) => 400,
        Some(code) => match Error::from(code).http_status() {
            400 | 413 => 422,
            status => status,
        },
        None => 422,
    };
    StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)
}

/// The parameter `q`: 1 where there is none, 0 where it is no weight.
fn weight(parts: &[&str]) -> f32 {
    let weight = parts
        .iter()
        .find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
    match weight.map(|weight| weight.trim().parse::<f32>()) {
        None => 1.0,
        Some(Ok(weight)) if (0.0..=1.0).contains(&weight) => weight,
        Some(_) => 0.0,
    }
}

/// The parameter `charset`, unquoted.
pub(super) fn charset<'a>(parts: &[&'a str]) -> Option<&'a str> {
    parts.iter().find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"'))
    })
}

pub(super) fn is_utf8(charset: &str) -> bool {
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}
