//! Before every handler: who asks, and whether they asked too often. Addresses that tell whether the registry
//! is well are always open.
//!
//! Answers say what is left, by `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10).
//! What comes in over a socket is one request; each operation on it is one more, by [`of_caller`].

use super::{Shared, forwarded, identity, problem};
use crate::access::Caller;
use crate::error::Error;
use crate::limits::{Allowance, Decision};
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpMessage, HttpRequest, web};
use schema::Code;
use std::future::{Future, Ready, ready};
use std::net::IpAddr;
use std::pin::Pin;
use std::rc::Rc;

static POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
static LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// The addresses without limits.
const OPEN: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// Who asks, found out once a request.
#[derive(Clone)]
pub(super) enum Asker {
    /// Somebody whose token holds, or nobody.
    Known(Caller),
    /// Somebody whose token does not hold, and why.
    Refused(Code),
}

impl Asker {
    /// The role and the kind of the one who asks, for the log.
    pub(super) fn described(&self) -> (&'static str, &'static str) {
        match self {
            Self::Known(caller) if caller.identity.is_some() => (caller.role_name(), "token"),
            Self::Known(_) => ("none", "nobody"),
            Self::Refused(_) => ("none", "refused"),
        }
    }
}

/// What somebody may still do: of the token's subject, or of the address where there is none.
fn allowance(request: &HttpRequest, shared: &Shared, asker: &Asker) -> Allowance {
    let nobody = Caller::nobody();
    let caller = match asker {
        Asker::Known(caller) => caller,
        Asker::Refused(_) => &nobody,
    };
    of_caller(shared, caller, address(request, shared))
}

/// Where a request comes from, as far as its proxies are believed.
pub(super) fn address(request: &HttpRequest, shared: &Shared) -> IpAddr {
    forwarded::client(request, &shared.app.config.server)
}

/// What that caller may still do: of the token's subject, or of the address where there is none.
pub(super) fn of_caller(shared: &Shared, caller: &Caller, address: IpAddr) -> Allowance {
    let limits = &shared.app.limits;
    let who = match &caller.identity {
        Some((issuer, subject)) => limits.subject(issuer, subject),
        None => limits.address(address),
    };
    Allowance::of(limits.clone(), who)
}

/// Stands before the handlers.
pub(super) struct Gate;

impl<S, B> Transform<S, ServiceRequest> for Gate
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = actix_web::Error;
    type Transform = Guarded<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(Guarded {
            service: Rc::new(service),
        }))
    }
}

/// See [`Gate`].
pub(super) struct Guarded<S> {
    service: Rc<S>,
}

impl<S, B> Service<ServiceRequest> for Guarded<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>>>>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let service = self.service.clone();
        Box::pin(async move {
            let shared = request.app_data::<web::Data<Shared>>().cloned();
            let Some(shared) = shared.filter(|_| !OPEN.contains(&request.path())) else {
                let answer = service.call(request).await?;
                return Ok(answer.map_into_left_body());
            };
            let asker = match identity::verify(request.request(), &shared).await {
                Ok(caller) => Asker::Known(caller),
                Err(error) => Asker::Refused(error.code()),
            };
            let allowance = allowance(request.request(), &shared, &asker);
            let decision = allowance.request();
            request.extensions_mut().insert(asker);
            if let Some(decision) = decision.filter(|decision| !decision.granted) {
                let error = Error::from(Code::RateLimited);
                let mut answer = problem::answer(request.request(), &error);
                told(answer.headers_mut(), &shared, &allowance, decision);
                wait(answer.headers_mut(), decision.reset);
                return Ok(request.into_response(answer).map_into_right_body());
            }
            request.extensions_mut().insert(allowance.clone());
            let mut answer = service.call(request).await?;
            if let Some(decision) = decision {
                told(answer.headers_mut(), &shared, &allowance, decision);
            }
            // Something within the request was refused; whether that was all of it says the answer's status.
            if let Some(seconds) = allowance.refused() {
                wait(answer.headers_mut(), seconds);
            }
            Ok(answer.map_into_left_body())
        })
    }
}

fn told(headers: &mut HeaderMap, shared: &Shared, allowance: &Allowance, decision: Decision) {
    let limit = allowance.limit();
    let (burst, window) = shared.app.limits.policy(limit);
    let name = limit.as_str();
    let left = format!("\"{name}\";r={};t={}", decision.remaining, decision.reset);
    for (header, text) in [
        (&POLICY, format!("\"{name}\";q={burst};w={window}")),
        (&LEFT, left),
    ] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(header.clone(), value);
        }
    }
}

fn wait(headers: &mut HeaderMap, seconds: u64) {
    headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
}
