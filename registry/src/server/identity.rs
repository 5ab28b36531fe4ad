//! Who asks: the bearer token of a request.

use super::Shared;
use crate::access::Caller;
use crate::error::Error;
use actix_web::http::header;
use actix_web::{HttpRequest, web};
use schema::Code;

/// The caller that the request's token names; nobody where there is none.
///
/// # Errors
/// [`Code::Unauthenticated`] or [`Code::TokenExpired`] for a token that does not hold: a request with a bad
/// token is refused, not taken for one without.
pub(super) async fn caller(
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
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .filter(|token| !token.is_empty())
        .ok_or_else(|| Error::from(Code::Unauthenticated))?;
    let now = shared.app.clock.now();
    if shared.app.issuers.must_ask(token, now) {
        // An issuer's address is asked off the event loop.
        let (shared, token) = (shared.clone(), token.to_owned());
        let asked = web::block(move || shared.app.issuers.ask(&token, now)).await;
        asked.map_err(Error::internal)?;
    }
    shared.app.issuers.verify(token, now)
}
