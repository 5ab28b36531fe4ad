//! The worker: this program started as `registry adapter-host`. It takes away its own rights, loads one
//! library, lets it read one file, sends frames, and ends. It must be the first thing `main` does: the
//! confinement holds for a thread, so there may be no other.
//!
//! Descriptors: 0 the input, 1 the frames, 2 the log, out of which the others are taken, 3 the library.

#![expect(
    unsafe_code,
    reason = "descriptors are taken over by number, and the process ends without unwinding"
)]

mod start;
mod table;
mod trap;

pub(super) use start::{SealedFile, log_with};

use super::frame::{Finding, Header, Kind, Settings, Wrong};
use super::library::Library;
use super::sandbox::{self, Filters};
use prost::Message;
use rustix::process::Pid;
use start::take_files;
use std::fs::File;
use std::io::{Read, Write};
use std::mem::ManuallyDrop;
use std::os::fd::{FromRawFd, IntoRawFd, RawFd};
use table::Table;

/// The name of the hidden command.
pub const COMMAND: &str = "adapter-host";

/// The descriptor from which the library is loaded.
const LIBRARY: RawFd = 3;

/// Whether this process was started as a worker. Ask before anything else, and then call [`work`].
#[must_use]
pub fn is_worker() -> bool {
    std::env::args_os()
        .nth(1)
        .is_some_and(|argument| argument == COMMAND)
}

/// Does a worker's whole work and ends the process. What goes wrong is told in a frame; the exit code says
/// only whether the work was ended by the worker itself.
pub fn work() -> ! {
    // Without settings it was not the registry that started this: there is nobody to tell.
    let told = take_over().and_then(|settings| match attempt(&settings) {
        Ok(()) => Ok(()),
        Err(wrong) => {
            let finding = Finding {
                wrong: Some(wrong),
                token: settings.token,
            };
            send(Kind::Finding, 0, &finding.encode_to_vec())
        }
    });
    // SAFETY: ends the process at once. `exit` would run the library's own exit handlers.
    unsafe { libc::_exit(i32::from(told.is_err())) }
}

fn attempt(settings: &Settings) -> Result<(), Wrong> {
    let machine =
        |action: &str, error: std::io::Error| Wrong::Machine(format!("{action}: {error}"));
    sandbox::limit(settings.memory, settings.cpu_seconds)
        .map_err(|error| machine("the limits could not be set", error))?;
    trap::install().map_err(|error| machine("the signals could not be set", error))?;
    let mut unconfined: Vec<String> = Vec::new();
    let mut must = |done: Result<(), String>| match done {
        Err(missing) if !settings.best_effort => Err(Wrong::SandboxUnavailable(missing)),
        Err(missing) => {
            // Both filters fail for one reason.
            if !unconfined.contains(&missing) {
                unconfined.push(missing);
            }
            Ok(())
        }
        Ok(()) => Ok(()),
    };
    must(sandbox::forbid_files())?;
    let filters = match Filters::new() {
        Ok(filters) => Some(filters),
        Err(missing) => {
            must(Err(missing))?;
            None
        }
    };
    if let Some(filters) = &filters {
        must(filters.before_loading())?;
    }
    let library = Library::load()?;
    if let Some(filters) = &filters {
        must(filters.before_running())?;
    }
    let mut introduction = library.introduction()?;
    introduction.unconfined = unconfined.join("; ");
    let told = send(Kind::Descriptor, 0, &introduction.encode_to_vec());
    told.map_err(|error| machine("the registry does not listen", error))?;
    if settings.describe {
        return table::finish(&settings.token, &table::Totals::default());
    }
    Table::new(settings).drive(&library, settings)
}

/// Puts the descriptors in their places, closes all others and reads the settings.
fn take_over() -> std::io::Result<Settings> {
    let host = std::env::args().nth(2).and_then(|host| host.parse().ok());
    let (library, settings) = take_files(host.and_then(Pid::from_raw))?;
    let mut bytes = Vec::new();
    File::from(settings).read_to_end(&mut bytes)?;
    // SAFETY: plain system calls on numbers. Nothing in this process owns a descriptor above the log's: the library's
    // is given up here.
    unsafe {
        let library = library.into_raw_fd();
        if library != LIBRARY && libc::dup2(library, LIBRARY) < 0 {
            return Err(std::io::Error::last_os_error());
        }
        let first = libc::c_uint::from(LIBRARY.unsigned_abs() as u16) + 1;
        if libc::syscall(libc::SYS_close_range, first, libc::c_uint::MAX, 0) != 0 {
            return Err(std::io::Error::last_os_error());
        }
    }
    Settings::decode(bytes.as_slice()).map_err(std::io::Error::other)
}

/// Sends one frame.
fn send(kind: Kind, count: u32, payload: &[u8]) -> std::io::Result<()> {
    let length = u32::try_from(payload.len()).map_err(|_| std::io::ErrorKind::InvalidInput)?;
    let header = Header {
        kind,
        length,
        count,
    }
    .encode();
    // SAFETY: descriptor 1 is the pipe; it stays open as long as the process.
    let mut pipe = unsafe { ManuallyDrop::new(File::from_raw_fd(1)) };
    pipe.write_all(&header)?;
    pipe.write_all(payload)
}
