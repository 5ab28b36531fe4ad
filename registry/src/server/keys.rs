//! The registry's public keys, and the document that says that they are its own.

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

/// `GET /.well-known/did.json`: the registry as an issuer of documents, with the key in use and those retired (DID 1.0).
pub(super) async fn did(shared: web::Data<Shared>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/did+json"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        // Whoever verifies does so in a browser, too.
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .body(shared.app.issuing.document().to_string())
}
