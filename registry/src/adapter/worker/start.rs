//! The host's half of starting a worker: what must be done between `fork` and `exec`.

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
use std::fs::File;
use std::io::{Seek, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// The first descriptor that may be handed over by number: above those with a meaning in the worker.
const FIRST: i32 = 16;

/// Bytes in memory that nobody can change any more.
pub(in crate::adapter) struct SealedFile(OwnedFd);

impl SealedFile {
    pub(in crate::adapter) fn new(name: &str, bytes: &[u8]) -> std::io::Result<Self> {
        let memory = memfd_create(name, MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
        let mut file = File::from(memory);
        file.write_all(bytes)?;
        file.rewind()?;
        let seals = SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL;
        fcntl_add_seals(&file, seals)?;
        Ok(Self(rustix::io::fcntl_dupfd_cloexec(&file, FIRST)?))
    }
}

/// Lets the worker inherit both files, under numbers told as its arguments, and dies with this thread.
pub(in crate::adapter) fn attach(
    command: &mut Command,
    library: &SealedFile,
    settings: &SealedFile,
) {
    let descriptors = [library.0.as_raw_fd(), settings.0.as_raw_fd()];
    command.args(descriptors.map(|descriptor| descriptor.to_string()));
    let parent = std::process::id();
    let before_exec = move || {
        // SAFETY: plain system calls without allocation, as is needed after `fork`. The descriptors are those of
        // files that the caller holds; here they lose close-on-exec, and nowhere else.
        unsafe {
            for descriptor in descriptors {
                if libc::fcntl(descriptor, libc::F_SETFD, 0) < 0 {
                    return Err(std::io::Error::last_os_error());
                }
            }
            if libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) != 0 {
                return Err(std::io::Error::last_os_error());
            }
            // The parent may have died before the signal was asked for.
            if libc::getppid().unsigned_abs() != parent {
                libc::_exit(1);
            }
        }
        Ok(())
    };
    // SAFETY: the closure does nothing that is forbidden after `fork`.
    unsafe { command.pre_exec(before_exec) };
}
