//! Adapters written in C against the published header: the boundary is not Rust's alone. They also do what
//! the macro of the Rust kit rules out.

use super::{Kept, behave, confined, options};
use registry::adapter::{Fault, Options, Summary, find};
use rstest::rstest;
use schema::Code;
use std::path::Path;
use std::process::Command;

/// One record whose subject's title is "from C", and an issue; then the rest of the file is read.
pub(super) const GOOD: &str = r#"
static const uint8_t RECORD[] = {0x0a, 0x0a, 0x22, 0x08, 0x1a, 0x06, 'f', 'r', 'o', 'm', ' ', 'C'};

static int32_t run(void *instance, const iqf_host *host) {
    uint8_t buffer[4096];
    int64_t count;
    iqf_position position = {.row = 2};
    (void)instance;
    while ((count = host->read(host->ctx, buffer, sizeof buffer)) > 0) {}
    if (count < 0) return IQF_CANCELLED;
    if (host->issue(host->ctx, IQF_WARNING, TEXT("odd"), TEXT("Something is odd."), &position)) return IQF_CANCELLED;
    return host->emit(host->ctx, RECORD, sizeof RECORD, 1);
}
"#;

/// What every adapter here has around its `run`.
pub(super) fn source(run: &str) -> String {
    let head = r#"
#include "adapter.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#define TEXT(text) ((iqf_text){(const uint8_t *)text, sizeof text - 1})
static int32_t create(const iqf_host *host, iqf_text config, void **instance) {
    (void)host; (void)config; *instance = NULL; return IQF_OK;
}
static void destroy(void *instance) { (void)instance; }
"#;
    let tail = r#"
#define CONSTANT(text) {(const uint8_t *)text, sizeof text - 1}
const iqf_adapter_descriptor iqf_adapter = {
    .magic = IQF_ADAPTER_MAGIC, .abi_major = IQF_ABI_MAJOR, .abi_minor = IQF_ABI_MINOR,
    .struct_size = sizeof(iqf_adapter_descriptor), .pointer_width = sizeof(void *),
    .big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, .record_schema = IQF_RECORD_SCHEMA,
    .name = CONSTANT("in-c"), .version = CONSTANT("1"), .formats = CONSTANT("text/plain"),
    .compiler = CONSTANT(__VERSION__), .create = create, .run = run, .destroy = destroy,
};
"#;
    format!("{head}{run}{tail}")
}

/// Builds the adapter and runs it over the small file.
pub(super) fn behaves(source: &str, kept: &mut Kept) -> Result<Summary, Fault> {
    let folder = tempfile::tempdir().unwrap();
    compile(folder.path(), source);
    let options = Options {
        directories: vec![folder.path().to_owned()],
        ..options()
    };
    let found = find(&options, "in-c")?;
    behave(&options, &found, "anything", kept)
}

pub(super) fn compile(folder: &Path, source: &str) {
    std::fs::write(folder.join("adapter.c"), source).unwrap();
    compile_with(folder, schema::ADAPTER_HEADER);
}

/// Builds the adapter that is in the folder against some version of the header.
pub(super) fn compile_with(folder: &Path, header: &str) {
    std::fs::write(folder.join("adapter.h"), header).unwrap();
    let built = Command::new("cc")
        .args([
            "-std=gnu11",
            "-Wall",
            "-Wextra",
            "-Wno-unused-parameter",
            "-shared",
            "-fPIC",
            "-o",
        ])
        .args([
            &folder.join("libadapter_in_c.so"),
            &folder.join("adapter.c"),
        ])
        .status()
        .unwrap();
    assert!(built.success());
}

#[test]
fn an_adapter_in_c_works() {
    if !confined(&options()) {
        return;
    }
    let mut kept = Kept::default();
    let summary = behaves(&source(GOOD), &mut kept).unwrap();
    assert_eq!(kept.titles, ["from C"]);
    assert_eq!(kept.codes, ["odd"]);
    assert_eq!((summary.records, summary.issues), (1, 1));
}

#[rstest]
#[case::bad_utf8(
    r#"return host->issue(host->ctx, IQF_ERROR, TEXT("odd"), TEXT("\xff\xfe"), NULL);"#,
    Code::AdapterProtocol,
    "not UTF-8"
)]
#[case::no_reason("return IQF_STOPPED;", Code::AdapterProtocol, "without saying why")]
#[case::two_reasons(
    r#"host->stop(host->ctx, TEXT("a"), TEXT(""), NULL); host->stop(host->ctx, TEXT("a"), TEXT(""), NULL); return 1;"#,
    Code::AdapterProtocol,
    "stop twice"
)]
#[case::wrong_severity(
    r#"return host->issue(host->ctx, 9, TEXT("odd"), TEXT(""), NULL);"#,
    Code::AdapterProtocol,
    "neither warning nor error"
)]
#[case::count_lies(
    r#"return host->emit(host->ctx, (const uint8_t *)"\x0a\x00", 2, 7);"#,
    Code::AdapterProtocol,
    "does not hold as many records"
)]
#[case::batch_too_large(
    "size_t size = 32u << 20; return host->emit(host->ctx, calloc(1, size), size, 1);",
    Code::AdapterOutput,
    "bytes in one batch"
)]
#[case::record_too_large(
    "size_t size = 2u << 20; uint8_t *bytes = calloc(1, size); bytes[0] = 0x0a;
     bytes[1] = 0xfc; bytes[2] = 0xff; bytes[3] = 0x7f; return host->emit(host->ctx, bytes, size, 1);",
    Code::AdapterOutput,
    "more than the 1048576 bytes in one record"
)]
#[case::null_pointer(
    "return host->emit(host->ctx, (const uint8_t *)8, 100, 1);",
    Code::AdapterProtocol,
    "within a frame"
)]
fn an_adapter_in_c_that_misuses_the_table_is_told_how(
    #[case] body: &str,
    #[case] code: Code,
    #[case] words: &str,
) {
    if !confined(&options()) {
        return;
    }
    let run = format!(
        "static int32_t run(void *instance, const iqf_host *host) {{ (void)instance; {body} }}"
    );
    let fault = behaves(&source(&run), &mut Kept::default()).unwrap_err();
    assert_eq!(fault.code(), code, "{fault}");
    assert!(fault.to_string().contains(words), "{fault}");
}

/// What the header says of a run that must end holds too where the adapter itself did something wrong.
#[test]
fn after_a_wrong_call_the_table_takes_nothing_more() {
    if !confined(&options()) {
        return;
    }
    let run = r#"
static const uint8_t RECORD[] = {0x0a, 0x0a, 0x22, 0x08, 0x1a, 0x06, 'f', 'r', 'o', 'm', ' ', 'C'};
static int32_t run(void *instance, const iqf_host *host) {
    uint8_t byte;
    (void)instance;
    host->issue(host->ctx, IQF_ERROR, TEXT("odd"), TEXT("\xff\xfe"), NULL);
    if (!host->cancelled(host->ctx)) abort();
    if (host->read(host->ctx, &byte, 1) >= 0) abort();
    if (host->emit(host->ctx, RECORD, sizeof RECORD, 1) != IQF_CANCELLED) abort();
    if (host->issue(host->ctx, IQF_WARNING, TEXT("odd"), TEXT(""), NULL) != IQF_CANCELLED) abort();
    return IQF_CANCELLED;
}
"#;
    let mut kept = Kept::default();
    let fault = behaves(&source(run), &mut kept).unwrap_err();
    assert!(fault.to_string().contains("not UTF-8"), "{fault}");
    assert!(kept.titles.is_empty() && kept.codes.is_empty());
}

/// A batch of very many records of two bytes each, of which each is hundreds once it is decoded.
#[test]
fn a_batch_of_very_many_records_comes_in_pieces() {
    const COUNT: usize = 3_000_000;
    /// Keeps nothing.
    struct Counting(Vec<u32>);
    impl registry::adapter::Sink for Counting {
        fn batch(
            &mut self,
            bytes: Vec<u8>,
            count: u32,
        ) -> Result<(), registry::adapter::SinkClosed> {
            assert_eq!(bytes.len(), 2 * count as usize);
            self.0.push(count);
            Ok(())
        }

        fn issue(&mut self, _: sdk::Issue) -> Result<(), registry::adapter::SinkClosed> {
            Ok(())
        }

        fn progress(&mut self, _: u64) {}
    }
    if !confined(&options()) {
        return;
    }
    let run = format!(
        "static int32_t run(void *instance, const iqf_host *host) {{
            static uint8_t bytes[2 * {COUNT}];
            uint8_t buffer[64];
            for (size_t i = 0; i < sizeof bytes; i += 2) bytes[i] = 0x0a;
            while (host->read(host->ctx, buffer, sizeof buffer) > 0) {{}}
            return host->emit(host->ctx, bytes, sizeof bytes, {COUNT});
        }}"
    );
    let folder = tempfile::tempdir().unwrap();
    compile(folder.path(), &source(&run));
    let options = Options {
        directories: vec![folder.path().to_owned()],
        records_max: u64::MAX,
        ..options()
    };
    let found = find(&options, "in-c").unwrap();
    let mut sink = Counting(Vec::new());
    let never = std::sync::atomic::AtomicBool::new(false);
    let file = super::file(super::FILE);
    registry::adapter::run(&options, &found, "", file, 14, &mut sink, &never).unwrap();
    assert_eq!(sink.0.iter().sum::<u32>() as usize, COUNT);
    assert!(sink.0.iter().all(|count| *count <= 4096));
}

/// Hands over libraries that fail before anybody has asked them anything.
pub(super) fn broken_libraries(look: &mut dyn FnMut(&Options, &str)) {
    for (what, source) in [
        ("a constructor's crash", constructor("abort();")),
        ("a constructor's exit", constructor("_Exit(0);")),
        ("a constructor's hang", constructor("for (;;) {}")),
        ("a constructor's forgery", constructor(FORGES)),
        (
            "a missing symbol",
            "const char mention[] = \"iqf_adapter\";".to_owned(),
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        compile(folder.path(), &source);
        let options = Options {
            directories: vec![folder.path().to_owned()],
            silence: std::time::Duration::from_millis(500),
            ..options()
        };
        look(&options, what);
    }
}

/// Says that it is the adapter `in-c`, as the worker would.
const FORGES: &str = r#"write(1, "\x06\x06\0\0\0\0\0\0\0\x0a\x04in-c", 15);"#;

#[rstest]
#[case::forgery(FORGES, Code::AdapterProtocol, "the descriptor came twice")]
#[case::thread("syscall(SYS_clone3, 0, 0);", Code::AdapterSandbox, "clone3")]
#[case::executing(
    "execl(\"/bin/true\", \"true\", NULL);",
    Code::AdapterSandbox,
    "execve"
)]
#[case::writing("write(0, \"x\", 1);", Code::AdapterSandbox, "write")]
#[case::memory(
    "for (;;) { char *block = malloc(1 << 20); for (int i = 0; i < 1 << 20; i += 4096) block[i] = 1; }",
    Code::AdapterCrashed,
    "SIGSEGV"
)]
#[case::network("socket(AF_INET, SOCK_STREAM, 0);", Code::AdapterSandbox, "socket")]
#[case::crash("abort();", Code::AdapterCrashed, "SIGABRT")]
#[case::exit("_Exit(0);", Code::AdapterExited, "exit code 0")]
#[case::hang("for (;;) {}", Code::AdapterStalled, "silent")]
fn a_constructor_is_confined_too(#[case] body: &str, #[case] code: Code, #[case] words: &str) {
    if !confined(&options()) {
        return;
    }
    let source = constructor(body);
    let folder = tempfile::tempdir().unwrap();
    compile(folder.path(), &source);
    let options = Options {
        directories: vec![folder.path().to_owned()],
        silence: std::time::Duration::from_secs(if matches!(code, Code::AdapterStalled) {
            1
        } else {
            60
        }),
        ..options()
    };
    let fault = find(&options, "in-c").unwrap_err();
    assert_eq!(fault.code(), code, "{fault}");
    assert!(fault.to_string().contains(words), "{fault}");
}

#[test]
fn a_constructor_cannot_open_a_file() {
    if !confined(&options()) {
        return;
    }
    let source = constructor("if (open(\"/etc/passwd\", O_RDONLY) >= 0) _Exit(9);");
    behaves(&source, &mut Kept::default()).unwrap();
}

/// A good adapter with a constructor.
pub(super) fn constructor(body: &str) -> String {
    let constructor =
        format!("__attribute__((constructor)) static void early(void) {{ {body} }}\n{GOOD}");
    source(&constructor)
}

#[test]
fn a_symbol_that_nobody_has_is_told_when_loading() {
    if !confined(&options()) {
        return;
    }
    let run = "extern int32_t nobody_has_this(void);
        static int32_t run(void *instance, const iqf_host *host) {
            (void)instance; (void)host; return nobody_has_this();
        }";
    let fault = behaves(&source(run), &mut Kept::default()).unwrap_err();
    assert_eq!(fault.code(), Code::AdapterUnloadable, "{fault}");
    assert!(fault.to_string().contains("nobody_has_this"), "{fault}");
}

#[test]
fn a_library_that_only_mentions_the_symbol_is_told_when_loading() {
    if !confined(&options()) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    compile(folder.path(), "const char mention[] = \"iqf_adapter\";");
    let options = Options {
        directories: vec![folder.path().to_owned()],
        ..options()
    };
    let fault = find(&options, "in-c").unwrap_err();
    assert_eq!(fault.code(), Code::AdapterUnloadable, "{fault}");
    assert!(fault.to_string().contains("iqf_adapter"), "{fault}");
}
