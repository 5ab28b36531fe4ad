//! Values that have the right kind and cannot be meant.

use super::{Config, IssuedAs, limits::Rate};
use std::fmt::Display;

/// A key and what is wrong with it.
type Fault = (String, String);

/// Refuses a number that is not between two others.
fn between<N: PartialOrd + Display + Copy>(
    key: &str,
    value: N,
    least: N,
    most: N,
) -> Result<(), Fault> {
    if value >= least && value <= most {
        Ok(())
    } else {
        let problem = format!("is {value}; allowed are {least} to {most}");
        Err((key.to_owned(), problem))
    }
}

fn fault(key: impl Into<String>, problem: impl Into<String>) -> Fault {
    (key.into(), problem.into())
}

/// The longest that anything is waited for: a day, in seconds.
const DAY: u64 = 86_400;

impl Config {
    /// Looks at every value that could be out of range.
    pub(super) fn check(&self) -> Result<(), Fault> {
        if crate::db::Engine::of(&self.database_url()).is_err() {
            // The value may hold a password and is not told.
            let problem = "is neither sqlite://PATH nor postgres://USER@HOST/NAME";
            return Err(fault("database", problem));
        }
        if let Some(readers) = self.database_readers {
            between("database_readers", readers, 1, 64)?;
        }
        address(&self.listen)?;
        self.check_server()?;
        self.check_graphql()?;
        self.check_adapters()?;
        self.check_tokens()?;
        for (name, Rate { per_minute, burst }) in self.limits.rates() {
            between(
                &format!("limits.{name}.per_minute"),
                per_minute,
                1,
                1_000_000,
            )?;
            between(&format!("limits.{name}.burst"), burst, 1, 1_000_000)?;
        }
        between(
            "limits.remembered",
            self.limits.remembered,
            1000,
            10_000_000,
        )?;
        let limits = &self.limits;
        for (name, quota) in [
            ("pushes_per_day", limits.pushes_per_day),
            ("bytes_per_day", limits.bytes_per_day),
            ("waiting_jobs", limits.waiting_jobs),
        ] {
            between(&format!("limits.{name}"), quota, 1, 1 << 60)?;
        }
        let quarantine = &self.quarantine;
        for (name, share) in [
            ("rejected_share", quarantine.rejected_share),
            ("withdrawn_share", quarantine.withdrawn_share),
        ] {
            between(&format!("quarantine.{name}"), share, 0.0, 1.0)?;
        }
        self.check_evidence()?;
        self.check_webhooks()?;
        self.check_credentials()?;
        between("matching.case", self.matching.case, 0.001, 1.0)?;
        between("matching.link", self.matching.link, self.matching.case, 1.0)?;
        between("matching.population", self.matching.population, 1, u32::MAX)?;
        between("telemetry.ratio", self.telemetry.ratio, 0.0, 1.0)?;
        if self.telemetry.service_name.is_empty() {
            return Err(fault("telemetry.service_name", "is empty"));
        }
        let otlp = self.telemetry.otlp.as_deref();
        if otlp.is_some_and(|address| !is_web_address(address)) {
            let problem = "is no address that begins with http:// or https://";
            return Err(fault("telemetry.otlp", problem));
        }
        Ok(())
    }

    fn check_credentials(&self) -> Result<(), Fault> {
        let credentials = &self.credentials;
        if credentials.name.trim().is_empty() {
            return Err(fault("credentials.name", "is empty"));
        }
        between(
            "credentials.list_lasts",
            credentials.list_lasts,
            60,
            604_800,
        )?;
        between("credentials.list_wait", credentials.list_wait, 1, 60)?;
        if credentials.conformance
            && (!is_own(&self.listen) || !self.server.trusted_proxies.is_empty())
        {
            let problem = "is for trials, in which whatever is asked for is signed: it needs listen to be an address of this \
                           machine alone (127.0.0.1, [::1], localhost), and no server.trusted_proxies";
            return Err(fault("credentials.conformance", problem));
        }
        for (number, issuer) in self.sources.issuers.iter().enumerate() {
            let key = |name: &str| format!("sources.issuers.{number}.{name}");
            if issuer.is_fetched() && credential::did_web_address(&issuer.id).is_none() {
                return Err(fault(key("id"), "is no did:web of a host with a name"));
            }
            if issuer.plain_http && !issuer.private_network {
                let problem =
                    "is set, which needs private_network: over the internet keys come encrypted";
                return Err(fault(key("plain_http"), problem));
            }
        }
        let by_address = credential::did_web(&self.origin()).is_some();
        if credentials.issuer == IssuedAs::DidWeb && !by_address {
            let problem = "is did:web, which needs a server.origin that is a name behind https:// without a path";
            return Err(fault("credentials.issuer", problem));
        }
        Ok(())
    }

    fn check_evidence(&self) -> Result<(), Fault> {
        let evidence = &self.evidence;
        between("evidence.limit", evidence.limit, 1, 1 << 40)?;
        let (least, most) = (evidence.limit, 1 << 50);
        between("evidence.claim_limit", evidence.claim_limit, least, most)?;
        between("evidence.scan_time", evidence.scan_time, 1, 3600)?;
        if evidence.scan.first().is_some_and(String::is_empty) {
            return Err(fault(
                "evidence.scan",
                "begins with an empty text; name a program",
            ));
        }
        Ok(())
    }

    fn check_server(&self) -> Result<(), Fault> {
        let server = &self.server;
        let origin = server.origin.as_deref();
        if origin.is_some_and(|origin| !is_web_address(origin) || origin.contains(['?', '#'])) {
            let problem = "is no address that begins with http:// or https:// and has no query";
            return Err(fault("server.origin", problem));
        }
        between("server.import_limit", server.import_limit, 1, 1 << 50)?;
        between("server.imports_at_once", server.imports_at_once, 1, 64)?;
        between("server.import_lease", server.import_lease, 1, 3600)?;
        between("server.push_silence", server.push_silence, 1, DAY)?;
        between("server.stop_within", server.stop_within, 0, DAY)
    }

    fn check_graphql(&self) -> Result<(), Fault> {
        between("graphql.body", self.graphql.body, 1, 1 << 30)?;
        between("graphql.document", self.graphql.document, 1, 1 << 30)?;
        between("graphql.recursion", self.graphql.recursion, 1, 64)?;
        between("graphql.time", self.graphql.time, 1, DAY)?;
        let sockets = &self.graphql.sockets;
        for (name, seconds) in [
            ("init", sockets.init),
            ("ping", sockets.ping),
            ("silence", sockets.silence),
            ("reader", sockets.reader),
        ] {
            between(&format!("graphql.sockets.{name}"), seconds, 1, DAY)?;
        }
        if sockets.ping >= sockets.silence {
            let problem = format!(
                "is {}; a client must be pinged before its silence ends the socket (graphql.sockets.silence is {})",
                sockets.ping, sockets.silence
            );
            return Err(fault("graphql.sockets.ping", problem));
        }
        let trusted = &self.graphql.trusted_documents;
        if trusted.only && trusted.directory.is_none() && trusted.file.is_none() {
            return Err(fault(
                "graphql.trusted_documents.only",
                "is set where there is neither a directory nor a file of trusted documents",
            ));
        }
        Ok(())
    }

    fn check_adapters(&self) -> Result<(), Fault> {
        let adapters = &self.adapters;
        between("adapters.memory", adapters.memory, 16 << 20, 1 << 46)?;
        between("adapters.silence", adapters.silence, 1, DAY)?;
        between("adapters.time", adapters.time, 1, 30 * DAY)?;
        between("adapters.records", adapters.records, 1, u64::MAX)?;
        between("adapters.issues", adapters.issues, 1, u64::MAX)?;
        for (name, table) in &adapters.tables {
            if !matches!(table, figment::value::Value::Dict(..)) {
                let problem = "is neither a known key (directories, sandbox, worker, memory, silence, time, records, \
                               issues) nor a table for the adapter of that name";
                return Err(fault(format!("adapters.{name}"), problem));
            }
        }
        Ok(())
    }

    fn check_tokens(&self) -> Result<(), Fault> {
        for (number, issuer) in self.tokens.issuers.iter().enumerate() {
            let unknown = issuer
                .algorithms
                .iter()
                .find(|name| !["EdDSA", "ES256", "RS256"].contains(&name.as_str()));
            if let Some(unknown) = unknown {
                return Err(fault(
                    format!("tokens.issuers.{number}.algorithms"),
                    format!("holds {unknown}; allowed are EdDSA, ES256, RS256"),
                ));
            }
            between(
                &format!("tokens.issuers.{number}.leeway"),
                issuer.leeway,
                0,
                3600,
            )?;
        }
        Ok(())
    }
}

impl Config {
    fn check_webhooks(&self) -> Result<(), Fault> {
        for (number, webhook) in self.webhooks.iter().enumerate() {
            let key = |name: &str| format!("webhooks.{number}.{name}");
            let body = schema::RecognitionNumber::parse(&webhook.awarding_body);
            if !body.is_ok_and(|body| body.as_str() == webhook.awarding_body) {
                let problem = "is no recognition number, written RN and four digits";
                return Err(fault(key("awarding_body"), problem));
            }
            between(&key("timeout"), webhook.timeout, 1, 60)?;
            // What stands before an @ would be a secret in an address, which is told and logged.
            if !is_web_address(&webhook.url) || webhook.url.contains(['@', '#']) {
                let problem = "is no address that begins with https:// and has neither @ nor #";
                return Err(fault(key("url"), problem));
            }
            // PostgreSQL keeps addresses in an index, whose rows are bounded.
            if webhook.url.len() > 2000 {
                return Err(fault(key("url"), "is longer than 2000 bytes"));
            }
            let plain = !webhook.url.to_ascii_lowercase().starts_with("https://");
            if plain && !webhook.plain_http && !crate::access::is_local(&webhook.url) {
                let problem =
                    "is an http:// address of another machine; use https://, or set plain_http";
                return Err(fault(key("url"), problem));
            }
            let twice = self.webhooks.iter().take(number).any(|other| {
                (&other.awarding_body, &other.url) == (&webhook.awarding_body, &webhook.url)
            });
            if twice {
                return Err(fault(key("url"), "stands twice for this awarding body"));
            }
        }
        Ok(())
    }
}

/// An address to listen on has a host and a port.
fn address(listen: &str) -> Result<(), Fault> {
    let parts = listen.rsplit_once(':');
    let Some((_, port)) = parts.filter(|(host, _)| !host.is_empty()) else {
        let problem = format!("is {listen:?}; write HOST:PORT, such as 127.0.0.1:8080");
        return Err(fault("listen", problem));
    };
    if port.parse::<u16>().is_err() {
        let problem = format!("has the port {port:?}; allowed are 0 to 65535");
        return Err(fault("listen", problem));
    }
    Ok(())
}

/// Whether only this machine reaches what listens there.
fn is_own(listen: &str) -> bool {
    let host = listen.rsplit_once(':').map_or(listen, |(host, _)| host);
    let bare = host.trim_matches(['[', ']']);
    let address: Option<std::net::IpAddr> = bare.parse().ok();
    host == "localhost" || address.is_some_and(|address| address.is_loopback())
}

fn is_web_address(text: &str) -> bool {
    text.parse::<ureq::http::Uri>()
        .is_ok_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some())
}
