//! What a system call that the sandbox does not allow leads to: a frame with the call's number, and the end.

use crate::adapter::frame::{Header, Kind};
use std::ffi::{c_int, c_void};

/// The exit code after a violation; the frame says which.
const EXIT: c_int = 77;

/// Installs the handler, and takes away the Rust runtime's own for crashes: they would reset themselves by
/// a system call that the sandbox does not allow, and a crash would be told as a violation.
pub(super) fn install() -> std::io::Result<()> {
    for signal in [libc::SIGSEGV, libc::SIGBUS] {
        // SAFETY: puts back the default action; there is no other thread.
        if unsafe { libc::signal(signal, libc::SIG_DFL) } == libc::SIG_ERR {
            return Err(std::io::Error::last_os_error());
        }
    }
    // SAFETY: a zeroed `sigaction` is a valid one with an empty mask, and `told` does only what a handler may.
    let done = unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = told as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_NODEFER;
        libc::sigaction(libc::SIGSYS, &action, std::ptr::null_mut())
    };
    if done == 0 {
        Ok(())
    } else {
        Err(std::io::Error::last_os_error())
    }
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
