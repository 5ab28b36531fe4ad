//! What an author does about each way to fail.

use crate::adapter::{Fault, Limit};

/// What to do.
pub(super) fn advice(fault: &Fault) -> &'static str {
    match fault {
        Fault::Incompatible { .. } => {
            "Build it again with the kit (adapters/sdk) or the header (schema/adapter.h) of this registry."
        }
        Fault::Unloadable { .. } => {
            "Build a dynamic library for this machine (crate-type = [\"cdylib\"]) in which every symbol is defined."
        }
        Fault::Panicked { .. } => {
            "Make what cannot be read an issue: no unwrap, indexing, slicing of texts by bytes or arithmetic that overflows."
        }
        Fault::Crashed { .. } => {
            "Look for recursion as deep as the file says, for unsafe code, for an abort."
        }
        Fault::Exited { .. } => "Return from run; never end the process.",
        Fault::Sandbox { .. } => {
            "An adapter reads its input and hands over records: no files, network, threads or processes."
        }
        Fault::Stalled { .. } => {
            "Look for a loop that does not come forward: every turn must take bytes of the file or come to an end."
        }
        Fault::Timeout { .. } => "Look for work that grows faster than the file does.",
        Fault::Memory { .. } => {
            "Read a part at a time, bound the longest part, and keep nothing of those before it."
        }
        Fault::TooMuch {
            limit: Limit::Issues,
            ..
        } => "One issue a record at most; end with a Stop where nothing of the file can be used.",
        Fault::TooMuch {
            limit: Limit::RecordBytes | Limit::BatchBytes,
            ..
        } => "Bound the longest text of a record; hand batches over when they reach batch_size.",
        Fault::TooMuch { .. } => {
            "Look for a loop that hands over records without reading on: a file cannot hold so many."
        }
        Fault::Protocol { .. } => {
            "Hand over through Output only and print nothing (standard output is the registry's pipe); a code is a-z, \
             0-9 and hyphens, at most 64."
        }
        Fault::StoppedEarly { .. } => {
            "Read to the end, also behind the last record; what must not stand there is an issue or a Stop."
        }
        Fault::Refused { .. } => {
            "Give a sample that the adapter reads, with the options that it needs (--options)."
        }
        Fault::NotFound { .. }
        | Fault::SandboxUnavailable { .. }
        | Fault::Cancelled
        | Fault::Host { .. } => "Run registry doctor: the machine is at fault, not the adapter.",
    }
}
