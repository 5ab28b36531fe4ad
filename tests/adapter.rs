//! The adapter boundary: each way in which an adapter can fail has its own fault and code, and a good run
//! after it works as if nothing had happened.
//!
//! `matrix`: the ways to fail. `c`, `handshake`: libraries as such. `sandbox`: machines that cannot confine.
//! `cancel`: ends from outside. `alone`: what must not be left. `imports`: the same through a registry, ten at
//! once. `versions`: older and newer records. `inside`: the same checksums without a worker. `memory`: large
//! files. The decoder's own tests are in `schema/tests/decoder`, those of hostile frames beside the host.
//!
//! What cannot be tested here: a library of an *older* minor number, since ours is the first (0), and a smaller
//! struct than the first minor's is refused; a machine of the other byte order or pointer width, of which
//! only the descriptor's word for it is changed; and an adapter that looks in its own process's memory for
//! the words by which the host knows the worker: it could pass its work off as complete, which its author
//! could also do by reading the file and handing over less.

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
use schema::wire::{ResultBatch, ResultRecord};
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

mod alone;
mod c;
mod cancel;
mod check;
mod handshake;
mod imports;
mod inside;
mod matrix;
mod memory;
mod sandbox;
mod versions;

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
    records: Vec<ResultRecord>,
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
        let subjects = batch.records.iter().map(|record| record.subject.clone());
        self.titles.extend(subjects.map(|it| it.unwrap().title));
        self.records.extend(batch.records);
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
fn output_is_bounded_in_bytes_too() {
    let options = Options {
        records_max: u64::MAX,
        output_max: 1 << 20,
        ..options()
    };
    if !confined(&options) {
        return;
    }
    let found = misbehaving(&options);
    let fault = behave(&options, &found, "endless-output", &mut Kept::default()).unwrap_err();
    assert_eq!(fault.code(), Code::AdapterOutput, "{fault}");
    assert!(
        fault.to_string().contains("more than the 1048576 bytes"),
        "{fault}"
    );
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
