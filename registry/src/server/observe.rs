//! Around every request: its name and its span, its count and its time, its line in the log, and the headers
//! that keep browsers from guessing, framing and keeping the answer.

use super::gate::Asker;
use super::{Shared, problem};
use crate::telemetry::{self, Incoming, RequestId};
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpMessage, web};
use metrics::{Counter, Histogram};
use std::cell::RefCell;
use std::collections::HashMap;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Instant;
use tracing::{Instrument, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// What every answer carries unless it says otherwise.
static HEADERS: [(HeaderName, HeaderValue); 4] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// The outermost of what is around the handlers.
pub(super) struct Observe;

impl<S, B> Transform<S, ServiceRequest> for Observe
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<Observed>;
    type Error = actix_web::Error;
    type Transform = Observing<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(Observing {
            service,
            routes: Rc::default(),
        }))
    }
}

/// See [`Observe`].
pub(super) struct Observing<S> {
    service: S,
    routes: Rc<Routes>,
}

/// The metrics of each route and class of status, looked up once.
#[derive(Default)]
struct Routes(RefCell<HashMap<(String, u16), (Counter, Histogram)>>);

impl Routes {
    fn record(&self, route: &str, status: u16, seconds: f64) {
        let class = status / 100;
        let mut known = self.0.borrow_mut();
        let (count, time) = known.entry((route.to_owned(), class)).or_insert_with(|| {
            let labels = [
                ("route", route.to_owned()),
                ("status", format!("{class}xx")),
            ];
            (
                metrics::counter!("registry_http_requests_total", &labels),
                metrics::histogram!("registry_http_request_seconds", &labels),
            )
        });
        count.increment(1);
        time.record(seconds);
    }
}

impl<S, B> Service<ServiceRequest> for Observing<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<Observed>;
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>>>>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let began = Instant::now();
        let text = |name: &HeaderName| {
            let value = request.headers().get(name)?;
            value.to_str().ok()
        };
        let incoming = Incoming::of(text(&REQUEST_ID), text(&TRACEPARENT));
        let method = method(request.method().as_str());
        let span = incoming.span(method);
        let named = HeaderValue::from_str(incoming.id.as_str());
        request.extensions_mut().insert::<RequestId>(incoming.id);
        let logged = request
            .app_data::<web::Data<Shared>>()
            .is_some_and(|shared| shared.app.config.log.access);
        let routes = self.routes.clone();
        let called = self.service.call(request).instrument(span.clone());
        Box::pin(async move {
            let mut answer = called.await?;
            let headers = answer.headers_mut();
            for (name, value) in &HEADERS {
                if !headers.contains_key(name) {
                    headers.insert(name.clone(), value.clone());
                }
            }
            if let Ok(named) = named {
                headers.insert(REQUEST_ID.clone(), named);
            }
            let (role, kind) = answer
                .request()
                .extensions()
                .get::<Asker>()
                .map_or(("none", "nobody"), Asker::described);
            let end = End {
                began,
                span,
                method,
                route: problem::route(answer.request()),
                status: answer.status().as_u16(),
                role,
                kind,
                bytes: 0,
                logged,
                routes,
            };
            Ok(answer.map_body(|_, body| Observed {
                body: body.boxed(),
                end,
            }))
        })
    }
}

/// The methods that there are; anything else is one of many.
fn method(name: &str) -> &'static str {
    ["GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"]
        .into_iter()
        .find(|known| *known == name)
        .unwrap_or("OTHER")
}

/// An answer's body, of which the end is the request's.
pub(super) struct Observed {
    body: BoxBody,
    end: End,
}

impl MessageBody for Observed {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<web::Bytes, Self::Error>>> {
        let next = Pin::new(&mut self.body).poll_next(context);
        if let Poll::Ready(Some(Ok(bytes))) = &next {
            self.end.bytes += bytes.len() as u64;
        }
        next
    }
}

/// What is told when the last byte was handed over, or the client went away.
struct End {
    began: Instant,
    span: Span,
    method: &'static str,
    route: String,
    status: u16,
    role: &'static str,
    kind: &'static str,
    bytes: u64,
    logged: bool,
    routes: Rc<Routes>,
}

impl Drop for End {
    fn drop(&mut self) {
        let took = self.began.elapsed();
        self.routes
            .record(&self.route, self.status, took.as_secs_f64());
        if self.logged {
            let duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
            self.span.in_scope(|| {
                tracing::info!(
                    target: "registry::access",
                    method = self.method,
                    route = self.route,
                    status = self.status,
                    duration_us,
                    bytes = self.bytes,
                    role = self.role,
                    kind = self.kind,
                    "request"
                );
            });
        }
        // After the log, which has no use for it.
        if tracing::span_enabled!(target: crate::telemetry::TRACE, tracing::Level::INFO) {
            let named = format!("{} {}", self.method, self.route);
            telemetry::rename(&self.span, named);
            self.span.set_attribute("http.route", self.route.clone());
            self.span
                .set_attribute("http.response.status_code", i64::from(self.status));
            self.span.set_attribute("registry.role", self.role);
        }
    }
}
