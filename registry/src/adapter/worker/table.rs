//! The host's functions as the adapter calls them, and the course of one run.

use super::{send, trap};
pub(super) use crate::adapter::frame::Totals;
use crate::adapter::frame::{Kind, Progress, Said, Settings, Wrong, cut};
use crate::adapter::library::Library;
use prost::Message;
use schema::wire::Position;
use sdk::abi;
use std::ffi::c_void;
use std::fs::File;
use std::io::Read;
use std::mem::ManuallyDrop;
use std::os::fd::FromRawFd;

/// Bytes read between two signs of life.
const PROGRESS: u64 = 1 << 20;

/// What the functions share: the `ctx` of the table.
pub(super) struct Table {
    totals: Totals,
    told: u64,
    frame_max: u32,
    read_max: u32,
    stop: Option<Said>,
    /// What went wrong on our side of a call; the adapter is asked to end then.
    wrong: Option<Wrong>,
}

impl Table {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            totals: Totals::default(),
            told: 0,
            frame_max: settings.frame_max,
            read_max: settings.read_max,
            stop: None,
            wrong: None,
        }
    }

    /// Creates, runs and destroys, and tells how it ended.
    pub(super) fn drive(mut self, library: &Library, settings: &Settings) -> Result<(), Wrong> {
        // From here on the table is reached through this one pointer only, by us and by the functions.
        let table = &raw mut self;
        let host = abi::Host {
            abi_major: abi::ABI_MAJOR,
            abi_minor: abi::ABI_MINOR,
            struct_size: size_of::<abi::Host>() as u32,
            batch_size: settings.batch_size,
            ctx: table.cast(),
            read,
            emit,
            issue,
            cancelled,
            stop,
        };
        // SAFETY: asked between the adapter's calls only, while none of the functions runs.
        let ended = |answer| unsafe { (*table).ended(answer) };
        let (answer, instance) = library.create(&host, &settings.config);
        if let Some(done) = ended(answer) {
            return done;
        }
        if !settings.create_only {
            let answer = library.run(instance, &host);
            if let Some(done) = ended(answer) {
                return done;
            }
        }
        library.destroy(instance);
        if let Some(done) = ended(abi::OK) {
            return done;
        }
        // SAFETY: as above.
        finish(&settings.token, unsafe { &(*table).totals })
    }

    /// How the whole ended, where `answer` or what was told before ends it.
    fn ended(&mut self, answer: i32) -> Option<Result<(), Wrong>> {
        if let Some(wrong) = self.wrong.take() {
            return Some(Err(wrong));
        }
        match (answer, self.stop.take()) {
            (abi::OK, None) => None,
            (_, Some(said)) => {
                let panicked = answer == abi::PANICKED || said.code == abi::PANIC_CODE;
                let sent = send(Kind::Stopped, u32::from(panicked), &said.encode_to_vec());
                Some(sent.map_err(|error| Wrong::Machine(error.to_string())))
            }
            (answer, None) => Some(Err(Wrong::Protocol(format!(
                "it returned {answer} without saying why"
            )))),
        }
    }

    /// Whether the adapter is asked to end: by the host, or since something went wrong on our side.
    fn ending(&self) -> bool {
        self.wrong.is_some() || trap::asked_to_end()
    }

    /// Notes what went wrong and asks the adapter to end.
    fn fail(&mut self, wrong: Wrong) -> i32 {
        self.wrong.get_or_insert(wrong);
        abi::CANCELLED
    }

    fn send(&mut self, kind: Kind, count: u32, payload: &[u8]) -> i32 {
        match send(kind, count, payload) {
            Ok(()) => abi::OK,
            Err(error) => self.fail(Wrong::Machine(error.to_string())),
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> i64 {
        if self.ending() {
            return -1;
        }
        let most = buffer.len().min(self.read_max as usize);
        let buffer = buffer.get_mut(..most).unwrap_or_default();
        // SAFETY: descriptor 0 is the input; it stays open as long as the process.
        let mut input = unsafe { ManuallyDrop::new(File::from_raw_fd(0)) };
        let count = loop {
            match input.read(buffer) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.fail(Wrong::Machine(format!(
                        "the file could not be read: {error}"
                    )));
                    return -1;
                }
                Ok(count) => break count,
            }
        };
        self.totals.bytes_read += count as u64;
        if self.totals.bytes_read >= self.told + PROGRESS {
            self.told = self.totals.bytes_read;
            let progress = Progress {
                bytes_read: self.told,
            };
            if self.send(Kind::Progress, 0, &progress.encode_to_vec()) != abi::OK {
                return -1;
            }
        }
        count as i64
    }

    fn emit(&mut self, bytes: &[u8], count: u32) -> i32 {
        if self.ending() {
            return abi::CANCELLED;
        }
        if bytes.len() as u64 > u64::from(self.frame_max) {
            return self.fail(Wrong::BatchTooLarge(bytes.len() as u64));
        }
        self.totals.records += u64::from(count);
        self.send(Kind::Batch, count, bytes)
    }

    fn issue(&mut self, said: Result<Said, Wrong>) -> i32 {
        if self.ending() {
            return abi::CANCELLED;
        }
        match said {
            Ok(said) => {
                self.totals.issues += 1;
                self.send(Kind::Issue, 0, &said.encode_to_vec())
            }
            Err(wrong) => self.fail(wrong),
        }
    }

    fn stop(&mut self, said: Result<Said, Wrong>) {
        match said {
            Ok(said) if self.stop.is_none() => self.stop = Some(said),
            Ok(_) => {
                self.fail(Wrong::Protocol("it called stop twice".to_owned()));
            }
            Err(wrong) => {
                self.fail(wrong);
            }
        }
    }
}

/// Tells that the run is complete.
pub(super) fn finish(token: &[u8], totals: &Totals) -> Result<(), Wrong> {
    let totals = Totals {
        token: token.to_vec(),
        ..totals.clone()
    };
    send(Kind::Final, 0, &totals.encode_to_vec()).map_err(|error| Wrong::Machine(error.to_string()))
}

/// The table behind `ctx`.
///
/// # Safety
/// `ctx` must be the one of the host's table, and no other function of the table be running.
unsafe fn table<'a>(ctx: *mut c_void) -> &'a mut Table {
    // SAFETY: `drive` keeps the table alive as long as the adapter runs, and touches it between calls only.
    unsafe { &mut *ctx.cast() }
}

unsafe extern "C" fn read(ctx: *mut c_void, buffer: *mut u8, len: usize) -> i64 {
    // SAFETY: the adapter answers for its buffer; the ABI lets it call one function at a time.
    unsafe { table(ctx).read(std::slice::from_raw_parts_mut(buffer, len)) }
}

unsafe extern "C" fn emit(ctx: *mut c_void, bytes: *const u8, len: usize, count: u32) -> i32 {
    let bytes = abi::Text { data: bytes, len };
    // SAFETY: the adapter answers for its bytes, for the time of this call.
    unsafe { table(ctx).emit(bytes.bytes(), count) }
}

unsafe extern "C" fn issue(
    ctx: *mut c_void,
    severity: u32,
    code: abi::Text,
    message: abi::Text,
    position: *const abi::Place,
) -> i32 {
    // SAFETY: the adapter answers for its texts and its position, for the time of this call.
    unsafe { table(ctx).issue(said(severity, code, message, position)) }
}

unsafe extern "C" fn cancelled(ctx: *mut c_void) -> i32 {
    // SAFETY: as `table` says.
    i32::from(unsafe { table(ctx).ending() })
}

unsafe extern "C" fn stop(
    ctx: *mut c_void,
    code: abi::Text,
    message: abi::Text,
    position: *const abi::Place,
) {
    // SAFETY: as in `issue`.
    unsafe { table(ctx).stop(said(abi::ERROR, code, message, position)) }
}

/// What the adapter says, as owned texts.
///
/// # Safety
/// The texts and the position must be readable now; `position` may be null.
unsafe fn said(
    severity: u32,
    code: abi::Text,
    message: abi::Text,
    position: *const abi::Place,
) -> Result<Said, Wrong> {
    // SAFETY: the caller answers for the pointers.
    let (code, message, position) = unsafe {
        let position = match position.as_ref() {
            None => None,
            Some(place) => Some(Position {
                row: place.row,
                column: place.column,
                path: owned(place.path.bytes())?,
                offset_plus_one: place.offset_plus_one,
            }),
        };
        (owned(code.bytes())?, owned(message.bytes())?, position)
    };
    Ok(Said {
        severity,
        code,
        message,
        position,
    })
}

/// A text of bounded length: what is longer than anything the header allows is cut, since the host would
/// cut it too.
fn owned(bytes: &[u8]) -> Result<String, Wrong> {
    const MOST: usize = 4096;
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Wrong::Protocol("a text was not UTF-8".to_owned()))?;
    Ok(cut(text, MOST).to_owned())
}
