//! Every way in which an adapter can fail, each with its code and plain words. No text here comes from the
//! file: a panic is told by its place, a crash by its signal.

use schema::Code;
use schema::wire::Position;
use std::path::PathBuf;

/// Why an adapter could not be asked or its run counts for nothing.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// No library of that name.
    #[error("No adapter is named \"{name}\". Looked in: {}.", places(.looked))]
    NotFound {
        /// The name asked for.
        name: String,
        /// The directories searched.
        looked: Vec<PathBuf>,
    },
    /// The handshake failed: one field of the descriptor differs.
    #[error(
        "The adapter's library does not fit this registry: its {field} is {theirs}, and this registry takes {ours}."
    )]
    Incompatible {
        /// The field of `iqf_adapter_descriptor`.
        field: String,
        /// What the registry takes.
        ours: String,
        /// What the library has.
        theirs: String,
    },
    /// The dynamic linker refused it.
    #[error("The adapter's library could not be loaded: {reason}.")]
    Unloadable {
        /// The linker's own words, or the operating system's.
        reason: String,
    },
    /// It panicked.
    #[error("The adapter panicked at {place}.")]
    Panicked {
        /// File, line and column in the adapter's source.
        place: String,
    },
    /// A signal ended it.
    #[error("The adapter was ended by signal {signal} ({}).", signal_name(*.signal))]
    Crashed {
        /// The signal's number.
        signal: i32,
    },
    /// It ended its own process.
    #[error("The adapter ended its process with exit code {code} in the middle of its work.")]
    Exited {
        /// The exit code.
        code: i32,
    },
    /// It made a system call that the sandbox does not allow.
    #[error("The adapter tried the system call {call}, which an adapter may not make.")]
    Sandbox {
        /// The call's name, or its number where the name is not known.
        call: String,
    },
    /// It neither read nor wrote for too long.
    #[error("The adapter was silent for {seconds} seconds and was ended.")]
    Stalled {
        /// How long was allowed.
        seconds: u64,
    },
    /// It used more time than allowed.
    #[error("The adapter used more than the {seconds} seconds of {} it may use.", if *.processor { "processor time" } else { "time" })]
    Timeout {
        /// How long was allowed.
        seconds: u64,
        /// Whether it was processor time.
        processor: bool,
    },
    /// It used more memory than allowed.
    #[error("The adapter used more memory than the {} MiB it may use.", .bytes >> 20)]
    Memory {
        /// How much was allowed.
        bytes: u64,
    },
    /// It handed over more than allowed.
    #[error("The adapter gave more than the {most} {limit} that are taken.")]
    TooMuch {
        /// Of what.
        limit: Limit,
        /// How many are taken.
        most: u64,
    },
    /// What it sent is not what the protocol says.
    #[error("The adapter's answer broke the protocol: {reason}.")]
    Protocol {
        /// What was wrong.
        reason: String,
    },
    /// It was content before the file had ended.
    #[error("The adapter ended after {read} of {length} bytes, before it had read the whole file.")]
    StoppedEarly {
        /// Bytes it had read.
        read: u64,
        /// The file's length in bytes.
        length: u64,
    },
    /// It gave up on the file, and says why.
    #[error("The adapter refused the file: {message}")]
    Refused {
        /// Its own stable code, kebab-case.
        code: String,
        /// Its own words.
        message: String,
        /// Where in the file.
        position: Position,
    },
    /// The machine cannot confine an adapter.
    #[error("This machine cannot confine an adapter: {missing}.")]
    SandboxUnavailable {
        /// What is missing.
        missing: String,
    },
    /// The caller asked to end, or its sink took no more.
    #[error("The import was cancelled.")]
    Cancelled,
    /// The registry itself could not start, feed or watch a worker.
    #[error("The registry could not run a worker: {action}: {source}.")]
    Host {
        /// What was being done.
        action: &'static str,
        /// The operating system's answer.
        source: std::io::Error,
    },
}

/// What can be too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Records.
    Records,
    /// Issues.
    Issues,
    /// Bytes in all.
    Bytes,
    /// Bytes in one batch.
    BatchBytes,
    /// Bytes in one record.
    RecordBytes,
}

impl std::fmt::Display for Limit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Records => "records",
            Self::Issues => "issues",
            Self::Bytes => "bytes",
            Self::BatchBytes => "bytes in one batch",
            Self::RecordBytes => "bytes in one record",
        })
    }
}

impl Fault {
    /// The published code.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::NotFound { .. } => Code::AdapterNotFound,
            Self::Incompatible { .. } => Code::AdapterIncompatible,
            Self::Unloadable { .. } => Code::AdapterUnloadable,
            Self::Panicked { .. } => Code::AdapterPanicked,
            Self::Crashed { .. } => Code::AdapterCrashed,
            Self::Exited { .. } => Code::AdapterExited,
            Self::Sandbox { .. } => Code::AdapterSandbox,
            Self::Stalled { .. } => Code::AdapterStalled,
            Self::Timeout { .. } => Code::AdapterTimeout,
            Self::Memory { .. } => Code::AdapterMemory,
            Self::TooMuch { .. } => Code::AdapterOutput,
            Self::Protocol { .. } => Code::AdapterProtocol,
            Self::StoppedEarly { .. } => Code::AdapterStoppedEarly,
            Self::Refused { .. } => Code::AdapterRefused,
            Self::SandboxUnavailable { .. } => Code::SandboxUnavailable,
            Self::Cancelled => Code::ImportCancelled,
            Self::Host { .. } => Code::Internal,
        }
    }

    /// Whether a refusal says why.
    pub(super) fn has_words(&self) -> bool {
        !matches!(self, Self::Refused { message, .. } if message.trim().is_empty())
    }

    /// A broken protocol, in plain words without a full stop.
    pub(super) fn protocol(reason: impl Into<String>) -> Self {
        Self::Protocol {
            reason: reason.into(),
        }
    }

    /// What makes `Host` of an error of the operating system.
    pub(super) fn host<E: Into<std::io::Error>>(action: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Host {
            action,
            source: source.into(),
        }
    }
}

fn places(looked: &[PathBuf]) -> String {
    if looked.is_empty() {
        return "nowhere, since no adapter directory is configured".to_owned();
    }
    let places: Vec<String> = looked
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    places.join(", ")
}

/// The name of a signal that can end a worker.
fn signal_name(signal: i32) -> &'static str {
    match signal {
        libc::SIGABRT => "SIGABRT",
        libc::SIGBUS => "SIGBUS",
        libc::SIGFPE => "SIGFPE",
        libc::SIGILL => "SIGILL",
        libc::SIGKILL => "SIGKILL",
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGSYS => "SIGSYS",
        libc::SIGTERM => "SIGTERM",
        libc::SIGTRAP => "SIGTRAP",
        libc::SIGXCPU => "SIGXCPU",
        libc::SIGXFSZ => "SIGXFSZ",
        _ => "a signal",
    }
}
