//! The way to the collector: the same small client that asks issuers for their keys.

use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long the collector may take for one batch.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest answer that is read.
const LONGEST: u64 = 64 * 1024;

/// A client that blocks, on the exporter's own thread.
#[derive(Debug)]
pub(super) struct Collector {
    agent: ureq::Agent,
    /// Whether the last batch was lost, so that an outage is told once.
    away: AtomicBool,
}

impl Collector {
    pub(super) fn new() -> Self {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ureq::tls::TlsConfig::builder()
            .unversioned_rustls_crypto_provider(provider)
            .build();
        let agent = ureq::Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into();
        Self {
            agent,
            away: AtomicBool::new(false),
        }
    }

    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (parts, body) = request.into_parts();
        let request = Request::from_parts(parts, body.to_vec());
        let answer = self.agent.run(request)?;
        let (parts, mut body) = answer.into_parts();
        let body = body.with_config().limit(LONGEST).read_to_vec()?;
        Ok(Response::from_parts(parts, Bytes::from(body)))
    }

    fn note(&self, taken: bool) {
        let result = if taken { "taken" } else { "lost" };
        metrics::counter!("registry_trace_batches_total", "result" => result).increment(1);
        if self.away.swap(!taken, Ordering::Relaxed) == taken {
            if taken {
                tracing::info!("the collector takes traces again");
            } else {
                tracing::warn!("the collector takes no traces; they are dropped until it does");
            }
        }
    }
}

impl HttpClient for Collector {
    fn send_bytes<'client, 'sending>(
        &'client self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'sending>>
    where
        'client: 'sending,
        Self: 'sending,
    {
        Box::pin(async move {
            let answer = self.send(request);
            self.note(
                answer
                    .as_ref()
                    .is_ok_and(|answer| answer.status().is_success()),
            );
            answer
        })
    }
}
