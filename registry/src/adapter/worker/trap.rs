//! The worker's signals. A system call that the sandbox does not allow leads to a frame with the call's number,
//! and the end; the host's wish to end is noted, for the adapter to be told.

use crate::adapter::frame::{Header, Kind};
use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicBool, Ordering};

/// The exit code after a violation; the frame says which.
const EXIT: c_int = 77;

/// Whether the host has asked for an end.
static ASKED: AtomicBool = AtomicBool::new(false);

/// Whether the adapter should end.
pub(super) fn asked_to_end() -> bool {
    ASKED.load(Ordering::Relaxed)
}

/// Installs the handlers, and takes away the Rust runtime's own for crashes: they would reset themselves by
/// a system call that the sandbox does not allow, and a crash would be told as a violation.
pub(super) fn install() -> std::io::Result<()> {
    for signal in [libc::SIGSEGV, libc::SIGBUS] {
        // SAFETY: puts back the default action; there is no other thread.
        if unsafe { libc::signal(signal, libc::SIG_DFL) } == libc::SIG_ERR {
            return Err(std::io::Error::last_os_error());
        }
    }
    handle(
        libc::SIGSYS,
        told as *const () as usize,
        libc::SA_SIGINFO | libc::SA_NODEFER,
    )?;
    // An adapter that is reading or writing goes on with that, and hears of it at its next call.
    handle(libc::SIGTERM, asked as *const () as usize, libc::SA_RESTART)
}

fn handle(signal: c_int, handler: usize, flags: c_int) -> std::io::Result<()> {
    // SAFETY: a zeroed `sigaction` is a valid one with an empty mask, and both handlers do only what a handler
    // may.
    let done = unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler;
        action.sa_flags = flags;
        libc::sigaction(signal, &action, std::ptr::null_mut())
    };
    if done == 0 {
        Ok(())
    } else {
        Err(std::io::Error::last_os_error())
    }
}

extern "C" fn asked(_signal: c_int) {
    ASKED.store(true, Ordering::Relaxed);
}

/// The kernel's `siginfo_t` for SIGSYS, which `libc` does not spell out.
#[repr(C)]
struct Violation {
    signo: c_int,
    errno: c_int,
    code: c_int,
    address: *mut c_void,
    call: c_int,
    architecture: u32,
}

unsafe extern "C" fn told(_signal: c_int, info: *mut libc::siginfo_t, _context: *mut c_void) {
    // SAFETY: for SIGSYS from seccomp the kernel fills in these fields; `siginfo_t` is larger and as aligned.
    let call = unsafe { (*info.cast::<Violation>()).call };
    let frame = Header {
        kind: Kind::Violation,
        length: 0,
        count: call.unsigned_abs(),
    }
    .encode();
    // SAFETY: `write` and `_exit` may be called in a signal handler. A pipe takes nine bytes whole.
    unsafe {
        libc::write(1, frame.as_ptr().cast(), frame.len());
        libc::_exit(EXIT)
    }
}
