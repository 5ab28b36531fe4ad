//! `registry serve`.

use super::output::Output;
use crate::action::import::Queue;
use crate::action::webhook;
use crate::action::{claim, evidence};
use crate::app::{App, Clock};
use crate::config::Config;
use crate::error::Error;
use crate::server::{Shared, serve_blocking};
use crate::telemetry::metrics;
use clap::Args;
use metrics_exporter_prometheus::PrometheusHandle;
use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// Serve GraphQL and the push address.
#[derive(Args)]
pub(super) struct Serve {
    /// The address to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    pub(super) listen: Option<String>,
}

impl Serve {
    pub(super) fn run(self, config: Config, output: &Output) -> Result<ExitCode, Error> {
        let listener = listen(&config.listen)?;
        let metrics = metrics::install();
        let app = App::open(config, Clock::system())?;
        let address = listener.local_addr().map_err(Error::internal)?;
        tracing::info!(%address, engine = ?app.db.engine(), "serving");
        let mut told = serde_json::json!({"url": format!("http://{address}")});
        if let (Some(trial), Some(members)) = (&app.trial, told.as_object_mut()) {
            tracing::warn!(
                issuer = trial.did(),
                "conformance suites are served: whatever is asked for is signed"
            );
            members.insert("conformance".to_owned(), trial.did().into());
        }
        output.document(&told)?;
        until_stopped(app, listener, metrics)?;
        tracing::info!("stopped");
        Ok(ExitCode::SUCCESS)
    }
}

/// Takes the address, so that a taken one is told before anything else is done.
pub(super) fn listen(address: &str) -> Result<TcpListener, Error> {
    TcpListener::bind(address).map_err(|error| {
        Error::configuration(
            "listen",
            format!("cannot be {address}: {error}. Choose another with --listen"),
        )
    })
}

/// Serves until a signal asks to stop.
pub(super) fn until_stopped(
    app: Arc<App>,
    listener: TcpListener,
    metrics: Option<PrometheusHandle>,
) -> Result<(), Error> {
    // Of what was stored when there was somebody to be told.
    if app.config.webhooks.is_empty()
        && let Err(error) = webhook::sweep(&app)
    {
        tracing::warn!(code = %error.code(), "old events are dropped at the next start");
    }
    // The key is there before the first file comes, so that it can be copied to other servers.
    if let Err(error) = app.files.prepare() {
        tracing::warn!(code = %error.code(), "no file of evidence can be kept now");
    }
    remind(&app)?;
    let queue = Arc::new(Queue::start(&app)?);
    let shared = Shared::new(app, queue, metrics)?;
    serve_blocking(shared, listener)
}

/// How often it is looked whether something of a claim is due: days are counted, not minutes.
const DUE: Duration = Duration::from_secs(60);
/// After how many such turns it is looked for files that belong to nothing.
const HOUR: u64 = 60;

/// Reminds of what is due in claims, closes those that can be appealed against no more, and erases files that no claim needs, for as
/// long as the process lives.
fn remind(app: &Arc<App>) -> Result<(), Error> {
    let app = app.clone();
    std::thread::Builder::new()
        .name("claims-due".to_owned())
        .spawn(move || {
            for turn in 0_u64.. {
                let swept = match turn % HOUR {
                    0 => evidence::orphans(&app),
                    _ => Ok(0),
                };
                if let Err(error) = swept.and_then(|_| evidence::erase(&app)) {
                    tracing::warn!(code = %error.code(), "files of evidence are erased later");
                }
                // A database that does not answer is asked again; the failure is in the log.
                if let Err(error) = claim::sweep(&app) {
                    tracing::warn!(code = %error.code(), "what is due in claims is looked at later");
                }
                std::thread::sleep(DUE);
            }
        })
        .map_err(Error::internal)?;
    Ok(())
}
