//! The registry's public keys.

use super::Shared;
use actix_web::http::header;
use actix_web::{HttpResponse, web};

/// `GET /.well-known/jwks.json`: the key in use and those retired (RFC 7517).
pub(super) async fn jwks(shared: web::Data<Shared>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/jwk-set+json"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .body(shared.app.keys.jwks().to_string())
}
