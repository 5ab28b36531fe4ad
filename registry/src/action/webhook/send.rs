//! One attempt to deliver an event.

use super::address::Reach;
use super::signature::{Message, sign};
use crate::access::is_local;
use crate::config::Webhook;
use crate::keys::Keys;
use std::net::ToSocketAddrs;
use std::sync::Arc;
use std::time::Duration;
use ureq::config::Config;
use ureq::http::{StatusCode, Uri, header};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

/// The media type of an event in JSON (CloudEvents 1.0, JSON format and HTTP binding).
const CONTENT_TYPE: &str = "application/cloudevents+json; charset=UTF-8";
/// The longest head of an answer that is read. Its body is not.
const LONGEST_HEAD: usize = 16 * 1024;

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// The receiver has it.
    Taken,
    /// The receiver wants no more of it.
    Unwanted,
    /// It was not taken, and may be later.
    NotTaken {
        /// Why, in few words.
        problem: String,
        /// Seconds that the receiver asks for.
        wait: Option<u64>,
    },
}

/// Sends an event, signed at that time, in seconds since 1970.
pub(super) fn send(keys: &Keys, webhook: &Webhook, content: &str, now: i64) -> Answer {
    let not_taken = |problem: String| Answer::NotTaken {
        problem,
        wait: None,
    };
    // As it is written in the request, so that the receiver sees the same.
    let Ok(target) = webhook.url.parse::<Uri>() else {
        return not_taken("no address".to_owned());
    };
    let target_uri = target.to_string();
    let message = Message {
        method: "POST",
        target_uri: &target_uri,
        content_type: CONTENT_TYPE,
        content: content.as_bytes(),
    };
    let signed = sign(keys, message, now);
    let answer = agent(webhook)
        .post(target)
        .header(header::CONTENT_TYPE, CONTENT_TYPE)
        .header("content-digest", signed.content_digest)
        .header("signature-input", signed.input)
        .header("signature", signed.signature)
        .send(content.as_bytes());
    match answer {
        Ok(answer) if answer.status().is_success() => Answer::Taken,
        Ok(answer) if answer.status() == StatusCode::GONE => Answer::Unwanted,
        Ok(answer) => Answer::NotTaken {
            problem: format!("status {}", answer.status().as_u16()),
            wait: answer
                .headers()
                .get(header::RETRY_AFTER)
                .and_then(|value| value.to_str().ok()?.trim().parse().ok()),
        },
        Err(error) => not_taken(problem(&error).to_owned()),
    }
}

/// Whether a configured address can be used, for those who look after it: it is looked up, and nothing sent.
///
/// # Errors
/// What is wrong.
pub fn look(webhook: &Webhook) -> Result<(), String> {
    let target: Uri = webhook.url.parse().map_err(|_| "is no address")?;
    let host = target.host().unwrap_or_default();
    let plain = target.scheme_str() == Some("http");
    let port = target.port_u16().unwrap_or(if plain { 80 } else { 443 });
    let found = (host.trim_matches(['[', ']']), port)
        .to_socket_addrs()
        .map_err(|_| "cannot be looked up")?;
    let reach = reach(webhook);
    if found.into_iter().any(|one| reach.allows(one.ip())) {
        Ok(())
    } else {
        Err("leads to an address where nothing is sent".to_owned())
    }
}

fn reach(webhook: &Webhook) -> Reach {
    Reach {
        own: is_local(&webhook.url),
        private: webhook.private_network,
    }
}

fn agent(webhook: &Webhook) -> ureq::Agent {
    client(reach(webhook), Duration::from_secs(webhook.timeout))
}

/// A client for one request to whatever that reach allows: no proxy of the environment's, no redirect, no connection that
/// is kept.
pub(crate) fn client(reach: Reach, wait: Duration) -> ureq::Agent {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = ureq::tls::TlsConfig::builder()
        .unversioned_rustls_crypto_provider(provider)
        .build();
    let config = ureq::Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(wait))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_response_header_size(LONGEST_HEAD)
        .max_idle_connections(0)
        .proxy(None)
        .user_agent(concat!("iqf-registry/", env!("CARGO_PKG_VERSION")))
        .build();
    ureq::Agent::with_parts(config, DefaultConnector::default(), Guarded(reach))
}

/// Looks names up, and gives only addresses that may be used.
#[derive(Debug)]
struct Guarded(Reach);

/// Why nothing was sent.
#[derive(Debug, thiserror::Error)]
#[error("the address may not be used")]
struct Forbidden;

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        let mut allowed = self.empty();
        for address in found.iter().filter(|one| self.0.allows(one.ip())) {
            allowed.push(*address);
        }
        if allowed.is_empty() {
            return Err(ureq::Error::Other(Box::new(Forbidden)));
        }
        Ok(allowed)
    }
}

fn problem(error: &ureq::Error) -> &'static str {
    match error {
        ureq::Error::Timeout(_) => "no answer in time",
        ureq::Error::HostNotFound => "the name is not known",
        ureq::Error::Other(inner) if inner.is::<Forbidden>() => "the address may not be used",
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => "no trusted encryption",
        ureq::Error::Io(_) | ureq::Error::ConnectionFailed => "no connection",
        _ => "no answer that can be read",
    }
}
