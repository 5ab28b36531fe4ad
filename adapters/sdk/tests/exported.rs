//! The exported functions, called as a host calls them but in this process: what a run, a stop and a panic
//! are to the host.

#![expect(
    unsafe_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "plays the host of a C boundary; a test fails by panicking"
)]

use prost::Message;
use sdk::abi::{self, Descriptor, Host, Place, Text};
use sdk::{Adapter, Input, Issue, Output, Position, ResultBatch, ResultRecord, Stop};
use std::ffi::c_void;
use std::io::{BufRead, Read};

struct Lines(String);

impl Adapter for Lines {
    const NAME: &'static str = "lines";
    const VERSION: &'static str = "1.2.3";
    const FORMATS: &'static str = "text/plain";

    fn new(config: &str) -> Result<Self, Stop> {
        if config == "panic" {
            panic!("Jane Smith");
        }
        Ok(Self(config.to_owned()))
    }

    fn run(&mut self, input: &mut Input<'_>, output: &mut Output<'_>) -> Result<(), Stop> {
        match self.0.as_str() {
            "panic-in-run" => panic!("Jane Smith"),
            "refuse" => return Err(Stop::new("bad", "Bad.").at(Position::cell(3, 4))),
            _ => {}
        }
        let mut line = String::new();
        while input.read_line(&mut line)? > 0 {
            let grade = line.trim_end().to_owned();
            output.record(&ResultRecord {
                grade,
                ..ResultRecord::default()
            })?;
            if self.0 == "early" {
                return Ok(());
            }
            line.clear();
        }
        output.issue(&Issue::warning("odd", "Odd.", Position::path("/a")))
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        if self.0 == "panic-in-drop" {
            panic!("Jane Smith");
        }
    }
}

static DESCRIPTOR: Descriptor = Descriptor::of::<Lines>();

/// What a host hears.
#[derive(Default)]
struct Heard {
    input: std::collections::VecDeque<u8>,
    batches: Vec<Vec<ResultRecord>>,
    issues: Vec<(u32, String, String)>,
    stop: Option<(String, String, u64, u64)>,
    /// What the host's functions return.
    answer: i32,
}

unsafe fn heard<'a>(ctx: *mut c_void) -> &'a mut Heard {
    // SAFETY: `host` puts the test's own value there, and one function runs at a time.
    unsafe { &mut *ctx.cast() }
}

fn owned(text: Text) -> String {
    // SAFETY: only called with texts that live through the call.
    String::from_utf8(unsafe { text.bytes() }.to_vec()).unwrap()
}

unsafe extern "C" fn read(ctx: *mut c_void, buffer: *mut u8, len: usize) -> i64 {
    // SAFETY: the kit hands over a buffer of that length.
    let (it, buffer) = unsafe { (heard(ctx), std::slice::from_raw_parts_mut(buffer, len)) };
    i64::try_from(it.input.read(buffer).unwrap()).unwrap()
}

unsafe extern "C" fn emit(ctx: *mut c_void, data: *const u8, len: usize, count: u32) -> i32 {
    // SAFETY: the kit hands over so many bytes.
    let (it, bytes) = unsafe { (heard(ctx), Text { data, len }.bytes()) };
    let records = ResultBatch::decode(bytes).unwrap().records;
    assert_eq!(records.len(), count as usize);
    it.batches.push(records);
    it.answer
}

unsafe extern "C" fn issue(
    ctx: *mut c_void,
    severity: u32,
    code: Text,
    _message: Text,
    position: *const Place,
) -> i32 {
    // SAFETY: the kit hands over a position.
    let (it, path) = unsafe { (heard(ctx), (*position).path) };
    it.issues.push((severity, owned(code), owned(path)));
    it.answer
}

unsafe extern "C" fn cancelled(_ctx: *mut c_void) -> i32 {
    0
}

unsafe extern "C" fn stop(ctx: *mut c_void, code: Text, message: Text, position: *const Place) {
    // SAFETY: as above.
    let (it, place) = unsafe { (heard(ctx), &*position) };
    let place = (place.row, place.offset_plus_one);
    it.stop = Some((owned(code), owned(message), place.0, place.1));
}

/// Creates, runs and destroys; the answers of the first two.
fn drive(config: &str, it: &mut Heard) -> (i32, Option<i32>) {
    let host = Host {
        abi_major: abi::ABI_MAJOR,
        abi_minor: abi::ABI_MINOR,
        struct_size: u32::try_from(size_of::<Host>()).unwrap(),
        batch_size: 4,
        ctx: (&raw mut *it).cast(),
        read,
        emit,
        issue,
        cancelled,
        stop,
    };
    let mut instance = std::ptr::null_mut();
    // SAFETY: the calls of the header, in its order, with a table and texts that outlive them.
    unsafe {
        let created = (DESCRIPTOR.create)(&host, Text::of(config), &mut instance);
        if created != abi::OK {
            return (created, None);
        }
        let ran = (DESCRIPTOR.run)(instance, &host);
        (DESCRIPTOR.destroy)(instance);
        (created, Some(ran))
    }
}

fn over(input: &str) -> Heard {
    Heard {
        input: input.bytes().collect(),
        ..Heard::default()
    }
}

#[test]
fn a_run_hands_over_records_and_issues() {
    let mut it = over("one\ntwo\n");
    assert_eq!(drive("", &mut it), (abi::OK, Some(abi::OK)));
    let grades: Vec<_> = it
        .batches
        .iter()
        .flatten()
        .map(|record| record.grade.as_str())
        .collect();
    assert_eq!(grades, ["one", "two"]);
    assert_eq!(
        it.issues,
        [(abi::WARNING, "odd".to_owned(), "/a".to_owned())]
    );
    assert_eq!(it.stop, None);
}

#[test]
fn a_panic_is_told_by_its_place_alone_wherever_it_happens() {
    let told = |config, answers| {
        let mut it = over("one\n");
        assert_eq!(drive(config, &mut it), answers);
        let (code, message, ..) = it.stop.unwrap();
        assert_eq!(code, abi::PANIC_CODE);
        assert!(
            message.contains("exported.rs:") && !message.contains("Jane"),
            "{message}"
        );
    };
    told("panic", (abi::PANICKED, None));
    told("panic-in-run", (abi::OK, Some(abi::PANICKED)));
    told("panic-in-drop", (abi::OK, Some(abi::OK)));
}

#[test]
fn a_stop_is_told_with_its_place() {
    let mut it = over("one\n");
    assert_eq!(drive("refuse", &mut it), (abi::OK, Some(abi::STOPPED)));
    assert_eq!(it.stop, Some(("bad".to_owned(), "Bad.".to_owned(), 3, 0)));
}

#[test]
fn a_host_that_takes_no_more_ends_the_run_without_a_stop() {
    let mut it = Heard {
        answer: abi::CANCELLED,
        ..over("one\ntwo\n")
    };
    assert_eq!(drive("", &mut it), (abi::OK, Some(abi::CANCELLED)));
    assert_eq!((it.batches.len(), it.stop), (1, None));
}

#[test]
fn an_adapter_that_is_content_too_early_is_told_with_how_far_it_came() {
    let mut it = over("one\ntwo\n");
    assert_eq!(drive("early", &mut it), (abi::OK, Some(abi::STOPPED)));
    let (code, _, _, offset_plus_one) = it.stop.unwrap();
    assert_eq!(
        (code.as_str(), offset_plus_one),
        (abi::STOPPED_EARLY_CODE, 5)
    );
    let mut it = over("one\n \r\n");
    assert_eq!(drive("early", &mut it), (abi::OK, Some(abi::OK)));
}
