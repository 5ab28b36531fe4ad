//! The configuration: a file, then `REGISTRY_*` variables that mirror its keys, then the command line.
//! Nothing else in the registry reads the environment.

use crate::error::Error;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The file that is read where none is named and it exists.
pub const DEFAULT_FILE: &str = "registry.toml";

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
    /// Who may issue tokens.
    pub tokens: Tokens,
    /// The adapters and their limits; also a table of its own for each adapter, handed to it as it stands.
    pub adapters: Adapters,
    /// What sources are believed.
    pub sources: Sources,
    /// What is written to standard error.
    pub log: Log,
}

/// The server's limits and switches.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// The most bytes of a GraphQL request.
    pub graphql_limit: usize,
    /// The most bytes of a pushed file.
    pub import_limit: u64,
    /// How many imports run at once.
    pub imports_at_once: usize,
    /// Seconds without a byte after which a push is given up.
    pub push_silence: u64,
    /// How deep a query may be.
    pub query_depth: usize,
    /// What a query may cost: a field costs one, a list its length times what is in it.
    pub query_cost: usize,
    /// Whether the schema may be asked for.
    pub introspection: bool,
    /// Whether a browser's GET of `/graphql` shows GraphiQL.
    pub graphiql: bool,
    /// Seconds that a graceful stop waits for requests under way.
    pub stop_within: u64,
}

/// Who may issue tokens.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tokens {
    /// Whether tokens of the built-in issuer (`registry token`) are accepted.
    pub builtin: bool,
    /// The name of the built-in issuer, the `iss` of its tokens and receipts.
    pub builtin_name: String,
    /// Other issuers.
    pub issuers: Vec<Issuer>,
}

/// An issuer of tokens.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// Its `iss`.
    pub issuer: String,
    /// Its keys: a file, or an address beginning with `https://` (`http://` only for this machine).
    pub jwks: String,
    /// The `aud` that its tokens must carry.
    #[serde(default = "audience")]
    pub audience: String,
    /// Seconds by which its clock may differ.
    #[serde(default = "leeway")]
    pub leeway: u64,
    /// The algorithms that it signs with, of `EdDSA`, `ES256`, `RS256`.
    pub algorithms: Vec<String>,
    /// Seconds after which keys from an address are asked for again.
    #[serde(default = "refresh")]
    pub refresh: u64,
}

fn audience() -> String {
    "registry".to_owned()
}

fn leeway() -> u64 {
    30
}

fn refresh() -> u64 {
    300
}

/// The adapters' limits and tables.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Adapters {
    /// Where libraries are looked for. Default: the folder of the running program.
    pub directories: Vec<PathBuf>,
    /// `required` refuses to load an adapter that cannot be confined; `best-effort` confines as far as the
    /// machine can.
    pub sandbox: Sandbox,
    /// The program started as worker. Default: the running program.
    pub worker: Option<PathBuf>,
    /// The most address space of a worker, in bytes.
    pub memory: u64,
    /// Seconds without a sign after which a worker is ended.
    pub silence: u64,
    /// Seconds that a worker may take in all.
    pub time: u64,
    /// The most records of a file.
    pub records: u64,
    /// The most issues of a file.
    pub issues: u64,
    /// A table for each adapter, by its name.
    #[serde(flatten)]
    pub tables: BTreeMap<String, figment::value::Value>,
}

/// How strictly adapters are confined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "said at the key")]
pub enum Sandbox {
    Required,
    BestEffort,
}

/// What sources are believed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sources {
    /// Adapters whose imports by an operator or steward are a trusted recorder's word.
    pub trusted_recorders: Vec<String>,
}

/// What is written to standard error.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// Which events: `info`, `debug`, or a list such as `registry=debug,warn`.
    pub level: String,
    /// `json`, or `text` for people.
    pub format: LogFormat,
}

/// How log events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "said at the key")]
pub enum LogFormat {
    Json,
    Text,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database: None,
            database_readers: None,
            data_dir: PathBuf::from("data"),
            listen: "127.0.0.1:8080".to_owned(),
            server: Server::default(),
            tokens: Tokens::default(),
            adapters: Adapters::default(),
            sources: Sources::default(),
            log: Log::default(),
        }
    }
}

impl Default for Server {
    fn default() -> Self {
        Self {
            graphql_limit: 256 * 1024,
            import_limit: 8 * 1024 * 1024 * 1024,
            imports_at_once: 2,
            push_silence: 30,
            query_depth: 15,
            query_cost: 5000,
            introspection: true,
            graphiql: true,
            stop_within: 10,
        }
    }
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            builtin: true,
            builtin_name: "registry".to_owned(),
            issuers: Vec::new(),
        }
    }
}

impl Default for Adapters {
    fn default() -> Self {
        Self {
            directories: Vec::new(),
            sandbox: Sandbox::Required,
            worker: None,
            memory: 512 * 1024 * 1024,
            silence: 30,
            time: 3600,
            records: 20_000_000,
            issues: 100_000,
            tables: BTreeMap::new(),
        }
    }
}

impl Default for Sources {
    fn default() -> Self {
        Self {
            trusted_recorders: vec!["lrs".to_owned()],
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            level: "info".to_owned(),
            format: LogFormat::Json,
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
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        match file {
            Some(file) if !file.is_file() => {
                return Err(Error::configuration(
                    "--config",
                    format!("names no file: {}", file.display()),
                ));
            }
            Some(file) => figment = figment.merge(Toml::file_exact(file)),
            None if Path::new(DEFAULT_FILE).is_file() => {
                figment = figment.merge(Toml::file_exact(DEFAULT_FILE));
            }
            None => {}
        }
        let config: Self = figment
            .merge(Env::prefixed("REGISTRY_").split("__"))
            .merge(Serialized::defaults(overrides))
            .extract()
            .map_err(|error| {
                let key = error.path.join(".");
                Error::configuration(
                    if key.is_empty() {
                        "file".to_owned()
                    } else {
                        key
                    },
                    format!("cannot be used: {}", error.kind),
                )
            })?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), Error> {
        crate::db::Engine::of(&self.database_url())?;
        for (name, table) in &self.adapters.tables {
            if !matches!(table, figment::value::Value::Dict(..)) {
                return Err(Error::configuration(
                    format!("adapters.{name}"),
                    "is neither a known key (directories, sandbox, worker, memory, silence, time, records, issues) nor a \
                     table for the adapter of that name",
                ));
            }
        }
        for issuer in &self.tokens.issuers {
            if let Some(unknown) = issuer
                .algorithms
                .iter()
                .find(|name| !["EdDSA", "ES256", "RS256"].contains(&name.as_str()))
            {
                return Err(Error::configuration(
                    "tokens.issuers.algorithms",
                    format!("holds {unknown}; allowed are EdDSA, ES256, RS256"),
                ));
            }
        }
        Ok(())
    }

    /// The database's address.
    #[must_use]
    pub fn database_url(&self) -> String {
        self.database
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}", self.data_dir.join("registry.db").display()))
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

    /// The adapter's own table as TOML, with what the host adds: whose push it is.
    ///
    /// # Errors
    /// [`Error`] where the table cannot be written as TOML.
    pub fn adapter_table(&self, name: &str, awarding_body: Option<&str>) -> Result<String, Error> {
        let mut table: toml::Table = match self.adapters.tables.get(name) {
            Some(value) => value.deserialize().map_err(Error::internal)?,
            None => toml::Table::new(),
        };
        if let Some(body) = awarding_body {
            let mut import = toml::Table::new();
            import.insert(
                "awarding_body".to_owned(),
                toml::Value::String(body.to_owned()),
            );
            table.insert("import".to_owned(), toml::Value::Table(import));
        }
        toml::to_string(&table).map_err(Error::internal)
    }
}
