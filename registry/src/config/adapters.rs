//! `[adapters]`: where adapters are found, how they are confined, and what a file may cost.
//! `[sources]`: whose word is believed.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

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

/// What sources are believed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sources {
    /// Adapters whose imports by an operator or steward are a trusted recorder's word.
    pub trusted_recorders: Vec<String>,
}

impl Default for Sources {
    fn default() -> Self {
        Self {
            trusted_recorders: vec!["lrs".to_owned()],
        }
    }
}
