//! The ways to fail that the Rust kit cannot rule out, each with its code and its words, and followed by a good
//! run. Those that need a special limit stand in the module above; those of a library as such in `handshake`
//! and `c`.

use super::{Kept, behave, confined, misbehaving, options, works};
use rstest::rstest;
use schema::Code;

/// How the adapter misbehaves, the code of its end, and words that tell of it.
pub(super) const MATRIX: &[(&str, Code, &str)] = &[
    ("panic-in-create", Code::AdapterPanicked, PLACE),
    ("panic-in-run", Code::AdapterPanicked, PLACE),
    ("panic-in-drop", Code::AdapterPanicked, PLACE),
    (
        "refuse-in-create",
        Code::AdapterRefused,
        "A key is not known.",
    ),
    ("refuse", Code::AdapterRefused, "The file has no heading."),
    ("segfault", Code::AdapterCrashed, "signal 11 (SIGSEGV)"),
    (
        "stack-overflow",
        Code::AdapterCrashed,
        "signal 11 (SIGSEGV)",
    ),
    ("abort", Code::AdapterCrashed, "signal 6 (SIGABRT)"),
    ("exit", Code::AdapterExited, "exit code 0"),
    ("exit-with-three", Code::AdapterExited, "exit code 3"),
    ("missing-final", Code::AdapterExited, "exit code 0"),
    (
        "memory-bomb",
        Code::AdapterMemory,
        "more memory than the 256 MiB",
    ),
    ("open", Code::AdapterSandbox, "system call openat,"),
    ("connect", Code::AdapterSandbox, "system call socket,"),
    ("exec", Code::AdapterSandbox, "system call execve,"),
    ("fork", Code::AdapterSandbox, "system call clone,"),
    ("thread", Code::AdapterSandbox, "system call "),
    ("kill", Code::AdapterSandbox, "system call kill,"),
    ("ptrace", Code::AdapterSandbox, "system call ptrace,"),
    (
        "io-uring",
        Code::AdapterSandbox,
        "system call io_uring_setup,",
    ),
    (
        "executable-mapping",
        Code::AdapterSandbox,
        "system call mmap,",
    ),
    (
        "executable-later",
        Code::AdapterSandbox,
        "system call mprotect,",
    ),
    ("setrlimit", Code::AdapterSandbox, "system call prlimit64,"),
    (
        "signal-handler",
        Code::AdapterSandbox,
        "system call rt_sigaction,",
    ),
    ("seek-input", Code::AdapterSandbox, "system call lseek,"),
    ("write-input", Code::AdapterSandbox, "system call write,"),
    ("read-library", Code::AdapterSandbox, "system call read,"),
    ("close-frames", Code::AdapterSandbox, "system call close,"),
    ("garbage-frames", Code::AdapterProtocol, "no known kind"),
    (
        "oversized-frame",
        Code::AdapterProtocol,
        "larger than allowed",
    ),
    (
        "torn-frame",
        Code::AdapterProtocol,
        "broke off within a frame",
    ),
    (
        "wrong-count",
        Code::AdapterProtocol,
        "does not hold as many records",
    ),
    ("bad-utf8", Code::AdapterProtocol, "could not be decoded"),
    ("bad-code", Code::AdapterProtocol, "kebab-case"),
    (
        "forged-final",
        Code::AdapterProtocol,
        "the final frame is not the worker's",
    ),
    (
        "doubled-final",
        Code::AdapterProtocol,
        "follows the final one",
    ),
    (
        "forged-descriptor",
        Code::AdapterProtocol,
        "the descriptor came twice",
    ),
    (
        "forged-finding",
        Code::AdapterProtocol,
        "a finding is not the worker's",
    ),
    (
        "forged-violation",
        Code::AdapterSandbox,
        "system call execve,",
    ),
    ("false-progress", Code::AdapterProtocol, "cannot have read"),
    (
        "stop-at-once",
        Code::AdapterStoppedEarly,
        "after 0 of 14 bytes",
    ),
    (
        "stop-in-the-middle",
        Code::AdapterStoppedEarly,
        "after 4 of 14 bytes",
    ),
    (
        "endless-output",
        Code::AdapterOutput,
        "more than the 10000 records",
    ),
    (
        "issue-flood",
        Code::AdapterOutput,
        "more than the 1000 issues",
    ),
];

const PLACE: &str = "panicked at tests/misbehaving-adapter/src/lib.rs:";

/// In four parts, so that they run side by side.
#[rstest]
fn a_failing_adapter_is_told_by_its_own_fault_and_the_next_run_works(
    #[values(0, 1, 2, 3)] part: usize,
) {
    let options = options();
    if !confined(&options) {
        return;
    }
    let found = misbehaving(&options);
    for (how, code, words) in MATRIX.iter().skip(part).step_by(4) {
        let ended = behave(&options, &found, how, &mut Kept::default());
        let fault = ended.expect_err(how);
        let said = fault.to_string();
        assert_eq!(fault.code(), *code, "{how}: {said}");
        assert!(said.contains(words), "{how}: {said}");
        assert!(
            !said.contains("Jane"),
            "{how}: a panic's words may be about a person: {said}"
        );
        works(&options, &found);
    }
}

#[test]
fn every_fault_that_an_adapter_can_bring_about_is_in_a_test() {
    let mut told: Vec<Code> = MATRIX.iter().map(|(_, code, _)| *code).collect();
    // In the modules beside this one.
    told.extend([
        Code::AdapterStalled,
        Code::AdapterTimeout,
        Code::AdapterNotFound,
        Code::AdapterIncompatible,
        Code::AdapterUnloadable,
        Code::SandboxUnavailable,
    ]);
    for code in Code::ALL {
        if code.as_str().starts_with("adapter-") || *code == Code::SandboxUnavailable {
            assert!(told.contains(code), "{code:?} is in no line of the matrix");
        }
    }
}
