//! `/graphql/ws`: the protocol `graphql-transport-ws`. Here is how sockets are opened, counted and ended with
//! the server; what is said on one stands in `talk`, the messages in `message`.

mod message;
mod talk;

use super::{Shared, problem};
use crate::config;
use crate::error::Error;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use schema::Code;
use std::net::TcpListener;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Semaphore, watch};

/// The subprotocol.
const PROTOCOL: &str = "graphql-transport-ws";

/// The sockets of a server.
pub(super) struct Sockets {
    seats: Arc<Semaphore>,
    stop: watch::Sender<bool>,
}

impl Sockets {
    /// None is open yet.
    pub(super) fn of(limits: &config::Sockets) -> Self {
        Self {
            seats: Arc::new(Semaphore::new(limits.at_once.min(Semaphore::MAX_PERMITS))),
            stop: watch::Sender::new(false),
        }
    }
}

/// `GET /graphql/ws`.
pub(super) async fn open(
    request: HttpRequest,
    shared: web::Data<Shared>,
    body: web::Payload,
) -> HttpResponse {
    let Ok(seat) = shared.sockets.seats.clone().try_acquire_owned() else {
        let words = "As many sockets are open as may be. Try again later.";
        return problem::answer(&request, &Error::with(Code::Unavailable, words));
    };
    match actix_ws::handle_with_protocols(&request, body, &[PROTOCOL]) {
        Ok((answer, session, stream)) => {
            let agreed = answer
                .headers()
                .contains_key(header::SEC_WEBSOCKET_PROTOCOL);
            let stop = shared.sockets.stop.subscribe();
            let talk = talk::Talk::new(&request, shared, session, stop);
            actix_web::rt::spawn(async move {
                metrics::gauge!("registry_sockets_open").increment(1.0);
                talk.run(stream, agreed).await;
                metrics::gauge!("registry_sockets_open").decrement(1.0);
                drop(seat);
            });
            answer
        }
        Err(_) => {
            let mut answer = problem::answer(&request, &Error::from(Code::UpgradeRequired));
            let headers = answer.headers_mut();
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(
                header::SEC_WEBSOCKET_VERSION,
                HeaderValue::from_static("13"),
            );
            answer
        }
    }
}

/// Ends every socket when the server is asked to stop, which would wait for them otherwise; and lets the
/// system end the connection of whoever takes nothing for too long, since what was written to it can only
/// wait.
///
/// # Errors
/// [`Error`] where signals cannot be heard of.
pub(super) fn watch(shared: &web::Data<Shared>, listener: &TcpListener) -> Result<(), Error> {
    let seconds = shared.app.config.graphql.sockets.reader;
    let milliseconds = u32::try_from(seconds.saturating_mul(1000)).unwrap_or(u32::MAX);
    // Connections have the option from their listener.
    rustix::net::sockopt::set_tcp_user_timeout(listener, milliseconds).map_err(Error::internal)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::internal)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::internal)?;
    let mut quit = signal(SignalKind::quit()).map_err(Error::internal)?;
    let stop = shared.sockets.stop.clone();
    actix_web::rt::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = quit.recv() => {}
        }
        stop.send_replace(true);
    });
    Ok(())
}
