//! The real adapters, loaded into this process as a host without any sandbox would load them, and run by the
//! worker: both give the same records and issues, byte for byte.

#![expect(
    unsafe_code,
    reason = "plays the host of a C boundary, as the worker does"
)]

use super::{confined, options};
use crate::support::{Row, csv, learning_events, uln};
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use registry::adapter::{Options, Sink, SinkClosed, find, run};
use rstest::rstest;
use sdk::abi::{self, Descriptor, Host, Place, Text};
use sha2::{Digest, Sha256};
use std::ffi::c_void;
use std::io::Write;
use std::sync::atomic::AtomicBool;

/// The checksum of what an adapter said: its records' bytes, and its issues in order.
#[derive(Default)]
struct Sum {
    input: std::io::Cursor<Vec<u8>>,
    records: Sha256,
    count: u64,
    issues: Sha256,
    stop: String,
}

/// Checksums of records and issues, the number of records, and the code of a stop.
type Told = (String, String, u64, String);

impl Sum {
    fn told(self) -> Told {
        let hex = |hash: Sha256| {
            hash.finalize()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect()
        };
        (hex(self.records), hex(self.issues), self.count, self.stop)
    }

    fn batch(&mut self, bytes: &[u8], count: u32) {
        self.records.update(bytes);
        self.count += u64::from(count);
    }

    fn issue(&mut self, error: bool, texts: [&str; 3], place: (u64, u32, u64)) {
        writeln!(self.issues, "{error} {texts:?} {place:?}").unwrap();
    }
}

impl Sink for Sum {
    fn batch(&mut self, bytes: Vec<u8>, count: u32) -> Result<(), SinkClosed> {
        Self::batch(self, &bytes, count);
        Ok(())
    }

    fn issue(&mut self, issue: sdk::Issue) -> Result<(), SinkClosed> {
        let at = &issue.position;
        let place = (at.row, at.column, at.offset_plus_one);
        let error = issue.severity == sdk::Severity::Error;
        Self::issue(self, error, [&issue.code, &issue.message, &at.path], place);
        Ok(())
    }

    fn progress(&mut self, _: u64) {}
}

unsafe fn sum<'a>(ctx: *mut c_void) -> &'a mut Sum {
    // SAFETY: `inside` puts its own value there, and one function runs at a time.
    unsafe { &mut *ctx.cast() }
}

fn text<'a>(text: Text) -> &'a str {
    // SAFETY: only called with texts that live through the call in which they are looked at.
    std::str::from_utf8(unsafe { text.bytes() }).unwrap()
}

unsafe extern "C" fn read(ctx: *mut c_void, buffer: *mut u8, len: usize) -> i64 {
    // SAFETY: the kit hands over a buffer of that length.
    let (it, buffer) = unsafe { (sum(ctx), std::slice::from_raw_parts_mut(buffer, len)) };
    let count = std::io::Read::read(&mut it.input, buffer).unwrap();
    i64::try_from(count).unwrap()
}

unsafe extern "C" fn emit(ctx: *mut c_void, data: *const u8, len: usize, count: u32) -> i32 {
    // SAFETY: the kit hands over so many bytes.
    unsafe { sum(ctx).batch(Text { data, len }.bytes(), count) };
    abi::OK
}

unsafe extern "C" fn issue(
    ctx: *mut c_void,
    severity: u32,
    code: Text,
    message: Text,
    position: *const Place,
) -> i32 {
    // SAFETY: the kit hands over a position.
    let (it, at) = unsafe { (sum(ctx), &*position) };
    let texts = [text(code), text(message), text(at.path)];
    it.issue(
        severity == abi::ERROR,
        texts,
        (at.row, at.column, at.offset_plus_one),
    );
    abi::OK
}

unsafe extern "C" fn cancelled(_: *mut c_void) -> i32 {
    0
}

unsafe extern "C" fn stop(ctx: *mut c_void, code: Text, _: Text, _: *const Place) {
    // SAFETY: as above.
    text(code).clone_into(unsafe { &mut sum(ctx).stop });
}

/// Loads the library into this process and runs it.
fn inside(path: &std::path::Path, batch_size: u32, config: &str, file: &[u8]) -> Told {
    let mut it = Sum {
        input: std::io::Cursor::new(file.to_vec()),
        ..Sum::default()
    };
    let host = Host {
        abi_major: abi::ABI_MAJOR,
        abi_minor: abi::ABI_MINOR,
        struct_size: u32::try_from(size_of::<Host>()).unwrap(),
        batch_size,
        ctx: (&raw mut it).cast(),
        read,
        emit,
        issue,
        cancelled,
        stop,
    };
    // SAFETY: our own adapters; `RTLD_LOCAL` keeps their symbols of one name apart, and they are never unloaded.
    // The calls are those of the header, in its order, with a table and texts that outlive them.
    unsafe {
        let library = Library::open(Some(path), RTLD_NOW | RTLD_LOCAL).unwrap();
        let adapter = &**library.get::<*const Descriptor>(b"iqf_adapter\0").unwrap();
        std::mem::forget(library);
        let mut instance = std::ptr::null_mut();
        if (adapter.create)(&host, Text::of(config), &mut instance) == abi::OK {
            (adapter.run)(instance, &host);
            (adapter.destroy)(instance);
        }
    }
    it.told()
}

/// Many rows, some of them odd.
fn table() -> Vec<u8> {
    let rows: Vec<Row> = (0..3000)
        .map(|number| {
            let row = Row::award(number, &format!("R-{number}"));
            match number % 7 {
                3 => row.with("awarded_on", "the day before yesterday"),
                5 => row.with("professional_status", "QTS"),
                _ => row.with("notes", "kept, \"quoted\"\nand broken"),
            }
        })
        .collect();
    csv(&rows)
}

fn events() -> Vec<u8> {
    let day = "2014-06-27";
    let events: Vec<(String, String)> = (0..3000)
        .map(|number| (number.to_string(), format!("R{number:09}")))
        .collect();
    let events: Vec<_> = events
        .iter()
        .map(|(id, code)| (id.as_str(), code.as_str(), day, "Pass"))
        .collect();
    learning_events(&uln(1), &events)
}

const MAPPED: &[u8] = include_bytes!("../fixtures/csv/mapped-body.csv");
const MAPPING: &str = include_str!("../fixtures/csv/mapped-body.toml");
const BATCH: &[u8] = include_bytes!("../fixtures/lrs/achievement-batch.xml");

#[rstest]
#[case::csv("csv", "", table(), 3000 - 3000 / 7)]
#[case::csv_mapped("csv", MAPPING, MAPPED.to_vec(), 1)]
#[case::csv_refused("csv", "nonsense = 1", table(), 0)]
#[case::lrs("lrs", "", events(), 3000)]
#[case::lrs_batch("lrs", "", BATCH.to_vec(), 1)]
#[case::lrs_refused("lrs", "", b"<html/>".to_vec(), 0)]
fn a_real_adapter_says_the_same_inside_and_in_the_worker(
    #[case] name: &str,
    #[case] config: &str,
    #[case] file: Vec<u8>,
    #[case] at_least: u64,
) {
    let options = Options {
        records_max: 1_000_000,
        ..options()
    };
    if !confined(&options) {
        return;
    }
    let found = find(&options, name).unwrap();
    let mut sum = Sum::default();
    let never = AtomicBool::new(false);
    let (input, length) = (super::file(&file), file.len() as u64);
    match run(&options, &found, config, input, length, &mut sum, &never) {
        Ok(summary) => assert_eq!(summary.records, sum.count),
        Err(registry::adapter::Fault::Refused { code, .. }) => sum.stop = code,
        Err(fault) => panic!("{fault}"),
    }
    let in_the_worker = sum.told();
    assert!(in_the_worker.2 >= at_least, "{in_the_worker:?}");
    assert_eq!(
        at_least == 0,
        !in_the_worker.3.is_empty(),
        "{in_the_worker:?}"
    );
    assert_eq!(
        inside(&found.path, options.batch_size, config, &file),
        in_the_worker
    );
}
