//! The documents that people carry, and the lists that say whether they still hold.

use super::{Shared, accept, identity, problem};
use crate::action::credential;
use crate::db::Id;
use crate::error::Error;
use ::credential::Form;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use schema::Code;

/// With a Data Integrity proof; a credential is JSON-LD and JSON, too.
const SEALED: &str = "application/vc";
const TOKEN: &str = "application/vc+jwt";
/// Every media type that is answered, the first one where nothing is preferred.
const OFFERED: [&str; 6] = [
    SEALED,
    TOKEN,
    "application/ld+json",
    "application/json",
    "application/jwt",
    "text/plain",
];

/// `GET /credentials/{id}`: an issued credential, to whoever holds the right; by `Accept` as JSON with its proof, or as a
/// JWT.
pub(super) async fn credential(
    request: HttpRequest,
    shared: web::Data<Shared>,
    id: web::Path<String>,
) -> HttpResponse {
    let answer = async {
        let caller = identity::caller(&request, &shared).await?;
        let (media, form) = form(&request)?;
        let id = Id::read("credential", &id);
        let content = credential::show(&shared.app, &caller, id, form).await?;
        Ok((media, content))
    };
    told(&request, answer.await, "private, no-store")
}

/// `GET /status/{list}`: a status list as a credential; by `Accept` as JSON with its proof, or as a JWT.
pub(super) async fn list(
    request: HttpRequest,
    shared: web::Data<Shared>,
    number: web::Path<String>,
) -> HttpResponse {
    let answer = async {
        let (media, form) = form(&request)?;
        let number = number.parse().map_err(|_| Error::from(Code::NotFound))?;
        let content = credential::status_list(&shared.app, number, form).await?;
        Ok((media, content))
    };
    told(&request, answer.await, "public, max-age=60")
}

fn form(request: &HttpRequest) -> Result<(&'static str, Form), Error> {
    let media = accept::first_of(request, &OFFERED)?;
    Ok(match media {
        TOKEN | "application/jwt" | "text/plain" => (media, Form::Token),
        _ => (media, Form::DataIntegrity),
    })
}

fn told(
    request: &HttpRequest,
    answer: Result<(&'static str, String), Error>,
    cached: &'static str,
) -> HttpResponse {
    match answer {
        Ok((media, content)) => {
            let mut answer = HttpResponse::Ok();
            if cached.starts_with("public") {
                // Whoever verifies does so in a browser, too.
                answer.insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
            }
            answer
                .insert_header((header::CONTENT_TYPE, media))
                .insert_header((header::CACHE_CONTROL, cached))
                .insert_header((header::VARY, "accept"))
                .body(content)
        }
        Err(error) => problem::answer(request, &error),
    }
}
