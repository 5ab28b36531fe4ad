//! What an adapter may use, and where adapters are.

use std::path::PathBuf;
use std::time::Duration;

/// The bounds of a worker and of what it may hand over. The defaults fit a file of some gigabytes.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where adapters are looked for, in this order.
    pub directories: Vec<PathBuf>,
    /// The program started as worker. By default the running program itself, also after it was replaced on
    /// disk by an upgrade.
    pub worker_program: PathBuf,
    /// Bytes of address space beyond what the worker itself has when it starts: 1 GiB.
    pub memory: u64,
    /// Processor time of one run: an hour.
    pub cpu: Duration,
    /// Time of one run, without what the sink takes: two hours.
    pub wall: Duration,
    /// How long an adapter may neither read nor hand over anything: 30 seconds.
    pub silence: Duration,
    /// Bytes after which an adapter should hand over a batch: 48 KiB.
    pub batch_size: u32,
    /// The most bytes given to an adapter at once: as many as it asks for.
    pub read_max: u32,
    /// The largest batch taken, in bytes: 16 MiB.
    pub frame_max: u32,
    /// The largest record taken, in bytes: 1 MiB.
    pub record_max: u32,
    /// Bytes taken in all: 64 GiB.
    pub output_max: u64,
    /// Records taken: 50 million.
    pub records_max: u64,
    /// Issues taken: a million.
    pub issues_max: u64,
    /// Bytes kept of what an adapter writes to its standard error; the rest is dropped: 16 KiB.
    pub log_max: usize,
    /// What to do where the machine cannot confine an adapter.
    pub sandbox: Sandbox,
}

/// What to do where Landlock or seccomp is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sandbox {
    /// Load no adapter.
    #[default]
    Required,
    /// Load it with what confinement there is.
    BestEffort,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            directories: Vec::new(),
            worker_program: PathBuf::from("/proc/self/exe"),
            memory: 1 << 30,
            cpu: Duration::from_secs(3600),
            wall: Duration::from_secs(2 * 3600),
            silence: Duration::from_secs(30),
            batch_size: 48 << 10,
            read_max: u32::MAX,
            frame_max: 16 << 20,
            record_max: 1 << 20,
            output_max: 64 << 30,
            records_max: 50_000_000,
            issues_max: 1_000_000,
            log_max: 16 << 10,
            sandbox: Sandbox::Required,
        }
    }
}
