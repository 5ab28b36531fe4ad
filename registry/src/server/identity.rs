//! Who asks: the bearer token of a request.

use super::Shared;
use super::gate::Asker;
use crate::access::Caller;
use crate::error::Error;
use actix_web::http::header;
use actix_web::{HttpMessage, HttpRequest, web};
use schema::Code;

/// The caller that the request's token names; nobody where there is none. It was verified at the gate.
///
/// # Errors
/// As [`verify`].
pub(super) async fn caller(
    request: &HttpRequest,
    shared: &web::Data<Shared>,
) -> Result<Caller, Error> {
    match request.extensions().get::<Asker>() {
        Some(Asker::Known(caller)) => return Ok(caller.clone()),
        Some(Asker::Refused(code)) => return Err(Error::from(*code)),
        None => {}
    }
    verify(request, shared).await
}

/// Verifies the request's token.
///
/// # Errors
/// [`Code::Unauthenticated`] or [`Code::TokenExpired`] for a token that does not hold: a request with a bad
/// token is refused, not taken for one without.
pub(super) async fn verify(
    request: &HttpRequest,
    shared: &web::Data<Shared>,
) -> Result<Caller, Error> {
    let mut values = request.headers().get_all(header::AUTHORIZATION);
    let Some(value) = values.next() else {
        return Ok(Caller::nobody());
    };
    if values.next().is_some() {
        // Which of two a proxy looked at cannot be known.
        return Err(Error::from(Code::Unauthenticated));
    }
    let token = value
        .to_str()
        .ok()
        .and_then(bearer)
        .ok_or_else(|| Error::from(Code::Unauthenticated))?;
    of_token(token, shared).await
}

/// The token of an `Authorization`.
pub(super) fn bearer(authorization: &str) -> Option<&str> {
    authorization
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .filter(|token| !token.is_empty())
}

/// The caller that the token names.
///
/// # Errors
/// As [`caller`].
pub(super) async fn of_token(token: &str, shared: &web::Data<Shared>) -> Result<Caller, Error> {
    let now = shared.app.clock.now();
    if let Some(known) = shared.app.issuers.recall(token, now) {
        return known;
    }
    if shared.app.issuers.must_ask(token, now) {
        // An issuer's address is asked off the event loop.
        let (shared, token) = (shared.clone(), token.to_owned());
        let asked = super::block(move || shared.app.issuers.ask(&token, now)).await;
        asked.map_err(Error::internal)?;
    }
    shared.app.issuers.verify(token, now)
}
