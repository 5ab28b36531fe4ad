//! The conformance kit: every adapter of the project keeps to everything with its own fixtures, and each way to
//! misbehave is told by the check that it belongs to.

use super::handshake::patched;
use super::{confined, options};
use registry::adapter::check::{Asked, Line, Sample, Verdict, run};
use registry::adapter::{Options, ask};
use rstest::rstest;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

/// What the misbehaving adapter reads.
const LINES: &str = "First title\nSecond title\nThird title\n";

struct Checked(Vec<Line>);

impl Checked {
    fn failed(&self) -> Vec<&str> {
        self.with(Verdict::Failed)
    }

    fn with(&self, result: Verdict) -> Vec<&str> {
        let lines = self.0.iter().filter(|line| line.result == result);
        lines.map(|line| line.check).collect()
    }

    fn said(&self, check: &str) -> &str {
        let line = self.0.iter().find(|line| line.check == check);
        line.map_or("", |line| line.message.as_str())
    }
}

fn check(options: &Options, library: &Path, table: &str, samples: &[(&str, &[u8])]) -> Checked {
    let found = ask(options, library);
    let sample = |(name, bytes): &(&str, &[u8])| Sample {
        name: (*name).to_owned(),
        bytes: bytes.to_vec(),
    };
    let asked = Asked {
        options: table.to_owned(),
        samples: samples.iter().map(sample).collect(),
        time: Duration::from_millis(500),
        huge: 4 << 20,
        seed: 1,
        keep: None,
        today: chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
        progress: Rc::new(|_, _, _| {}),
    };
    Checked(run(options, found.as_ref(), &asked).unwrap())
}

fn misbehaving(options: &Options, how: &str) -> Checked {
    let library = super::built().join("libadapter_misbehaving.so");
    let table = format!("how = \"{how}\"\n");
    check(options, &library, &table, &[("lines", LINES.as_bytes())])
}

#[test]
fn a_good_adapter_passes_everything_and_its_issues_are_skipped_where_it_has_none() {
    let options = options();
    if !confined(&options) {
        return;
    }
    let checked = misbehaving(&options, "good");
    assert_eq!(checked.failed(), [""; 0], "{:#?}", checked.0);
    assert_eq!(checked.with(Verdict::Skipped), ["issues"]);
    assert_eq!(checked.said("reads"), "samples: 1, records: 3, issues: 0");
    assert!(checked.said("truncated").contains("of 37 places"));
    assert!(checked.said("huge").contains("4 MiB made of lines"));
    assert!(checked.said("cancellation").contains("ended by itself"));
}

/// How it misbehaves, the one check that fails, and words that tell of it.
const WAYS: &[(&str, &str, &str)] = &[
    ("panic-in-create", "options", "panicked at"),
    ("refuse-in-create", "options", "A key is not known."),
    ("takes-any-key", "options", "a key that it cannot know"),
    (
        "refuses-what-the-registry-adds",
        "options",
        "the table import",
    ),
    ("refuse", "reads", "The file has no heading."),
    ("nothing-at-all", "reads", "No record came"),
    ("panic-in-run", "crash", "panicked at"),
    ("panic-in-drop", "options", "panicked at"),
    ("segfault", "crash", "SIGSEGV"),
    ("stack-overflow", "crash", "SIGSEGV"),
    ("abort", "crash", "SIGABRT"),
    ("exit", "crash", "exit code 0"),
    ("exit-with-three", "crash", "exit code 3"),
    ("open", "sandbox", "openat"),
    ("connect", "sandbox", "socket"),
    ("thread", "sandbox", "system call"),
    ("executable-mapping", "sandbox", "mmap"),
    ("garbage-frames", "protocol", "no known kind"),
    ("bad-utf8", "protocol", "decoded"),
    ("bad-code", "protocol", "kebab-case"),
    ("forged-final", "protocol", "not the worker's"),
    ("endless-loop", "time", "silent"),
    ("sleep", "time", "silent"),
    ("memory-bomb", "memory", "more memory than"),
    ("endless-output", "bounds", "10000 records"),
    ("issue-flood", "bounds", "1000 issues"),
    ("stop-at-once", "whole-file", "after 0 of"),
    ("stop-in-the-middle", "whole-file", "after 12 of"),
    (
        "different-each-time",
        "determinism",
        "others than in the first run",
    ),
    ("one-read-is-a-line", "pieces", "1 bytes at a time"),
    ("panics-in-half-a-line", "truncated", "panicked at"),
    ("loops-in-half-a-line", "truncated", "silent"),
    ("panics-without-a-line", "empty", "panicked at"),
    ("hands-over-for-an-empty-file", "empty", "1 records came"),
    ("panics-at-odd-bytes", "hostile", "panicked at"),
    ("keeps-everything", "huge", "more memory than"),
    ("does-not-end", "cancellation", "was killed"),
    ("no-position", "positions", "do not say where"),
    ("issue-without-position", "issues", "do not say where: odd."),
    ("issue-without-words", "issues", "no words: odd."),
    ("only-rejected", "records", "0 of 3 records"),
    ("refuses-without-words", "reads", "refused"),
];

/// In four parts, so that they run side by side.
#[rstest]
fn each_way_to_misbehave_fails_its_own_check(#[values(0, 1, 2, 3)] part: usize) {
    let options = Options {
        silence: Duration::from_secs(3),
        ..options()
    };
    if !confined(&options) {
        return;
    }
    for (how, check, words) in WAYS.iter().skip(part).step_by(4) {
        let checked = misbehaving(&options, how);
        // What fails at whole lines fails at half a line too, and the other way round.
        assert!(checked.failed().contains(check), "{how}: {:#?}", checked.0);
        assert!(
            checked.said(check).contains(words),
            "{how}: {:#?}",
            checked.0
        );
        let line = checked.0.iter().find(|line| line.check == *check).unwrap();
        assert!(
            line.advice.as_ref().is_some_and(|advice| advice.len() > 20),
            "{how}"
        );
    }
}

#[rstest]
#[case::newer_major(8, &2_u32.to_le_bytes(), "abi_major")]
#[case::record_schema(24, &7_u32.to_le_bytes(), "record_schema")]
fn a_library_that_does_not_fit_is_told_and_nothing_else_is_checked(
    #[case] offset: usize,
    #[case] bytes: &[u8],
    #[case] field: &str,
) {
    let options = options();
    if !confined(&options) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let library = folder.path().join("libadapter_other.so");
    std::fs::write(&library, patched(offset, bytes)).unwrap();
    let checked = check(&options, &library, "", &[]);
    assert_eq!(checked.failed(), ["handshake"]);
    assert!(checked.said("handshake").contains(field));
    assert_eq!(checked.with(Verdict::Passed), [""; 0]);
}

#[test]
fn a_file_that_is_no_adapter_is_told_what_to_export() {
    let options = options();
    let folder = tempfile::tempdir().unwrap();
    let library = folder.path().join("libother.so");
    std::fs::write(&library, b"\x7fELF").unwrap();
    let checked = check(&options, &library, "", &[]);
    assert_eq!(checked.failed(), ["handshake"]);
    assert!(checked.said("handshake").contains("iqf_adapter"));
}

#[test]
fn without_a_sample_it_is_said_what_was_not_checked() {
    let options = options();
    if !confined(&options) {
        return;
    }
    let library = super::built().join("libadapter_misbehaving.so");
    let checked = check(&options, &library, "", &[]);
    assert_eq!(checked.failed(), [""; 0], "{:#?}", checked.0);
    let skipped = [
        "reads",
        "determinism",
        "pieces",
        "truncated",
        "huge",
        "cancellation",
        "issues",
        "records",
    ];
    let all = checked.with(Verdict::Skipped);
    assert!(skipped.iter().all(|check| all.contains(check)), "{all:?}");
}

fn file(path: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

#[rstest]
#[case::csv("csv", "", &["registry/demo/awarding-body.csv"])]
#[case::csv_mapped("csv", "tests/fixtures/csv/mapped-body.toml", &["tests/fixtures/csv/mapped-body.csv"])]
#[case::lrs("lrs", "", &["tests/fixtures/lrs/achievement-batch.xml", "registry/demo/learning-events.xml"])]
#[case::elmo("elmo", "", &["adapters/elmo/fixtures/transcript.xml", "adapters/elmo/fixtures/old-dialect.xml"])]
#[case::open_badges("open-badges", "", &["registry/proof/tests/fixtures/body-badge.json",
    "registry/proof/tests/fixtures/badge-es256.jwt", "registry/proof/tests/fixtures/baked.png",
    "registry/proof/tests/fixtures/baked.svg"])]
#[case::template("template", "", &["adapters/template/sample.txt"])]
#[case::clr("clr", "", &["registry/proof/tests/fixtures/clr.json", "registry/proof/tests/fixtures/clr-with-token.json"])]
fn every_adapter_of_ours_passes_with_its_own_files(
    #[case] name: &str,
    #[case] table: &str,
    #[case] samples: &[&str],
) {
    let options = Options {
        records_max: 1_000_000,
        issues_max: 100_000,
        ..options()
    };
    if !confined(&options) {
        return;
    }
    let library = super::built().join(format!("libadapter_{}.so", name.replace('-', "_")));
    let table = match table {
        "" => String::new(),
        path => String::from_utf8(file(path)).unwrap(),
    };
    let files: Vec<(&str, Vec<u8>)> = samples.iter().map(|path| (*path, file(path))).collect();
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (*name, &bytes[..]))
        .collect();
    let checked = check(&options, &library, &table, &files);
    assert_eq!(checked.failed(), [""; 0], "{:#?}", checked.0);
    println!("{name}: {:#?}", checked.0);
}
