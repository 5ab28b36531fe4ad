//! HTTP: every address in one list, the handlers beside it. Nothing but this module knows the web server.

mod accept;
mod ask;
mod conformance;
mod credentials;
mod digest;
mod evidence;
mod forwarded;
mod gate;
mod graphql;
mod health;
mod identity;
mod imports;
mod issues;
mod keys;
mod observe;
mod problem;
mod socket;
mod upload;

use crate::action::import::Queue;
use crate::action::webhook::Deliverer;
use crate::app::App;
use crate::error::Error;
use crate::graphql::Documents;
use actix_web::middleware::Compress;
use actix_web::{App as Web, HttpServer, Resource, Route, guard, web};
use metrics_exporter_prometheus::PrometheusHandle;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

/// What the handlers share.
pub struct Shared {
    app: Arc<App>,
    documents: Arc<Documents>,
    sockets: socket::Sockets,
    queue: Arc<Queue>,
    metrics: Option<PrometheusHandle>,
    adapters: health::Adapters,
}

impl Shared {
    /// What a server of `app` shares. `metrics` renders what `/metrics` shows.
    ///
    /// # Errors
    /// A configuration error where a trusted document cannot be used.
    pub fn new(
        app: Arc<App>,
        queue: Arc<Queue>,
        metrics: Option<PrometheusHandle>,
    ) -> Result<Self, Error> {
        Ok(Self {
            documents: Arc::new(Documents::open(&app)?),
            sockets: socket::Sockets::of(&app.config.graphql.sockets),
            app,
            queue,
            metrics,
            adapters: health::Adapters::default(),
        })
    }
}

/// Every address. Those of the VC API are there where suites are served.
fn routes(config: &mut web::ServiceConfig, suites: bool) {
    if suites {
        config
            .service(at("/credentials/issue", "POST").route(web::post().to(conformance::issue)))
            .service(
                at("/credentials/verify", "POST").route(web::post().to(conformance::credential)),
            )
            .service(
                at("/presentations/verify", "POST")
                    .route(web::post().to(conformance::presentation)),
            );
    }
    config
        .service(
            at("/graphql", "GET, HEAD, POST")
                .route(web::post().to(graphql::post))
                .route(reading().to(graphql::get)),
        )
        .service(at("/graphql/ws", "GET").route(web::get().to(socket::open)))
        .service(
            at("/imports/{name}", "GET, HEAD, POST")
                .route(web::post().to(imports::push))
                .route(reading().to(imports::show)),
        )
        .service(at("/imports/{id}/issues", "GET, HEAD").route(reading().to(issues::issues)))
        .service(at("/credentials/{id}", "GET, HEAD").route(reading().to(credentials::credential)))
        .service(at("/evidence/{id}", "GET, HEAD").route(reading().to(evidence::file)))
        .service(at("/status/{list}", "GET, HEAD").route(reading().to(credentials::list)))
        .service(at("/.well-known/did.json", "GET, HEAD").route(reading().to(keys::did)))
        .service(at("/.well-known/jwks.json", "GET, HEAD").route(reading().to(keys::jwks)))
        .service(at("/healthz", "GET, HEAD").route(reading().to(health::alive)))
        .service(at("/readyz", "GET, HEAD").route(reading().to(health::ready)))
        .service(at("/metrics", "GET, HEAD").route(reading().to(health::metrics)))
        .default_service(web::route().to(problem::nowhere));
}

/// An address that answers every method but the allowed ones by naming these.
fn at(path: &'static str, allowed: &'static str) -> Resource {
    web::resource(path).default_service(
        web::route().to(move |request| problem::method_not_allowed(request, allowed)),
    )
}

/// GET, and HEAD as its answer without a body.
fn reading() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// Runs what blocks off the event loop, within the request's span.
async fn block<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, actix_web::error::BlockingError> {
    let span = tracing::Span::current();
    web::block(move || span.in_scope(work)).await
}

/// Serves, on the thread that calls, until a signal asks to stop; then no new request is taken, those under way
/// are answered, and imports wait for the next start.
///
/// # Errors
/// [`Error`] where the server cannot be started.
pub fn serve_blocking(shared: Shared, listener: TcpListener) -> Result<(), Error> {
    actix_web::rt::System::new().block_on(serve(shared, listener))
}

async fn serve(shared: Shared, listener: TcpListener) -> Result<(), Error> {
    let stop_within = shared.app.config.server.stop_within;
    let queue = shared.queue.clone();
    let deliverer = Deliverer::start(&shared.app)?;
    let suites = shared.app.trial.is_some();
    let shared = web::Data::new(shared);
    socket::watch(&shared, &listener)?;
    HttpServer::new(move || {
        Web::new()
            .app_data(shared.clone())
            .wrap(Compress::default())
            .wrap(gate::Gate)
            .wrap(observe::Observe)
            .configure(|config| routes(config, suites))
    })
    .workers(2)
    .client_request_timeout(Duration::from_secs(10))
    .shutdown_timeout(stop_within)
    .listen(listener)
    .map_err(Error::internal)?
    .run()
    .await
    .map_err(Error::internal)?;
    queue.stop();
    deliverer.stop();
    Ok(())
}
