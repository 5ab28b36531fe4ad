//! `[evidence]`: files that people bring as evidence of prior learning.

use super::size;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Files that people bring as evidence of prior learning. How long they are kept stands in the awarding body's terms.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Evidence {
    /// Where they lie, sealed. Default: `evidence` in the data directory. Servers that share a database need one folder on shared
    /// storage, and the same `keys/evidence.key`.
    pub folder: Option<PathBuf>,
    /// The most bytes of a file: a number, or a text such as `"20 MiB"`.
    #[serde(deserialize_with = "size::bytes")]
    pub limit: u64,
    /// The most bytes of all files of a claim.
    #[serde(deserialize_with = "size::bytes")]
    pub claim_limit: u64,
    /// A program, with its arguments, that looks for malware: it is given the file on standard input and ends with 0 where there
    /// is none, with 1 where there is; anything else, and the file is not taken. Without it nobody looks.
    pub scan: Vec<String>,
    /// Seconds that it may take.
    pub scan_time: u64,
}

impl Default for Evidence {
    fn default() -> Self {
        Self {
            folder: None,
            limit: 20 << 20,
            claim_limit: 200 << 20,
            scan: Vec::new(),
            scan_time: 60,
        }
    }
}
