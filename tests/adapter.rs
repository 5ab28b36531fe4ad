//! The adapter boundary: each way in which an adapter can fail has its own fault and code, and a good run
//! after it works as if nothing had happened.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says on standard error why it was skipped"
)]

use prost::Message;
use registry::adapter::{
    Fault, Found, Options, Sandbox, Sink, SinkClosed, Summary, find, list, run,
};
use rstest::rstest;
use schema::Code;
use schema::wire::ResultBatch;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

mod alone;
mod c;
mod handshake;
mod sandbox;

const FILE: &[u8] = b"one\ntwo\nthree\n";

/// The folder of this test's executable, where a test run builds the adapters' libraries.
fn built() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path
}

/// Options with short limits, so that a test of a limit is short too.
fn options() -> Options {
    Options {
        directories: vec![built()],
        worker_program: PathBuf::from(env!("CARGO_BIN_EXE_registry")),
        memory: 256 << 20,
        silence: Duration::from_secs(20),
        records_max: 10_000,
        issues_max: 1000,
        ..Options::default()
    }
}

/// The misbehaving adapter, looked at without going through the other libraries of the folder.
fn misbehaving(options: &Options) -> Found {
    find(options, "misbehaving").unwrap()
}

/// Says loudly that a test was skipped; with `REQUIRE_ALL=1` that is a failure.
fn confined(options: &Options) -> bool {
    match find(options, "misbehaving") {
        Err(Fault::SandboxUnavailable { missing }) => {
            assert!(
                std::env::var_os("REQUIRE_ALL").is_none(),
                "the sandbox is missing: {missing}"
            );
            eprintln!("SKIPPED: this machine cannot confine an adapter: {missing}");
            false
        }
        other => {
            other.unwrap();
            true
        }
    }
}

/// Keeps what came.
#[derive(Default)]
struct Kept {
    titles: Vec<String>,
    codes: Vec<String>,
    log: String,
    read: u64,
    /// Closes after so many batches.
    most: Option<usize>,
}

impl Sink for Kept {
    fn batch(&mut self, bytes: Vec<u8>, count: u32) -> Result<(), SinkClosed> {
        let batch = ResultBatch::decode(bytes.as_slice()).unwrap();
        assert_eq!(batch.records.len(), count as usize);
        let titles = batch.records.into_iter();
        self.titles
            .extend(titles.map(|record| record.subject.unwrap().title));
        match self.most {
            Some(0) => Err(SinkClosed),
            Some(most) => {
                self.most = Some(most - 1);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn issue(&mut self, issue: sdk::Issue) -> Result<(), SinkClosed> {
        self.codes.push(issue.code);
        Ok(())
    }

    fn progress(&mut self, bytes_read: u64) {
        self.read = bytes_read;
    }

    fn log(&mut self, text: &str) {
        text.clone_into(&mut self.log);
    }
}

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// Runs an adapter that is to behave as `how` says.
fn behave(options: &Options, found: &Found, how: &str, kept: &mut Kept) -> Result<Summary, Fault> {
    let config = format!("how = \"{how}\"\n");
    let never = AtomicBool::new(false);
    run(
        options,
        found,
        &config,
        file(FILE),
        FILE.len() as u64,
        kept,
        &never,
    )
}

fn works(options: &Options, found: &Found) {
    let mut kept = Kept::default();
    let summary = behave(options, found, "good", &mut kept).unwrap();
    assert_eq!(kept.titles, ["one", "two", "three"]);
    assert_eq!((summary.records, summary.issues), (3, 0));
    assert_eq!(summary.bytes_read, FILE.len() as u64);
}

#[rstest]
#[case(
    "panic-in-create",
    Code::AdapterPanicked,
    "panicked at tests/misbehaving-adapter/src/lib.rs:"
)]
#[case(
    "panic-in-run",
    Code::AdapterPanicked,
    "panicked at tests/misbehaving-adapter/src/lib.rs:"
)]
#[case(
    "panic-in-drop",
    Code::AdapterPanicked,
    "panicked at tests/misbehaving-adapter/src/lib.rs:"
)]
#[case("refuse-in-create", Code::AdapterRefused, "A key is not known.")]
#[case("refuse", Code::AdapterRefused, "The file has no heading.")]
#[case("segfault", Code::AdapterCrashed, "signal 11 (SIGSEGV)")]
#[case("stack-overflow", Code::AdapterCrashed, "signal 11 (SIGSEGV)")]
#[case("abort", Code::AdapterCrashed, "signal 6 (SIGABRT)")]
#[case("exit", Code::AdapterExited, "exit code 0")]
#[case("exit-with-three", Code::AdapterExited, "exit code 3")]
#[case("missing-final", Code::AdapterExited, "exit code 0")]
#[case("memory-bomb", Code::AdapterMemory, "more memory than the 256 MiB")]
#[case("open", Code::AdapterSandbox, "system call openat,")]
#[case("connect", Code::AdapterSandbox, "system call socket,")]
#[case("exec", Code::AdapterSandbox, "system call execve,")]
#[case("fork", Code::AdapterSandbox, "system call clone,")]
#[case("thread", Code::AdapterSandbox, "system call ")]
#[case("kill", Code::AdapterSandbox, "system call kill,")]
#[case("ptrace", Code::AdapterSandbox, "system call ptrace,")]
#[case("io-uring", Code::AdapterSandbox, "system call io_uring_setup,")]
#[case("executable-mapping", Code::AdapterSandbox, "system call mmap,")]
#[case("setrlimit", Code::AdapterSandbox, "system call prlimit64,")]
#[case("signal-handler", Code::AdapterSandbox, "system call rt_sigaction,")]
#[case("seek-input", Code::AdapterSandbox, "system call lseek,")]
#[case("write-input", Code::AdapterSandbox, "system call write,")]
#[case("close-frames", Code::AdapterSandbox, "system call close,")]
#[case("garbage-frames", Code::AdapterProtocol, "no known kind")]
#[case("oversized-frame", Code::AdapterProtocol, "larger than allowed")]
#[case("torn-frame", Code::AdapterProtocol, "broke off within a frame")]
#[case("wrong-count", Code::AdapterProtocol, "does not hold as many records")]
#[case("bad-utf8", Code::AdapterProtocol, "could not be decoded")]
#[case("bad-code", Code::AdapterProtocol, "kebab-case")]
#[case("forged-final", Code::AdapterProtocol, "not the worker's")]
#[case("doubled-final", Code::AdapterProtocol, "follows the final one")]
#[case("false-progress", Code::AdapterProtocol, "cannot have read")]
#[case("stop-at-once", Code::AdapterStoppedEarly, "after 0 of 14 bytes")]
#[case("stop-in-the-middle", Code::AdapterStoppedEarly, "after 4 of 14 bytes")]
#[case("endless-output", Code::AdapterOutput, "more than the 10000 records")]
#[case("issue-flood", Code::AdapterOutput, "more than the 1000 issues")]
fn a_failing_adapter_is_told_by_its_own_fault_and_the_next_run_works(
    #[case] how: &str,
    #[case] code: Code,
    #[case] words: &str,
) {
    let options = options();
    if !confined(&options) {
        return;
    }
    let found = misbehaving(&options);
    let mut kept = Kept::default();
    let fault = behave(&options, &found, how, &mut kept).expect_err("it must not count");
    assert_eq!(fault.code(), code, "{fault}");
    let said = fault.to_string();
    assert!(said.contains(words), "{said}");
    assert!(
        !said.contains("Jane"),
        "a panic's words may be about a person: {said}"
    );
    works(&options, &found);
}

#[rstest]
#[case("endless-loop")]
#[case("sleep")]
#[case("log-flood-for-ever")]
fn a_silent_adapter_is_ended(#[case] how: &str) {
    let options = Options {
        silence: Duration::from_millis(700),
        ..options()
    };
    if !confined(&options) {
        return;
    }
    let found = misbehaving(&options);
    let began = Instant::now();
    let fault = behave(&options, &found, how, &mut Kept::default()).unwrap_err();
    assert_eq!(fault.code(), Code::AdapterStalled, "{fault}");
    assert!(began.elapsed() < Duration::from_secs(10));
    works(&options, &found);
}

#[test]
fn an_adapter_may_use_so_much_time_and_so_much_processor_time() {
    let options = Options {
        cpu: Duration::from_secs(1),
        ..options()
    };
    if !confined(&options) {
        return;
    }
    let found = misbehaving(&options);
    let fault = behave(&options, &found, "endless-loop", &mut Kept::default()).unwrap_err();
    assert!(
        matches!(
            fault,
            Fault::Timeout {
                processor: true,
                ..
            }
        ),
        "{fault}"
    );
    let options = Options {
        wall: Duration::from_secs(1),
        ..options
    };
    let fault = behave(&options, &found, "sleep", &mut Kept::default()).unwrap_err();
    assert!(
        matches!(
            fault,
            Fault::Timeout {
                processor: false,
                ..
            }
        ),
        "{fault}"
    );
    assert_eq!(fault.code(), Code::AdapterTimeout);
}

#[test]
fn a_log_is_kept_to_its_beginning_also_of_a_failing_run() {
    let options = options();
    if !confined(&options) {
        return;
    }
    let found = misbehaving(&options);
    let mut kept = Kept::default();
    let summary = behave(&options, &found, "log-flood", &mut kept).unwrap();
    assert_eq!(summary.log.len(), options.log_max);
    assert_eq!(summary.log, kept.log);
    behave(&options, &found, "memory-bomb", &mut kept).unwrap_err();
    assert!(kept.log.contains("memory allocation of"), "{}", kept.log);
}

#[test]
fn a_large_file_is_read_whole_and_in_order() {
    let options = Options {
        records_max: 1_000_000,
        ..options()
    };
    if !confined(&options) {
        return;
    }
    let lines: Vec<String> = (0..200_000).map(|line| format!("line {line}")).collect();
    let text = lines.join("\n");
    let mut kept = Kept::default();
    let never = AtomicBool::new(false);
    let length = text.len() as u64;
    let found = misbehaving(&options);
    let summary = run(
        &options,
        &found,
        "",
        file(text.as_bytes()),
        length,
        &mut kept,
        &never,
    )
    .unwrap();
    assert_eq!(summary.records, 200_000);
    assert_eq!(kept.titles, lines);
    assert!(kept.read > 1 << 20);
}

#[test]
fn a_run_can_be_cancelled_from_another_thread_and_by_its_sink() {
    let options = options();
    if !confined(&options) {
        return;
    }
    let found = misbehaving(&options);
    let cancel = AtomicBool::new(false);
    let fault = std::thread::scope(|scope| {
        let running = scope.spawn(|| {
            let mut kept = Kept::default();
            run(
                &options,
                &found,
                "how = \"sleep\"",
                file(FILE),
                14,
                &mut kept,
                &cancel,
            )
        });
        cancel.store(true, Ordering::Relaxed);
        running.join().unwrap().unwrap_err()
    });
    assert!(matches!(fault, Fault::Cancelled), "{fault}");
    assert_eq!(fault.code(), Code::ImportCancelled);
    let mut closed = Kept {
        most: Some(0),
        ..Kept::default()
    };
    let fault = behave(&options, &found, "endless-output", &mut closed).unwrap_err();
    assert!(
        matches!(fault, Fault::Cancelled | Fault::TooMuch { .. }),
        "{fault}"
    );
    works(&options, &found);
}

#[test]
fn an_adapter_that_is_not_there_is_named_with_where_was_looked() {
    let fault = find(&options(), "nobody").unwrap_err();
    assert_eq!(fault.code(), Code::AdapterNotFound);
    let said = fault.to_string();
    assert!(
        said.contains("\"nobody\"") && said.contains(built().to_str().unwrap()),
        "{said}"
    );
}

#[test]
fn adapters_are_listed_with_what_they_say_of_themselves() {
    let options = options();
    if !confined(&options) {
        return;
    }
    let found = list(&options);
    let descriptors: Vec<_> = found
        .iter()
        .filter_map(|found| found.descriptor.as_ref().ok())
        .collect();
    let ours = descriptors
        .iter()
        .find(|descriptor| descriptor.name == "misbehaving")
        .unwrap();
    assert_eq!(ours.formats, ["text/plain"]);
    assert_eq!(ours.abi, (1, 0));
    assert_eq!(ours.record_schema, schema::RECORD_SCHEMA);
    assert_eq!(ours.sdk_version, sdk::VERSION);
    assert!(ours.compiler.starts_with("rustc "), "{}", ours.compiler);
}

#[test]
fn with_a_sandbox_both_settings_load() {
    for sandbox in [Sandbox::Required, Sandbox::BestEffort] {
        let options = Options {
            sandbox,
            ..options()
        };
        if sandbox == Sandbox::BestEffort || confined(&options) {
            works(&options, &misbehaving(&options));
        }
    }
}

/// Children of this thread: workers are started by the thread that runs them.
fn children() -> String {
    std::fs::read_to_string("/proc/thread-self/children").unwrap_or_default()
}

#[test]
fn no_zombie_is_left() {
    let options = options();
    if !confined(&options) {
        return;
    }
    let found = misbehaving(&options);
    for how in [
        "good",
        "segfault",
        "garbage-frames",
        "endless-output",
        "exit",
        "open",
    ] {
        drop(behave(&options, &found, how, &mut Kept::default()));
        assert_eq!(children(), "", "{how}");
    }
}
