//! The configuration: a file, then `REGISTRY_*` variables that mirror its keys, then the command line.
//! A file here is a section of it.
//! Nothing else in the registry reads the environment.

mod adapters;
mod check;
mod credentials;
mod evidence;
mod graphql;
mod known;
mod limits;
mod load;
mod log;
mod matching;
mod network;
mod quarantine;
mod seal;
mod server;
mod show;
mod size;
mod telemetry;
mod tokens;
mod webhooks;

pub use adapters::{Adapters, CredentialIssuer, Sandbox, Sources};
pub use credentials::{Credentials, IssuedAs};
pub use evidence::Evidence;
pub use graphql::{Graphql, Sockets, TrustedDocuments};
pub use limits::{Limits, Rate};
pub use load::{Loaded, Origin};
pub use log::{Log, LogFormat};
pub use matching::Matching;
pub use network::Network;
pub use quarantine::Quarantine;
pub use seal::Seal;
pub use server::{ForwardedHeader, Server};
pub use show::{covered, document, shown};
pub use telemetry::Telemetry;
pub use tokens::{Issuer, Tokens};
pub use webhooks::Webhook;

use crate::error::Error;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The file that is read where none is named and it exists.
pub const DEFAULT_FILE: &str = "registry.toml";

/// Every key with its meaning and its default, as a file to begin with.
pub const EXAMPLE: &str = include_str!("example.toml");

/// Everything that can be configured. In the environment a key `server.import_limit` is
/// `REGISTRY_SERVER__IMPORT_LIMIT`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The database: `sqlite://PATH` or `postgres://USER@HOST/NAME`. Default: `registry.db` in the data
    /// directory.
    pub database: Option<String>,
    /// Threads that read the database. Default: 2 on SQLite, 4 on PostgreSQL.
    pub database_readers: Option<usize>,
    /// Where keys, pushed files on their way in and the embedded database are kept.
    pub data_dir: PathBuf,
    /// The address to listen on.
    pub listen: String,
    /// The server's limits and switches.
    pub server: Server,
    /// The limits and switches of GraphQL.
    pub graphql: Graphql,
    /// How often somebody may ask.
    pub limits: Limits,
    /// Who may issue tokens.
    pub tokens: Tokens,
    /// The adapters and their limits; also a table of its own for each adapter, handed to it as it stands.
    pub adapters: Adapters,
    /// What sources are believed.
    pub sources: Sources,
    /// The documents that the registry issues.
    pub credentials: Credentials,
    /// The secret that seals the registry's private keys.
    pub seal: Seal,
    /// Files that people bring as evidence of prior learning.
    pub evidence: Evidence,
    /// When a pushed file looks wrong as a whole.
    pub quarantine: Quarantine,
    /// Whom the registry tells that an import has ended, or was taken back.
    pub webhooks: Vec<Webhook>,
    /// When two learners who are alike are taken for one person.
    pub matching: Matching,
    /// What is written to standard error.
    pub log: Log,
    /// Where traces go.
    pub telemetry: Telemetry,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database: None,
            database_readers: None,
            data_dir: PathBuf::from("data"),
            listen: "127.0.0.1:8080".to_owned(),
            server: Server::default(),
            graphql: Graphql::default(),
            limits: Limits::default(),
            tokens: Tokens::default(),
            adapters: Adapters::default(),
            sources: Sources::default(),
            credentials: Credentials::default(),
            seal: Seal::default(),
            evidence: Evidence::default(),
            quarantine: Quarantine::default(),
            webhooks: Vec::new(),
            matching: Matching::default(),
            log: Log::default(),
            telemetry: Telemetry::default(),
        }
    }
}

/// What the command line says over the file and the environment.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Overrides {
    /// `--database`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// `--data-dir`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<PathBuf>,
    /// `--listen`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<String>,
}

impl Config {
    /// Reads the configuration.
    ///
    /// # Errors
    /// A configuration error that names the key and what is allowed.
    pub fn load(file: Option<&Path>, overrides: Overrides) -> Result<Self, Error> {
        Loaded::read(file, overrides).map(|loaded| loaded.config)
    }

    /// The database's address.
    #[must_use]
    pub fn database_url(&self) -> String {
        self.database
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}", self.data_dir.join("registry.db").display()))
    }

    /// The address under which everybody reaches the server, without a slash at its end.
    #[must_use]
    pub fn origin(&self) -> String {
        let listen = || format!("http://{}", self.listen);
        let origin = self.server.origin.clone().unwrap_or_else(listen);
        origin.trim_end_matches('/').to_owned()
    }

    /// Where pushed files lie until they were read.
    #[must_use]
    pub fn spool(&self) -> PathBuf {
        let own = || self.data_dir.join("spool");
        self.server.spool.clone().unwrap_or_else(own)
    }

    /// Where files of evidence lie, sealed.
    #[must_use]
    pub fn evidence_folder(&self) -> PathBuf {
        let own = || self.data_dir.join("evidence");
        self.evidence.folder.clone().unwrap_or_else(own)
    }

    /// The directories in which adapters are looked for.
    #[must_use]
    pub fn adapter_directories(&self) -> Vec<PathBuf> {
        if !self.adapters.directories.is_empty() {
            return self.adapters.directories.clone();
        }
        let program = std::env::current_exe().ok();
        program
            .as_deref()
            .and_then(Path::parent)
            .map(Path::to_path_buf)
            .into_iter()
            .collect()
    }

    /// The adapter's own table as TOML, with what the host adds: whose push it is, and the
    /// issuers of credentials that are trusted.
    ///
    /// # Errors
    /// [`Error`] where the table cannot be written as TOML.
    pub fn adapter_table(&self, name: &str, awarding_body: Option<&str>) -> Result<String, Error> {
        let mut table: toml::Table = match self.adapters.tables.get(name) {
            Some(value) => value.deserialize().map_err(Error::internal)?,
            None => toml::Table::new(),
        };
        let mut import = toml::Table::new();
        if let Some(body) = awarding_body {
            let body = toml::Value::String(body.to_owned());
            import.insert("awarding_body".to_owned(), body);
        }
        if !self.sources.issuers.is_empty() {
            let issuers: Vec<CredentialIssuer> = self
                .sources
                .issuers
                .iter()
                .map(CredentialIssuer::for_adapters)
                .collect();
            let issuers = toml::Value::try_from(issuers).map_err(Error::internal)?;
            import.insert("issuers".to_owned(), issuers);
        }
        if !import.is_empty() {
            table.insert("import".to_owned(), toml::Value::Table(import));
        }
        toml::to_string(&table).map_err(Error::internal)
    }
}
