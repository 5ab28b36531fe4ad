//! What is configured dangerously, and the issuers that are named.

use super::Findings;
use crate::access::{is_local, look_at_issuer};
use crate::action::webhook;
use crate::config::{Config, Sandbox, covered};
use std::net::ToSocketAddrs;

/// Looks at the configuration, which was read and is in range.
pub(super) fn look(config: &Config, findings: &mut Findings) {
    let before = findings.0.len();
    let open = match config.listen.to_socket_addrs() {
        Ok(addresses) => addresses
            .map(|address| address.ip())
            .any(|address| !address.is_loopback()),
        Err(error) => {
            findings.fault(
                "configuration",
                format!(
                    "listen names {}, which is no address here: {error}",
                    config.listen
                ),
                "Name an address of this machine, such as 127.0.0.1:8080.",
            );
            true
        }
    };
    if open && config.tokens.builtin {
        findings.warning(
            "configuration",
            format!(
                "it listens on {}, and whoever can read the data directory can sign tokens",
                config.listen
            ),
            "Listen on 127.0.0.1 behind a proxy, or set tokens.builtin to false and name an issuer.",
        );
    }
    if open && config.graphql.graphiql {
        findings.warning(
            "configuration",
            "GraphiQL is shown to everybody who can reach the address",
            "Set graphql.graphiql to false where no developer needs it.",
        );
    }
    if !config.tokens.builtin && config.tokens.issuers.is_empty() {
        findings.fault(
            "configuration",
            "nobody may issue tokens",
            "Name an issuer in [[tokens.issuers]], or set tokens.builtin to true.",
        );
    }
    if config.adapters.sandbox == Sandbox::BestEffort {
        findings.warning(
            "configuration",
            "adapters are confined only as far as this machine can",
            "Set adapters.sandbox to \"required\".",
        );
    }
    if open && !config.limits.enabled {
        findings.warning(
            "configuration",
            "nothing limits how often somebody may ask",
            "Set limits.enabled to true.",
        );
    }
    if config
        .server
        .trusted_proxies
        .iter()
        .any(crate::config::Network::holds_all)
    {
        findings.warning(
            "configuration",
            "everybody is believed to be a proxy, and can say from where they ask",
            "Name only your proxies' own networks in server.trusted_proxies.",
        );
    }
    if let Some(address) = config.telemetry.otlp.as_deref().filter(|at| is_plain(at)) {
        findings.warning(
            "configuration",
            format!("traces go to {} unencrypted", covered(address)),
            "Use https://, or a collector on this machine.",
        );
    }
    if findings.0.len() == before {
        findings.ok("configuration", format!("listens on {}", config.listen));
    }
    look_at_webhooks(config, findings);
    for issuer in &config.tokens.issuers {
        match look_at_issuer(issuer) {
            Ok(many) => findings.ok("issuer", format!("{}: {many} keys", issuer.issuer)),
            Err(problem) => findings.fault(
                "issuer",
                format!("{}: {problem}", issuer.issuer),
                format!(
                    "No token of it is believed until {} can be read.",
                    covered(&issuer.jwks)
                ),
            ),
        }
    }
}

/// Looks at each address that is told of imports: whether its name leads anywhere, and where something is sent.
fn look_at_webhooks(config: &Config, findings: &mut Findings) {
    for one in &config.webhooks {
        let (body, shown) = (&one.awarding_body, covered(&one.url));
        match webhook::look(one) {
            Ok(()) => findings.ok("webhook", format!("{body}: {shown}")),
            Err(problem) => findings.warning(
                "webhook",
                format!("{body}: {shown} {problem}"),
                "Correct webhooks.url; where it leads to a network of your own, set private_network.",
            ),
        }
    }
}

/// Whether what is sent there can be read on the way.
fn is_plain(address: &str) -> bool {
    let scheme = address.split_once("://").map_or("", |(scheme, _)| scheme);
    scheme.eq_ignore_ascii_case("http") && !is_local(address)
}
