//! The VC API for conformance suites, where the configuration has it served: whatever is asked for is signed, by a key for trials.

use super::{Shared, graphql, problem};
use crate::action::conformance::{
    Problem, Verified, issue as sign, verify_credential, verify_presentation,
};
use crate::app::App;
use crate::error::Error;
use actix_web::{HttpRequest, HttpResponse, web};
use schema::{Code, Language};
use serde_json::{Value, json};

/// `POST /credentials/issue`: 201 with the signed credential; 400 where the data model does not allow it.
pub(super) async fn issue(
    request: HttpRequest,
    shared: web::Data<Shared>,
    body: web::Payload,
) -> HttpResponse {
    let language = problem::language(&request);
    let made = asked(&shared, body, |app, body| {
        let trial = app.trial.as_ref();
        let trial = trial.ok_or_else(|| Error::from(Code::NotFound))?;
        Ok(sign(trial, body, app.clock.now().and_utc()))
    });
    match made.await {
        Ok(Ok(issued)) if issued.bare => HttpResponse::Created().json(issued.credential),
        Ok(Ok(issued)) => {
            HttpResponse::Created().json(json!({"verifiableCredential": issued.credential}))
        }
        Ok(Err(problem)) => refused(&[problem], language),
        Err(error) => problem::answer(&request, &error),
    }
}

/// `POST /credentials/verify`: 200 where it verifies, else 400 with all that does not.
pub(super) async fn credential(
    request: HttpRequest,
    shared: web::Data<Shared>,
    body: web::Payload,
) -> HttpResponse {
    let found = asked(&shared, body, |app, body| Ok(verify_credential(app, body)));
    told(&request, found.await, false)
}

/// `POST /presentations/verify`: 200 where the presentation and all credentials in it verify, else 400 with all that does not.
pub(super) async fn presentation(
    request: HttpRequest,
    shared: web::Data<Shared>,
    body: web::Payload,
) -> HttpResponse {
    let found = asked(&shared, body, |app, body| {
        Ok(verify_presentation(app, body))
    });
    told(&request, found.await, true)
}

/// Does what is asked for, where no other request waits for it.
async fn asked<T: Send + 'static>(
    shared: &web::Data<Shared>,
    body: web::Payload,
    work: impl FnOnce(&App, &[u8]) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let body = graphql::read(shared, body).await?;
    let app = shared.app.clone();
    shared.app.engines.run(move || work(&app, &body)).await?
}

fn told(
    request: &HttpRequest,
    found: Result<Result<Verified, Problem>, Error>,
    presented: bool,
) -> HttpResponse {
    let language = problem::language(request);
    let found = match found {
        Ok(Ok(found)) => found,
        Ok(Err(problem)) => return refused(&[problem], language),
        Err(error) => return problem::answer(request, &error),
    };
    let verified = found.problems.is_empty();
    let mut body = document(verified, &found.problems, language);
    if let Some(members) = body.as_object_mut() {
        members.insert("checks".to_owned(), found.checks.into());
        if presented {
            let each = found
                .credentials
                .iter()
                .map(|verified| json!({"verified": verified}));
            members.insert("credentialResults".to_owned(), each.collect());
        }
    }
    match verified {
        true => HttpResponse::Ok().json(body),
        false => HttpResponse::BadRequest().json(body),
    }
}

fn refused(problems: &[Problem], language: Language) -> HttpResponse {
    HttpResponse::BadRequest().json(document(false, problems, language))
}

/// The problems twice, as older suites look for them and as the standard has them (RFC 9457).
fn document(verified: bool, problems: &[Problem], language: Language) -> Value {
    let problem = |one: &Problem| {
        json!({
            "type": one.kind(),
            "title": one.code.message(language),
            "detail": one.place,
            "code": one.code.as_str(),
        })
    };
    let details: Vec<Value> = problems.iter().map(problem).collect();
    json!({
        "verified": verified,
        "warnings": [],
        "errors": details,
        "problemDetails": details,
    })
}
